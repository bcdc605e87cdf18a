"""Opening an OpenDocument text that a password locks (OpenDocument 1.3 part 2, 3.4 and 4.8), in memory. No password is kept.

Its files are locked one by one; or, as LibreOffice does since 24.8, the whole text is one locked file in a package that holds
nothing else (OASIS OFFICE-4153). Blowfish, which programs wrote before 2011, and keys of OpenPGP are not opened.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import io
import zipfile
import zlib
from typing import Any

from ..kinds import packages, xml
from .blocks import Trouble, Unreadable
from .locks import LARGEST, check_password

TEXT = "content.xml"
LARGEST_OPENED = 100_000_000  # bytes
CHECKED = 1_024  # bytes of what was packed, which the checksum is of
BLOCK, NONCE = 16, 12  # bytes
MOST_MEMORY = 262_144  # KiB that Argon2id may ask for: four times what LibreOffice writes
ARGON2ID = "argon2id"  # how its name ends: it stands under an experimental one until OpenDocument 1.5 gives it another


def unlocked(package: zipfile.ZipFile, password: str) -> zipfile.ZipFile:
    """A package with the text inside, opened. Raises Unreadable."""
    name = packages.WHOLE if packages.WHOLE in package.namelist() else TEXT
    lock = _lock_of(package, name)
    check_password(password)
    if package.getinfo(name).file_size > LARGEST:
        raise Unreadable(Trouble.TOO_LARGE)
    try:
        packed = _decrypted(package.read(name), lock, password)
    except (ValueError, LookupError, binascii.Error):  # what the manifest says of its lock makes no sense
        raise Unreadable(Trouble.CANNOT_UNLOCK) from None
    opened = io.BytesIO(_unpacked(packed))
    if name == packages.WHOLE:
        return packages.opened(opened)
    alone = io.BytesIO()
    with zipfile.ZipFile(alone, "w") as made:
        made.writestr(TEXT, opened.getvalue())
    return zipfile.ZipFile(alone)


def _lock_of(package: zipfile.ZipFile, name: str) -> dict[str, Any]:
    """What the manifest says of how a file of the package is locked: element by element, by its local name."""
    for entry in xml.small(package, packages.MANIFEST):
        if xml.attribute(entry, "full-path") == name:
            for data in (each for each in entry if xml.local(each.tag) == "encryption-data"):
                return {xml.local(each.tag): each for each in (data, *data)}
    raise Unreadable(Trouble.CANNOT_UNLOCK)


def _decrypted(content: bytes, lock: dict[str, Any], password: str) -> bytes:
    """The file as it was packed. Raises Unreadable; ValueError or LookupError for a lock that is not known here."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    how = xml.attribute(lock["algorithm"], "algorithm-name")
    if how.endswith("-gcm"):
        return _authentic(content, _key(lock, password))
    if not how.endswith("-cbc"):
        raise Unreadable(Trouble.CANNOT_UNLOCK)
    before = _bytes(lock["algorithm"], "initialisation-vector")
    cipher = Cipher(algorithms.AES(_key(lock, password)), modes.CBC(before)).decryptor()
    padded = cipher.update(content) + cipher.finalize()
    packed = (
        padded[: -padded[-1]] if 1 <= padded[-1] <= BLOCK else padded
    )  # XML Encryption 5.2: only the last byte counts
    if not hmac.compare_digest(_checksum(lock, packed[:CHECKED]), _bytes(lock["encryption-data"], "checksum")):
        raise Unreadable(Trouble.PASSWORD_WRONG)
    return packed


def _authentic(content: bytes, key: bytes) -> bytes:
    """XML Encryption 1.1, 5.2.4: the nonce stands before what is locked, and the tag behind it."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(key).decrypt(content[:NONCE], content[NONCE:], None)
    except InvalidTag:
        raise Unreadable(Trouble.PASSWORD_WRONG) from None


def _key(lock: dict[str, Any], password: str) -> bytes:
    start = lock.get("start-key-generation")
    first = hashlib.new(_digest("" if start is None else xml.attribute(start, "start-key-generation-name")))
    first.update(password.encode())
    about = lock["key-derivation"]
    name, size, salt = (
        xml.attribute(about, "key-derivation-name"),
        _number(about, "key-size", 16),
        _bytes(about, "salt"),
    )
    if name.endswith(ARGON2ID):
        return _argon2id(about, first.digest(), salt, size)
    if name.rpartition("#")[2].upper() != "PBKDF2":
        raise LookupError(name)
    return hashlib.pbkdf2_hmac("sha1", first.digest(), salt, _number(about, "iteration-count", 1_024), size)


def _argon2id(about: Any, secret: bytes, salt: bytes, size: int) -> bytes:
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    memory = _number(about, "argon2-memory", 0)
    if memory > MOST_MEMORY:
        raise Unreadable(Trouble.TOO_LARGE)
    times, lanes = _number(about, "argon2-iterations", 0), _number(about, "argon2-lanes", 0)
    return Argon2id(salt=salt, length=size, iterations=times, lanes=lanes, memory_cost=memory).derive(secret)


def _checksum(lock: dict[str, Any], start: bytes) -> bytes:
    kind = xml.attribute(lock["encryption-data"], "checksum-type")
    return hashlib.new(_digest(kind.lower().removesuffix("-1k").removesuffix("/1k")), start).digest()


def _digest(name: str) -> str:
    """The digest that a name means; the one of OpenDocument 1.1 where there is none. Raises LookupError."""
    return {"": "sha1", "sha1": "sha1", "sha256": "sha256"}[name.rpartition("#")[2].lower()]


def _bytes(element: Any, name: str) -> bytes:
    return base64.b64decode(xml.attribute(element, name))


def _number(element: Any, name: str, default: int) -> int:
    text = xml.attribute(element, name)
    return int(text) if text.isdigit() and len(text) < 9 else default


def _unpacked(packed: bytes) -> bytes:
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    found = stream.decompress(packed, LARGEST_OPENED)
    if not stream.eof:
        raise Unreadable(Trouble.TOO_LARGE if stream.unconsumed_tail else Trouble.DAMAGED)
    return found
