"""A second verifier of exports, written from docs/formats/access-log-v1.md alone, the plain and slow way: yes or no.

It shares no line with the first one: another library for signatures, roots by recursion, proofs written out in full.
"""

import base64
import json
import re
import zipfile
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

MEMBERS = {
    *("export.json", "key.txt", "checkpoint.txt", "checkpoints.log", "log.jsonl", "inclusion.txt", "consistency.txt"),
    *("verify.py", "README.txt"),
}
A_QUARTER_OF_AN_HOUR = 15 * 60 * 1_000_000


def second_opinion(out: Path, fingerprint: str = "", kept: Path | None = None) -> bool:
    """Whether this export is whole."""
    try:
        return whole(out, fingerprint.replace(" ", ""), kept.read_text() if kept else "")
    except (AssertionError, ValueError, KeyError, IndexError, TypeError, InvalidSignature, zipfile.BadZipFile):
        return False


def whole(out: Path, fingerprint: str, kept: str) -> bool:
    with zipfile.ZipFile(out) as made:
        assert sorted(made.namelist()) == sorted(MEMBERS)
        files = {name: made.read(name).decode() for name in MEMBERS}
    about = json.loads(files["export.json"])
    assert about["format"] == "dhr-access-log-export/1"
    name, key = read_key(files["key.txt"].rstrip("\n"), fingerprint)
    entries = [json.loads(line) for line in files["log.jsonl"].splitlines()]
    leaves = [bytes.fromhex(entry[-1]) for entry in entries]
    assert [entry[0] for entry in entries] == list(range(1, about["size"] + 1))

    shipped = [read_line(line, name, key) for line in files["checkpoints.log"].splitlines()]
    outside = [read_line(line, name, key) for line in kept.splitlines()]
    if files["checkpoint.txt"]:
        origin, size, root, nothing, signature = files["checkpoint.txt"].rstrip("\n").split("\n")
        assert nothing == ""
        assert origin == name
        head = (0, int(size), signed(name, size, root, signature.removeprefix(f"— {name} "), key))
    else:
        head = (0, 0, root_of(()))
    assert head[1] == about["size"]
    tree = Roots(leaves)
    for _, size_then, root_then in [*shipped, *outside, head]:
        assert size_then <= about["size"]
        assert tree.root(0, size_then) == root_then
    check_order_of_shipping([*shipped, *outside])
    check_entries(entries, about)
    check_hidden(entries, about, [*shipped, *outside])
    check_times(entries, [*shipped, *outside])
    check_inclusion(files["inclusion.txt"], [entry for entry in entries if len(entry) == 12], head[1], head[2])
    check_consistency(files["consistency.txt"], {(size, root) for _, size, root in [*shipped, head] if size})
    return True


# ------------------------------------------------------------------------------------------------ keys and checkpoints
def read_key(line: str, fingerprint: str) -> tuple[str, Ed25519PublicKey]:
    assert fingerprint in ("", sha256(line.encode()).hexdigest()[:32])
    name, number, key = line.split("+", 2)
    raw = base64.b64decode(key, validate=True)
    assert raw[0] == 1
    assert sha256(name.encode() + b"\n" + raw).hexdigest()[:8] == number
    return name, Ed25519PublicKey.from_public_bytes(raw[1:])


def read_line(line: str, name: str, key: Ed25519PublicKey) -> tuple[int, int, bytes]:
    """Time in microseconds, size, root."""
    at, origin, size, root, signature = line.split(" ")
    assert origin == name
    moment = datetime.strptime(at, "%Y-%m-%dT%H:%M:%S%z")
    return int(moment.timestamp()) * 1_000_000, int(size), signed(name, size, root, signature, key)


def signed(name: str, size: str, root: str, signature: str, key: Ed25519PublicKey) -> bytes:
    raw = base64.b64decode(signature, validate=True)
    assert raw[:4] == sha256(name.encode() + b"\n\x01" + key.public_bytes_raw()).digest()[:4]
    key.verify(raw[4:], f"{name}\n{size}\n{root}\n".encode())
    return base64.b64decode(root, validate=True)


def check_order_of_shipping(shipped: list[tuple[int, int, bytes]]) -> None:
    for at, size, _ in shipped:
        assert not [1 for then, larger, _ in shipped if larger > size and at > then + A_QUARTER_OF_AN_HOUR]


# ------------------------------------------------------------------------------------------------------------- entries
def check_entries(entries: list[list[Any]], about: dict[str, Any]) -> None:
    begun = False
    for entry in entries:
        if len(entry) == 2:
            assert about["review"] or (about["since"] and not begun)
            continue
        begun = True
        assert sha256(b"\x00" + bytes_of(entry)).hexdigest() == entry[11]


