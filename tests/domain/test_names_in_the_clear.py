"""Use cases that save words in the clear compare them with the review's sealed names, whoever calls them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError

from dhr import clock
from dhr.board import meetings
from dhr.board.models import BoardMeeting
from dhr.govuk.wording import NAMES
from dhr.reviews import actions, clear_words, deciding, drafting, family, identities, publishing, submitting
from dhr.reviews.models import Action, Review, SealedIdentity
from dhr.reviews.notifying import Named
from dhr.usecase import NotYet
from restricted_docs.filing import change_title
from tests import build
from tests.cast import Cast
from tests.clear_text import CHECKED

NAMED = "Friends of Quillfeather"
Call = Callable[[Review, Cast, dict[str, Any]], Any]


def meeting(cast: Cast) -> Any:
    facts = {"on": date(2026, 9, 1), "at": time(10), "venue": "Town hall"}
    return BoardMeeting.objects.first() or meetings.add_meeting(cast.partnership, by=cast.democratic, **facts)


def put_item(review: Review, cast: Cast, words: dict[str, Any]) -> Any:
    given = {"title": "Report of the joint chairs", "review": review} | words
    return meetings.add_item(meeting(cast), by=cast.democratic, **given)


def resolve(review: Review, cast: Cast, words: dict[str, Any]) -> Any:
    return meetings.resolve(put_item(review, cast, {}), by=cast.democratic, kind="noted", **words)


def add_action(review: Review, cast: Cast, words: dict[str, Any]) -> Any:
    facts = {"text": "Train the staff.", "scope": "local", "lead_agency": cast.police}
    return actions.add_action(review, by=cast.officer, **facts, **words)


def assign_action(review: Review, cast: Cast, words: dict[str, Any]) -> Any:
    facts = {"action": add_action(review, cast, {}), "owner": None, "due_on": None}
    return actions.assign_action(review, by=cast.officer, **facts, **words)


def add_name(review: Review, cast: Cast, words: dict[str, Any]) -> Any:
    return identities.record_identity(review, by=cast.officer, kind="child", name="Ottoline Larkspur", **words)


def add_relative(review: Review, cast: Cast, words: dict[str, Any]) -> Any:
    return family.add_relative(review, by=cast.officer, name="Ottoline Larkspur", **words)


def decide(review: Review, cast: Cast, words: dict[str, Any]) -> Any:
    facts = {"outcome": "other_review", "reason": "It is led elsewhere."}
    return deciding.decide_review(review, by=cast.board_chair, **facts, **words)


def sign_off(review: Review, cast: Cast, words: dict[str, Any]) -> Any:
    facts = {"document": uuid.uuid4(), "version": 1, "signed_off": True}
    return drafting.sign_off(review, by=cast.board_chair, **facts, **words)


def submit(review: Review, cast: Cast, words: dict[str, Any]) -> Any:
    return submitting.record_submission(review, by=cast.officer, **words)


def publish(review: Review, cast: Cast, words: dict[str, Any]) -> Any:
    return publishing.record_publication(review, by=cast.officer, **words)


def send_copy(review: Review, cast: Cast, words: dict[str, Any]) -> Any:
    facts = {"document": uuid.uuid4(), "version": 1}
    return publishing.send_commissioners_copy(review, by=cast.officer, **facts, **words)


def file_paper(review: Review, cast: Cast, words: dict[str, Any]) -> Any:
    return build.paper(review, cast.officer, **words)


def retitle(review: Review, cast: Cast, words: dict[str, Any]) -> Any:
    return change_title(build.paper(review, cast.officer), by=cast.officer, **words)


# Each way to save one, by the name of the answer. A review's own pseudonym is never anybody's name: below.
CALLS: list[tuple[str, str, Call]] = [
    ("reviews.SealedIdentity.pseudonym", "pseudonym", add_name),
    ("reviews.SealedIdentity.pseudonym", "known_as", add_relative),
    ("reviews.Action.monitored_by", "monitored_by", add_action),
    ("reviews.Action.monitored_by", "monitored_by", assign_action),
    ("reviews.ReviewDecision.leading_review", "leading_review", decide),
    ("reviews.SignOff.minute", "minute", sign_off),
    ("reviews.Submission.address", "address", submit),
    ("reviews.Publication.address", "address", publish),
    ("reviews.CommissionersCopy.address", "address", send_copy),
    ("restricted_docs.Document.title", "title", file_paper),
    ("restricted_docs.Document.title", "title", retitle),
    ("board.AgendaItem.title", "title", put_item),
    ("board.AgendaItem.presented_by", "presented_by", put_item),
    ("board.Resolution.text", "text", resolve),
]
WHAT = {kept.field: kept.what for kept in clear_words.kept()}
IDS = [f"{field.rpartition('.')[2]}-{call.__name__}" for field, _, call in CALLS]


def test_every_field_that_is_said_to_be_checked_is_tried_here_and_looked_through_for_a_new_name() -> None:
    assert WHAT.keys() == CHECKED
    assert {field for field, _, _ in CALLS} | {"reviews.Review.pseudonym"} == CHECKED


@pytest.mark.parametrize(("field", "answer", "call"), CALLS, ids=IDS)
def test_a_name_is_not_saved_in_the_clear_until_somebody_has_checked_the_words(
    cast: Cast, field: str, answer: str, call: Call
) -> None:
    review = build.notify(cast)
    with pytest.raises(ValidationError) as warned:
        call(review, cast, {answer: NAMED})
    assert {name: [one.code for one in found] for name, found in warned.value.error_dict.items()} == {answer: [NAMES]}
    app, model, column = field.split(".")
    assert not apps.get_model(app, model).objects.filter(**{column: NAMED}).exists()
    try:
        call(review, cast, {answer: NAMED, "names_checked": True})
    except NotYet:
        return  # the words passed; the step has to wait for others
    assert apps.get_model(app, model).objects.filter(**{column: NAMED}).exists()
    assert clear_words.naming(review, "Q. Quillfeather-Smith") == [WHAT[field]]  # whoever learns that name is told
    assert clear_words.naming(build.notify(cast), "Q. Quillfeather-Smith") == []


def test_a_reviews_own_pseudonym_is_nobodys_name_whatever_anybody_says(cast: Cast) -> None:
    review = build.notify(cast)
    with pytest.raises(ValidationError, match="sealed name"):
        identities.choose_pseudonym(review, by=cast.officer, pseudonym=NAMED)
    with pytest.raises(TypeError):
        identities.choose_pseudonym(review, by=cast.officer, pseudonym=NAMED, names_checked=True)


def test_pseudonyms_given_with_the_notification_are_compared_with_every_name_in_it(cast: Cast) -> None:
    people = [
        Named(kind="deceased", name="Zephyrine Quillfeather", pseudonym="Balthasar"),
        Named(kind="suspect", name="Balthasar Thistlewood"),
    ]
    with pytest.raises(ValidationError) as warned:
        build.notify(cast, people=people)
    assert [one.code for one in warned.value.error_dict["pseudonym"]] == [NAMES]
    assert not Review.objects.exists()
    build.notify(cast, people=people, names_checked=True)
    assert SealedIdentity.objects.filter(pseudonym="Balthasar").exists()


def test_words_that_were_checked_are_not_asked_about_again_while_they_stay(cast: Cast) -> None:
    review = build.notify(cast)
    action: Action = add_action(review, cast, {"monitored_by": NAMED, "names_checked": True})
    facts = {"action": action, "owner": None, "monitored_by": NAMED}
    actions.assign_action(review, by=cast.officer, due_on=clock.today(), **facts)
    action.refresh_from_db()
    assert action.due_on == clock.today()


def test_a_name_learned_later_is_found_in_the_pseudonym_of_the_review(cast: Cast) -> None:
    review = build.notify(cast)
    identities.choose_pseudonym(review, by=cast.officer, pseudonym="Ottoline")
    assert clear_words.naming(review, "Ottoline Larkspur") == ["the pseudonym of the review"]
    said = "A word of the name stands in the clear already, in the pseudonym of the review. Look there now, and take it out."
    assert clear_words.warning(review, "Ottoline Larkspur") == said
    assert clear_words.warning(review, "Larkspur") == ""


def test_only_codes_of_the_criteria_are_kept_with_a_decision(cast: Cast) -> None:
    facts = {"outcome": "review", "reason": "They are met.", "criteria": ["aged_16", NAMED]}
    with pytest.raises(ValidationError, match="section 9"):
        deciding.decide_review(build.notify(cast), by=cast.board_chair, **facts)


def test_a_pack_keeps_which_version_of_which_paper_and_nothing_else(cast: Cast) -> None:
    chosen = {"document": str(uuid.uuid4()), "version": 2}
    spare = {"not_needed": True, "title": NAMED}
    codes = ("executive_summary", "action_plan", "data_form", "cover_note")
    items = {"overview_report": chosen | {"title": NAMED}} | dict.fromkeys(codes, spare)
    pack = submitting.prepare_pack(build.notify(cast), by=cast.officer, items=items, reason="One report.")
    assert pack.items == {"overview_report": chosen} | {code: {"not_needed": True} for code in codes}
