"""Known answers for key files and the recovery key: shares written on paper years ago must open for ever, in other hands too."""

import base64
import hmac
import itertools
import json
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from shamir_mnemonic import combine_mnemonics

from restricted_docs.vault import recovery
from restricted_docs.vault.containers import ContainerKeyFiles
from restricted_docs.vault.errors import Damaged
from restricted_docs.vault.keyfile import decode, encode
from restricted_docs.vault.rootkeys import KeyringFile

KNOWN = json.loads((Path(__file__).resolve().parents[1] / "vectors" / "keys-v1.json").read_text(encoding="utf-8"))
DEPLOYMENT, CONTAINER = UUID(KNOWN["deployment"]), UUID(KNOWN["container"])
PLACE = b"dhr-container/v1\0" + DEPLOYMENT.bytes + CONTAINER.bytes
SECRET = bytes.fromhex(KNOWN["recovery_secret"])


@pytest.fixture
def lock(tmp_path):
    (tmp_path / "recovery.json").write_text(KNOWN["recovery_file"])
    return recovery.read(tmp_path / "recovery.json")


@pytest.fixture
def kept(tmp_path, lock):
    key = base64.b64encode(bytes.fromhex(KNOWN["root_key"])).decode()
    ring = tmp_path / "root.json"
    ring.write_text(json.dumps({"current": KNOWN["root_key_id"], "keys": {KNOWN["root_key_id"]: key}}))
    ring.chmod(0o600)
    folder = tmp_path / "containers"
    folder.mkdir()
    (folder / CONTAINER.hex).write_text(KNOWN["container_key_file"])
    return ContainerKeyFiles(folder, KeyringFile(ring), deployment=DEPLOYMENT, recovery_file=tmp_path / "recovery.json")


def test_the_known_key_file_opens_by_its_root_key(kept):
    assert kept.key(CONTAINER).hex() == KNOWN["container_key"]
    assert kept.previous(CONTAINER).hex() == KNOWN["previous_key"]


def test_the_known_key_file_is_written_alike():
    assert encode(CONTAINER, decode(KNOWN["container_key_file"].encode())).decode() == KNOWN["container_key_file"]


@pytest.mark.parametrize("pair", list(itertools.combinations(range(3), 2)))
def test_any_two_of_the_known_shares_open_the_known_key_file(lock, pair):
    secret = lock.joined([KNOWN["shares"][place] for place in pair])
    assert secret == SECRET
    held = decode(KNOWN["container_key_file"].encode())
    opened = [lock.open(secret, key, PLACE).hex() for key in held]
    assert opened == [KNOWN["container_key"], KNOWN["previous_key"]]


def test_the_shares_are_plain_slip_39_and_the_sealed_keys_plain_hpke():
    """RFC 9180, base mode, written from its page: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM."""
    assert combine_mnemonics(KNOWN["shares"][1:]) == SECRET
    facts = json.loads(KNOWN["container_key_file"])
    sealed = base64.b64decode(facts["recovery"]["sealed_key"])
    assert hpke_open(sealed, SECRET, b"dhr-recovery/v1\0" + PLACE).hex() == KNOWN["container_key"]


def hpke_open(sealed, secret, info):
    def extract(salt, suite, label, material):
        return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + material, "sha256")

    def expand(key, suite, label, context, length):
        text = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + context
        return hmac.digest(key, text + b"\x01", "sha256")[:length]

    private, sender = X25519PrivateKey.from_private_bytes(secret), sealed[:32]
    kem, suite = b"KEM\x00\x20", b"HPKE\x00\x20\x00\x01\x00\x02"
    shared = private.exchange(X25519PublicKey.from_public_bytes(sender))
    context = sender + private.public_key().public_bytes_raw()
    shared = expand(extract(b"", kem, b"eae_prk", shared), kem, b"shared_secret", context, 32)
    schedule = b"\x00" + extract(b"", suite, b"psk_id_hash", b"") + extract(b"", suite, b"info_hash", info)
    secret = extract(shared, suite, b"secret", b"")
    key = expand(secret, suite, b"key", schedule, 32)
    nonce = expand(secret, suite, b"base_nonce", schedule, 12)
    return AESGCM(key).decrypt(nonce, sealed[32:], b"")


def test_what_is_sealed_for_recovery_is_refused_when_a_bit_of_it_changed(lock):
    held = decode(KNOWN["container_key_file"].encode()).current
    for place in range(0, len(held.recovery) * 8, 13):
        flipped = bytearray(held.recovery)
        flipped[place // 8] ^= 1 << place % 8
        with pytest.raises(Damaged):
            lock.open(SECRET, held._replace(recovery=bytes(flipped)), PLACE)
    with pytest.raises(Damaged):
        lock.open(SECRET, held, PLACE + b"x")


def test_a_share_with_a_mistyped_or_missing_word_is_no_share(lock):
    words = KNOWN["shares"][0].split()
    for place in range(len(words)):
        other = "academic" if words[place] != "academic" else "acid"
        for typed in ([*words[:place], other, *words[place + 1 :]], [*words[:place], *words[place + 1 :]]):
            with pytest.raises(recovery.WrongShares):
                lock.holder_of(" ".join(typed))
    assert lock.holder_of("  " + KNOWN["shares"][0].upper().replace(" ", "\n")) == 7
