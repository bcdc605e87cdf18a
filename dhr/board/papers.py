"""What the agenda shows of a paper. Only the package that knows papers can tell; until it does, everything is restricted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

RESTRICTED = "Document is Restricted"


@dataclass(frozen=True)
class PaperLine:
    """A paper on an agenda: its title or the restriction's public wording, and a link for whoever may open it."""

    title_or_placeholder: str
    link: str = ""


LineOf = Callable[[UUID, Any], PaperLine]
ChoicesFor = Callable[[Any, Any], Iterable[tuple[UUID, str]]]
_known: dict[str, Any] = {}


def register(line_of: LineOf, choices_for: ChoicesFor) -> None:
    """Called once, in AppConfig.ready, by the package that knows papers.

    `line_of(paper, user)` says what this person sees of a paper; `choices_for(review, user)` which papers of a review this
    person may put to the board, as (id, title).
    """
    _known.update(line_of=line_of, choices_for=choices_for)


def line_of(paper: UUID, user: Any) -> PaperLine:
    """What this person sees of a paper on the agenda."""
    ask = _known.get("line_of")
    return ask(paper, user) if ask else PaperLine(RESTRICTED)


def choices_for(review: Any, user: Any) -> list[tuple[str, str]]:
    """The papers of a review that this person may put to the board."""
    ask = _known.get("choices_for")
    return [(str(paper), title) for paper, title in ask(review, user)] if ask else []
