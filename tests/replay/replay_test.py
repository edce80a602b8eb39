#!/usr/bin/python3
"""replay_test: what was published live is published again from a capture of the same packets.

The sim plays on multicast; `run` listens, and so does this test, which writes what it hears to a
pcap file.  Then `replay` is given the file in every way it may come."""
import gzip, json, os, re, socket, struct, subprocess, sys, threading, time, unittest

sys.path.insert(1, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
from process import Place, Process, VEGAWIRE, finish, replay  # noqa: E402

SECONDS = 5
SO_RCVBUFFORCE = 33


class Listener(threading.Thread):
    """Writes every datagram of some groups to a pcap file: nanoseconds, raw IP."""

    def __init__(self, path, lines):
        super().__init__()
        self.done, self.path, self.sockets = False, path, []
        for group, port in lines:
            sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            for option in (socket.SO_RCVBUF, SO_RCVBUFFORCE):
                try:
                    sock.setsockopt(socket.SOL_SOCKET, option, 1 << 25)
                except PermissionError:
                    pass
            sock.bind((group, port))
            sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
                            socket.inet_aton(group) + socket.inet_aton("127.0.0.1"))
            sock.setblocking(False)
            self.sockets.append((sock, group, port))

    def run(self):
        with open(self.path, "wb") as file:
            file.write(struct.pack("<IHHIIII", 0xA1B23C4D, 2, 4, 0, 0, 65535, 101))
            while not self.done:
                quiet = True
                for sock, group, port in self.sockets:
                    try:
                        payload = sock.recv(2048)
                    except BlockingIOError:
                        continue
                    quiet = False
                    file.write(frame(group, port, payload, time.time_ns()))
                if quiet:
                    time.sleep(0.0005)


