"""The core of the work with scripts switched off: a locked-down council computer is no reason to wait."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from dhr import clock
from dhr.reviews.models import Review
from tests.build import review_at
from tests.cast import Cast

from .people import Person, fill_in_a_notification

Arrive = Callable[..., Person]


def test_the_browser_of_these_tests_runs_no_script(cast: Cast, arrives: Arrive) -> None:
    """Else the others would prove nothing: the first script of every page marks its body."""
    marked = "body.govuk-frontend-supported"
    without, with_scripts = arrives(cast.officer, scripts=False), arrives(cast.officer)
    for person in (without, with_scripts):
        person.goes_to("your-work", reads="Your work")

    expect(with_scripts.page.locator(marked)).to_have_count(1)
    expect(without.page.locator(marked)).to_have_count(0)


def test_a_notification_is_recorded(cast: Cast, arrives: Arrive) -> None:
    officer = arrives(cast.officer, scripts=False)
    officer.goes_to("record-notification", reads="Record a notification")
    officer.presses("Record the notification", reads="There is a problem")
    fill_in_a_notification(officer, name="Marigold Featherstone", circumstances="Found by a neighbour.")
    officer.presses("Record the notification", reads=f"Recorded as N-{clock.today().year}-01.")


def test_the_decision_is_taken(cast: Cast, arrives: Arrive) -> None:
    review = review_at("decide", cast)
    chair = arrives(cast.board_chair, scripts=False)
    chair.goes_on("Decide whether to hold a review")
    chair.chooses("What is decided?", "More information is needed first")
    chair.presses("Record the decision", reads="Say by when the information is needed.")
    chair.chooses("What is decided?", "Hold a review")
    chair.writes("Reasons for the decision", "The criteria are met.")
    chair.presses("Record the decision", reads="Done: Decide whether to hold a review.")

    review.refresh_from_db()
    assert review.reference == "DHR1"


def test_a_version_of_the_report_is_uploaded(cast: Cast, arrives: Arrive) -> None:
    review_at("upload_draft", cast)
    lead = arrives(cast.lead_chair, scripts=False)
    lead.goes_on("Upload a version of the report")
    lead.presses("Upload the version", reads="Choose the file of the report.")
    lead.attaches("upload", "overview.pdf")
    lead.presses("Upload the version", reads="Done: Upload a version of the report.")


def test_a_paper_is_filed(cast: Cast, arrives: Arrive) -> None:
    review = review_at("decide", cast)
    officer = arrives(cast.officer, scripts=False)
    officer.goes_to("review-documents", review.pk, reads="Documents")
    officer.opens("File a paper", reads="Titles are not sealed")
    officer.attaches("file", "minutes.pdf")
    officer.writes("Title", "Minutes of the board")
    officer.presses("Upload and seal", reads="Choose what kind of document it is.")
    officer.reads("minutes.pdf", "is sealed and kept")
    officer.picks("What is it?", "Minute of the board")
    officer.presses("Upload and seal", reads="Sealed. Fingerprint")


def test_the_list_of_reviews_is_narrowed(cast: Cast, arrives: Arrive) -> None:
    early, later = review_at("scope_with_agencies", cast), review_at("agree_terms", cast)
    officer = arrives(cast.officer, scripts=False)
    officer.goes_to("reviews", reads="2 reviews")
    officer.reads(early.reference, later.reference)
    officer.ticks("Panel")
    officer.presses("Show", reads="1 review.")
    officer.reads(later.reference)
    officer.does_not_read(early.reference)

    assert Review.objects.count() == 2
