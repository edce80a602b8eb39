#!/usr/bin/python3
"""run_test: `vegawire run` and `check` as processes: start, end, and every refusal."""
import json, os, signal, socket, subprocess, unittest

from process import Place, Process, SOURCE, VEGAWIRE, refuse_io_uring


def vegawire(*arguments):
    return subprocess.run([VEGAWIRE, *arguments], capture_output=True, text=True, timeout=20)


class Run(unittest.TestCase):
    def setUp(self):
        self.place = Place()
        self.processes = []

    def tearDown(self):
        for process in self.processes:
            process.close()
        self.place.folder.cleanup()

    def start(self, *arguments, **keywords):
        self.processes.append(Process(self.place, *arguments, **keywords))
        return self.processes[-1]

    def expect_refusal(self, process, code, *words):
        """One line that says it, nothing on stdout, the documented code."""
        self.assertEqual(process.end(), code, process.stderr())
        self.assertEqual(process.stdout(), "")
        lines = process.stderr().splitlines()
        self.assertEqual(len(lines), 1, lines)
        for word in words:
            self.assertIn(word, lines[0])

    def test_it_runs_without_a_single_packet_and_ends_with_totals(self):
        process = self.start("run", "-c", self.place.config(), "--seconds", "0.5")
        self.assertEqual(process.end(), 0, process.stderr())
        self.assertEqual(json.loads(process.stdout()),
                         {"messages_in": 0, "messages_out": 1, "losses": 0, "p50_us": None,
                          "p99_us": None, "p999_us": None})

    def test_signals_end_it_cleanly(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            process = self.start("run", "-c", self.place.config())
            process.wait_for("publishing on")
            process.signal(number)
            self.assertEqual(process.end(), 0, process.stderr())
            self.assertEqual(json.loads(process.stdout())["losses"], 0)

    def test_a_closed_stdout_is_no_error(self):
        read, write = os.pipe()
        os.close(read)
        child = subprocess.run([VEGAWIRE, "run", "-c", self.place.config(), "--seconds", "0.2"],
                               stdout=write, stderr=subprocess.PIPE, timeout=20)
        os.close(write)
        self.assertEqual(child.returncode, 0, child.stderr)

    def test_an_endpoint_in_use_stops_the_start(self):
        for threads in ("single", "split"):
            with socket.socket() as taken:
                taken.bind(("127.0.0.1", int(self.place.endpoint.rsplit(":", 1)[1])))
                taken.listen()
                process = self.start("run", "-c", self.place.config(threads=threads))
                self.expect_refusal(process, 4, self.place.endpoint, "in use")

    def test_a_wrong_key_is_3_and_an_absent_file_1(self):
        config = self.place.write("wrong.yaml", "sauce: live\n")
        self.expect_refusal(self.start("run", "-c", config), 3, "wrong.yaml:1:1: sauce",
                            "did you mean source?")
        self.expect_refusal(self.start("run", "-c", "/nowhere.yaml"), 1,
                            "/nowhere.yaml: No such file or directory")

    def test_io_uring_where_it_is_refused_is_4(self):
        process = self.start("run", "-c", self.place.config(io="io_uring"),
                             preexec=refuse_io_uring)
        self.expect_refusal(process, 4, "io_uring")

    def test_io_auto_runs_on_with_recvmmsg_and_says_so_once(self):
        process = self.start("run", "-c", self.place.config(io="auto"), "--seconds", "2.5",
                             preexec=refuse_io_uring)
        self.assertEqual(process.end(), 0, process.stderr())
        self.assertEqual(process.stderr().count("io_uring is refused"), 1, process.stderr())
        self.assertIn("receiving with recvmmsg", process.stderr())

    def test_no_multicast_route_is_4(self):
        if subprocess.run(["unshare", "-n", "true"], capture_output=True).returncode != 0:
            self.skipTest("no network namespaces here")
        process = self.start("run", "-c", self.place.config(), before=("unshare", "-n"))
        self.expect_refusal(process, 4, self.place.groups[0])

    def test_a_processor_that_is_not_there_is_4(self):
        config = self.place.config(threads="split, cpus: {feed: 1000}")
        self.expect_refusal(self.start("run", "-c", config), 4, "no processor 1000")


class Check(unittest.TestCase):
    def setUp(self):
        self.place = Place()

    def tearDown(self):
        self.place.folder.cleanup()

    def test_the_example_is_good_and_explained(self):
        done = vegawire("check", "-c", os.path.join(SOURCE, "tools/examples/vegawire.yaml"))
        self.assertEqual(done.returncode, 0, done.stderr)
        for word in ("feed.channels[1].lines[0].port", "30201", "line 22", "tcp://127.0.0.1:5601",
                     "feed, engine, publisher", "ring feed -> engine", "book demo, 2 condors"):
            self.assertIn(word, done.stdout)

    def test_json_has_every_value_with_its_line(self):
        done = vegawire("check", "--format", "json")
        report = json.loads(done.stdout)
        settings = {row["key"]: row for row in report["settings"]}
        self.assertEqual(settings["publisher.heartbeat_ms"]["value"], 1000)
        self.assertIsNone(settings["publisher.heartbeat_ms"]["line"])
        self.assertEqual([row["thread"] for row in report["threads"]], ["engine"])
        self.assertGreaterEqual(report["memory_total"], sum(row["bytes"] for row in report["memory"]))
        self.assertIsNone(report["portfolio"])

    def test_three_threads_where_the_configuration_says_split(self):
        done = vegawire("check", "--format", "json", "-c",
                        self.place.config(threads="split, cpus: {feed: 0, engine: 1}"))
        self.assertEqual([(row["thread"], row["cpu"]) for row in json.loads(done.stdout)["threads"]],
                         [("feed", 0), ("engine", 1), ("publisher", None)])

    def test_exit_codes(self):
        for arguments, code in ((["-c", "/nowhere.yaml"], 1), (["--format", "xml"], 2),
                                (["-c", self.place.write("x.yaml", "x: 1\n")], 3), (["extra"], 2),
                                ([self.place.endpoint, "-c", "x"], 2)):
            done = vegawire("check", *arguments)
            self.assertEqual(done.returncode, code, done.stderr)
            self.assertEqual(done.stdout, "")
            self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)

    def test_nobody_at_the_endpoint_is_unhealthy(self):
        done = vegawire("check", self.place.endpoint, "--format", "json")
        self.assertEqual(done.returncode, 6, done.stderr)
        self.assertFalse(json.loads(done.stdout)["healthy"])
        self.assertIn("0 heartbeats within 5 s", done.stderr)


if __name__ == "__main__":
    unittest.main()
