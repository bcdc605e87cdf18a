"""Hypothesis walks whole reviews, well and badly, and compares each step with the model."""

from __future__ import annotations

from contextlib import ExitStack, nullcontext
from copy import deepcopy
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from chairs.appointing import appoint_another, make_lead, stand_down, standing_appointments
from dhr import clock
from dhr.access import grants
from dhr.accounts.models import Notice
from dhr.audit.models import AuditEntry
from dhr.audit.verify import verify
from dhr.reviews import actions, memberships
from dhr.reviews.models import Action, Commission, Membership, Review
from dhr.reviews.models.facts import Credit, Fact
from dhr.usecase import AlreadyDone, NotYet
from tests import build
from tests.cast import STANDING, make_cast
from workflows import engine, pausing, starting, undoing
from workflows.models import Step

from .model import TASKS, WHILE_SUSPENDED, Model, Request
from .walk import POSSIBLE_CHAIRS, SECRET, SENT_BACK, Walk, drawing, rolled_back

CANARIES = ("canary", *build.CANARY_NAME.lower().split())
STARTS = (
    *("scope_with_agencies", "decide", "appoint_chairs", "wait_for_declarations", "wait_for_declarations"),
    *("agree_terms", "upload_draft", "fact_check", "record_answer", "complete_action_plan"),
    *("sign_off", "sign_off", "sign_off"),  # from here the most can go back
)
DATA = st.data()


def seldom(data: st.DataObject) -> bool:
    return bool(data.draw(st.integers(0, 7)) == 7)


