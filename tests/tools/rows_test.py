#!/usr/bin/python3
"""rows_test: `vegawire price` and `vegawire iv` as processes: their interface, and hostile input."""
import csv, decimal, io, json, math, os, pty, random, signal, subprocess, sys, time, unittest

VEGAWIRE = os.path.join(sys.argv.pop(1), "vegawire")
DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "data")
GREEKS = "price,delta,gamma,vega,theta,rho,vanna,volga,charm".split(",")
HEADER = "type,forward,strike,years,vol,rate\n"
ROW = "C,4500,4500,0.082191780821917804,0.12,0.05\n"


def run(command, text, *arguments, code=0):
    data = text if isinstance(text, bytes) else text.encode()
    done = subprocess.run([VEGAWIRE, command, *arguments], input=data, capture_output=True,
                          timeout=120)
    assert done.returncode == code, (done.returncode, done.stderr[:500])
    return done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


class Price(unittest.TestCase):
    def test_columns_and_values_are_as_the_interface_says(self):
        out, err = run("price", HEADER + ROW, "-")
        self.assertEqual(err, "")
        self.assertEqual(out.splitlines()[0], HEADER.strip() + "," + ",".join(GREEKS) + ",status")
        row = rows(out)[0]
        for name, want in zip(GREEKS, (61.505199580107761, 0.5047833329465586,
                                       0.0025659789376894667, 512.4927796097592,
                                       -371.04446913611883, -5.055221883296528,
                                       0.056943642178862133, -1.2636808264350226,
                                       -0.016329692143241427)):
            self.assertAlmostEqual(float(row[name]) / want, 1, delta=1e-13)
            self.assertEqual(row[name], "%.17g" % float(row[name]))
        self.assertEqual(row["status"], "ok")

    def test_greeks_on_request_are_the_references_and_come_before_status(self):
        rare = "veta,speed,color,zomma,ultima,dual_delta,dual_gamma".split(",")
        with open(os.path.join(DATA, "options_2000.csv"), newline="") as file:
            reference = [r for r in csv.DictReader(l for l in file if not l.startswith("#"))
                         if r["bucket"] in ("spx_1_60d", "spx_leaps", "vix")]
        text = HEADER + "".join("%s,%s,%s,%s,%s,%s\n" % (
            "C" if int(r["theta"]) > 0 else "P", r["F"], r["K"], r["T"], r["sigma"], r["r"])
            for r in reference)
        out, err = run("price", text, "--greeks", "all")
        self.assertEqual(err, "")
        self.assertEqual(out.splitlines()[0],
                         ",".join([HEADER.strip(), *GREEKS, *rare, "status"]))
        got = rows(out)
        self.assertGreater(len(got), 500)
        scale = {name: max(abs(float(r[name])) for r in reference) for name in rare}
        for row, want in zip(got, reference):
            for name in rare:
                self.assertAlmostEqual(float(row[name]), float(want[name]), delta=1e-11 * max(
                    abs(float(want[name])), 1e-4 * scale[name]), msg=(want["id"], name))
        some, _ = run("price", text, "--greeks", "zomma,delta,veta,zomma")
        self.assertEqual(some.splitlines()[0],
                         ",".join([HEADER.strip(), *GREEKS, "zomma", "veta", "status"]))
        self.assertEqual([(r["zomma"], r["veta"]) for r in rows(some)],
                         [(r["zomma"], r["veta"]) for r in got])
        one = json.loads(run("price", HEADER + ROW, "--format", "json", "--greeks", "speed")[0])
        self.assertEqual(list(one)[-2:], ["speed", "status"])
        _, err = run("price", HEADER + ROW, "--greeks", "zomma,omega", code=2)
        self.assertIn("--greeks omega", err)

    def test_order_case_mark_comments_and_line_ends_do_not_matter(self):
        want = rows(run("price", HEADER + ROW)[0])[0]["price"]
        text = ("\ufeff# made by hand\r\n\r\n Rate,STRIKE,note,Years,\"Type\",Vol,forward\r\n"
                "#,,,,,,\r\n0.05,4500,\"a, b\", 0.082191780821917804 ,c,.12,45e2\r\n  \r\n"
                "+0.05,\"4500\",é,0.082191780821917804,\"C\",0.120,4500.0")
        out, err = run("price", text)
        self.assertEqual(err, "")
        self.assertEqual([row["price"] for row in rows(out)], [want, want])
        self.assertEqual(out.splitlines()[1].split(",price")[0][:30],
                         '0.05,4500,"a, b", 0.0821917808')
        self.assertEqual(len(out.splitlines()), 3)

    def test_columns_that_exist_are_replaced_in_place(self):
        out, _ = run("price", "Price,type,status,forward,strike,years,vol,rate,delta\n"
                     "old,C,old,4500,4500,0.5,0.2,0,old\n")
        self.assertEqual(out.splitlines()[0], "Price,type,status,forward,strike,years,vol,rate,"
                         "delta,gamma,vega,theta,rho,vanna,volga,charm")
        cells = out.splitlines()[1].split(",")
        self.assertGreater(float(cells[0]), 0)
        self.assertEqual((cells[1], cells[2]), ("C", "ok"))
        self.assertNotIn("old", out)

    def test_bad_rows_keep_their_place_and_are_named(self):
        bad = ["X,1,1,1,1,0", "C,,1,1,1,0", "C,1,abc,1,1,0", "C,1,1,1,1", "C,1,1,1,1,0,7",
               "C,-1,1,1,1,0", "C,1,0,1,1,0", "C,1,1,1,-1,0", "C,nan,1,1,1,0", "C,inf,1,1,1,0",
               "C,1,1,1e999,1,0", "C,1,1,0x10,1,0", 'C,1,1,1,1,"0', "C,1,1,1,1,1e308",
               "C,1,1,1,1,\x00", "\xff\xfe,,,,,"]
        for row in bad:
            out, err = run("price", HEADER + ROW + row + "\n" + ROW)
            got = rows(out)
            self.assertEqual([r["status"] for r in got], ["ok", "bad_input", "ok"], row)
            self.assertEqual(got[1]["price"], "")
            self.assertEqual(got[0], got[2])
            self.assertIn("standard input:3: ", err)
            self.assertIn("1 of 3 rows are bad_input", err)

    def test_a_value_outside_its_domain_is_named_with_its_column(self):
        for row, what in (("C,-1,1,1,1,0", "forward: not above 0: '-1'"),
                          ("C,1,0,1,1,0", "strike: not above 0: '0'"),
                          ("C,1,1,1,-0.2,0", "vol: below 0: '-0.2'"),
                          ("C,1,1,x,-0.2,0", "years: not a number: 'x'"),
                          ("C,1,1,1,,0", "vol: empty: ''"),
                          ("C,1,1,1,1,1e308", "rate and years give a discount of 0 or infinity")):
            err = run("price", HEADER + ROW + row + "\n")[1]
            self.assertEqual(err.splitlines()[0], "vegawire price: standard input:3: " + what)

    def test_edges_have_a_value_and_a_status_and_nothing_is_nan(self):
        out, _ = run("price", HEADER + "C,110,100,0,0.2,0.05\nP,90,100,-1,0.2,0.05\n"
                     "C,110,100,1,0,0\nC,5000,9000,0.001,0.1,0\nC,1e308,1e308,1,0.2,0\n"
                     "C,5e-324,100,1,0.2,0\nP,100,100,1,1e308,0\nC,100,100,1e-308,1e-3,1e307\n")
        got = rows(out)
        self.assertEqual([r["status"] for r in got],
                         ["expired", "expired", "at_intrinsic", "ok", "ok", "ok", "ok", "ok"])
        self.assertEqual([float(r["price"]) for r in got[:4]], [10, 10, 10, 0])
        self.assertEqual([float(r["delta"]) for r in got[:4]], [1, -1, 1, 0])
        for row in got:
            for name in GREEKS:
                self.assertTrue(math.isfinite(float(row[name])), row)
                self.assertNotEqual(row[name], "-0")

    def test_a_rate_that_makes_a_discount_of_1e260_costs_no_digits(self):
        for rate, years in ((-30, 20), (29.97, 19.98), (-5.1, 117.3)):
            want = 100 * (-decimal.Decimal(rate) * decimal.Decimal(years)).exp()
            out, _ = run("price", HEADER + "C,200,100,%r,0.001,%r\n" % (years, rate))
            row = rows(out)[0]
            self.assertAlmostEqual(float(decimal.Decimal(row["price"]) / want), 1, delta=1e-15)
            back, plain = (rows(run("iv", HEADER.replace("vol", "price") + "C,200,200,%r,%r,%r\n" % (
                years, float(price), r))[0])[0] for price, r in ((want / 10, rate), (10, 0)))
            self.assertAlmostEqual(float(back["vol"]) / float(plain["vol"]), 1, delta=5e-15)

    def test_only_the_first_bad_rows_are_told(self):
        _, err = run("price", HEADER + "C,x,1,1,1,0\n" * 5000)
        self.assertLess(len(err.splitlines()), 15)
        self.assertIn("5000 of 5000 rows", err)

    def test_every_isa_prints_the_same_bytes(self):
        random.seed(5)
        text = HEADER + "".join(
            "%s,%r,%r,%r,%r,0.03\n" % (random.choice("CP"), random.uniform(10, 5000),
                                      random.uniform(10, 5000), random.uniform(0, 2),
                                      random.uniform(0.01, 2)) for _ in range(5001))
        want = run("price", text, "--isa", "baseline")[0]
        self.assertEqual(len(want.splitlines()), 5002)
        self.assertEqual(run("price", text)[0], want)

    def test_json_is_an_object_a_line(self):
        out, _ = run("price", HEADER.replace("\n", ",note\n") + ROW.replace("\n", ",x\n") +
                     "C,a,1,1,1,0,\"y\"\n", "--format", "json")
        lines = [json.loads(line) for line in out.splitlines()]
        self.assertEqual(lines[0]["forward"], 4500)
        self.assertEqual((lines[0]["type"], lines[0]["note"], lines[1]["note"]), ("C", "x", "y"))
        self.assertAlmostEqual(lines[0]["price"], 61.505199580107761, delta=1e-12)
        self.assertEqual((lines[1]["price"], lines[1]["forward"], lines[1]["strike"]),
                         (None, None, 1))
        self.assertEqual((lines[0]["status"], lines[1]["status"]), ("ok", "bad_input"))
        self.assertEqual(list(lines[0]), HEADER.strip().split(",") + ["note"] + GREEKS + ["status"])

    def test_json_keeps_columns_whose_names_are_no_utf_8_or_very_long(self):
        long = "é" * 200
        text = (HEADER.strip() + ",n\udcff,é,").encode(errors="surrogateescape") + long.encode()
        out, err = run("price", text + b"\n" + ROW.strip().encode() + b",1,2,3\n", "--format", "json")
        row = json.loads(out)
        self.assertEqual((row["n?"], row["é"]), ("1", "2"))
        self.assertEqual([v for k, v in row.items() if k.startswith("??")], ["3"])
        self.assertEqual(err, "")


