"""The root keys wrap the container keys and nothing else. A keyring file here; key services in `roots` fit the same protocol.

An id names the kind of root and the version of its key ("root-…", "transit:…", "kms:…", "pkcs11:…"), so that a deployment
can move from one to another: each key is opened by the root that wrapped it, and wrapped by the one that is current.
"""

import base64
import binascii
import json
import secrets
import time
from pathlib import Path
from typing import Protocol

from .errors import KeyMissing, VaultUnavailable
from .files import SOMEBODY_ELSE, locked, write_once, write_over
from .wrapping import KEY_BYTES, new_key, unwrap_key, wrap_key

LEFT_BEHIND = 60  # seconds; a part file older than this is no renewal under way, but one that was cut short


class RootKeys(Protocol):
    """What wraps container keys. `aad` binds a wrapped key to its place: another place does not open it."""

    def current_id(self) -> str:
        """The key that wraps from now on."""
        ...

    def wrap(self, key: bytes, aad: bytes) -> tuple[str, bytes]:
        """The id of the key used, and the wrapped key."""
        ...

    def unwrap(self, key_id: str, blob: bytes, aad: bytes) -> bytes:
        """Raises KeyMissing, Damaged or VaultUnavailable."""
        ...

    def rewrap(self, key_id: str, blob: bytes, aad: bytes) -> tuple[str, bytes]:
        """The same key, wrapped by the current root key."""
        ...

    def renew(self) -> str:
        """A new version to wrap with from now on; the old ones still unwrap. Raises VaultUnavailable."""
        ...


class RootKind(RootKeys, Protocol):
    """A root that says which ids are its own."""

    @property
    def prefix(self) -> str: ...


class Roots:
    """The root that wraps, and those that wrapped before this deployment moved away from them."""

    def __init__(self, current: RootKind, *others: RootKind) -> None:
        self._current = current
        self._kinds = current, *others

    def current_id(self) -> str:
        return self._current.current_id()

    def wrap(self, key: bytes, aad: bytes) -> tuple[str, bytes]:
        return self._current.wrap(key, aad)

    def unwrap(self, key_id: str, blob: bytes, aad: bytes) -> bytes:
        for kind in self._kinds:
            if key_id.startswith(kind.prefix):
                return kind.unwrap(key_id, blob, aad)
        raise KeyMissing(
            "This container key was wrapped by another kind of root key than those that are set. Set that one as well "
            "(docs/runbooks/keys.md), until rotate_keys --root has run."
        )

    def rewrap(self, key_id: str, blob: bytes, aad: bytes) -> tuple[str, bytes]:
        if key_id.startswith(self._current.prefix):
            return self._current.rewrap(key_id, blob, aad)
        return self.wrap(self.unwrap(key_id, blob, aad), aad)

    def renew(self) -> str:
        return self._current.renew()


class KeyringFile:
    """Root keys in an owner-only JSON file, `{"current": id, "keys": {id: base64}}`; read again when it changes."""

    prefix = "root-"

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp: tuple[int, int, int] | None = None
        self._current = ""
        self._keys: dict[str, bytes] = {}

    @classmethod
    def create(cls, path: Path) -> "KeyringFile":
        """A keyring with one new key. Raises VaultUnavailable when there is one already: its keys are irreplaceable."""
        try:
            write_once(path, _encode(*_with_new_key({})))
        except FileExistsError:
            raise VaultUnavailable("There is a root keyring already, and it is never replaced.") from None
        return cls(path)

    def renew(self) -> str:
        """Add a new key and make it current; the old ones still unwrap. Container keys follow by `rewrap_all`."""
        self._load()
        with locked(self._path.parent):  # or two at once would each write a keyring without the other's new key
            return self._renew()

    def _renew(self) -> str:
        self._load()
        current, keys = _with_new_key(self._keys)
        part = self._path.with_name(f"{self._path.name}.part")
        if part.exists() and time.time() - part.stat().st_mtime > LEFT_BEHIND:
            part.unlink()
        try:
            write_over(self._path, _encode(current, keys))
        except FileExistsError:
            raise VaultUnavailable("The root keyring is being renewed by somebody else. Try again later.") from None
        return current

    def current_id(self) -> str:
        self._load()
        return self._current

    def wrap(self, key: bytes, aad: bytes) -> tuple[str, bytes]:
        self._load()
        return self._current, wrap_key(self._keys[self._current], key, aad)

    def unwrap(self, key_id: str, blob: bytes, aad: bytes) -> bytes:
        self._load()
        if key_id not in self._keys:
            raise KeyMissing("The root key that wrapped this container key is not in the keyring. Restore the keyring.")
        return unwrap_key(self._keys[key_id], blob, aad)

    def rewrap(self, key_id: str, blob: bytes, aad: bytes) -> tuple[str, bytes]:
        return self.wrap(self.unwrap(key_id, blob, aad), aad)

    def _load(self) -> None:
        """Read the file when it is new to us; look at its permissions every time."""
        try:
            found = self._path.stat()
            if found.st_mode & SOMEBODY_ELSE:
                raise VaultUnavailable("Others may read the root keyring. Give it to its owner alone: chmod 600.")
            stamp = found.st_ino, found.st_mtime_ns, found.st_size
            if stamp != self._stamp:
                self._current, self._keys = _decode(self._path.read_bytes())
                self._stamp = stamp
        except OSError:
            raise VaultUnavailable("There is no root keyring to read. Make the keys, or restore them.") from None


def _with_new_key(keys: dict[str, bytes]) -> tuple[str, dict[str, bytes]]:
    current = f"root-{secrets.token_hex(8)}"
    return current, {**keys, current: new_key()}


def _encode(current: str, keys: dict[str, bytes]) -> bytes:
    readable = {key_id: base64.b64encode(key).decode() for key_id, key in keys.items()}
    return json.dumps({"current": current, "keys": readable}, indent=1).encode() + b"\n"


def _decode(content: bytes) -> tuple[str, dict[str, bytes]]:
    try:
        ring = json.loads(content)
        keys = {str(key_id): base64.b64decode(key, validate=True) for key_id, key in ring["keys"].items()}
        current = str(ring["current"])
        complete = current in keys and all(len(key) == KEY_BYTES for key in keys.values())
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
        complete = False
    if not complete:
        raise VaultUnavailable("The root keyring is not a keyring. Restore it from its backup.")
    return current, keys
