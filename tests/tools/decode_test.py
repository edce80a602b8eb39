#!/usr/bin/python3
"""decode_test: `vegawire decode` on captures and DBN files made here: every count, every refusal."""
import gzip, json, os, struct, subprocess, sys, tempfile, unittest

VEGAWIRE = os.path.join(sys.argv.pop(1), "vegawire")


def frame(payload, group="239.1.2.3", port=30001):
    udp = struct.pack(">HHHH", 5000, port, 8 + len(payload), 0) + payload
    ip = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(udp), 1, 0, 32, 17, 0) + bytes(
        [10, 0, 0, 1] + [int(x) for x in group.split(".")])
    return (bytes(12) + b"\x08\0" + ip + udp).ljust(60, b"\xee")


def capture(*packets):
    """pcap of (seconds, frame)."""
    out = struct.pack("<IHHIIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
    for when, data in packets:
        out += struct.pack("<IIII", int(when), int(when % 1 * 1e6), len(data), len(data)) + data
    return out


def block(unit, sequence, *messages, count=None):
    body = b"".join(messages)
    return struct.pack("<HBBI", 8 + len(body), len(messages) if count is None else count, unit,
                       sequence) + body


def delete(order):
    return struct.pack("<BBIQ", 14, 0x29, 1000, order)


def opra(sequence, *messages, spoil=0, flag=b" "):
    body = b"".join(messages)
    size = 21 + len(body) + (21 + len(body)) % 2
    out = bytearray(struct.pack(">BHccBIBIIH", 6, size, b"O", flag, 0, sequence, len(messages),
                                1701291404, 954681088, 0) + body)
    out += bytes(size - len(out))
    out[19:21] = struct.pack(">H", (sum(out) + spoil) % 65536)
    return bytes(out)


def control(kind):
    return struct.pack(">cccc8x", b"O", b"H", kind, b" ")


def text(words):
    return struct.pack(">cccc8xH", b"O", b"C", b" ", b" ", len(words)) + words


class Decode(unittest.TestCase):
    def run_it(self, *arguments, data=None):
        done = subprocess.run([VEGAWIRE, "decode", *arguments], input=data, capture_output=True,
                              timeout=60)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        return done.returncode, lines, done.stderr.decode()

    def decode(self, data, *arguments):
        code, lines, error = self.run_it(*arguments, "-", data=data)
        self.assertEqual(code, 0, error)
        self.assertEqual(lines[-1]["kind"], "summary")
        return lines

    def counts(self, line, **want):
        self.assertEqual({name: line[name] for name in want}, want)

    def test_gaps_late_and_duplicates_are_counted_per_line_and_unit(self):
        a, b = "239.1.2.3", "239.1.2.4"
        lines = self.decode(capture(
            (1, frame(block(1, 10, delete(1), delete(2)), a)),
            (1, frame(block(2, 7, delete(1)), a)),
            (1, frame(block(1, 15, delete(6)), a)),                # 12, 13, 14 missing
            (1, frame(block(1, 13, delete(4), delete(5)), a)),     # two of them late
            (1, frame(block(1, 15, delete(6), delete(7)), a)),     # one a copy
            (1, frame(block(1, 20), a)),                           # heartbeat: 17, 18, 19 missing
            (1, frame(block(1, 0, delete(9)), a)),                 # unsequenced
            (1, frame(block(1, 10, delete(1)), b)),
            (9, frame(block(1, 1, delete(1)), b)),                 # counts anew
        ), "--summary", "--protocol", "cfe")
        self.assertEqual([line["kind"] for line in lines], ["unit"] * 3 + ["summary"])
        self.assertEqual([(line["to"], line["unit"]) for line in lines[:3]],
                         [(a + ":30001", 1), (a + ":30001", 2), (b + ":30001", 1)])
        self.counts(lines[0], packets=6, heartbeats=1, messages=8, unsequenced=1, gaps=2, missed=4,
                    late=2, duplicates=1, breaks=4, resets=0, malformed=0,
                    types={"delete_order": 8})
        self.counts(lines[1], packets=1, gaps=0, missed=0)
        self.counts(lines[2], packets=2, resets=1, breaks=1, gaps=0, duplicates=0)
        self.counts(lines[3], packets=9, messages=11, gaps=2, missed=4, late=2, duplicates=1,
                    files=1, frames=9)

    def test_malformed_and_unknown_messages_are_shown_and_stepped_over(self):
        lines = self.decode(capture(
            (1, frame(block(1, 1, bytes([5, 0x29, 0, 0, 0]), bytes([4, 0x77, 1, 2]), delete(3)))),
            (1, frame(block(1, 4, delete(4), count=3))),
            (1, frame(block(1, 7, delete(4), delete(5), count=1))),
            (1, frame(b"\x00\x20\x01\x01\x00\x00\x00\x00")),
        ), "--protocol", "pitch")
        kinds = [(line["kind"], line.get("type")) for line in lines]
        self.assertEqual(kinds, [
            ("packet", None), ("malformed", None), ("message", "unknown"),
            ("message", "delete_order"), ("packet", None), ("message", "delete_order"),
            ("malformed", None), ("packet", None), ("message", "delete_order"),
            ("malformed", None), ("packet", None), ("unit", None), ("summary", None)])
        self.assertEqual(lines[1]["bytes"], "0529000000")
        self.assertEqual(lines[2]["raw"]["trailing"], "04770102")
        self.assertEqual(lines[10]["malformed"], "the block does not fit the packet")
        self.counts(lines[-1], packets_malformed=1, malformed=4, unknown=1, messages=4)

    def test_prices_are_exact_and_signed_where_the_dialect_is(self):
        short = struct.pack("<BBIQHHB", 19, 0x28, 1000, 2**64 - 1, 3, 0xA9CF, 2)
        data = capture((1, frame(block(1, 1, short))))
        for protocol, price in (("pitch", 434.71), ("complex", -220.65)):
            message = self.decode(data, "--protocol", protocol)[1]
            self.assertEqual(message["value"]["price"], price)
            self.assertEqual(message["raw"]["order_id"], "18446744073709551615")
            self.assertEqual(message["raw"]["flags"], 2)
        message = self.decode(data, "--protocol", "cfe")[1]
        self.assertNotIn("flags", message["value"])
        self.assertEqual(message["raw"]["trailing"], "02")

    def test_legs_are_shown_where_the_definition_says_they_are(self):
        legs = struct.pack("<i6si6s", 1, b"0000aa", -1, b"0000bb")
        for size in (41, 45):
            body = struct.pack("<BBI6sI6sBIHcqBBB", size + 20, 0xBB, 5, b"0000xx", 1519659000,
                               b"VX    ", 0, 20260121, 1000, b"A", 500, 2, size, 0)
            body += struct.pack("<I", 20260121) if size == 45 else b""
            data = capture((1, frame(block(1, 0, body + legs))))
            message = self.decode(data)[1]
            self.assertEqual(message["type"], "futures_definition")
            self.assertEqual([leg["ratio"] for leg in message["value"]["legs"]], [1, -1])
            self.assertEqual(message["value"]["legs"][1]["symbol"], "0000bb")
            self.assertEqual(message["value"].get("contract_date"),
                             "2026-01-21" if size == 45 else None)
            self.assertNotIn("trailing", message["raw"])
            self.assertEqual(message["time"], "2018-02-26T15:30:00.000000005Z")

    def test_top_messages_are_decoded_beside_those_of_pitch(self):
        one = struct.pack("<BBI6scBHHH", 20, 0xD4, 7, b"02abcd", b"B", 0x10, 1465, 30, 5)
        both = struct.pack("<BBI6shHhH", 20, 0xB6, 7, b"0000aa", -125, 3, -110, 4)
        message = self.decode(capture((1, frame(block(1, 1, one)))))[1]
        self.assertEqual(message["type"], "single_side_update_expanded_short")
        self.assertEqual(message["value"]["price"], 14.65)
        message = self.decode(capture((1, frame(block(1, 1, both)))))[1]
        self.assertEqual((message["value"]["bid"], message["value"]["ask"]), (-1.25, -1.1))

    def test_opra_blocks_are_judged_and_line_integrity_leaves_the_sequence(self):
        lines = self.decode(capture(
            (1, frame(opra(100, text(b"HELLO"), control(b"C")))),
            (2, frame(opra(102, control(b"N")))),          # not counted by the exchange
            (3, frame(opra(102, text(b"")))),
            (4, frame(opra(102, control(b"N")))),          # or counted
            (5, frame(opra(103, text(b"X")))),
            (6, frame(opra(104, text(b"X"), spoil=1))),
            (7, frame(opra(106, text(b"X"), b"Oz  " + bytes(8)))),
            (8, frame(opra(103, text(b"X"), flag=b"V"))),
        ))
        messages = [line for line in lines if line["kind"] == "message"]
        self.assertEqual(messages[0]["text"], "HELLO")
        self.assertEqual(messages[0]["time"], "2023-11-29T20:56:44.954681088Z")
        self.assertEqual(messages[1]["type"], "control")
        self.counts(lines[-1], packets=8, heartbeats=2, packets_malformed=1, malformed=1, gaps=1,
                    missed=2, duplicates=1, retransmitted=1, messages=8)
        self.assertEqual(lines[-2]["types"], {"administrative": 5, "control": 3})

    def test_the_protocol_is_found_for_each_destination(self):
        add = struct.pack("<BBIQcH6sHB", 26, 0x22, 7, 1, b"B", 5, b"027wuE", 1465, 0)
        add_cfe = struct.pack("<BBIQcH6sh", 25, 0x22, 7, 1, b"B", 5, b"0000aa", -125)
        au = struct.pack("<BBQQ", 18, 0x3C, 1748305828767864000, 5)
        lines = self.decode(capture(
            (1, frame(block(1, 1), port=1)),
            (1, frame(block(1, 1, delete(1)), port=2)),
            (1, frame(block(1, 1, add), port=1)),
            (1, frame(block(1, 2, add_cfe), port=2)),
            (1, frame(block(1, 1, au), port=3)),
            (1, frame(block(33, 1, add), port=4)),
            (1, frame(opra(1, control(b"N")), port=5)),
        ))
        found = {line["to"].split(":")[1]: line["protocol"] for line in lines
                 if line["kind"] == "packet"}
        self.assertEqual(found, {"1": "pitch", "2": "cfe", "3": "au", "4": "complex", "5": "opra"})

    def trade(self, instrument):
        return struct.pack("<BBHIQqIccBBQiI", 12, 0, 1, instrument, 2**64 - 1, 2**63 - 1, 2**32 - 1,
                           b"T", b"N", 194, 0, 1609160400099150057, 19251, 7)

    def test_dbn_fragments_show_what_is_absent_as_null(self):
        lines = self.decode(self.trade(7))
        self.assertEqual(lines[0]["kind"], "record")
        self.assertEqual(lines[0]["type"], "trade")
        self.assertEqual(lines[0]["raw"]["ts_event"], "18446744073709551615")
        self.assertEqual(lines[0]["raw"]["price"], 9223372036854775807)
        value = lines[0]["value"]
        self.assertEqual((value["ts_event"], value["price"], value["size"]), (None, None, None))
        self.assertEqual(value["ts_recv"], "2020-12-28T13:00:00.099150057Z")

    def test_files_may_be_packed_and_several(self):
        with tempfile.TemporaryDirectory() as folder:
            names = [os.path.join(folder, name) for name in ("a.pcap.gz", "b.dbn.gz", "c.pcap")]
            with gzip.open(names[0], "wb") as file:
                file.write(capture((1, frame(block(1, 1, delete(1))))))
            with gzip.open(names[1], "wb") as file:
                file.write(self.trade(1) + self.trade(2))
            with open(names[2], "wb") as file:
                file.write(capture((2, frame(block(1, 2, delete(1))))))
            code, lines, error = self.run_it("-s", *names)
            self.assertEqual(code, 0, error)
            self.counts(lines[-1], files=3, packets=2, messages=4, gaps=0)

    def test_what_cannot_be_read_exits_one_and_what_was_asked_wrongly_two(self):
        good = capture((1, frame(block(1, 1, delete(1)))), (2, frame(block(1, 2, delete(1)))))
        for data, arguments, code, words in (
                (b"hello world, this is no capture", ["-"], 1, "expected pcap, pcapng or DBN"),
                (b"", ["-"], 1, "expected pcap, pcapng or DBN"),
                (good[:-9], ["-"], 1, "standard input"),
                (None, ["/nowhere/at.all"], 1, "/nowhere/at.all"),
                (None, ["--protocol", "fix", "x"], 2, "--protocol fix"),
                (None, [], 2, "no file")):
            got, lines, error = self.run_it(*arguments, data=data)
            self.assertEqual(got, code, error)
            self.assertIn(words, error)
            if data == good[:-9]:
                self.counts(lines[-1], packets=1, messages=1)

    def test_a_closed_reader_ends_it_with_zero(self):
        data = capture(*[(i, frame(block(1, i + 1, delete(i)))) for i in range(20000)])
        with tempfile.NamedTemporaryFile() as file:
            file.write(data)
            file.flush()
            process = subprocess.Popen([VEGAWIRE, "decode", file.name], stdout=subprocess.PIPE)
            process.stdout.readline()
            process.stdout.close()
            self.assertEqual(process.wait(30), 0)


if __name__ == "__main__":
    unittest.main()
