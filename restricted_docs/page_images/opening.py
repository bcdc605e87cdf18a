"""One page of a version, opened: a line in the log, then the key, then the page that carries the line's number."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format

from dhr.audit.models import AuditEntry

from ..models import DocumentVersion
from ..reading import open_anywhere
from ..sandbox.asking import NoAnswer, ask
from ..sealed_reader import OpenedPaper
from ..sniffing import ending_of
from .troubles import Why

DRAWN = frozenset({".pdf", ".png", ".jpg"})  # read as page images
PAGED = DRAWN | {".txt"}  # a text file has no look of its own: its pages are words
READING_WIDTH, LARGE_WIDTH = 1_200, 2_000  # pixels
MOST_PAGES = 99_999
JPEG = b"\xff\xd8\xff"
SENTENCES: dict[str, str] = {
    Why.LOCKED: "This file is locked with a password.",
    Why.DAMAGED: "This page cannot be drawn: the file may be damaged, or is built in a way that is not known here.",
    Why.TOO_LARGE: "This page is too large to be shown here.",
}
NO_ANSWER = "This page took too much time or memory, so it cannot be shown here. Try again in a minute."


class NoPageShown(Exception):
    """There is no page to show; `sentence` says why. `locked`: a password would open it. `missing`: it has no such page."""

    def __init__(self, sentence: str, *, locked: bool = False, missing: bool = False) -> None:
        super().__init__(sentence)
        self.sentence, self.locked, self.missing = sentence, locked, missing


@dataclass(frozen=True)
class Page:
    """One page: `pages` in all, and either its image (JPEG, base64; pixels) or its words. `mark` is its watermark."""

    number: int
    pages: int
    mark: list[str]
    image: str = ""
    width: int = 0
    height: int = 0
    text: str = ""


def is_drawn(version: DocumentVersion) -> bool:
    """Whether its pages are read as images."""
    return ending_of(version.media_type) in DRAWN


def is_paged(version: DocumentVersion) -> bool:
    """Whether it is read page by page, as images or as words."""
    return ending_of(version.media_type) in PAGED


def image_of(version: DocumentVersion, number: int, *, by: Any, large: bool = False) -> Page:
    """The image of a page, counted from 1: an opening in the log of its own. Raises NoPageShown and what open_paper raises."""
    return _page(version, number, by, how="page_image", as_text=False, wide=LARGE_WIDTH if large else READING_WIDTH)


def words_of(version: DocumentVersion, number: int, *, by: Any) -> Page:
    """The words of a page, counted from 1: an opening in the log of its own. Raises NoPageShown and what open_paper raises."""
    return _page(version, number, by, how="page_text", as_text=True, wide=0)


def _page(version: DocumentVersion, number: int, by: Any, *, how: str, as_text: bool, wide: int) -> Page:
    paper = open_anywhere(version, by=by, how=how, page=number)
    mark = mark_of(paper)
    asked = {"job": "page", "ending": ending_of(version.media_type), "page": number, "as_text": as_text, "wide": wide}
    marks = {"name": by.name, "account": f"Account {by.pk}", "marks": mark}
    try:
        return _believed(ask(asked | marks, paper), number, [by.name, *mark], as_text=as_text)
    except (NoAnswer, KeyError, TypeError, ValueError, binascii.Error):
        raise NoPageShown(NO_ANSWER) from None


def mark_of(paper: OpenedPaper) -> list[str]:
    """When, in the time of the statute, and which line: both from the line that is committed."""
    at = timezone.localtime(AuditEntry.objects.get(seq=paper.log_line).at)
    return [f"{date_format(at, 'j F Y')} at {date_format(at, 'H:i')}", f"Access log line {paper.log_line}"]


def _believed(answer: dict[str, Any], number: int, mark: list[str], *, as_text: bool) -> Page:
    """What the sandbox answered, believed in nothing: numbers as numbers, a JPEG as a JPEG."""
    if "trouble" in answer:
        raise _trouble(str(answer["trouble"]), int(answer.get("pages", 0)), number)
    pages = int(answer["pages"])
    if as_text:
        return Page(number, pages, mark, text=str(answer["text"]))
    image = str(answer["image"])
    if not base64.b64decode(image, validate=True).startswith(JPEG):
        raise ValueError("No JPEG.")
    return Page(number, pages, mark, image=image, width=int(answer["width"]), height=int(answer["height"]))


def _trouble(why: str, pages: int, number: int) -> NoPageShown:
    if why == Why.NO_SUCH_PAGE:
        has = "1 page" if pages == 1 else f"{pages} pages"
        return NoPageShown(f"There is no page {number}: this file has {has}.", missing=True)
    return NoPageShown(SENTENCES.get(why, NO_ANSWER), locked=why == Why.LOCKED)
