"""A sealed paper as something to read from at any place, under one receipt: what the sandbox and the scanner are fed from."""

from __future__ import annotations

from collections.abc import Iterator

from . import strongroom
from .vault.documents import DocumentContext, SealedBlob
from .vault.receipt import AccessReceipt


class OpenedPaper:
    """One version of one paper, for as long as its receipt is held. Nothing of it is kept here."""

    def __init__(self, context: DocumentContext, blob: SealedBlob, receipt: AccessReceipt) -> None:
        self._context, self._blob, self._receipt = context, blob, receipt

    @property
    def size(self) -> int:
        return self._blob.size

    @property
    def log_line(self) -> int:
        """The number of the line in the access log that this opening stands on."""
        return self._receipt.seq

    def at(self, start: int, length: int) -> bytes:
        """These bytes. Raises VaultError."""
        return b"".join(self.pieces(start, start + length))

    def pieces(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes `[start:end]`, in pieces. Raises VaultError."""
        return strongroom.vault().open_document(self._context, self._blob, self._receipt, start, end)