class Iv(unittest.TestCase):
    def test_statuses_of_the_edge_file_are_exact(self):
        with open(os.path.join(DATA, "iv_edge.csv")) as file:
            text = file.read()
        table = list(csv.DictReader(io.StringIO(text)))
        given = "note,type,forward,strike,years,rate,price\n" + "".join(
            "%s,%s,%s,%s,%s,%s,%s\n" % (r["note"], "C" if r["theta"] == "1" else "P", r["F"],
                                        r["K"], r["T"], r["r"], r["price"]) for r in table)
        got = rows(run("iv", given)[0])
        for want, row in zip(table, got):
            self.assertEqual((row["note"], row["status"]), (want["note"], want["status"]))
            if want["status"] == "ok":
                self.assertAlmostEqual(float(row["vol"]) / float(want["sigma"]), 1,
                                       delta=32 * 2**-52 * (1 + float(want["cond"])))
            else:
                self.assertEqual(row["vol"], "0" if want["status"] == "at_intrinsic" else "")
        self.assertEqual(len(got), len(table))

    def test_the_price_of_price_gives_the_vol_back(self):
        random.seed(6)
        text = HEADER + "".join(
            "%s,4500,%r,%r,%r,0.03\n" % (kind, 4500 * math.exp(z * vol * math.sqrt(years)), years,
                                         vol)
            for kind in "CP" for z in (-2, -0.5, 0, 0.5, 2)
            for years in (1e-4, 0.1, 2) for vol in (0.05, 0.3, 1.2))
        out = run("price", text)[0]
        back = rows(run("iv", out)[0])
        for old, new in zip(rows(out), back):
            self.assertEqual(new["status"], "ok")
            self.assertAlmostEqual(float(new["vol"]) / float(old["vol"]), 1, delta=1e-11)

    def test_hostile_prices_get_a_status(self):
        header = "type,forward,strike,years,price,rate\n"
        got = rows(run("iv", header + "C,100,100,1,-5,0\nC,120,100,1,19,0\nC,100,100,1,1e308,0\n"
                       "C,100,100,0,5,0\nC,100,100,1,nan,0\nP,100,100,1,100,0\n"
                       "C,100,100,1,0,0\n")[0])
        self.assertEqual([r["status"] for r in got],
                         ["below_intrinsic", "below_intrinsic", "above_max", "expired", "bad_input",
                          "above_max", "at_intrinsic"])
        self.assertEqual([r["vol"] for r in got], [""] * 6 + ["0"])

    def test_a_price_that_is_not_there_is_no_market_and_no_error(self):
        header = "type,forward,strike,years,price,rate\n"
        out, err = run("iv", header + "C,100,100,1,,0\nC,100,100,1,5,0\n")
        self.assertEqual([(r["status"], r["vol"] != "") for r in rows(out)],
                         [("no_market", False), ("ok", True)])
        self.assertEqual(err, "")
        out, err = run("iv", header + "C,-1,100,1,,0\nC,100,100,1,,x\nC,100,100,,,0\nC,1,1,1,-,0\n")
        self.assertEqual([r["status"] for r in rows(out)], ["bad_input"] * 4)
        self.assertIn(":2: forward: not above 0: '-1'", err)


