"""A container's key while it is changed, its second folder, and what erasing leaves: nothing, in both places."""

import json
import os
import stat
import threading
from uuid import UUID

import pytest

from restricted_docs.vault.blobs import BlobFiles
from restricted_docs.vault.containers import ContainerKeyFiles
from restricted_docs.vault.documents import DocumentContext, Kind
from restricted_docs.vault.errors import Damaged, KeyMissing, VaultUnavailable
from restricted_docs.vault.receipt import Scope, mint
from restricted_docs.vault.rootkeys import KeyringFile
from restricted_docs.vault.vault import Vault

DEPLOYMENT = UUID("de000000-0000-4000-8000-000000000001")
REVIEW = UUID("0b6d0000-0000-4000-8000-000000000001")
OTHER = UUID("0b6d0000-0000-4000-8000-000000000002")
PLACE = "reviews_note.body:11111111-0000-4000-8000-000000000001"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "containers").mkdir(mode=0o700)
    return tmp_path / "containers"


@pytest.fixture
def second(tmp_path):
    (tmp_path / "second").mkdir(mode=0o700)
    return tmp_path / "second"


@pytest.fixture
def kept(tmp_path, folder, second):
    ring = KeyringFile.create(tmp_path / "root.json")
    return ContainerKeyFiles(folder, ring, deployment=DEPLOYMENT, copy=second)


@pytest.fixture
def vault(tmp_path, kept):
    kept.create(REVIEW)
    (tmp_path / "papers").mkdir()
    return Vault(deployment=DEPLOYMENT, containers=kept, blobs=BlobFiles(tmp_path / "papers"))


def receipt():
    return mint(seq=1, leaf=bytes(32), person=1, container=REVIEW, scope=Scope.NARRATIVE)


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


# a new key beside the old one


def test_a_renewed_key_seals_and_the_one_before_it_still_opens(kept, vault):
    sealed = vault.seal_text(REVIEW, PLACE, "before")
    old = kept.key(REVIEW)
    assert kept.renew(REVIEW)
    assert kept.key(REVIEW) != old
    assert kept.previous(REVIEW) == old
    assert vault.open_text(REVIEW, PLACE, sealed, receipt()) == "before"
    again = vault.reseal_text(REVIEW, PLACE, sealed)
    assert vault.reseal_text(REVIEW, PLACE, again) is None
    kept.forget_previous(REVIEW)
    assert kept.previous(REVIEW) is None
    assert vault.open_text(REVIEW, PLACE, again, receipt()) == "before"
    with pytest.raises(Damaged):
        vault.open_text(REVIEW, PLACE, sealed, receipt())


def test_a_key_is_not_renewed_again_before_the_one_before_it_is_forgotten(kept, vault):
    assert kept.renew(REVIEW)
    new = kept.key(REVIEW)
    assert not kept.renew(REVIEW)
    assert kept.key(REVIEW) == new


def test_a_change_that_ends_late_does_not_forget_the_key_of_the_next_change(kept, vault):
    """Two runs on one review: everything may still be sealed by the key that the later one is changing."""
    kept.renew(REVIEW)
    first = kept.previous(REVIEW)
    kept.forget_previous(REVIEW, first)
    sealed = vault.seal_text(REVIEW, PLACE, "text")
    kept.renew(REVIEW)
    kept.forget_previous(REVIEW, first)
    assert vault.open_text(REVIEW, PLACE, sealed, receipt()) == "text"
    kept.forget_previous(REVIEW, kept.previous(REVIEW))
    assert kept.previous(REVIEW) is None


def test_a_forgotten_key_is_written_over(kept, folder, second, monkeypatch):
    from restricted_docs.vault import keyfolder

    kept.create(REVIEW)
    kept.renew(REVIEW)
    scrubbed, real = [], keyfolder._scrub
    monkeypatch.setattr(keyfolder, "_scrub", lambda handle: scrubbed.append(real(handle)))
    kept.forget_previous(REVIEW)
    assert len(scrubbed) == 2
    assert "previous" not in json.loads((folder / REVIEW.hex).read_bytes())
    kept.forget_previous(REVIEW)
    assert len(scrubbed) == 2


def test_a_text_moved_elsewhere_is_not_sealed_anew(vault, kept):
    sealed = vault.seal_text(REVIEW, PLACE, "here")
    kept.renew(REVIEW)
    with pytest.raises(Damaged):
        vault.reseal_text(REVIEW, PLACE + "x", sealed)


def test_a_paper_moves_to_the_new_key_without_its_file_being_touched(kept, vault, tmp_path):
    context = DocumentContext(REVIEW, OTHER, 1, Kind.ORIGINAL)
    sealer = vault.seal_document(context)
    sealer.update(b"a paper" * 9000)
    blob = sealer.finish()
    assert vault.rewrap_document(context, blob) is None
    kept.renew(REVIEW)
    again = vault.rewrap_document(context, blob)
    kept.forget_previous(REVIEW)
    mine = mint(seq=1, leaf=bytes(32), person=1, container=REVIEW, scope=Scope.DOCUMENT, subject=context.subject)
    assert b"".join(vault.open_document(context, again, mine)) == b"a paper" * 9000
    assert again.blob_name == blob.blob_name
    with pytest.raises(Damaged):
        vault.open_document(context, blob, mine)
    fresh = vault.reseal_document(context, again)
    assert (fresh.blob_name, fresh.wrapped_key) != (again.blob_name, again.wrapped_key)
    assert b"".join(vault.open_document(context, fresh, mine)) == b"a paper" * 9000


