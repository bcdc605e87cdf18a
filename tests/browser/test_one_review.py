"""One review from notification to closure, by the people whose work it is, each in a browser of their own."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dhr import clock
from dhr.reviews.models import Review
from tests.build import chair_profile
from tests.cast import Cast

from .people import Person, fill_in_a_notification

REASONS = "The death appears to have resulted from violence by a former partner."
NAME = "Marigold Featherstone"
SUMMARY = "A neighbour telephoned the police on the Sunday evening."
ARRIVE = Callable[..., Person]


@pytest.fixture
def story(cast: Cast, arrives: ARRIVE) -> Story:
    """Before the first page: three people stand in the register of chairs."""
    for user in (cast.lead_chair, cast.second_chair, cast.author):
        chair_profile(cast, user)
    return Story(cast, arrives)


class Story:
    """Who takes part, and the review they make. Each chapter is one stage."""

    def __init__(self, cast: Cast, arrives: ARRIVE) -> None:
        self.cast, self.arrives = cast, arrives
        self.officer, self.board_chair = arrives(cast.officer), arrives(cast.board_chair)
        self.lead, self.second, self.author = (
            arrives(user) for user in (cast.lead_chair, cast.second_chair, cast.author)
        )
        self.agency_author, self.signatory = arrives(cast.agency_author), arrives(cast.agency_signatory)

    @property
    def review(self) -> Review:
        return Review.objects.get()

    def opens_the_review(self, person: Person, *words: str, section: str = "review") -> None:
        assert person.goes_to(section, self.review.pk) == 200
        person.reads(*words)

    def is_nobodys_business(self, person: Person) -> None:
        """For who has no part in it, the review does not exist."""
        for section in ("review", "review-details", "review-documents", "review-people", "review-history"):
            assert person.goes_to(section, self.review.pk) == 404
            person.does_not_read(self.review.reference)

    # ---- notification and decision

    def notification(self) -> None:
        officer = self.officer
        officer.goes_to("your-work", reads="Your work")
        officer.opens("Record a notification", reads="Record that the partnership was told of a death.")
        officer.picks("Which agency told you?", "Testside Police")
        fill_in_a_notification(officer, name=NAME, circumstances=SUMMARY)
        officer.presses("Record the notification", reads=f"Recorded as N-{clock.today().year}-01.")
        officer.does_not_read(NAME)
        officer.opens("Next: Scope with agencies", reads="Have the agencies been asked")
        officer.chooses("Have the agencies been asked whether they knew the people?", "Yes")
        officer.writes("What did they say?", "The hospital and the refuge knew them.")
        officer.presses("Record the scoping", reads="Done: Scope with agencies. Next: Decide whether to hold a review")

    def decision(self) -> None:
        chair, officer = self.board_chair, self.officer
        self.opens_the_review(chair, SUMMARY, section="review-details")
        chair.goes_on("Decide whether to hold a review")
        chair.chooses("What is decided?", "Hold a review")
        chair.ticks("The person who died was aged 16 or over")
        chair.writes("Reasons for the decision", REASONS)
        chair.presses("Record the decision", reads="Done: Decide whether to hold a review.")
        chair.reads("DHR1")
        officer.goes_on("Tell the Home Office of the decision")
        officer.picks("How?", "By e-mail")
        officer.presses("Record that the Home Office was told", reads="Done: Tell the Home Office of the decision.")
        officer.goes_on("Tell the family of the decision")
        officer.picks("How?", "By phone")
        officer.chooses("Was the family told?", "Yes")
        officer.ticks("They were offered an advocate")
        officer.presses("Record that the family was told", reads="Next: Appoint the chair")

    # ---- chairs and panel

    def appointment(self) -> None:
        officer, cast = self.officer, self.cast
        officer.opens("Next: Appoint the chair", reads="Choose one lead chair.")
        roles = ((cast.lead_chair, "Lead chair"), (cast.second_chair, "Chair"), (cast.author, "Report author"))
        for number, (user, role) in enumerate(roles, 1):
            officer.picks(f"Person {number}", user.name)
            officer.picks(f"Role of person {number}", role)
        officer.presses("Appoint", reads="Done: Appoint the chair.")
        for person in (self.lead, self.second, self.author):
            self.is_nobodys_business(person)  # appointed, and not declared yet
            person.goes_on("Declare independence")
            person.writes("How are you independent of the agencies in this review?", "I never worked for any of them.")
            person.presses("Declare independence", reads="Done: Declare independence.")
            person.goes_to("your-work", reads="Read papers")
            person.reads("Your community safety officer (DHR1): Olive Officer, 0151 496 0456")

    def panel(self) -> None:
        officer, lead, cast = self.officer, self.lead, self.cast
        officer.goes_on("Convene the panel")
        officer.picks("Member 1", cast.panel_member.name)
        officer.picks("Agency of member 1", cast.police.name)
        officer.presses("Convene the panel", reads="Next: Agree the terms of reference (Lead chair)")
        officer.opens("Ask an agency", reads="Author and senior officer see this request and nothing else")
        officer.picks("Which agency?", cast.hospital.name)
        officer.chooses("What is it asked for?", "Individual management review (IMR)")
        officer.writes("What should it cover?", "Attendances at the emergency department.")
        officer.writes("Author’s email address", cast.agency_author.email)
        officer.writes("Senior officer’s email address", cast.agency_signatory.email)
        officer.presses("Send the request", reads="The request has been sent.")
        lead.goes_on("Agree the terms of reference")
        lead.writes("What does the review ask?", "What was known, and what was done?")
        lead.presses("Record the agreed terms", reads="Next: Open drafting (Lead chair)")
        lead.opens("Next: Open drafting", reads="Still outstanding: Individual management review (IMR)")
        lead.presses("Open drafting", reads="Next: Upload a version of the report")

    # ---- drafting

    def drafting(self) -> None:
        lead = self.lead
        lead.goes_to("your-work", reads="Upload a version")
        lead.opens("Upload a version", reads="The report")
        lead.attaches("upload", "overview.pdf")
        lead.presses("Upload the version", reads="Done: Upload a version of the report.")
        lead.goes_on("Record the panel's view of the draft")
        lead.chooses("Does the panel agree this version?", "Yes")
        lead.presses("Record the panel's view", reads="Done: Record the panel's view of the draft.")
        self._checks()

    def _checks(self) -> None:
        officer = self.officer
        for task in ("Check the facts with the agencies", "Legal and disclosure check", "Check the anonymisation"):
            officer.goes_on(task)
            officer.chooses("What did the check find?", "Done: no change needed")
            officer.presses("Record the check", reads=f"Done: {task}.")
        self.lead.goes_on("Read the draft with the family")
        self.lead.chooses("How did it go?", "The family declined")
        self.lead.presses("Record the family's reading", reads="Say why the draft was not read with the family.")
        self.lead.writes("What has to be changed, or why it was not read", "They would rather wait for the print.")
        self.lead.presses("Record the family's reading", reads="Done: Read the draft with the family.")

    def return_of_the_agency(self) -> None:
        """The board cannot sign off before it; the agency's people see their own request and nothing else."""
        author, signatory = self.agency_author, self.signatory
        self.opens_the_review(self.board_chair, "Board sign-off: Waits for Individual management review (IMR)")
        for person in (author, signatory):
            self.is_nobodys_business(person)
        author.goes_to("your-work", reads="Requests to your agency")
        author.opens("Individual management review (IMR)", reads="Attendances at the emergency department.")
        author.opens("Next: Return the agency's account", reads="What does your agency return?")
        author.chooses("What does your agency return?", "Our account")
        author.attaches("evidence_file", "imr.pdf")
        author.presses("Return it", reads="Done: Return the agency's account.")
        signatory.goes_on("Sign the agency's account")
        signatory.ticks("I have read the account and sign it for the agency")
        signatory.presses("Sign the account", reads="Done: Sign the agency's account.")

    def sign_off(self) -> None:
        chair = self.board_chair
        chair.goes_on("Board sign-off")
        chair.chooses("Does the board sign the report off?", "Yes")
        chair.writes("Reference of the minute", "SST 12")
        chair.presses("Record the board's decision", reads="Next: Prepare the Home Office pack")

    # ---- Home Office, publication, actions

    def submission(self) -> None:
        officer = self.officer
        officer.goes_on("Prepare the Home Office pack")
        for item in ("Executive summary", "Action plan", "Data form", "Cover note"):
            officer.page.locator("select", has_text="Not needed").and_(
                officer.page.get_by_label(item, exact=True)
            ).select_option(label="Not needed")
        officer.writes("Why are the others not needed?", "The overview report holds everything.")
        officer.presses("Prepare the pack", reads="Done: Prepare the Home Office pack.")
        officer.goes_on("Submit to the Home Office")
        assert self._downloaded_pack() == {"contents.txt", "DHR1-overview-report.pdf"}
        officer.picks("How?", "By e-mail")
        officer.presses("Record the submission", reads="Choose the proof that it was sent")
        officer.attaches("evidence_file", "sent.pdf")
        officer.presses("Record the submission", reads="Done: Submit to the Home Office.")

    def _downloaded_pack(self) -> set[str]:
        with self.officer.page.expect_download() as waiting:
            self.officer.page.get_by_role("button", name="Download the Home Office pack").click()
        with zipfile.ZipFile(io.BytesIO(Path(waiting.value.path()).read_bytes())) as pack:
            return set(pack.namelist())

    def publication(self) -> None:
        officer = self.officer
        officer.goes_on("Record the Home Office's answer")
        officer.chooses("What does the Home Office say?", "Publish")
        officer.dates("Date of the letter", clock.today())
        officer.attaches("evidence_file", "letter.pdf")
        officer.presses("Record the answer", reads="Done: Record the Home Office's answer.")
        officer.goes_on("Decide how to publish")
        officer.chooses("What is published?", "Overview report and executive summary")
        officer.presses("Record the decision", reads="Done: Decide how to publish.")
        officer.goes_on("Publish")
        officer.writes("Address of the page where it is published", "https://www.example.org/reviews")
        officer.presses("Record the publication", reads="Done: Publish.")

    def action_plan(self) -> None:
        officer, cast = self.officer, self.cast
        self.opens_the_review(officer, "Action plan", section="review-actions")
        officer.opens("Add an action", reads="What is to be done.")
        officer.writes("Action", "Every ward asks about safety at home.")
        officer.chooses("Scope", "Local")
        officer.picks("Lead agency", cast.hospital.name)
        officer.writes("Owner’s email address", cast.agency_author.email)
        officer.presses("Add the action", reads="The action is on the plan.")
        officer.goes_on("Follow the action plan to its end and close")
        officer.presses("Close the review", reads="1 action is still open.")
        owner = self.agency_author
        owner.goes_to("your-work", reads="Your actions")
        owner.opens("Action 1", reads="Every ward asks about safety at home.")
        owner.chooses("Where does the action stand?", "Done")
        owner.writes("What has been done", "Asked on every ward since May.")
        owner.presses("Save progress", reads="Your note on the action has been saved.")
        self.is_nobodys_business(owner)

    def close(self) -> None:
        officer = self.officer
        officer.goes_on("Follow the action plan to its end and close")
        officer.presses("Close the review", reads="Closed: report and actions done on")
        officer.does_not_read("Steer the review")

    def log(self) -> None:
        """The auditor reads who did what, and nothing of what was read."""
        auditor = self.arrives(self.cast.auditor)
        self.is_nobodys_business(auditor)
        auditor.goes_to("access-log", reads="Access log")
        auditor.writes("Review", "DHR1")
        auditor.presses("Show", reads="Only what fits your answers, newest first.")
        told = " ".join(self._told(auditor.page))
        for sentence in TOLD:
            assert sentence in told, sentence
        for sealed in (NAME, SUMMARY, REASONS, "Attendances at the emergency department."):
            assert sealed not in told
        auditor.goes_to("access-log-verify", reads="Verify the log now")
        auditor.presses("Verify the log now", reads="The access log is whole")

    def _told(self, page: Page) -> list[str]:
        """The lines of every page of the log, newest first."""
        found = [page.locator("#entries").inner_text()]
        while page.get_by_role("link", name="Older entries").count():
            page.get_by_role("link", name="Older entries").click()
            expect(page.get_by_role("link", name="Newest entries")).to_be_visible()
            found.append(page.locator("#entries").inner_text())
        return found


