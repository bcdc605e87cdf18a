"""Several people, the same moment: one thing happens once, nobody sees an error, and nothing is lost."""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from dhr import clock
from dhr.access import grants
from dhr.accounts.models import User
from dhr.audit.verify import verify
from dhr.reviews import memberships
from dhr.reviews.changing_dates import change_dates
from dhr.reviews.models import Membership, Review
from dhr.usecase import AlreadyDone, NotYet, Refused
from tests import build
from tests.cast import Cast, make_cast
from workflows import engine
from workflows.models import Step

pytestmark = pytest.mark.django_db(transaction=True)
SECONDS = 60


@pytest.fixture
def cast(transactional_db: None) -> Iterator[Cast]:
    grants.forget_permission_ids()  # the flush after a transactional test gives the permissions new keys
    yield make_cast()
    grants.forget_permission_ids()


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run these side by side from one starting shot. Answers what each gave, or the exception it raised."""
    shot, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            shot.wait(SECONDS)
            answers[place] = act()
        except Exception as problem:  # noqa: BLE001 - the test looks at every answer
            answers[place] = problem  # type: ignore[call-overload]
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    assert not any(thread.is_alive() for thread in threads), "Somebody still waits."
    return answers


def kinds(answers: Sequence[Any]) -> Counter[Any]:
    return Counter(type(one) if isinstance(one, Exception) else "done" for one in answers)


def afresh(person: User) -> User:
    """The person as another request would read them."""
    return User.objects.get(pk=person.pk)


def complete(step: Step, person: User, **answers: Any) -> Callable[[], Any]:
    def act() -> Any:
        own = Step.objects.select_related("task", "review").get(pk=step.pk)
        return engine.complete(own, by=afresh(person), **answers)

    return act


def open_nodes(review: Review) -> list[str]:
    return sorted(Step.objects.filter(review=review).open().main().values_list("node", flat=True))


def test_of_24_who_submit_one_task_one_succeeds_and_the_rest_read_that_it_is_done(cast: Cast) -> None:
    review = build.review_at("tell_home_office", cast)
    step = build.step_of(review, "tell_home_office")
    answers = at_once(*[complete(step, cast.officer)] * 24)
    assert kinds(answers) == {"done": 1, AlreadyDone: 23}
    assert open_nodes(review) == ["tell_family"]
    assert verify().whole


def test_the_next_task_is_there_once_when_the_step_that_leads_to_it_is_sent_often(cast: Cast) -> None:
    review = build.review_at("convene_panel", cast)
    step = build.step_of(review, "convene_panel")
    members = {"members": [(cast.panel_member, cast.police)]}
    assert kinds(at_once(*[complete(step, cast.officer, **members)] * 8))["done"] == 1
    assert open_nodes(review) == ["agree_terms"]
    assert Membership.objects.filter(review=review, user=cast.panel_member).count() == 1


def test_of_24_who_send_the_page_of_one_task_one_is_taken_on_and_the_rest_read_that_it_is_done(cast: Cast) -> None:
    review = build.review_at("tell_home_office", cast)
    address = reverse("task", args=[build.step_of(review, "tell_home_office").pk])
    day = clock.today()
    form = {"done_on_day": day.day, "done_on_month": day.month, "done_on_year": day.year, "how": "meeting"}
    clients = [Client() for _ in range(24)]
    for client in clients:
        client.force_login(cast.officer)
    answers = at_once(*[lambda client=client: client.post(address, form).status_code for client in clients])
    assert Counter(answers) == {302: 1, 409: 23}
    assert open_nodes(review) == ["tell_family"]
    assert verify().whole


def test_a_join_survives_branches_that_end_at_the_same_moment(cast: Cast) -> None:
    reviews = [build.review_at("fact_check", cast) for _ in range(6)]
    for review in reviews:
        whose = {
            "fact_check": cast.officer,
            "legal_check": cast.officer,
            "check_anonymisation": cast.officer,
            "read_with_family": cast.lead_chair,
        }
        acts = [complete(build.step_of(review, node), person, result="passed") for node, person in whose.items()]
        assert kinds(at_once(*acts)) == {"done": 4}
        assert open_nodes(review) == ["sign_off"]


def test_a_start_sent_eight_times_makes_one_review(cast: Cast) -> None:
    token = uuid.uuid4()
    facts = {
        "form_token": token,
        "notified_on": clock.today(),
        "people": (),
        "channel": "writing",
        "death_date_known": "not_known",
        "manner": "homicide",
        "relationship": "intimate",
        "circumstances": "Not known yet.",
    }

    def notify() -> Any:
        from workflows import starting

        return starting.record_notification(cast.partnership, by=afresh(cast.officer), **facts).pk

    assert len(set(at_once(*[notify] * 8))) == 1
    review = Review.objects.get()
    assert open_nodes(review) == ["scope_with_agencies"]
    assert verify().whole


def test_notifications_recorded_together_get_different_numbers(cast: Cast) -> None:
    def notify() -> int:
        cast_of_this_request = make_copy(cast)
        return build.notify(cast_of_this_request).notification_number

    assert sorted(at_once(*[notify] * 6)) == [1, 2, 3, 4, 5, 6]


def make_copy(cast: Cast) -> Cast:
    facts = dict(vars(cast))
    facts["officer"] = afresh(cast.officer)
    return Cast(**facts)


def test_decisions_taken_together_get_different_numbers(cast: Cast) -> None:
    reviews = [build.review_at("decide", cast) for _ in range(4)]
    decision = {"outcome": "review", "reason": "The criteria are met.", "criteria": ["aged_16"]}
    acts = [complete(build.step_of(review, "decide"), cast.board_chair, **decision) for review in reviews]
    assert kinds(at_once(*acts)) == {"done": 4}
    assert sorted(Review.objects.values_list("number", flat=True)) == [1, 2, 3, 4]


def test_who_loses_the_role_while_waiting_for_the_lock_is_refused(cast: Cast) -> None:
    review = build.review_at("tell_home_office", cast)
    step = build.step_of(review, "tell_home_office")
    memberships.add_member(review, by=cast.officer, user=cast.second_officer, role="officer")
    going = Membership.objects.get(review=review, user=cast.officer)
    inside, asked = threading.Event(), threading.Event()
    leave = memberships.leave

    def leave_slowly(membership: Membership) -> None:
        leave(membership)
        inside.set()
        asked.wait(SECONDS)  # the transaction stays open until the other one waits for the lock

    def end() -> None:
        memberships.end_membership(review, by=afresh(cast.second_officer), membership=going, reason="Moved on.")

    def finish() -> Any:
        person = afresh(cast.officer)
        own = Step.objects.select_related("task", "review").get(pk=step.pk)
        inside.wait(SECONDS)
        assert person.has_perm("reviews.record_progress", own.review), "Not taken back yet, as far as this one knows."
        asked.set()
        return engine.complete(own, by=person)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(memberships, "leave", leave_slowly)
        ended, finished = at_once(end, finish)
    assert ended is None
    assert isinstance(finished, Refused)
    assert "tell_home_office" in open_nodes(review)


def test_two_officers_who_end_each_others_parts_together_leave_one(cast: Cast) -> None:
    review = build.notify(cast)
    memberships.add_member(review, by=cast.officer, user=cast.second_officer, role="officer")
    parts = {part.user_id: part for part in Membership.objects.filter(review=review, role="officer")}

    def end_on(day: Any, whose: User, by: User) -> Callable[[], Any]:
        part = parts[whose.pk]
        days = {"starts_on": part.starts_on, "ends_on": day, "reason": "Moved on."}
        return lambda: change_dates(Review.objects.get(pk=review.pk), by=afresh(by), membership=part, **days)

    day = clock.today()
    acts = [end_on(day, cast.officer, cast.second_officer), end_on(day, cast.second_officer, cast.officer)]
    assert kinds(at_once(*acts)) == {"done": 1, NotYet: 1}
    assert Membership.objects.filter(review=review, role="officer", ends_on=None).count() == 1
