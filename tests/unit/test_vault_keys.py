"""Root keys and container keys: owner-only files, never written over, bound to their place, destroyed for good."""

import json
import os
import stat
import threading
from pathlib import Path
from uuid import UUID

import pytest

from restricted_docs.vault import rootkeys
from restricted_docs.vault.containers import ContainerKeyFiles
from restricted_docs.vault.errors import Damaged, KeyMissing, VaultError, VaultUnavailable
from restricted_docs.vault.rootkeys import KeyringFile

DEPLOYMENT = UUID("de000000-0000-4000-8000-000000000001")
REVIEW = UUID("0b6d0000-0000-4000-8000-000000000001")
OTHER = UUID("0b6d0000-0000-4000-8000-000000000002")


@pytest.fixture
def ring(tmp_path):
    return KeyringFile.create(tmp_path / "root.json")


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "containers"
    path.mkdir(mode=0o700)
    return path


@pytest.fixture
def kept(folder, ring):
    return ContainerKeyFiles(folder, ring, deployment=DEPLOYMENT)


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_a_keyring_is_for_its_owner_alone(ring, tmp_path):
    assert mode(tmp_path / "root.json") == 0o600


@pytest.mark.parametrize("others", [0o640, 0o604, 0o620, 0o602])
def test_a_keyring_that_others_may_touch_is_refused(ring, tmp_path, others):
    assert ring.current_id()
    (tmp_path / "root.json").chmod(others)
    with pytest.raises(VaultUnavailable, match="chmod 600"):
        ring.current_id()


def test_a_keyring_is_never_made_over_another(ring, tmp_path):
    before = (tmp_path / "root.json").read_bytes()
    with pytest.raises(VaultUnavailable, match="never replaced"):
        KeyringFile.create(tmp_path / "root.json")
    assert (tmp_path / "root.json").read_bytes() == before


def test_a_missing_keyring_is_said_to_be_missing(tmp_path):
    with pytest.raises(VaultUnavailable, match="no root keyring"):
        KeyringFile(tmp_path / "none.json").wrap(bytes(32), b"")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'{"current": "a", "keys": {}}',
        b'{"current": "a", "keys": {"a": "AAAA"}}',
        b'{"keys": {"a": 1}}',
    ],
)
def test_a_keyring_that_is_not_one_is_refused(ring, tmp_path, content):
    (tmp_path / "root.json").write_bytes(content)
    with pytest.raises(VaultUnavailable, match="not a keyring"):
        ring.current_id()


def test_a_wrapped_key_opens_only_where_it_was_wrapped(ring):
    key_id, wrapped = ring.wrap(bytes(range(32)), b"here")
    assert ring.unwrap(key_id, wrapped, b"here") == bytes(range(32))
    with pytest.raises(Damaged):
        ring.unwrap(key_id, wrapped, b"there")