def check_hidden(entries: list[list[Any]], about: dict[str, Any], shipped: list[tuple[int, int, bytes]]) -> None:
    """With a day alone: nothing is hidden that was written after a checkpoint of that day or later."""
    if not about["since"] or about["review"]:
        return
    day = datetime.strptime(about["since"] + "+0000", "%Y-%m-%d%z").timestamp() * 1_000_000
    covered = [size for at, size, _ in shipped if at - A_QUARTER_OF_AN_HOUR >= day]
    assert not [entry for entry in entries if len(entry) == 2 and covered and entry[0] > min(covered)]


def bytes_of(entry: list[Any]) -> bytes:
    seq, at, event, person, behalf, review, reference, thing, number, version, details, _ = entry
    assert review is None or re.fullmatch("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", review)
    assert seq is not None
    assert at is not None
    lines = [
        *(b"dhr-access-log/1", decimal(seq), decimal(at), text(event), decimal(person), decimal(behalf)),
        *(b"-" if review is None else review.encode(), text(reference), text(thing), text(number), decimal(version)),
        text(details),
    ]
    return b"".join(line + b"\n" for line in lines)


def decimal(value: int | None) -> bytes:
    assert value is None or type(value) is int
    return b"-" if value is None else b"%d" % value


def text(value: str) -> bytes:
    assert isinstance(value, str)
    return b"%d:%s" % (len(value.encode()), value.encode())


def check_times(entries: list[list[Any]], shipped: list[tuple[int, int, bytes]]) -> None:
    shown = [(entry[0], entry[1]) for entry in entries if len(entry) == 12]
    assert [at for _, at in shown] == sorted(at for _, at in shown)
    for seq, at in shown:
        for then, size, _ in shipped:
            if seq <= size:
                assert at <= then + A_QUARTER_OF_AN_HOUR
            else:
                assert at >= then - A_QUARTER_OF_AN_HOUR


# -------------------------------------------------------------------------------------------------- the tree (RFC 6962)
def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def root_of(leaves: tuple[bytes, ...]) -> bytes:
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    middle = split(len(leaves))
    return node(root_of(leaves[:middle]), root_of(leaves[middle:]))


def split(size: int) -> int:
    middle = 1
    while middle * 2 < size:
        middle *= 2
    return middle


class Roots:
    """root_of any beginning, each subtree hashed once."""

    def __init__(self, leaves: list[bytes]) -> None:
        self.leaves = leaves
        self.root = lru_cache(maxsize=None)(self._root)

    def _root(self, first: int, end: int) -> bytes:
        if end - first < 2:
            return root_of(tuple(self.leaves[first:end]))
        middle = first + split(end - first)
        return node(self.root(first, middle), self.root(middle, end))


def check_inclusion(told: str, shown: list[list[Any]], size: int, root: bytes) -> None:
    before: list[bytes] = []
    lines = told.splitlines()
    assert len(lines) == len(shown)
    for line, entry in zip(lines, shown, strict=True):
        seq, kept, *new = line.split(" ")
        assert int(seq) == entry[0]
        assert int(kept) <= len(before)
        before = [bytes.fromhex(one) for one in new] + (before[-int(kept) :] if int(kept) else [])
        assert from_path(bytes.fromhex(entry[-1]), entry[0] - 1, size, list(before)) == root


def from_path(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """The root that this audit path leads to (the recursion of section 2.1.1, read backwards)."""
    if size == 1:
        assert not path
        return leaf
    middle, other = split(size), path.pop()
    if index < middle:
        return node(from_path(leaf, index, middle, path), other)
    return node(other, from_path(leaf, index - middle, size - middle, path))


def check_consistency(told: str, known: set[tuple[int, bytes]]) -> None:
    chain = sorted(known)
    lines = told.splitlines()
    assert len(lines) == max(len(chain) - 1, 0)
    for line, (old, old_root), (new, new_root) in zip(lines, chain, chain[1:], strict=False):
        first, second, *proof = line.split(" ")
        assert (int(first), int(second)) == (old, new)
        path = [bytes.fromhex(one) for one in proof]
        assert roots_from(old, new, path, old_root, whole=True) == (old_root, new_root)
        assert not path


def roots_from(old: int, new: int, path: list[bytes], old_root: bytes, *, whole: bool) -> tuple[bytes, bytes]:
    """The two roots that a consistency proof leads to (SUBPROOF of section 2.1.2, read backwards)."""
    if old == new:
        known = old_root if whole else path.pop()
        return known, known
    middle, other = split(new), path.pop()
    if old <= middle:
        then, now = roots_from(old, middle, path, old_root, whole=whole)
        return then, node(now, other)
    then, now = roots_from(old - middle, new - middle, path, old_root, whole=False)
    return node(other, then), node(other, now)
