"""Opening what a password locks, in memory: Office files by [MS-OFFCRYPTO], PDF by its own rules. No password is kept."""

from __future__ import annotations

import io
from typing import IO, Any

from .blocks import Blocks, Trouble, Unreadable

LARGEST = 60_000_000  # bytes of a locked file, which is opened whole
LONGEST_PASSWORD = 255  # characters, as Office has it


def check_password(password: str) -> None:
    """Raises Unreadable where there is none."""
    if not password:
        raise Unreadable(Trouble.PASSWORD_NEEDED)


def unlocked_office(file: IO[bytes], password: str) -> io.BytesIO:
    """The Office file inside. Raises Unreadable."""
    from msoffcrypto import OfficeFile
    from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError, ParseError

    check_password(password)
    file.seek(0)
    content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Unreadable(Trouble.TOO_LARGE)
    opened = io.BytesIO()
    try:
        office = OfficeFile(io.BytesIO(content))
        office.load_key(password=password[:LONGEST_PASSWORD], verify_password=True)
        office.decrypt(opened)
    except InvalidKeyError:
        raise Unreadable(Trouble.PASSWORD_WRONG) from None
    except (DecryptionError, FileFormatError, ParseError, NotImplementedError):
        raise Unreadable(Trouble.CANNOT_UNLOCK) from None
    opened.seek(0)
    return opened


def render_pdf(file: IO[bytes], password: str, out: Blocks) -> None:
    """The text of a PDF page by page, with the password where it asks for one. Its actions and files are left where they are."""
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PdfReadError

    try:
        reader: Any = PdfReader(file)
        if reader.is_encrypted and not reader.decrypt(""):
            check_password(password)
            if not reader.decrypt(password):
                raise Unreadable(Trouble.PASSWORD_WRONG)
        pages = list(enumerate(reader.pages, start=1))
    except (DependencyError, NotImplementedError):
        raise Unreadable(Trouble.CANNOT_UNLOCK) from None
    except PdfReadError:
        raise Unreadable(Trouble.DAMAGED) from None
    for number, page in pages:
        if text := page.extract_text().strip():
            out.heading(f"Page {number}")
            for paragraph in text.split("\n\n"):
                out.paragraph(paragraph)
