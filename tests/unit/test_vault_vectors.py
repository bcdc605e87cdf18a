"""Known answers for docs/formats/vault-v1.md: what was sealed years ago must open for ever, here and in other hands."""

import hashlib
import hmac
import io
import json
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.cobblestone import Cobblestone256Decryptor
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from restricted_docs.vault.containers import ContainerKeyFiles
from restricted_docs.vault.documents import DocumentContext, DocumentReader, Kind, SealedBlob
from restricted_docs.vault.receipt import Scope, mint
from restricted_docs.vault.vault import Vault
from restricted_docs.vault.wrapping import derive, unwrap_key

KNOWN = json.loads((Path(__file__).resolve().parents[1] / "vectors" / "vault-v1.json").read_text(encoding="utf-8"))
DEPLOYMENT, CONTAINER = UUID(KNOWN["deployment"]), UUID(KNOWN["container"])
PAPER = KNOWN["document"]
CONTEXT = DocumentContext(CONTAINER, UUID(PAPER["document"]), PAPER["version"], Kind(PAPER["kind"]))
DATA_KEY = bytes.fromhex(PAPER["data_key"])


class Root:
    """The root key of the known answers."""

    def current_id(self):
        return "root-0001"

    def wrap(self, key, aad):
        raise AssertionError("known answers are only opened")

    def rewrap(self, key_id, blob, aad):
        raise AssertionError("known answers are only opened")

    def unwrap(self, key_id, blob, aad):
        assert key_id == "root-0001"
        return unwrap_key(bytes.fromhex(KNOWN["root_key"]), blob, aad)


class Shelf:
    """Blobs in memory."""

    def __init__(self):
        self.held = {}

    def new(self):
        raise AssertionError("known answers are only opened")

    def delete(self, name):
        raise AssertionError("known answers are only opened")

    def open(self, name):
        return io.BytesIO(self.held[name])


@pytest.fixture
def shelf():
    return Shelf()


@pytest.fixture
def vault(tmp_path, shelf):
    (tmp_path / CONTAINER.hex).write_text(KNOWN["container_key_file"])
    return Vault(
        deployment=DEPLOYMENT, containers=ContainerKeyFiles(tmp_path, Root(), deployment=DEPLOYMENT), blobs=shelf
    )


def content_of(size):
    return bytes((i * 7 + i // 256) % 256 for i in range(size))


def sealed_by_the_book(content):
    """C2SP chunked-encryption v1 written from its page, with the salt given."""
    salt = bytes.fromhex(PAPER["salt"])
    info = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0" + salt + bytes.fromhex(PAPER["context"])
    derived = HKDFExpand(hashes.SHA512(), 76, info).derive(DATA_KEY)
    aead, nonce = AESGCM(derived[:32]), int.from_bytes(derived[32:44], "big")
    chunks = [content[k * 16_384 : (k + 1) * 16_384] for k in range(len(content) // 16_384 + 1)]
    return (
        salt
        + derived[44:]
        + b"".join(aead.encrypt((nonce ^ k).to_bytes(12, "big"), chunk, None) for k, chunk in enumerate(chunks))
    )


def test_the_known_container_key_file_opens(tmp_path, vault):
    keys = ContainerKeyFiles(tmp_path, Root(), deployment=DEPLOYMENT)
    assert keys.key(CONTAINER).hex() == KNOWN["container_key"]


@pytest.mark.parametrize("known", KNOWN["texts"], ids=lambda known: str(len(known["text"])))
def test_the_known_texts_open(vault, known):
    receipt = mint(seq=1, leaf=bytes(32), person=1, container=CONTAINER, scope=Scope.NARRATIVE)
    assert vault.open_text(CONTAINER, known["place"], bytes.fromhex(known["sealed"]), receipt) == known["text"]


@pytest.mark.parametrize("known", KNOWN["blind"], ids=lambda known: known["label"])
def test_the_known_blind_marks_are_found(vault, known):
    assert vault.blind(CONTAINER, known["label"], known["text"]).hex() == known["mark"]


def test_the_known_place_of_a_paper_is_encoded_alike():
    assert CONTEXT.encoded(DEPLOYMENT).hex() == PAPER["context"]


@pytest.mark.parametrize("known", PAPER["blobs"], ids=lambda known: str(known["size"]))
def test_the_known_papers_open_here_and_in_the_library(vault, shelf, known):
    content = content_of(known["size"])
    blob = sealed_by_the_book(content)
    assert hashlib.sha256(blob).hexdigest() == known["blob_sha256"]
    assert known.get("blob", blob.hex()) == blob.hex()
    library = Cobblestone256Decryptor(DATA_KEY, bytes.fromhex(PAPER["context"]))
    assert library.update(blob) + library.finalize() == content
    assert b"".join(DocumentReader(io.BytesIO(blob), DATA_KEY, bytes.fromhex(PAPER["context"])).range()) == content
    shelf.held["a"] = blob
    sealed = SealedBlob(
        algorithm="c2sp-cobblestone-256",
        key_id=str(CONTAINER),
        wrapped_key=bytes.fromhex(PAPER["wrapped_key"]),
        blob_name="a",
        header_sha256=bytes.fromhex(known["header_sha256"]),
        sealed_size=known["sealed_size"],
        size=known["size"],
        fingerprint=bytes.fromhex(known["fingerprint"]),
    )
    receipt = mint(seq=1, leaf=bytes(32), person=1, container=CONTAINER, scope=Scope.DOCUMENT, subject=CONTEXT.subject)
    assert b"".join(vault.open_document(CONTEXT, sealed, receipt)) == content
    digest = hashlib.sha256(content).digest()
    assert hmac.digest(derive(DATA_KEY, b"dhr-mac/v1"), digest, "sha256") == sealed.fingerprint


def test_the_scopes_that_the_log_has_written_down_keep_their_names():
    assert [str(scope) for scope in Scope] == ["narrative", "identity", "document"]
    assert [(kind.name, kind.value) for kind in Kind] == [("ORIGINAL", 0), ("REDACTED", 1), ("RENDITION", 2)]
