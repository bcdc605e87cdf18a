"""OpenDocument texts that a password locks, written as OpenDocument 1.2 part 3, 3.4 and OASIS OFFICE-4153 describe them."""

from __future__ import annotations

import base64
import hashlib
import os
import zlib
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from tests import made_files as made

OASIS = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
LOEXT = "urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0"
CBC = "http://www.w3.org/2001/04/xmlenc#aes256-cbc"
GCM = "http://www.w3.org/2009/xmlenc11#aes256-gcm"
SHA256 = "http://www.w3.org/2000/09/xmldsig#sha256"
SHA256_1K = f"{OASIS}#sha256-1k"
ARGON2ID = "urn:org:documentfoundation:names:experimental:office:manifest:argon2id"
ROUNDS = 1_000


def b64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def deflated(content: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(content) + packer.flush()


def entry(name: str, size: int, data: str, *, algorithm: str, before: bytes, start: str, derivation: str) -> str:
    """One file of the manifest, with how it is locked (4.8.1 to 4.8.12)."""
    started = f'<manifest:start-key-generation manifest:start-key-generation-name="{start}" manifest:key-size="32"/>'
    return (
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="text/xml" manifest:size="{size}">'
        f"<manifest:encryption-data {data}>"
        f'<manifest:algorithm manifest:algorithm-name="{algorithm}" manifest:initialisation-vector="{b64(before)}"/>'
        f"{started if start else ''}<manifest:key-derivation {derivation}/>"
        "</manifest:encryption-data></manifest:file-entry>"
    )


def file_by_file(password: str, inner: str = "<text:p>Behind the lock.</text:p>", **other: Any) -> bytes:
    """OpenDocument 1.2: packed, then AES-256 in CBC under a key of PBKDF2, with a checksum of the first KiB."""
    plain = made.content_xml(inner)
    packed = other.pop("packed", deflated(plain))
    salt, before = os.urandom(16), os.urandom(16)
    digest = other.pop("digest", "sha256")
    first = hashlib.new(digest, password.encode()).digest()
    key = hashlib.pbkdf2_hmac("sha1", first, salt, ROUNDS, 32)
    fill = 16 - len(packed) % 16
    cipher = Cipher(algorithms.AES(key), modes.CBC(before)).encryptor()
    locked = cipher.update(packed + os.urandom(fill - 1) + bytes([fill])) + cipher.finalize()
    checked = b64(hashlib.new(digest, packed[:1024]).digest())
    said = {
        "data": f'manifest:checksum-type="{SHA256_1K}" manifest:checksum="{checked}"',
        "algorithm": CBC,
        "before": before,
        "start": SHA256,
        "derivation": f'manifest:key-derivation-name="PBKDF2" manifest:key-size="32" manifest:iteration-count="{ROUNDS}"'
        f' manifest:salt="{b64(salt)}"',
    }
    if digest == "sha1":
        said |= {"start": "", "data": f'manifest:checksum-type="SHA1/1K" manifest:checksum="{checked}"'}
    manifest = entry("content.xml", len(plain), **(said | other))
    return made.odt("", manifest=manifest, more={"content.xml": locked}, stored=("mimetype", "content.xml"))


def as_a_whole(password: str, whole: bytes, *, memory: int = 64, **other: Any) -> bytes:
    """A whole text as one file: AES-256 in GCM under a key of Argon2id; the nonce stands first, the tag last."""
    salt, nonce = os.urandom(16), os.urandom(12)
    start = hashlib.sha256(password.encode()).digest()
    key = Argon2id(salt=salt, length=32, iterations=3, lanes=4, memory_cost=64).derive(start)
    derivation = (
        f'xmlns:loext="{LOEXT}" manifest:key-derivation-name="{ARGON2ID}" manifest:key-size="32"'
        f' manifest:salt="{b64(salt)}" loext:argon2-iterations="3" loext:argon2-memory="{memory}" loext:argon2-lanes="4"'
    )
    said = {"data": "", "algorithm": GCM, "before": nonce, "start": SHA256, "derivation": derivation}
    parts: dict[str, bytes | str] = {
        "mimetype": made.ODT_TYPE,
        "encrypted-package": nonce + AESGCM(key).encrypt(nonce, deflated(whole), None),
        "META-INF/manifest.xml": made.manifest_xml(entry("encrypted-package", len(whole), **(said | other))),
    }
    return made.zipped(parts, stored=("mimetype", "encrypted-package"))
