"""Around the reviews: the register of chairs, the board, accounts, lists and the access log."""

from __future__ import annotations

from datetime import timedelta

from chairs.models import Sounding
from dhr.accounts.models import StandingRole, User
from dhr.audit.models import AuditEntry
from dhr.board.models import AgendaItem, BoardMeeting
from restricted_docs.models import Document

from .walk import Walk

SECTIONS = ("review", "review-people", "review-documents", "review-requests", "review-process")
TELLING = ("review-details", "review-family", "review-report", "review-actions", "review-history")


def walk(it: Walk) -> None:
    for chapter in (register, board, accounts, lists, access_log):
        chapter(it)


def register(it: Walk) -> None:
    who, review = it.people, it.review
    entry = who.third_chair.register_entries.get()
    it.read(who.officer, "chair", entry.pk)
    it.send(who.officer, "edit-chair", entry.pk)
    it.read_clear(who.officer, "chairs")
    it.send(who.officer, "sound-out", review.pk, chair=str(entry.pk))
    sounding = Sounding.objects.get(review=review)
    it.send(who.officer, "record-answer", sounding.pk, answer="interested")
    it.send(who.officer, "appoint-another", review.pk, chair=str(entry.pk), role="chair")
    one = review.appointment_set.get(user=who.third_chair)
    it.send(who.officer, "appointment", one.pk, done_on=it.today, how="phone")
    it.read(who.third_chair, "appointment", one.pk)
    it.browsers.post(who.officer, "make-lead", one.pk)
    it.browsers.post(who.officer, "make-lead", review.appointment_set.get(user=who.lead_chair).pk)
    it.send(who.officer, "stand-down", one.pk)
    membership = review.membership_set.current().get(user=who.panel_member)
    it.send(who.officer, "change-dates", review.pk, membership.pk, ends_on=it.today + timedelta(days=30))
    it.send(who.officer, "end-membership", review.pk, membership.pk)


def board(it: Walk) -> None:
    """All of it is public; a real name typed there is refused."""
    who = it.people
    named = it.word("record-notification: deceased")
    for days in (20, 80):
        it.send(
            who.democratic,
            "add-meeting",
            on=it.today + timedelta(days=days),
            at="10:00",
            venue="Town Hall",
            remote="no",
        )
    meeting = BoardMeeting.objects.earliest("on")
    about = {"kind": "report", "review": str(it.review.pk), "presented_by": "Joint chairs"}
    it.send(who.democratic, "add-item", meeting.pk, title=named, expect=(422,), **about)
    it.send(who.democratic, "add-item", meeting.pk, title="Report of the joint chairs", **about)
    item = AgendaItem.objects.get(meeting=meeting)
    paper = Document.objects.get(review=it.review, kind="overview_report")
    it.send(who.officer, "document-audience", it.review.pk, paper.pk, audience="board_sign_off")
    it.send(who.officer, "put-paper", item.pk, paper=str(paper.pk), readers=[str(who.board_member.pk)])
    it.send(who.democratic, "issue-agenda", meeting.pk)
    it.send(who.democratic, "resolve", item.pk, kind="noted", text=f"That {named} be noted.", expect=(422,))
    it.send(who.democratic, "resolve", item.pk, kind="noted", text="That the report be noted.")
    it.send(who.democratic, "close-item", item.pk)
    it.read_clear(who.board_member, "meeting", meeting.pk)
    it.read_clear(who.board_member, "meetings")
    # Its day comes. By hand, because everybody would be signed out if the clock went there.
    BoardMeeting.objects.filter(pk=meeting.pk).update(on=it.today - timedelta(days=1))
    it.send(who.democratic, "confirm-minutes", meeting.pk, confirmed_on=it.today)


def accounts(it: Walk) -> None:
    """Somebody is invited, gets a role and loses it; an account ends."""
    admin = it.people.administrator
    it.send(admin, "invite", name="Ivy Invited", email="ivy@example.org")
    ivy = User.objects.get(email="ivy@example.org")
    it.send(admin, "give-role", ivy.pk, role="board_member")
    it.send(admin, "end-role", ivy.pk, StandingRole.objects.get(user=ivy).pk)
    for page in ("people", "outbox"):
        it.read_clear(admin, page)
    it.read_clear(admin, "person", ivy.pk)
    it.send(admin, "act-on-person", ivy.pk, "deactivate")


def lists(it: Walk) -> None:
    """A name looked for; the list and its file; every page of the review."""
    who, review = it.people, it.review
    it.browsers.post(who.officer, "reviews", data={"known_as": it.word("reviews: known_as")}, expect=(200,))
    it.read_clear(who.officer, "reviews")
    it.read_clear(who.officer, "reviews-download")
    it.read_clear(who.team_manager, "caseload")
    for person in (who.officer, who.board_member):
        it.read_clear(person, "board-summary")
        it.read_clear(person, "your-work")
    for name in SECTIONS:
        it.read_clear(who.officer, name, review.pk)
    for name in TELLING:
        it.read(who.lead_chair, name, review.pk)
    it.read(who.officer, "review-details", review.pk)
    it.read(who.officer, "review-family", review.pk)
    away = {"absent": str(who.second_officer.pk), "to": str(who.officer.pk)}
    it.send(who.team_manager, "hand-over", **away)


def access_log(it: Walk) -> None:
    """Its pages and its file. A name typed into a filter is refused, and not written down."""
    auditor = it.people.auditor
    typed = f"?reference={it.word('access-log: reference')}"
    it.browsers.get(auditor, "access-log", query=typed, expect=(422, 200), typed=True)
    it.browsers.get(auditor, "access-log-export", query=typed, expect=(422, 200), typed=True)
    named = {"reference": it.word("access-log-proofs: reference")}
    it.browsers.post(auditor, "access-log-proofs", data=named, expect=(422,))
    it.browsers.post(auditor, "access-log-proofs", expect=(200,), clear=True)
    it.read_clear(auditor, "access-log")
    it.read_clear(auditor, "access-log-export")
    for seq in AuditEntry.objects.order_by("-seq").values_list("seq", flat=True)[:3]:
        it.read_clear(auditor, "access-log-entry", seq)
    it.read_clear(auditor, "access-log-verify")
    it.browsers.post(auditor, "access-log-verify", expect=(200, 302, 422), clear=True)
