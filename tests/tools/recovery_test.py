#!/usr/bin/python3
"""recovery_test: kill -9 of the exchange, of a subscriber, of the engine: the others go on, say so,
and are whole again when it returns."""
import json, signal, time, unittest

from process import Place, Process, free_port, free_ports, refuse_io_uring

FRESH_SECONDS = 8  # every quote is announced again within 5 s


class Recovery(unittest.TestCase):
    def setUp(self):
        self.place = Place()
        self.config = self.place.config()
        self.processes = []

    def tearDown(self):
        for process in self.processes:
            process.close()
        self.place.folder.cleanup()

    def start(self, *arguments):
        self.processes.append(Process(self.place, *arguments))
        return self.processes[-1]

    def start_run(self, **how):
        self.processes.append(Process(self.place, "run", "-c", self.config, **how))
        run = self.processes[-1]
        run.wait_for("publishing on")
        return run

    def start_sim(self, *more, lines=2):
        places = ["%s:%d" % place for place in zip(self.place.groups, self.place.ports)]
        return self.start("sim", "--rate", "3000", "--options", ",".join(places[:lines]),
                          "--futures", ",".join(places[2:2 + lines]), *more)

    def start_sub(self):
        return self.start("sub", self.place.endpoint)

    def kill(self, process):
        process.signal(signal.SIGKILL)
        process.child.wait()

    def wait_until(self, sub, wanted, seconds, what):
        """Until a message printed from now on is wanted."""
        _, offset = sub.lines_from(0)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            lines, offset = sub.lines_from(offset)
            if any(wanted(json.loads(line)) for line in lines):
                return
            time.sleep(0.1)
        self.fail("no %s within %g s:\n%s" % (what, seconds, sub.stderr()))

    def assert_alive(self, *processes):
        for process in processes:
            self.assertIsNone(process.child.poll(), process.stderr())

    def test_each_may_die_and_come_back(self):
        def is_curve(line):
            return line.get("kind") == "curve" and line["curve"]["regime"] != "unknown"

        def is_fresh(line):
            rows = line.get("greeks", [])
            return len(rows) > 20 and not any("stale" in row["quality"] for row in rows)

        run, sim, sub = self.start_run(), self.start_sim(), self.start_sub()
        self.wait_until(sub, is_fresh, FRESH_SECONDS, "fresh expiry")

        # The exchange: the engine says so and keeps publishing, and recovers.
        self.kill(sim)
        run.wait_for("every line is silent", 6)
        self.assert_alive(run, sub)
        self.wait_until(sub, lambda line: line.get("kind") == "heartbeat", 3, "heartbeat")
        sim = self.start_sim()
        run.wait_for("is heard again", 5, count=4)
        self.wait_until(sub, is_fresh, FRESH_SECONDS, "fresh expiry from the new exchange")

        # A subscriber: the engine says so and goes on, and a new one is served.
        self.kill(sub)
        run.wait_for("subscriptions_ended +1", 5)
        sub = self.start_sub()
        self.wait_until(sub, is_curve, 5, "curve for the new subscriber")
        self.assert_alive(run, sim)

        # The engine: subscribers say so and follow its successor, which becomes whole.
        self.kill(run)
        sub.wait_for("waiting for the publisher", 6)
        self.assert_alive(sim, sub)
        run = self.start_run()
        sub.wait_for("the publisher is back", 6)
        sub.wait_for("has restarted", 2)
        self.wait_until(sub, is_fresh, FRESH_SECONDS, "fresh expiry from the new engine")

        for process in (sub, run, sim):
            process.signal(signal.SIGTERM)
            self.assertEqual(process.end(), 0, process.stderr())

    def test_what_is_lost_and_which_line_is_silent_is_said(self):
        run, sim = self.start_run(), self.start_sim("--loss", "0.2", lines=1)
        run.wait_for("feed: messages_missed +", 6)
        run.wait_for("c1-options B, %s:%d, is silent" % (self.place.groups[1], self.place.ports[1]),
                     6)
        run.wait_for("cfe B, %s:%d, is silent" % (self.place.groups[3], self.place.ports[3]), 2)
        self.assertNotIn("options A, %s:%d, is silent" % (self.place.groups[0],
                                                         self.place.ports[0]), run.stderr())
        self.assertNotIn("every line is silent", run.stderr())
        self.kill(sim)
        run.signal(signal.SIGTERM)
        self.assertEqual(run.end(), 0, run.stderr())
        self.assertGreater(json.loads(run.stdout())["losses"], 0)
        self.assertIn("losses: messages_missed", run.stderr())


    # ---- with recovery servers ----------------------------------------------------------------

    def serve(self, io="auto"):
        """Configures servers, and that no series is trusted for the time that has passed."""
        self.servers = (free_ports(4), free_port())
        self.config = self.place.config(io=io, servers=self.servers,
                                        more_of_channel=", reannounce_s: 0")

    def start_serving_sim(self, *more):
        places = ["%s:%d" % place for place in zip(self.place.groups, self.place.ports)]
        replays = ["%s:%d" % (self.place.groups[2 * i], self.servers[1] + i) for i in (0, 1)]
        return self.start("sim", "--rate", "3000", "--servers", str(self.servers[0]), "--options", ",".join(places[:2] + replays[:1]),
                          "--futures", ",".join(places[2:] + replays[1:]), *more)

    def is_whole(self, line):
        rows = line.get("greeks", [])
        return len(rows) > 20 and not any("stale" in row["quality"] for row in rows)

    def counted(self, run):
        run.signal(signal.SIGTERM)
        self.assertEqual(run.end(), 0, run.stderr())
        return run.stderr()

    def heal(self, **how):
        run, sub = self.start_run(**how), self.start_sub()
        sim = self.start_serving_sim("--loss", "0.05", "--seconds", "6")
        self.wait_until(sub, self.is_whole, 6, "whole expiry on lines that lose")
        self.assertEqual(sim.end(20), 0, sim.stderr())
        totals = json.loads(sim.stdout())
        self.assertGreater(totals["lost_on_both"], 10)
        self.assertGreater(totals["messages_replayed"], 10)
        said = self.counted(run)
        self.assertIn("gaps_healed", said)
        self.assertNotIn("messages_missed", said)

    def test_what_both_lines_lose_is_asked_for_and_healed(self):
        self.serve()
        self.heal()

    def test_the_same_without_io_uring(self):
        self.serve()
        self.heal(preexec=refuse_io_uring)

    def test_an_engine_that_joins_late_is_whole_at_once(self):
        self.serve()
        self.start_serving_sim()
        time.sleep(3)
        run, sub = self.start_run(), self.start_sub()
        self.wait_until(sub, self.is_whole, 6, "whole expiry")
        self.assertIn("spins_healed", self.counted(run))

    def test_servers_that_refuse_or_die_leave_the_engine_running_and_series_stale(self):
        self.serve()
        run, sub = self.start_run(), self.start_sub()
        sim = self.start_serving_sim("--loss", "0.1", "--refuse", "gap,spin")
        run.wait_for("spins_failed", 8)
        self.wait_until(sub, lambda line: any("stale" in row["quality"]
                                              for row in line.get("greeks", [])), 5, "stale series")
        self.kill(sim)
        sim = self.start_serving_sim()  # the exchange starts anew, and its servers with it
        self.wait_until(sub, self.is_whole, 8, "whole expiry of the new exchange")
        self.assertIn("recovery_links_lost", self.counted(run))


if __name__ == "__main__":
    unittest.main()
