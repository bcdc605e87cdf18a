"""The one door to every key and every sealed byte. It opens only for an `AccessReceipt`: no line in the log, no key."""

import hashlib
import hmac
import unicodedata
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from functools import partial
from uuid import UUID

from .blobs import Blobs
from .containers import ContainerKeys
from .documents import DocumentContext, DocumentReader, DocumentSealer, SealedBlob, data_key_aad, open_data_key
from .errors import Damaged, NoReceipt
from .receipt import AccessReceipt, Scope
from .wrapping import derive, open_bytes, opens, seal_bytes, wrap_key

BLIND_BYTES = 16


class Vault:
    """Sealed texts and papers of one deployment. Safe to share between threads: it remembers nothing between calls."""

    def __init__(self, *, deployment: UUID, containers: ContainerKeys, blobs: Blobs) -> None:
        self._deployment = deployment
        self._containers = containers
        self._blobs = blobs

    def create_container(self, container: UUID) -> None:
        """Make its key: call it before the row that needs it commits. Raises VaultError when it has or had one."""
        self._containers.create(container)

    def has_container(self, container: UUID) -> bool:
        return self._containers.has(container)

    def destroy_container(self, container: UUID) -> None:
        """Destroy its key: all that is sealed in it is unreadable from now on. Raises KeyMissing without one."""
        self._containers.destroy(container)

    def seal_text(self, container: UUID, place: str, text: str) -> bytes:
        """Seal a text for one place, "table.column:pk". Raises KeyMissing when the container has no key."""
        return seal_bytes(self._key_for(container, b"dhr-text/v1\0"), text.encode(), self._text_aad(container, place))

    def open_text(
        self,
        container: UUID,
        place: str,
        sealed: bytes,
        receipt: AccessReceipt,
        *,
        scope: Scope = Scope.NARRATIVE,
        subject: str = "",
    ) -> str:
        """The text sealed for this place. Raises NoReceipt unless the receipt covers it, Damaged, KeyMissing."""
        _demand(receipt, container, scope, subject)
        return self._text(container, place, bytes(sealed)).decode()

    def blind(self, container: UUID, label: str, text: str) -> bytes:
        """16 bytes that are equal when two texts are, whatever their case and spacing, within one container and label.

        For finding a name without opening any. It shows who has the same one: never for a sex, a month, a yes or no.
        """
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
        name = label.encode()
        message = len(name).to_bytes(2, "big") + name + " ".join(folded.split()).encode()
        return hmac.digest(self._key_for(container, b"dhr-blind/v1\0"), message, hashlib.sha256)[:BLIND_BYTES]

    def seal_document(self, context: DocumentContext) -> DocumentSealer:
        """A paper on its way in, under a data key of its own. Raises KeyMissing when the container has no key."""
        key = partial(self._containers.key, context.container)
        return DocumentSealer(context, deployment=self._deployment, container_key=key, blobs=self._blobs)

    def open_document(
        self,
        context: DocumentContext,
        sealed: SealedBlob,
        receipt: AccessReceipt,
        start: int = 0,
        end: int | None = None,
    ) -> Iterator[bytes]:
        """The bytes `[start:end]` of a paper, in pieces.

        Its key, place and length are proved before this returns: an answer that has begun is never found cut short.
        Raises NoReceipt unless the receipt names this document and version; Damaged, KeyMissing, VaultUnavailable.
        """
        _demand(receipt, context.container, Scope.DOCUMENT, context.subject)
        pieces = self._pieces(context, sealed, start, end)
        next(pieces)
        return pieces

    def _pieces(
        self, context: DocumentContext, sealed: SealedBlob, start: int, end: int | None
    ) -> Generator[bytes, None, None]:
        encoded = context.encoded(self._deployment)
        key = self._data_key(context, sealed)
        with self._blobs.open(sealed.blob_name) as file:
            reader = DocumentReader(file, key, encoded)
            if (reader.size, reader.header_sha256) != (sealed.size, sealed.header_sha256):
                raise Damaged("This paper is not the one that was filed. Restore it from a backup.")
            pieces = reader.range(start, end)
            yield b""  # every check is behind us: `open_document` runs to here before it returns
            yield from pieces

    # sealing anew: nothing opened here leaves the vault, so no receipt is asked for

    def reseal_text(self, container: UUID, place: str, sealed: bytes) -> bytes | None:
        """The same text under the container's current key, or None where it is that already. Raises Damaged, KeyMissing."""
        current = self._key_for(container, b"dhr-text/v1\0")
        if opens(current, sealed, self._text_aad(container, place)):
            return None
        text = self._text(container, place, sealed)
        return seal_bytes(current, text, self._text_aad(container, place))

    def rewrap_document(self, context: DocumentContext, sealed: SealedBlob) -> SealedBlob | None:
        """The same paper, its data key under the container's current key, or None where it is that already."""
        current = self._containers.key(context.container)
        aad = data_key_aad(sealed.key_id, context.encoded(self._deployment))
        if opens(current, sealed.wrapped_key, aad):
            return None
        return replace(sealed, wrapped_key=wrap_key(current, self._data_key(context, sealed), aad))

    def reseal_document(self, context: DocumentContext, sealed: SealedBlob) -> SealedBlob:
        """The same paper under a new data key, as a new blob, safely on disk. The old blob stays: delete it when no row
        names it. Raises Damaged, KeyMissing, VaultUnavailable, having left nothing behind."""
        sealer = self.seal_document(context)
        try:
            for piece in self._pieces(context, sealed, 0, None):
                sealer.update(piece)
            return sealer.finish()
        finally:
            sealer.abort()

    def _text(self, container: UUID, place: str, sealed: bytes) -> bytes:
        def by(key: bytes) -> bytes:
            return open_bytes(self._derived(key, container, b"dhr-text/v1\0"), sealed, self._text_aad(container, place))

        return self._by_either_key(container, by)

    def _data_key(self, context: DocumentContext, sealed: SealedBlob) -> bytes:
        encoded = context.encoded(self._deployment)
        return self._by_either_key(context.container, lambda key: open_data_key(sealed, key, encoded))

    def _by_either_key(self, container: UUID, opened_by: Callable[[bytes], bytes]) -> bytes:
        """By the container's key, or by the one before it while that is being changed."""
        try:
            return opened_by(self._containers.key(container))
        except Damaged:
            before = self._containers.previous(container)
            if before is None:
                raise
        return opened_by(before)

    def _key_for(self, container: UUID, purpose: bytes) -> bytes:
        return self._derived(self._containers.key(container), container, purpose)

    def _derived(self, key: bytes, container: UUID, purpose: bytes) -> bytes:
        return derive(key, purpose + self._deployment.bytes + container.bytes)

    def _text_aad(self, container: UUID, place: str) -> bytes:
        return b"dhr-text/v1\0" + self._deployment.bytes + container.bytes + place.encode()


def _demand(receipt: AccessReceipt, container: UUID, scope: Scope, subject: str) -> None:
    if type(receipt) is not AccessReceipt or not receipt.covers(container, scope, subject):
        raise NoReceipt("Nothing in the access log says that this is being opened. Append the line first.")
