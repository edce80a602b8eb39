#!/usr/bin/python3
"""vendor_iv_test: a real chain through multicast: published vols and deltas against the vendor's.

The vendor's clock is min(download, quote + 15 minutes); compared are quotes with a bid of 0.50 or
more, out of the money, 7 to 550 days out.  Published forwards are those of `fit`."""
import csv, datetime, gzip, json, os, statistics, subprocess, sys, unittest

sys.path.insert(1, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
from process import DATA, VEGAWIRE, Place, Process, need_data  # noqa: E402

CHAIN = need_data("chains/cboe_quotedata/spx_20230914_1615.csv.gz")
VENDOR = os.path.join(DATA, "chains/normalised/spx_20230914_1615.csv.gz")


def vendor_rows():
    with gzip.open(VENDOR, "rt") as file:
        lines = [line for line in file if not line.startswith("#")]
    rows = {}
    for row in csv.DictReader(lines):
        days = (datetime.date.fromisoformat(row["expiry"]) - datetime.date(2023, 9, 14)).days
        for side in "cp":
            key = (row["root"], int(row["expiry"].replace("-", "")), float(row["strike"]),
                   side.upper())
            rows[key] = (float(row[side + "_bid"]), float(row[side + "_iv"]),
                         float(row[side + "_delta"]), days)
    return rows


def fitted_forwards():
    done = subprocess.run([VEGAWIRE, "fit", CHAIN, "--at", "vendor"], capture_output=True,
                          check=True, timeout=60)
    return {(e["root"], int(e["expiry"].replace("-", ""))): e["forward"]
            for e in json.loads(done.stdout)["expiries"]
            if e["forward"]}


def last_rows(text):
    rows = {}
    forwards = {}
    for line in text.splitlines():
        message = json.loads(line)
        if message["kind"] == "surface":
            forwards[message["root"], message["expiry"]] = message["surface"]["forward"]
        for row in message.get("greeks", []) if message["kind"] == "greeks" else []:
            rows[message["root"], message["expiry"], row["strike"], row["type"]] = row
    return rows, forwards


class VendorIv(unittest.TestCase):
    def test_published_vols_and_deltas_are_the_vendors(self):
        place = Place()
        run = Process(place, "run", "-c", place.config(), "--seconds", "14")
        run.wait_for("publishing on")
        sub = Process(place, "sub", place.endpoint, "greeks", "surface", "--seconds", "11")
        sim = Process(place, "sim", CHAIN, "--still", "--at", "vendor", "--rate", "30000",
                      "--seconds", "12", "--options", "%s:%d,%s:%d" % (
                          place.groups[0], place.ports[0], place.groups[1], place.ports[1]),
                      "--futures", "%s:%d,%s:%d" % (
                          place.groups[2], place.ports[2], place.groups[3], place.ports[3]))
        self.assertEqual(sub.end(30), 0, sub.stderr())
        self.assertEqual(sim.end(30), 0, sim.stderr())
        self.assertEqual(run.end(30), 0, run.stderr())
        rows, forwards = last_rows(sub.stdout())
        self.assertEqual(json.loads(run.stdout())["losses"], 0, run.stderr())
        vols, deltas = [], []
        for key, (bid, iv, delta, days) in vendor_rows().items():
            row, forward = rows.get(key), forwards.get(key[:2])
            if row is None or forward is None or bid < 0.5 or iv <= 0 or not 7 <= days <= 550:
                continue
            if (key[2] >= forward) != (key[3] == "C"):
                continue
            self.assertEqual(row["status"], "ok", (key, row))
            vols.append(abs(row["vol"] - iv) * 100)
            deltas.append(abs(row["delta"] - delta))
        for process in (run, sub, sim):
            process.close()
        print("compared %d: vol points median %.4f, delta median %.5f" %
              (len(vols), statistics.median(vols), statistics.median(deltas)))
        self.assertGreater(len(vols), 3000)
        self.assertLessEqual(statistics.median(vols), 0.05)
        self.assertLessEqual(statistics.median(deltas), 0.002)
        fitted = fitted_forwards()
        apart = {key: abs(forwards[key] - fitted[key]) for key in fitted if key in forwards}
        worst = max(apart, key=apart.get)
        print("%d forwards, the farthest from fit's %.4f points (%s %s)" % (
            len(apart), apart[worst], *worst))
        self.assertGreater(len(apart), 30)
        self.assertLessEqual(apart[worst], 0.05)


if __name__ == "__main__":
    unittest.main()
