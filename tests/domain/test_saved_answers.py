"""Answers that were typed and not sent: sealed, one's own, opened only with a line in the log."""

from __future__ import annotations

from typing import Any

import pytest

from dhr.access import grants
from dhr.accounts.models import Notice
from dhr.audit.models import AuditEntry
from dhr.reviews.models import Membership, Review
from dhr.usecase import NotYet, Refused
from restricted_docs.fields import SealedBytes
from restricted_docs.vault.errors import NoReceipt
from tests import build
from tests.cast import Cast, make_cast
from workflows import engine
from workflows.desk.answers import (
    are_kept,
    decline_to_confirm,
    discard_answers,
    load_answers,
    open_answers,
    save_answers,
)
from workflows.models import SavedAnswers, Step

pytestmark = pytest.mark.django_db
TYPED = {"reason": ["canary-of-a-reason"], "criteria": ["aged_16", "violence"]}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def step(cast: Cast) -> Step:
    return build.step_of(build.review_at("decide", cast), "decide")


def lines(event: str, person: Any) -> int:
    return AuditEntry.objects.filter(event=event, person=person.pk).count()


def test_what_was_typed_comes_back_and_each_opening_is_a_line(cast: Cast, step: Step) -> None:
    save_answers(step, by=cast.board_chair, typed=TYPED)

    assert [load_answers(step, by=cast.board_chair) for _ in range(2)] == [TYPED, TYPED]
    assert lines("review.draft_answers_saved", cast.board_chair) == 1
    assert lines("narrative.viewed", cast.board_chair) == 2


def test_it_stands_sealed_in_the_database_and_is_not_read_without_a_receipt(cast: Cast, step: Step) -> None:
    save_answers(step, by=cast.board_chair, typed=TYPED)
    kept = SavedAnswers.objects.get()

    assert isinstance(kept.answers_sealed, SealedBytes)  # type: ignore[attr-defined]
    assert b"canary" not in bytes(kept.answers_sealed)  # type: ignore[attr-defined]
    with pytest.raises(NoReceipt):
        _ = kept.answers


def test_opening_ones_answers_opens_nothing_else_of_the_review(cast: Cast, step: Step) -> None:
    save_answers(step, by=cast.board_chair, typed=TYPED)
    load_answers(step, by=cast.board_chair)

    with pytest.raises(NoReceipt):
        _ = step.review.notification_set.get().circumstances


def test_newer_answers_replace_older_ones(cast: Cast, step: Step) -> None:
    save_answers(step, by=cast.board_chair, typed=TYPED)
    save_answers(step, by=cast.board_chair, typed={"reason": ["Newer"]})

    assert load_answers(step, by=cast.board_chair) == {"reason": ["Newer"]}
    assert SavedAnswers.objects.count() == 1


def test_two_people_keep_their_own_answers_to_one_step(cast: Cast, step: Step) -> None:
    save_answers(step, by=cast.board_chair, typed=TYPED)
    save_answers(step, by=cast.officer, typed={"reason": ["The officer's"]})

    assert load_answers(step, by=cast.board_chair) == TYPED
    assert load_answers(step, by=cast.officer) == {"reason": ["The officer's"]}


def test_a_notification_is_kept_under_the_partnerships_key(cast: Cast) -> None:
    save_answers(None, by=cast.officer, typed=TYPED)

    assert load_answers(None, by=cast.officer) == TYPED
    assert load_answers(None, by=cast.second_officer) is None


def test_nobody_opens_anothers_answers(cast: Cast, step: Step) -> None:
    kept = save_answers(step, by=cast.board_chair, typed=TYPED)

    with pytest.raises(Refused):
        open_answers(SavedAnswers.objects.get(pk=kept.pk), by=cast.officer)


def test_somebody_without_a_part_in_the_step_keeps_nothing(cast: Cast, step: Step) -> None:
    with pytest.raises(Refused):
        save_answers(step, by=cast.stranger, typed=TYPED)
    with pytest.raises(Refused):
        save_answers(None, by=cast.stranger, typed=TYPED)

    assert not SavedAnswers.objects.exists()
    assert lines("access.refused", cast.stranger) == 2


def test_answers_are_thrown_away_once(cast: Cast, step: Step) -> None:
    save_answers(step, by=cast.board_chair, typed=TYPED)

    discard_answers(step, by=cast.board_chair)

    assert not are_kept(step, by=cast.board_chair)
    with pytest.raises(NotYet):
        discard_answers(step, by=cast.board_chair)


def test_the_second_person_is_told_reads_the_answers_and_may_send_them_back(cast: Cast, step: Step) -> None:
    kept = save_answers(step, by=cast.officer, typed=TYPED, confirm_by=cast.board_chair)
    waiting = SavedAnswers.objects.select_related("step__review").get(pk=kept.pk)

    assert Notice.objects.filter(to=cast.board_chair, link=f"/confirm/{kept.pk}/").exists()
    assert open_answers(waiting, by=cast.board_chair) == TYPED
    decline_to_confirm(step, by=cast.board_chair, waiting=kept.pk)
    assert Notice.objects.filter(to=cast.officer, link=f"/tasks/{step.pk}/").exists()
    assert load_answers(step, by=cast.officer) == TYPED


def test_only_who_was_asked_can_send_answers_back(cast: Cast, step: Step) -> None:
    kept = save_answers(step, by=cast.officer, typed=TYPED, confirm_by=cast.board_chair)

    with pytest.raises(NotYet):
        decline_to_confirm(step, by=cast.officer, waiting=kept.pk)

    assert SavedAnswers.objects.get(pk=kept.pk).confirm_by == cast.board_chair


def test_nobody_is_asked_to_confirm_a_step_that_is_done(cast: Cast, step: Step) -> None:
    engine.complete(step, by=cast.board_chair, outcome="no_review", reason="Not met.")

    with pytest.raises(NotYet):
        save_answers(step, by=cast.officer, typed=TYPED, confirm_by=second_officer(cast, step.review))


def second_officer(cast: Cast, review: Review) -> Any:
    grants.sync_membership(Membership.objects.create(review=review, user=cast.second_officer, role="officer"))
    return cast.second_officer
