"""What the rules of the whole review are made of: one review, the model of it, and how a task is done on both."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import strategies as st

from dhr import clock
from dhr.access.backends import forget
from dhr.audit.models import AuditEntry, LogHead
from dhr.reviews import actions
from dhr.reviews.models import Review
from dhr.reviews.models.facts import Credit
from dhr.usecase import NotYet, Refused
from restricted_docs.models import Document
from restricted_docs.upload import take_in
from tests import build
from tests.cast import STANDING, Cast
from workflows import engine, starting
from workflows.models import Step

from .model import CHECKS, Model, Planned, Request

SECRET = "canary-of-the-reasons"
POSSIBLE_CHAIRS = ("lead_chair", "second_chair", "author", "stranger")
SENT_BACK: dict[str, dict[str, Any]] = {"sign_off": {"signed_off": False}, "record_answer": {"answer": "resubmit"}}
MADE_HERE = {"appoint_chairs", "upload_draft"}
TAKES_A_REASON = {
    *(
        "scope_with_agencies",
        "gather_information",
        "decide",
        "tell_family",
        "await_scrutiny",
        "agree_terms",
        "agree_draft",
    ),
    *CHECKS,
    *("sign_off", "prepare_pack", "record_answer", "plan_changes", "decide_publication"),
}
Draw = Callable[[Sequence[Any]], Any]


def plainly(options: Sequence[Any]) -> Any:
    """The usual answer."""
    return options[0]


def drawing(data: st.DataObject) -> Draw:
    """Whatever answer Hypothesis wants to see."""
    return lambda options: data.draw(st.sampled_from(options))


def log_size() -> int:
    head = LogHead.objects.first()
    return head.size if head else 0


@contextmanager
def rolled_back() -> Iterator[bool]:
    """A block like that of a test: use cases may open their durable transactions in it, and nothing of it stays."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]
    with block:
        try:
            yield True
        finally:
            transaction.set_rollback(True)


