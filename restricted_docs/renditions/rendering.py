"""One file, by its kind, as a rendition. Called in the sandbox."""

from __future__ import annotations

import zipfile
from importlib import import_module
from typing import IO, Any

from ..kinds import compound, packages
from ..kinds.findings import NotTaken, Why
from ..kinds.inspecting import OLE
from . import locks, mail, odf_locks, old_word, open_document, outlook, sheets, word
from .blocks import Blocks, Full, Trouble, Unreadable

FOR_PDF = ("pypdf", "pypdf.filters", "pypdf._codecs._codecs", "cryptography.hazmat.backends.openssl.backend")
FOR_LOCKS = (
    *("msoffcrypto", "msoffcrypto.format.ooxml", "msoffcrypto.format.doc97", "xml.dom.expatbuilder"),
    *(f"msoffcrypto.method.{name}" for name in ("ecma376_agile", "ecma376_standard", "rc4", "rc4_cryptoapi")),
    "cryptography.hazmat.backends.openssl.backend",
)
FOR_ODF_LOCKS = (
    *("cryptography.hazmat.primitives.ciphers.aead", "cryptography.hazmat.primitives.kdf.argon2"),
    "cryptography.hazmat.backends.openssl.backend",
)
NEEDED = {".pdf": FOR_PDF, ".odt": FOR_ODF_LOCKS} | dict.fromkeys((".docx", ".docm", ".xlsx", ".doc"), FOR_LOCKS)


def warm(ending: str) -> None:
    """Import what this kind may need: once the door of the sandbox is shut, nothing can be."""
    for name in NEEDED.get(ending, ()):
        import_module(name)


def render(file: IO[bytes], ending: str, password: str = "") -> dict[str, Any]:
    """What the file says: {"blocks": [...], "cut": whether there is more}, or {"trouble": why there is nothing}."""
    out, cut = Blocks(), False
    try:
        _render(file, ending, password, out)
    except Full:
        cut = True
    except Unreadable as reason:
        return {"trouble": reason.trouble.value}
    except NotTaken as reason:
        too_much = reason.why in {Why.TOO_MUCH, Why.TOO_WIDE}
        return {"trouble": (Trouble.TOO_LARGE if too_much else Trouble.DAMAGED).value}
    except (MemoryError, RecursionError):
        return {"trouble": Trouble.TOO_LARGE.value}
    except Exception:  # noqa: BLE001
        # Parsers of damaged files fail in every way there is; the reader gets one sentence for all of them.
        return {"trouble": Trouble.DAMAGED.value}
    return {"blocks": out.found, "cut": cut} if out.found else {"trouble": Trouble.NO_TEXT.value}


def _render(file: IO[bytes], ending: str, password: str, out: Blocks) -> None:
    if ending == ".pdf":
        locks.render_pdf(file, password, out)
    elif ending == ".csv":
        sheets.render_csv(file, out)
    elif ending == ".eml":
        mail.render(file, out)
    elif ending == ".msg":
        outlook.render(compound.opened(file), out)
    elif ending == ".doc":
        _old_word(file, password, out)
    else:
        _package(_opened(file, password), ending, password, out)


def _opened(file: IO[bytes], password: str) -> IO[bytes]:
    head = file.read(len(OLE))
    file.seek(0)
    return locks.unlocked_office(file, password) if head == OLE else file


def _old_word(file: IO[bytes], password: str, out: Blocks) -> None:
    try:
        old_word.render(compound.opened(file), out)
    except Unreadable as reason:
        if reason.trouble != Trouble.PASSWORD_NEEDED:
            raise
        old_word.render(compound.opened(locks.unlocked_office(file, password)), out)


def _package(file: IO[bytes], ending: str, password: str, out: Blocks) -> None:
    package: zipfile.ZipFile = packages.opened(file)
    if ending == ".odt":
        open_document.render(odf_locks.unlocked(package, password) if packages.is_locked(package) else package, out)
    elif ending == ".xlsx":
        sheets.render_xlsx(package, out)
    else:
        word.render(package, ending, out)
