"""Small papers, made in code: a plain PDF of a few pages, or a text. What they say is invented."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

WIDE = 84  # characters a line, in 11 point Helvetica on A4
LINES_A_PAGE = 44
TOP, LEFT, LEADING = 780, 64, 16  # points from the bottom left corner of an A4 page
FOOT = "Invented for the demo. Nobody in it is real."


def text(title: str, paragraphs: Iterable[str]) -> bytes:
    """The same as a plain text file."""
    return "\n\n".join([title, *paragraphs, FOOT, ""]).encode()


def pdf(title: str, paragraphs: Iterable[str]) -> bytes:
    """A PDF 1.4 file (ISO 32000-1, 7.5): a title, the paragraphs, as many pages as they take."""
    lines = [line for paragraph in (*paragraphs, FOOT) for line in [*textwrap.wrap(paragraph, WIDE), ""]]
    sheets = [lines[start : start + LINES_A_PAGE] for start in range(0, len(lines), LINES_A_PAGE)]
    return _file(_objects(title, sheets))


def _objects(title: str, sheets: Sequence[Sequence[str]]) -> list[bytes]:
    """Catalogue, page tree, two fonts, the information dictionary; then for each page itself and what stands on it."""
    kids = " ".join(f"{6 + 2 * n} 0 R" for n in range(len(sheets)))
    fonts = [f"<</Type/Font/Subtype/Type1/BaseFont/{name}/Encoding/WinAnsiEncoding>>" for name in _FONTS]
    heads = [
        "<</Type/Catalog/Pages 2 0 R/Lang(en-GB)>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(sheets)}>>",
        *fonts,
        f"<</Title({_escaped(title)})>>",
    ]
    found = [head.encode("cp1252") for head in heads]
    for n, sheet in enumerate(sheets):
        page = f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]{_RESOURCES}/Contents {7 + 2 * n} 0 R>>"
        drawn = _drawn(title if n == 0 else "", sheet)
        found += [page.encode(), b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn)]
    return found


_FONTS = ("Helvetica", "Helvetica-Bold")
_RESOURCES = "/Resources<</Font<</F1 3 0 R/F2 4 0 R>>>>"


def _drawn(title: str, sheet: Sequence[str]) -> bytes:
    head = f"/F2 16 Tf ({_escaped(title)}) Tj 0 -{2 * LEADING} Td " if title else ""
    body = " T* ".join(f"({_escaped(line)}) Tj" for line in sheet)
    return f"BT {LEFT} {TOP} Td {LEADING} TL {head}/F1 11 Tf {body} ET".encode("cp1252", "replace")


def _escaped(words: str) -> str:
    return words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _file(objects: Sequence[bytes]) -> bytes:
    """The objects with the table of where each begins (ISO 32000-1, 7.5.4)."""
    made = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    begins = []
    for number, body in enumerate(objects, start=1):
        begins.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % begin for begin in begins)
    count = len(objects) + 1
    trailer = b"trailer\n<</Size %d/Root 1 0 R/Info 5 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (count, len(made))
    return bytes(made) + b"xref\n0 %d\n0000000000 65535 f \n" % count + table + trailer
