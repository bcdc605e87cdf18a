"""The main path of a review, from the notification of a death to its close. Node names are stored and frozen."""

from __future__ import annotations

from typing import Any

from viewflow import this
from viewflow.workflow import flow

from chairs import appointing
from dhr.reviews import actions, deciding, panel, publishing, submitting
from dhr.reviews.models import Review
from dhr.reviews.panel import outstanding
from dhr.reviews.vocabulary import CheckKind, Stage

from .. import gates
from ..nodes import NoUndo, StepNode, WaitNode
from ..steps import drafting, side
from .base import ReviewFlowBase

TOLD = NoUndo("They have been told. Record a correction instead.")
SENT = NoUndo("It has been sent to the Home Office. Record a correction instead.")


def notified_on(process: Any) -> Any:
    return process.review.notified_on


def waits_for_agencies(review: Review) -> str:
    """Why the board cannot sign off yet, or nothing."""
    waiting = outstanding(review)
    if not waiting:
        return ""
    return "Waits for " + "; ".join(str(commission) for commission in waiting) + "."


def undo_decision(process: Any, step: Any) -> None:
    """The number and the law go back with the decision that gave them."""
    review = process.review
    review.number, review.regime = None, ""
    review.save(update_fields=["number", "regime"])


def undo_convening(process: Any, step: Any) -> None:
    panel.undo_convening(process.review, step.pk)


