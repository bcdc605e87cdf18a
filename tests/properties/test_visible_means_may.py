"""A list shows exactly what `has_perm` says yes to: for every kind of person, membership and date."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dhr import clock
from dhr.access import grants
from dhr.access.backends import forget
from dhr.access.roles import Role
from dhr.accounts.models import User
from dhr.reviews import actions, memberships
from dhr.reviews.models import Action, Commission, Membership, Review
from restricted_docs.models import Document
from restricted_docs.vocabulary import Audience
from tests import build
from tests.cast import Cast, make_cast
from workflows import starting

from .walk import rolled_back

DAYS = st.integers(-3, 3)
PERMISSIONS: dict[Any, tuple[str, ...]] = {
    Review: ("reviews.view_review", "reviews.view_narrative", "reviews.record_progress", "reviews.chair_review"),
    Commission: ("reviews.view_commission", "reviews.return_commission", "reviews.sign_commission"),
    Action: ("reviews.view_action", "reviews.update_own_action"),
    Document: ("restricted_docs.view_document", "restricted_docs.download_document"),
}
KINDS_OF_PEOPLE = ("ordinary", "inactive", "expired", "expires today", "superuser")
PARTS = st.fixed_dictionaries(
    {
        "role": st.sampled_from(list(Role)),
        "review": st.integers(0, 1),
        "object": st.integers(0, 1),
        "from": DAYS,
        "days": st.none() | st.integers(0, 4),
        "ended": st.booleans(),
    }
)


class House:
    """Two reviews with two requests, two actions and three papers each."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.reviews = [build.notify(cast), build.notify(cast)]
        officer = cast.officer
        ask = {"by": officer, "kind": "imr"}
        self.requests = [
            [starting.ask_agency(review, agency=agency, **ask) for agency in (cast.police, cast.hospital)]
            for review in self.reviews
        ]
        plan: dict[str, Any] = {"by": officer, "text": "Train the staff.", "scope": "local", "lead_agency": cast.police}
        self.actions = [[actions.add_action(review, **plan) for _ in range(2)] for review in self.reviews]
        audiences = (Audience.OFFICERS_AND_CHAIRS, Audience.CHAIRS_ONLY, Audience.BOARD_SIGN_OFF)
        self.papers = [[build.paper(review, officer, audience=one) for one in audiences] for review in self.reviews]

    def give(self, person: User, part: dict[str, Any]) -> Membership:
        """A membership as its own use cases would leave it: with dates in the past, now or to come, perhaps ended."""
        of, which, role = part["review"], part["object"], part["role"]
        starts = clock.today() + timedelta(days=part["from"])
        membership = Membership.objects.create(
            review=self.reviews[of],
            user=person,
            role=role,
            agency=self.cast.police,
            commission=self.requests[of][which] if "agency" in role else None,
            action=self.actions[of][which] if role == Role.ACTION_OWNER else None,
            paper=self.papers[of][2].pk if role == Role.BOARD_READER else None,
            starts_on=starts,
            ends_on=starts + timedelta(days=part["days"]) if part["days"] is not None else None,
        )
        grants.sync_membership(membership)
        if part["ended"]:
            review, officer = membership.review, self.cast.officer
            memberships.end_membership(review, by=officer, membership=membership, reason="Moved on.")
        return membership


def person_of_kind(kind: str) -> User:
    today = clock.today()
    expires = {"expired": today - timedelta(days=1), "expires today": today}.get(kind)
    facts = {"is_active": kind != "inactive", "expires_on": expires, "is_superuser": kind == "superuser"}
    return User.objects.create(email=f"{uuid.uuid4()}@example.org", name="Somebody", **facts)


@pytest.fixture
def house(db: None) -> House:
    return House(make_cast())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(kind=st.sampled_from(KINDS_OF_PEOPLE), parts=st.lists(PARTS, max_size=4))
def test_a_list_shows_what_has_perm_allows_and_nothing_else(
    house: House, kind: str, parts: list[dict[str, Any]]
) -> None:
    with rolled_back():
        person = person_of_kind(kind)
        for part in parts:
            house.give(person, part)
        forget(person)
        allowed = 0
        for model, permissions in PERMISSIONS.items():
            for permission in permissions:
                listed = set(model.objects.visible_to(person, permission).values_list("pk", flat=True))
                may = {subject.pk for subject in model.objects.all() if person.has_perm(permission, subject)}
                assert listed == may, (model.__name__, permission)
                allowed += len(may)
        if kind in {"inactive", "expired", "superuser"}:
            assert not allowed


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(part=PARTS)
def test_a_membership_counts_only_between_its_days(house: House, part: dict[str, Any]) -> None:
    part = part | {"role": Role.OFFICER}
    with rolled_back():
        person = person_of_kind("ordinary")
        house.give(person, part)
        forget(person)
        started = part["from"] <= 0
        over = part["ended"] or (part["days"] is not None and part["from"] + part["days"] < 0)
        review, other = house.reviews[part["review"]], house.reviews[1 - part["review"]]
        assert person.has_perm("reviews.view_review", review) is (started and not over)
        assert not person.has_perm("reviews.view_review", other)
        assert not person.has_perm("reviews.view_review")