TOLD = (
    "Olive Officer recorded the notification N-",
    "Stan Stranger was refused",
    "Bea Boardchair recorded the decision on DHR1",
    "Olive Officer told the Home Office of the decision on DHR1",
    "Olive Officer appointed a chair to DHR1",
    "Lena Leadchair recorded a declaration of independence for DHR1",
    "Lena Leadchair opened drafting of DHR1",
    "Ines Imr returned an agency's account for DHR1",
    "Sid Signatory signed off an agency's account for DHR1",
    "Bea Boardchair recorded the board's sign-off of DHR1",
    "Olive Officer downloaded version 1",
    "Olive Officer submitted DHR1 to the Home Office",
    "Olive Officer recorded the publication of DHR1",
    "Ines Imr completed an action of DHR1",
    "Olive Officer closed DHR1",
)


def test_a_review_goes_from_its_notification_to_its_close_as_the_different_people(story: Story) -> None:
    stranger = story.arrives(story.cast.stranger)

    story.notification()
    story.is_nobodys_business(stranger)
    story.decision()
    story.appointment()
    story.panel()
    story.drafting()
    story.return_of_the_agency()
    story.sign_off()
    story.submission()
    story.publication()
    story.action_plan()
    story.close()
    story.is_nobodys_business(stranger)
    story.log()

    assert (story.review.reference, story.review.ending) == ("DHR1", "closed")
