"""The action plan: added at any stage, followed for years, each action's owner seeing only that action."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max

from dhr import clock
from dhr.access.roles import Role
from dhr.usecase import NotYet, ask, record, use_case

from . import memberships
from .identities import check_words
from .law.deadlines import due_on as due_on_under
from .models import Action, ActionProgress, Agency, Membership, Review
from .models.facts import Credit
from .recording import step, told
from .vocabulary import ActionStatus


@use_case("reviews.manage_action")
def add_action(
    review: Review,
    *,
    by: Any,
    recommendation: str = "",
    text: str,
    scope: str,
    lead_agency: Agency,
    owner: Any = None,
    due_on: date | None = None,
    monitored_by: str = "",
    names_checked: bool = False,
) -> Action:
    """An action of the plan, or one that follows from early learning and begins at once."""
    check_words(review, names_checked=names_checked, monitored_by=monitored_by)
    last = Action.objects.filter(review=review).aggregate(last=Max("number"))["last"] or 0
    action = Action(
        review=review,
        number=last + 1,
        recommendation=recommendation,
        text=text,
        scope=scope,
        lead_agency=lead_agency,
        owner=owner,
        due_on=due_on,
        monitored_by=monitored_by,
        recorded_at=clock.now(),
    )
    action.save()
    memberships.sync_object(action)
    if owner is not None:
        memberships.join(review, owner, Role.ACTION_OWNER, action=action, agency=lead_agency)
    record("action.added", action, action=action.number, due_on=due_on)
    return action


@use_case("reviews.manage_action")
def assign_action(
    review: Review,
    *,
    by: Any,
    action: Action,
    owner: Any,
    due_on: date | None,
    monitored_by: str = "",
    names_checked: bool = False,
) -> None:
    """Give an action to another owner, move its date, or let another named body monitor it."""
    if action.review_id != review.pk:
        raise NotYet("That action belongs to another review.")
    if monitored_by != action.monitored_by:
        check_words(review, names_checked=names_checked, monitored_by=monitored_by)
    if owner != action.owner:
        for membership in Membership.objects.current().filter(action=action):
            memberships.leave(membership)
        if owner is not None:
            memberships.join(review, owner, Role.ACTION_OWNER, action=action, agency=action.lead_agency)
    moved_from = action.due_on
    action.owner, action.due_on, action.monitored_by = owner, due_on, monitored_by
    action.save()
    record(
        "action.moved" if moved_from != due_on else "action.updated",
        action,
        action=action.number,
        from_on=moved_from,
        to_on=due_on,
    )


@use_case(None)
def record_action_progress(action: Action, *, by: Any, status: str, note: str, evidence: Any = None) -> ActionProgress:
    """What has been done, by the action's owner or the officer; done is done with a sentence that says how."""
    if not by.has_perm("reviews.update_own_action", action):
        ask(by, "reviews.manage_action", action.review)
    if not note.strip():
        raise ValidationError({"note": "Say what has been done."})
    progress = ActionProgress(
        review=action.review, action=action, by=by, note=note, status=status, evidence=evidence, on=clock.today()
    )
    progress.save()
    action.status = status
    action.settled_on = None if status == ActionStatus.OPEN else clock.today()
    action.save()
    record(
        "action.completed" if status == ActionStatus.DONE else "action.updated",
        action,
        action=action.number,
        status=status,
    )
    return progress


def last_day(review: Review) -> date:
    """The last date of the plan's open actions; where none has one, the next monitoring."""
    last: date | None = Action.objects.filter(review=review).open().aggregate(last=Max("due_on"))["last"]
    return last or due_on_under("monitoring", clock.today())


@step("reviews.manage_action")
def close_action_plan(review: Review, *, by: Any, credit: Credit) -> None:
    """Every action is done, or has moved to another plan: the review can close."""
    still_open = Action.objects.filter(review=review).open().count()
    if still_open:
        noun = "action is" if still_open == 1 else "actions are"
        raise NotYet(f"{still_open} {noun} still open. Record each as done, or as moved to another plan, then close.")
    record("action.completed", review, outcome="all settled", **told(credit))
