#!/usr/bin/python3
"""watch_test: `vegawire watch` as a process: on a terminal, in a pipe, with bad arguments."""
import os, pty, select, signal, subprocess, sys, time, unittest

import zmq

VEGAWIRE = os.path.join(sys.argv.pop(1), "vegawire")
GOLDEN = os.path.join(os.path.dirname(__file__), "..", "data", "golden_messages.txt")
FRAMES = {kind: bytes.fromhex(body) for kind, body in
          (line.split() for line in open(GOLDEN) if not line.startswith("#"))}


class Watch(unittest.TestCase):
    def setUp(self):
        self.context = zmq.Context()
        self.socket = self.context.socket(zmq.XPUB)
        self.socket.linger = 0
        self.endpoint = "tcp://127.0.0.1:%d" % self.socket.bind_to_random_port("tcp://127.0.0.1")

    def tearDown(self):
        self.context.destroy()

    def publish(self):
        self.assertTrue(self.socket.poll(10000), "no subscription came")
        self.socket.recv()
        for frame in FRAMES.values():
            self.socket.send(frame)

    def on_terminal(self, *keys):
        """Runs watch on a pseudo-terminal, presses keys; returns exit code and what was drawn."""
        pid, master = pty.fork()
        if pid == 0:
            os.environ["TERM"] = "xterm"
            os.environ["LINES"], os.environ["COLUMNS"] = "40", "130"
            os.execv(VEGAWIRE, [VEGAWIRE, "watch", self.endpoint])
        self.publish()
        drawn, keys, deadline, press = b"", list(keys), time.time() + 20, time.time() + 0.5
        while time.time() < deadline:
            if select.select([master], [], [], 0.05)[0]:
                try:
                    drawn += os.read(master, 65536)
                except OSError:  # the other side is closed
                    break
            if keys and time.time() > press:
                key = keys.pop(0)
                os.kill(pid, key) if isinstance(key, signal.Signals) else os.write(master, key)
                press = time.time() + 0.2
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        os.close(master)
        return code, drawn.decode(errors="replace")

    def test_q_quits_and_gives_the_terminal_back(self):
        code, drawn = self.on_terminal(b"\x1bOB", b"\x1bOA", b"q")
        self.assertEqual(code, 0, drawn)
        self.assertIn("SYNTHETIC MARKET", drawn)
        self.assertIn("3905.250", drawn)
        self.assertIn("\x1b[?1049l", drawn)  # leaves the alternate screen

    def test_an_interrupt_gives_the_terminal_back_as_well(self):
        code, drawn = self.on_terminal(signal.SIGINT)
        self.assertEqual(code, 0, drawn)
        self.assertIn("\x1b[?1049l", drawn)

    def test_in_a_pipe_it_prints_a_block_each_second(self):
        process = subprocess.Popen([VEGAWIRE, "watch", "--seconds", "2.5", self.endpoint],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        self.publish()
        out, _ = process.communicate(timeout=20)
        self.assertEqual(process.returncode, 0)
        self.assertEqual(out.count("vegawire tcp://"), 2)
        self.assertIn("regime contango", out)
        self.assertNotIn("\x1b", out)

    def test_a_closed_pipe_ends_it_with_0(self):
        process = subprocess.Popen([VEGAWIRE, "watch", self.endpoint], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE)
        process.stdout.close()
        self.assertEqual(process.wait(timeout=20), 0)

    def test_a_bad_endpoint_is_one_line(self):
        done = subprocess.run([VEGAWIRE, "watch", "nowhere"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 4)
        self.assertIn("tcp://HOST:PORT", done.stderr)


if __name__ == "__main__":
    unittest.main()