class ReviewFlow(ReviewFlowBase):
    """Domestic homicide review"""

    start = flow.StartHandle(this.begin).Next(this.scope_with_agencies)

    # ---- notification and decision
    scope_with_agencies = StepNode(
        title="Scope with agencies",
        stage=Stage.NOTIFICATION,
        does=deciding.record_scoping,
        due="declaration",
        due_from=notified_on,
        after=side.after_scoping,
        hint="Ask the agencies whether they knew the people, or say why that is not needed.",
    ).Next(this.decide)
    decide = StepNode(
        title="Decide whether to hold a review",
        stage=Stage.DECISION,
        does=deciding.decide_review,
        undo=undo_decision,
        due="decision",
        due_from=notified_on,
        after=side.after_decision,
    ).Next(this.is_more_information_needed)
    is_more_information_needed = (
        flow.If(gates.needs_more_information).Then(this.gather_information).Else(this.must_people_be_told)
    )
    gather_information = StepNode(
        title="Gather more information",
        stage=Stage.DECISION,
        does=deciding.record_scoping,
        due="declaration",
    ).Next(this.decide)
    must_people_be_told = flow.If(gates.must_people_be_told).Then(this.tell_everybody).Else(this.passed_on)
    tell_everybody = flow.Split().Next(this.tell_home_office).Next(this.tell_family)
    tell_home_office = StepNode(
        title="Tell the Home Office of the decision",
        stage=Stage.DECISION,
        does=deciding.tell_home_office,
        undo=TOLD,
        due="telling",
    ).Next(this.everybody_told)
    tell_family = StepNode(
        title="Tell the family of the decision",
        stage=Stage.DECISION,
        does=deciding.tell_family,
        undo=TOLD,
        due="telling",
    ).Next(this.everybody_told)
    everybody_told = flow.Join().Next(this.is_review_required)
    is_review_required = flow.If(gates.is_review_required).Then(this.appoint_chairs).Else(this.is_no_review)
    is_no_review = flow.If(gates.is_no_review).Then(this.await_scrutiny).Else(this.passed_on)
    await_scrutiny = StepNode(
        title="Record what the Home Office says of the decision",
        stage=Stage.DECISION,
        does=deciding.record_scrutiny,
        undo=undo_decision,
        due="scrutiny",
        while_suspended=True,
    ).Next(this.was_a_review_directed)
    was_a_review_directed = (
        flow.If(gates.was_a_review_directed).Then(this.appoint_chairs).Else(this.closed_without_review)
    )

    # ---- chairs and panel
    appoint_chairs = StepNode(
        title="Appoint the chair",
        stage=Stage.CHAIR_APPOINTMENT,
        does=appointing.appoint_chairs,
        undo=side.undo_appointing,
        due="appointment",
        after=side.after_appointing,
    ).Next(this.wait_for_declarations)
    wait_for_declarations = WaitNode(
        title="Waiting for declarations of independence",
        stage=Stage.CHAIR_APPOINTMENT,
        until=appointing.all_declared,
        due="declaration",
    ).Next(this.convene_panel)
    convene_panel = StepNode(
        title="Convene the panel", stage=Stage.PANEL, does=panel.convene_panel, due="panel", undo=undo_convening
    ).Next(this.agree_terms)
    agree_terms = StepNode(
        title="Agree the terms of reference", stage=Stage.PANEL, does=panel.agree_terms, due="panel"
    ).Next(this.open_drafting)
    open_drafting = StepNode(
        title="Open drafting",
        stage=Stage.PANEL,
        does=panel.open_drafting,
        due="panel",
        hint="Agency requests that are still out are listed; drafting does not wait for them.",
    ).Next(this.upload_draft)

    # ---- drafting
    upload_draft = StepNode(
        title="Upload a version of the report",
        stage=Stage.DRAFTING,
        does=drafting.upload_draft,
        undo=NoUndo("A version stays on file. Upload a newer one instead."),
        due="report",
    ).Next(this.agree_draft)
    agree_draft = StepNode(
        title="Record the panel's view of the draft", stage=Stage.DRAFTING, does=drafting.agree_draft, due="check"
    ).Next(this.is_draft_agreed)
    is_draft_agreed = flow.If(gates.is_draft_agreed).Then(this.is_any_check_needed).Else(this.upload_draft)
    is_any_check_needed = flow.If(gates.is_any_check_needed).Then(this.check_version).Else(this.must_the_board_see_it)
    check_version = (
        flow.Split()
        .Next(this.fact_check, case=gates.needs(CheckKind.FACT))
        .Next(this.legal_check, case=gates.needs(CheckKind.LEGAL))
        .Next(this.check_anonymisation, case=gates.needs(CheckKind.ANONYMISATION))
        .Next(this.read_with_family, case=gates.needs(CheckKind.FAMILY))
    )
    fact_check = StepNode(
        title="Check the facts with the agencies", stage=Stage.DRAFTING, does=drafting.fact_check, due="check"
    ).Next(this.version_checked)
    legal_check = StepNode(
        title="Legal and disclosure check", stage=Stage.DRAFTING, does=drafting.legal_check, due="check"
    ).Next(this.version_checked)
    check_anonymisation = StepNode(
        title="Check the anonymisation",
        stage=Stage.DRAFTING,
        does=drafting.check_anonymisation,
        due="check",
        hint="By a second person: not by who uploaded the version.",
    ).Next(this.version_checked)
    read_with_family = StepNode(
        title="Read the draft with the family", stage=Stage.DRAFTING, does=drafting.read_with_family, due="check"
    ).Next(this.version_checked)
    version_checked = flow.Join().Next(this.are_changes_needed)
    are_changes_needed = (
        flow.If(gates.do_the_checks_ask_for_changes).Then(this.upload_draft).Else(this.must_the_board_see_it)
    )
    must_the_board_see_it = flow.If(gates.must_the_board_see_it).Then(this.sign_off).Else(this.must_it_be_submitted)
    sign_off = StepNode(
        title="Board sign-off",
        stage=Stage.DRAFTING,
        does=drafting.sign_off,
        due="check",
        waits_for=waits_for_agencies,
        after=side.after_sign_off,
    ).Next(this.did_the_board_sign_off)
    did_the_board_sign_off = (
        flow.If(gates.did_the_board_sign_off).Then(this.must_it_be_submitted).Else(this.upload_draft)
    )

    # ---- Home Office
    must_it_be_submitted = (
        flow.If(gates.must_it_go_to_the_home_office).Then(this.prepare_pack).Else(this.decide_publication)
    )
    prepare_pack = StepNode(
        title="Prepare the Home Office pack", stage=Stage.HOME_OFFICE, does=submitting.prepare_pack, due="submission"
    ).Next(this.submit_to_home_office)
    submit_to_home_office = StepNode(
        title="Submit to the Home Office",
        stage=Stage.HOME_OFFICE,
        does=submitting.record_submission,
        undo=SENT,
        due="submission",
        hint="Send the pack outside this service, then record here when, where to, and the proof.",
    ).Next(this.record_answer)
    record_answer = StepNode(
        title="Record the Home Office's answer",
        stage=Stage.HOME_OFFICE,
        does=submitting.record_answer,
        due="answer",
        while_suspended=True,
    ).Next(this.may_it_be_published_as_it_is)
    may_it_be_published_as_it_is = (
        flow.If(gates.may_it_be_published_as_it_is).Then(this.decide_publication).Else(this.plan_changes)
    )
    plan_changes = StepNode(
        title="Plan the changes the Home Office asked for",
        stage=Stage.HOME_OFFICE,
        does=submitting.plan_changes,
        due="submission",
    ).Next(this.upload_draft)

    # ---- publication, actions, close
    decide_publication = StepNode(
        title="Decide how to publish", stage=Stage.PUBLICATION, does=publishing.decide_publication, due="publication"
    ).Next(this.is_anything_published)
    is_anything_published = flow.If(gates.is_anything_published).Then(this.publish).Else(this.complete_action_plan)
    publish = StepNode(
        title="Publish",
        stage=Stage.PUBLICATION,
        does=publishing.record_publication,
        undo=NoUndo("It has been published. Take it down and record a correction instead."),
        due="publication",
    ).Next(this.complete_action_plan)
    complete_action_plan = StepNode(
        title="Follow the action plan to its end and close",
        stage=Stage.ACTION_PLAN,
        does=actions.close_action_plan,
        due="action_plan",
        due_from=lambda process: actions.last_day(process.review),
    ).Next(this.closed)
    closed = flow.End()
    closed_without_review = flow.End()
    passed_on = flow.End()


ENDINGS = {"closed": "closed", "closed_without_review": "without_review", "passed_on": "passed_on"}
