"""Papers with pages, made in code: PDFs that PDFium draws, and pictures with everything in them that must not come along."""

from __future__ import annotations

import io
import zlib
from typing import Any

from PIL import Image

from tests import made_files as made

FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Times-Roman/Encoding/WinAnsiEncoding>>"
A4 = (595, 842)  # points


def pdf_of(objects: list[bytes], trailer: bytes = b"") -> bytes:
    """A whole PDF of these objects, the first of which is its catalogue."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, each in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, table)
    return bytes(out)


def stream(content: bytes, more: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (more, len(content), content)


def text_pdf(
    *pages: str, size: tuple[int, int] = A4, packed: bool = False, catalogue: bytes = b"", page: bytes = b""
) -> bytes:
    """One page for each text, a line for each of its lines. `catalogue` and `page` are put into those objects."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * n) for n in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R%s>>" % catalogue,
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, len(pages)),
        FONT,
    ]
    for n, text in enumerate(pages):
        lines = b"".join(b"(%s) Tj T* " % line.encode("cp1252") for line in text.split("\n"))
        content = b"BT /F1 11 Tf 14 TL 60 %d Td %sET" % (size[1] - 60, lines)
        head = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Contents %d 0 R" % (*size, 5 + 2 * n)
        objects.append(head + b"/Resources<</Font<</F1 3 0 R>>>>%s>>" % page)
        objects.append(stream(zlib.compress(content), b"/Filter/FlateDecode") if packed else stream(content))
    return pdf_of(objects)


def filled_in_pdf(value: str) -> bytes:
    """A form with one field, filled in, whose look the program that shows it must make."""
    annotations = b"/Annots[6 0 R]"
    whole = text_pdf(
        "The form",
        page=annotations,
        catalogue=b"/AcroForm<</Fields[6 0 R]/NeedAppearances true/DA(/F1 14 Tf 0 g)/DR<</Font<</F1 3 0 R>>>>>>",
    )
    field = (
        b"<</Type/Annot/Subtype/Widget/FT/Tx/T(one)/V(%s)/Rect[60 500 500 540]/P 4 0 R/F 4/DA(/F1 14 Tf 0 g)>>"
        % value.encode("cp1252")
    )
    return pdf_of([*_objects_of(whole), field])


def _objects_of(whole: bytes) -> list[bytes]:
    return [part.split(b"obj\n", 1)[1] for part in whole.split(b"\nendobj\n")[:-1]]


def with_everything_that_acts() -> bytes:
    """JavaScript on opening, a program to start, a link to another computer, and a file inside."""
    acts = b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>/AA<</WC<</S/Launch/F(/bin/sh)>>>>"
    link = b"/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 600 800]/A<</S/URI/URI(http://198.51.100.7/)>>>>]"
    return text_pdf("Still to be read", catalogue=acts + b"/Names<</EmbeddedFiles<</Names[(a)6 0 R]>>>>", page=link)


def picture(
    kind: str, size: tuple[int, int] = (800, 600), *, mode: str = "RGB", colour: Any = "white", **more: Any
) -> bytes:
    file = io.BytesIO()
    Image.new(mode, size, colour).save(file, kind, **more)
    return file.getvalue()


def photo_on_its_side() -> bytes:
    """A photograph as a telephone takes it: lying on its side, the upper half red, with the place where it was taken."""
    lying = Image.new("RGB", (1600, 1200), "white")
    lying.paste((255, 0, 0), (0, 0, 800, 1200))  # its left half: the upper one, once it stands
    notes = Image.Exif()
    notes[0x0112] = 6  # to be turned to the right
    notes[0x010F] = "Canary maker"
    notes.get_ifd(0x8825)[1] = "Canary place"
    file = io.BytesIO()
    lying.save(file, "JPEG", exif=notes, comment=b"Canary comment")
    return file.getvalue()


def bomb() -> bytes:
    """A PNG that says it is 30,000 dots wide and high: 900 million of them, in a few bytes."""
    return made.png(30_000, 30_000)
