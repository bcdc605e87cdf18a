"""The root key in HashiCorp Vault's or OpenBao's transit engine: it never leaves there, and its audit device tells of each use.

Source: the transit engine's API, `encrypt`, `decrypt`, `keys` and `rotate`, with `associated_data` (AES-256-GCM). The
token needs `update` on encrypt/<key> and decrypt/<key> and `read` on keys/<key>; `update` on keys/<key>/rotate only
where rotate_keys --root is to make the new version.
"""

import base64
import binascii
import json
import re
from pathlib import Path
from typing import Any

from ..errors import Damaged, KeyMissing, VaultUnavailable
from ..wrapping import KEY_BYTES
from .web import asker

SERVICE = "The key service (transit)"
CIPHERTEXT = re.compile(r"vault:v(\d+):[A-Za-z0-9+/=]+")
KEY_NAME = re.compile(r"[A-Za-z0-9._-]+")


class TransitRoot:
    """A key of the transit engine. Its ids are "transit:<mount>/<key>:v<version>"."""

    prefix = "transit:"

    def __init__(self, *, url: str, key: str, token_file: Path, mount: str = "transit", ca_file: str = "") -> None:
        if not KEY_NAME.fullmatch(key):
            raise VaultUnavailable("Set DHR_TRANSIT_KEY to the name of the key in the transit engine.")
        self._base = f"{url.rstrip('/')}/v1/{mount}"
        self._key = key
        self._named = f"{self.prefix}{mount}/{key}:v"
        self._token_file = token_file
        self._ask = asker(SERVICE, url, ca_file)

    def current_id(self) -> str:
        status, data = self._call(f"keys/{self._key}", None)
        if status == 404:
            raise VaultUnavailable(
                f"The transit engine has no key named {self._key}. Make it there (type aes256-gcm96), or set "
                "DHR_TRANSIT_KEY."
            )
        if status != 200 or data.get("type") != "aes256-gcm96":
            raise self._refused(status)
        return f"{self._named}{int(data['latest_version'])}"

    def wrap(self, key: bytes, aad: bytes) -> tuple[str, bytes]:
        if len(key) != KEY_BYTES:
            raise ValueError("A key has 32 bytes.")
        status, data = self._call(f"encrypt/{self._key}", {"plaintext": _text(key), "associated_data": _text(aad)})
        found = CIPHERTEXT.fullmatch(str(data.get("ciphertext", "")))
        if status != 200 or found is None:
            raise self._refused(status)
        return f"{self._named}{int(found[1])}", found[0].encode()

    def unwrap(self, key_id: str, blob: bytes, aad: bytes) -> bytes:
        if not key_id.startswith(self._named):
            raise KeyMissing("This container key was wrapped by another key of the transit engine: set that one.")
        ciphertext = blob.decode("ascii", "replace")
        if not CIPHERTEXT.fullmatch(ciphertext):
            raise Damaged("What is stored as a wrapped key is not one. Restore the key folder.")
        asked = {"ciphertext": ciphertext, "associated_data": _text(aad)}
        status, data = self._call(f"decrypt/{self._key}", asked)
        if status == 400:  # also a version below min_decryption_version: it opens no more, which is the point of it
            raise Damaged(
                "The key service refuses this wrapped key: changed, of another place, or its version retired."
            )
        if status != 200:
            raise self._refused(status)
        return _key(data)

    def rewrap(self, key_id: str, blob: bytes, aad: bytes) -> tuple[str, bytes]:
        return self.wrap(self.unwrap(key_id, blob, aad), aad)

    def renew(self) -> str:
        status, _ = self._call(f"keys/{self._key}/rotate", {})
        if status not in {200, 204}:
            raise self._refused(status)
        return self.current_id()

    def _call(self, path: str, body: dict[str, str] | None) -> tuple[int, dict[str, Any]]:
        try:
            token = self._token_file.read_text().strip()
        except (OSError, ValueError):
            raise VaultUnavailable(
                "The token for the key service cannot be read. Look at DHR_TRANSIT_TOKEN_FILE."
            ) from None
        headers = {"X-Vault-Token": token, "X-Vault-Request": "true", "Content-Type": "application/json"}
        status, answer = self._ask(f"{self._base}/{path}", headers, None if body is None else json.dumps(body).encode())
        data = answer.get("data")
        return status, data if isinstance(data, dict) else {}

    def _refused(self, status: int) -> VaultUnavailable:
        if status == 403:
            return VaultUnavailable(
                "The key service refuses our token. Look whether it has run out (DHR_TRANSIT_TOKEN_FILE) and what its "
                "policy allows: docs/runbooks/keys.md."
            )
        return VaultUnavailable(
            f"{SERVICE} answered {status}: it may be sealed or still starting. Try again, look there."
        )


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _key(data: dict[str, Any]) -> bytes:
    try:
        key = base64.b64decode(str(data["plaintext"]), validate=True)
    except (KeyError, binascii.Error):
        key = b""
    if len(key) != KEY_BYTES:
        raise Damaged("What the key service opened is not a key. Restore the key folder.")
    return key
