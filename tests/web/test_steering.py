"""Steering a review from its pages: suspend, resume, cancel, undo, reassign. Each asks for a reason and says what follows."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dhr import clock as the_clock
from dhr.reviews.models import Suspension
from tests import build
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person, backend="dhr.accounts.backends.SignInBackend")
    return client


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_suspending_says_what_pauses_and_resuming_moves_the_dates(cast: Cast, clock: Any) -> None:
    review = build.notify(cast)
    due = build.step_of(review, "scope_with_agencies").due_on
    client, address = signed_in(cast.officer), reverse("suspend", args=[review.pk])
    assert "Main tasks wait" in words(client.get(address))
    bad = client.post(address, {"code": "inquest", "reason": ""})
    assert bad.status_code == 422
    assert "Give the reason for suspending the review." in words(bad)
    assert client.post(address, {"code": "inquest", "reason": "The coroner asked."}).status_code == 302
    again = client.post(address, {"code": "inquest", "reason": "Typed twice."})
    assert again.status_code == 409
    assert "suspended already" in words(again)
    assert "Typed twice." in again.content.decode()
    shown = words(client.get(reverse("review", args=[review.pk])))
    assert "Suspended since" in shown
    assert "This review is suspended." in shown
    assert "Resume the review" in shown
    assert "Cannot start yet" in shown
    clock(the_clock.now() + timedelta(days=5))
    client = signed_in(cast.officer)
    assert client.post(reverse("resume", args=[review.pk]), {"reason": "It is over."}).status_code == 302
    moved = build.step_of(review, "scope_with_agencies").due_on
    assert due is not None
    assert moved == due + timedelta(days=5)
    assert "Suspended" not in words(client.get(reverse("review", args=[review.pk])))


def test_only_the_officer_steers(cast: Cast) -> None:
    review = build.review_at("upload_draft", cast)
    step = build.step_of(review, "upload_draft")
    for name in ("suspend", "resume", "cancel-review"):
        for person, status in ((cast.lead_chair, 403), (cast.panel_member, 403), (cast.stranger, 404)):
            response = signed_in(person).post(reverse(name, args=[review.pk]), {"reason": "No.", "code": "other"})
            assert response.status_code == status, (name, person)
    for name in ("undo", "reassign"):
        assert signed_in(cast.stranger).get(reverse(name, args=[review.pk, step.pk])).status_code == 404
    assert signed_in(cast.lead_chair).get(reverse("undo", args=[review.pk, step.pk])).status_code == 403
    assert signed_in(cast.lead_chair).get(reverse("reassign", args=[review.pk, step.pk])).status_code == 403
    assert not Suspension.objects.exists()
    review.refresh_from_db()
    assert review.is_open


def test_cancelling_ends_the_review_with_a_reason_and_keeps_its_page(cast: Cast) -> None:
    review = build.notify(cast)
    client, address = signed_in(cast.officer), reverse("cancel-review", args=[review.pk])
    assert client.post(address, {}).status_code == 422
    assert client.post(address, {"reason": "The same death was notified twice."}).status_code == 302
    shown = words(client.get(reverse("review", args=[review.pk])))
    assert "Cancelled on" in shown
    assert "Suspend the review" not in shown
    assert "Next:" not in shown
    assert "The same death was notified twice." in words(client.get(reverse("review-history", args=[review.pk])))
    assert client.post(address, {"reason": "Again."}).status_code == 409


def test_the_latest_step_is_undone_and_opens_again(cast: Cast) -> None:
    review = build.review_at("decide", cast)
    done = review.steps.get(node="scope_with_agencies")
    client, address = signed_in(cast.officer), reverse("undo", args=[review.pk, done.pk])
    assert address in client.get(reverse("review", args=[review.pk])).content.decode()
    assert "opens again" in words(client.get(address))
    assert client.post(address, {"reason": "  "}).status_code == 422
    assert client.post(address, {"reason": "The wrong review."}).status_code == 302
    assert build.is_open(review, "scope_with_agencies")
    assert not build.is_open(review, "decide")
    shown = words(client.get(reverse("review-history", args=[review.pk])))
    assert "Undone: Scope with agencies" in shown
    assert "set aside, not deleted" in shown


def test_a_step_that_cannot_be_undone_says_why_and_keeps_what_was_typed(cast: Cast) -> None:
    review = build.review_at("agree_draft", cast)
    done = review.steps.get(node="upload_draft")
    client, address = signed_in(cast.officer), reverse("undo", args=[review.pk, done.pk])
    page = client.get(reverse("review", args=[review.pk]))
    assert address not in page.content.decode()
    assert "cannot be undone. A version stays on file." in words(page)
    response = client.post(address, {"reason": "A mistake."})
    assert response.status_code == 409
    assert "A mistake." in response.content.decode()
    assert review.steps.filter(node="upload_draft").count() == 1


def test_a_task_is_given_only_to_somebody_who_can_do_it(cast: Cast) -> None:
    review = build.review_at("upload_draft", cast)
    step = build.step_of(review, "upload_draft")
    client, address = signed_in(cast.officer), reverse("reassign", args=[review.pk, step.pk])
    offered = client.get(address).content.decode()
    assert "Ada Author" in offered
    assert "Piet Panel" not in offered
    assert "Olive Officer</option>" not in offered
    assert client.post(address, {"to": cast.panel_member.pk, "reason": "Please."}).status_code == 422
    assert client.post(address, {"to": cast.author.pk, "reason": ""}).status_code == 422
    assert client.post(address, {"to": cast.author.pk, "reason": "She writes it."}).status_code == 302
    step.refresh_from_db()
    assert step.owner == cast.author
    assert "Waits for: Ada Author" in words(client.get("/"))


def test_a_step_of_another_review_is_not_found_under_this_one(cast: Cast) -> None:
    review, other = build.review_at("decide", cast), build.review_at("decide", cast)
    foreign = other.steps.get(node="scope_with_agencies")
    assert (
        signed_in(cast.officer).post(reverse("undo", args=[review.pk, foreign.pk]), {"reason": "No."}).status_code
        == 404
    )
    assert build.is_open(other, "decide")
