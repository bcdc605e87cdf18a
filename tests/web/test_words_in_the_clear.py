"""A page asks about words in the clear that seem to name somebody; with a tick they are kept."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from dhr.access.roles import Role
from dhr.reviews import memberships
from dhr.reviews.models import Action, Relative, Review, ReviewDecision
from tests import build
from tests.cast import Cast, make_cast
from tests.web.sending import as_, on, send, text
from workflows.models import SavedAnswers

pytestmark = pytest.mark.django_db
TICK = {"names_checked": "on"}
WARNED = "This has a word of a sealed name in it (the person who died)."


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def decision(**more: Any) -> dict[str, Any]:
    given = {"outcome": "other_review", "leading_review": "SAR Quillfeather", "reason": "It is led elsewhere."}
    return given | on("done_on") | more


def test_a_step_asks_for_a_tick_and_then_keeps_the_words(cast: Cast) -> None:
    review = build.review_at("decide", cast)
    warned = send(cast.board_chair, review, "decide", **decision())
    assert warned.status_code == 422
    assert WARNED in text(warned)
    assert 'name="names_checked"' in warned.content.decode()
    assert 'value="SAR Quillfeather"' in warned.content.decode()
    kept = send(cast.board_chair, review, "decide", **decision(), **TICK)
    assert kept.status_code == 302, text(kept)
    assert ReviewDecision.objects.get(review=review).leading_review == "SAR Quillfeather"


def test_the_warning_stands_beside_the_reference_that_was_typed(cast: Cast) -> None:
    review = build.review_at("decide", cast)
    typed = {"outcome": "same_death", "leading_review": "", "earlier_notification": "Of Quillfeather"}
    warned = send(cast.board_chair, review, "decide", **decision(**typed))
    assert 'id="id_earlier_notification_error"' in warned.content.decode()
    assert 'id="id_leading_review_error"' not in warned.content.decode()
    assert send(cast.board_chair, review, "decide", **decision(**typed), **TICK).status_code == 302


def test_whoever_asks_a_second_person_is_warned_before_and_the_second_person_is_not(cast: Cast) -> None:
    review = build.review_at("decide", cast)
    memberships.add_member(review, by=cast.officer, user=cast.second_officer, role=Role.OFFICER)
    second = {"done_by": str(cast.board_chair.pk), "how": "meeting", "confirm_by": str(cast.second_officer.pk)}
    warned = send(cast.officer, review, "decide", **decision(**second))
    assert (warned.status_code, SavedAnswers.objects.exists()) == (422, False)
    assert WARNED in text(warned)
    assert send(cast.officer, review, "decide", **decision(**second), **TICK).status_code == 302
    confirm = reverse("confirm", args=[SavedAnswers.objects.get().pk])
    assert "they name nobody" in text(as_(cast.second_officer).get(confirm))
    assert as_(cast.second_officer).post(confirm).status_code == 302
    assert ReviewDecision.objects.get(review=review).confirmed_by == cast.second_officer


def test_a_tick_that_a_page_does_not_ask_for_is_not_heard(cast: Cast) -> None:
    review = build.review_at("tell_home_office", cast)
    assert send(cast.officer, review, "tell_home_office", how="email", **on("done_on"), **TICK).status_code == 302


def test_the_form_of_an_action_asks_about_who_monitors_it(cast: Cast) -> None:
    review = build.notify(cast)
    given = {"text": "Train the staff.", "scope": "local", "lead_agency": str(cast.refuge.pk)}
    assert asked_first(cast, review, "add-action", given | {"monitored_by": "Quillfeather Trust"})
    assert Action.objects.get().monitored_by == "Quillfeather Trust"


def test_the_form_of_a_relative_asks_about_how_they_are_called(cast: Cast) -> None:
    review = build.notify(cast)
    given = {"name": "Ottoline Larkspur", "known_as": "Mother of Zephyrine"}
    assert asked_first(cast, review, "add-relative", given)
    assert Relative.objects.get().known_as == "Mother of Zephyrine"


def test_a_relatives_own_name_is_refused_beside_the_question(cast: Cast) -> None:
    given = {"name": "Ottoline Larkspur", "known_as": "Ottoline"} | TICK
    refused = as_(cast.officer).post(reverse("add-relative", args=[build.notify(cast).pk]), given)
    assert refused.status_code == 422
    assert 'id="id_known_as_error"' in refused.content.decode()


def asked_first(cast: Cast, review: Review, name: str, given: dict[str, Any]) -> bool:
    """Whether the page warns, and saves the same words once they are ticked."""
    client, address = as_(cast.officer), reverse(name, args=[review.pk])
    assert "names_checked" not in client.get(address).content.decode()
    warned = client.post(address, given)
    assert WARNED in text(warned)
    assert 'name="names_checked"' in warned.content.decode()
    return warned.status_code == 422 and client.post(address, given | TICK).status_code == 302


@pytest.mark.parametrize(
    ("page", "back", "answers"),
    [("add-name", "review-details", {"kind": "child"}), ("add-relative", "review-family", {"known_as": "The aunt"})],
)
def test_whoever_seals_a_name_is_told_where_it_stands_in_the_clear_already(
    cast: Cast, page: str, back: str, answers: dict[str, str]
) -> None:
    review = build.review_at("upload_draft", cast)
    build.paper(review, cast.officer, title="Letter of Ms Larkspur")
    desk = as_(cast.officer)
    given = answers | {"name": "Ottoline Larkspur"}
    kept = desk.post(reverse(page, args=[review.pk]), given, follow=True)
    assert kept.redirect_chain[-1][0] == reverse(back, args=[review.pk])
    assert "A word of the name stands in the clear already, in the title of a document." in text(kept)
    quiet = desk.post(reverse(page, args=[review.pk]), given | {"name": "Balthasar Thistlewood"}, follow=True)
    assert "in the clear already" not in text(quiet)
