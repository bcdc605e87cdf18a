"""One root key of each kind: working, unreachable, and a way to make its next version."""

import os

from restricted_docs.vault.rootkeys import KeyringFile
from restricted_docs.vault.roots.kms import KmsRoot
from restricted_docs.vault.roots.pkcs11 import Pkcs11Root
from restricted_docs.vault.roots.transit import TransitRoot
from tests import key_services

KEY = bytes(range(32))
CLOSED = "http://127.0.0.1:9"  # discard: nothing listens there
PIN = "4711"


def label():
    return f"key-{os.urandom(6).hex()}"


def a_file(tmp_path, request):
    root = KeyringFile.create(tmp_path / "root.json")
    return root, KeyringFile(tmp_path / "nowhere.json"), root.renew


def a_transit(tmp_path, request):
    bao, name, token = request.getfixturevalue("bao"), label(), tmp_path / "token"
    bao.ask(f"transit/keys/{name}", {})
    token.write_text(f"{bao.token}\n")
    root = TransitRoot(url=bao.url, key=name, token_file=token)
    return root, TransitRoot(url=CLOSED, key=name, token_file=token), root.renew


def a_kms(tmp_path, request):
    request.getfixturevalue("access_keys")
    kms = request.getfixturevalue("kms")
    kms.alias = kms.make_key()
    options = {"key": "alias/dhr", "region": kms.region}

    def renew():
        kms.alias = kms.make_key()

    return KmsRoot(url=kms.url, **options), KmsRoot(url=CLOSED, **options), renew


def a_pkcs11(tmp_path, request):
    pin, name = request.getfixturevalue("hsm") / "pin", label()
    root = Pkcs11Root(module=key_services.SOFTHSM, token="dhr", pin_file=pin, label=name)
    root.renew()
    return root, Pkcs11Root(module="/nowhere/libhsm.so", token="dhr", pin_file=pin, label=name), root.renew
