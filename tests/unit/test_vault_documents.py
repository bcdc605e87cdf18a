"""Sealed papers: what went in comes out, from any place in it, and anything else is refused before the first byte."""

import dataclasses
import hashlib
import io
import tracemalloc
from uuid import UUID

import pytest
from cryptography.cobblestone import Cobblestone256Encryptor
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from restricted_docs.vault.blobs import BlobFiles
from restricted_docs.vault.containers import ContainerKeyFiles
from restricted_docs.vault.documents import DocumentContext, DocumentReader, Kind
from restricted_docs.vault.errors import Damaged, KeyMissing, NoReceipt, VaultError
from restricted_docs.vault.fingerprint import BATCH_BYTES, MOST_BEHIND
from restricted_docs.vault.receipt import Scope, mint
from restricted_docs.vault.rootkeys import KeyringFile
from restricted_docs.vault.vault import Vault

REVIEW = UUID("0b6d0000-0000-4000-8000-000000000001")
OTHER = UUID("0b6d0000-0000-4000-8000-000000000002")
PAPER = UUID("5e000000-0000-4000-8000-000000000001")
CONTEXT = DocumentContext(REVIEW, PAPER, 3, Kind.ORIGINAL)
KEY, PLACE = bytes(range(32)), b"a place"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("papers")


@pytest.fixture(scope="module")
def vault(folder, tmp_path_factory):
    keys = tmp_path_factory.mktemp("keys")
    root = KeyringFile.create(keys / "root.json")
    (keys / "containers").mkdir()
    containers = ContainerKeyFiles(keys / "containers", root, deployment=OTHER)
    vault = Vault(deployment=OTHER, containers=containers, blobs=BlobFiles(folder))
    for container in (REVIEW, OTHER):
        vault.create_container(container)
    return vault


