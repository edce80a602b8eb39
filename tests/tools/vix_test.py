#!/usr/bin/python3
"""vix_test: `vegawire vix` as a process, on the exchange's example made into a chain."""
import csv, json, os, subprocess, sys, tempfile, unittest

VEGAWIRE = os.path.join(sys.argv.pop(1), "vegawire")
DATA = os.path.join(os.path.dirname(__file__), "..", "data")
EXAMPLE_RATES = "0.00031664,0.00028797"


def example_chain():
    """The example's two terms: 34,484 and 44,954 minutes from 2022-09-27 10:46."""
    lines = ["# SPX asof_ET=2022-09-27T10:46:00", "expiry,root,strike,c_bid,c_ask,p_bid,p_ask"]
    with open(os.path.join(DATA, "vix_example_quotes.csv")) as quotes:
        for row in csv.DictReader(quotes):
            expiry = "2022-10-21,SPX" if row["term"] == "near" else "2022-10-28,SPXW"
            lines.append(",".join([expiry, row["strike"], row["call_bid"], row["call_ask"],
                                   row["put_bid"], row["put_ask"]]))
    return "\n".join(lines) + "\n"


def vix(*arguments, stdin=""):
    return subprocess.run([VEGAWIRE, "vix", *arguments], input=stdin, capture_output=True,
                          text=True, timeout=60)


class Vix(unittest.TestCase):
    def fails(self, code, text, *arguments, stdin=""):
        done = vix(*arguments, stdin=stdin)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertIn(text, done.stderr)

    def test_the_exchange_s_example_comes_out_to_the_last_digit(self):
        done = vix("--rate", EXAMPLE_RATES, "-", stdin=example_chain())
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        got = json.loads(done.stdout)
        self.assertAlmostEqual(got["vix"], 13.927842350137641722, delta=1e-9)
        self.assertEqual((got["index"], got["days"], got["status"]), ("VIX", 30, "ok"))
        self.assertEqual(got["at"], "2022-09-27T14:46:00Z")
        near, following = got["terms"]
        self.assertEqual((near["minutes"], following["minutes"]), (34484, 44954))
        self.assertEqual((near["strikes"], following["strikes"]), (146, 122))
        self.assertEqual((near["settlement"], following["settlement"]), ("AM", "PM"))
        self.assertAlmostEqual(near["forward"], 1962.8999563733503136, delta=1e-9)
        self.assertAlmostEqual(near["variance"], 0.019233906480510570785, delta=1e-14)
        self.assertAlmostEqual(following["variance"], 0.019423884279296462101, delta=1e-14)
        self.assertEqual(near["k0"], 1960)

    def test_the_table_says_the_same(self):
        done = vix("--rate", EXAMPLE_RATES, "--format", "table", "-", stdin=example_chain())
        self.assertEqual(done.returncode, 0)
        self.assertIn("VIX (30 days) at 2022-09-27T14:46:00Z: 13.93 (ok)", done.stdout)

    def test_a_treasury_file_gives_the_rate(self):
        with tempfile.NamedTemporaryFile("w", suffix=".csv") as yields:
            yields.write("date,DGS1MO,DGS3MO\n2022-09-26,2.5,2.5\n")
            yields.flush()
            got = json.loads(vix("--treasury", yields.name, "-", stdin=example_chain()).stdout)
        self.assertEqual(got["rate_source"], "treasury")
        self.assertAlmostEqual(got["terms"][0]["rate"], 0.024845, delta=1e-6)

    def test_bad_rows_are_counted_on_stderr(self):
        done = vix("--rate", EXAMPLE_RATES, "-", stdin=example_chain() + "2022-10-21,SPX,x,1,2,3,4\n")
        self.assertEqual(done.returncode, 0)
        self.assertIn("1 bad rows skipped, the first standard input:", done.stderr)

    def test_the_command_line_is_strict(self):
        for arguments in (["--rate", "5", "-"], ["--rate", "x", "-"], ["--rate", "0.01,", "-"],
                          ["--days", "0", "-"], ["--format", "xml", "-"], [], ["a", "b"],
                          ["--rate", "0.01", "--treasury", "x", "-"], ["--at", "noon", "-"]):
            self.fails(2, "", *arguments, stdin=example_chain())

    def test_hostile_input_is_one_clear_line(self):
        self.fails(1, "No such file", "/nonexistent.csv")
        self.fails(1, "standard input:1:", "-", stdin="")
        self.fails(1, "expected a header", "-", stdin="hello\n")
        self.fails(1, "64 KiB", "-", stdin="," * 1000000)
        self.fails(1, "zero byte", "-", stdin="\0\1\2")
        head = "expiry,root,strike,type,bid,ask\n"
        for bad in ("nan", "inf", "-1", "1e308", "0x10", ""):
            self.fails(1, "standard input:2: strike", "-", stdin=head + "2026-08-21,SPX,%s,C,1,2\n" % bad)
        self.fails(1, "no two index expiries", "-",
                   stdin="# SPX asof_ET=2026-08-01T10:00:00\n" + head + "2026-08-21,SPX,7000,C,1,2\n")
        self.fails(1, "no quote time", "-", stdin=head + "2026-08-21,SPX,7000,C,1,2\n")
        self.fails(1, "expected options on SPX or VIX", "-",
                   stdin="# XSP asof_ET=2026-08-01T10:00:00\n" + head + "2026-08-19,XSP,20,C,1,2\n")

    def test_terms_without_a_market_give_null(self):
        text = "# SPX asof_ET=2022-09-27T10:46:00\nexpiry,root,strike,type,bid,ask\n" \
               "2022-10-21,SPX,2000,C,1,2\n2022-10-28,SPXW,2000,C,1,2\n"
        done = vix("--rate", "0", "-", stdin=text)
        self.assertEqual(done.returncode, 0)
        got = json.loads(done.stdout)
        self.assertIsNone(got["vix"])
        self.assertEqual(got["status"], "no_market")
        self.assertIsNone(got["terms"][0]["variance"])


if __name__ == "__main__":
    unittest.main()
