"""What is done beside a review's tasks: names, family, learning, meetings, requests to agencies, actions, pauses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from dhr.reviews.models import Action, Commission, Relative, SealedIdentity

from .walk import Walk


def walk(it: Walk) -> None:
    for chapter in (names, family, account, requests, actions, pauses):
        chapter(it)


def names(it: Walk) -> None:
    """A real name typed where words stand in clear is refused; names are sealed, and revealed one by one."""
    officer, review = it.people.officer, it.review
    named = it.word("record-notification: deceased")
    it.send(officer, "choose-pseudonym", review.pk, pseudonym=named, expect=(422,))
    it.send(officer, "choose-pseudonym", review.pk, pseudonym="Person A")
    it.send(
        officer,
        "add-name",
        review.pk,
        kind="child",
        pseudonym="Child C",
        date_of_birth=it.browsers.canaries.born.isoformat(),
    )
    for identity in SealedIdentity.objects.filter(review=review):
        it.browsers.post(officer, "reveal-name", review.pk, identity.pk, expect=(200,))


def family(it: Walk) -> None:
    officer, review = it.people.officer, it.review
    it.send(officer, "add-relative", review.pk, known_as="Mother of Person A", wants_contact="yes", has_advocate="no")
    relative = Relative.objects.get(review=review)
    it.send(officer, "add-contact", review.pk, relative.pk, expect=(422,))
    it.send(officer, "add-contact", review.pk, relative.pk, on=it.today)
    it.send(officer, "change-wishes", review.pk, relative.pk)
    it.task(officer, "keep_in_touch", press="save")


def account(it: Walk) -> None:
    lead, review = it.people.lead_chair, it.review
    it.send(lead, "add-learning", review.pk)
    it.send(lead, "add-panel-meeting", review.pk, on=it.today, kind="first")
    it.task(it.people.officer, "share_early_learning")


def requests(it: Walk) -> None:
    """One agency returns an account and signs it, one knew nobody, and one request is withdrawn."""
    who = it.people
    asked = [
        _asked(it, who.hospital, "imr"),
        _asked(it, who.refuge, "chronology"),
        _asked(it, who.police, "short_report"),
    ]
    for person in (who.officer, who.agency_author, who.agency_signatory):
        it.read(person, "request", asked[0].pk)
    step = it.step("return_account", subject=asked[0].pk)
    paper = {"returned": "account", "evidence_file": it.pdf("task return_account")}
    it.task(who.agency_author, "return_account", step=step, press="save", **paper)
    it.task(who.agency_author, "return_account", step=step, **paper)
    it.task(who.agency_signatory, "sign_account", step=it.step("sign_account", subject=asked[0].pk), read="on")
    nothing = it.step("return_account", subject=asked[1].pk)
    it.task(who.agency_author, "return_account", step=nothing, returned="nil")
    it.browsers.get(who.officer, "task-typed", nothing.pk, expect=(302,))
    it.send(who.officer, "settle-request", asked[2].pk, outcome="withdrawn")


def _asked(it: Walk, agency: Any, kind: str) -> Commission:
    who = it.people
    people = {"author": who.agency_author.email, "signatory": who.agency_signatory.email}
    it.send(who.officer, "ask-agency", it.review.pk, agency=str(agency.pk), kind=kind, **people)
    found: Commission = Commission.objects.get(review=it.review, agency=agency, kind=kind)
    return found


def actions(it: Walk) -> None:
    who, review = it.people, it.review
    owner = who.agency_author
    about = {"scope": "local", "lead_agency": str(who.hospital.pk), "owner": owner.email}
    it.send(
        who.officer,
        "add-action",
        review.pk,
        monitored_by=it.word("record-notification: deceased"),
        expect=(422,),
        **about,
    )
    it.send(who.officer, "add-action", review.pk, **about)
    action = Action.objects.get(review=review)
    it.send(who.officer, "assign-action", review.pk, action.pk, due_on=it.today + timedelta(days=40))
    it.send(owner, "action", action.pk, status="done")
    it.read(owner, "action", action.pk)


def pauses(it: Walk) -> None:
    officer, review = it.people.officer, it.review
    it.send(officer, "suspend", review.pk, code="inquest", look_again_on=it.today + timedelta(days=30))
    it.send(officer, "resume", review.pk)
