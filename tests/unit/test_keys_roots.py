"""Every kind of root key, asked the same questions: the keyring file, OpenBao, a KMS as documented, a SoftHSM2 token.

OpenBao and SoftHSM2 are the real programs. AWS KMS is a contract: a server that answers as its reference says.
"""

import logging
from types import SimpleNamespace
from uuid import UUID

import pytest

from restricted_docs.vault.containers import ContainerKeyFiles
from restricted_docs.vault.errors import Damaged, KeyMissing, VaultError, VaultUnavailable
from restricted_docs.vault.rootkeys import KeyringFile, Roots
from restricted_docs.vault.roots.briefly import Briefly
from tests import key_services
from tests.unit.roots import KEY, PIN, a_file, a_kms, a_pkcs11, a_transit

DEPLOYMENT = UUID("de000000-0000-4000-8000-000000000001")
REVIEW = UUID("0b6d0000-0000-4000-8000-000000000001")


@pytest.fixture(params=[a_file, a_transit, a_kms, a_pkcs11], ids=lambda made: made.__name__[2:])
def one(request, tmp_path):
    root, down, renew = request.param(tmp_path, request)
    return SimpleNamespace(root=root, down=down, renew=renew)


class TestEveryRoot:
    def test_gives_back_the_key_that_it_wrapped_and_names_its_version(self, one):
        key_id, wrapped = one.root.wrap(KEY, b"here")
        assert key_id == one.root.current_id()
        assert key_id.startswith(one.root.prefix)
        assert KEY not in wrapped
        assert one.root.unwrap(key_id, wrapped, b"here") == KEY

    def test_wraps_the_same_key_differently_each_time(self, one):
        assert one.root.wrap(KEY, b"here")[1] != one.root.wrap(KEY, b"here")[1]

    def test_refuses_a_key_wrapped_for_another_place(self, one):
        key_id, wrapped = one.root.wrap(KEY, b"here")
        with pytest.raises(Damaged):
            one.root.unwrap(key_id, wrapped, b"there")

    def test_refuses_a_wrapped_key_with_a_flipped_bit(self, one):
        key_id, wrapped = one.root.wrap(KEY, b"here")
        for place in (len(wrapped) // 2, len(wrapped) - 4):
            flipped = bytearray(wrapped)
            flipped[place] ^= 1
            with pytest.raises(Damaged):
                one.root.unwrap(key_id, bytes(flipped), b"here")
        assert one.root.unwrap(key_id, wrapped, b"here") == KEY

    @pytest.mark.parametrize("wrapped", [b"", b"x", bytes(61), b"vault:v1:"])
    def test_refuses_what_is_no_wrapped_key(self, one, wrapped):
        with pytest.raises((Damaged, KeyMissing)):
            one.root.unwrap(one.root.current_id(), wrapped, b"here")

    def test_wraps_only_a_key(self, one):
        with pytest.raises(ValueError, match="32 bytes"):
            one.root.wrap(b"short", b"here")

    def test_wraps_with_its_new_version_and_still_opens_the_old(self, one):
        old_id, old = one.root.wrap(KEY, b"here")
        one.renew()
        assert one.root.current_id() != old_id
        assert one.root.unwrap(old_id, old, b"here") == KEY
        new_id, new = one.root.rewrap(old_id, old, b"here")
        assert new_id == one.root.current_id()
        assert one.root.unwrap(new_id, new, b"here") == KEY
        with pytest.raises(VaultError):
            one.root.unwrap(new_id, old[:-1] + bytes([old[-1] ^ 1]), b"here")

    def test_says_what_to_do_when_it_does_not_answer(self, one):
        key_id, wrapped = one.root.wrap(KEY, b"here")
        for ask in (
            one.down.current_id,
            lambda: one.down.wrap(KEY, b""),
            lambda: one.down.unwrap(key_id, wrapped, b""),
        ):
            with pytest.raises(VaultUnavailable) as problem:
                ask()
            assert str(problem.value).endswith(".")
            assert problem.value.__suppress_context__

    def test_tells_no_key_in_an_error_or_a_log(self, one, caplog):
        caplog.set_level(logging.DEBUG)
        key_id, wrapped = one.root.wrap(KEY, b"here")
        for ask in (
            lambda: one.root.unwrap(key_id, wrapped, b"there"),
            lambda: one.down.unwrap(key_id, wrapped, b"here"),
            lambda: one.down.wrap(KEY, b"here"),
        ):
            with pytest.raises(VaultError) as problem:
                ask()
            said = f"{problem.value!r} {caplog.text}"
            for secret in (
                KEY.hex(),
                repr(KEY),
                "AAECAwQF",
                wrapped.hex(),
                PIN,
                key_services.Kms.secret,
                "only-for-tests",
            ):
                assert secret not in said

    def test_keeps_container_keys_and_moves_them_to_its_new_version(self, one, tmp_path):
        (tmp_path / "containers").mkdir()
        kept = ContainerKeyFiles(tmp_path / "containers", one.root, deployment=DEPLOYMENT)
        kept.create(REVIEW)
        key = kept.key(REVIEW)
        one.renew()
        assert kept.wrapped_by_others() == 1
        assert kept.rewrap_all() == 1
        assert (kept.key(REVIEW), kept.wrapped_by_others()) == (key, 0)

    def test_a_deployment_moves_to_it_from_a_keyring_file(self, one, tmp_path):
        file = KeyringFile.create(tmp_path / "before.json")
        (tmp_path / "containers").mkdir()
        ContainerKeyFiles(tmp_path / "containers", file, deployment=DEPLOYMENT).create(REVIEW)
        key = ContainerKeyFiles(tmp_path / "containers", file, deployment=DEPLOYMENT).key(REVIEW)
        if one.root.prefix == file.prefix:
            return
        moved = ContainerKeyFiles(tmp_path / "containers", Roots(one.root, file), deployment=DEPLOYMENT)
        assert moved.key(REVIEW) == key
        assert moved.rewrap_all() == 1
        alone = ContainerKeyFiles(tmp_path / "containers", Roots(one.root), deployment=DEPLOYMENT)
        assert alone.key(REVIEW) == key


def test_a_wrapped_key_of_a_kind_that_is_not_set_says_which_to_set(tmp_path):
    with pytest.raises(KeyMissing, match="Set that one as well"):
        Roots(KeyringFile.create(tmp_path / "root.json")).unwrap("transit:transit/dhr:v1", b"", b"")


class Counting:
    """A root that counts how often it is asked."""

    prefix = "root-"

    def __init__(self, root):
        self.root, self.asked = root, 0

    def unwrap(self, *place):
        self.asked += 1
        return self.root.unwrap(*place)


def test_what_was_opened_is_remembered_briefly_and_only_for_its_place(tmp_path):
    file = KeyringFile.create(tmp_path / "root.json")
    counting = Counting(file)
    root = Briefly(counting, seconds=30)
    key_id, wrapped = file.wrap(KEY, b"here")
    assert [root.unwrap(key_id, wrapped, b"here") for _ in range(3)] == [KEY] * 3
    assert counting.asked == 1
    with pytest.raises(Damaged):
        root.unwrap(key_id, wrapped, b"there")
    forgets = Briefly(counting, seconds=0)
    for _ in range(2):
        forgets.unwrap(key_id, wrapped, b"here")
    assert counting.asked == 4


def test_a_destroyed_key_opens_nothing_although_its_root_remembers(tmp_path):
    file = KeyringFile.create(tmp_path / "root.json")
    file.unwrap, opened = None, file.unwrap
    root = Briefly(SimpleNamespace(prefix="root-", wrap=file.wrap, unwrap=opened))
    (tmp_path / "containers").mkdir()
    kept = ContainerKeyFiles(tmp_path / "containers", root, deployment=DEPLOYMENT)
    elsewhere = ContainerKeyFiles(tmp_path / "containers", root, deployment=DEPLOYMENT)
    kept.create(REVIEW)
    assert elsewhere.key(REVIEW)
    kept.destroy(REVIEW)
    with pytest.raises(KeyMissing, match="was destroyed"):
        elsewhere.key(REVIEW)
