#!/usr/bin/python3
"""vix_data_test: `vegawire vix` on real chains gives what the exchange published; VIX greeks."""
import csv, datetime, gzip, io, json, os, subprocess, unittest

from process import DATA, VEGAWIRE, need_data

need_data("chains")


def vix(path, *arguments):
    done = subprocess.run([VEGAWIRE, "vix", *arguments, os.path.join(DATA, path)],
                          capture_output=True, text=True, timeout=60, check=True)
    return json.loads(done.stdout)["vix"]


class VixData(unittest.TestCase):
    def test_closes_are_those_recomputed_and_published(self):
        for folder in ("chains/cboe_quotedata", "chains/normalised"):
            for day, recomputed in (("20220610", 27.72), ("20230207", 18.66), ("20230914", 12.82)):
                self.assertAlmostEqual(vix("%s/spx_%s_1615.csv.gz" % (folder, day)), recomputed,
                                       delta=0.01)

    def test_intraday_lies_in_the_day_s_range(self):
        got = vix("chains/cboe_quotedata/spx_20220712_1140.csv.gz")
        self.assertTrue(25.82 <= got <= 27.75, got)

    def test_vix9d_is_the_published_one(self):
        self.assertAlmostEqual(vix("intraday/spx_20260721_161459.csv.gz", "--days", "9"), 15.48,
                               delta=0.01)
        self.assertAlmostEqual(vix("chains/cboe_quotedata/spx_20230914_1615.csv.gz", "--days", "9"),
                               11.80, delta=0.01)

    def test_a_chain_of_vix_options_gives_the_vol_of_vol(self):
        got = vix("intraday/vix_vixw_20210426_1000_1200.csv.gz", "--at", "2021-04-26T12:00:00-04:00")
        self.assertTrue(104.01 <= got <= 108.36, got)  # that day's close and the one before

    def test_greeks_of_vix_options_are_the_exchange_s_to_its_printed_digits(self):
        """The file counts whole days for monthly VIX options and does not discount; it takes weekly
        ones for PM-settled, so those are left out.  An IV of 0.02 says that there was none."""
        path = os.path.join(DATA, "intraday/vix_vixw_20210426_1000_1200.csv.gz")
        with gzip.open(path, "rt") as file:
            rows = [row for row in csv.DictReader(file)
                    if row["root"] == "VIX" and float(row["implied_volatility"]) > 0.03]
        text = "type,forward,strike,years,vol,rate\n"
        for row in rows:
            days = (datetime.date.fromisoformat(row["expiration"]) -
                    datetime.date.fromisoformat(row["quote_datetime"][:10])).days
            text += "%s,%s,%s,%r,%s,0\n" % (row["option_type"], row["implied_underlying_price"],
                                            row["strike"], days / 365, row["implied_volatility"])
        done = subprocess.run([VEGAWIRE, "price"], input=text, capture_output=True, text=True,
                              timeout=60, check=True)
        worst = {}
        for row, got in zip(rows, csv.DictReader(io.StringIO(done.stdout)), strict=True):
            self.assertEqual(got["status"], "ok")
            for greek, unit in (("delta", 1), ("gamma", 1), ("vega", 100)):
                error = abs(float(got[greek]) / unit - float(row[greek]))
                worst[greek] = max(worst.get(greek, 0), error)
        print("%d VIX options: worst delta %.5f, gamma %.5f, vega %.5f" % (
            len(rows), worst["delta"], worst["gamma"], worst["vega"]))
        self.assertGreater(len(rows), 1000)
        self.assertLessEqual(worst["delta"], 0.0003)
        self.assertLessEqual(worst["gamma"], 0.0001)
        self.assertLessEqual(worst["vega"], 0.0001)


if __name__ == "__main__":
    unittest.main()
