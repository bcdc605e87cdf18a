"""Recording the notification of a death: not known is an answer, nothing typed is lost, and a double click makes one review."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from dhr import clock
from dhr.accounts.models import StandingRole, User
from dhr.audit.models import AuditEntry
from dhr.reviews.identities import reveal
from dhr.reviews.models import Membership, Notification, Review, SealedIdentity
from tests.cast import Cast, make_cast
from workflows import starting
from workflows.models import SavedAnswers, Step

pytestmark = pytest.mark.django_db
NAME = "Zephyrine Quillfeather"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="dhr.accounts.backends.SignInBackend")
    return client


def day(field: str, ago: int = 0) -> dict[str, str]:
    when = clock.today() - timedelta(days=ago)
    return {f"{field}_day": str(when.day), f"{field}_month": str(when.month), f"{field}_year": str(when.year)}


def answers(**more: Any) -> dict[str, Any]:
    return {
        "form_token": str(uuid4()),
        **day("notified_on"),
        "channel": "email",
        "death_date_kind": "not_known",
        "manner": "homicide",
        "relationship": "intimate",
        "media_interest": "no",
        "circumstances": "Found at home.",
        "deceased": NAME,
        **more,
    }


def send(user: User, given: dict[str, Any]) -> Any:
    return as_(user).post(reverse("record-notification"), given)


def text(response: Any) -> str:
    return str(response.content.decode())


def test_a_notification_becomes_a_review_with_its_names_sealed(cast: Cast) -> None:
    response = send(cast.officer, answers(suspect_1="Orville Thistledown", **day("born_on", ago=12000)))

    review = Review.objects.get()
    assert response.url == reverse("review", args=[review.pk]), text(response)
    assert {(one.kind, reveal(one, by=cast.officer)[0]) for one in SealedIdentity.objects.all()} == {
        ("deceased", NAME),
        ("suspect", "Orville Thistledown"),
    }
    assert set(Membership.objects.values_list("user__email", flat=True)) == {cast.officer.email, cast.board_chair.email}
    assert Step.objects.get(review=review, node="scope_with_agencies").is_open
    assert not SavedAnswers.objects.exists()


@pytest.mark.parametrize(
    ("given", "known"),
    [
        ({"death_date_kind": "not_known"}, "not_known"),
        ({"death_date_kind": "known"} | day("death_date_on", ago=3), "known"),
        ({"death_date_kind": "between"} | day("death_date_from", ago=9) | day("death_date_to", ago=2), "between"),
    ],
    ids=["not known", "known", "between two days"],
)
def test_the_date_of_death_may_be_known_lie_between_two_days_or_not_be_known(
    cast: Cast, given: dict[str, str], known: str
) -> None:
    send(cast.officer, answers(**given))

    assert Notification.objects.get().death_date_known == known


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"deceased": ""}, "Enter the name of the person who died"),
        ({"death_date_kind": ""}, "Say whether the date of death is known."),
        (
            {"death_date_kind": "known", **day("death_date_on", ago=-2)},
            "The death cannot be in the future. Check the date.",
        ),
        (
            {**day("notified_on", ago=9), "death_date_kind": "known", **day("death_date_on", ago=3)},
            "The death cannot be after the day you were told of it. Check both dates.",
        ),
        (
            {"death_date_kind": "known", **day("death_date_on", ago=30), **day("born_on", ago=3)},
            "The date of birth cannot be after the death. Check both dates.",
        ),
        ({**day("notified_on", ago=-1)}, "The date cannot be in the future. Check the day, month and year."),
        (
            {"death_date_kind": "between", **day("death_date_from", ago=2), **day("death_date_to", ago=9)},
            "The last day must be",
        ),
    ],
)
def test_impossible_answers_come_back_with_a_sentence_and_everything_typed(
    cast: Cast, given: dict[str, str], sentence: str
) -> None:
    response = send(cast.officer, answers(**given))

    assert response.status_code == 422
    assert sentence in text(response)
    assert "Found at home." in text(response)
    assert not Review.objects.exists()


def test_a_double_click_makes_one_review(cast: Cast) -> None:
    given = answers()

    first, second = send(cast.officer, given), send(cast.officer, given)

    assert first.url == second.url
    assert Review.objects.count() == 1


def test_of_two_clicks_at_the_same_moment_the_slower_leads_to_the_same_review(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import IntegrityError

    given = answers()
    first = send(cast.officer, given)

    def too_slow(*args: Any, **kwargs: Any) -> Review:
        raise IntegrityError("form_token")

    monkeypatch.setattr(starting, "record_notification", too_slow)

    assert send(cast.officer, given).url == first.url


def test_each_empty_form_draws_a_token_of_its_own(cast: Cast) -> None:
    pages = [text(as_(cast.officer).get(reverse("record-notification"))) for _ in range(2)]
    tokens = [UUID(page.split('name="form_token" value="')[1].split('"')[0]) for page in pages]

    assert tokens[0] != tokens[1]


def test_saved_answers_come_back_with_the_same_token_and_are_only_the_officers_own(cast: Cast) -> None:
    given = answers(circumstances="Half a sentence", deceased="", save="yes")

    saved = send(cast.officer, given)
    mine = text(as_(cast.officer).get(reverse("record-notification")))
    theirs = text(as_(cast.second_officer).get(reverse("record-notification")))

    assert saved.status_code == 302
    assert "Half a sentence" in mine
    assert given["form_token"] in mine
    assert "There is a problem" not in mine
    assert "Half a sentence" not in theirs


def test_saved_answers_can_be_thrown_away(cast: Cast) -> None:
    send(cast.officer, answers(save="yes"))

    send(cast.officer, {"discard": "yes"})

    assert not SavedAnswers.objects.exists()


def test_a_notification_sent_after_the_session_ended_comes_back_whole(cast: Cast) -> None:
    client = as_(cast.officer)
    client.logout()

    typed = answers(circumstances="A long account")
    response = client.post(reverse("record-notification"), typed, HTTP_ORIGIN="http://testserver")

    assert response.status_code == 401
    assert "A long account" in text(response)
    assert not Review.objects.exists()


def test_without_a_chair_of_the_board_the_officer_reads_whom_to_ask_and_loses_nothing(cast: Cast) -> None:
    StandingRole.objects.filter(user=cast.board_chair).delete()

    response = send(cast.officer, answers())

    assert response.status_code == 422
    assert "Nobody is recorded as chair of the board today." in text(response)
    assert "Found at home." in text(response)


@pytest.mark.parametrize("who", ["stranger", "board_chair", "auditor", "administrator", "team_manager"])
def test_only_an_officer_records_a_notification_and_a_refusal_is_written_down_once(cast: Cast, who: str) -> None:
    user = getattr(cast, who)

    response = send(user, answers())

    assert response.status_code == 403
    assert not Review.objects.exists()
    assert AuditEntry.objects.filter(event="access.refused", person=user.pk).count() == 1


def test_no_name_reaches_the_log(cast: Cast) -> None:
    send(cast.officer, answers())

    assert all("Quillfeather" not in str(entry.details) for entry in AuditEntry.objects.all())
