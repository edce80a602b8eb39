#!/usr/bin/python3
"""impaired_lines_test: what is published when both lines lose, repeat and disorder packets.

Still quotes of the synthetic day, so that the end state has one right answer: (a) no message lost
on both lines: the end state is the lossless one, and nothing counts as lost; (b) independent
losses: what was lost on both is counted exactly, and said, series by series.  Every message that
came is accepted, duplicate, late or malformed."""
import json, os, sys, unittest

sys.path.insert(1, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
from process import Place, Process  # noqa: E402

IMPAIRED = ("--loss", "0.05,0.05", "--reorder", "0.05,0.05", "--duplicate", "0.05,0.05")


class ImpairedLines(unittest.TestCase):
    def play(self, topics, *options):
        """The last row of every series, the status messages, run's and sim's totals."""
        place = Place()
        # A hole waits longer than a busy machine may hold up one of two sockets.
        with open(place.config()) as file:
            text = file.read().replace("protocol: pitch", "protocol: pitch, wait_ms: 500")
            text = text.replace("feed:\n", "feed:\n  hold_packets: 16384\n")
        run = Process(place, "run", "-c", place.write("patient.yaml", text), "--seconds", "14")
        run.wait_for("publishing on")
        sub = Process(place, "sub", place.endpoint, *topics, "--seconds", "12")
        sim = Process(place, "sim", "--still", "--rate", "8000", "--seconds", "9", "--options",
                      "%s:%d,%s:%d" % (place.groups[0], place.ports[0], place.groups[1],
                                       place.ports[1]),
                      "--futures", "%s:%d,%s:%d" % (place.groups[2], place.ports[2],
                                                    place.groups[3], place.ports[3]), *options)
        processes = (sub, sim, run)
        for process in processes:
            self.assertEqual(process.end(40), 0, process.stderr())
        rows, units, counters = {}, [], {}
        for line in sub.stdout().splitlines():
            message = json.loads(line)
            for row in message.get("greeks", []):
                key = message["root"], message["expiry"], row["strike"], row["type"]
                rows[key] = row["bid"], row["ask"], row["bid_size"], row["ask_size"], \
                    [word for word in row["quality"] if word != "stale"]
            units += message.get("units", [])
            if message["kind"] == "heartbeat":
                counters = message["heartbeat"]["counters"]
        self.assertEqual(counters["messages_in"],
                         sum(counters["messages_" + what]
                             for what in ("accepted", "duplicate", "late", "malformed")))
        totals = json.loads(run.stdout()), json.loads(sim.stdout())
        totals[0]["said"] = run.stderr()
        for process in processes:
            process.close()
        place.folder.cleanup()
        return rows, units, counters, totals

    def test_nothing_lost_on_both_lines_is_nothing_lost(self):
        clean, _, counters, (run, sim) = self.play(["greeks", "heartbeat"])
        self.assertEqual(len(clean), sim["series"])
        self.assertEqual(counters["messages_late"] + counters["messages_malformed"], 0)
        sequenced = counters["messages_accepted"] - counters["messages_unsequenced"]
        self.assertEqual(counters["messages_duplicate"], sequenced)  # each came on A and on B
        self.assertEqual(run["losses"], 0, run["said"])
        impaired, units, counters, (run, sim) = self.play(["greeks", "status", "heartbeat"],
                                                            "--same-loss", *IMPAIRED)
        self.assertGreater(sim["packets_lost"], 100)
        self.assertGreater(counters["messages_duplicate"], 1000)
        self.assertEqual(run["losses"], 0, run["said"])
        self.assertEqual([unit for unit in units if unit["state"] == "gap"], [])
        self.assertEqual(impaired, clean)

    def test_what_is_lost_on_both_lines_is_counted_exactly_and_said(self):
        _, units, counters, (run, sim) = self.play(["status", "heartbeat"], *IMPAIRED)
        self.assertGreater(sim["lost_on_both"], 10)
        self.assertEqual(counters["messages_missed"], sim["lost_on_both"])
        gaps = [unit for unit in units if unit["state"] == "gap"]
        self.assertEqual(sum(gap["missed"] for gap in gaps), sim["lost_on_both"])
        self.assertGreater(max(gap["series"] for gap in gaps), 100)


if __name__ == "__main__":
    unittest.main()
