#!/usr/bin/python3
"""subscriber: prints greeks as they come.  usage: subscriber.py [ENDPOINT [TOPIC]]
Packages: python3-zmq python3-flatbuffers; the classes of vegawire.fbs are made by tools/build."""
import os, sys, zmq
sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../build/release/schemas/python"))
from vegawire.Message import Message
from vegawire.Status import Status

socket = zmq.Context().socket(zmq.SUB)
socket.connect(sys.argv[1] if len(sys.argv) > 1 else "tcp://127.0.0.1:5601")
socket.subscribe(sys.argv[2] if len(sys.argv) > 2 else "greeks.")
while True:
    frame = socket.recv()  # 32 bytes of topic, then the FlatBuffer
    message = Message.GetRootAs(frame, 32)
    for row in map(message.Greeks, range(message.GreeksLength())):
        if row.Status() == Status.ok:  # else the numbers are not to be had
            print(f"{frame[:32].decode().rstrip(chr(0))} {row.Strike():g}{chr(row.Type())} vol {row.Vol():.4f} "
                  f"delta {row.Delta():.4f} gamma {row.Gamma():.6f} vega {row.Vega():.4f}", flush=True)
