"""Looking into a whole file that is a container of others. Called in the sandbox: what parses hostile bytes has no key."""

from __future__ import annotations

from typing import IO

from . import compound, packages
from .findings import Finding, NotTaken, Why

CONTAINERS = frozenset({".docx", ".docm", ".xlsx", ".odt", ".doc", ".msg"})
OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # [MS-CFB] 2.2


def inspect(file: IO[bytes], ending: str) -> set[Finding]:
    """What this file has in it. Raises NotTaken where its structure is not that of its name."""
    file.seek(0)
    head = file.read(8)
    file.seek(0)
    look = compound.check if head == OLE else packages.check
    try:
        return look(file, ending)
    except NotTaken:
        raise
    except MemoryError:
        raise NotTaken(Why.TOO_MUCH) from None
    except Exception:  # noqa: BLE001
        # Parsers of damaged files fail in every way there is; each of them means the same to the person who sent it.
        raise NotTaken(Why.OTHER) from None
