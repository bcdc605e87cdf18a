"""The matrix's people and things, built once: a review and its twin of another team, each with everything sealed."""

from __future__ import annotations

import io
import logging
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from datetime import timedelta
from typing import Any
from unittest import mock

from django.db import transaction
from django.test import Client

from dhr import clock
from dhr.access.roles import Standing
from dhr.accounts.models import StandingRole, User
from dhr.audit.models import AuditEntry
from dhr.reviews.memberships import join
from dhr.reviews.models import Review
from dhr.usecase import use_case
from restricted_docs.page_images.drawing import page_of
from tests.cast import PASSWORD, Cast, make_cast

from .group import Group, build_group

YESTERDAY, TOMORROW = timedelta(days=-1), timedelta(days=1)
# The place on a review of each actor, and what it is about where it is about one thing.
MEMBERS: dict[str, str] = {
    "officer": "",
    "deciding_chair": "",
    "lead_chair": "",
    "chair": "",
    "report_author": "",
    "panel_member": "",
    "agency_author": "commission",
    "agency_signatory": "commission",
    "action_owner": "action",
    "board_reader": "paper",
}
WHEN = ("ended", "tomorrow", "expired", "inactive")


@dataclass
class World:
    """Everybody who asks (None: nobody is signed in), and the two groups whose things they ask for."""

    own: Group
    foreign: Group
    actors: dict[str, User | None] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)

    def client(self, actor: str) -> Client:
        client = Client(raise_request_exception=False)
        if actor in self.sessions:
            client.cookies["sessionid"] = self.sessions[actor]
        return client


@contextmanager
def taken_back() -> Iterator[None]:
    """Whatever happens inside has not happened afterwards. A use case may commit in it, as in Django's own TestCase."""
    block: Any = transaction.atomic()
    block._from_testcase = True
    with block:
        try:
            yield
        finally:
            transaction.set_rollback(True)


@contextmanager
def the_world() -> Iterator[World]:
    """The world, for as long as the block lasts. Nothing is logged: thousands of refusals are what is wanted here."""
    logging.disable(logging.CRITICAL)
    try:
        with taken_back(), mock.patch("restricted_docs.page_images.opening.ask", drawn_here):
            yield build_world()
    finally:
        logging.disable(logging.NOTSET)


def drawn_here(job: Mapping[str, Any], paper: Any) -> dict[str, Any]:
    """A page drawn in this process: the sandbox has tests of its own, and one process for each cell would take minutes."""
    return page_of(io.BytesIO(paper.at(0, paper.size)), dict(job))


def build_world() -> World:
    cast, foreign, far = make_cast(), make_cast(" Two"), make_cast(" Far")
    _move(foreign, cast)
    StandingRole.objects.filter(user=foreign.board_chair).update(deputy=True)  # decides about the foreign review
    theirs = build_group(foreign, "foreign")
    StandingRole.objects.filter(user=foreign.board_chair).update(ended_at=clock.now())
    ours = build_group(cast, "own")
    world = World(ours, theirs, _members(cast, ours) | _others(cast, far))
    for role, about in MEMBERS.items():
        for when in WHEN:
            world.actors[f"{role}:{when}"] = _outside(ours, role, about, when)
    for name, user in world.actors.items():
        if user is not None:
            world.sessions[name] = _session_of(user)
    return world


def _move(cast: Cast, to: Cast) -> None:
    """Another team of the same partnership: being colleagues opens nothing."""
    User.objects.filter(partnership=cast.partnership).update(partnership=to.partnership)
    cast.partnership = to.partnership
    for person in fields(cast):
        if isinstance(user := getattr(cast, person.name), User):
            user.refresh_from_db()


def _members(cast: Cast, group: Group) -> dict[str, User | None]:
    return {
        "officer": cast.officer,
        "deciding_chair": cast.board_chair,
        "lead_chair": cast.lead_chair,
        "chair": cast.second_chair,
        "report_author": cast.author,
        "panel_member": cast.panel_member,
        "agency_author": cast.agency_author,
        "agency_signatory": cast.agency_signatory,
        "action_owner": group.action_owner,
        "board_reader": cast.board_member,
        "appointee": group.appointee,
    }


def _others(cast: Cast, far: Cast) -> dict[str, User | None]:
    """Everybody without a part in the review: standing roles alone, a technical superuser, a colleague far away, nobody."""
    unnamed = person(cast, "Unnamed Board")
    StandingRole.objects.create(user=unnamed, role=Standing.BOARD_MEMBER, starts_on="2020-01-01")
    return {
        "other_officer": cast.second_officer,
        "team_manager": cast.team_manager,
        "board_member": unnamed,
        "democratic": cast.democratic,
        "monitoring": cast.monitoring,
        "protection": cast.protection,
        "auditor": cast.auditor,
        "administrator": cast.administrator,
        "superuser": User.objects.create_superuser(
            "su@example.org", "Sue Superuser", PASSWORD, partnership=cast.partnership
        ),
        "far_officer": far.officer,
        "stranger": cast.stranger,
        "anonymous": None,
    }


def person(cast: Cast, name: str) -> User:
    """One more invented person of this partnership."""
    address = f"{uuid.uuid4().hex}@example.org"
    return User.objects.create_user(address, name, PASSWORD, partnership=cast.partnership)


@use_case(None)
def give(review: Review, *, by: Any, user: User, role: str, **about: Any) -> None:
    join(review, user, role, **about)


def _outside(group: Group, role: str, about: str, when: str) -> User:
    """A copy of a member whose time is over, has not come, or whose account no longer works."""
    user, today = person(group.cast, f"{role} {when}"), clock.today()
    dates: dict[str, Any] = {}
    if when == "ended":
        dates = {"starts_on": today - timedelta(days=30), "ends_on": today + YESTERDAY}
    elif when == "tomorrow":
        dates = {"starts_on": today + TOMORROW}
    things = {about: group.about[about]} if about else {}
    for review in (group.review, group.early):
        give(review, by=group.cast.officer, user=user, role=role, **dates, **things if review == group.review else {})
    closed: dict[str, Any] = {"expired": {"expires_on": today + YESTERDAY}, "inactive": {"is_active": False}}
    User.objects.filter(pk=user.pk).update(**closed.get(when, {"is_active": True}))
    return user


def _session_of(user: User) -> str:
    client = Client()
    client.force_login(user, backend="dhr.accounts.backends.SignInBackend")
    return client.cookies["sessionid"].value


@dataclass(frozen=True)
class Answer:
    """What came back: everything a browser would get, and whether a refusal was written down on the way."""

    status: int
    body: str
    headers: dict[str, str]
    refused: bool
    fault: str = ""
    cookies: Any = None

    @property
    def everything(self) -> str:
        return (self.body + "".join(f"\n{name}: {value}" for name, value in self.headers.items())).casefold()


def ask(world: World, actor: str, method: str, url: str, data: dict[str, Any] | None = None) -> Answer:
    """One request of one person; what it changed is taken back."""
    with taken_back():
        before = AuditEntry.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
        response: Any = getattr(world.client(actor), method.lower())(url, data or {})
        body = b"".join(response.streaming_content) if response.streaming else response.content
        refused = AuditEntry.objects.filter(seq__gt=before, event="access.refused").exists()
        fault = repr(response.exc_info[1]) if getattr(response, "exc_info", None) else ""
        text = body.decode("utf-8", "replace")
        return Answer(response.status_code, text, dict(response.items()), refused, fault, response.cookies)
