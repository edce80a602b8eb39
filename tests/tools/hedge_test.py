"""vegawire hedge: its output, its errors, and the exit codes of --check."""
import glob, json, os, subprocess, sys, tempfile
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from process import VEGAWIRE, SOURCE

SCENARIO = """about: a book and a flat curve
clock: 2026-06-10T16:00:00
vix: 18
spx: 6450
flat_vol: 0.16
vx: [{price: 19.00}, {price: 19.62}]
condors:
  - {expiry: 2026-07-10, put_wing: 6000, put_short: 6100, call_short: 6800, call_wing: 6900,
     contracts: 100}
hedges: [{kind: vix_call_spread, strike: 20, strike_far: 30, vol: 0.9}]
steps:
  - {after_minutes: 5, vix: 20}
expect: [{field: regime, value: flat}]
"""

folder = tempfile.TemporaryDirectory(prefix="vegawire-test-")


def hedge(text, *options):
    path = os.path.join(folder.name, "scenario.yaml")
    with open(path, "w") as file:
        file.write(text)
    done = subprocess.run([VEGAWIRE, "hedge", path, *options], capture_output=True, text=True,
                          timeout=60)
    return done.returncode, done.stdout, done.stderr


code, out, err = hedge(SCENARIO)
assert code == 0 and err == "", (code, err)
decision = json.loads(out)
for key in ("regime", "level", "timers", "r", "v30", "layers", "legs", "proposals", "condors",
            "book", "capital", "signals", "details", "reasons", "warnings", "given_up", "posture",
            "settings_hash", "decision"):
    assert key in decision, key
assert decision["decision"] == 2 and len(decision["layers"]) == 4, decision
assert len(decision["signals"]) == 17
assert sum(layer["weight_ppm"] for layer in decision["layers"]) == 1000000

code, out, err = hedge(SCENARIO, "--steps")
assert [json.loads(line)["decision"] for line in out.splitlines()] == [1, 2], out

code, out, err = hedge(SCENARIO, "--explain")
assert code == 0 and all(word in out for word in ("What\n", "Why\n", "What would change it")), out

# the same twice: the same bytes
assert hedge(SCENARIO)[1] == hedge(SCENARIO)[1]

code, out, err = hedge(SCENARIO, "--preset", "none")
assert code == 0 and json.loads(out)["sizing"] == "none", err
code, out, err = hedge(SCENARIO, "--preset", "nobody")
assert code == 3 and "alvh, vxth, alvh-ladder, none" in err, err

code, out, err = hedge(SCENARIO, "--check")
assert code == 0 and "1 expectations, 0 wrong" in out, out
code, out, err = hedge(SCENARIO.replace("value: flat", "value: inverted"), "--check")
assert code == 5 and 'expect[0]: regime is "flat": expected inverted' in out, (code, out)

for wrong, want in (("vix: 18", "vixx: 18"), ("spx: 6450", "spx: much"),
                    ("strike_far: 30", "strike_far: 10"), ("6800", "6000"),
                    ("clock: 2026-06-10T16:00:00", "clock: noon"), ("vol: 0.9", "lo: 0")):
    code, out, err = hedge(SCENARIO.replace(wrong, want))
    assert code == 3 and "scenario.yaml:" in err, (want, code, err)

done = subprocess.run([VEGAWIRE, "hedge", os.path.join(folder.name, "nowhere.yaml")],
                      capture_output=True, text=True)
assert done.returncode == 1, done
for warning in ("negative theta", "5 of 37", "cost to a"):
    assert warning in subprocess.run([VEGAWIRE, "hedge", "--help"], capture_output=True,
                                     text=True).stdout, warning
