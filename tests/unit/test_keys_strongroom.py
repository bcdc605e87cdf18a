"""The root key and the second key folder as the settings say: made where this service makes them, refused with a sentence."""

import json

import pytest

from restricted_docs import strongroom
from restricted_docs.strongroom import CHAIRS_REGISTER, PARTNERSHIP
from restricted_docs.vault.errors import VaultUnavailable
from tests import key_services
from tests.unit.roots import label


@pytest.fixture(autouse=True)
def var(tmp_path, settings):
    settings.VAR = tmp_path / "var"
    settings.ROOT_KEY_AT = {kind: dict(at) for kind, at in settings.ROOT_KEY_AT.items()}
    strongroom.reset()
    yield settings.VAR
    strongroom.reset()


@pytest.fixture
def transit(bao, settings, tmp_path):
    (tmp_path / "token").write_text(bao.token)
    name = label()
    settings.ROOT_KEY_AT["transit"] |= {"url": bao.url, "key": name, "token_file": str(tmp_path / "token")}
    return name


@pytest.fixture
def token(hsm, settings):
    module = {"module": key_services.SOFTHSM, "token": "dhr", "label": label(), "pin_file": str(hsm / "pin")}
    settings.ROOT_KEY_AT["pkcs11"] |= module


def wrapped_by(var):
    return {json.loads(path.read_bytes())["key_id"].split(":")[0][:6] for path in (var / "keys/containers").iterdir()}


def works():
    vault = strongroom.vault()
    return vault.blind(PARTNERSHIP, "label", "text") == vault.blind(PARTNERSHIP, "label", "TEXT")


def test_a_kind_of_root_key_that_is_none_is_refused(settings):
    settings.ROOT_KEY = "vaulted"
    with pytest.raises(VaultUnavailable, match="must be one of file, transit, kms, pkcs11"):
        strongroom.make_keys()


def test_a_tokens_first_key_is_made_with_the_others(var, token, settings):
    settings.ROOT_KEY = "pkcs11"
    strongroom.make_keys()
    first = strongroom.root().current_id()
    strongroom.make_keys()
    assert strongroom.root().current_id() == first
    assert first.endswith(":v1")
    assert works()
    assert wrapped_by(var) == {"pkcs11"}
    assert not (var / "keys" / "root.json").exists()


def test_a_key_in_a_transit_engine_is_made_there_and_nothing_is_made_before_it_is(var, bao, transit, settings):
    settings.ROOT_KEY = "transit"
    with pytest.raises(VaultUnavailable, match="Make it there"):
        strongroom.make_keys()
    assert list((var / "keys" / "containers").iterdir()) == []
    bao.ask(f"transit/keys/{transit}", {})
    strongroom.make_keys()
    assert works()
    assert wrapped_by(var) == {"transi"}


def test_a_key_service_without_its_settings_says_which(settings):
    for kind, says in {"kms": "DHR_KMS_KEY", "transit": "https://|DHR_TRANSIT_KEY", "pkcs11": "DHR_PKCS11"}.items():
        settings.ROOT_KEY = kind
        with pytest.raises(VaultUnavailable, match=says):
            strongroom.make_keys()


def test_a_deployment_moves_from_the_file_to_a_token_and_to_a_transit_engine_and_back(
    var, bao, transit, token, settings
):
    bao.ask(f"transit/keys/{transit}", {})
    strongroom.make_keys()
    key = strongroom.container_keys().key(CHAIRS_REGISTER)
    for kind, prefix in (("pkcs11", "pkcs11"), ("transit", "transi"), ("file", "root-")):
        settings.ROOT_KEY = kind
        strongroom.reset()
        strongroom.make_root()
        assert works()
        assert strongroom.container_keys().rewrap_all() == 2
        assert all(found.startswith(prefix) for found in wrapped_by(var))
        assert strongroom.container_keys().key(CHAIRS_REGISTER) == key


def test_the_second_key_folder_is_made_filled_and_kept_for_its_owner(var, settings, tmp_path):
    strongroom.make_keys()
    settings.KEY_COPY = str(tmp_path / "elsewhere" / "keys")
    strongroom.make_keys()
    second = tmp_path / "elsewhere" / "keys"
    held = {path.name: path.read_bytes() for path in second.iterdir()}
    assert held == {path.name: path.read_bytes() for path in (var / "keys" / "containers").iterdir()}
    assert len(held) == 2
    assert second.stat().st_mode & 0o077 == 0
