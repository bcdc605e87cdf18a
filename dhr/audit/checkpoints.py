"""Signed checkpoints: c2sp.org/tlog-checkpoint in c2sp.org/signed-note, with Ed25519.

The key lives in a file beside the application, never in the database, and carries the log's name (its origin), so
that a later change of address does not change what was signed.
"""

import base64
import binascii
import os
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from .merkle import HASH_BYTES

ED25519 = b"\x01"  # the signature type of the signed-note specification
MARK = "\N{EM DASH} "


class SigningKeyMissing(Exception):
    """The log cannot be signed or checked, because its key file is not there or not readable as one."""


class BadCheckpoint(ValueError):
    """This text is no checkpoint, or this log's key did not sign it."""


@dataclass(frozen=True)
class Checkpoint:
    """That a log of this name had this many lines with this root."""

    origin: str
    size: int
    root: bytes

    def body(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True)
class Verifier:
    """What anybody needs to check this log's signatures: its name and its public key."""

    origin: str
    public: bytes

    @cached_property
    def key_id(self) -> bytes:
        return sha256(self.origin.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        """The key in the specification's own form: name+id+key."""
        return f"{self.origin}+{self.key_id.hex()}+{base64.b64encode(ED25519 + self.public).decode()}"

    def read(self, note: str) -> Checkpoint:
        """The checkpoint in this note. Raises BadCheckpoint unless this log's key signed exactly these words."""
        body, gap, signatures = note.partition("\n\n")
        body += "\n"
        prefix = f"{MARK}{self.origin} "
        found = [line[len(prefix) :] for line in signatures.splitlines() if line.startswith(prefix)]
        if not gap or not any(self._signed(body, line) for line in found):
            raise BadCheckpoint("This checkpoint is not signed by the log's key.")
        return _parse(body, self.origin)

    def _signed(self, body: str, line: str) -> bool:
        try:
            signature = base64.b64decode(line, validate=True)
            if signature[:4] != self.key_id:
                return False
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature[4:], body.encode())
        except (InvalidSignature, binascii.Error):
            return False
        return True


class Signer:
    """The log's own key, with its name."""

    def __init__(self, origin: str, private: Ed25519PrivateKey) -> None:
        self.origin, self.private = origin, private
        self._verifier = Verifier(origin, private.public_key().public_bytes_raw())
        self._last: tuple[str, Checkpoint] | None = None

    def verifier(self) -> Verifier:
        return self._verifier

    def sign(self, size: int, root: bytes) -> str:
        """The signed note for a log of this size and root."""
        checkpoint = Checkpoint(self.origin, size, root)
        body = checkpoint.body()
        signature = base64.b64encode(self._verifier.key_id + self.private.sign(body.encode())).decode()
        note = f"{body}\n{MARK}{self.origin} {signature}\n"
        self._last = (note, checkpoint)
        return note

    def read(self, note: str) -> Checkpoint:
        """As the verifier reads it; the note that this very key signed last, in this process, needs no second look."""
        last = self._last
        return last[1] if last is not None and last[0] == note else self._verifier.read(note)


def _parse(body: str, origin: str) -> Checkpoint:
    lines = body.split("\n")
    if len(lines) < 4 or lines[0] != origin or not (lines[1].isascii() and lines[1].isdigit()):
        raise BadCheckpoint("This note is no checkpoint of this log.")
    try:
        root = base64.b64decode(lines[2], validate=True)
    except binascii.Error:
        root = b""
    if len(root) != HASH_BYTES:
        raise BadCheckpoint("This note is no checkpoint of this log.")
    return Checkpoint(origin, int(lines[1]), root)


def key_file() -> Path:
    return _key_file(settings.VAR)


@lru_cache(maxsize=4)
def _key_file(var: Path | str) -> Path:
    return Path(var) / "keys" / "log-signing.key"


def make_signing_key() -> Path:
    """Make the log's key (0600) unless there is one already. The file must be backed up apart from the database."""
    path = key_file()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    origin = f"{urlsplit(settings.DHR_URL).hostname or 'localhost'}/access-log"
    signer = Signer(origin, Ed25519PrivateKey.generate())
    seed = base64.b64encode(ED25519 + signer.private.private_bytes_raw()).decode()
    text = f"PRIVATE+KEY+{origin}+{signer.verifier().key_id.hex()}+{seed}\n"
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # whole or not at all, and never over a key that is there
        _sync_folder(path.parent)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path


def signer() -> Signer:
    """The log's signer. Raises SigningKeyMissing with what to do."""
    path = key_file()
    try:
        state = path.stat()
    except OSError:
        raise SigningKeyMissing(
            "The access log's signing key keys/log-signing.key is missing. Restore it from the backup of the keys; "
            "only a new installation makes a new one."
        ) from None
    return _signer(path, state.st_mtime_ns, state.st_ino)


def verifier() -> Verifier:
    """The public half. Raises SigningKeyMissing."""
    return signer().verifier()


def fingerprint() -> str:
    """The public key in a form that two people can compare by telephone: eight groups of four hex digits."""
    digest = sha256(str(verifier()).encode()).hexdigest()[:32]
    return " ".join(digest[start : start + 4] for start in range(0, 32, 4))


@lru_cache(maxsize=4)
def _signer(path: Path, _changed: int, _file: int) -> Signer:
    try:
        mark, word, origin, _, key = path.read_text().strip().split("+", 4)
        kind_and_seed = base64.b64decode(key, validate=True)
        if (mark, word, kind_and_seed[:1]) != ("PRIVATE", "KEY", ED25519):
            raise ValueError("not an Ed25519 note key")
        return Signer(origin, Ed25519PrivateKey.from_private_bytes(kind_and_seed[1:]))
    except (ValueError, OSError) as error:
        raise SigningKeyMissing(
            "The access log's signing key keys/log-signing.key cannot be read. Restore it from the backup of the keys."
        ) from error


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
