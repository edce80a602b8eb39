#!/usr/bin/python3
"""tape_test: what was published live is published again from the tape of the run, message by message.

The engine is polled again as it was: the same rows, in the same messages, of the same instants."""
import json, os, subprocess, sys, unittest

sys.path.insert(1, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
from process import Place, Process, VEGAWIRE, finish, replay  # noqa: E402

TOPICS = ("greeks", "surface", "curve", "hedge", "status")


def without_clock(lines):
    """Per topic and sequence what was said, but for when it was published and by whom."""
    said = {}
    for line in lines:
        message = json.loads(line)
        if message.get("kind") not in ("heartbeat", None):
            for name in ("publish_ns", "epoch", "source"):
                message.pop(name, None)
            said.setdefault(message["topic"], {})[message.pop("sequence")] = message
    return said


def rows(said):
    """The rows of the greeks alone, in whatever messages they stand, told apart by the quote."""
    return {topic: {(row["instrument"], row["calc"], row["exchange_ns"], row["receive_ns"]): row
                    for message in messages.values() for row in message["greeks"]}
            for topic, messages in said.items() if topic.startswith("greeks.")}


class Recorded(unittest.TestCase):
    @classmethod
    def record(cls, threads):
        cls.place = place = Place()
        cls.config = place.config(threads=threads)
        cls.tape = os.path.join(place.folder.name, "day.tape")
        run = Process(place, "run", "-c", cls.config, "--tape", cls.tape)
        run.wait_for("publishing on")
        sub = Process(place, "sub", place.endpoint, *TOPICS)
        sim = Process(place, "sim", "--rate", "3000", "--loss", "0.02", "--seconds", "4",
                      "--options", "%s:%d,%s:%d" % (place.groups[0], place.ports[0],
                                                    place.groups[1], place.ports[1]),
                      "--futures", "%s:%d,%s:%d" % (place.groups[2], place.ports[2],
                                                    place.groups[3], place.ports[3]))
        sim.end(40)
        finish(sub)
        run.signal(2)
        assert run.end(20) == 0, run.stderr()
        cls.live, cls.said = without_clock(sub.stdout().splitlines()), run.stderr()
        for process in (run, sub, sim):
            process.close()

    @classmethod
    def tearDownClass(cls):
        cls.place.folder.cleanup()

    def play(self, path, **keywords):
        lines, _, said = replay(self.place, "-c", self.config, "--speed", "0", path, topics=TOPICS,
                                **keywords)
        return without_clock(lines), said

    def compare(self, live, again):
        self.assertNotIn("tape_polls_lost", self.said)
        self.assertEqual(sorted(again), sorted(live))
        both = 0
        for topic, messages in live.items():
            for key in messages.keys() & again[topic].keys():
                self.assertEqual(messages[key], again[topic][key], topic)
                both += 1
        # a subscriber may miss the first; the last of a run come when it has gone
        self.assertGreater(both, 1000)
        self.assertGreater(both, 0.9 * sum(map(len, live.values())))


class Tape(Recorded):
    @classmethod
    def setUpClass(cls):
        cls.record("single")

    def write(self, name, data):
        path = os.path.join(self.place.folder.name, name)
        with open(path, "wb") as file:
            file.write(data)
        return path

    def test_the_tape_says_what_was_said(self):
        again, _ = self.play(self.tape)
        self.compare(self.live, again)

    def test_a_torn_tape_is_played_to_its_last_whole_segment(self):
        with open(self.tape, "rb") as file:
            whole = file.read()
        for name, data in (("torn", whole[:-100]), ("wrong", whole[:-100] + b"x" + whole[-99:])):
            part, said = self.play(self.write(name + ".tape", data), code=1)
            self.assertIn(name + ".tape", said.splitlines()[-1])
            for topic, messages in part.items():
                for key in messages.keys() & self.live[topic].keys():
                    self.assertEqual(messages[key], self.live[topic][key], topic)

    def test_what_is_there_already_is_not_overwritten(self):
        done = subprocess.run([VEGAWIRE, "run", "-c", self.config, "--tape", self.tape],
                              capture_output=True, text=True, timeout=20)
        self.assertEqual((done.returncode, done.stdout), (4, ""))
        self.assertIn("day.tape: File exists", done.stderr)


class TapeOfThreads(Recorded):
    @classmethod
    def setUpClass(cls):
        cls.record("split")

    def test_the_tape_has_the_same_rows_if_in_other_messages(self):
        again, _ = self.play(self.tape)
        self.compare(rows(self.live), rows(again))


if __name__ == "__main__":
    unittest.main()
