"""Who would like to reach a machine's ports, and the programs that try."""

from __future__ import annotations

PORTS = CLIENT_PORT, PEER_PORT, METRICS_PORT, SSH_PORT = 2379, 2380, 2381, 22
NODE = ("10.77.0.11", "fd77::11")
PEER, NEW_PEER, CLIENT, STRANGER = "10.77.0.12", "10.77.0.13", "10.77.1.5", "10.77.2.9"
PEER_6, CLIENT_6, STRANGER_6 = "fd77::12", "fd77:0:1::5", "fd77:0:2::9"
OUTSIDE = (PEER, NEW_PEER, CLIENT, STRANGER, PEER_6, CLIENT_6, STRANGER_6)

LISTEN = """
import select, socket, sys
def listener(port):
    made = socket.create_server(("::", port), family=socket.AF_INET6, dualstack_ipv6=True)
    return made
listeners = [listener(int(port)) for port in sys.argv[1:]]
print("ready", flush=True)
while True:
    for ready in select.select(listeners, [], [])[0]:
        ready.accept()[0].close()
"""
# Each attempt in a thread: a dropped packet is only known by its absence.
DIAL = """
import json, socket, sys
from concurrent.futures import ThreadPoolExecutor
def dial(attempt):
    source, target, port = attempt
    try:
        socket.create_connection((target, port), 0.7, (source, 0)).close()
        return True
    except OSError:
        return False
attempts = json.load(sys.stdin)
with ThreadPoolExecutor(64) as pool:
    print(json.dumps(list(pool.map(dial, attempts))))
"""