def test_every_flipped_bit_of_a_wrapped_key_is_found(ring):
    key_id, wrapped = ring.wrap(bytes(32), b"")
    for place in range(len(wrapped) * 8):
        flipped = bytearray(wrapped)
        flipped[place // 8] ^= 1 << place % 8
        with pytest.raises(Damaged):
            ring.unwrap(key_id, bytes(flipped), b"")


def test_only_a_key_is_wrapped_as_one(ring):
    with pytest.raises(ValueError, match="32 bytes"):
        ring.wrap(b"short", b"")


def test_a_renewed_keyring_wraps_with_the_new_key_and_still_opens_the_old(ring, tmp_path):
    old_id, wrapped = ring.wrap(bytes(32), b"x")
    seen_elsewhere = KeyringFile(tmp_path / "root.json")
    assert seen_elsewhere.current_id() == old_id
    new_id = ring.renew()
    assert new_id != old_id
    assert seen_elsewhere.current_id() == new_id
    assert ring.unwrap(old_id, wrapped, b"x") == bytes(32)
    assert ring.rewrap(old_id, wrapped, b"x")[0] == new_id
    assert mode(tmp_path / "root.json") == 0o600


def test_two_renewals_at_once_do_not_lose_a_key(ring, tmp_path):
    (tmp_path / "root.json.part").write_bytes(b"")
    with pytest.raises(VaultUnavailable, match="somebody else"):
        ring.renew()


def test_of_two_renewals_at_once_the_later_one_keeps_the_key_of_the_first(ring, tmp_path, monkeypatch):
    """What was wrapped by the first in between could never be opened again."""
    made, real = [], rootkeys.write_over
    second = threading.Thread(target=lambda: made.append(KeyringFile(tmp_path / "root.json").renew()))

    def with_another_in_between(path, content):
        if second.ident is None:
            second.start()
            second.join(0.5)  # done by then, unless it waits for us
        real(path, content)

    monkeypatch.setattr(rootkeys, "write_over", with_another_in_between)
    made.append(ring.renew())
    second.join()
    held = json.loads((tmp_path / "root.json").read_text())["keys"]
    assert len(held) == 3
    assert set(made) < set(held)


def test_a_root_key_that_is_gone_is_missing(ring):
    _, wrapped = ring.wrap(bytes(32), b"")
    with pytest.raises(KeyMissing, match="Restore the keyring"):
        ring.unwrap("root-gone", wrapped, b"")


def test_a_container_key_is_an_owner_only_file_and_never_in_clear(kept, folder):
    kept.create(REVIEW)
    assert kept.has(REVIEW)
    assert len(kept.key(REVIEW)) == 32
    assert [path.name for path in folder.iterdir()] == [REVIEW.hex]
    assert mode(folder / REVIEW.hex) == 0o600
    assert kept.key(REVIEW) not in (folder / REVIEW.hex).read_bytes()


def test_a_container_key_is_on_disk_before_anybody_relies_on_it(kept, folder, monkeypatch):
    synced, real = [], os.fsync

    def noted(handle):
        synced.append(Path(f"/proc/self/fd/{handle}").readlink())
        real(handle)

    monkeypatch.setattr(os, "fsync", noted)
    kept.create(REVIEW)
    assert synced[0].name.endswith(".part")
    assert synced[-1] == folder


def test_containers_have_keys_of_their_own(kept):
    kept.create(REVIEW)
    kept.create(OTHER)
    assert kept.key(REVIEW) != kept.key(OTHER)


def test_a_container_key_is_never_replaced(kept):
    kept.create(REVIEW)
    before = kept.key(REVIEW)
    with pytest.raises(VaultError, match="never replaced"):
        kept.create(REVIEW)
    kept.ensure(REVIEW)
    assert kept.key(REVIEW) == before


def test_ensure_makes_the_key_that_is_missing(kept):
    kept.ensure(REVIEW)
    assert kept.has(REVIEW)


def test_a_container_without_a_key_says_so(kept):
    assert not kept.has(REVIEW)
    with pytest.raises(KeyMissing, match="has no key"):
        kept.key(REVIEW)
    with pytest.raises(KeyMissing, match="has no key"):
        kept.destroy(REVIEW)


def test_a_destroyed_key_is_gone_for_every_process_and_never_made_again(kept, folder, ring):
    kept.create(REVIEW)
    elsewhere = ContainerKeyFiles(folder, ring, deployment=DEPLOYMENT)
    assert elsewhere.key(REVIEW)
    kept.destroy(REVIEW)
    kept.destroy(REVIEW)
    assert not elsewhere.has(REVIEW)
    assert (folder / REVIEW.hex).read_bytes() == b""
    for way in (elsewhere.key, elsewhere.create, elsewhere.ensure):
        with pytest.raises(KeyMissing, match="was destroyed"):
            way(REVIEW)


def test_destroying_writes_over_the_key_before_letting_it_go(kept, folder, monkeypatch):
    kept.create(REVIEW)
    before = (folder / REVIEW.hex).read_bytes()
    seen, real = [], os.ftruncate

    def noted(handle, size):
        seen.append((folder / REVIEW.hex).read_bytes())
        real(handle, size)

    monkeypatch.setattr(os, "ftruncate", noted)
    kept.destroy(REVIEW)
    assert len(seen[0]) == len(before)
    assert b"wrapped_key" not in seen[0]


def test_a_key_file_put_in_another_containers_place_does_not_open(kept, folder):
    kept.create(REVIEW)
    kept.create(OTHER)
    (folder / OTHER.hex).write_bytes((folder / REVIEW.hex).read_bytes())
    with pytest.raises(Damaged):
        kept.key(OTHER)


def test_a_key_file_of_another_deployment_does_not_open(kept, folder, ring):
    kept.create(REVIEW)
    with pytest.raises(Damaged):
        ContainerKeyFiles(folder, ring, deployment=OTHER).key(REVIEW)


@pytest.mark.parametrize("content", [b"{", b"[]", b"{}", b'{"key_id": "a", "wrapped_key": "?"}', b"\xff"])
def test_a_damaged_key_file_says_so(kept, folder, content):
    (folder / REVIEW.hex).write_bytes(content)
    with pytest.raises(Damaged, match="backup of the key folder"):
        kept.key(REVIEW)


def test_rewrapping_changes_the_wrapping_and_not_the_keys(kept, folder, ring):
    for container in (REVIEW, OTHER):
        kept.create(container)
    before = kept.key(REVIEW)
    kept.destroy(OTHER)
    old_id = ring.current_id()
    assert kept.rewrap_all() == 0
    new_id = ring.renew()
    (folder / f"{REVIEW.hex}.part").write_bytes(b"left behind by a crash")
    assert kept.rewrap_all() == 1
    assert kept.key(REVIEW) == before
    assert json.loads((folder / REVIEW.hex).read_bytes())["key_id"] == new_id != old_id
    assert mode(folder / REVIEW.hex) == 0o600
    assert not kept.has(OTHER)


def test_a_key_folder_that_is_gone_is_unavailable(kept, folder):
    folder.rmdir()
    with pytest.raises(VaultUnavailable, match="key folder"):
        kept.create(REVIEW)


def test_what_else_lies_in_the_key_folder_is_no_key(kept, folder):
    """A folder on a disk of its own has a lost+found."""
    kept.create(REVIEW)
    (folder / "lost+found").mkdir()
    (folder / ".directory").write_bytes(b"")
    assert kept.containers() == [REVIEW]
    assert list(kept.rewrap_each()) == [False]
