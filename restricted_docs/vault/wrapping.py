"""Keys under keys: one wrapped form for all of them, and keys derived from a key for one use each.

AES-256-GCM (NIST SP 800-38D) and HKDF-Expand with SHA-256 (RFC 5869). Bytes: docs/formats/vault-v1.md.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from .errors import Damaged

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
VERSION = b"\x01"


def new_key() -> bytes:
    """32 bytes from the operating system's generator."""
    return os.urandom(KEY_BYTES)


def seal_bytes(key: bytes, content: bytes, aad: bytes) -> bytes:
    """u8 version 1, a fresh 12-byte nonce, then ciphertext and tag."""
    nonce = os.urandom(NONCE_BYTES)
    return VERSION + nonce + AESGCM(key).encrypt(nonce, content, aad)


def open_bytes(key: bytes, sealed: bytes, aad: bytes) -> bytes:
    """What `seal_bytes` sealed under the same key and associated data; raises Damaged for anything else."""
    start = len(VERSION) + NONCE_BYTES
    if len(sealed) < start + TAG_BYTES or sealed[:1] != VERSION:
        raise Damaged("What is stored here was not sealed by this vault. Restore it from a backup.")
    try:
        return AESGCM(key).decrypt(sealed[1:start], sealed[start:], aad)
    except InvalidTag:
        raise Damaged("What is stored here was changed, or belongs somewhere else. Restore it from a backup.") from None


def opens(key: bytes, sealed: bytes, aad: bytes) -> bool:
    """Whether this key is the one that sealed this for this place."""
    try:
        open_bytes(key, sealed, aad)
    except Damaged:
        return False
    return True


def wrap_key(wrapping_key: bytes, key: bytes, aad: bytes) -> bytes:
    """A 32-byte key as 61 bytes that only the wrapping key and the same associated data open."""
    if len(key) != KEY_BYTES:
        raise ValueError("A key has 32 bytes.")
    return seal_bytes(wrapping_key, key, aad)


def unwrap_key(wrapping_key: bytes, wrapped: bytes, aad: bytes) -> bytes:
    """The key inside; raises Damaged when it is not the one that was wrapped for this place."""
    key = open_bytes(wrapping_key, wrapped, aad)
    if len(key) != KEY_BYTES:
        raise Damaged("What is stored as a key is not one. Restore the key folder from its backup.")
    return key


def derive(key: bytes, purpose: bytes) -> bytes:
    """A 32-byte key for one purpose; knowing it tells nothing about `key` or about any other purpose."""
    return HKDFExpand(hashes.SHA256(), KEY_BYTES, purpose).derive(key)
