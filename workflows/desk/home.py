"""What Your work shows to whom: everybody their tasks; a chair three links; an agency its requests; others their own page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.urls import reverse

from dhr.access.roles import OF_ONE_COMMISSION, WRITERS, Role
from dhr.govuk.dates import written
from dhr.govuk.parts import Cell, Column
from dhr.reviews.models import Action, Commission, Membership, Review
from restricted_docs.models import Restriction

from .jobs import Job
from .work import Groups, held_by_others, may_be_done_by, to_confirm, work_of


@dataclass(frozen=True)
class Contact:
    """The officer somebody from outside calls."""

    name: str
    phone: str
    references: str


@dataclass(frozen=True)
class ChairsReview:
    """One review of somebody who chairs or writes: three links, and nothing to look for."""

    review: Review
    role: str
    next: Job | None
    upload: str

    @property
    def title(self) -> str:
        return self.review.pseudonym or self.review.reference


@dataclass
class Home:
    """Everything on the page. Lists that do not concern a person stay empty."""

    work: Groups
    is_officer: bool = False
    others: list[Job] = field(default_factory=list)
    others_more: bool = False
    confirm: list[Any] = field(default_factory=list)
    chairs: list[ChairsReview] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    requests: list[list[Any]] = field(default_factory=list)
    actions: list[list[Any]] = field(default_factory=list)
    places: list[tuple[str, str]] = field(default_factory=list)

    request_columns = (Column("Agency request"), Column("Review"), Column("State"), Column("Due"))
    action_columns = (Column("Action"), Column("Review"), Column("Due"))

    @property
    def more(self) -> bool:
        """Whether there are more tasks than the page shows."""
        return self.work.more or self.others_more

    @property
    def is_empty(self) -> bool:
        lists = (self.work.all, self.others, self.confirm, self.chairs, self.requests, self.actions, self.places)
        return not any(lists)


def home_of(person: Any) -> Home:
    """Your work of this person, in a number of queries that does not grow with the reviews."""
    current = person.memberships.current().filter(review__closed_at__isnull=True)
    roles = {Role(role) for role in current.order_by().values_list("role", flat=True).distinct()}
    from_outside = roles and not person.standing_roles()
    held = list(current.select_related("review")) if from_outside or roles & WRITERS else []
    may = may_be_done_by(person)
    home = Home(
        work_of(person, may), is_officer=Role.OFFICER in roles, confirm=to_confirm(person), places=places_of(person)
    )
    if home.is_officer:
        home.others, home.others_more = held_by_others(person, may)
    if roles & WRITERS:
        home.chairs = chairs_reviews(held, home.work)
    if roles & OF_ONE_COMMISSION:
        home.requests = requests_of(person)
    if roles & {Role.ACTION_OWNER, Role.PANEL_MEMBER}:
        home.actions = actions_of(person)
    if from_outside:
        home.contacts = contacts_of(held)
    return home


def chairs_reviews(held: list[Membership], work: Groups) -> list[ChairsReview]:
    mine: dict[Any, list[Job]] = {}
    for job in work.all:
        mine.setdefault(job.step.review_id, []).append(job)
    found = []
    for membership in held:
        if Role(membership.role) not in WRITERS:
            continue
        jobs = [job for job in mine.get(membership.review_id, []) if not job.locked]
        upload = next((job.url for job in jobs if job.step.node == "upload_draft"), "")
        own = next((job for job in jobs if job.step.node != "upload_draft"), None)
        found.append(
            ChairsReview(membership.review, str(membership.get_role_display()), own or next(iter(jobs), None), upload)
        )
    return found


def contacts_of(held: list[Membership]) -> list[Contact]:
    """The officers of these reviews, each once, with the telephone that reaches them."""
    officers = Membership.objects.current().filter(review__in={m.review_id for m in held}, role=Role.OFFICER)
    found: dict[int, tuple[Any, list[str]]] = {}
    for membership in officers.select_related("user", "review"):
        found.setdefault(membership.user_id, (membership.user, []))[1].append(membership.review.reference)
    return [
        Contact(user.name, user.phone or settings.TEAM_PHONE, ", ".join(sorted(references)))
        for user, references in found.values()
    ]


def requests_of(person: Any) -> list[list[Any]]:
    own = Commission.objects.visible_to(person, "reviews.view_commission").filter(
        membership__user=person, membership__role__in=OF_ONE_COMMISSION, membership__ended_at__isnull=True
    )
    return [
        [
            Cell(str(commission), url=reverse("request", args=[commission.pk])),
            commission.review.reference,
            commission.get_state_display(),
            written(commission.due_on) if commission.due_on else "",
        ]
        for commission in own.select_related("agency", "review").distinct().order_by("due_on")
    ]


def actions_of(person: Any) -> list[list[Any]]:
    own = Action.objects.visible_to(person, "reviews.update_own_action").open().select_related("review", "lead_agency")
    return [
        [
            Cell(f"Action {action.number}, {action.lead_agency}", url=reverse("action", args=[action.pk])),
            action.review.reference,
            written(action.due_on) if action.due_on else "No due date",
        ]
        for action in own.order_by("due_on", "number")[:100]
    ]


def places_of(person: Any) -> list[tuple[str, str]]:
    """Where somebody goes whose work is not on a review."""
    found: list[tuple[str, str]] = []
    if person.has_perm("restricted_docs.decide_restriction"):
        waiting = Restriction.objects.open().in_partnership(person.partnership_id).count()
        noun = "proposal to restrict a paper waits" if waiting == 1 else "proposals to restrict a paper wait"
        found.append((f"{waiting} {noun} for your decision", "restrictions"))
    for permission, words, name in PLACES:
        if person.has_perm(permission):
            found.append((words, name))
    return [(words, reverse(name)) for words, name in found]


PLACES = (
    ("reviews.record_notification", "Record a notification", "record-notification"),
    ("reviews.view_caseload", "See every review's officer, stage and lateness", "caseload"),
    ("board.view_summary", "See the board's summary", "board-summary"),
    ("audit.view_log", "Read the access log", "access-log"),
    ("accounts.manage_people", "Invite people and look after accounts", "people"),
)
