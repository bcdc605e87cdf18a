"""A version as a rendition: parsed in the sandbox, taken apart again here, shown by our own template. Nothing of it is stored."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .kinds.findings import ACTIVE, Finding
from .models import DocumentVersion
from .page_images.opening import mark_of
from .reading import open_anywhere
from .renditions.blocks import Kind, Trouble
from .sandbox.asking import NoAnswer, ask
from .sniffing import ending_of

RENDERED = frozenset({".docx", ".docm", ".doc", ".odt", ".xlsx", ".csv", ".eml", ".msg"})
SENTENCES: dict[str, str] = {
    Trouble.CANNOT_UNLOCK: "This file is locked in a way that cannot be opened here.",
    Trouble.NO_TEXT: "No text could be found in this file.",
    Trouble.TOO_LARGE: "This file is too large to be shown here.",
    Trouble.DAMAGED: "This file could not be read, so it cannot be shown here. It may be damaged.",
}
NO_ANSWER = "This file took too much time or memory to read, so it cannot be shown here."


class NoRendition(Exception):
    """It cannot be shown here; `sentence` says why, and the original is as it was."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Locked(Exception):
    """The password is missing or does not fit."""


@dataclass(frozen=True)
class Attachment:
    """What is attached to a mail: the ending of its name, or "", and its bytes."""

    ending: str
    size: int


@dataclass(frozen=True)
class Block:
    """One block of a page. Which of its parts are filled follows from its kind; each text is shown as text."""

    kind: str
    text: str = ""
    level: int = 2
    items: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    pairs: list[tuple[str, str]] = field(default_factory=list)
    files: list[Attachment] = field(default_factory=list)


@dataclass(frozen=True)
class Rendition:
    """What a version says. `cut`: there is more of it in the file; `mark`: who reads it when, and the line in the log."""

    blocks: list[Block]
    cut: bool
    mark: list[str]


def is_locked(version: DocumentVersion) -> bool:
    return Finding.PASSWORD in version.found


def is_active(version: DocumentVersion) -> bool:
    """Whether something in it could act in the program that shows it, so that no browser gets it to show."""
    return bool(ACTIVE & set(version.found))


def is_rendered(version: DocumentVersion) -> bool:
    """Whether it is read as a rendition: what a browser does not show by itself, or should not."""
    ending = ending_of(version.media_type)
    return ending in RENDERED or (ending == ".pdf" and is_active(version))


def rendition_of(version: DocumentVersion, *, by: Any, password: str = "") -> Rendition:
    """The rendition of a version: a logged opening, each time. The password is handed on and forgotten.

    Raises Locked, NoRendition, and what open_paper raises.
    """
    paper = open_anywhere(version, by=by, how="rendition")
    job = {"job": "render", "ending": ending_of(version.media_type), "password": password}
    try:
        answer = ask(job, paper)
        trouble = answer.get("trouble")
        if trouble is None:
            return Rendition(_blocks(answer["blocks"]), cut=answer["cut"] is True, mark=[by.name, *mark_of(paper)])
    except (NoAnswer, KeyError, TypeError, ValueError):
        raise NoRendition(NO_ANSWER) from None
    if trouble in {Trouble.PASSWORD_NEEDED, Trouble.PASSWORD_WRONG}:
        raise Locked
    raise NoRendition(SENTENCES.get(str(trouble), NO_ANSWER))


def _blocks(found: Any) -> list[Block]:
    """What the sandbox answered, believed in nothing: texts as texts, numbers as numbers, items of one list together."""
    blocks: list[Block] = []
    for each in found:
        kind = Kind(each["kind"])
        if kind == Kind.ITEM:
            if not blocks or blocks[-1].kind != Kind.ITEM:
                blocks.append(Block(kind))
            blocks[-1].items.append(str(each["text"]))
        else:
            blocks.append(_block(kind, each))
    return blocks


def _block(kind: Kind, each: dict[str, Any]) -> Block:
    if kind == Kind.TABLE:
        return Block(kind, rows=[[str(cell) for cell in row] for row in each["rows"]])
    if kind == Kind.FACTS:
        return Block(kind, pairs=[(str(label), str(value)) for label, value in each["pairs"]])
    if kind == Kind.ATTACHMENTS:
        return Block(kind, files=[Attachment(str(ending), int(size)) for ending, size in each["files"]])
    # a level beneath the page's own heading, and none deeper than HTML has
    return Block(kind, text=str(each["text"]), level=min(max(int(each.get("level", 2)), 1) + 1, 6))