class WholeReview(Walk, RuleBasedStateMachine):
    """One review, and the model of it. Everything happens inside one block that is rolled back at the end."""

    def __init__(self) -> None:
        super().__init__()
        self.block = ExitStack()
        self.block.enter_context(rolled_back())
        self.model, self.seen, self.noticed, self.believed, self.turn = Model(), 0, 0, -1, 0

    def teardown(self) -> None:
        try:
            verdict = verify()
            assert verdict.whole, verdict.sentence
        finally:
            self.block.close()

    @initialize(data=DATA, start=st.sampled_from(STARTS), sent_back=st.booleans(), busy=st.booleans())
    def notify(self, data: st.DataObject, start: str, sent_back: bool, busy: bool) -> None:
        """A review that has come so far; perhaps with requests and actions open, perhaps sent back once."""
        self.key = build.notify(self.cast).pk
        while start not in self.model.path.open:
            if self.model.can_be_done:
                node = self.model.can_be_done[0]
                self.do(node, self.model.people(*TASKS[node][1])[0], self.given(node))
            else:
                self.declare(next(who for who, one in self.model.appointed.items() if not one.declared))
        if sent_back and start in SENT_BACK:
            self.do(start, self.model.people(*TASKS[start][1])[0], self.given(start) | SENT_BACK[start])
        if busy:
            self.ask_an_agency(drawing(data))
            self.plan_an_action(drawing(data))

    # ---- forward
    def forward(self, data: st.DataObject) -> None:
        if not self.model.can_be_done:
            return
        draw = drawing(data)
        node = draw(self.model.can_be_done)
        if who := self.one_of(draw, *TASKS[node][1]):
            self.do(node, who, self.given(node, draw))

    # several times over, because Hypothesis chooses evenly among rules and most days bring a review a step forward
    one_task = rule(data=DATA)(forward)
    the_next_task = rule(data=DATA)(forward)
    one_more_task = rule(data=DATA)(forward)
    and_another_task = rule(data=DATA)(forward)

    @rule(data=DATA)
    def record_it_for_somebody_else(self, data: st.DataObject) -> None:
        """With the paper that shows it, always; without, where the task is not a weighty one."""
        draw, model = drawing(data), self.model
        ready = [node for node in model.can_be_done if TASKS[node][1] != {"officer"}]
        if not ready:
            return
        node = draw(ready)
        who = self.one_of(draw, *TASKS[node][1])
        if not who:
            return
        officer = model.people("officer")[0]
        shown = draw([True, False])
        evidence = build.paper(self.review, self.officer, title=build.CANARY_TITLE).pk if shown else None
        credit = Credit(
            done_by=self.person(who),
            recorded_by=self.person(officer),
            done_on=clock.today() - timedelta(days=draw([0, 3])),
            how=draw(["meeting", "email"]),
            evidence=evidence,
        )
        given = self.given(node, draw)
        if node in {"decide", "sign_off"} and not shown:
            self.is_impossible(NotYet, lambda: self.complete(node, officer, given, credit=credit))
        else:
            self.do(node, officer, given, credit=credit)

    # ---- what is answered with a sentence
    @rule(data=DATA)
    def somebody_else_tries(self, data: st.DataObject) -> None:
        if self.model.can_be_done:
            node = data.draw(st.sampled_from(self.model.can_be_done))
            who = data.draw(st.sampled_from([name for name in STANDING if not self.model.may(name, node)]))
            step = build.step_of(self.review, node)
            self.is_refused(lambda: engine.complete(step, by=self.person(who)))

    @rule(data=DATA)
    def a_finished_task_is_sent_again(self, data: st.DataObject) -> None:
        closed = Step.objects.select_related("task", "review").filter(review=self.key, closed_at__isnull=False)
        if found := list(closed):
            step, who = data.draw(st.sampled_from(found)), data.draw(st.sampled_from(list(STANDING)))
            self.is_impossible(AlreadyDone, lambda: engine.complete(step, by=self.person(who)))

    @rule(data=DATA)
    def a_day_cannot_be(self, data: st.DataObject) -> None:
        draw, officer = drawing(data), self.officer
        tomorrow, yesterday = clock.today() + timedelta(days=1), clock.today() - timedelta(days=1)
        if node := draw([*self.model.can_be_done, ""]):
            who = self.one_of(draw, *TASKS[node][1])
            credit = Credit(
                done_by=self.person(who or "stranger"), recorded_by=self.person(who or "stranger"), done_on=tomorrow
            )
            step = build.step_of(self.review, node)
            self.is_impossible(ValidationError, lambda: engine.complete(step, by=credit.done_by, credit=credit))
        elif not self.model.ended:
            ask = {"agency": self.cast.police, "kind": "imr", "due_on": yesterday}
            self.is_impossible(ValidationError, lambda: starting.ask_agency(self.review, by=officer, **ask))

    @precondition(lambda self: self.model.suspended)
    @rule(data=DATA)
    def a_suspended_review_stands_still(self, data: st.DataObject) -> None:
        if waiting := sorted(self.model.path.open - WHILE_SUSPENDED - {"wait_for_declarations"}):
            step = build.step_of(self.review, data.draw(st.sampled_from(waiting)))
            self.is_impossible(NotYet, lambda: engine.complete(step, by=self.officer))

    # ---- steering
    @rule()
    def suspend_or_resume(self) -> None:
        model, officer = self.model, self.officer
        reason = {"by": officer, "reason": SECRET}
        if model.ended or model.suspended:
            self.is_impossible(NotYet, lambda: pausing.suspend(self.review, code="inquest", **reason))
        if model.suspended:
            self.changes(lambda: pausing.resume(self.review, **reason))
            model.suspended = False
        elif not model.ended:
            self.is_impossible(NotYet, lambda: pausing.resume(self.review, **reason))
            self.is_refused(
                lambda: pausing.suspend(self.review, code="inquest", **reason | {"by": self.person("auditor")})
            )
            self.changes(lambda: pausing.suspend(self.review, code="inquest", **reason))
            model.suspended = True

    @rule()
    def undo_the_latest_step(self) -> None:
        self.try_to_undo()

    def try_to_undo(self) -> None:
        model = self.model
        done = (
            Step.objects.select_related("task", "review").filter(review=self.key, is_main=True, undone_at=None).done()
        )
        latest = done.order_by("done_at", "pk").last()
        if latest is None:
            return
        assert latest.node == model.done[-1][0]

        def undo() -> Any:
            return undoing.undo_step(latest, by=self.officer, reason=SECRET)

        if not model.may_undo():
            self.is_impossible(NotYet, undo)
            return
        reopened = self.changes(undo)
        assert reopened.node == model.undo()
        assert not any(kind.objects.standing().filter(step=latest.pk).exists() for kind in Fact.__subclasses__())

    @rule(data=DATA)
    def give_a_task_to_somebody(self, data: st.DataObject) -> None:
        if not self.model.can_be_done:
            return
        draw = drawing(data)
        step = build.step_of(self.review, draw(self.model.can_be_done))
        who = draw(list(STANDING))

        def reassign() -> None:
            engine.reassign(step, by=self.officer, to=self.person(who), reason=SECRET)

        if self.model.may(who, step.node):
            self.changes(reassign)
        else:
            self.is_impossible(NotYet, reassign)

    @rule(data=DATA)
    def cancel(self, data: st.DataObject) -> None:
        """For good, with every task withdrawn and no way back. Mostly only tried, so that the walk goes on."""
        if self.model.ended:
            self.is_impossible(NotYet, lambda: engine.cancel_review(self.review, by=self.officer, reason=SECRET))
            return
        kept = deepcopy(self.model), self.seen, self.noticed
        with nullcontext() if seldom(data) else rolled_back() as only_tried:
            self.changes(lambda: engine.cancel_review(self.review, by=self.officer, reason=SECRET))
            self.model.cancelled, self.model.suspended = True, False
            self.try_to_undo()
            self.the_path_is_where_the_model_says()
        if only_tried:
            self.model, self.seen, self.noticed = kept

    # ---- beside the path: possible at any stage, also while suspended
    @precondition(lambda self: not self.model.ended)
    @rule(data=DATA)
    def an_agency(self, data: st.DataObject) -> None:
        draw, requests = drawing(data), self.model.requests
        going = [key for key, request in requests.items() if request.state in {"asked", "returned"}]
        what = draw(["ask", "answer", "settle"]) if going else "ask"
        if what == "ask":
            self.ask_an_agency(draw)
        elif what == "answer":
            self.answer_a_request(draw, draw(going))
        else:
            key, withdrawn = draw(going), draw([True, False])
            commission = Commission.objects.select_related("review", "agency").get(pk=key)
            self.changes(lambda: starting.settle_without_return(commission, by=self.officer, withdrawn=withdrawn))
            requests[key] = Request(requests[key].kind, "settled")

    @precondition(lambda self: not self.model.ended)
    @rule(data=DATA)
    def an_action(self, data: st.DataObject) -> None:
        draw, plan = drawing(data), self.model.actions
        still_open = [key for key, one in plan.items() if not one.settled]
        if still_open and draw([True, True, False]):
            key = draw(still_open)
            action = Action.objects.select_related("review").get(pk=key)
            by = self.person(plan[key].owner) if plan[key].owner else self.officer
            self.is_refused(
                lambda: actions.record_action_progress(action, by=self.person("auditor"), status="done", note="x")
            )
            self.changes(lambda: actions.record_action_progress(action, by=by, status="done", note=SECRET))
            plan[key].settled = True
        elif len(plan) < 3:
            self.plan_an_action(draw)

    @rule(data=DATA)
    def a_paper(self, data: st.DataObject) -> None:
        who = data.draw(st.sampled_from(list(STANDING)))
        may_file = who in self.model.people(*("officer", "lead_chair", "chair", "report_author", "panel_member"))
        review, by = self.review, self.person(who)
        (self.changes if may_file else self.is_refused)(lambda: build.paper(review, by, title=build.CANARY_TITLE))

    @rule(data=DATA)
    def a_task_beside_the_path(self, data: st.DataObject) -> None:
        if self.model.cancelled or not self.model.beside:  # they may outlive the path
            return
        node = data.draw(st.sampled_from(sorted(self.model.beside)))
        [step], given = self.side_steps(node), {}
        if node == "send_commissioners_copy":
            given = {"document": build.paper(self.review, self.officer).pk, "version": 1, "address": "Commissioner"}
        self.is_refused(lambda: engine.complete(step, by=self.person("board_chair"), **given))
        self.changes(lambda: engine.complete(step, by=self.officer, **given))
        self.model.beside.remove(node)

    # ---- people
    @precondition(lambda self: not self.model.ended and self.model.appointed)
    @rule(data=DATA)
    def somebody_declares(self, data: st.DataObject) -> None:
        waiting = [who for who, one in self.model.appointed.items() if not one.declared]
        if waiting:
            self.declare(data.draw(st.sampled_from(waiting)))

    @precondition(lambda self: not self.model.ended and self.model.appointed)
    @rule(data=DATA)
    def a_chair_stands_down_or_leads(self, data: st.DataObject) -> None:
        draw, model = drawing(data), self.model
        who = draw(sorted(model.appointed))
        appointment = standing_appointments(self.review).get(user=self.person(who))
        if model.appointed[who].role == "chair" and draw([True, False]):
            self.changes(lambda: make_lead(appointment, by=self.officer))
            model.make_lead(who)
        elif seldom(data) or ("wait_for_declarations" in model.path.open and draw([True, False])):
            self.changes(lambda: stand_down(appointment, by=self.officer, reason=SECRET))
            model.stand_down(who)

    @precondition(lambda self: not self.model.ended and "appoint_chairs" in {node for node, _ in self.model.done})
    @rule(data=DATA)
    def another_chair_is_appointed(self, data: st.DataObject) -> None:
        model = self.model
        led = any(one.role == "lead_chair" for one in model.appointed.values())
        free = [who for who in POSSIBLE_CHAIRS if who not in model.appointed]
        if not free or (led and not seldom(data)):
            return
        who, role = data.draw(st.sampled_from(free)), "chair" if led else "lead_chair"
        chair = build.chair_profile(self.cast, self.person(who))
        self.changes(lambda: appoint_another(self.review, by=self.officer, chair=chair, role=role))
        model.appoint(who, role, by_the_step=False)

    @rule(data=DATA)
    def officers_change(self, data: st.DataObject) -> None:
        model, cast = self.model, self.cast
        both = model.people("officer")
        if len(both) == 2:
            leaver = data.draw(st.sampled_from(both))
            held = Membership.objects.current().get(review=self.key, role="officer", user=self.person(leaver))
            self.changes(
                lambda: memberships.end_membership(self.review, by=self.officer, membership=held, reason="Moved on.")
            )
            model.joined.discard((leaver, "officer"))
        elif data.draw(st.booleans()):
            new = "second_officer" if both == ["officer"] else "officer"
            self.changes(
                lambda: memberships.add_member(self.review, by=self.officer, user=self.person(new), role="officer")
            )
            model.joined.add((new, "officer"))
        else:
            held = Membership.objects.current().get(review=self.key, role="officer")
            self.is_impossible(
                NotYet,
                lambda: memberships.end_membership(self.review, by=self.officer, membership=held, reason="Moved on."),
            )
            absent, to = held.user, self.person("second_officer" if both == ["officer"] else "officer")
            hand = {"by": self.person("team_manager"), "absent": absent, "to": to, "reason": "Long leave."}
            self.changes(lambda: memberships.hand_over_reviews(cast.partnership, **hand))
            model.joined = model.joined - {(both[0], "officer")} | {(self.name_of(to), "officer")}

    # ---- what always holds
    @invariant()
    def the_path_is_where_the_model_says(self) -> None:
        if not hasattr(self, "key"):
            return
        model, review = self.model, self.review
        open_tasks = Step.objects.filter(review=self.key).open().values_list("node", "is_main")
        assert sorted(node for node, main in open_tasks if main) == ([] if model.ended else sorted(model.path.open))
        assert sorted(node for node, main in open_tasks if not main) == model.side_tasks
        assert review.stage == model.stage
        assert (review.is_suspended, review.is_open) == (model.suspended, not model.ended)
        assert review.ending == ("cancelled" if model.cancelled else model.path.ending)
        assert (review.number is not None) == model.path.numbered

    @invariant()
    def everybody_sees_what_their_role_says(self) -> None:
        if not hasattr(self, "key") or self.believed == grants.writes():
            return
        self.believed, review = grants.writes(), self.review
        today = Membership.objects.current().filter(review=self.key).values_list("user_id", "role")
        assert set(today) == {(getattr(self.cast, who).pk, role) for who, role in self.model.members}
        self.turn += 1
        for place, who in enumerate(STANDING):
            user, sees = self.person(who), self.model.sees(who)
            assert user.has_perm("reviews.view_review", review) == sees, who
            if (
                place % 3 == self.turn % 3
            ):  # the list asks a query of its own: by turns, and test_visible_means_may for all
                assert Review.objects.visible_to(user, "reviews.view_review").exists() == sees, who

    @invariant()
    def the_log_is_gapless_and_says_nothing_sealed(self) -> None:
        new = list(AuditEntry.objects.filter(seq__gt=self.seen).order_by("seq").values())
        assert [line["seq"] for line in new] == list(range(self.seen + 1, self.seen + len(new) + 1))
        self.seen += len(new)
        notices = list(Notice.objects.filter(pk__gt=self.noticed).order_by("pk").values())
        self.noticed = notices[-1]["id"] if notices else self.noticed
        said = repr([new, notices]).lower()
        assert not [canary for canary in CANARIES if canary in said]


def test_a_whole_review_goes_as_the_model_says(db: None) -> None:
    WholeReview.cast = make_cast()
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
    checks = [*slow, HealthCheck.filter_too_much, HealthCheck.large_base_example]
    run_state_machine_as_test(WholeReview, settings=settings(suppress_health_check=checks))