class Both(unittest.TestCase):
    def test_what_is_no_table_is_one_clear_line_and_exit_1(self):
        random.seed(7)
        rubbish = bytes(random.randrange(256) for _ in range(100000))
        for command in ("price", "iv"):
            for text, word in ((b"", "empty"), (b"\n#x\n\n", "empty"), (rubbish, ":1: "),
                               (b"type,forward\nC,1\n",
                                "no column 'strike' in the header; each of type, forward, "),
                               (b"a,b\x00c\n", "binary"), (b'"type,forward\n', "quote"),
                               (b"," * 999999 + b"\n", "1000000 columns"),
                               (b"strike,type,strike,forward,years,vol,price,rate\n", "more than one"),
                               (b"x" * (1 << 25), "more than 16777216 bytes")):
                out, err = run(command, text, code=1)
                self.assertEqual(out, "")
                self.assertEqual(len(err.splitlines()), 1, err)
                self.assertTrue(err.startswith("vegawire %s: standard input:" % command), err)
                self.assertIn(word, err)

    def test_a_row_of_a_million_columns_is_a_bad_row(self):
        out, err = run("price", HEADER + ROW + "," * 999999 + "\n" + ROW)
        self.assertEqual([r["status"] for r in rows(out)], ["ok", "bad_input", "ok"])
        self.assertIn(":3: more cells", err)

    def test_rubbish_rows_are_bad_rows_and_never_a_crash(self):
        random.seed(8)
        body = bytes(random.randrange(256) for _ in range(300000))
        out, err = run("price", HEADER.encode() + body + b"\n" + ROW.encode())
        self.assertIn("rows are bad_input", err)
        self.assertTrue(out.rstrip().endswith(",ok"))

    def test_a_header_alone_gives_a_header(self):
        out, err = run("price", HEADER)
        self.assertEqual((len(out.splitlines()), err), (1, ""))

    def test_wrong_files_and_arguments(self):
        self.assertIn("/no/such", run("price", "", "/no/such/file", code=1)[1])
        self.assertIn("directory", run("iv", "", "/", code=1)[1])
        self.assertIn("--format", run("iv", "", "--format", "xml", code=2)[1])
        self.assertIn("too many", run("iv", "", "a", "b", code=2)[1])
        for command in ("price", "iv"):
            self.assertIn("forward", run(command, "", "--help")[0])

    def test_rows_come_as_they_are_ready_and_a_signal_ends_cleanly(self):
        process = subprocess.Popen([VEGAWIRE, "price", "-"], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        process.stdin.write((HEADER + ROW).encode())
        process.stdin.flush()
        process.stdout.readline()
        self.assertTrue(process.stdout.readline().endswith(b",ok\n"))
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
        self.assertEqual((process.returncode, err), (0, b""))

    def test_a_terminal_sees_progress(self):
        ours, theirs = pty.openpty()
        process = subprocess.Popen([VEGAWIRE, "price"], stdin=subprocess.PIPE, stderr=theirs,
                                   stdout=subprocess.DEVNULL)
        for _ in range(2):
            process.stdin.write((HEADER + ROW * 10).encode())
            process.stdin.flush()
            time.sleep(0.6)
        process.stdin.write(ROW.encode())
        process.stdin.close()
        self.assertEqual(process.wait(timeout=20), 0)
        os.close(theirs)
        self.assertIn(b" rows, ", os.read(ours, 4096))
        os.close(ours)

    def test_a_closed_pipe_ends_it_with_0(self):
        process = subprocess.Popen([VEGAWIRE, "price", "-"], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        process.stdout.close()
        process.stdout = None
        try:
            for _ in range(50):
                process.stdin.write((HEADER + ROW * 1000).encode())
        except BrokenPipeError:
            pass
        try:
            process.stdin.close()
        except BrokenPipeError:
            pass
        process.stdin = None
        process.communicate(timeout=20)
        self.assertEqual(process.returncode, 0)

    def test_a_full_disk_is_an_error(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("no /dev/full")
        with open("/dev/full", "wb") as full:
            done = subprocess.run([VEGAWIRE, "price"], input=(HEADER + ROW).encode(), stdout=full,
                                  stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"No space left", done.stderr)

    def test_a_hundred_thousand_rows_fly(self):
        started = time.time()
        out, _ = run("price", HEADER + ROW * 100000)
        self.assertEqual(len(set(out.splitlines()[1:])), 1)
        self.assertEqual(len(out.splitlines()), 100001)
        self.assertLess(time.time() - started, 20)


if __name__ == "__main__":
    unittest.main()
