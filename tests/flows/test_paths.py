"""Every path of a review to every end."""

import pytest

from dhr import clock
from dhr.reviews.models import Review, StageChange
from dhr.reviews.vocabulary import Stage
from tests import build
from tests.cast import Cast
from workflows.models import Step


def open_nodes(review: Review) -> set[str]:
    return set(Step.objects.filter(review=review, is_main=True).open().values_list("node", flat=True))


def test_a_review_walks_from_notification_to_close(cast: Cast) -> None:
    review = build.review_at("closed", cast)
    assert (review.stage, review.ending) == (Stage.CLOSED, "closed")
    entered = list(StageChange.objects.filter(review=review).values_list("stage", flat=True))
    assert entered == list(Stage.values)


@pytest.mark.parametrize("outcome", ["not_our_area", "same_death"])
def test_what_is_not_ours_is_passed_on(cast: Cast, outcome: str) -> None:
    review = build.review_at("decide", cast)
    build.do(review, cast, "decide", outcome=outcome, leading_review="N-2026-01")
    assert (review.ending, review.number) == ("passed_on", None)


def test_a_review_led_by_another_is_told_and_passed_on(cast: Cast) -> None:
    review = build.review_at("decide", cast)
    build.do(review, cast, "decide", outcome="other_review", leading_review="SAR 3")
    build.do(review, cast, "tell_home_office")
    build.do(review, cast, "tell_family")
    assert review.ending == "passed_on"


def test_no_review_is_upheld_and_closed(cast: Cast) -> None:
    review = build.review_at("decide", cast)
    build.do(review, cast, "decide", outcome="no_review")
    build.do(review, cast, "tell_home_office")
    assert open_nodes(review) == {"tell_family"}
    build.do(review, cast, "tell_family", was_possible=False, reason="No relative is known.")
    build.do(review, cast, "await_scrutiny", answer="upheld")
    assert (review.ending, review.reference) == ("without_review", review.notification_reference)


def test_a_directed_review_gets_its_number(cast: Cast) -> None:
    review = build.review_at("decide", cast)
    build.do(review, cast, "decide", outcome="no_review")
    for node in ("tell_home_office", "tell_family", "await_scrutiny"):
        build.do(review, cast, node)
    assert open_nodes(review) == {"appoint_chairs"}
    assert review.reference == "DHR1"


def test_more_information_leads_back_to_the_decision(cast: Cast) -> None:
    review = build.review_at("decide", cast)
    build.do(review, cast, "decide", outcome="more_information", answer_due_on=clock.today())
    assert open_nodes(review) == {"gather_information"}
    build.do(review, cast, "gather_information")
    assert open_nodes(review) == {"decide"}


def test_the_panel_sends_a_draft_back(cast: Cast) -> None:
    review = build.review_at("agree_draft", cast)
    build.do(review, cast, "agree_draft", agreed=False, reason="More on the family's view.")
    assert open_nodes(review) == {"upload_draft"}


def test_a_check_that_asks_for_changes_leads_back_and_only_it_is_made_again(cast: Cast) -> None:
    review = build.review_at("legal_check", cast)
    build.do(review, cast, "legal_check", result="changes", reason="A live trial is described.")
    for node in ("fact_check", "check_anonymisation", "read_with_family"):
        build.do(review, cast, node)
    assert open_nodes(review) == {"upload_draft"}
    build.do(review, cast, "upload_draft")
    build.do(review, cast, "agree_draft")
    assert open_nodes(review) == {"legal_check"}
    build.do(review, cast, "legal_check")
    assert open_nodes(review) == {"sign_off"}


def test_a_new_version_says_which_checks_lapse(cast: Cast) -> None:
    review = build.review_at("sign_off", cast)
    build.do(review, cast, "sign_off", signed_off=False, reason="Shorter, please.")
    build.do(review, cast, "upload_draft", lapses=["fact", "anonymisation"])
    build.do(review, cast, "agree_draft")
    assert open_nodes(review) == {"fact_check", "check_anonymisation"}


def test_the_home_office_asks_for_changes_and_then_it_is_published(cast: Cast) -> None:
    review = build.review_at("record_answer", cast)
    build.do(review, cast, "record_answer", answer="publish_after_changes")
    build.do(review, cast, "plan_changes", board_sees_it_again=False)
    build.do(review, cast, "upload_draft")
    build.do(review, cast, "agree_draft")
    assert open_nodes(review) == {"decide_publication"}


def test_a_resubmission_goes_round_again_and_the_board_sees_it_where_they_say_so(cast: Cast) -> None:
    review = build.review_at("record_answer", cast)
    build.do(review, cast, "record_answer", answer="resubmit")
    build.do(review, cast, "plan_changes", board_sees_it_again=True)
    build.do(review, cast, "upload_draft")
    build.do(review, cast, "agree_draft")
    assert open_nodes(review) == {"sign_off"}
    build.do(review, cast, "sign_off")
    assert open_nodes(review) == {"prepare_pack"}
    for node in ("prepare_pack", "submit_to_home_office"):
        build.do(review, cast, node)
    build.do(review, cast, "record_answer", answer="publish")
    assert open_nodes(review) == {"decide_publication"}


def test_a_withheld_review_goes_to_its_action_plan_unpublished(cast: Cast) -> None:
    review = build.review_at("decide_publication", cast)
    build.do(review, cast, "decide_publication", form="withheld", reason="A child could be found by it.")
    assert open_nodes(review) == {"complete_action_plan"}
