#!/usr/bin/python3
"""subscriber_test: the subscriber of tools/examples runs as it stands and prints greeks."""
import os, subprocess, sys

import zmq

BUILD = sys.argv[1]
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
GOLDEN = os.path.join(ROOT, "tests", "data", "golden_messages.txt")
frames = {kind: bytes.fromhex(body) for kind, body in
          (line.split() for line in open(GOLDEN) if not line.startswith("#"))}

context = zmq.Context()
publisher = context.socket(zmq.XPUB)
publisher.linger = 0
endpoint = "tcp://127.0.0.1:%d" % publisher.bind_to_random_port("tcp://127.0.0.1")
subscriber = subprocess.Popen(
    [os.path.join(ROOT, "tools", "examples", "subscriber.py"), endpoint], stdout=subprocess.PIPE,
    text=True, env={**os.environ, "PYTHONPATH": os.path.join(BUILD, "schemas", "python")})
try:
    assert publisher.poll(20000), "it did not subscribe"
    assert publisher.recv() == b"\1greeks."
    publisher.send(frames["greeks"])
    lines = [subscriber.stdout.readline() for _ in range(3)]
finally:
    subscriber.kill()
    subscriber.communicate()
    context.destroy()
want = "greeks.SPXW.220610P 3905P vol 0.2875 delta 0.4875 gamma 0.006300 vega 0.8300\n"
assert lines[1] == want, lines
