"""An issuer of workload-identity tokens, shaped like Terraform Enterprise's, on a free loopback port.

With `broken` as its argument it has the defect of the releases before v202407-1: a token names the newest key, and the
key that signs it is chosen by comparing versions as texts, so that from the tenth version on it is another one
(https://support.hashicorp.com/hc/en-us/articles/31715716966419).

POST /rotate?n=9    makes so many new versions
POST /trim          drops all but the newest
GET  /token?aud=..&ttl=..&kid=..   a token, with other claims or another `kid` if they are named
GET  /ping, /api/v2/...            what Terraform Enterprise's API says of itself and of the token `good`
POST and GET /log   what was asked so far, with the authorization that was sent

Prints its address as JSON, and ends when its input does.
"""

import base64
import hashlib
import json
import sys
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

broken = "broken" in sys.argv
release = "v202406-1" if broken else "v202407-1"
keys = {}
log = []


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value):
    return encoded(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def rotate():
    keys[max(keys, default=0) + 1] = rsa.generate_private_key(65537, 2048)


def public(version):
    numbers = keys[version].public_key().public_numbers()
    key = {"e": number(numbers.e), "kty": "RSA", "n": number(numbers.n)}
    kid = hashlib.sha256(json.dumps(key, separators=(",", ":")).encode()).hexdigest()
    return {**key, "use": "sig", "alg": "RS256", "kid": kid}


def token(query):
    newest = max(keys)
    signer = max(keys, key=str) if broken else newest
    now = int(time.time())
    header = {"typ": "JWT", "alg": "RS256", "kid": query.get("kid", public(newest)["kid"])}
    claims = {
        "iss": issuer,
        "aud": query.get("aud", "aws.workload.identity"),
        "sub": "organization:o:project:p:workspace:w:run_phase:plan",
        "iat": now,
        "nbf": now - 5,
        "exp": now + int(query.get("ttl", 3600)),
    }
    message = encoded(json.dumps(header).encode()) + "." + encoded(json.dumps(claims).encode())
    signature = keys[signer].sign(message.encode(), padding.PKCS1v15(), hashes.SHA256())
    return {"value": message + "." + encoded(signature), "newest": newest, "signer": signer}


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, body, status=200, headers=()):
        data = json.dumps(body).encode()
        self.send_response(status)
        for name, value in [("content-type", "application/json"), ("content-length", str(len(data))), *headers]:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def do_POST(self):
        url = urllib.parse.urlparse(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        if url.path == "/rotate":
            for _ in range(int(query.get("n", 1))):
                rotate()
        elif url.path == "/trim":
            for version in sorted(keys)[:-1]:
                del keys[version]
        self.answer({"versions": sorted(keys)})

    def do_GET(self):
        url = urllib.parse.urlparse(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        sent = self.headers.get("authorization", "")
        if url.path == "/log":
            return self.answer(log)
        log.append({"path": url.path, "authorization": sent})
        if url.path == "/.well-known/openid-configuration":
            return self.answer({"issuer": issuer, "jwks_uri": issuer + "/.well-known/jwks"})
        if url.path == "/.well-known/jwks":
            return self.answer({"keys": [public(version) for version in sorted(keys)]})
        # Also GitHub's token endpoint, for whoever shows the job's own token.
        if url.path == "/token":
            return self.answer(token({"aud": query["audience"]} if "audience" in query else query))
        if url.path == "/api/v2/ping":
            headers = [("TFP-AppName", "Terraform Enterprise"), ("X-TFE-Version", release)]
            return self.answer({}, headers=headers)
        if url.path.startswith("/api/v2/") and sent != "Bearer " + good:
            return self.answer({"errors": [{"status": "401", "title": "unauthorized"}]}, 401)
        if url.path == "/api/v2/account/details":
            user = {"id": "user-V3R563qtJNcExAkN", "type": "users", "attributes": {"username": "admin"}}
            return self.answer({"data": user})
        if url.path == "/api/v2/users/user-V3R563qtJNcExAkN/authentication-tokens":
            dates = {"created-at": "2025-11-06T22:56:10.203Z", "last-used-at": None, "expired-at": None}
            return self.answer({"data": [{"id": "at-6yEmxNAhaoQLH1Da", "attributes": dates}]})
        self.answer({}, 404)


good = "ExampleExample.atlasv1.ExampleExampleExampleExampleExampleExampleExample0123456789"
rotate()
server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
issuer = f"http://127.0.0.1:{server.server_port}"
threading.Thread(target=server.serve_forever, daemon=True).start()
print(json.dumps({"url": issuer}), flush=True)
sys.stdin.read()