def pattern(size):
    return (hashlib.sha256(b"pattern").digest() * (size // 32 + 1))[: size - size // 7] + bytes(size // 7)


def receipt(context=CONTEXT, **other):
    facts = {"container": context.container, "scope": Scope.DOCUMENT, "subject": context.subject, **other}
    return mint(seq=1, leaf=bytes(32), person=1, **facts)


def seal(vault, content, context=CONTEXT, step=65_536):
    sealer = vault.seal_document(context)
    for start in range(0, len(content), step):
        sealer.update(content[start : start + step])
    return sealer.finish()


def read(vault, sealed, context=CONTEXT, *span):
    return b"".join(vault.open_document(context, sealed, receipt(context), *span))


def sealed_bytes(content, key=KEY, place=PLACE):
    encryptor = Cobblestone256Encryptor(key, place)
    return encryptor.update(content) + encryptor.finalize()


def opened(blob, key=KEY, place=PLACE):
    return b"".join(DocumentReader(io.BytesIO(blob), key, place).range())


@pytest.mark.parametrize("size", [0, 1, 16_383, 16_384, 16_385, 262_144, 1_000_003])
def test_a_paper_comes_back_as_it_went_in(vault, folder, size):
    content = pattern(size)
    sealed = seal(vault, content)
    assert read(vault, sealed) == content
    stored = (folder / sealed.blob_name[:2] / sealed.blob_name).read_bytes()
    assert (sealed.size, sealed.sealed_size) == (size, len(stored)) == (size, 56 + size + 16 * (size // 16_384 + 1))
    assert sealed.header_sha256 == hashlib.sha256(stored[:56]).digest()
    assert (sealed.algorithm, sealed.key_id) == ("c2sp-cobblestone-256", str(REVIEW))
    assert len(sealed.wrapped_key) == 61
    assert (folder / sealed.blob_name[:2] / sealed.blob_name).stat().st_mode & 0o777 == 0o600


def test_how_a_paper_arrives_does_not_matter(vault):
    content = pattern(100_001)
    assert read(vault, seal(vault, content, step=1_000)) == read(vault, seal(vault, content, step=10**6)) == content


def test_two_sealings_of_one_paper_have_nothing_in_common(vault):
    first, second = seal(vault, b"same"), seal(vault, b"same")
    assert first.size == second.size
    for name in ("wrapped_key", "blob_name", "header_sha256", "fingerprint"):
        assert getattr(first, name) != getattr(second, name)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_part_of_a_paper_is_what_a_slice_of_it_is(data):
    content = BIG
    start = data.draw(st.integers(0, len(content) + 20_000))
    end = data.draw(st.none() | st.integers(0, len(content) + 20_000))
    assert b"".join(DocumentReader(io.BytesIO(BIG_SEALED), KEY, PLACE).range(start, end)) == content[start:end]


BIG = pattern(600_001)
BIG_SEALED = sealed_bytes(BIG)


@pytest.mark.parametrize("start", [0, 16_383, 16_384, 16_385, 262_143, 262_144, 600_000, 600_001, 600_002])
@pytest.mark.parametrize("length", [0, 1, 16_384, 300_000])
def test_parts_that_begin_or_end_at_a_chunks_edge(start, length):
    reader = DocumentReader(io.BytesIO(BIG_SEALED), KEY, PLACE)
    assert b"".join(reader.range(start, start + length)) == BIG[start : start + length]


def test_a_part_from_before_the_start_is_refused():
    reader = DocumentReader(io.BytesIO(BIG_SEALED), KEY, PLACE)
    for span in ((-1, None), (0, -1)):
        with pytest.raises(ValueError, match="from the start"):
            reader.range(*span)


def test_a_part_of_a_paper_is_read_through_the_vault(vault):
    content = pattern(50_000)
    sealed = seal(vault, content)
    assert read(vault, sealed, CONTEXT, 16_000, 33_000) == content[16_000:33_000]


@pytest.mark.parametrize("size", [0, 5, 16_384, 16_385])
def test_a_paper_cut_short_at_any_length_is_refused_before_the_first_byte(size):
    blob = sealed_bytes(pattern(size))
    lengths = range(len(blob)) if size < 16_385 else [*range(60), *range(16_000, len(blob))]
    for length in lengths:
        with pytest.raises(Damaged):
            DocumentReader(io.BytesIO(blob[:length]), KEY, PLACE)


def test_a_paper_made_longer_is_refused():
    blob = sealed_bytes(pattern(16_385))
    for more in (b"\0", bytes(16), bytes(16_400), blob[56:]):
        with pytest.raises(Damaged):
            DocumentReader(io.BytesIO(blob + more), KEY, PLACE)


def test_every_flipped_bit_of_a_short_paper_is_found():
    blob = sealed_bytes(b"a short paper")
    for n in range(len(blob) * 8):
        flipped = bytearray(blob)
        flipped[n // 8] ^= 1 << n % 8
        with pytest.raises(Damaged):
            opened(flipped)


@settings(max_examples=40)
@given(place=st.integers(0, len(BIG_SEALED) - 1), bit=st.integers(0, 7))
def test_a_flipped_bit_anywhere_in_a_long_paper_is_found(place, bit):
    flipped = bytearray(BIG_SEALED)
    flipped[place] ^= 1 << bit
    with pytest.raises(Damaged):
        opened(flipped)


def test_chunks_that_were_swapped_repeated_or_dropped_are_found():
    blob = sealed_bytes(pattern(3 * 16_384 + 100))
    head, chunks = blob[:56], [blob[56 + k * 16_400 :][:16_400] for k in range(4)]
    a, b, c, last = chunks
    assert opened(head + b"".join(chunks)) == pattern(3 * 16_384 + 100)
    for order in ([b, a, c, last], [a, a, c, last], [a, c, last], [a, b, last], [a, b, c, c, last], [last], [a, b, c]):
        with pytest.raises(Damaged):
            opened(head + b"".join(order))


def test_a_chunk_from_another_paper_under_the_same_key_is_found():
    first, second = sealed_bytes(pattern(20_000)), sealed_bytes(pattern(20_000))
    for mixed in (first[:56] + second[56:], first[:16_456] + second[16_456:], second[:24] + first[24:]):
        with pytest.raises(Damaged):
            opened(mixed)


def test_another_key_or_another_place_opens_nothing():
    blob = sealed_bytes(b"paper")
    for key, place in ((bytes(32), PLACE), (KEY, b"another"), (KEY, b"")):
        with pytest.raises(Damaged):
            DocumentReader(io.BytesIO(blob), key, place)


@pytest.mark.parametrize(
    "change",
    [
        {"container": OTHER},
        {"document": OTHER},
        {"version": 4},
        {"kind": Kind.REDACTED},
        {"kind": Kind.RENDITION},
    ],
)
def test_a_paper_put_in_another_papers_place_is_refused(vault, change):
    sealed = seal(vault, b"paper")
    elsewhere = dataclasses.replace(CONTEXT, **change)
    with pytest.raises(Damaged):
        vault.open_document(elsewhere, sealed, receipt(elsewhere))


def test_facts_that_do_not_belong_to_the_paper_are_refused(vault):
    sealed, other = seal(vault, b"paper"), seal(vault, b"other")
    for change in (
        {"blob_name": other.blob_name},
        {"wrapped_key": other.wrapped_key},
        {"blob_name": other.blob_name, "wrapped_key": other.wrapped_key},
        {"header_sha256": other.header_sha256},
        {"size": 6},
        {"key_id": str(OTHER)},
        {"algorithm": "rot13"},
        {"blob_name": "../../keys/root.json"},
        {"blob_name": "0" * 32},
    ):
        with pytest.raises(Damaged):
            vault.open_document(CONTEXT, dataclasses.replace(sealed, **change), receipt())


def test_no_receipt_no_paper(vault):
    sealed = seal(vault, b"paper")
    other_version = dataclasses.replace(CONTEXT, version=4)
    for wrong in (
        None,
        receipt(other_version),
        receipt(container=OTHER),
        receipt(scope=Scope.NARRATIVE, subject=""),
        receipt(scope=Scope.IDENTITY, subject=CONTEXT.subject),
    ):
        with pytest.raises(NoReceipt):
            vault.open_document(CONTEXT, sealed, wrong)


def test_a_receipt_opens_every_kind_of_its_version(vault):
    rendition = dataclasses.replace(CONTEXT, kind=Kind.RENDITION)
    assert b"".join(vault.open_document(rendition, seal(vault, b"page", rendition), receipt())) == b"page"


def test_what_a_destroyed_container_sealed_cannot_be_opened(vault):
    container = UUID("0b6d0000-0000-4000-8000-000000000009")
    context = dataclasses.replace(CONTEXT, container=container)
    vault.create_container(container)
    sealed = seal(vault, b"paper", context)
    vault.destroy_container(container)
    with pytest.raises(KeyMissing):
        vault.open_document(context, sealed, receipt(context))
    with pytest.raises(KeyMissing):
        vault.seal_document(context)


def test_a_deleted_paper_is_gone(vault, folder):
    sealed = seal(vault, b"paper")
    BlobFiles(folder).delete(sealed.blob_name)
    BlobFiles(folder).delete(sealed.blob_name)
    with pytest.raises(Damaged, match="not in the store"):
        vault.open_document(CONTEXT, sealed, receipt())


def test_an_abandoned_paper_leaves_nothing_behind(vault, folder):
    before = {path for path in folder.rglob("*") if path.is_file()}
    sealer = vault.seal_document(CONTEXT)
    sealer.update(b"half of it")
    sealer.abort()
    sealer.abort()
    assert {path for path in folder.rglob("*") if path.is_file()} == before
    for way in (sealer.finish, lambda: sealer.update(b"more")):
        with pytest.raises(VaultError, match="start again"):
            way()


def test_a_finished_paper_is_not_touched_any_more(vault):
    sealer = vault.seal_document(CONTEXT)
    sealer.update(b"paper")
    sealed = sealer.finish()
    sealer.abort()
    with pytest.raises(VaultError, match="start again"):
        sealer.finish()
    assert read(vault, sealed) == b"paper"


def test_a_version_that_does_not_fit_is_refused_before_anything_is_stored(vault, folder):
    before = set(folder.rglob("*"))
    for version in (-1, 2**32):
        with pytest.raises(OverflowError):
            vault.seal_document(dataclasses.replace(CONTEXT, version=version))
    assert set(folder.rglob("*")) == before


def test_a_big_paper_is_never_in_memory_as_a_whole(vault):
    step, steps = bytes(65_536), 600  # 39 MB
    tracemalloc.start()
    sealer = vault.seal_document(CONTEXT)
    for _ in range(steps):
        sealer.update(step)
    sealed = sealer.finish()
    total = sum(len(piece) for piece in vault.open_document(CONTEXT, sealed, receipt()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert total == sealed.size == steps * 65_536
    assert peak < (MOST_BEHIND + 1) * BATCH_BYTES + 2_000_000  # the buffers that go round, and what is in hand


def test_plain_words_are_nowhere_on_the_disk(vault, folder):
    sealed = seal(vault, b"a sentence nobody may find " * 5_000)
    assert not any(b"nobody may find" in path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert read(vault, sealed).startswith(b"a sentence")
