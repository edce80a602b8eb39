"""The book of a running engine is changed by `vegawire control`, as a whole or leg by leg."""
import json, os, socket, subprocess, sys
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from process import Place, Process, VEGAWIRE, SOURCE, free_port

BOOK = """
condors:
  - {root: SPXW, expiry: 2026-07-24, put_wing: 6000, put_short: 6100, call_short: 6800,
     call_wing: 6900, contracts: 10}
hedges:
  - {root: VX, type: future, expiry: 2026-07-22, contracts: 4}
"""


def control(endpoint, *words):
    done = subprocess.run([VEGAWIRE, "control", "-e", endpoint, "-s", "5", *words],
                          capture_output=True, text=True, timeout=30)
    return done.returncode, done.stdout, done.stderr


def legs_now(place):
    """The legs of the newest hedge message."""
    done = subprocess.run([VEGAWIRE, "sub", place.endpoint, "hedge.", "-n", "3", "-s", "10"],
                          capture_output=True, text=True, timeout=30)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert lines, "no hedge message: " + done.stderr
    return lines[-1]["legs"]


place = Place()
endpoint = "tcp://127.0.0.1:%d" % free_port(socket.SOCK_STREAM)
config = place.config(more='control: {endpoint: "%s"}\nportfolio: book.yaml\n' % endpoint)
place.write("book.yaml", BOOK)
run = Process(place, "run", "-c", config)
try:
    run.wait_for("publishing on")

    code, out, err = control(endpoint, "status")
    assert code == 0, err
    assert len(json.loads(out)["legs"]) == 5, out

    code, out, err = control(endpoint, "position", "VX", "2026-07-22", "future", "57")
    assert code == 0, err
    hedges = [leg for leg in json.loads(out)["legs"] if leg["condor"] == 0]
    assert [leg["contracts"] for leg in hedges] == [57], out  # in place of the 4, not beside it

    code, out, err = control(endpoint, "position", "VIX", "20260722", "call", "25", "200")
    assert code == 0 and len(json.loads(out)["legs"]) == 6, (out, err)
    code, out, err = control(endpoint, "position", "VX", "2026-07-22", "future", "0")
    assert code == 0 and len(json.loads(out)["legs"]) == 5, (out, err)

    # What makes no sense is refused with the reason, and changes nothing.
    code, out, err = control(endpoint, "position", "VX", "2026-07-22", "call", "25", "1")
    assert code == 3 and "expected type future" in err, (code, err)
    code, out, err = control(endpoint, "position", "XYZ", "2026-07-22", "future", "1")
    assert code == 3 and "XYZ" in err, (code, err)
    code, out, err = control(endpoint, "position", "VX", "tomorrow", "future", "1")
    assert code == 2 and "YYYY-MM-DD" in err, (code, err)
    bad = place.write("bad.yaml", BOOK.replace("6800", "6000"))
    code, out, err = control(endpoint, "book", bad)
    assert code == 3 and "bad.yaml:3:" in err and "ascend" in err, (code, err)
    assert len(json.loads(control(endpoint, "status")[1])["legs"]) == 5

    other = place.write("other.yaml", "hedges:\n  - {root: VXM, type: future, "
                                      "expiry: 2026-07-22, contracts: -3}\n")
    code, out, err = control(endpoint, "book", other)
    assert code == 0 and [leg["root"] for leg in json.loads(out)["legs"]] == ["VXM"], (out, err)

    run.signal(15)
    assert run.end() == 0
    code, out, err = control(endpoint, "-s", "0.2", "status")
    assert code == 4 and "control.endpoint" in err, (code, err)
finally:
    run.close()
