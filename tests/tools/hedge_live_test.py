"""The decision in a running engine: in the stream, changed by control, kept over a restart."""
import json, os, socket, subprocess, sys, time
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from process import Place, Process, VEGAWIRE, SOURCE, free_port

place = Place()
endpoint = "tcp://127.0.0.1:%d" % free_port(socket.SOCK_STREAM)
place.write("inputs.yaml", "vix: 18\naccount: {equity_usd: 5000000, cash_usd: 2000000, near_cash_usd: 0}\n")
place.write("closes.csv", "date,spx,vix,advances,vx1,vx2\n" + "".join(
    "2026-%02d-%02d,%g,%g,%d,18,19\n" % (4 + i // 28, 1 + i % 28, 6300 + 2 * i, 16 + i % 3, 100)
    for i in range(60)))
with open(os.path.join(SOURCE, "tools", "examples", "portfolio.yaml")) as file:
    place.write("portfolio.yaml", file.read())
config = place.config(more="""portfolio: portfolio.yaml
control: {endpoint: "%s"}
hedge: {preset: alvh, inputs: inputs.yaml, closes: closes.csv, state: hedge.state}
""" % endpoint)
processes = []


def start(*arguments):
    processes.append(Process(place, *arguments))
    return processes[-1]


def decisions(count=1, seconds=20):
    done = subprocess.run([VEGAWIRE, "sub", place.endpoint, "hedge.", "-n", str(count), "-s",
                           str(seconds)], capture_output=True, text=True, timeout=60)
    return [json.loads(line)["decision"] for line in done.stdout.splitlines()]


def until(right, seconds=30):
    """The first decision that is right, within so many seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for decision in decisions(seconds=5):
            if right(decision):
                return decision
    raise AssertionError("no such decision; the last: %s" % json.dumps(decision)[:3000])


try:
    run = start("run", "-c", config)
    run.wait_for("publishing on")
    sim = start("sim", "--rate", "2000", "--servers", "0", "--options",
                "%s:%d,%s:%d" % (place.groups[0], place.ports[0], place.groups[1], place.ports[1]),
                "--futures",
                "%s:%d,%s:%d" % (place.groups[2], place.ports[2], place.groups[3], place.ports[3]))
    first = until(lambda d: d["regime"] != "unknown" and not d["held"] and
                  all(c["v30"] != 0 for c in d["condors"]))
    assert first["preset"] == "alvh" and len(first["condors"]) == 2, first
    assert sum(layer["weight_ppm"] for layer in first["layers"]) == 1000000
    assert first["details"]["vix_rsi"] is not None  # the closes of the file
    assert first["signals"]["liquidity"]["absent"] is False
    held = {l["name"]: l["now"] for l in first["legs"] if l["now"] != 0}
    assert held == {"VX 2026-07-22": 40, "VIX 2026-07-22 call spread 25/35": 200}, held
    until(lambda d: not d["signals"]["arbitrage"]["absent"])

    # A position set by control is in the next decisions; so is an event.
    code = subprocess.run([VEGAWIRE, "control", "-e", endpoint, "position", "VX", "2026-07-22",
                           "future", "7"], capture_output=True, text=True, timeout=20)
    assert code.returncode == 0, code.stderr
    until(lambda d: any(l["name"] == "VX 2026-07-22" and l["now"] == 7 for l in d["legs"]))

    # A new condor is proposed while it is asked for; a leg that no feed has is said, and holds.
    asked = place.write("asked.yaml", "vix: 18\nentry_asked: true\n")
    code = subprocess.run([VEGAWIRE, "control", "-e", endpoint, "inputs", asked],
                          capture_output=True, text=True, timeout=20)
    assert code.returncode == 0, code.stderr
    entry = until(lambda d: any(p["kind"] == "entry" for p in d["proposals"]))
    steps = [p for p in entry["proposals"] if p["kind"] == "entry"][0]["steps"]
    assert [s["contracts"] for s in steps] == [1, 1, -1, -1], steps
    for contracts in "3", "0":
        code = subprocess.run([VEGAWIRE, "control", "-e", endpoint, "position", "VX", "2026-07-15",
                               "future", contracts], capture_output=True, text=True, timeout=20)
        assert code.returncode == 0, code.stderr
        unpriced = contracts != "0"
        until(lambda d: ("leg_unpriced" in d["warnings"]) == unpriced and d["held"] == unpriced)

    market = first["market_ns"] // 1000000000
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(market + 300))
    event = place.write("event.yaml", "vix: 18\nevents: [{at: %s, kind: fomc}]\n" % now)
    code = subprocess.run([VEGAWIRE, "control", "-e", endpoint, "inputs", event],
                          capture_output=True, text=True, timeout=20)
    assert code.returncode == 0, code.stderr
    last = until(lambda d: d["in_event"])

    # The state is on disk when it has ended, and the next run goes on from it.
    run.signal(15)
    assert run.end() == 0, run.stderr()
    assert os.path.getsize(os.path.join(place.folder.name, "hedge.state")) > 1000
    again = start("run", "-c", config)
    again.wait_for("publishing on")
    more = until(lambda d: True)
    assert more["decision"] > last["decision"], (last["decision"], more["decision"])

    watch = subprocess.run([VEGAWIRE, "watch", place.endpoint, "--plain", "--seconds", "6"],
                           capture_output=True, text=True, timeout=30)
    assert "decision alvh" in watch.stdout + watch.stderr, watch.stdout[-3000:] + watch.stderr
finally:
    for process in reversed(processes):
        process.close()
