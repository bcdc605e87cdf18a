"""Every task of every flow against every person: exactly those of the table may do it, and everybody else is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chairs.models import Appointment
from dhr import clock
from dhr.audit.models import AuditEntry
from dhr.reviews import memberships
from dhr.reviews.models import Review
from dhr.usecase import Refused
from tests import build
from tests.cast import STANDING, Cast
from workflows import engine, starting
from workflows.desk.jobs import FLOWS
from workflows.models import Step
from workflows.nodes import StepNode

# Written by hand from "Who may: roles, permissions, audiences"; never computed from the code.
OFFICER, BOARD_CHAIR, LEAD = {"officer"}, {"board_chair"}, {"lead_chair"}
CHAIRS, WRITERS = {"lead_chair", "second_chair"}, {"lead_chair", "second_chair", "author"}
MAY: dict[str, set[str]] = {
    # the main path
    "scope_with_agencies": OFFICER,
    "decide": BOARD_CHAIR,
    "gather_information": OFFICER,
    "tell_home_office": OFFICER,
    "tell_family": OFFICER,
    "await_scrutiny": OFFICER,
    "appoint_chairs": OFFICER,
    "convene_panel": OFFICER,
    "agree_terms": LEAD,
    "open_drafting": LEAD,
    "upload_draft": WRITERS,
    "agree_draft": CHAIRS,
    "fact_check": OFFICER,
    "legal_check": OFFICER,
    "check_anonymisation": OFFICER,
    "read_with_family": CHAIRS,
    "sign_off": BOARD_CHAIR,
    "prepare_pack": OFFICER,
    "submit_to_home_office": OFFICER,
    "record_answer": OFFICER,
    "plan_changes": OFFICER,
    "decide_publication": OFFICER,
    "publish": OFFICER,
    "complete_action_plan": OFFICER,
    # beside it
    "share_early_learning": OFFICER,
    "keep_in_touch": OFFICER,
    "send_commissioners_copy": OFFICER,
    "declare_independence": {"lead_chair"},  # of the appointment the test looks at
    "return_account": {"agency_author"},  # of the request the test looks at
    "sign_account": {"agency_signatory"},
}


def after(node: str, at: str, **answers: Any) -> Callable[[Cast], Review]:
    """A review on which the task `at` was answered in a way that leads to `node`."""

    def reach(cast: Cast) -> Review:
        review = build.review_at(at, cast)
        build.do(review, cast, at, **answers)
        while not build.is_open(review, node):
            build.do(review, cast, next(name for name in build.ORDER if build.is_open(review, name)))
        return review

    return reach


def asked(*, returned: bool = False) -> Callable[[Cast], Review]:
    def reach(cast: Cast) -> Review:
        review = build.review_at("agree_terms", cast)
        people = {"author": cast.agency_author, "signatory": cast.agency_signatory}
        starting.ask_agency(review, by=cast.officer, agency=cast.hospital, kind="imr", **people)
        if returned:
            engine.complete(build.step_of(review, "return_account"), by=cast.agency_author, answer="Twice.")
        return review

    return reach


def appointed(cast: Cast) -> Review:
    review = build.review_at("appoint_chairs", cast)
    by, given = build.WALK["appoint_chairs"](review, cast)
    engine.complete(build.step_of(review, "appoint_chairs"), by=by, **given)
    return review


REACHED_OTHERWISE: dict[str, Callable[[Cast], Review]] = {
    "gather_information": after(
        "gather_information", "decide", outcome="more_information", answer_due_on=clock.today()
    ),
    "await_scrutiny": after("await_scrutiny", "decide", outcome="no_review"),
    "plan_changes": after("plan_changes", "record_answer", answer="resubmit"),
    "share_early_learning": lambda cast: build.review_at("decide", cast),
    "keep_in_touch": lambda cast: build.review_at("tell_family", cast),
    "send_commissioners_copy": lambda cast: build.review_at("prepare_pack", cast),
    "declare_independence": appointed,
    "return_account": asked(),
    "sign_account": asked(returned=True),
}


def step_for(node: str, cast: Cast) -> Step:
    review = REACHED_OTHERWISE[node](cast) if node in REACHED_OTHERWISE else build.review_at(node, cast)
    if node == "declare_independence":
        own = Appointment.objects.get(review=review, user=cast.lead_chair)
        return Step.objects.select_related("task", "review").get(subject=own.pk)
    return build.step_of(review, node)


def everybody_on_it(review: Review, cast: Cast) -> None:
    """The panel and an agency take part too, where they would not yet, so that a role is refused and not a stranger."""
    if review.membership_set.filter(user=cast.panel_member).exists():
        return
    memberships.add_member(review, by=cast.officer, user=cast.panel_member, role="panel_member", agency=cast.police)


def answers_for(node: str) -> dict[str, Any]:
    return {"statement": "I never worked for them."} if node == "declare_independence" else {}


def test_the_table_has_every_task_and_no_other() -> None:
    tasks = {node.name for flow in FLOWS.values() for node in flow.instance.nodes() if isinstance(node, StepNode)}
    assert tasks == set(MAY)


@pytest.mark.parametrize("node", MAY)
def test_only_those_of_the_table_may_do_it(cast: Cast, node: str) -> None:
    step = step_for(node, cast)
    everybody_on_it(step.review, cast)
    may = {name for name in STANDING if engine.may_do(getattr(cast, name), step)}
    assert may == MAY[node]
    for name in set(STANDING) - MAY[node]:
        lines = AuditEntry.objects.count()
        with pytest.raises(Refused):
            engine.complete(step, by=getattr(cast, name), **answers_for(node))
        assert AuditEntry.objects.count() == lines + 1
        assert AuditEntry.objects.latest("seq").event == "access.refused"
    assert Step.objects.get(pk=step.pk).is_open
