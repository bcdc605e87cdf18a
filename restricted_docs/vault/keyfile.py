"""What one container's key file says: its key, perhaps the one before it, each wrapped by a root key."""

import base64
import binascii
import json
from typing import Any, NamedTuple
from uuid import UUID

from .errors import Damaged


class WrappedKey(NamedTuple):
    """A container key under a root key, and under the recovery key where there is one."""

    key_id: str  # the root key's
    wrapped: bytes
    recovery_set: str = ""
    recovery: bytes = b""


class KeyFile(NamedTuple):
    """`current` seals and opens; `previous` opens what has not been sealed anew yet."""

    current: WrappedKey
    previous: WrappedKey | None = None


def encode(container: UUID, held: KeyFile) -> bytes:
    """One JSON object; bytes in docs/formats/vault-v1.md."""
    facts = {"container": str(container), **_facts(held.current)}
    if held.previous is not None:
        facts["previous"] = _facts(held.previous)
    return json.dumps(facts).encode() + b"\n"


def decode(content: bytes) -> KeyFile:
    """Raises Damaged."""
    try:
        facts = json.loads(content)
        before = facts.get("previous")
        return KeyFile(_wrapped(facts), None if before is None else _wrapped(before))
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
        raise Damaged("A container's key file is damaged. Restore it from the backup of the key folder.") from None


def _facts(key: WrappedKey) -> dict[str, Any]:
    facts: dict[str, Any] = {"key_id": key.key_id, "wrapped_key": base64.b64encode(key.wrapped).decode()}
    if key.recovery_set:
        facts["recovery"] = {"set": key.recovery_set, "sealed_key": base64.b64encode(key.recovery).decode()}
    return facts


def _wrapped(facts: Any) -> WrappedKey:
    wrapped = base64.b64decode(facts["wrapped_key"], validate=True)
    recovery = facts.get("recovery")
    if recovery is None:
        return WrappedKey(str(facts["key_id"]), wrapped)
    sealed = base64.b64decode(recovery["sealed_key"], validate=True)
    return WrappedKey(str(facts["key_id"]), wrapped, str(recovery["set"]), sealed)
