"""Sealing and opening a large paper, file to file, beside a plain copy, Fernet, age and Tink, turn by turn in one run.

python -m tests.performance.sealing [MiB]     1,024 MiB where none is said; needs twice that much room in the temporary folder
"""

from __future__ import annotations

import hashlib
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pyrage
import tink
from cryptography.fernet import Fernet
from tink import streaming_aead

from restricted_docs.vault.blobs import BlobFiles
from restricted_docs.vault.containers import ContainerKeyFiles
from restricted_docs.vault.documents import DocumentContext, Kind
from restricted_docs.vault.receipt import AccessReceipt, Scope, mint
from restricted_docs.vault.rootkeys import KeyringFile
from restricted_docs.vault.vault import Vault

from .ratios import Ratio

MEBIBYTE = 1 << 20
PIECE = 1 << 16  # handed over at a time, by the copy too
ROUNDS, READS = 5, 50
COPY, HASHED, SEAL, OPEN = "plain copy", "copy and hash", "seal", "open"
RATIOS = (
    Ratio("plain copy / seal (its speed as a part of the copy's)", COPY, SEAL, "at least 0.75"),
    Ratio("plain copy / open", COPY, OPEN, "at least 0.45"),
    Ratio("plain copy with a SHA-256 of it, as a receipt tells / seal", HASHED, SEAL, ""),
    Ratio("Fernet / seal (how many times as fast)", "Fernet seal", SEAL, ""),
    Ratio("Fernet / open", "Fernet open", OPEN, ""),
    Ratio("age / seal", "age seal", SEAL, ""),
    Ratio("age / open", "age open", OPEN, ""),
    Ratio("Tink / seal", "Tink seal", SEAL, ""),
    Ratio("Tink / open", "Tink open", OPEN, ""),
    Ratio("1 MiB anywhere in it: open / plain read", "read sealed", "read plain", "up to 10"),
)


