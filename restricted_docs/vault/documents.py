"""Papers, sealed as they arrive and opened from any place, 16 KiB at a time; plaintext never touches the disk.

The format is C2SP chunked-encryption v1, Cobblestone-256 (c2sp.org/chunked-encryption). `cryptography` seals it; it has
no random access yet, so the reader here is ours, and it differs from a streaming one in the order of its checks: the
LAST chunk, which carries the length, is authenticated before the first byte is given out.
"""

import hashlib
import hmac
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import BinaryIO
from uuid import UUID

from cryptography.cobblestone import Cobblestone256Encryptor
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from .blobs import Blobs
from .errors import ROW_CHANGED, Damaged, VaultError
from .fingerprint import Gathering
from .wrapping import KEY_BYTES, NONCE_BYTES, TAG_BYTES, derive, new_key, unwrap_key, wrap_key

ALGORITHM = "c2sp-cobblestone-256"
LONGEST_KEY_ID = 255  # bytes: one byte says how long it is
SALT_BYTES = 24
HEADER_BYTES = 56  # salt and 32-byte commitment
CHUNK_BYTES = 16_384
SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES
STEP_BYTES = 16 * CHUNK_BYTES  # sealed at a time: 256 KiB, above which nothing gets faster
PIECE_BYTES = 7 * CHUNK_BYTES  # opened at a time; from 128 KiB on the C library asks the system for the memory of each
SEALED_STEP_BYTES = HEADER_BYTES + 16 * SEALED_CHUNK_BYTES  # the most that comes of a step: the first has the header


class Kind(IntEnum):
    """Which file of a version this is. The values are sealed into every paper: frozen."""

    ORIGINAL = 0
    REDACTED = 1
    RENDITION = 2


@dataclass(frozen=True)
class DocumentContext:
    """Where a paper belongs. It is sealed in: moved anywhere else, the paper does not open."""

    container: UUID
    document: UUID
    version: int
    kind: Kind

    @property
    def subject(self) -> str:
        """What a receipt for this paper names."""
        return f"{self.document}:{self.version}"

    def encoded(self, deployment: UUID) -> bytes:
        """Fixed lengths, so no two places share an encoding. Raises OverflowError for a version outside 32 bits."""
        place = deployment.bytes + self.container.bytes + self.document.bytes
        return b"dhr-doc/v1\0" + place + self.version.to_bytes(4, "big") + bytes([self.kind])


@dataclass(frozen=True)
class SealedBlob:
    """What to remember about a sealed paper. Nothing here opens it or confirms a guess of what it says."""

    algorithm: str
    key_id: str  # the container key that wrapped the data key: the container
    wrapped_key: bytes  # 61 bytes
    blob_name: str
    header_sha256: bytes  # of the first 56 bytes: tells one sealing from another
    sealed_size: int  # bytes on disk
    size: int  # bytes of the paper
    fingerprint: bytes  # HMAC of the paper's SHA-256 under a key derived from its data key


def data_key_aad(key_id: str, context: bytes) -> bytes:
    """Binds a wrapped data key to its paper. Raises Damaged for a key's name that none has."""
    name = key_id.encode()
    if len(name) > LONGEST_KEY_ID:
        raise Damaged(ROW_CHANGED)
    return b"dhr-dek/v1\0" + bytes([len(name)]) + name + context


def open_data_key(sealed: SealedBlob, container_key: bytes, context: bytes) -> bytes:
    """The data key of a sealed paper; raises Damaged."""
    if sealed.algorithm != ALGORITHM:
        raise Damaged("This paper says it was sealed in a way that this version does not know.")
    return unwrap_key(container_key, sealed.wrapped_key, data_key_aad(sealed.key_id, context))


