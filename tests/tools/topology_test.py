#!/usr/bin/python3
"""topology_test: one thread or three, the same packets give the same published numbers."""
import json, socket, time, unittest

from process import Place, Process, free_port

# When a machine got a packet and when it published is its own; so is the moment of a market that
# stands still when it fitted rates.  At which of the first packets it looked at the curve is its
# own, too: states began, and waits end, within the time that was played.
OWN = {"receive_ns", "publish_ns", "epoch", "sequence", "repeat"}
SAME_TO = 1e-6
PLAYED_S = 7


def end_state(text):
    """The last message of each topic; of greeks the last row of each series."""
    last = {}
    for line in text.splitlines():
        message = json.loads(line)
        if message["kind"] == "greeks":
            for row in message["greeks"]:
                last[message["topic"], row["instrument"]] = row
        elif message["kind"] in ("surface", "curve", "hedge"):
            last[message["topic"]] = message
    return last


def differences(one, other, path=""):
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted((one.keys() | other.keys()) - OWN):
            if key.endswith(("_since_ns", "_left_ns")) and key in one and key in other:
                if abs(one[key] - other[key]) > PLAYED_S * 1000000000:
                    yield "%s.%s: %r, %r" % (path, key, one[key], other[key])
            else:
                yield from differences(one.get(key), other.get(key), path + "." + key)
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for i, pair in enumerate(zip(one, other)):
            yield from differences(*pair, "%s[%d]" % (path, i))
    elif isinstance(one, float) and isinstance(other, float):
        if abs(one - other) > SAME_TO * max(1, abs(one), abs(other)):
            yield "%s: %r, %r" % (path, one, other)
    elif one != other:
        yield "%s: %r, %r" % (path, one, other)


class Topology(unittest.TestCase):
    def setUp(self):
        self.place = Place()
        self.processes = []

    def tearDown(self):
        for process in self.processes:
            process.close()
        self.place.folder.cleanup()

    def start(self, *arguments):
        self.processes.append(Process(self.place, *arguments))
        return self.processes[-1]

    def start_run(self, threads):
        self.place.endpoint = "tcp://127.0.0.1:%d" % free_port(socket.SOCK_STREAM)
        run = self.start("run", "-c", self.place.config(threads=threads,
                                                        more="engine: {refresh_s: 1}",
                                                        more_of_channel=", silent_s: 60"))
        run.wait_for("publishing on")
        return self.place.endpoint

    def test_single_and_split_publish_the_same_end_state(self):
        endpoints = [self.start_run(threads) for threads in ("single", "split")]
        places = ["%s:%d" % at for at in zip(self.place.groups, self.place.ports)]
        sim = self.start("sim", "--still", "--rate", "3000", "--seconds", str(PLAYED_S),
                         "--options", ",".join(places[:2]), "--futures", ",".join(places[2:]))
        self.assertEqual(sim.end(30), 0, sim.stderr())
        time.sleep(0.2)  # the last packets
        # Every expiry is cut again each second; no line is called silent, and no quote stale.
        subs = [self.start("sub", endpoint, "--seconds", "2") for endpoint in endpoints]
        for sub in subs:
            self.assertEqual(sub.end(), 0, sub.stderr())
        one, three = (end_state(sub.stdout()) for sub in subs)
        self.assertGreater(sum(isinstance(key, tuple) for key in one), 5000)
        self.assertIn("curve.VX", one)
        self.assertEqual(one.keys(), three.keys())
        found = ["%s%s" % (key, text) for key in one for text in differences(one[key], three[key])]
        self.assertEqual(found[:20], [])


if __name__ == "__main__":
    unittest.main()
