#!/usr/bin/python3
"""fit_data_test: `vegawire fit` on real chains: inside the market, near the vendor, no arbitrage."""
import csv, gzip, json, math, os, statistics, subprocess, unittest

from process import DATA, VEGAWIRE, need_data

need_data("chains")

# day: most that the median of |IV - vendor IV| may be, in points; most core rms error, in vol bp
DAYS = {"20220610_1615": (0.09, 4), "20220712_1140": (0.05, 2.5), "20230207_1615": (0.05, 2.5),
        "20230914_1615": (0.05, 2.5)}


def fit(path, *arguments, stdin=None):
    done = subprocess.run([VEGAWIRE, "fit", *arguments, path], capture_output=True, text=True,
                          timeout=120, check=True, input=stdin)
    return json.loads(done.stdout)


def normalised(day):
    with gzip.open(os.path.join(DATA, "chains/normalised/spx_%s.csv.gz" % day), "rt") as chain:
        return chain.read().split("\n")


def durrleman_g(hks, k):
    z, sd = k / hks["sd"], hks["sd"]
    w, w1, w2 = hks["c0"] + hks["c1"] * z, hks["c1"], 0
    for m, s, c in zip(hks["m"], hks["s"], hks["c"]):
        r = math.sqrt((z - m) ** 2 + s * s)
        w, w1, w2 = w + c * r, w1 + c * (z - m) / r, w2 + c * s * s / r ** 3
    w, w1 = w * sd * sd, w1 * sd
    return (1 - k * w1 / (2 * w)) ** 2 - w1 * w1 / 4 * (1 / w + 0.25) + w2 / 2


