"""What is particular to one key service: its own settings, refusals and sentences."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from uuid import UUID

import pytest

from restricted_docs.vault.containers import ContainerKeyFiles
from restricted_docs.vault.errors import Damaged, KeyMissing, VaultUnavailable
from restricted_docs.vault.roots import kms as kms_root
from restricted_docs.vault.roots.kms import KmsRoot
from restricted_docs.vault.roots.pkcs11 import Pkcs11Root
from restricted_docs.vault.roots.transit import TransitRoot
from restricted_docs.vault.roots.web import asker
from tests import key_services
from tests.unit.roots import KEY, PIN, a_kms, a_pkcs11, a_transit, label

REVIEW = UUID("0b6d0000-0000-4000-8000-000000000001")
DEPLOYMENT = UUID("de000000-0000-4000-8000-000000000001")


def test_a_key_in_a_token_cannot_be_read_out_of_it(request, tmp_path):
    import pkcs11

    root, _, _ = a_pkcs11(tmp_path, request)
    with root._answering() as session:
        key = root._key(session, 1)
        with pytest.raises(pkcs11.AttributeSensitive):
            key[pkcs11.Attribute.VALUE]
        assert key[pkcs11.Attribute.EXTRACTABLE] is False


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # from Python 3.12 on, of a fork beside threads
def test_a_token_works_on_in_a_process_that_was_forked(request, tmp_path):
    root, _, _ = a_pkcs11(tmp_path, request)
    key_id, wrapped = root.wrap(KEY, b"here")
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(write, b"yes" if root.unwrap(key_id, wrapped, b"here") == KEY else b"no")
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert os.read(read, 3) == b"yes"
    assert root.unwrap(key_id, wrapped, b"here") == KEY


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"token": "another"}, "no token named another"),
        ({"label": "another"}, "make_keys makes the first one"),
        ({"pin": None}, "DHR_PKCS11_PIN_FILE"),
    ],
)
def test_a_token_that_is_not_as_set_says_what_is_wrong(hsm, tmp_path, change, says):
    pin = tmp_path / "pin"
    if (code := change.pop("pin", PIN)) is not None:
        pin.write_text(code)
    root = Pkcs11Root(**{"module": key_services.SOFTHSM, "token": "dhr", "pin_file": pin, "label": "dhr", **change})
    with pytest.raises(VaultUnavailable, match=says):
        root.current_id()


def test_a_wrong_pin_says_so(hsm, tmp_path):
    """In a process of its own: a module asks for the PIN once a process."""
    (tmp_path / "pin").write_text("0815")
    tried = (
        "from pathlib import Path; from restricted_docs.vault.roots.pkcs11 import Pkcs11Root; "
        f"Pkcs11Root(module={key_services.SOFTHSM!r}, token='dhr', pin_file=Path({str(tmp_path / 'pin')!r})).current_id()"
    )
    ran = subprocess.run([sys.executable, "-c", tried], capture_output=True, text=True, check=False)
    assert "VaultUnavailable: The security module refuses the PIN" in ran.stderr
    assert "0815" not in ran.stderr


def test_a_token_that_ran_out_says_so(bao, tmp_path):
    (tmp_path / "token").write_text("ran-out")
    with pytest.raises(VaultUnavailable, match="refuses our token"):
        TransitRoot(url=bao.url, key="dhr", token_file=tmp_path / "token").current_id()
    with pytest.raises(VaultUnavailable, match="DHR_TRANSIT_TOKEN_FILE"):
        TransitRoot(url=bao.url, key="dhr", token_file=tmp_path / "none").current_id()


def test_a_transit_key_that_is_not_there_says_how_to_make_it(bao, tmp_path):
    (tmp_path / "token").write_text(bao.token)
    with pytest.raises(VaultUnavailable, match="has no key named absent"):
        TransitRoot(url=bao.url, key="absent", token_file=tmp_path / "token").current_id()


def test_a_policy_that_only_seals_and_opens_is_enough_and_cannot_rotate(bao, tmp_path):
    name = label()
    bao.ask(f"transit/keys/{name}", {})
    paths = {f"transit/{way}/{name}": "update" for way in ("encrypt", "decrypt")} | {f"transit/keys/{name}": "read"}
    rules = "\n".join(f'path "{path}" {{ capabilities = ["{may}"] }}' for path, may in paths.items())
    bao.ask(f"sys/policies/acl/{name}", {"policy": rules})
    (tmp_path / "token").write_text(bao.ask("auth/token/create", {"policies": [name]})["auth"]["client_token"])
    root = TransitRoot(url=bao.url, key=name, token_file=tmp_path / "token")
    assert root.unwrap(*root.wrap(KEY, b"x"), b"x") == KEY
    with pytest.raises(VaultUnavailable, match="what its policy allows"):
        root.renew()


def test_a_version_retired_at_the_key_service_opens_nothing_more(bao, request, tmp_path):
    root, _, _ = a_transit(tmp_path, request)
    key_id, wrapped = root.wrap(KEY, b"x")
    root.renew()
    bao.ask(f"transit/keys/{root._key}/config", {"min_decryption_version": 2})
    with pytest.raises(Damaged, match="version retired"):
        root.unwrap(key_id, wrapped, b"x")


@pytest.mark.parametrize("url", ["http://vault.example:8200", "ftp://127.0.0.1", "vault.example"])
def test_a_key_service_is_asked_only_over_tls_unless_it_is_on_this_machine(url):
    with pytest.raises(VaultUnavailable, match="must begin with https"):
        asker("The service", url)


def test_a_key_service_that_sends_elsewhere_is_not_followed(kms, access_keys, monkeypatch):
    from tests.key_services import _KmsAnswers

    def elsewhere(self):
        self.send_response(302)
        self.send_header("Location", f"{kms.url}/elsewhere")
        self.end_headers()

    monkeypatch.setattr(_KmsAnswers, "do_POST", elsewhere)
    with pytest.raises(VaultUnavailable, match="answered 302"):
        KmsRoot(key="alias/dhr", region=kms.region, url=kms.url).current_id()


def test_kms_sees_a_hash_of_the_place_and_no_id(request, tmp_path, kms):
    root, _, _ = a_kms(tmp_path, request)
    root.wrap(KEY, b"dhr-container/v1\0" + REVIEW.bytes)
    assert [len(value) for value in kms.contexts[-1].values()] == [64]
    assert REVIEW.hex not in str(kms.contexts)


def test_kms_without_access_keys_or_with_wrong_ones_says_so(kms, access_keys, monkeypatch):
    root = KmsRoot(key="alias/dhr", region=kms.region, url=kms.url)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    with pytest.raises(VaultUnavailable, match="this machine's clock"):
        root.current_id()
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(VaultUnavailable, match="Set AWS_ACCESS_KEY_ID"):
        root.current_id()


def test_a_disabled_kms_key_says_so_and_no_version_is_made_there(request, tmp_path, kms):
    root, _, _ = a_kms(tmp_path, request)
    wrapped = root.wrap(KEY, b"x")
    kms.disabled.add(kms.alias)
    with pytest.raises(VaultUnavailable, match="disabled"):
        root.current_id()
    with pytest.raises(KeyMissing, match="disabled"):
        root.unwrap(*wrapped, b"x")
    with pytest.raises(VaultUnavailable, match="Make a new key there"):
        root.renew()


def test_a_request_is_signed_as_the_published_example():
    """The example of AWS's page on Signature Version 4: IAM ListUsers, 30 August 2015."""
    headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    signed = kms_root.sign(
        "GET",
        "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08",
        headers,
        b"",
        service="iam",
        region="us-east-1",
        keys=("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", ""),
        at=datetime(2015, 8, 30, 12, 36, tzinfo=UTC),
    )
    assert signed["Authorization"].endswith("5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7")


def test_yesterdays_key_folder_opens_nothing_once_its_root_version_is_retired(bao, request, tmp_path):
    """What docs/runbooks/keys.md promises for a backup that holds the key folder although it should not."""
    root, _, _ = a_transit(tmp_path, request)
    (tmp_path / "containers").mkdir()
    kept = ContainerKeyFiles(tmp_path / "containers", root, deployment=DEPLOYMENT)
    kept.create(REVIEW)
    yesterday = (tmp_path / "containers" / REVIEW.hex).read_bytes()
    kept.destroy(REVIEW)
    root.renew()
    kept.rewrap_all()
    bao.ask(f"transit/keys/{root._key}/config", {"min_decryption_version": 2})
    (tmp_path / "restored").mkdir()
    (tmp_path / "restored" / REVIEW.hex).write_bytes(yesterday)
    with pytest.raises(Damaged, match="version retired"):
        ContainerKeyFiles(tmp_path / "restored", root, deployment=DEPLOYMENT).key(REVIEW)
