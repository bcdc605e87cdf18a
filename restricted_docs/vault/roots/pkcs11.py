"""The root key in a hardware security module, through PKCS#11 2.40 or newer: AES-256-GCM with associated data, inside it.

The key is marked sensitive and not extractable. Its versions share a label; CKA_ID is the version, four bytes.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import Damaged, KeyMissing, VaultUnavailable
from ..wrapping import KEY_BYTES, NONCE_BYTES, TAG_BYTES, VERSION

if TYPE_CHECKING:
    import pkcs11

NOT_INSTALLED = (
    "The root key is to be in a security module, but python-pkcs11 is missing: install requirements-pkcs11.txt."
)


class Pkcs11Root:
    """A key in one token. Its ids are "pkcs11:<token>/<label>:v<version>". One session a process, one call at a time."""

    prefix = "pkcs11:"

    def __init__(self, *, module: str, token: str, pin_file: Path, label: str = "dhr-root") -> None:
        try:
            import pkcs11
        except ImportError:
            raise VaultUnavailable(NOT_INSTALLED) from None
        self._pkcs11 = pkcs11
        self._module, self._token, self._pin_file, self._label = module, token, pin_file, label
        self._named = f"{self.prefix}{token}/{label}:v"
        self._lock = threading.Lock()
        self._session: pkcs11.Session | None = None
        self._process = 0

    def current_id(self) -> str:
        with self._answering() as session:
            return f"{self._named}{self._newest(session)}"

    def wrap(self, key: bytes, aad: bytes) -> tuple[str, bytes]:
        if len(key) != KEY_BYTES:
            raise ValueError("A key has 32 bytes.")
        nonce = os.urandom(NONCE_BYTES)
        with self._answering() as session:
            version = self._newest(session)
            sealed = self._key(session, version).encrypt(key, **self._gcm(nonce, aad))
        return f"{self._named}{version}", VERSION + nonce + bytes(sealed)

    def unwrap(self, key_id: str, blob: bytes, aad: bytes) -> bytes:
        start = len(VERSION) + NONCE_BYTES
        if len(blob) != start + KEY_BYTES + TAG_BYTES or blob[:1] != VERSION:
            raise Damaged("What is stored as a wrapped key is not one. Restore the key folder.")
        version = key_id.removeprefix(self._named)
        if not version.isdecimal():
            raise KeyMissing("This container key was wrapped by a key of another token: set that one.")
        with self._answering() as session:
            key = self._key(session, int(version))
            try:
                return bytes(key.decrypt(blob[start:], **self._gcm(blob[1:start], aad)))
            except self._pkcs11.PKCS11Error:
                # Modules answer a wrong tag with a general error; one that still seals is not broken.
                key.encrypt(bytes(KEY_BYTES), **self._gcm(os.urandom(NONCE_BYTES), aad))
                raise Damaged("A wrapped key was changed, or belongs somewhere else. Restore the key folder.") from None

    def rewrap(self, key_id: str, blob: bytes, aad: bytes) -> tuple[str, bytes]:
        return self.wrap(self.unwrap(key_id, blob, aad), aad)

    def renew(self) -> str:
        """Make a new version inside the token; the first one, where there is none."""
        with self._answering() as session:
            version = max(self._versions(session), default=0) + 1
            a = self._pkcs11.Attribute
            marks = {a.SENSITIVE: True, a.EXTRACTABLE: False, a.ENCRYPT: True, a.DECRYPT: True}
            session.generate_key(
                self._pkcs11.KeyType.AES,
                KEY_BYTES * 8,
                label=self._label,
                id=version.to_bytes(4, "big"),
                store=True,
                template=marks,
            )
            return f"{self._named}{version}"

    def _newest(self, session: "pkcs11.Session") -> int:
        found = self._versions(session)
        if not found:
            raise VaultUnavailable(
                f"The token {self._token} has no key labelled {self._label}. manage.py make_keys makes the first one; if "
                "there was one, restore the token from its backup."
            )
        return max(found)

    def _versions(self, session: "pkcs11.Session") -> list[int]:
        a = self._pkcs11.Attribute
        wanted = {a.LABEL: self._label, a.CLASS: self._pkcs11.ObjectClass.SECRET_KEY}
        return [int.from_bytes(key[a.ID], "big") for key in session.get_objects(wanted)]

    def _key(self, session: "pkcs11.Session", version: int) -> Any:
        a = self._pkcs11.Attribute
        wanted = {a.LABEL: self._label, a.CLASS: self._pkcs11.ObjectClass.SECRET_KEY, a.ID: version.to_bytes(4, "big")}
        found = list(session.get_objects(wanted))
        if not found:
            raise KeyMissing("The root key that wrapped this container key is not in the token. Restore the token.")
        return found[0]

    def _gcm(self, nonce: bytes, aad: bytes) -> dict[str, Any]:
        params = self._pkcs11.GCMParams(nonce=nonce, aad=aad, tag_bits=TAG_BYTES * 8)
        return {"mechanism": self._pkcs11.Mechanism.AES_GCM, "mechanism_param": params}

    @contextmanager
    def _answering(self) -> Iterator["pkcs11.Session"]:
        """The session, for one caller at a time; opened anew after a fork, and after an error that may have ended it."""
        with self._lock:
            try:
                if self._session is None or self._process != os.getpid():
                    self._session, self._process = self._open(), os.getpid()
                yield self._session
            except (self._pkcs11.PKCS11Error, OSError) as fault:
                self._session = None
                raise VaultUnavailable(self._sentence(fault)) from None

    def _open(self) -> "pkcs11.Session":
        library = self._pkcs11.lib(self._module)
        if self._process:  # a fork, or a session that ended: the module starts afresh
            library.reinitialize()
        pin = self._pin_file.read_text().strip()
        token = library.get_token(token_label=self._token)
        try:
            return token.open(rw=True, user_pin=pin)
        except self._pkcs11.UserAlreadyLoggedIn:  # a sign-in counts for the whole process
            return token.open(rw=True)

    def _sentence(self, fault: Exception) -> str:
        if isinstance(fault, FileNotFoundError | PermissionError):
            return "The PIN of the security module cannot be read. Look at DHR_PKCS11_PIN_FILE."
        if isinstance(fault, self._pkcs11.NoSuchToken):
            return f"The security module has no token named {self._token}. Look at DHR_PKCS11_TOKEN and the module."
        if isinstance(fault, self._pkcs11.PinIncorrect | self._pkcs11.PinLocked):
            return (
                "The security module refuses the PIN, and locks after a few tries. Look at DHR_PKCS11_PIN_FILE first."
            )
        return (
            "The security module does not answer, so nothing sealed can be opened. Look whether it is connected and "
            "DHR_PKCS11_MODULE names its library."
        )