class FitData(unittest.TestCase):
    def test_smiles_lie_inside_the_market_without_arbitrage(self):
        for day, (_, core_max) in DAYS.items():
            got = fit(os.path.join(DATA, "chains/cboe_quotedata/spx_%s.csv.gz" % day))
            middle = got["totals"]["days_2_to_400"]
            print("%s: %.2f %% inside, core rms %.2f bp, %d smiles" % (
                day, 100 * middle["inside"], 1e4 * middle["core_rmse_vol"],
                got["totals"]["fitted"]))
            self.assertGreaterEqual(middle["inside"], 0.99)
            self.assertLessEqual(1e4 * middle["core_rmse_vol"], core_max)
            self.assertEqual(got["totals"]["butterfly_violations"], 0)
            self.assertEqual(got["totals"]["calendar_violations"], 0)
            for expiry in got["expiries"]:
                if expiry["status"] == "expired":
                    continue
                self.assertEqual((expiry["model"], expiry["status"]), ("hks", "ok"))
                least = 0.8 if expiry["years"] < 2 / 365 else 0.9
                self.assertGreaterEqual(expiry["inside"], least, expiry["expiry"])
                self.no_butterfly(expiry)

    def no_butterfly(self, expiry):
        sd = expiry["hks"]["sd"]
        low, high = expiry["k_min"] - 2 * sd, expiry["k_max"] + 2 * sd
        for i in range(1001):
            self.assertGreaterEqual(durrleman_g(expiry["hks"], low + (high - low) * i / 1000), 0)
            self.assertGreaterEqual(durrleman_g(expiry["hks"], -3 + 6 * i / 1000), 0)

    def test_vols_and_deltas_are_the_vendor_s(self):
        for day, (iv_max, _) in DAYS.items():
            got = fit(os.path.join(DATA, "chains/cboe_quotedata/spx_%s.csv.gz" % day), "--quotes",
                      "--at", "vendor")
            expiries = {(e["expiry"], e["root"]): e for e in got["expiries"]}
            rows = csv.DictReader(line for line in normalised(day) if not line.startswith("#"))
            vendor = {(r["expiry"], r["root"], float(r["strike"])): r for r in rows}
            vols, deltas = [], []
            for quote in got["quotes"]:
                expiry = expiries[quote["expiry"], quote["root"]]
                side = quote["type"].lower()
                row = vendor[quote["expiry"], quote["root"], quote["strike"]]
                if (expiry["forward"] and 7 <= 365 * expiry["years"] <= 550 and quote["bid"] >= 0.5
                        and (quote["type"] == "C") == (quote["strike"] >= expiry["forward"])
                        and float(row[side + "_iv"]) > 0):
                    vols.append(100 * abs(quote["mid_iv"] - float(row[side + "_iv"])))
                    deltas.append(abs(quote["delta"] - float(row[side + "_delta"])))
            print("%s: median |IV - vendor| %.4f points, |delta - vendor| %.5f, %d quotes" % (
                day, statistics.median(vols), statistics.median(deltas), len(vols)))
            self.assertGreater(len(vols), 5000)
            self.assertLessEqual(statistics.median(vols), iv_max)
            self.assertLessEqual(statistics.median(deltas), 0.002)

    def test_every_second_strike_tells_the_others(self):
        for day in DAYS:
            kept, count = [], {}
            for line in normalised(day):
                cells = line.split(",")
                if line.startswith("2"):
                    count[cells[0], cells[1]] = count.get((cells[0], cells[1]), 0) + 1
                    if count[cells[0], cells[1]] % 2 == 0:
                        continue
                kept.append(line)
            half = {(e["expiry"], e["root"]): e for e in fit("-", stdin="\n".join(kept))["expiries"]}
            seen = {tuple(line.split(",")[:3]) for line in kept}
            inside, others = 0, 0
            got = fit(os.path.join(DATA, "chains/normalised/spx_%s.csv.gz" % day), "--quotes")
            whole = {(e["expiry"], e["root"]): e for e in got["expiries"]}
            for quote in got["quotes"]:
                a, b = half[quote["expiry"], quote["root"]], whole[quote["expiry"], quote["root"]]
                if (quote["expiry"], quote["root"], "%g" % quote["strike"]) in seen or not b["hks"] \
                        or not 2 <= 365 * b["years"] <= 400 or quote["status"] != "ok" \
                        or (quote["type"] == "C") != (quote["strike"] >= b["forward"]):
                    continue
                k = math.log(quote["strike"] / a["forward"])
                if not max(a["k_min"], b["k_min"]) <= k <= min(a["k_max"], b["k_max"]):
                    continue
                hks, z = a["hks"], k / a["hks"]["sd"]
                w = hks["c0"] + hks["c1"] * z + sum(
                    c * math.hypot(z - m, s) for m, s, c in zip(hks["m"], hks["s"], hks["c"]))
                vol = hks["sd"] * math.sqrt(w / a["years"])
                inside += quote["bid_iv"] <= vol <= quote["ask_iv"]
                others += 1
            print("%s: %.2f %% of %d strikes not fitted lie inside" % (
                day, 100 * inside / others, others))
            self.assertGreater(others, 3000)
            self.assertGreaterEqual(inside / others, 0.96)

    def test_a_third_of_the_strikes_is_enough(self):
        for day in DAYS:
            lines = normalised(day)
            quotes = [line for line in lines if line.startswith("2")]
            head = [line for line in lines if not line.startswith("2")]
            middle = fit("-", stdin="\n".join(head + quotes[::3]))["totals"]["days_2_to_400"]
            print("%s, a third: %.2f %% of %d inside" % (day, 100 * middle["inside"],
                                                         middle["quotes"]))
            self.assertGreaterEqual(middle["inside"], 0.98)
            self.assertEqual(middle["butterfly_violations"], 0)

    def test_stale_quotes_do_not_bend_a_smile(self):
        """Of 2026-07-10 two dozen quotes were left standing, up to 60 of their widths off."""
        got = fit(os.path.join(DATA, "chains/normalised/spx_20260710_1615_fullgreeks.csv.gz"))
        middle = got["totals"]["days_2_to_400"]
        print("20260710: %.2f %% of %d inside" % (100 * middle["inside"], middle["quotes"]))
        self.assertGreaterEqual(middle["inside"], 0.975)
        for expiry in got["expiries"]:
            self.assertGreaterEqual(expiry["inside"], 0.9, expiry["expiry"])

    def test_vix_chains_are_fitted_inside(self):
        for day in ("20260721_103216", "20260721_143231", "20260721_161501", "20260729_101416",
                    "20260729_141431", "20260729_161431", "20260729_161501"):
            got = fit(os.path.join(DATA, "intraday/vix_%s.csv.gz" % day))
            print("vix %s: %.2f %% of %d inside" % (day, 100 * got["totals"]["inside"],
                                                    got["totals"]["quotes"]))
            self.assertGreaterEqual(got["totals"]["inside"], 0.93)
            self.assertEqual(got["totals"]["butterfly_violations"], 0)
            for expiry in got["expiries"]:
                few = expiry["quotes"] < 20
                self.assertTrue(expiry["model"] in (("svi", None) if few else ("hks",)))


if __name__ == "__main__":
    unittest.main()
