#!/usr/bin/python3
"""sim_test: `vegawire sim` as a process: packets, totals, and one clear line when it cannot."""
import json, os, signal, socket, struct, subprocess, sys, time, unittest

VEGAWIRE = os.path.join(sys.argv.pop(1), "vegawire")
OPTIONS = [("239.203.1.1", 33101), ("239.203.1.2", 33102)]
FUTURES = [("239.203.2.1", 33201), ("239.203.2.2", 33202)]


def places(pairs):
    return ",".join(f"{group}:{port}" for group, port in pairs)


def sim(*arguments, places_too=True):
    to = ["--options", places(OPTIONS), "--futures", places(FUTURES)] if places_too else []
    return subprocess.Popen([VEGAWIRE, "sim", *to, *arguments], stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True)


def join(group, port):
    listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
    listener.bind((group, port))
    listener.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
                        socket.inet_aton(group) + socket.inet_aton("127.0.0.1"))
    listener.setblocking(False)
    return listener


class Sim(unittest.TestCase):
    def check_lines(self, *arguments):
        listeners = [join(*place) for place in OPTIONS + FUTURES]
        process = sim("--seconds", "1.5", "--rate", "2000", *arguments)
        out, err = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 0, err)
        self.assertIn("SYNTHETIC", err)
        totals = json.loads(out)
        self.assertTrue(totals["synthetic"])
        self.assertEqual(totals["send_failures"], 0)
        self.assertGreater(totals["quotes"], totals["series"])
        self.assertEqual(totals["futures"], 9)
        for listener in listeners:
            packet = listener.recv(2048)
            length, _count, unit, _sequence = struct.unpack_from("<HBBI", packet)
            self.assertEqual(length, len(packet))
            self.assertIn(unit, range(1, 5))
            listener.close()

    def test_every_line_hears_packets_and_the_totals_are_json(self):
        self.check_lines()

    def test_spinning_it_sends_the_same(self):
        self.check_lines("--spin")

    def test_a_signal_ends_it_with_its_totals(self):
        process = sim("--rate", "100")
        time.sleep(0.7)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 0, err)
        self.assertLess(json.loads(out)["seconds"], 20)

    def test_refusals_are_one_line_and_the_documented_code(self):
        for arguments, code, word in [
            (["--interface", "198.51.100.7"], 4, "198.51.100.7"),
            (["--interface", "no"], 4, "not an IPv4 address"),
            (["/nowhere/chain.csv"], 1, "/nowhere/chain.csv"),
            (["--loss", "5"], 2, "--loss 5"),
            (["--duplicate", "0.1,x"], 2, "--duplicate"),
            (["--options", "239.1.1.1"], 2, "--options"),
            (["--curve", "16,,17"], 2, "--curve"),
            (["--rate", "-1"], 2, "--rate"),
            (["--at", "teatime"], 2, "teatime"),
        ]:
            process = sim("--seconds", "0.1", *arguments, places_too="--options" not in arguments)
            out, err = process.communicate(timeout=30)
            self.assertEqual(process.returncode, code, (arguments, err))
            self.assertEqual(out, "", arguments)
            self.assertEqual(err.count("\n"), 1, err)
            self.assertIn(word, err)

    def test_without_a_multicast_route_it_says_so(self):
        alone = ["unshare", "--net"]
        if subprocess.run([*alone, "true"], capture_output=True).returncode != 0:
            self.skipTest("no network namespaces here")
        done = subprocess.run([*alone, VEGAWIRE, "sim", "--seconds", "0.1"], capture_output=True,
                              text=True)
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertIn("ip link set lo up", done.stderr)


if __name__ == "__main__":
    unittest.main()
