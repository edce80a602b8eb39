#!/usr/bin/python3
"""fit_test: `vegawire fit` as a process, on the synthetic chain with its known truth."""
import csv, io, json, math, os, subprocess, sys, tempfile, unittest
import xml.etree.ElementTree

VEGAWIRE = os.path.join(sys.argv.pop(1), "vegawire")
DATA = os.path.join(os.path.dirname(__file__), "..", "data")
# The slices' minutes are those from 12:40 to the close of these days (weekends left out).
EXPIRY = {"W1D": "2023-01-12", "S7D": "2023-01-18", "S14D": "2023-01-25", "S30D": "2023-02-10"}


def rows():
    with open(os.path.join(DATA, "synthetic_chain.csv")) as chain:
        return [row for row in csv.DictReader(chain) if row["slice"] in EXPIRY]


def chain(extra=()):
    lines = ["# SPX asof_ET=2023-01-11T12:40:00", "expiry,root,strike,c_bid,c_ask,p_bid,p_ask"]
    lines += [",".join([EXPIRY[row["slice"]], "SPXW", row["strike"], row["call_bid"],
                        row["call_ask"], row["put_bid"], row["put_ask"]]) for row in rows()]
    return "\n".join(lines + list(extra)) + "\n"


def fit(*arguments, stdin=""):
    return subprocess.run([VEGAWIRE, "fit", *arguments], input=stdin, capture_output=True,
                          text=True, timeout=120)


def fitted(*arguments, stdin=None):
    done = fit(*arguments, "-", stdin=stdin or chain())
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return json.loads(done.stdout)


def hks_variance(hks, k):
    z = k / hks["sd"]
    sum_ = hks["c0"] + hks["c1"] * z
    for m, s, c in zip(hks["m"], hks["s"], hks["c"]):
        sum_ += c * math.sqrt((z - m) ** 2 + s * s)
    return hks["sd"] ** 2 * sum_