def frame(group, port, payload, at_ns):
    udp = struct.pack(">HHHH", port, port, 8 + len(payload), 0) + payload
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 1, 17, 0,
                     socket.inet_aton("127.0.0.1"), socket.inet_aton(group)) + udp
    return struct.pack("<IIII", at_ns // 10**9, at_ns % 10**9, len(ip), len(ip)) + ip


def end_state(lines):
    """The last word on every series, and the vols, before the exchange fell silent."""
    rows, vols = {}, {}
    for line in lines:
        message = json.loads(line)
        if any(unit["state"] == "silent" for unit in message.get("units", [])):
            break
        for row in message.get("greeks", []):
            key = message["root"], message["expiry"], row["strike"], row["type"]
            rows[key] = (row["bid"], row["ask"], row["bid_size"], row["ask_size"],
                         [word for word in row["quality"] if word in ("stale", "halted")])
            vols[key] = row["vol"]
    return rows, vols


def without_clock(lines):
    """Messages as they are but for what says when and by whom they were published."""
    said = []
    for line in lines:
        message = json.loads(line)
        if message.get("kind") not in ("heartbeat", None):
            for name in ("publish_ns", "epoch", "sequence"):
                message.pop(name, None)
            said.append(json.dumps(message, sort_keys=True))
    return said


class Replay(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = place = Place()
        cls.config = place.config(more="")
        cls.capture = os.path.join(place.folder.name, "day.pcap")
        cls.lines = list(zip(place.groups, place.ports))
        run = Process(place, "run", "-c", cls.config)
        run.wait_for("publishing on")
        sub = Process(place, "sub", place.endpoint, "greeks", "status")
        listener = Listener(cls.capture, cls.lines)
        listener.start()
        sim = Process(place, "sim", "--rate", "4000", "--seconds", str(SECONDS), "--options",
                      "%s:%d,%s:%d" % (*cls.lines[0], *cls.lines[1]), "--futures",
                      "%s:%d,%s:%d" % (*cls.lines[2], *cls.lines[3]))
        sim.end(30)
        time.sleep(0.5)
        listener.done = True
        listener.join()
        finish(sub)
        run.signal(2)
        run.end()
        cls.live, cls.live_vols = end_state(sub.stdout().splitlines())
        cls.totals = json.loads(sim.stdout())
        for sock, _, _ in listener.sockets:
            sock.close()
        for process in (run, sub, sim):
            process.close()

    @classmethod
    def tearDownClass(cls):
        cls.place.folder.cleanup()

    def replay(self, *arguments, **keywords):
        return replay(self.place, *arguments, topics=("greeks", "status"), **keywords)

    def expect_live_state(self, lines):
        rows, vols = end_state(lines)
        self.assertEqual(len(rows), len(self.live))
        other = ["%s: %s, live %s" % (key, row, self.live[key]) for key, row in rows.items()
                 if row != self.live[key]]
        self.assertEqual(other[:5], [], "%d of %d differ" % (len(other), len(rows)))
        apart = sorted(abs(vols[key] - vol) for key, vol in self.live_vols.items()
                       if vol is not None and vols[key] is not None)
        self.assertGreater(len(apart), len(rows) // 2)
        self.assertLess(apart[len(apart) // 2], 2e-4)  # cuts fall at other moments

    def test_the_live_end_state_comes_again_as_fast_as_possible_and_paced(self):
        for speed in ("0", "5"):
            lines, out, _ = self.replay("-c", self.config, "--speed", speed, self.capture)
            totals = json.loads(out)
            self.assertEqual(totals["losses"], 0, out)
            self.assertIsNone(totals["p50_us"])
            self.expect_live_state(lines)

    def beginning(self, seconds):
        """The recording's first packets, as a file of its own; and how many."""
        path = os.path.join(self.place.folder.name, "beginning.pcap")
        with open(self.capture, "rb") as whole, open(path, "wb") as part:
            part.write(whole.read(24))
            first, packets = None, 0
            while record := whole.read(16):
                second, nanosecond, size, _ = struct.unpack("<IIII", record)
                at_ns = second * 10**9 + nanosecond
                first = first or at_ns
                if at_ns - first > seconds * 10**9:
                    break
                part.write(record + whole.read(size))
                last, packets = at_ns, packets + 1
        return path, (last - first) / 1e9, packets

    def test_no_pace_is_ahead_of_the_recorded_clock(self):
        path, length, _ = self.beginning(2)
        self.assertGreater(length, 1)
        for pace, seconds in (((), length), (("--speed", "4"), length / 4)):
            begun = time.monotonic()
            subprocess.run([VEGAWIRE, "replay", "--endpoint", self.place.endpoint, *pace, path],
                           check=True, capture_output=True, timeout=60)
            self.assertGreater(time.monotonic() - begun, seconds)

    def test_progress_is_shown_on_a_terminal_and_nowhere_else(self):
        path, _, packets = self.beginning(1)
        terminal, child = os.openpty()
        playing = subprocess.Popen([VEGAWIRE, "replay", "--endpoint", self.place.endpoint, path],
                                   stdout=subprocess.PIPE, stderr=child)
        os.close(child)
        shown = b""
        while True:
            try:
                shown += os.read(terminal, 65536)
            except OSError:  # nobody writes any more
                break
        os.close(terminal)
        out, _ = playing.communicate(timeout=60)
        self.assertEqual(playing.returncode, 0)
        said = re.findall(r"replay +(\d+) %  (\d+) (\S+) New York  (\d+) packets  (\S+)x",
                          shown.decode())
        self.assertGreater(len(said), 1, shown)
        shares, counts = [int(line[0]) for line in said], [int(line[3]) for line in said]
        self.assertEqual((shares, counts), (sorted(shares), sorted(counts)))
        self.assertLessEqual(counts[-1], packets)
        self.assertGreater(json.loads(out)["messages_in"], 0)
        quiet = subprocess.run([VEGAWIRE, "replay", "--endpoint", self.place.endpoint, path],
                               check=True, capture_output=True, timeout=60)
        self.assertNotIn(b" packets  ", quiet.stderr)

    def test_the_same_file_gives_the_same_messages(self):
        first, _, _ = self.replay("-c", self.config, "--speed", "0", self.capture)
        again, _, _ = self.replay("-c", self.config, "--speed", "0", self.capture)
        self.assertGreater(len(first), 1000)
        self.assertEqual(len(first), len(again))
        for one, other in zip(without_clock(first), without_clock(again)):
            self.assertEqual(one, other)

    def test_without_a_configuration_its_channels_are_found(self):
        lines, _, said = self.replay("--speed", "0", self.capture)
        for line in ("c1-options A: %s:%d" % self.lines[0], "c1-options B: %s:%d" % self.lines[1],
                     "cfe A: %s:%d" % self.lines[2], "cfe B: %s:%d" % self.lines[3]):
            self.assertTrue(line in said or line.replace(" A:", " B:") in said or
                            line.replace(" B:", " A:") in said, said)
        self.expect_live_state(lines)

    def test_lines_in_files_of_their_own_are_merged_and_compression_is_seen_through(self):
        files = [os.path.join(self.place.folder.name, name) for name in ("a.pcap.gz", "b.pcap")]
        with open(self.capture, "rb") as whole, gzip.open(files[0], "wb") as a, \
                open(files[1], "wb") as b:
            head = whole.read(24)
            a.write(head)
            b.write(head)
            while record := whole.read(16):
                data = whole.read(struct.unpack("<IIII", record)[2])
                (a if data[16:20] in map(socket.inet_aton, self.place.groups[::2])
                 else b).write(record + data)
        lines, _, _ = self.replay("-c", self.config, "--speed", "0", *files)
        self.expect_live_state(lines)
        with open(self.capture, "rb") as file:
            lines, _, _ = self.replay("-c", self.config, "--speed", "0", "-", stdin=file)
        self.expect_live_state(lines)

    def test_a_cut_file_is_played_to_its_end_and_named(self):
        path = os.path.join(self.place.folder.name, "cut.pcap")
        with open(self.capture, "rb") as whole, open(path, "wb") as cut:
            cut.write(whole.read(300000))
        _, out, said = self.replay("--speed", "0", path, code=1)
        self.assertGreater(json.loads(out)["messages_in"], 1000)
        self.assertIn("cut.pcap", said.splitlines()[-1])

    def test_what_is_no_recording_is_refused(self):
        path = self.place.write("day.txt", "not a capture\n" * 100)
        for arguments, code, word in (((path,), 1, "expected pcap, pcapng or DBN"),
                                      (("/nowhere.pcap",), 1, "/nowhere.pcap"),
                                      ((), 2, "no file"),
                                      (("--protocol", "fix", path), 2, "fix"),
                                      (("--speed", "-1", path), 2, "speed")):
            done = subprocess.run([VEGAWIRE, "replay", *arguments], capture_output=True, text=True,
                                  timeout=20)
            self.assertEqual((done.returncode, done.stdout), (code, ""))
            self.assertIn(word, done.stderr)


if __name__ == "__main__":
    unittest.main()
