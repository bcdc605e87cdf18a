"""Text, tables in text and e-mail, as they stream by."""

from __future__ import annotations

import re

from .findings import Finding, NotTaken, Why

BOMS = b"\xff\xfe", b"\xfe\xff"
# A cell that a spreadsheet program takes for a formula, wherever a cell can begin: behind a mark of how the text is written,
# in letters of one byte or of two, and by the wide signs of East Asian keyboards.
BEGINS = rb"(?:\A(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?|[\r\n,;\t|])\0?"
FORMULA = re.compile(BEGINS + rb"[ ]?\0?\"?\0?(?:[=@]|\xef\xbc[\x9d\xa0])|" + BEGINS + rb"\"?\0?[+-]\0?[A-Za-z(]")
# Nobody need say that a part is attached for it to be a file of its own.
ATTACHED = re.compile(
    rb"(?:^|\n)content-(?:disposition:[ \t\r\n]*attachment|type:[ \t\r\n]*(?:application|audio|image|message|video)/)",
    re.IGNORECASE,
)
OVERLAP = 64  # bytes


class TextScan:
    """`add` the bytes in order, then `finish` for the findings. Raises NotTaken for bytes that no text has."""

    looked_for: tuple[tuple[re.Pattern[bytes], Finding], ...] = ()

    def __init__(self) -> None:
        self._found: set[Finding] = set()
        self._tail: bytes | None = None
        self._wide = False

    def add(self, chunk: bytes) -> None:
        if self._tail is None and chunk:
            self._wide = chunk.startswith(BOMS)
        if not self._wide and b"\0" in chunk:
            raise NotTaken(Why.OTHER)
        whole = (self._tail or b"") + chunk
        for pattern, finding in self.looked_for:
            if finding not in self._found and pattern.search(whole):
                self._found.add(finding)
        self._tail = whole[-OVERLAP:]

    def finish(self) -> set[Finding]:
        return self._found


class CsvScan(TextScan):
    looked_for = ((FORMULA, Finding.FORMULAS),)


class MailScan(TextScan):
    looked_for = ((ATTACHED, Finding.EMBEDDED_FILES),)