class DocumentSealer:
    """One paper on its way in: `update` with its bytes as they come, then `finish`, or `abort` and nothing is left."""

    def __init__(
        self, context: DocumentContext, *, deployment: UUID, container_key: Callable[[], bytes], blobs: Blobs
    ) -> None:
        encoded = context.encoded(deployment)
        container_key()  # a container without one is refused before the first byte arrives
        key = new_key()
        self._key_id = str(context.container)
        # Wrapped at the end, under the key that is current then: an upload may take longer than a change of keys.
        self._data_key, self._container_key = key, container_key
        self._aad = data_key_aad(self._key_id, encoded)
        self._encryptor = Cobblestone256Encryptor(key, encoded)
        self._gathering = Gathering(STEP_BYTES)
        self._sealed = memoryview(bytearray(SEALED_STEP_BYTES))  # a step, sealed: used again for each
        self._header = b""
        self._sealed_size = 0  # bytes written
        self._blob = blobs.new()
        self._open = True

    def update(self, content: bytes) -> None:
        """Seal the next bytes. Raises VaultUnavailable, having aborted, when they cannot be stored."""
        self._still_open()
        for step in self._gathering.add(content):
            self._seal(step)

    def finish(self) -> SealedBlob:
        """The paper is safely on disk when this returns. Raises VaultUnavailable or KeyMissing, having aborted."""
        self._still_open()
        self._seal(self._gathering.rest())
        self._write(self._encryptor.finalize())
        try:
            wrapped = wrap_key(self._container_key(), self._data_key, self._aad)
            name = self._blob.keep()
        except VaultError:
            self.abort()
            raise
        self._open = False
        header = hashlib.sha256(self._header).digest()
        sizes = self._sealed_size, self._gathering.size
        fingerprint = hmac.digest(derive(self._data_key, b"dhr-mac/v1"), self._gathering.digest(), "sha256")
        return SealedBlob(ALGORITHM, self._key_id, wrapped, name, header, *sizes, fingerprint)

    @property
    def sha256(self) -> str:
        """SHA-256 of the finished paper, in hex. It confirms a guess of the content: keep it sealed as well."""
        return self._gathering.digest().hex()

    def abort(self) -> None:
        """Leave nothing behind. Harmless when it is over already."""
        if self._open:
            self._open = False
            self._blob.discard()

    def _seal(self, step: memoryview) -> None:
        self._write(self._sealed[: self._encryptor.update_into(step, self._sealed)])

    def _write(self, sealed: bytes | memoryview) -> None:
        self._header += sealed[: HEADER_BYTES - len(self._header)]
        self._sealed_size += len(sealed)
        try:
            self._blob.write(sealed)
        except VaultError:
            self.abort()
            raise

    def _still_open(self) -> None:
        if not self._open:
            raise VaultError("This paper is finished or was abandoned: start again.")


class DocumentReader:
    """A sealed paper, open for reading. Making one authenticates its key, its place and its length; raises Damaged."""

    def __init__(self, file: BinaryIO, key: bytes, context: bytes) -> None:
        self._file = file
        whole, rest = divmod(file.seek(0, os.SEEK_END) - HEADER_BYTES, SEALED_CHUNK_BYTES)
        if whole < 0 or rest < TAG_BYTES:  # the last chunk is always short: a cut between chunks shows here
            raise _damaged()
        self.size = whole * CHUNK_BYTES + rest - TAG_BYTES
        file.seek(0)
        header = file.read(HEADER_BYTES)
        self.header_sha256 = hashlib.sha256(header).digest()
        info = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0" + header[:SALT_BYTES] + context
        derived = HKDFExpand(hashes.SHA512(), KEY_BYTES + NONCE_BYTES + 32, info).derive(key)
        if not hmac.compare_digest(derived[KEY_BYTES + NONCE_BYTES :], header[SALT_BYTES:]):
            raise _damaged()
        self._aead = AESGCM(derived[:KEY_BYTES])
        self._nonce = int.from_bytes(derived[KEY_BYTES : KEY_BYTES + NONCE_BYTES], "big")
        file.seek(HEADER_BYTES + whole * SEALED_CHUNK_BYTES)
        self._chunk(whole, memoryview(file.read(rest)))

    def range(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes `[start:end]` as a slice has them, each authenticated before it is given.

        Raises ValueError for a negative place, Damaged on the way.
        """
        end = self.size if end is None else min(end, self.size)
        if start < 0 or end < 0:
            raise ValueError("A range counts from the start of the paper.")
        return self._steps(start, end)

    def _steps(self, start: int, end: int) -> Iterator[bytes]:
        while start < end:
            first, skip = divmod(start, CHUNK_BYTES)
            chunks = min(PIECE_BYTES, end - first * CHUNK_BYTES)
            count = -(-chunks // CHUNK_BYTES)
            self._file.seek(HEADER_BYTES + first * SEALED_CHUNK_BYTES)
            raw = memoryview(self._file.read(count * SEALED_CHUNK_BYTES))
            opened = b"".join(
                self._chunk(first + k, raw[k * SEALED_CHUNK_BYTES : (k + 1) * SEALED_CHUNK_BYTES]) for k in range(count)
            )
            piece = opened[skip : skip + end - start]
            start += len(piece)
            yield piece

    def _chunk(self, number: int, sealed: memoryview) -> bytes:
        try:
            return self._aead.decrypt((self._nonce ^ number).to_bytes(NONCE_BYTES, "big"), sealed, None)
        except InvalidTag:
            raise _damaged() from None


def _damaged() -> Damaged:
    return Damaged("This paper was changed, cut short, or belongs somewhere else. Restore it from a backup.")
