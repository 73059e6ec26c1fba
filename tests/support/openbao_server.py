"""OpenBao in its development mode on a free loopback port, from the package that ships its executable.

Prints its address as JSON once it answers, and ends when its input does.
"""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request

with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    address = "127.0.0.1:%d" % free.getsockname()[1]
bao = os.path.join(os.path.dirname(sys.executable), "bao")
arguments = ["server", "-dev", "-dev-root-token-id=root", "-dev-no-store-token", "-dev-listen-address=" + address]
server = subprocess.Popen([bao, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
try:
    for _ in range(600):
        try:
            urllib.request.urlopen("http://%s/v1/sys/health" % address, timeout=1)
            break
        except OSError:
            time.sleep(0.1)
    print(json.dumps({"url": "http://" + address}), flush=True)
    sys.stdin.read()
finally:
    server.terminate()
    server.wait()
