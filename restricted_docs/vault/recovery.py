"""The recovery key: it opens every container key when the root key is lost, and no one person holds it.

Each container key is also sealed for its public half by HPKE (RFC 9180: X25519, HKDF-SHA256, AES-256-GCM), in the file
that holds the key, so that erasing a container erases this way in as well. The private half exists only while the shares
are made or joined: SLIP-39 (Shamir's secret sharing with a checksum and a digest), each share a line of 33 words.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from shamir_mnemonic import MnemonicError, Share, combine_mnemonics, generate_mnemonics

from .errors import Damaged, KeyMissing, VaultError, VaultUnavailable
from .files import write_once, write_over
from .keyfile import WrappedKey
from .wrapping import KEY_BYTES, new_key

FEWEST, MOST = 2, 16  # holders: SLIP-39 knows no more than 16, and one alone is no second person
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_INFO = b"dhr-recovery/v1\0"


class WrongShares(VaultError):
    """These shares do not make this recovery key. Nothing was changed. `code` is for the log."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True)
class RecoveryLock:
    """The public half: it seals, and names the set of shares that opens. `holders`: the account of each share."""

    set_id: str
    public_key: bytes
    needed: int
    holders: tuple[int, ...]

    def seal(self, key: bytes, held: WrappedKey, aad: bytes) -> WrappedKey:
        """The wrapped key, sealed for the holders too."""
        public = X25519PublicKey.from_public_bytes(self.public_key)
        return held._replace(recovery_set=self.set_id, recovery=_SUITE.encrypt(key, public, info=_INFO + aad))

    def open(self, secret: bytes, held: WrappedKey, aad: bytes) -> bytes:
        """The key inside. Raises KeyMissing where it was not sealed for this set, Damaged for anything changed."""
        if held.recovery_set != self.set_id:
            raise KeyMissing("This container's key was never sealed for this recovery key.")
        try:
            key = _SUITE.decrypt(held.recovery, X25519PrivateKey.from_private_bytes(secret), info=_INFO + aad)
        except InvalidTag:
            raise Damaged("What is kept for recovery was changed, or belongs somewhere else.") from None
        if len(key) != KEY_BYTES:
            raise Damaged("What is kept for recovery is not a key.")
        return key

    def holder_of(self, words: str) -> int:
        """Whose share this is. Raises WrongShares."""
        try:
            return self.holders[int(_share(words).index)]
        except IndexError:
            raise _of_another_set() from None

    def joined(self, shares: Sequence[str]) -> bytes:
        """The private half, from enough shares of this set. Raises WrongShares."""
        read = [_share(words) for words in shares]
        different = dict(zip((share.index for share in read), shares, strict=True))  # one typed twice counts once
        if len(different) < self.needed:
            raise WrongShares("too_few", f"This takes the shares of {self.needed} different holders.")
        if len({share.identifier for share in read}) > 1:
            raise _of_another_set()
        try:
            secret = bytes(combine_mnemonics([*different.values()][: self.needed]))
        except MnemonicError:
            raise _of_another_set() from None
        if _public(secret) != self.public_key:
            raise _of_another_set()
        return secret


def make(holders: Sequence[int], needed: int) -> tuple[RecoveryLock, list[str]]:
    """A new recovery key: the lock, and one share for each holder, in their order. The key itself is forgotten.

    Raises VaultError unless 2 to 16 different holders hold it and at least two of them are needed.
    """
    if not FEWEST <= len(set(holders)) == len(holders) <= MOST:
        raise VaultError(f"A recovery key needs {FEWEST} to {MOST} different holders.")
    if not FEWEST <= needed <= len(holders):
        raise VaultError(f"At least {FEWEST} holders must be needed, and no more than there are.")
    secret = new_key()
    shares = generate_mnemonics(1, [(needed, len(holders))], secret)[0]
    public = _public(secret)
    return RecoveryLock(hashlib.sha256(public).hexdigest()[:16], public, needed, tuple(holders)), list(shares)


def read(path: Path) -> RecoveryLock | None:
    """The lock kept in this file; None where no recovery key was made. Raises VaultUnavailable."""
    try:
        facts = json.loads(path.read_bytes())
        public = base64.b64decode(facts["public_key"], validate=True)
        lock = RecoveryLock(str(facts["set"]), public, int(facts["needed"]), tuple(map(int, facts["holders"])))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, binascii.Error):
        raise VaultUnavailable("The file keys/recovery.json cannot be read. Restore it from its backup.") from None
    return lock


def keep(lock: RecoveryLock, path: Path, *, replace: bool = False) -> None:
    """Write the lock down. Raises VaultUnavailable when there is one already, unless it is to be replaced."""
    facts = {
        "set": lock.set_id,
        "public_key": base64.b64encode(lock.public_key).decode(),
        "needed": lock.needed,
        "holders": list(lock.holders),
    }
    if replace:
        path.with_name(f"{path.name}.part").unlink(missing_ok=True)  # left by a run that was cut short
    try:
        (write_over if replace else write_once)(path, json.dumps(facts).encode() + b"\n")
    except FileExistsError:
        raise VaultUnavailable("There is a recovery key already. Say --replace to make another in its place.") from None


def _public(secret: bytes) -> bytes:
    return X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()


def _share(words: str) -> Share:
    try:
        return Share.from_mnemonic(" ".join(words.casefold().split()))
    except (MnemonicError, KeyError, ValueError):
        raise WrongShares("not_a_share", "These words are not a share: a word is missing or mistyped.") from None


def _of_another_set() -> WrongShares:
    return WrongShares("another_set", "These shares do not belong together, or belong to another recovery key.")