class Fit(unittest.TestCase):
    def fails(self, code, text, *arguments, stdin=""):
        done = fit(*arguments, stdin=stdin)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertIn(text, done.stderr)

    def test_the_truth_of_the_synthetic_chain_comes_out(self):
        truth = {EXPIRY[row["slice"]]: row for row in rows()}
        got = fitted()
        self.assertEqual(got["at"], "2023-01-11T17:40:00Z")
        self.assertEqual([e["expiry"] for e in got["expiries"]], sorted(truth))
        for expiry in got["expiries"]:
            row = truth[expiry["expiry"]]
            self.assertEqual((expiry["root"], expiry["settlement"], expiry["status"],
                              expiry["model"]), ("SPXW", "PM", "ok", "hks"))
            self.assertAlmostEqual(expiry["years"] * 525600, float(row["minutes"]), delta=1e-6)
            self.assertAlmostEqual(expiry["forward"], float(row["true_F"]), delta=0.01)
            self.assertGreaterEqual(expiry["inside"], 0.95 if row["slice"] == "W1D" else 0.99)
            self.assertGreater(expiry["butterfly_min_g"], 0)
            self.assertGreater(expiry["svi"]["sigma"], 0)
            self.assertLess(expiry["core_rmse_vol"], 0.003)
        mins = [e["calendar_min"] for e in got["expiries"]]
        self.assertIsNone(mins[0])
        self.assertTrue(all(m >= 0 for m in mins[1:]), mins)
        totals = got["totals"]
        self.assertEqual((totals["fitted"], totals["butterfly_violations"],
                          totals["calendar_violations"], totals["arbitrages"]), (4, 0, 0, 0))
        self.assertEqual(totals["quotes"], sum(e["quotes"] for e in got["expiries"]))
        self.assertNotIn("quotes", got)

    def test_quotes_carry_the_surface_and_desk_greeks(self):
        truth = {(EXPIRY[row["slice"]], float(row["strike"])): row for row in rows()}
        got = fitted("--quotes")
        expiries = {e["expiry"]: e for e in got["expiries"]}
        self.assertEqual(len(got["quotes"]), 2 * len(truth))
        inside, fit_quotes = 0, 0
        for quote in got["quotes"]:
            expiry = expiries[quote["expiry"]]
            k = math.log(quote["strike"] / expiry["forward"])
            out = (quote["type"] == "C") == (quote["strike"] >= expiry["forward"])
            ends = expiry["k_min"] - 1e-12, expiry["k_max"] + 1e-12 # their logarithm is not Python's
            if quote["status"] != "ok" or not out or not ends[0] <= k <= ends[1]:
                continue
            fit_quotes += 1
            inside += quote["bid_iv"] <= quote["fit_iv"] <= quote["ask_iv"]
            if k >= -0.1:
                w = hks_variance(expiry["hks"], k)
                self.assertAlmostEqual(quote["fit_iv"], math.sqrt(w / expiry["years"]), delta=1e-3)
            self.assertTrue((0 < quote["delta"] < 0.6) if quote["type"] == "C"
                            else (-0.6 < quote["delta"] < 0))
            self.assertTrue(quote["vega"] > 0 > quote["theta"] and quote["gamma"] > 0)
            true_iv = truth[quote["expiry"], quote["strike"]]["true_iv"]
            if true_iv and abs(quote["delta"]) > 0.02:
                self.assertAlmostEqual(quote["fit_iv"], float(true_iv), delta=3e-4)
        self.assertEqual(fit_quotes, got["totals"]["quotes"])
        self.assertAlmostEqual(inside / fit_quotes, got["totals"]["inside"], delta=1e-9)

    def test_csv_and_table_say_the_same(self):
        got = fitted("--quotes")
        done = fit("--format", "csv", "-", stdin=chain())
        for row, expiry in zip(csv.DictReader(io.StringIO(done.stdout)), got["expiries"]):
            for name in ("expiry", "root", "settlement", "model", "status"):
                self.assertEqual(row[name], expiry[name])
            for name in ("years", "forward", "discount", "inside", "rmse_vol", "butterfly_min_g"):
                self.assertEqual(float(row[name]), expiry[name])
        done = fit("--format", "csv", "--quotes", "-", stdin=chain())
        listed = list(csv.DictReader(io.StringIO(done.stdout)))
        self.assertEqual(len(listed), len(got["quotes"]))
        for row, quote in zip(listed, got["quotes"]):
            self.assertEqual(list(row), list(quote))
            self.assertEqual(row["fit_iv"] and float(row["fit_iv"]), quote["fit_iv"])
        done = fit("--format", "table", "-", stdin=chain())
        self.assertEqual(done.stdout.count(" hks "), 4)

    def test_the_plot_is_a_picture(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "out.svg")
            fitted("--plot", path)
            tree = xml.etree.ElementTree.parse(path)
            self.assertEqual(len(tree.findall(".//{*}path[@class='s']")), 4)
            with open(path) as picture:
                self.assertNotIn("nan", picture.read())
        self.fails_after_output("/nonexistent/out.svg")

    def fails_after_output(self, path):
        done = fit("--plot", path, "-", stdin=chain())
        self.assertEqual(done.returncode, 1)
        self.assertIn(path, done.stderr)

    def test_settled_series_are_listed_as_expired(self):
        got = fitted("--quotes", stdin=chain(["2023-01-10,SPXW,4000,1,2,3,4"]))
        first = got["expiries"][0]
        self.assertEqual((first["expiry"], first["status"], first["forward"], first["hks"]),
                         ("2023-01-10", "expired", None, None))
        self.assertEqual(got["totals"]["expired"], 1)
        self.assertEqual(got["quotes"][0]["status"], "expired")
        self.assertIsNone(got["quotes"][0]["delta"])
        late = fitted("--at", "2023-02-10T16:00:00")
        self.assertTrue(all(e["status"] == "expired" for e in late["expiries"]))

    def test_arbitrage_is_reported_in_dollars(self):
        def shift(line, to):
            cells = line.split(",")
            return ",".join(cells[:3] + to + cells[5:])
        lines = chain().split("\n")
        at = next(i for i, line in enumerate(lines) if line.startswith("2023-02-10,SPXW,5000,"))
        bid = float(lines[at].split(",")[3]) + 30
        lines[at] = shift(lines[at], [str(bid), str(bid + 1)])
        got = fitted(stdin="\n".join(lines))
        kinds = {a["kind"] for a in got["arbitrage"]}
        self.assertLessEqual({"conversion", "butterfly"}, kinds)
        for found in got["arbitrage"]:
            self.assertGreater(found["edge_usd"], 0)
            self.assertAlmostEqual(found["edge_usd"], 100 * found["edge"], delta=1e-9)
        self.assertEqual(got["totals"]["arbitrages"], len(got["arbitrage"]))

    def test_an_expiry_without_a_market_is_no_market(self):
        got = fitted("--quotes", stdin=chain(["2023-03-10,SPXW,4000,0,2,0,4",
                                              "2023-03-10,SPXW,4100,0,2,0,4"]))
        last = got["expiries"][-1]
        self.assertEqual((last["status"], last["forward"], last["quotes"]), ("no_market", None, 0))

    def test_quotes_that_no_smile_passes_through_are_not_ok(self):
        lines = chain().split("\n")[:2]
        lines += ["2023-02-10,SPXW,%d,10,11,10,11" % strike for strike in range(3500, 4500, 25)]
        expiry, = fitted(stdin="\n".join(lines))["expiries"]
        self.assertLess(expiry["inside"], 0.5)
        self.assertEqual(expiry["status"], "stale")

    def test_wrong_use_is_one_clear_line(self):
        self.fails(2, "chain file")
        self.fails(2, "--format xml", "--format", "xml", "-", stdin=chain())
        self.fails(2, "--rate", "--rate", "5", "-", stdin=chain())
        self.fails(1, "No such file", "/nonexistent.csv")
        self.fails(1, "standard input:1:", "-")
        self.fails(1, "zero byte", "-", stdin="\0\1\2")

    def test_hostile_values_are_bad_rows_or_no_quotes_and_no_number_is_nan(self):
        def refuse(word):
            raise AssertionError(word)

        rows = [line.split(",") for line in chain().splitlines()]
        strikes = [i for i, row in enumerate(rows) if len(row) > 3 and row[0].startswith("20")]
        at = strikes[len(strikes) // 2]
        for bad in ("nan", "inf", "-5", "1e308", "0x10", ""):
            for column in range(2, len(rows[at])):
                hostile = [row[:] for row in rows]
                hostile[at][column] = bad
                done = subprocess.run([VEGAWIRE, "fit", "--quotes", "-"], capture_output=True,
                                      text=True, timeout=60,
                                      input="\n".join(",".join(row) for row in hostile))
                self.assertEqual(done.returncode, 0, (bad, column, done.stderr))
                json.loads(done.stdout, parse_constant=refuse)
                if done.stderr:
                    self.assertIn("standard input:%d: " % (at + 1), done.stderr)
        for stdin, said in (("," * 1000000, "64 KiB"), (chain()[:300] + "\0", "zero byte"),
                            (chain().splitlines()[0] + "\n", "standard input:")):
            self.fails(1, said, "-", stdin=stdin)


if __name__ == "__main__":
    unittest.main()
