"""The log's key, and checkpoints: signed notes, and the same as one line each (c2sp.org/tlog-checkpoint, signed-note)."""

from __future__ import annotations

import base64
import re
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from .ed25519 import Ed25519
from .faults import Unusable

SIZE = r"0|[1-9][0-9]{0,17}"
SHIPPED = re.compile(rf"([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T[0-9:]{{8}}Z) (\S+) ({SIZE}) (\S+) (\S+)")
MARK = "\N{EM DASH}"
MOST_SIGNATURES = 16


class Checkpoint(NamedTuple):
    """That a log had so many lines with this root. `at`: when it was shipped, in microseconds, by a hint that nobody
    signed; 0: not known. `signed`: by the log's key."""

    size: int
    root: bytes
    at: int
    where: str
    signed: bool


def unbase64(text: str) -> bytes:
    """What was encoded, or nothing."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return b""


class Key:
    def __init__(self, line: str) -> None:
        """From `name+id+base64(01 || public key)`. Raises Unusable."""
        self.origin, named, key = (*line.split("+", 2), "", "")[:3]
        raw = unbase64(key)
        self.id = sha256(self.origin.encode() + b"\n" + raw).digest()[:4]
        self.fingerprint = sha256(line.encode()).hexdigest()[:32]
        if raw[:1] != b"\x01" or named != self.id.hex() or not re.fullmatch(r"\S+", self.origin):
            raise Unusable("key.txt is not written as the public key of a log.")
        try:
            self.ed25519 = Ed25519(raw[1:])
        except ValueError as error:
            raise Unusable("key.txt holds no public key that could sign a log.") from error

    def read(self, note: str, where: str, at: int = 0) -> Checkpoint | None:
        """The checkpoint in this signed note, whoever signed it; None if there is none."""
        body, gap, signatures = note.partition("\n\n")
        origin, size, root = (*body.split("\n"), "", "")[:3]
        lines = signatures.rstrip("\n").split("\n")
        if not gap or len(unbase64(root)) != 32 or not re.fullmatch(SIZE, size):
            return None
        if not all(line.startswith(f"{MARK} ") for line in lines):  # a second note, say, that nobody would look at
            return None
        prefix = f"{MARK} {self.origin} "
        ours = [line[len(prefix) :] for line in lines if line.startswith(prefix)]
        good = origin == self.origin and any(self._signed(f"{body}\n", one) for one in ours[:MOST_SIGNATURES])
        return Checkpoint(int(size), unbase64(root), at, where, good)

    def read_line(self, line: str, where: str) -> Checkpoint | None:
        """The checkpoint in this line of a checkpoints.log, whoever signed it; None if there is none."""
        words = SHIPPED.fullmatch(line)
        if words is None:
            return None
        at, origin, size, root, signature = words.groups()
        try:
            since_1970 = datetime.fromisoformat(at[:-1]) - datetime(1970, 1, 1)  # noqa: DTZ001 - both are UTC
        except ValueError:
            return None
        note = f"{origin}\n{size}\n{root}\n\n{MARK} {origin} {signature}\n"
        return self.read(note, where, since_1970 // timedelta(microseconds=1))

    def _signed(self, body: str, signature: str) -> bool:
        raw = unbase64(signature)
        return raw[:4] == self.id and self.ed25519.signed(raw[4:], body.encode())