class Bench:
    """One folder with a plain file and its sealed twins. `ways` are what is timed; each leaves nothing but its output."""

    def __init__(self, folder: Path, mebibytes: int) -> None:
        self.folder, self.size = folder, mebibytes * MEBIBYTE
        self.plain, self.out = folder / "plain", folder / "out"
        self.vault, self.context = _vault(folder)
        self.sealed: Any = None
        self.old: list[Any] = []
        self.fernet = Fernet(Fernet.generate_key())
        self.identity = pyrage.x25519.Identity.generate()
        streaming_aead.register()
        template = streaming_aead.streaming_aead_key_templates.AES256_GCM_HKDF_4KB
        self.tink = tink.new_keyset_handle(template).primitive(streaming_aead.StreamingAead)
        with self.plain.open("wb") as file:
            for _ in range(mebibytes):
                file.write(os.urandom(MEBIBYTE))

    def pieces(self) -> Iterator[bytes]:
        with self.plain.open("rb", buffering=0) as file:
            while piece := file.read(PIECE):
                yield piece

    def write(self, pieces: Iterator[bytes], to: Path) -> None:
        """Through to the disk, as the vault does."""
        with to.open("wb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())

    def copy(self) -> None:
        self.write(self.pieces(), self.out)

    def tidy(self) -> None:
        """Before each way, and not counted: what the last one left is gone and the disk has nothing to do for it."""
        self.out.unlink(missing_ok=True)
        for sealed in self.old:
            BlobFiles(self.folder / "papers").delete(sealed.blob_name)
        self.old = []
        os.sync()

    def copy_and_hash(self) -> None:
        """What anybody has to do who copies a file and tells its SHA-256."""
        digest = hashlib.sha256()

        def hashed() -> Iterator[bytes]:
            for piece in self.pieces():
                digest.update(piece)
                yield piece

        self.write(hashed(), self.out)
        digest.digest()

    def seal(self) -> None:
        if self.sealed is not None:
            self.old.append(self.sealed)
        sealer = self.vault.seal_document(self.context)
        for piece in self.pieces():
            sealer.update(piece)
        self.sealed = sealer.finish()

    def receipt(self) -> AccessReceipt:
        place = {"container": self.context.container, "subject": self.context.subject}
        return mint(seq=1, leaf=bytes(32), person=1, scope=Scope.DOCUMENT, **place)

    def open(self) -> None:
        self.write(self.vault.open_document(self.context, self.sealed, self.receipt()), self.out)

    def fernet_seal(self) -> None:
        """Fernet takes a whole message: a token for each MiB, with its length before it."""
        with self.plain.open("rb") as file:
            tokens = (self.fernet.encrypt(piece) for piece in iter(lambda: file.read(MEBIBYTE), b""))
            self.write((len(token).to_bytes(4, "big") + token for token in tokens), self.folder / "fernet")

    def fernet_open(self) -> None:
        with (self.folder / "fernet").open("rb") as file:
            lengths = iter(lambda: file.read(4), b"")
            self.write((self.fernet.decrypt(file.read(int.from_bytes(one, "big"))) for one in lengths), self.out)

    def age_seal(self) -> None:
        with self.plain.open("rb") as file, (self.folder / "age").open("wb") as to:
            pyrage.encrypt_io(file, to, [self.identity.to_public()])
            os.fsync(to.fileno())

    def age_open(self) -> None:
        with (self.folder / "age").open("rb") as file, self.out.open("wb") as to:
            pyrage.decrypt_io(file, to, [self.identity])
            os.fsync(to.fileno())

    def tink_seal(self) -> None:
        to = (self.folder / "tink").open("wb")
        with self.tink.new_encrypting_stream(to, b"") as sealing:
            for piece in self.pieces():
                sealing.write(piece)
        with (self.folder / "tink").open("rb") as sealed:  # Tink has closed its own
            os.fsync(sealed.fileno())

    def tink_open(self) -> None:
        with self.tink.new_decrypting_stream((self.folder / "tink").open("rb"), b"") as opened:
            self.write(iter(lambda: opened.read(MEBIBYTE), b""), self.out)

    def read_plain(self) -> None:
        for start in self._anywhere():
            with self.plain.open("rb", buffering=0) as file:
                file.seek(start)
                file.read(MEBIBYTE)

    def read_sealed(self) -> None:
        for start in self._anywhere():
            for _ in self.vault.open_document(self.context, self.sealed, self.receipt(), start, start + MEBIBYTE):
                pass

    def _anywhere(self) -> list[int]:
        places = random.Random(7)  # the same places for both
        return [places.randrange(self.size - MEBIBYTE) for _ in range(READS)]

    def ways(self) -> dict[str, Callable[[], None]]:
        return {
            COPY: self.copy,
            HASHED: self.copy_and_hash,
            SEAL: self.seal,
            OPEN: self.open,
            "Fernet seal": self.fernet_seal,
            "Fernet open": self.fernet_open,
            "age seal": self.age_seal,
            "age open": self.age_open,
            "Tink seal": self.tink_seal,
            "Tink open": self.tink_open,
            "read plain": self.read_plain,
            "read sealed": self.read_sealed,
        }


def _vault(folder: Path) -> tuple[Vault, DocumentContext]:
    (folder / "containers").mkdir()
    container, deployment = uuid4(), UUID(int=7)
    root = KeyringFile.create(folder / "root.json")
    keys = ContainerKeyFiles(folder / "containers", root, deployment=deployment)
    vault = Vault(deployment=deployment, containers=keys, blobs=BlobFiles(folder / "papers"))
    vault.create_container(container)
    return vault, DocumentContext(container, uuid4(), 1, Kind.ORIGINAL)


def measured(mebibytes: int) -> dict[str, float]:
    """Milliseconds of each way, the median of the rounds; that what was opened is what was sealed is proved first."""
    with tempfile.TemporaryDirectory() as name:
        bench, took = Bench(Path(name), mebibytes), {}
        bench.seal()
        bench.open()
        if _digest(bench.plain) != _digest(bench.out):
            raise RuntimeError("What was opened is not what was sealed.")
        for turn in range(ROUNDS):
            for way, act in _from(2 * turn, bench.ways()):
                bench.tidy()
                start = time.perf_counter()
                act()
                took.setdefault(way, []).append((time.perf_counter() - start) * 1_000)
        return {way: statistics.median(times) for way, times in took.items()}


def _from(place: int, ways: dict[str, Callable[[], None]]) -> list[tuple[str, Callable[[], None]]]:
    """The ways in their order, from this one on: a disk that tires of writing shall not tire for the same one each time."""
    listed = list(ways.items())
    return listed[place % len(listed) :] + listed[: place % len(listed)]


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def main() -> None:
    mebibytes = int(sys.argv[1]) if len(sys.argv) > 1 else 1_024
    took = measured(mebibytes)
    print(
        f"\nA paper of {mebibytes:,} MiB, file to file and through to the disk (median of {ROUNDS} rounds, taken in turns)"
    )
    for way, milliseconds in took.items():
        many = READS if way.startswith("read") else mebibytes
        print(f"  {way:16}{milliseconds:>10.0f} ms{many * 1_000 / milliseconds:>10.0f} MiB/s")
    print("\nRatios")
    for ratio in RATIOS:
        print(f"  {ratio.name:58}{ratio.of(took):>9.2f}   {ratio.goal}")


if __name__ == "__main__":
    main()
