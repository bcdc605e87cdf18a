"""The story of one review, as things that happened so many days ago. Each is one call of a use case, made when its day comes."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from chairs.models import Appointment, ChairProfile
from dhr import clock
from dhr.accounts.models import Partnership
from dhr.reviews import actions, family, identities
from dhr.reviews.models import Action, Agency, Commission, Relative, Review
from dhr.reviews.models.facts import Credit
from dhr.reviews.notifying import Named
from dhr.reviews.vocabulary import Means
from restricted_docs.filing import file_document
from restricted_docs.models import Document
from restricted_docs.reading import open_paper
from restricted_docs.upload import SealedUpload, take_in

from .. import engine, starting
from ..models import Step
from . import papers
from .people import Agencies, People

OPENS = time(9)  # the office day, in the statute's time zone
A_DAY = timedelta(hours=8)
SATURDAY, THURSDAY = 5, 3  # date.weekday()
BOARD_EVERY = timedelta(weeks=13)

Act = Callable[[], Any]


@dataclass
class Story:
    """Everything that happened, to be told in the order of its days on a clock that only moves forward."""

    partnership: Partnership
    people: People
    agencies: Agencies
    today: date
    register: dict[str, ChairProfile] = field(default_factory=dict)
    happened: list[tuple[date, int, int, Act]] = field(default_factory=list)

    def day(self, ago: int) -> date:
        """The working day so many days ago: what fell on a weekend was done on the Friday before it."""
        then = self.today - timedelta(days=ago)
        return then - timedelta(days=max(then.weekday() - SATURDAY + 1, 0))

    def ago(self, then: date) -> int:
        return (self.today - then).days

    @property
    def next_board(self) -> date:
        """The board meets each quarter, on a Thursday; the next meeting is in three weeks."""
        earliest = self.today + timedelta(weeks=3)
        return earliest + timedelta(days=(THURSDAY - earliest.weekday()) % 7)

    @property
    def last_board(self) -> date:
        return self.next_board - BOARD_EVERY

    @property
    def board_before(self) -> date:
        return self.last_board - BOARD_EVERY

    def on(self, ago: int, act: Act) -> None:
        """This happened so many days ago (at least one), after what was said before of the same day."""
        if ago < 1:
            raise ValueError("The demo's story ends yesterday: what is still to come would be in the log too early.")
        self.happened.append((self.day(ago), -ago, len(self.happened), act))

    def tell(self) -> int:
        """Make it all happen. Answers how many acts there were."""
        by_day: dict[date, list[Act]] = {}
        for day, _, _, act in sorted(self.happened, key=lambda one: one[:3]):
            by_day.setdefault(day, []).append(act)
        for day, acts in by_day.items():
            opening = datetime.combine(day, OPENS, timezone.get_current_timezone())
            for n, act in enumerate(acts):
                with clock.at(opening + A_DAY * n / len(acts)):
                    act()
        return len(self.happened)


class Tale:
    """One review of the story. Days are days ago; `by` is who did it in this service."""

    def __init__(self, story: Story, officer: Any = None) -> None:
        self.story, self.people, self.agencies = story, story.people, story.agencies
        self.officer = officer or story.people.officer
        self.review: Review
        self.papers: dict[str, Document] = {}
        self.requests: dict[Agency, Commission] = {}
        self.relatives: dict[str, Relative] = {}
        self.actions: dict[str, Action] = {}

    def on(self, ago: int, act: Act) -> None:
        self.story.on(ago, act)

    def notified(self, ago: int, *, people: Sequence[Named], death_ago: int | None = None, **facts: Any) -> None:
        """The notification. `death_ago` in days; not given: the date of death is not known."""
        known = {"death_date_known": "not_known"}
        dated = {"death_date_known": "known", "death_from": self.story.day(death_ago or 0)}
        given = {"channel": "email", "manner": "homicide", "relationship": "intimate", "aged_16_or_over": True}

        def act() -> None:
            self.review = starting.record_notification(
                self.story.partnership,
                by=self.officer,
                form_token=uuid.uuid4(),
                notified_on=clock.today(),
                people=people,
                **(given | (known if death_ago is None else dated) | facts),
            )

        self.on(ago, act)

    def step(
        self, ago: int, node: str, by: Any = None, *, credit: Callable[[], Credit] | None = None, **given: Any
    ) -> None:
        """The open task at this node is done. An answer that can only be made on the day is a function."""
        self.on(ago, lambda: self.complete(node, by or self.officer, credit, given))

    def complete(
        self, node: str, by: Any, credit: Callable[[], Credit] | None, given: dict[str, Any], about: Any = None
    ) -> Any:
        open_steps = Step.objects.select_related("task", "review").filter(review=self.review, node=node).open()
        step = open_steps.filter(subject=about.pk).get() if about is not None else open_steps.get()
        answers = {name: value() if callable(value) else value for name, value in given.items()}
        return engine.complete(step, by=by, credit=credit() if credit else None, **answers)

    def credit(
        self,
        done_by: Any,
        *,
        ago: int | None = None,
        how: str = Means.HERE,
        shown_by: str = "",
        recorded_by: Any = None,
    ) -> Callable[[], Credit]:
        """Who did it, when and how, and the paper (filed under this key) that shows it; typed in by the officer."""
        return lambda: Credit(
            done_by=done_by,
            recorded_by=recorded_by or self.officer,
            done_on=clock.today() if ago is None else self.story.day(ago),
            how=how,
            evidence=self.papers[shown_by].pk if shown_by else None,
        )

    def sealed(self, name: str, title: str, body: Sequence[str], document: Document | None = None) -> SealedUpload:
        """A paper made and sealed now, not filed yet."""
        made = papers.text(title, body) if name.endswith(".txt") else papers.pdf(title, body)
        return take_in(self.review, name, made, document=document)

    def paper(
        self,
        ago: int,
        key: str,
        kind: str,
        title: str,
        body: Sequence[str],
        *,
        by: Any = None,
        ending: str = "pdf",
        **given: Any,
    ) -> None:
        """A paper is filed, to be found again under this key."""

        def act() -> None:
            upload = self.sealed(f"{key.replace(' ', '-')}.{ending}", title, body)
            about = {name: value() if callable(value) else value for name, value in given.items()}
            self.papers[key] = file_document(
                self.review, by=by or self.officer, upload=upload, title=title, kind=kind, **about
            )

        self.on(ago, act)

    def opened(self, ago: int, key: str, *readers: Any) -> None:
        """These people read the newest version: a line of the log each."""
        for reader in readers:
            self.on(ago, lambda reader=reader: self._read(key, reader))

    def _read(self, key: str, reader: Any) -> None:
        pieces, _ = open_paper(self.papers[key].versions.latest("number"), by=reader)
        for _ in pieces:  # to its last byte, as a browser would
            pass

    # ---- agency requests
    def asked(self, ago: int, agency: Agency, kind: str = "imr", *, due_in: int = 42, **given: Any) -> None:
        def act() -> None:
            due_on = clock.today() + timedelta(days=due_in)
            self.requests[agency] = starting.ask_agency(
                self.review, by=self.officer, agency=agency, kind=kind, due_on=due_on, **given
            )

        self.on(ago, act)

    def returned(self, ago: int, agency: Agency, by: Any = None, **given: Any) -> None:
        """By the agency's author in this service; or, where nobody is named, by e-mail to the officer."""
        self._about_request(ago, "return_account", agency, by, given)

    def signed(self, ago: int, agency: Agency, by: Any = None) -> None:
        self._about_request(ago, "sign_account", agency, by, {})

    def _about_request(self, ago: int, node: str, agency: Agency, by: Any, given: dict[str, Any]) -> None:
        credit = None if by else self.credit(self.officer, how=Means.EMAIL)
        self.on(ago, lambda: self.complete(node, by or self.officer, credit, given, about=self.requests[agency]))

    def settled(self, ago: int, agency: Agency, *, withdrawn: bool) -> None:
        self.on(
            ago, lambda: starting.settle_without_return(self.requests[agency], by=self.officer, withdrawn=withdrawn)
        )

    # ---- chairs
    def declared(self, ago: int, person: Any, statement: str, associated_with: str = "") -> None:
        given = {"statement": statement, "associated_with": associated_with}

        def act() -> None:
            appointment = Appointment.objects.standing().get(review=self.review, user=person)
            self.complete("declare_independence", person, None, given, about=appointment)

        self.on(ago, act)

    # ---- family and actions
    def relative(self, ago: int, name: str, known_as: str, *, by: Any = None, **given: Any) -> None:
        def act() -> None:
            self.relatives[known_as] = family.add_relative(
                self.review, by=by or self.officer, name=name, known_as=known_as, **given
            )

        self.on(ago, act)

    def contact(self, ago: int, known_as: str, note: str, *, by: Any = None) -> None:
        self.on(
            ago,
            lambda: family.record_contact(self.relatives[known_as], by=by or self.officer, on=clock.today(), note=note),
        )

    def action(self, ago: int, key: str, lead: Agency, text: str, *, due_ago: int, **given: Any) -> None:
        """An action of the plan, due so many days ago (below zero: still to come)."""
        due_on = self.story.today - timedelta(days=due_ago)
        given = {"scope": "local"} | given

        def act() -> None:
            self.actions[key] = actions.add_action(
                self.review, by=self.officer, text=text, lead_agency=lead, due_on=due_on, **given
            )

        self.on(ago, act)

    def progress(self, ago: int, key: str, note: str, *, by: Any = None, status: str = "done") -> None:
        self.on(
            ago,
            lambda: actions.record_action_progress(self.actions[key], by=by or self.officer, status=status, note=note),
        )

    def public_name(self, ago: int, pseudonym: str) -> None:
        """The family chose the name under which the review is public."""
        self.on(ago, lambda: identities.choose_pseudonym(self.review, by=self.officer, pseudonym=pseudonym))
