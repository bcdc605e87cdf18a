"""The head of every page of a review: its status in a sentence, one warning with its remedy, and the reader's one next task."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils import timezone

from chairs.models import Appointment
from dhr.access.roles import Role
from dhr.govuk.dates import written
from dhr.govuk.navigation import Item
from dhr.govuk.parts import Step as BarStep
from dhr.reviews.models import Review
from dhr.reviews.pausing import WHAT_PAUSES, suspension_of
from dhr.reviews.vocabulary import STAGES, Ending, Stage, SuspensionReason
from restricted_docs.models import Erasure

from ..models import Step
from .jobs import Job, days, read
from .work import steps_of

KEEPS_IN_TOUCH = ("reviews.chair_review", "reviews.record_progress")
READS_ALL = (*KEEPS_IN_TOUCH, "reviews.upload_draft")
ACCOUNT = ("reviews.view_narrative",)
ANYBODY = ("reviews.view_review",)
# Label, name of the address, and the permissions of which one opens it.
SECTIONS = (
    ("Tasks", "review", ANYBODY),
    ("Details", "review-details", ACCOUNT),
    ("Family", "review-family", KEEPS_IN_TOUCH),
    ("Documents", "review-documents", ANYBODY),
    ("Report", "review-report", READS_ALL),
    ("Agency requests", "review-requests", READS_ALL),
    ("Actions", "review-actions", ANYBODY),
    ("People and access", "review-people", ANYBODY),
    ("History", "review-history", ANYBODY),
    ("Process", "review-process", ANYBODY),
)


@dataclass(frozen=True)
class Alarm:
    """One sentence that says what is wrong and what mends it, with the page that mends it."""

    text: str
    url: str = ""
    link: str = ""


def by_urgency(jobs: Iterable[Job]) -> list[Job]:
    """The main path first, then by due date."""
    return sorted(jobs, key=lambda job: (not job.step.is_main, job.step.due_on or date.max, job.step.pk))


class Head:
    """What the head of a review's page says to this reader. Reads the review's steps once."""

    def __init__(self, review: Review, person: Any, section: str = "review") -> None:
        self.review, self.person, self.section = review, person, section

    @cached_property
    def steps(self) -> list[Step]:
        return steps_of(self.review)

    @cached_property
    def jobs(self) -> list[Job]:
        """Every step this reader may know of: those of agency requests only for readers of the requests."""
        hidden = set() if self.may_any(READS_ALL) else {"CommissionFlow"}
        return read((step for step in self.steps if step.flow not in hidden), self.person)

    def may_open(self, job: Job) -> bool:
        """Whether the page of this task answers this reader: an appointment's only its own person and the officer."""
        return job.mine or not isinstance(job.subject, Appointment) or self.may("reviews.record_progress")

    @cached_property
    def open_jobs(self) -> list[Job]:
        """Open tasks about the review itself, the main path first, then by due date."""
        return by_urgency(read((step for step in self.steps if step.is_open and step.subject is None), self.person))

    @cached_property
    def suspension(self) -> Any:
        return suspension_of(self.review) if self.review.is_suspended else None

    def may(self, permission: str) -> bool:
        return bool(self.person.has_perm(permission, self.review))

    @property
    def title(self) -> str:
        return self.review.pseudonym or self.review.reference

    @property
    def caption(self) -> str:
        """The reference; with the notification's where the reference is the heading already."""
        return self.review.reference if self.review.pseudonym else "Domestic homicide review"

    @property
    def status(self) -> str:
        """ "Drafting, step 5 of 9. Suspended since 3 March 2026: criminal proceedings."""
        review = self.review
        if not review.is_open:
            moment = f" on {written(review.closed_at.date())}" if review.closed_at else ""
            return f"{Ending(review.ending).label}{moment}.{self._erased()}"
        words = f"{Stage(review.stage).label}, step {STAGES.index(review.stage) + 1} of {len(STAGES)}."
        if self.suspension is None:
            return words
        code = SuspensionReason(self.suspension.code).label
        return f"{words} Suspended since {written(self.suspension.done_on)}: {code[:1].lower() + code[1:]}."

    def _erased(self) -> str:
        erasure = Erasure.objects.filter(review=self.review, completed_at__isnull=False).first()
        if erasure is None:
            return ""
        day = written(timezone.localtime(erasure.completed_at).date())
        return f" Erased on {day}: its papers, names and texts can never be read again."

    @property
    def bar(self) -> list[BarStep]:
        """The stages; none for a review that ended before it walked them."""
        if not self.review.is_open and self.review.ending != Ending.CLOSED:
            return []
        here = STAGES.index(self.review.stage) if self.review.is_open else len(STAGES)
        states = ["done" if place < here else "now" if place == here else "todo" for place in range(len(STAGES))]
        return [BarStep(str(Stage(stage).label), state) for stage, state in zip(STAGES, states, strict=True)]

    @property
    def next(self) -> Job | None:
        """The reader's own next task, if one can be done now."""
        if not self.review.is_open:
            return None
        return next((job for job in self.open_jobs if job.mine and not job.locked), None)

    @property
    def waits_for(self) -> str:
        """Who is next, where it is not the reader."""
        main = [job for job in self.open_jobs if job.step.is_main]
        return "; ".join(f"{job.node.task_title} ({job.holder})" for job in main)

    @cached_property
    def warning(self) -> Alarm | None:
        """The most pressing of what is wrong: suspended, late, waiting for agencies, without a lead chair."""
        if not self.review.is_open:
            return None
        checks: tuple[Callable[[], Alarm | None], ...] = (self._paused, self._late, self._locked, self._leaderless)
        return next((found for check in checks if (found := check())), None)

    def _paused(self) -> Alarm | None:
        if self.suspension is None:
            return None
        again = f" Look again on {written(self.suspension.look_again_on)}." if self.suspension.look_again_on else ""
        text = f"This review is suspended. {WHAT_PAUSES}{again}"
        if not self.may("reviews.suspend_review"):
            return Alarm(f"{text} The community safety officer resumes it.")
        return Alarm(text, reverse("resume", args=[self.review.pk]), "Resume the review")

    def _late(self) -> Alarm | None:
        late = [job for job in self.open_jobs if job.days_late and (job.step.is_main or job.mine)]
        if not late:
            return None
        job = max(late, key=lambda job: job.days_late)
        text = f"{job.title} is {days(job.days_late)} late."
        if job.locked:
            return Alarm(f"{text} {job.locked}", *self._to_requests())
        if job.mine:
            return Alarm(text, job.url, "Do it now")
        if self.may("reviews.record_progress") and not job.step.waits:
            return Alarm(
                f"{text} It waits for: {job.holder}. If it was done, record it for them.", job.url, "Record it"
            )
        return Alarm(f"{text} It waits for: {job.holder}.")

    def _locked(self) -> Alarm | None:
        job = next((job for job in self.open_jobs if job.step.is_main and job.locked), None)
        return Alarm(f"{job.title}: {job.locked}", *self._to_requests()) if job else None

    def _to_requests(self) -> tuple[str, str]:
        if not self.may_any(READS_ALL):
            return "", ""
        return reverse("review-requests", args=[self.review.pk]), "See the agency requests"

    def _leaderless(self) -> Alarm | None:
        started = STAGES.index(Stage.PANEL) <= STAGES.index(self.review.stage) < STAGES.index(Stage.ACTION_PLAN)
        if not started or self.review.membership_set.current().filter(role=Role.LEAD_CHAIR).exists():
            return None
        text = "This review has no lead chair. Appoint one, or let another of its chairs lead."
        if not self.may("reviews.appoint_chair"):
            return Alarm("This review has no lead chair. The community safety officer appoints one.")
        return Alarm(text, reverse("review-people", args=[self.review.pk]), "Go to People and access")

    @property
    def menu(self) -> list[Item]:
        """The sections this reader may open, each with an address of its own."""
        return [
            Item(label, reverse(name, args=[self.review.pk]), current=name == self.section)
            for label, name, needs in SECTIONS
            if self.may_any(needs)
        ]

    def may_any(self, permissions: Iterable[str]) -> bool:
        return any(self.may(permission) for permission in permissions)
