#!/usr/bin/python3
"""demo_test: `vegawire demo` in a few seconds, and every way it may be refused; also under TSan."""
import fcntl, gzip, json, os, pty, select, socket, struct, subprocess, termios, time, unittest

from process import Place, Process, SOURCE, VEGAWIRE

DATA = os.environ.get("VEGAWIRE_DATA", os.path.join(SOURCE, "../shared/data"))
CHAIN = os.path.join(DATA, "chains/cboe_quotedata/spx_20220610_1615.csv.gz")

RATE = "2000"  # a sanitized build on a busy machine can follow


class Demo(unittest.TestCase):
    def setUp(self):
        self.place = Place()

    def tearDown(self):
        self.place.folder.cleanup()

    def demo(self, *arguments, port=None):
        process = Process(self.place, "demo", "--endpoint", self.place.endpoint, "--port",
                          str(port or self.place.ports[0]), "--rate", RATE, *arguments)
        try:
            code = process.end(60)
            return code, process.stdout(), process.stderr()
        finally:
            process.close()

    def expect_good(self, *arguments):
        code, out, err = self.demo(*arguments)
        self.assertEqual(code, 0, err)
        self.assertEqual(len(out.splitlines()), 1, out)
        totals = json.loads(out)
        self.assertEqual(set(totals), {"messages_in", "messages_out", "losses", "p50_us", "p99_us",
                                       "p999_us"})
        self.assertGreater(totals["messages_in"], 10000)
        self.assertGreater(totals["messages_out"], 100)
        self.assertEqual(totals["losses"], 0)
        self.assertLess(0, totals["p50_us"])
        self.assertLessEqual(totals["p50_us"], totals["p99_us"])
        self.assertLessEqual(totals["p99_us"], totals["p999_us"])
        last = err.splitlines()[-3:]
        self.assertIn("messages in %d, out %d" % (totals["messages_in"], totals["messages_out"]),
                      last[0])
        self.assertIn("losses: none", last[1])
        self.assertIn("wire to publish: p50", last[2])
        return totals, err

    def test_the_synthetic_day_flows(self):
        _, err = self.expect_good("--seconds", "5")
        self.assertIn("synthetic", err.lower())
        for word in ("curve", "contango", "hedge"):
            self.assertIn(word, err.lower())

    def test_on_three_threads_likewise(self):
        self.expect_good("--seconds", "5", "--split")

    def test_lossy_lines_that_cover_each_other_lose_nothing_they_need_not(self):
        code, out, err = self.demo("--seconds", "5", "--loss", "0.02", "--reorder", "0.01",
                                   "--duplicate", "0.01")
        self.assertEqual(code, 0, err)
        self.assertGreater(json.loads(out)["messages_in"], 10000)

    def test_a_real_chain_is_played(self):
        if not os.path.exists(CHAIN):
            self.skipTest("no %s (set VEGAWIRE_DATA)" % CHAIN)
        _, err = self.expect_good("--seconds", "6", "--chain", CHAIN)
        self.assertNotIn("synthetic", err.lower())

    def test_on_a_terminal_it_draws_until_q_and_ends_with_the_totals(self):
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 60, 160, 0, 0))
        child = subprocess.Popen([VEGAWIRE, "demo", "--endpoint", self.place.endpoint, "--port",
                                  str(self.place.ports[0]), "--rate", RATE], stdin=slave, stdout=subprocess.PIPE,
                                 stderr=slave, env=dict(os.environ, TERM="xterm"))
        os.close(slave)
        drawn, start, asked = b"", time.monotonic(), False
        while child.poll() is None and time.monotonic() - start < 30:
            if select.select([master], [], [], 0.1)[0]:
                try:
                    drawn += os.read(master, 65536)
                except OSError:  # the other side has gone
                    break
            if not asked and b"hedge ratio" in drawn and time.monotonic() - start > 3:
                os.write(master, b"q")
                asked = True
        if child.poll() is None and not asked:
            child.kill()
        out, _ = child.communicate(timeout=10)
        os.close(master)
        self.assertTrue(asked, drawn[-3000:])
        self.assertEqual(child.returncode, 0, drawn[-2000:])
        self.assertEqual(json.loads(out)["losses"], 0)
        self.assertIn(b"losses: none", drawn)
        self.assertIn(b"SYNTHETIC", drawn)

    def test_refusals_are_one_line_and_their_code(self):
        garbled = self.place.write("garbled.csv", "\0\1\2 no chain at all\n")
        broken = os.path.join(self.place.folder.name, "broken.csv.gz")
        with open(broken, "wb") as file:
            file.write(gzip.compress(b"x" * 1000)[:-20])
        book = self.place.write("book.yaml", "condor: []\n")
        for arguments, code, word in ((["--chain", "/nowhere.csv"], 1, "/nowhere.csv"),
                                      (["--chain", garbled], 1, "garbled.csv"),
                                      (["--chain", broken], 1, "broken.csv.gz"),
                                      (["--portfolio", book], 3, "book.yaml:1:1: condor"),
                                      (["--portfolio", "/nowhere.yaml"], 1, "/nowhere.yaml"),
                                      (["--loss", "2"], 2, "--loss 2"),
                                      (["--chain"], 2, "--chain"),
                                      (["--rate", "0"], 2, "--rate 0"),
                                      (["x"], 2, "x")):
            got, out, err = self.demo(*arguments)
            self.assertEqual((got, out, len(err.splitlines())), (code, "", 1), err)
            self.assertIn(word, err)

    def test_an_endpoint_in_use_is_4(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", int(self.place.endpoint.rsplit(":", 1)[1])))
            taken.listen()
            code, out, err = self.demo("--seconds", "5")
        self.assertEqual((code, out, len(err.splitlines())), (4, "", 1), err)
        self.assertIn(self.place.endpoint, err)


if __name__ == "__main__":
    unittest.main()