def test_a_paper_that_cannot_be_read_leaves_no_new_file(kept, vault, tmp_path):
    context = DocumentContext(REVIEW, OTHER, 1, Kind.ORIGINAL)
    sealer = vault.seal_document(context)
    sealer.update(b"a paper" * 9000)
    blob = sealer.finish()
    path = tmp_path / "papers" / blob.blob_name[:2] / blob.blob_name
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(Damaged):
        vault.reseal_document(context, blob)
    assert [path.name for path in (tmp_path / "papers").rglob("*") if path.is_file()] == [blob.blob_name]


def test_an_upload_whose_review_is_erased_meanwhile_leaves_nothing(kept, vault, tmp_path):
    sealer = vault.seal_document(DocumentContext(REVIEW, OTHER, 1, Kind.ORIGINAL))
    sealer.update(b"half of it")
    kept.destroy(REVIEW)
    with pytest.raises(KeyMissing):
        sealer.finish()
    assert [path for path in (tmp_path / "papers").rglob("*") if path.is_file()] == []


def test_readers_never_meet_a_half_written_key_file(kept, vault):
    """A reader may open the old file just before it is written over: it then reads the new one."""
    sealed, faults, over = vault.seal_text(REVIEW, PLACE, "text"), [], threading.Event()

    def read():
        while not over.is_set():
            try:
                kept.key(REVIEW), kept.previous(REVIEW)
            except Exception as fault:  # noqa: BLE001
                faults.append(fault)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for _ in range(100):
        kept.renew(REVIEW)
        sealed = vault.reseal_text(REVIEW, PLACE, sealed)
        kept.forget_previous(REVIEW)
    over.set()
    for reader in readers:
        reader.join()
    assert faults == []
    assert vault.open_text(REVIEW, PLACE, sealed, receipt()) == "text"


def test_a_renewal_of_the_keyring_that_was_cut_short_does_not_stop_the_next(tmp_path):
    ring = KeyringFile.create(tmp_path / "root.json")
    part = tmp_path / "root.json.part"
    part.write_bytes(b"half")
    with pytest.raises(VaultUnavailable, match="somebody else"):
        ring.renew()
    os.utime(part, (0, 0))
    assert ring.renew() == ring.current_id()


# the second folder


def test_the_second_folder_always_holds_the_same(kept, folder, second):
    for change in (
        lambda: kept.create(REVIEW),
        lambda: kept.create(OTHER),
        lambda: kept.renew(REVIEW),
        lambda: kept.forget_previous(REVIEW),
        lambda: kept._root.renew() and kept.rewrap_all(),
        lambda: kept.destroy(OTHER),
    ):
        change()
        assert files(second) == files(folder)
    assert {stat.S_IMODE(path.stat().st_mode) for path in second.iterdir()} == {0o600}


def test_the_second_folder_alone_brings_every_key_back(kept, folder, second, tmp_path):
    kept.create(REVIEW)
    key = kept.key(REVIEW)
    restored = ContainerKeyFiles(second, KeyringFile(tmp_path / "root.json"), deployment=DEPLOYMENT)
    assert restored.key(REVIEW) == key


def test_a_second_folder_that_is_away_stops_what_would_be_kept_only_once(kept, folder, second, tmp_path):
    kept.create(REVIEW)
    second.rename(tmp_path / "away")
    for change in (lambda: kept.create(OTHER), lambda: kept.renew(REVIEW), lambda: kept.destroy(REVIEW)):
        with pytest.raises(VaultUnavailable, match="second key folder"):
            change()


def test_a_second_folder_that_came_back_is_completed(kept, folder, second, tmp_path):
    kept.create(REVIEW)
    kept.create(OTHER)
    (second / REVIEW.hex).unlink()
    (second / OTHER.hex).write_bytes(b"older")
    assert kept.complete_copy() == 2
    assert files(second) == files(folder)
    assert kept.complete_copy() == 0


def test_erasing_reaches_what_a_crash_left_behind(kept, folder, second):
    kept.create(REVIEW)
    whole = (folder / REVIEW.hex).read_bytes()
    for place in (folder, second):
        (place / f"{REVIEW.hex}.part").write_bytes(whole)
        (place / f"{REVIEW.hex}.0011aabb.part").write_bytes(whole)
    kept.destroy(REVIEW)
    assert files(folder) == files(second) == {REVIEW.hex: b""}


def test_keys_are_named_by_a_hash_that_tells_nothing_of_them(kept):
    kept.create(REVIEW)
    kept.renew(REVIEW)
    names = kept.fingerprints(REVIEW)
    assert len(set(names)) == 2
    assert all(len(name) == 64 for name in names)
    assert kept.key(REVIEW).hex() not in names