class Walk:
    """One review and the model of it."""

    cast: Cast
    key: UUID
    model: Model

    # ---- what the rules are made of
    @property
    def review(self) -> Review:
        return Review.objects.get(pk=self.key)

    def person(self, name: str) -> Any:
        user = getattr(self.cast, name)
        forget(user)
        return user

    def name_of(self, user: Any) -> str:
        return next(name for name in STANDING if getattr(self.cast, name) == user)

    def one_of(self, draw: Draw, *roles: str) -> str:
        found = self.model.people(*roles)
        return str(draw(found)) if found else ""

    @property
    def officer(self) -> Any:
        return self.person(self.model.people("officer")[0])

    def changes(self, act: Callable[[], Any]) -> Any:
        """It happens, and the log says so."""
        before = log_size()
        result = act()
        assert log_size() > before, "A change left no line in the log."
        return result

    def is_refused(self, act: Callable[[], Any]) -> None:
        """Refused with one line in the log; the invariants see that nothing else changed."""
        before = log_size()
        with pytest.raises(Refused):
            act()
        assert log_size() == before + 1
        assert AuditEntry.objects.latest("seq").event == "access.refused"

    def is_impossible(self, why: type[Exception], act: Callable[[], Any]) -> None:
        """Answered with a sentence, and not a trace of it is left."""
        before = log_size()
        with pytest.raises(why):
            act()
        assert log_size() == before

    # ---- answers
    def given(self, node: str, draw: Draw = plainly) -> dict[str, Any]:
        """Answers to a task: the usual way forward, or another."""
        plain = {} if node in MADE_HERE else build.WALK[node](self.review, self.cast)[1]
        drawn: dict[str, Callable[[], dict[str, Any]]] = {
            "decide": lambda: {
                "outcome": draw(["review"] * 5 + ["no_review", "more_information", "other_review", "not_our_area"]),
                "answer_due_on": clock.today(),
                "leading_review": "DHR1",
            },
            "await_scrutiny": lambda: {"answer": draw(["directed", "directed", "upheld"])},
            "appoint_chairs": lambda: {"appointments": self.appointments(draw)},
            "upload_draft": lambda: {
                "upload": self.version(),
                "lapses": draw([(), ("fact",), ("legal", "anonymisation")]),
            },
            "agree_draft": lambda: {"agreed": draw([True, True, True, False])},
            "sign_off": lambda: {"signed_off": draw([True, True, True, False])},
            "record_answer": lambda: {"answer": draw(["publish", "publish", "publish_after_changes", "resubmit"])},
            "plan_changes": lambda: {"board_sees_it_again": draw([False, True])},
            "decide_publication": lambda: {"form": draw(["full", "full", "executive_summary", "withheld"])},
            "read_with_family": lambda: {"result": draw(["declined", "not_possible", "passed"])},
            **{
                node: lambda: {"result": draw(["passed"] * 5 + ["changes"])}
                for node in set(CHECKS) - {"read_with_family"}
            },
        }
        mine = drawn[node]() if node in drawn else {}
        return plain | mine | ({"reason": SECRET} if node in TAKES_A_REASON else {})

    def appointments(self, draw: Draw) -> list[dict[str, Any]]:
        free = [who for who in POSSIBLE_CHAIRS if who not in self.model.appointed]
        led = any(one.role == "lead_chair" for one in self.model.appointed.values())
        roles = ["chair" if led else "lead_chair", *draw([("chair", "report_author"), (), ("chair",)])]
        if any(one.role == "report_author" for one in self.model.appointed.values()):
            roles = [role for role in roles if role != "report_author"]
        return [
            {"chair": build.chair_profile(self.cast, self.person(who)), "role": role, "user": self.person(who)}
            for who, role in zip(free, roles, strict=False)
        ]

    def version(self) -> Any:
        report = Document.objects.filter(review=self.key, kind="overview_report").first()
        return take_in(self.review, "overview.pdf", build.PDF, document=report)

    # ---- the path
    def complete(self, node: str, who: str, given: dict[str, Any], *, credit: Credit | None = None) -> Any:
        by = self.person(who)
        if credit is None and node in build.NEEDS_PAPER:
            evidence = build.paper(self.review, self.officer, kind=build.NEEDS_PAPER[node], title=build.CANARY_TITLE)
            credit = Credit(done_by=by, recorded_by=by, done_on=clock.today(), evidence=evidence.pk)
        return engine.complete(build.step_of(self.review, node), by=by, credit=credit, **given)

    def do(self, node: str, who: str, given: dict[str, Any], *, credit: Credit | None = None) -> None:
        """The task, by somebody whose it is, and what the model makes of it."""
        model = self.model

        def act() -> Any:
            return self.complete(node, who, given, credit=credit)

        if model.has_to_wait(node, given):
            self.is_impossible(NotYet, act)
            return
        if node == "check_anonymisation" and model.uploader == who:
            self.is_refused(act)
            return
        self.changes(act)
        model.do(node, given)
        if node == "upload_draft":
            model.uploader = who
        if node == "convene_panel":
            model.joined.add(("panel_member", "panel_member"))
        for entry in given.get("appointments", ()):
            model.appoint(self.name_of(entry["user"]), entry["role"], by_the_step=True)

    def declare(self, who: str) -> None:
        step = next(
            s for s in self.side_steps("declare_independence") if engine.subject_of(s).user_id == self.person(who).pk
        )
        self.changes(lambda: engine.complete(step, by=self.person(who), statement=SECRET))
        self.model.declare(who)

    def side_steps(self, node: str) -> list[Step]:
        return list(Step.objects.select_related("task", "review").filter(review=self.key, node=node).open())

    # ---- beside it
    def ask_an_agency(self, draw: Draw) -> None:
        people = draw([("agency_author", "agency_signatory"), ()])
        named = dict(zip(("author", "signatory"), (self.person(who) for who in people), strict=False))
        kind, agency = draw(["imr", "chronology", "scoping"]), draw([self.cast.police, self.cast.hospital])
        asked = {"by": self.officer, "agency": agency, "kind": kind, "scope": SECRET} | named
        commission = self.changes(lambda: starting.ask_agency(self.review, **asked))
        self.model.requests[commission.pk] = Request(kind, people=people)

    def answer_a_request(self, draw: Draw, key: Any) -> None:
        request = self.model.requests[key]
        author, signatory = request.people or ("", "")
        node, who = ("return_account", author) if request.state == "asked" else ("sign_account", signatory)
        step = next(step for step in self.side_steps(node) if step.subject == key)
        self.is_refused(lambda: engine.complete(step, by=self.person("panel_member")))
        if not who:
            return
        nil = node == "return_account" and draw([False, False, True])
        given = {"answer": SECRET, "nil": nil} if node == "return_account" else {}
        self.changes(lambda: engine.complete(step, by=self.person(who), **given))
        request.state = "settled" if nil or node == "sign_account" else "returned"

    def plan_an_action(self, draw: Draw) -> None:
        owner = draw(["agency_author", ""])
        facts = {"text": SECRET, "scope": "local", "lead_agency": self.cast.refuge}
        facts |= {"owner": self.person(owner)} if owner else {}
        action = self.changes(lambda: actions.add_action(self.review, by=self.officer, **facts))
        self.model.actions[action.pk] = Planned(owner)
