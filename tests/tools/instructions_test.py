#!/usr/bin/python3
"""instructions_test: how many instructions the hot paths take, counted by callgrind: the same on a
busy machine as on a quiet one.  A count that grows by more than TOLERANCE fails; one that shrinks
asks for a new figure.  valgrind knows no AVX-512, so AVX2 kernels stand for all.

To accept new figures: /usr/bin/python3 tests/tools/instructions_test.py build/release --write"""
import os, re, shutil, subprocess, sys, tempfile, unittest

BUILD = sys.argv.pop(1)
VEGAWIRE = os.path.join(BUILD, "vegawire")
ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
FIGURES = os.path.join(ROOT, "tests", "data", "instructions.txt")
GROUPS = ["price", "iv", "smile", "universe", "decode", "feed", "encode", "pipeline"]
TOLERANCE = 0.05
LINE = re.compile(r"^\s*([\d,]+) \([^)]*\)\s+(?:\S*/)?(bench/\w+\.c):(run_\w+)\b")


def compiler():
    """Counts belong to a compiler and its flags."""
    with open(os.path.join(BUILD, "CMakeCache.txt")) as file:
        cache = file.read()
    if "CMAKE_BUILD_TYPE:STRING=RelWithDebInfo" not in cache or "VW_SANITIZE:STRING=\n" not in cache:
        return "none"
    path = re.search(r"^CMAKE_C_COMPILER:[A-Z]+=(.*)$", cache, re.M).group(1)
    return subprocess.run([path, "--version"], capture_output=True, text=True).stdout.split("\n")[0]


def count():
    """Instructions of each subject's function and all it calls, in a pass of every subject."""
    with tempfile.TemporaryDirectory(prefix="vegawire-test-") as folder:
        out = os.path.join(folder, "callgrind.out")
        done = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=" + out, VEGAWIRE,
                               "bench", *GROUPS, "--isa", "avx2", "--once"],
                              capture_output=True, text=True, timeout=280)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        # Names of files are cut by the folder where it runs, and counts are gathered by name.
        listing = subprocess.run(["callgrind_annotate", "--inclusive=yes", "--threshold=100", out],
                                 capture_output=True, text=True, check=True, cwd=ROOT).stdout
    counts = {}
    for line in listing.split("-- Auto-annotated source")[0].split("\n"):
        found = LINE.match(line)
        if found:
            name = found.group(2) + ":" + found.group(3)
            counts.setdefault(name, int(found.group(1).replace(",", ""))) # the first is of all callers
    return counts


def read():
    with open(FIGURES) as file:
        lines = [line.split() for line in file if not line.startswith("#")]
    return {name: int(number) for name, number in lines}


def write(counts):
    with open(FIGURES, "w") as file:
        file.write("# Instructions of one pass, AVX2 kernels, %s\n" % compiler())
        for name in sorted(counts):
            file.write("%s %d\n" % (name, counts[name]))


class Instructions(unittest.TestCase):
    def test_no_hot_path_takes_more_instructions_than_it_did(self):
        counts, expected = count(), read()
        self.assertEqual(sorted(set(expected) - set(counts)), [], "subjects went: see --write")
        grown = ["%s: %d, was %d" % (name, counts[name], expected[name]) for name in expected
                 if counts[name] > (1 + TOLERANCE) * expected[name]]
        shrunk = [name for name in expected if counts[name] < (1 - TOLERANCE) * expected[name]]
        new = sorted(set(counts) - set(expected))
        if shrunk or new:
            print("fewer instructions: %s; new: %s; see --write" % (shrunk, new), file=sys.stderr)
        self.assertEqual(grown, [], "\n".join(grown))


if __name__ == "__main__":
    if shutil.which("valgrind") is None:
        print("skipped: valgrind is not installed (tools/setup --test)")
        sys.exit(77)
    if sys.argv[1:] == ["--write"]:
        write(count())
        sys.exit(0)
    with open(FIGURES) as figures:
        made_by = figures.readline().split("kernels, ")[1].strip()
    if compiler() != made_by:
        print("skipped: the figures are of a release build by " + made_by)
        sys.exit(77)
    unittest.main()
