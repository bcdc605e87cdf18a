"""Text, tables in text and e-mail, as they stream by."""

from __future__ import annotations

import re

from .findings import Finding, NotTaken, Why

BOMS = b"\xff\xfe", b"\xfe\xff"
# A cell that a spreadsheet program takes for a formula, wherever a cell can begin.
FORMULA = re.compile(rb"(?:\A|[\r\n,;\t|])[ ]?\"?[=@]|(?:\A|[\r\n,;\t|])\"?[+-][A-Za-z(]")
ATTACHED = re.compile(rb"(?:^|\n)content-disposition:[ \t\r\n]*attachment", re.IGNORECASE)
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
