"""This deployment's keys: made once, never over others, for their owner alone."""

import shutil
import stat

import pytest

from restricted_docs import strongroom
from restricted_docs.strongroom import CHAIRS_REGISTER, PARTNERSHIP
from restricted_docs.vault.errors import VaultUnavailable


@pytest.fixture
def var(tmp_path, settings):
    settings.VAR = tmp_path / "var"
    strongroom.reset()
    yield settings.VAR
    strongroom.reset()


def everything(var):
    return {path.relative_to(var): path.read_bytes() for path in var.rglob("*") if path.is_file()}


def test_without_keys_there_is_no_vault_and_none_is_made_in_passing(var):
    with pytest.raises(VaultUnavailable, match="has no keys"):
        strongroom.vault()
    assert not var.exists()


def test_keys_are_made_for_their_owner_alone(var):
    strongroom.make_keys()
    for path in [path for path in var.rglob("*") if path.parent != var.parent]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path.name


def test_an_open_folder_is_closed_to_others(var):
    (var / "papers").mkdir(parents=True)
    (var / "papers").chmod(0o755)
    strongroom.make_keys()
    assert stat.S_IMODE((var / "papers").stat().st_mode) == 0o700


def test_making_keys_again_changes_nothing(var):
    strongroom.make_keys()
    before = everything(var)
    strongroom.make_keys()
    assert everything(var) == before


def test_the_vault_has_the_containers_of_every_deployment(var):
    strongroom.make_keys()
    vault = strongroom.vault()
    assert vault is strongroom.vault()
    assert vault.has_container(PARTNERSHIP)
    assert vault.has_container(CHAIRS_REGISTER)
    assert str(PARTNERSHIP) == "ec3c0598-7164-5675-81e8-01c89542d93e"
    assert str(CHAIRS_REGISTER) == "402f2adb-9795-5bd7-b115-afc92a849b5c"


def test_another_folder_is_another_vault(var, settings, tmp_path):
    strongroom.make_keys()
    first = strongroom.vault()
    settings.VAR = tmp_path / "another"
    strongroom.make_keys()
    assert strongroom.vault() is not first


@pytest.mark.parametrize("lost", ["root.json", "deployment"])
def test_new_keys_are_never_made_over_container_keys_that_need_the_old_ones(var, lost):
    strongroom.make_keys()
    (var / "keys" / lost).unlink()
    strongroom.reset()
    with pytest.raises(VaultUnavailable, match="Restore the keys folder"):
        strongroom.make_keys()
    with pytest.raises(VaultUnavailable):
        strongroom.vault()
    assert not (var / "keys" / lost).exists()


def test_a_keyring_that_others_may_read_stops_the_vault_at_once(var):
    strongroom.make_keys()
    (var / "keys" / "root.json").chmod(0o644)
    with pytest.raises(VaultUnavailable, match="chmod 600"):
        strongroom.vault()


def test_a_lost_key_folder_makes_the_first_use_fail_with_a_sentence(var):
    strongroom.make_keys()
    vault = strongroom.vault()
    shutil.rmtree(var / "keys")
    with pytest.raises(VaultUnavailable):
        vault.create_container(PARTNERSHIP)
