"""The words of the table: who there is, and what a row says about an address."""

from __future__ import annotations

from dataclasses import dataclass

from .world import MEMBERS, WHEN

OF_THE_REVIEW = (*MEMBERS, "appointee")
WITHOUT_A_PART = (
    *("other_officer", "team_manager", "board_member", "democratic", "monitoring", "protection", "auditor"),
    *("administrator", "superuser", "far_officer", "stranger"),
)
SIGNED_IN = frozenset((*OF_THE_REVIEW, *WITHOUT_A_PART))
OUTSIDE = tuple(f"{role}:{when}" for role in MEMBERS for when in WHEN)
ACTORS = (*OF_THE_REVIEW, *WITHOUT_A_PART, "anonymous", *OUTSIDE)

CHAIRS = "lead_chair chair"
WRITERS = f"{CHAIRS} report_author"
READERS = f"officer {WRITERS}"  # view_narrative once the decision is taken
SEES = f"{READERS} deciding_chair panel_member"  # view_review
STILL_HERE = tuple(copy for copy in OUTSIDE if copy.endswith((":ended", ":tomorrow")))  # whose account works
EVERYBODY = " ".join((*sorted(SIGNED_IN), *STILL_HERE))

GOOD = frozenset({200})
TAKEN = frozenset({200, 302, 409, 422})  # an empty form: bad input, done, or not now; never a fault
AWAY = frozenset({302})
NOT_OFFERED = frozenset({403, 404, 405})


def is_signed_out(actor: str) -> bool:
    """Nobody, or somebody whose account does not work any more: both are asked to sign in."""
    return actor == "anonymous" or actor.endswith((":expired", ":inactive"))


@dataclass(frozen=True)
class Row:
    """What an address answers.

    `get` and `post` name who may (None: no such method); `refused` who learns that it exists but may not (403); everybody
    else gets `others`. `foreign` is everybody's answer for the other team's thing (None: the same as for the own one), except
    of those `everywhere`, whose standing role counts for both. `absent` name people of another partnership, for whom it does
    not exist where others are refused. A `public` address is anybody's.
    """

    name: str
    thing: str = ""
    get: str | None = None
    post: str | None = None
    refused: str = ""
    others: int = 404
    foreign: int | None = 404
    absent: str = ""
    everywhere: str = ""
    answers: frozenset[int] = GOOD
    public: bool = False

    @property
    def id(self) -> str:
        return f"{self.name}-{self.thing}" if self.thing else self.name

    def offers(self, method: str) -> bool:
        return (self.get if method == "GET" else self.post) is not None

    def may(self, actor: str, method: str, *, foreign: bool = False) -> bool:
        allowed = (self.get if method == "GET" else self.post) or ""
        return actor in allowed.split() and not self._is_foreign(actor, foreign=foreign)

    def _is_foreign(self, actor: str, *, foreign: bool) -> bool:
        return foreign and self.foreign is not None and actor not in self.everywhere.split()

    def expected(self, actor: str, method: str, *, foreign: bool = False) -> frozenset[int]:
        """The answers that are right for this person."""
        if not self.offers(method):
            return NOT_OFFERED
        if self.may(actor, method, foreign=foreign):
            return self.answers if method == "GET" else self.answers | TAKEN
        if actor in self.absent.split():
            return frozenset({404})
        if self.foreign is not None and self._is_foreign(actor, foreign=foreign):
            return frozenset({self.foreign})
        return frozenset({403 if actor in self.refused.split() else self.others})


def of_review(
    name: str, get: str | None, post: str | None = None, *, thing: str = "review", refused: str = SEES
) -> Row:
    """Of one review: a stranger gets 404, a member who lacks the permission 403."""
    return Row(name, thing, get, post, refused)


def asks(name: str, may: str, *, thing: str = "review", refused: str = SEES) -> Row:
    """A form of one review: whoever may see it may send it."""
    return Row(name, thing, may, may, refused)


def standing(
    name: str,
    get: str | None,
    post: str | None = None,
    *,
    thing: str = "",
    absent: str = "",
    foreign: int | None = None,
) -> Row:
    """Opened by a standing role: everybody else is refused with a sentence."""
    return Row(name, thing, get, post, others=403, foreign=foreign, absent=absent)
