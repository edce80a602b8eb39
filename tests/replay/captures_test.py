#!/usr/bin/python3
"""captures_test: recordings as there are elsewhere, made here, through decode and the engine.

Sampled captures in which hardly a packet follows the one before, OPRA blocks of sixteen messages
with pad bytes, spreads with negative prices and definitions of two legs, DBN files of a live
session, of several frames, without metadata, of tens of thousands of orders.  What they come to is
worked out here as well, in another way."""
import json, os, random, struct, subprocess, sys, time, unittest

sys.path.insert(1, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
from process import Place, VEGAWIRE, replay  # noqa: E402

START = 1694721600  # 2023-09-14 16:00 New York
SEED = int(os.environ.get("VW_SEED", time.time()))


def frame(payload, group="239.1.2.3", port=30001):
    udp = struct.pack(">HHHH", 5000, port, 8 + len(payload), 0) + payload
    ip = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(udp), 1, 0, 32, 17, 0) + bytes(
        [10, 0, 0, 1] + [int(x) for x in group.split(".")])
    return ip + udp


def capture(packets):
    """pcap, nanoseconds, raw IP, of (nanoseconds since START, packet)."""
    out = [struct.pack("<IHHIIII", 0xA1B23C4D, 2, 4, 0, 0, 65535, 101)]
    for at, data in packets:
        out.append(struct.pack("<IIII", START + at // 10**9, at % 10**9, len(data), len(data)))
        out.append(data)
    return b"".join(out)


def block(unit, sequence, *messages):
    body = b"".join(messages)
    return struct.pack("<HBBI", 8 + len(body), len(messages), unit, sequence) + body


def pitch_time():
    return struct.pack("<BBII", 10, 0x20, 57600, START)


def delete(order):
    return struct.pack("<BBIQ", 14, 0x29, 1000, order)


def add(symbol, order, side, price, quantity):
    """CFE, long form."""
    return struct.pack("<BBIQ1sI6sq", 33, 0x21, 1000, order, side, quantity, symbol, price)


def future(symbol, root, expiry, *legs):
    body = struct.pack("<I6sI6sBIHcqBBBI", 0, symbol, 0, root.ljust(6), 0, expiry, 1000, b"A", 500,
                       len(legs), 45 if legs else 0, 0, expiry)
    body += b"".join(struct.pack("<i6s", ratio, leg) for ratio, leg in legs)
    return struct.pack("<BB", 2 + len(body), 0xBB) + body


def opra(sequence, at, *messages):
    body = b"".join(messages)
    size = 21 + len(body) + (21 + len(body)) % 2
    out = bytearray(struct.pack(">BHccBIBIIH", 6, size, b"O", b" ", 0, sequence, len(messages),
                                START + at // 10**9, at % 10**9, 0) + body)
    out += bytes(size - len(out))
    out[19:21] = struct.pack(">H", sum(out) % 65536)
    return bytes(out)


def short_quote(strike, bid, bid_size, offer, offer_size):
    """VIX call of 2023-10-18, best on both sides; strike in tenths, prices in cents."""
    return struct.pack(">cccc8x4scBBHHHHH", b"C", b"q", b" ", b"F", b"VIX ", b"J", 18, 23, strike,
                       bid, bid_size, offer, offer_size)


def text(words):
    return struct.pack(">cccc8xH", b"O", b"C", b" ", b" ", len(words)) + words


def record(rtype, instrument, at, body):
    size = 16 + len(body)
    assert size % 4 == 0
    return struct.pack("<BBHIQ", size // 4, rtype, 105, instrument, START * 10**9 + at) + body


def metadata(schema):
    symbols = b"".join(struct.pack("<I", 0) for _ in range(4))
    rest = struct.pack("<16sHQQQBBBH53sI", b"XCBF.PITCH", schema, START * 10**9, 2**64 - 1, 0, 255,
                       0, 0, 71, b"", 0) + symbols
    return b"DBN\x02" + struct.pack("<I", len(rest)) + rest


def definition(instrument, symbol, expiry_ns):
    body = bytearray(400 - 16)
    struct.pack_into("<Q", body, 8 - 8, START * 10**9)   # ts_recv
    struct.pack_into("<Q", body, 40 - 16, expiry_ns)     # expiration
    body[200 - 16:200 - 16 + len(symbol)] = symbol       # raw_symbol of version 2
    body[374 - 16:375 - 16] = b"F"                       # instrument_class
    return body


def mbo(instrument, at, order, action, side, price, size, flags=0x80):
    return record(0xA0, instrument, at, struct.pack(
        "<QqIBBccQiI", order, price, size, flags, 0, action, side, START * 10**9 + at, 0, 1))


class Captures(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        print("VW_SEED=%d" % SEED, file=sys.stderr)
        cls.place = Place()

    @classmethod
    def tearDownClass(cls):
        cls.place.folder.cleanup()

    def setUp(self):
        self.random = random.Random(SEED)

    def write(self, name, data):
        path = os.path.join(self.place.folder.name, name)
        with open(path, "wb") as file:
            file.write(data)
        return path

    def summary(self, path, *arguments):
        done = subprocess.run([VEGAWIRE, "decode", "--summary", *arguments, path],
                              capture_output=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def replay(self, path, *topics):
        lines, out, said = replay(self.place, "--speed", "0", path, topics=topics)
        return [json.loads(line) for line in lines], json.loads(out), said

    def test_every_break_of_a_sampled_capture_is_counted(self):
        packets, breaks = 2853, 2533
        broken = set(self.random.sample(range(1, packets), breaks))
        at, expected, missed, out = 10**9, 1, 0, []
        for i in range(packets):
            jump = self.random.randint(1, 5000) if i in broken else 0
            missed += jump
            sequence, expected = expected + jump, expected + jump
            messages = [delete(sequence + j) for j in range(self.random.randint(1, 16))]
            out.append((at, frame(block(1, sequence, *messages))))
            expected += len(messages)
            at += self.random.randint(0, 10**8)
        path = self.write("sampled.pcap", capture(out))
        total = self.summary(path, "--protocol", "cfe")[-1]
        self.assertEqual((total["packets"], total["breaks"], total["gaps"], total["missed"]),
                         (packets, breaks, breaks, missed))
        lines, _, said = replay(self.place, "--speed", "0", "--protocol", "cfe", path)
        self.assertIn("losses: messages_missed %d " % missed, said)
        self.assertIn("losses: gaps %d " % breaks, said)

    def test_breaks_backwards_are_breaks_as_well(self):
        at, next_one, out, breaks = 0, None, [], 0
        for i in range(2000):
            sequence = self.random.randint(2, 10**6) if self.random.random() < 0.9 else \
                next_one or 2
            count = self.random.randint(1, 16)
            breaks += next_one is not None and sequence != next_one
            out.append((at, frame(block(1, sequence, *[delete(1)] * count))))
            next_one, at = max(sequence + count, next_one or 0), at + 1000
        total = self.summary(self.write("back.pcap", capture(out)), "--protocol", "cfe")[-1]
        self.assertEqual(total["breaks"], breaks)

    def test_sixteen_short_quotes_a_block_reach_the_engine(self):
        quotes, out, sequence, messages = {}, [], 1, 0
        for i in range(300):
            body = []
            for _ in range(16):
                strike = self.random.randrange(100, 400, 5)
                quote = (self.random.randint(1, 500), self.random.randint(1, 65535),
                         self.random.randint(501, 65535), self.random.randint(1, 65535))
                quotes[strike / 10] = quote
                body.append(short_quote(strike, *quote))
            out.append((i * 10**7, frame(opra(sequence, i * 10**7, *body))))
            sequence, messages = sequence + 16, messages + 16
            if i % 50 == 0:
                words = b"x" * (i // 50)  # odd and even, so that some blocks are padded
                out.append((i * 10**7, frame(opra(sequence, i * 10**7, text(words)))))
                sequence, messages = sequence + 1, messages + 1
        path = self.write("opra.pcap", capture(out))
        total = self.summary(path)[-1]
        self.assertEqual((total["messages"], total["malformed"], total["breaks"]), (messages, 0, 0))
        said, totals, _ = self.replay(path, "greeks")
        self.assertEqual((totals["messages_in"], totals["losses"]), (messages, 0))
        rows = {row["strike"]: (round(100 * row["bid"]), row["bid_size"], round(100 * row["ask"]),
                                row["ask_size"])
                for message in said for row in message["greeks"]}
        other = {strike: (row, quotes.get(strike)) for strike, row in rows.items()
                 if row != quotes.get(strike)}
        self.assertEqual((len(rows), other), (len(quotes), {}))
        self.assertEqual({(m["root"], m["expiry"], m["settlement"]) for m in said},
                         {("VIX", 20231018, "A")})

    def test_spreads_of_two_legs_and_negative_prices_harm_no_future(self):
        one, two, spread = b"00000a", b"00000b", b"00000s"
        loop = [future(one, b"VX", 20231018), future(two, b"VX", 20231115),
                future(spread, b"VX", 20231018, (1, one), (-1, two))]
        out = [(0, frame(block(1, 0, *loop))), (1000, frame(block(1, 1, pitch_time())))]
        orders = [add(spread, 1, b"B", -12300, 5), add(spread, 2, b"S", -11900, 5),
                  add(one, 3, b"B", 150000, 4), add(one, 4, b"S", 151000, 3),
                  add(two, 5, b"B", 162500, 2), add(two, 6, b"S", 163000, 1)]
        out.append((2000, frame(block(1, 2, *orders))))
        out.append((3 * 10**9, frame(block(1, 8))))
        path = self.write("spreads.pcap", capture(out))
        total = self.summary(path)[-1]
        self.assertEqual((total["messages"], total["malformed"], total["unknown"]), (10, 0, 0))
        said, totals, _ = self.replay(path, "curve")
        self.assertEqual(totals["losses"], 0)
        points = said[-1]["points"]
        self.assertEqual([(point["expiry"], point["bid"], point["ask"]) for point in points],
                         [(20231018, 15, 15.1), (20231115, 16.25, 16.3)])

    def day_of_orders(self, instrument, count):
        """MBO records, and the best bid and ask they leave."""
        resting, out, at = {}, [], 10**9
        out.append(mbo(instrument, at, 0, b"R", b"N", 2**63 - 1, 0))
        while len(out) < count:
            at += self.random.randint(0, 10**5)
            order, side = self.random.randint(1, 400), self.random.choice((b"A", b"B"))
            price = 15 * 10**9 + 10**7 * (self.random.randint(1, 99) * (1 if side == b"A" else -1))
            if order not in resting:
                resting[order] = [side, price, self.random.randint(1, 50)]
                out.append(mbo(instrument, at, order, b"A", *resting[order]))
            elif self.random.random() < 0.4:
                side, price, size = resting[order]
                taken = self.random.randint(1, size)
                out.append(mbo(instrument, at, order, b"C", side, price, taken))
                resting[order][2] -= taken
                if taken == size:
                    del resting[order]
            else:
                side = resting[order][0]
                price = 15 * 10**9 + 10**7 * (self.random.randint(1, 99) *
                                              (1 if side == b"A" else -1))
                resting[order] = [side, price, self.random.randint(1, 50)]
                out.append(mbo(instrument, at, order, b"M", *resting[order]))
        bid = max(price for side, price, _ in resting.values() if side == b"B")
        ask = min(price for side, price, _ in resting.values() if side == b"A")
        return out, bid / 1e9, ask / 1e9

    def expect_future(self, path, records, bid, ask):
        total = self.summary(path)[-1]
        self.assertEqual((total["messages"], total["malformed"]), (records, 0))
        said, totals, _ = self.replay(path, "curve")
        self.assertEqual((totals["messages_in"], totals["losses"]), (records, 0))
        point = said[-1]["points"][0]
        self.assertEqual((point["expiry"], point["bid"], point["ask"]), (20231018, bid, ask))

    def test_a_live_file_of_many_orders_in_several_frames_leaves_the_right_book(self):
        expiry_ns = 1697635800 * 10**9  # 2023-10-18 09:30 New York
        records, bid, ask = self.day_of_orders(7, 68790)
        records.insert(0, record(0x13, 7, 0, bytes(definition(7, b"VX/V3", expiry_ns))))
        records.insert(1, record(0x17, 0, 1, b"Heartbeat".ljust(304, b"\0")))
        whole = metadata(0xFFFF) + b"".join(records)
        self.assertEqual(len(records), 68792)
        self.expect_future(self.write("live.dbn", whole), len(records), bid, ask)
        half = len(whole) // 2 + 1
        frames = [subprocess.run(["zstd", "-q", "-c"], input=part, capture_output=True,
                                 check=True).stdout for part in (whole[:half], whole[half:])]
        self.expect_future(self.write("frames.dbn.zst", b"".join(frames)), len(records), bid, ask)
        self.expect_future(self.write("orders.dbn.frag", b"".join(records)), len(records), bid, ask)
        told = bytearray(metadata(0xFFFF))
        told[52] = 1  # each record ends with when it was sent
        sent = [bytes([entry[0] + 2]) + entry[1:] + struct.pack("<Q", START * 10**9 + i)
                for i, entry in enumerate(records)]
        self.expect_future(self.write("sent.dbn", bytes(told) + b"".join(sent)), len(records), bid,
                           ask)


if __name__ == "__main__":
    unittest.main()
