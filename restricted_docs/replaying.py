"""Who could have opened a paper, replayed from the lines of the access log: not from today's tables, which forget.

The lines say who had which part in the review, what was decided about the paper's audience, and whose account worked; what a
part gives is asked of the rules as they are in this version of the service (grant_source). A line that was changed or
removed makes a replay wrong: `manage.py verify_access_log` tells.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.db.models import Q

from dhr.access.roles import ON_REVIEW, ROLE_NAMES, Role
from dhr.audit.models import AuditEntry
from dhr.audit.questions import accounts, parts
from dhr.audit.questions.parts import Part
from dhr.audit.reading import EntryQuerySet
from dhr.reviews.recording import RECORD
from dhr.reviews.vocabulary import Stage

from .filing import DRAFT
from .grant_source import DOWNLOAD_DOCUMENT, VIEW_DOCUMENT, DocumentSource
from .restricting import MONITORING_OFFICER
from .vocabulary import Audience

FILED, RELEASED, CHANGED = "document.filed", "document.released_to_panel", "document.audience_changed"
NAMED, GIVEN, TAKEN = "document.person_named", "access.granted", "access.revoked"
STAGE, ERASED = "review.stage_changed", "erasure.completed"
OF_THE_PAPER = (FILED, RELEASED, CHANGED, NAMED, GIVEN, TAKEN)
OF_THE_REVIEW = (*parts.EVENTS, STAGE, ERASED)
DID = ("document.opened", "document.downloaded", "access.refused")
MOST = 5_000  # lines of opening it on one day
ROLE_OF: dict[str, Role] = {name: Role(role) for role, name in ROLE_NAMES.items()}  # the log has the names


@dataclass(frozen=True)
class Told:
    """A line as far as a replay needs it."""

    seq: int
    at_us: int
    event: str
    person: int | None
    details: str
    version: int | None
    review: UUID | None
    reference: str

    @property
    def facts(self) -> dict[str, Any]:
        facts: dict[str, Any] = json.loads(self.details)
        return facts


@dataclass
class Could:
    """That somebody could open it: in which roles, whether to keep a copy, and up to which version (None: every one)."""

    roles: set[str] = field(default_factory=set)
    keeps: bool = False
    newest: int | None = 0

    def join(self, other: Could) -> None:
        """Also this: the wider of both counts."""
        self.roles |= other.roles
        self.keeps = self.keeps or other.keeps
        self.newest = None if other.newest is None or self.newest is None else max(other.newest, self.newest)


@dataclass
class OfADay:
    """What somebody could do within some time, and when: stretches of microseconds, the last of them open if it goes on."""

    could: Could = field(default_factory=Could)
    stretches: list[tuple[int, int | None]] = field(default_factory=list)

    def begin(self, moment: int, could: Could) -> None:
        self.could.join(could)
        if not self.stretches or self.stretches[-1][1] is not None:
            self.stretches.append((moment, None))

    def end(self, moment: int) -> None:
        since, until = self.stretches[-1]
        if until is None:
            self.stretches[-1] = (since, moment)


class People(set[int]):
    """Named people, as the rules ask a document for them."""

    def all(self) -> list[SimpleNamespace]:
        return [SimpleNamespace(pk=number) for number in self]


@dataclass
class Paper:
    """A paper at some moment, with what the rules ask of a document."""

    pk: UUID
    review: Any = field(default_factory=lambda: SimpleNamespace(stage=Stage.NOTIFICATION))
    kind: str = ""
    audience: str = ""
    commission_id: str = ""
    filed_by: int | None = None
    is_released: bool = False
    released_version: int | None = None
    named: People = field(default_factory=People)
    shown_to: set[int] = field(default_factory=set)  # monitoring officers who weigh a restriction
    is_erased: bool = False

    @property
    def is_filed(self) -> bool:
        return bool(self.audience)

    def hear(self, line: Told) -> None:
        facts = line.facts
        if line.event == FILED:
            self.kind, self.filed_by = facts["kind"], line.person
            self.audience, self.commission_id = facts["audience"], facts.get("commission", "")
        elif line.event in {RELEASED, CHANGED}:
            self._open_to(facts["audience"], line)
        elif line.event == STAGE:
            self.review.stage = facts["stage"]
        elif line.event == ERASED:
            self.is_erased = True
        else:
            self._hear_of_a_person(line.event, int(facts["whom"]))

    def _open_to(self, audience: str, line: Told) -> None:
        self.audience = audience
        self.named.clear()
        if line.event == RELEASED:
            self.is_released, self.released_version = True, line.version
        elif audience != Audience.PANEL:
            self.is_released, self.released_version = False, None

    def _hear_of_a_person(self, event: str, whom: int) -> None:
        if event == NAMED:
            self.named.add(whom)
        elif event == GIVEN:
            self.shown_to.add(whom)
        elif event == TAKEN:
            self.shown_to.discard(whom)


class Lines:
    """What the log says, up to some moment, of one paper, its review and everybody's accounts. Two queries.

    `filed` is the line that filed it, None for a paper of which the log knows nothing; `did` are the lines of who opened it,
    or tried to, from `since_us` on.
    """

    def __init__(self, document: UUID, before_us: int, since_us: int | None = None) -> None:
        known = AuditEntry.objects.filter(at_us__lt=before_us)
        told = Q(event__in=OF_THE_PAPER)
        if since_us is not None:
            told |= Q(event__in=DID, at_us__gte=since_us)
        lines = _told(known.about(str(document)).filter(told))
        self.document = document
        self.did = [line for line in lines if line.event in DID][:MOST]
        self.of_the_paper = [line for line in lines if line.event in OF_THE_PAPER]
        self.filed = next((line for line in self.of_the_paper if line.event == FILED), None)
        beside = _beside(known, self.filed.review) if self.filed else []
        self.of_the_review = [line for line in beside if line.event in OF_THE_REVIEW]
        self.of_accounts = [line for line in beside if line.event in accounts.EVENTS]

    def between(self, first_us: int, before_us: int) -> dict[int, OfADay]:
        """Everybody who could open it at some moment from the first to before the last, and from when until when."""
        found: dict[int, OfADay] = {}
        for moment in self._moments(first_us, before_us):
            able = self.could_open(moment)
            for person, could in able.items():
                found.setdefault(person, OfADay()).begin(moment, could)
            for person in found.keys() - able.keys():
                found[person].end(moment)
        return found

    def _moments(self, first_us: int, before_us: int) -> list[int]:
        """The first, and each later one at which something was written, or a day began, that may have changed the answer."""
        heard = {line.at_us for line in (*self.of_the_paper, *self.of_the_review, *self.of_accounts)}
        dated = {moment for part in self._parts(self.of_the_review) for moment in (part.since, part.until)}
        return [first_us, *sorted(moment for moment in heard | dated if first_us < moment < before_us)]

    def paper_at(self, at_us: int) -> Paper:
        paper = Paper(self.document)
        for line in sorted(_until((*self.of_the_paper, *self.of_the_review), at_us), key=lambda line: line.seq):
            if line.event not in parts.EVENTS:
                paper.hear(line)
        return paper

    def could_open(self, at_us: int) -> dict[int, Could]:
        """Everybody who could open it at this moment."""
        paper = self.paper_at(at_us)
        found: dict[int, Could] = {}
        if not paper.is_filed or paper.is_erased:
            return found
        for part in self._parts(_until(self.of_the_review, at_us)):
            role = ROLE_OF.get(part.role)
            given = _gives(role, part, paper) if role and part.gives(at_us) else frozenset()
            if role and VIEW_DOCUMENT in given:
                keeps = DOWNLOAD_DOCUMENT in given
                found.setdefault(part.person, Could()).join(Could({part.role}, keeps, _newest_for(role, part, paper)))
        for officer in paper.shown_to:
            found.setdefault(officer, Could()).join(Could({MONITORING_OFFICER}, keeps=False, newest=None))
        known = self._accounts(at_us)
        return {who: could for who, could in found.items() if who not in known or known[who].works(at_us)}

    def _parts(self, lines: Iterable[Told]) -> list[Part]:
        told = [line for line in lines if line.event in parts.EVENTS]
        return parts.parts_told((line.event, line.at_us, line.review, line.details) for line in told)

    def _accounts(self, at_us: int) -> dict[int, accounts.Account]:
        lines = _until(self.of_accounts, at_us)
        return accounts.accounts_told((line.event, line.at_us, line.person, line.details) for line in lines)


def _beside(known: EntryQuerySet, review: UUID | None) -> list[Told]:
    return _told(known.filter(Q(review=review, event__in=OF_THE_REVIEW) | Q(event__in=accounts.EVENTS)))


def _told(entries: EntryQuerySet) -> list[Told]:
    """Oldest first."""
    columns = ("seq", "at_us", "event", "person", "details", "version", "review", "reference")
    return [Told(*row) for row in entries.oldest_first().values_list(*columns)]


def _until(lines: Sequence[Told], at_us: int) -> list[Told]:
    return [line for line in lines if line.at_us <= at_us]


def _gives(role: Role, part: Part, paper: Paper) -> frozenset[str]:
    """What the rules give for this part: they are asked with the facts of that day in place of rows."""
    paper_named = UUID(part.paper) if part.paper else None
    member: Any = SimpleNamespace(
        role=role, user_id=part.person, commission_id=part.commission or None, paper=paper_named
    )
    subject: Any = paper
    return DocumentSource().permissions_for(member, subject)


def _newest_for(role: Role, part: Part, paper: Paper) -> int | None:
    """The panel opens a paper up to the version that a chair released (reading.versions_for)."""
    works_on_it = ON_REVIEW[role] & {RECORD, DRAFT} or part.person == paper.filed_by
    return None if paper.audience != Audience.PANEL or works_on_it else paper.released_version or 0
