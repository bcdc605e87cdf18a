"""Small papers with a word in them: a PDF, and a Word file whose text is packed."""

from __future__ import annotations

import io
import zipfile

OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/content-types"
PART = f'<Override PartName="/word/document.xml" ContentType="{OFFICE}"/>'
PARAGRAPH = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TWO_CHUNKS = 150_000  # bytes: what Django hands to the upload handler at once is less


def pdf(word: str) -> bytes:
    """A PDF 1.4 of several upload chunks that says this word at its beginning and its end."""
    start = (
        f"%PDF-1.4\n% {word}\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj "
    )
    return start.encode() + b"\n" * TWO_CHUNKS + f"% {word}\ntrailer<</Root 1 0 R>>\n%%EOF\n".encode()


def docx(word: str) -> bytes:
    """A Word file (ECMA-376) of one paragraph."""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}">{PART}</Types>',
        "word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>{PARAGRAPH.format(word)}</w:body></w:document>',
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return file.getvalue()
