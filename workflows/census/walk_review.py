"""One review from notification to close: every task's form, and what is done about tasks (kept, undone, given away)."""

from __future__ import annotations

from datetime import timedelta

from dhr.reviews.models import Review
from workflows.models import SavedAnswers, Step

from .walk import Answers, Walk

TOLD = {"channel": "email", "death_date_kind": "not_known", "manner": "homicide", "relationship": "intimate"}


def walk(it: Walk) -> None:
    for chapter in (notification, scoping, decision, telling, chairs, panel, drafting, home_office, publication):
        chapter(it)


def notification(it: Walk) -> None:
    """Refused, kept for later, read again, recorded, and corrected."""
    officer = it.people.officer
    told = {**TOLD, "notified_on": it.today - timedelta(days=3), "born_on": it.browsers.canaries.born}
    it.send(officer, "record-notification", expect=(422,), **told)
    it.send(officer, "record-notification", press="save", **told, media_interest="no")
    it.read(officer, "record-notification")
    it.send(officer, "record-notification", press="discard")
    it.send(officer, "record-notification", **told, media_interest="no")
    it.review = Review.objects.latest("notified_on")
    it.send(officer, "correct-notification", it.review.pk)


def scoping(it: Walk) -> None:
    """Kept for later, done, undone, and done again."""
    officer = it.people.officer
    it.task(officer, "scope_with_agencies", press="save")
    it.browsers.get(officer, "task", it.step("scope_with_agencies").pk)
    it.task(officer, "scope_with_agencies", expect=(422,))
    step = it.step("scope_with_agencies")
    it.task(officer, "scope_with_agencies", scoped="yes")
    it.send(officer, "undo", it.review.pk, step.pk)
    it.task(officer, "scope_with_agencies", scoped="no")


def decision(it: Walk) -> None:
    """More information first; then recorded for the chair of the board, and confirmed by a second officer."""
    who = it.people
    member = {"role": "officer", "email": who.second_officer.email}
    it.send(who.officer, "add-member", it.review.pk, **member)
    it.task(who.board_chair, "decide", outcome="more_information", answer_due_on=it.today + timedelta(days=5))
    step = it.step("gather_information")
    it.send(who.officer, "reassign", it.review.pk, step.pk, to=str(who.second_officer.pk))
    it.task(who.second_officer, "gather_information", scoped="yes")
    _too_late(it, step)
    recorded = {"done_by": str(who.board_chair.pk), "done_on": it.today, "how": "meeting", "outcome": "review"}
    recorded |= {"criteria": ["aged_16", "violence", "connected"], "confirm_by": str(who.second_officer.pk)}
    it.task(who.officer, "decide", **recorded)
    _confirm(it, decline="")
    it.task(who.officer, "decide", **recorded)
    _confirm(it)
    it.review.refresh_from_db()


def _too_late(it: Walk, step: Step) -> None:
    """Somebody else was first: what was typed is kept, read, and thrown away."""
    officer, door = it.people.officer, "task gather_information, too late"
    typed = {"scoped": "yes", "learned": it.word(f"{door}: learned")}
    it.browsers.post(officer, "task", step.pk, data=typed, door=door, expect=(409,))
    it.read(officer, "task-typed", step.pk)
    it.browsers.post(officer, "task-typed", step.pk)


def _confirm(it: Walk, **pressed: str) -> None:
    waiting = SavedAnswers.objects.filter(review=it.review, confirm_by__isnull=False).latest("saved_at")
    person = it.people.second_officer
    it.read(person, "confirm", waiting.pk)
    it.browsers.post(person, "confirm", waiting.pk, data=pressed)


def telling(it: Walk) -> None:
    it.task(it.people.officer, "tell_home_office", how="email")
    it.task(it.people.officer, "tell_family", how="phone", was_possible="no")


def chairs(it: Walk) -> None:
    """Three are appointed and declare; the third on the page of the appointment itself."""
    who = it.people
    for person in (who.lead_chair, who.second_chair, who.third_chair, who.author):
        given = {"services": "both", "stage": "available", "source": "network", "max_live": "3", "name": person.name}
        it.send(who.officer, "add-chair", user=str(person.pk), **given)
    entry = {
        person.pk: str(person.register_entries.get().pk) for person in (who.lead_chair, who.second_chair, who.author)
    }
    rows = zip(entry.values(), ("lead_chair", "chair", "report_author"), strict=True)
    chosen: Answers = {
        f"{box}_{n}": value for n, row in enumerate(rows, 1) for box, value in zip(("chair", "role"), row, strict=True)
    }
    it.task(who.officer, "appoint_chairs", **chosen)
    for person in (who.lead_chair, who.author):
        it.task(person, "declare_independence", step=_declaration(it, person))
    own = it.review.appointment_set.get(user=who.second_chair)
    it.send(who.second_chair, "appointment", own.pk, agreed="on")


def _declaration(it: Walk, person: object) -> Step:
    own = it.review.appointment_set.get(user=person)
    return it.step("declare_independence", subject=own.pk)


def panel(it: Walk) -> None:
    who = it.people
    member: Answers = {"person_1": str(who.panel_member.pk), "agency_1": str(who.police.pk)}
    it.task(who.officer, "convene_panel", press="add_row", expect=(200,), **member)
    it.task(who.officer, "convene_panel", **member)
    it.task(who.lead_chair, "agree_terms")
    it.task(who.lead_chair, "open_drafting")


def drafting(it: Walk) -> None:
    """The panel sends it back, then a check does, then the board does."""
    who = it.people
    it.until("agree_draft")
    it.task(who.lead_chair, "agree_draft", agreed="no")
    it.until("fact_check")
    it.task(who.officer, "fact_check", result="changes")
    it.until("sign_off")
    it.task(who.board_chair, "sign_off", signed_off="no")
    it.until("submit_to_home_office")


def home_office(it: Walk) -> None:
    """The pack leaves; changes are asked for; then it may be published."""
    who = it.people
    it.browsers.post(who.officer, "pack", it.review.pk, expect=(200,))
    it.until("record_answer")
    letter = {"letter_on": it.today, "evidence_file": it.pdf("task record_answer")}
    it.task(who.officer, "record_answer", answer="publish_after_changes", **letter)
    it.task(who.officer, "plan_changes", board_sees_it_again="no")
    if it.until("record_answer", "decide_publication") == "record_answer":
        it.task(who.officer, "record_answer", answer="publish", **letter)


def publication(it: Walk) -> None:
    who = it.people
    it.task(who.officer, "decide_publication", published="executive_summary")
    it.task(who.officer, "publish", address="https://www.example.org/reviews")
    if it.is_open("send_commissioners_copy"):
        it.task(who.officer, "send_commissioners_copy", how="email")
