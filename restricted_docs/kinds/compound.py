"""Compound files ([MS-CFB]): DOC ([MS-DOC]), MSG ([MS-OXMSG]), and packages that a password turned into one ([MS-OFFCRYPTO])."""

from __future__ import annotations

import struct
from typing import IO

from olefile import OleFileIO

from . import limits
from .findings import Finding, NotTaken, Why

WORD = 0xA5EC  # [MS-DOC] 2.5.2: wIdent
ENCRYPTED = 0x0100  # fEncrypted


def opened(file: IO[bytes]) -> OleFileIO:
    """The compound file. Raises NotTaken where it is none, or has more in it than a paper could."""
    try:
        found = OleFileIO(file)
    except (OSError, ValueError, IndexError, struct.error):
        raise NotTaken(Why.OTHER) from None
    if len(found.direntries) > limits.OLE_ENTRIES:
        raise NotTaken(Why.TOO_MUCH)
    return found


def check(file: IO[bytes], ending: str) -> set[Finding]:
    """What a compound file has in it. Raises NotTaken where it is none of this kind."""
    ole = opened(file)
    if ending == ".doc":
        return _word(ole)
    if ending == ".msg":
        return _message(ole)
    if ole.exists("EncryptedPackage") and ole.exists("EncryptionInfo"):
        return {Finding.PASSWORD}
    raise NotTaken(Why.OTHER)


def information_block(ole: OleFileIO) -> bytes:
    """The head of the Word document stream ([MS-DOC] 2.5.1). Raises NotTaken."""
    if not ole.exists("WordDocument"):
        raise NotTaken(Why.OTHER)
    with ole.openstream("WordDocument") as stream:
        head = bytes(stream.read(0x200))
    if len(head) < 0x1AA or struct.unpack_from("<H", head)[0] != WORD:
        raise NotTaken(Why.OTHER)
    return head


def _word(ole: OleFileIO) -> set[Finding]:
    found = set()
    if struct.unpack_from("<H", information_block(ole), 0x0A)[0] & ENCRYPTED:
        found.add(Finding.PASSWORD)
    storages = {path[0] for path in ole.listdir(streams=True, storages=True)}
    if storages & {"Macros", "_VBA_PROJECT_CUR"}:
        found.add(Finding.MACROS)
    if "ObjectPool" in storages:
        found.add(Finding.OLE_OBJECTS)
    return found


def _message(ole: OleFileIO) -> set[Finding]:
    if not ole.exists("__properties_version1.0"):
        raise NotTaken(Why.OTHER)
    storages = {path[0] for path in ole.listdir(streams=False, storages=True)}
    return {Finding.EMBEDDED_FILES} if any(name.startswith("__attach_version1.0_") for name in storages) else set()
