"""Each fault has its page: one plain sentence, the right status, nothing of any review, and never a 500."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest
from django.http.request import UnreadablePostError
from django.test import Client, RequestFactory
from django.urls import reverse
from viewflow.fsm import TransitionNotAllowed
from viewflow.workflow.exceptions import FlowLockFailed

from dhr.accounts.models import User
from dhr.audit import log
from dhr.audit.log import LogUnavailable
from dhr.audit.models import AuditEntry
from dhr.usecase import AlreadyDone, NotYet, Refused, use_case
from restricted_docs.vault.errors import Damaged, KeyMissing, NoReceipt, VaultUnavailable
from tests import build
from tests.cast import Cast, make_cast
from workflows import engine
from workflows.desk import task_views
from workflows.middleware import FaultMiddleware

pytestmark = pytest.mark.django_db
FAULTS: list[tuple[Exception, int, str]] = [
    (Refused("Ask the officer."), 403, "Ask the officer."),
    (NotYet("Appoint a chair first."), 409, "Appoint a chair first."),
    (AlreadyDone("Bea did this."), 409, "Bea did this."),
    (TransitionNotAllowed("finish"), 409, "Somebody else has just done this."),
    (LogUnavailable(), 503, "The access log cannot be written at the moment"),
    (NoReceipt("No line, no key."), 409, "No line, no key."),
    (Damaged("This is not what was sealed."), 409, "This is not what was sealed."),
    (KeyMissing("The key is gone."), 409, "The key is gone."),
    (VaultUnavailable("Make the keys first."), 503, "Make the keys first."),
    (
        OperationalError("canceling statement due to lock timeout"),
        503,
        "The database did not answer; nothing was changed.",
    ),
    (InterfaceError("connection already closed"), 503, "The database did not answer; nothing was changed."),
    (FlowLockFailed("lock"), 503, "The database did not answer; nothing was changed."),
    (UnreadablePostError("cut"), 400, "did not arrive whole"),
]


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="dhr.accounts.backends.SignInBackend")
    return client


def request_of(user: User) -> HttpRequest:
    request = RequestFactory().post("/tasks/1/")
    request.user = user
    return request


def answer(request: HttpRequest, fault: Exception) -> Any:
    return FaultMiddleware(lambda _: None).process_exception(request, fault)  # type: ignore[arg-type, return-value]


@pytest.mark.parametrize(("fault", "status", "sentence"), FAULTS, ids=[type(fault).__name__ for fault, _, _ in FAULTS])
def test_each_fault_has_its_page(cast: Cast, fault: Exception, status: int, sentence: str) -> None:
    response = answer(request_of(cast.officer), fault)

    assert response.status_code == status
    assert sentence in response.content.decode()
    assert ("Retry-After" in response) == (status == 503)


@pytest.mark.parametrize("fault", [OperationalError("server closed"), InterfaceError("closed"), LogUnavailable()])
def test_a_page_about_the_database_asks_the_database_for_nothing(
    cast: Cast, fault: Exception, django_assert_num_queries: Callable[[int], Any]
) -> None:
    request = request_of(cast.officer)

    with django_assert_num_queries(0):
        response = answer(request, fault)

    assert "Safer Testton" not in response.content.decode()


def test_what_is_nobodys_fault_but_ours_is_left_to_the_500_page(cast: Cast) -> None:
    assert answer(request_of(cast.officer), ZeroDivisionError()) is None
    assert answer(request_of(cast.officer), DatabaseError("a programming fault")) is None


def test_a_refusal_by_a_view_is_written_down(cast: Cast) -> None:
    review = build.notify(cast)

    answer(request_of(cast.auditor), Refused("No.", needs="reviews.view_narrative", subject=review))

    entry = AuditEntry.objects.get(event="access.refused", person=cast.auditor.pk)
    assert entry.review == review.pk
    assert entry.facts["permission"] == "reviews.view_narrative"


def test_a_refusal_by_a_use_case_is_not_written_down_twice(cast: Cast) -> None:
    @use_case("reviews.record_notification", standing=True)
    def notify(subject: Any, *, by: Any) -> None: ...

    with pytest.raises(Refused) as caught:
        notify(None, by=cast.auditor)
    answer(request_of(cast.auditor), caught.value)

    assert AuditEntry.objects.filter(event="access.refused").count() == 1


def test_a_refusal_that_says_it_is_written_down_is_not_written_down_again(cast: Cast) -> None:
    refusal = Refused("No.")
    refusal.written_down = True  # type: ignore[attr-defined]

    assert answer(request_of(cast.auditor), refusal).status_code == 403
    assert not AuditEntry.objects.filter(event="access.refused").exists()


def test_a_refusal_that_cannot_be_written_down_is_answered_as_the_log_being_away(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*args: Any) -> None:
        raise LogUnavailable

    monkeypatch.setattr(log, "refuse", away)

    assert answer(request_of(cast.auditor), Refused("No.")).status_code == 503


@pytest.mark.parametrize(
    ("fault", "status"),
    [(OperationalError("database is locked"), 503), (TransitionNotAllowed("x"), 409), (LogUnavailable(), 503)],
)
def test_a_fault_in_the_middle_of_a_step_is_a_page_and_changes_nothing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, fault: Exception, status: int
) -> None:
    review = build.review_at("agree_terms", cast)

    def fail(*args: Any, **kwargs: Any) -> None:
        raise fault

    monkeypatch.setattr(engine, "settle", fail)
    url = reverse("task", args=[build.step_of(review, "agree_terms").pk])
    response = as_(cast.lead_chair).post(url, {"questions": "canary-of-the-questions"})

    assert response.status_code == status
    assert "canary-of-the-questions" not in response.content.decode()
    assert build.is_open(review, "agree_terms")
    assert not AuditEntry.objects.filter(event="panel.terms_agreed").exists()


def test_a_page_that_cannot_be_opened_shows_nothing_of_the_review(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    review = build.review_at("decide", cast)

    def away(*args: Any) -> None:
        raise LogUnavailable

    monkeypatch.setattr(task_views, "sighted", away)
    response = as_(cast.board_chair).get(reverse("task", args=[build.step_of(review, "decide").pk]))

    assert response.status_code == 503
    assert review.reference not in response.content.decode()
