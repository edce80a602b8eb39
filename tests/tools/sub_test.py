#!/usr/bin/python3
"""sub_test: `vegawire sub` as a process, against a publisher made of the golden messages."""
import json, os, signal, struct, subprocess, sys, time, unittest

import zmq

VEGAWIRE = os.path.join(sys.argv.pop(1), "vegawire")
GOLDEN = os.path.join(os.path.dirname(__file__), "..", "data", "golden_messages.txt")
FRAMES = {kind: bytes.fromhex(body) for kind, body in
          (line.split() for line in open(GOLDEN) if not line.startswith("#"))}


def with_sequence(frame, sequence):
    """The golden messages all have sequence 42."""
    place = frame.index(struct.pack("<Q", 42))
    return frame[:place] + struct.pack("<Q", sequence) + frame[place + 8:]


class Sub(unittest.TestCase):
    def setUp(self):
        self.context = zmq.Context()
        self.socket = self.context.socket(zmq.XPUB)
        self.socket.linger = 0
        self.endpoint = "tcp://127.0.0.1:%d" % self.socket.bind_to_random_port("tcp://127.0.0.1")
        self.process = None

    def tearDown(self):
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
        if self.process is not None:
            self.process.communicate()
        self.context.destroy()

    def start(self, *arguments, subscriptions=1):
        self.process = subprocess.Popen([VEGAWIRE, "sub", self.endpoint, *arguments],
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        while subscriptions > 0:
            self.assertTrue(self.socket.poll(10000), "no subscription came")
            subscriptions -= self.socket.recv()[0]  # 0: an earlier one was taken back

    def end(self, code=0):
        out, err = self.process.communicate(timeout=20)
        self.assertEqual(self.process.returncode, code, err)
        return [json.loads(line) for line in out.splitlines()], err

    def test_every_kind_is_printed_and_count_ends_it(self):
        self.start("--count", str(len(FRAMES)))
        for frame in FRAMES.values():
            self.socket.send(frame)
        lines, err = self.end()
        self.assertEqual([line["kind"] for line in lines], list(FRAMES))
        self.assertEqual(lines[1]["greeks"][1]["delta"], 0.4875)
        self.assertEqual(lines[1]["source"], "synthetic")
        self.assertEqual(err, "")

    def test_a_gap_is_a_line_and_a_word_on_stderr(self):
        self.start("--count", "2", "curve", subscriptions=2)
        self.socket.send(with_sequence(FRAMES["curve"], 7))
        self.socket.send(with_sequence(FRAMES["curve"], 12))
        lines, err = self.end()
        self.assertEqual(lines[1], {"gap": {"topic": "curve.VX", "first": 8, "missed": 4}})
        self.assertEqual(lines[2]["sequence"], 12)
        self.assertIn("4 messages lost", err)

    def test_only_the_topics_asked_for_are_printed(self):
        self.start("--count", "1", "hedge", subscriptions=2)
        self.socket.send(FRAMES["heartbeat"])
        self.socket.send(FRAMES["curve"])
        self.socket.send(FRAMES["hedge"])
        lines, _ = self.end()
        self.assertEqual([line["kind"] for line in lines], ["hedge"])

    def test_signals_and_seconds_end_it_with_0(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            self.start()
            self.process.send_signal(number)
            self.end()
        self.start("--seconds", "0.3")
        self.end()

    def test_a_closed_pipe_ends_it_with_0(self):
        self.start()
        self.process.stdout.close()
        self.process.stdout = None
        deadline = time.time() + 10
        while self.process.poll() is None and time.time() < deadline:
            self.socket.send(FRAMES["greeks"])
            time.sleep(0.02)
        self.assertEqual(self.process.poll(), 0)

    def test_rubbish_is_dropped_and_said(self):
        self.start("--count", "1")
        self.socket.send(b"curve.VX" + bytes(40))
        self.socket.send(FRAMES["curve"][:-40])
        self.socket.send(FRAMES["curve"])
        lines, err = self.end()
        self.assertEqual(len(lines), 1)
        self.assertIn("dropped", err)
        self.assertIn("2 malformed", err)

    def test_a_publisher_that_stops_and_comes_back_is_told(self):
        self.start("curve", subscriptions=2)
        port = self.endpoint.rsplit(":", 1)[1]
        self.socket.send(FRAMES["curve"])
        time.sleep(0.2)
        self.socket.close()
        time.sleep(3.5)
        self.socket = self.context.socket(zmq.XPUB)
        self.socket.linger = 0
        self.socket.bind("tcp://127.0.0.1:" + port)
        self.assertTrue(self.socket.poll(10000), "did not come back")
        self.socket.recv()
        self.socket.recv()
        old = struct.pack("<Q", 1654868700000000000 - 1000000000)
        self.socket.send(FRAMES["curve"].replace(old, struct.pack("<Q", 1654868800000000000)))
        time.sleep(0.3)
        self.process.send_signal(signal.SIGINT)
        lines, err = self.end()
        self.assertEqual(len(lines), 2)
        self.assertIn("waiting for the publisher", err)
        self.assertIn("is back", err)
        self.assertIn("has restarted", err)

    def test_bad_arguments_name_the_way_out(self):
        for arguments, code, word in ((["127.0.0.1:5601"], 4, "tcp://HOST:PORT"),
                                      (["--count", "0"], 2, "--count"),
                                      (["x" * 40], 2, "31 characters")):
            done = subprocess.run([VEGAWIRE, "sub", *arguments], capture_output=True, text=True)
            self.assertEqual(done.returncode, code)
            self.assertIn(word, done.stderr)
            self.assertEqual(done.stderr.count("\n"), 1)


if __name__ == "__main__":
    unittest.main()
