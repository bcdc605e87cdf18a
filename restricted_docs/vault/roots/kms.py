"""The root key in AWS KMS, asked over its JSON protocol; requests are signed here (Signature Version 4), with no SDK.

Source: AWS KMS API Reference, Encrypt, Decrypt and DescribeKey; AWS Signature Version 4. The place is bound as encryption
context, which CloudTrail shows in clear: it holds a hash, no id. Access keys come from the environment (AWS_ACCESS_KEY_ID,
AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN); roles of a machine are not looked up.
"""

import base64
import binascii
import hashlib
import hmac
import json
import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from ..errors import Damaged, KeyMissing, VaultUnavailable
from ..wrapping import KEY_BYTES
from .web import asker

SERVICE = "AWS KMS"
REGION = re.compile(r"[a-z0-9-]+")
NOT_OURS = frozenset({"InvalidCiphertextException", "IncorrectKeyException"})
GONE = frozenset({"NotFoundException", "DisabledException", "KMSInvalidStateException"})
NO_ENTRY = frozenset(
    {"AccessDeniedException", "UnrecognizedClientException", "ExpiredTokenException", "InvalidSignatureException"}
)


class KmsRoot:
    """A symmetric key of AWS KMS, by its id, ARN or alias. Its ids are "kms:<ARN>"; KMS keeps the versions within a key."""

    prefix = "kms:"

    def __init__(self, *, key: str, region: str, url: str = "", ca_file: str = "") -> None:
        if not key or not REGION.fullmatch(region):
            raise VaultUnavailable("Set DHR_KMS_KEY to the key's ARN or alias and DHR_KMS_REGION to its region.")
        self._key = key
        self._region = region
        self._url = url.rstrip("/") or f"https://kms.{region}.amazonaws.com"
        self._ask = asker(SERVICE, self._url, ca_file)

    def current_id(self) -> str:
        described = self._call("DescribeKey", {"KeyId": self._key})
        facts = described.get("KeyMetadata", {})
        if not facts.get("Enabled") or not facts.get("Arn"):
            raise VaultUnavailable("The key in AWS KMS is disabled or waits to be deleted. Enable it, or set another.")
        return f"{self.prefix}{facts['Arn']}"

    def wrap(self, key: bytes, aad: bytes) -> tuple[str, bytes]:
        if len(key) != KEY_BYTES:
            raise ValueError("A key has 32 bytes.")
        asked = {"KeyId": self._key, "Plaintext": _text(key), "EncryptionContext": _context(aad)}
        answer = self._call("Encrypt", asked)
        return f"{self.prefix}{answer['KeyId']}", _bytes(answer, "CiphertextBlob")

    def unwrap(self, key_id: str, blob: bytes, aad: bytes) -> bytes:
        asked = {"KeyId": key_id.removeprefix(self.prefix), "CiphertextBlob": _text(blob)}
        key = _bytes(self._call("Decrypt", {**asked, "EncryptionContext": _context(aad)}), "Plaintext")
        if len(key) != KEY_BYTES:
            raise Damaged("What AWS KMS opened is not a key. Restore the key folder.")
        return key

    def rewrap(self, key_id: str, blob: bytes, aad: bytes) -> tuple[str, bytes]:
        return self.wrap(self.unwrap(key_id, blob, aad), aad)

    def renew(self) -> str:
        raise VaultUnavailable(
            "This service may use a key in AWS KMS, never make one. Make a new key there, set DHR_KMS_KEY to it (or "
            "point the alias at it), and run rotate_keys --root again: it moves every key to the new one."
        )

    def _call(self, action: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        body = json.dumps(asked).encode()
        headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": f"TrentService.{action}"}
        signed = sign("POST", self._url + "/", headers, body, service="kms", region=self._region, keys=_access_keys())
        status, answer = self._ask(self._url + "/", signed, body)
        if status == 200:
            return answer
        raise _refusal(status, str(answer.get("__type", "")).rpartition("#")[2])


def sign(
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    service: str,
    region: str,
    keys: tuple[str, str, str],
    at: datetime | None = None,
) -> dict[str, str]:
    """The headers, with those of AWS Signature Version 4. `keys`: access key id, secret, session token or ""."""
    identity, secret, session = keys
    moment = f"{at or datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    parts = urlsplit(url)
    signed = {**headers, "Host": parts.netloc, "X-Amz-Date": moment}
    if session:
        signed["X-Amz-Security-Token"] = session
    lower = sorted((name.lower(), " ".join(value.split())) for name, value in signed.items())
    names = ";".join(name for name, _ in lower)
    lines = [method, parts.path or "/", parts.query, *(f"{name}:{value}" for name, value in lower), "", names]
    canonical = "\n".join([*lines, hashlib.sha256(body).hexdigest()])
    scope = f"{moment[:8]}/{region}/{service}/aws4_request"
    text = "\n".join(["AWS4-HMAC-SHA256", moment, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = f"AWS4{secret}".encode()
    for step in scope.split("/"):
        key = hmac.digest(key, step.encode(), hashlib.sha256)
    signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    said = f"AWS4-HMAC-SHA256 Credential={identity}/{scope}, SignedHeaders={names}, Signature={signature}"
    return {**signed, "Authorization": said}


def _access_keys() -> tuple[str, str, str]:
    found = [os.environ.get(name, "") for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")]
    if not (found[0] and found[1]):
        raise VaultUnavailable("Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY for a user that may use only this key.")
    return found[0], found[1], found[2]


def _refusal(status: int, kind: str) -> Exception:
    if kind in NOT_OURS:
        return Damaged("AWS KMS refuses this wrapped key: it was changed, or belongs somewhere else.")
    if kind in GONE:
        return KeyMissing("The key that wrapped this is not in AWS KMS any more, or is disabled. Look there first.")
    if kind in NO_ENTRY:
        return VaultUnavailable(
            "AWS KMS refuses us. Look at the access keys, this machine's clock and the key's policy."
        )
    return VaultUnavailable(f"AWS KMS answered {status}. Try again; if it goes on, look at its status page.")


def _context(aad: bytes) -> dict[str, str]:
    return {"dhr": hashlib.sha256(aad).hexdigest()}


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _bytes(answer: Mapping[str, Any], name: str) -> bytes:
    try:
        return base64.b64decode(str(answer[name]), validate=True)
    except (KeyError, binascii.Error):
        raise VaultUnavailable("AWS KMS gave an answer that is not one. Look at DHR_KMS_URL.") from None
