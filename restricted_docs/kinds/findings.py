"""What was found in a file, as codes that are stored with it, and why a file is not taken. Never a word of the file itself."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Finding(StrEnum):
    """Something about a file that its reader should know. Stored: add, never rename."""

    PASSWORD = "password"  # noqa: S105 - the name of a finding
    MACROS = "macros"
    EXTERNAL_TEMPLATE = "external_template"
    EXTERNAL_CONTENT = "external_content"
    EMBEDDED_FILES = "embedded_files"
    OLE_OBJECTS = "ole_objects"
    ACTIVEX = "activex"
    JAVASCRIPT = "javascript"
    LAUNCHES = "launches"
    MEDIA = "media"
    FORMULAS = "formulas"
    TRACKED_CHANGES = "tracked_changes"
    MORE_BEHIND = "more_behind"


IN_WORDS: dict[str, str] = {
    Finding.PASSWORD: "Is locked with a password. The password is asked for when it is read, and never kept.",
    Finding.MACROS: "Has macros. They are never run here.",
    Finding.EXTERNAL_TEMPLATE: "Names a template on another computer. It is never fetched here.",
    Finding.EXTERNAL_CONTENT: "Names pictures or data on another computer. They are never fetched here.",
    Finding.EMBEDDED_FILES: "Has other files inside it. They are listed at most, and never opened here.",
    Finding.OLE_OBJECTS: "Has objects of other programs inside it. They are never opened here.",
    Finding.ACTIVEX: "Has ActiveX controls. They are never run here.",
    Finding.JAVASCRIPT: "Has JavaScript. It is never run here.",
    Finding.LAUNCHES: "Tries to start another program. Nothing is started here.",
    Finding.MEDIA: "Has sound, film or three-dimensional media. They are never played here.",
    Finding.FORMULAS: "Has cells that a spreadsheet program would calculate. Here they are text.",
    Finding.TRACKED_CHANGES: "Has tracked changes. What was struck out is not shown here, and is still in the file.",
    Finding.MORE_BEHIND: "Has bytes behind its end that no picture needs. They are not shown here.",
}
# What could act in the program that shows it: such a file is read as a rendition, never handed to a browser's viewer.
ACTIVE = frozenset({Finding.PASSWORD, Finding.JAVASCRIPT, Finding.LAUNCHES, Finding.EMBEDDED_FILES, Finding.MEDIA})


class Why(StrEnum):
    """Why a file is not taken."""

    UNKNOWN = "unknown"
    OTHER = "other"
    TOO_MUCH = "too_much"
    TOO_WIDE = "too_wide"
    UNCHECKED = "unchecked"


class WrongType(ValueError):
    """This file is not accepted; the sentence says what to do."""

    def __init__(self, why: Why, sentence: str) -> None:
        super().__init__(sentence)
        self.why = why


class NotTaken(Exception):
    """Raised by whatever looks into a file: the reason, as a code."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


def in_words(findings: Iterable[str]) -> list[str]:
    """The sentences for what was found, in the order of the list above."""
    found = set(findings)
    return [sentence for code, sentence in IN_WORDS.items() if code in found]


def in_order(findings: Iterable[Finding]) -> list[str]:
    """The codes as they are stored: each once, in the order of the list above."""
    found = set(findings)
    return [finding.value for finding in Finding if finding in found]
