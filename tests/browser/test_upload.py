"""Sending a file: how far it is, who can open it, and what is said of one that cannot be taken."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from dhr.reviews.models import Review
from restricted_docs.models import Document
from tests.build import PDF, review_at
from tests.cast import Cast

from .people import Person

LARGE = PDF.replace(b"trailer", b"% " + b"x" * 3_000_000 + b"\ntrailer")
SLOW = 1_000_000  # bytes a second on the way up


@pytest.fixture
def review(cast: Cast) -> Review:
    return review_at("upload_draft", cast)


@pytest.fixture
def officer(cast: Cast, review: Review, arrives: Callable[..., Person]) -> Person:
    """At the form that files a paper, everything but the file filled in."""
    person = arrives(cast.officer)
    person.goes_to("file-document", review.pk, reads="File a document")
    person.writes("Title", "Minutes of the board")
    person.picks("What is it?", "Minute of the board")
    return person


def slow_down(person: Person) -> None:
    """A poor line: without it the file is there before anybody can read how far it is."""
    session = person.page.context.new_cdp_session(person.page)
    line = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": SLOW}
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", line)


def test_a_large_file_says_in_words_how_far_it_is_and_then_who_can_open_it(officer: Person, review: Review) -> None:
    slow_down(officer)
    officer.attaches("file", "minutes.pdf", LARGE)
    officer.page.get_by_role("button", name="Upload and seal").click()

    words = officer.page.locator(".dhr-progress [role=status]")
    expect(words).to_have_text(re.compile(r"^Sending: (25|50|75)% sent\.$"))
    expect(officer.page.locator(".dhr-progress progress")).to_be_visible()
    expect(officer.page.get_by_role("button", name="Upload and seal")).to_be_disabled()
    officer.reads("Sealed. Fingerprint", "only these 4 people can open it")
    expect(officer.page.locator(".govuk-notification-banner--success")).to_be_focused()
    for name in ("Olive Officer", "Lena Leadchair", "Cyril Chair", "Ada Author"):
        officer.reads(name)
    assert officer.page.url.endswith(f"/documents/{Document.objects.get(review=review, kind='board_minute').pk}/")


def test_a_version_is_uploaded_with_progress_from_its_task(
    cast: Cast, review: Review, arrives: Callable[..., Person]
) -> None:
    lead = arrives(cast.lead_chair)
    lead.goes_on("Upload a version of the report")
    slow_down(lead)
    lead.attaches("upload", "overview.pdf", LARGE)
    lead.page.get_by_role("button", name="Upload the version").click()

    expect(lead.page.locator(".dhr-progress [role=status]")).to_have_text(re.compile(r"^Sending: (25|50|75)% sent\.$"))
    lead.reads("Done: Upload a version of the report.")


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("minutes.exe", b"MZ" + b"\0" * 500, "This kind of file cannot be filed. Choose PDF"),
        ("minutes.pdf", b"GIF89a, and not a PDF at all", "This file is named like PDF"),
        ("minutes.pdf", b"", "The file is empty. Choose another file."),
        ("minutes.pdf", LARGE, "The file is larger than 1 MB. Choose a smaller one."),
    ],
    ids=["wrong type", "not what its name says", "empty", "too large"],
)
def test_a_file_that_cannot_be_taken_gets_its_sentence_and_the_other_answers_stay(
    officer: Person, settings: Any, name: str, data: bytes, sentence: str
) -> None:
    settings.UPLOAD_MAX_BYTES = 1_000_000
    officer.attaches("file", name, data)
    officer.presses("Upload and seal", reads="There is a problem")

    expect(officer.page.locator(".govuk-error-message")).to_contain_text(sentence)
    expect(officer.page.locator(".govuk-error-summary")).to_be_focused()
    expect(officer.page.get_by_label("Title")).to_have_value("Minutes of the board")
    expect(officer.page.get_by_label("What is it?")).to_have_value("board_minute")
    assert not Document.objects.filter(kind="board_minute").exists()
    officer.attaches("file", "minutes.pdf")
    officer.presses("Upload and seal", reads="Sealed. Fingerprint")


def test_a_line_that_breaks_says_so_and_the_file_can_be_sent_again(officer: Person) -> None:
    officer.attaches("file", "minutes.pdf")
    officer.page.context.set_offline(True)
    officer.presses("Upload and seal", reads="The file could not be sent. Check your connection, then try again.")
    officer.page.context.set_offline(False)
    officer.waits_a_moment()
    officer.presses("Upload and seal", reads="Sealed. Fingerprint")


def test_a_large_file_goes_on_where_the_line_broke(officer: Person, review: Review) -> None:
    offsets: list[str] = []

    def breaks_once(route: Any) -> None:
        offsets.append(route.request.headers["upload-offset"])
        if len(offsets) == 2:
            route.abort("connectionreset")
        else:
            route.continue_()

    huge = PDF.replace(b"trailer", b"% " + b"x" * 9_000_000 + b"\ntrailer")
    officer.page.route(
        "**/uploads/*/", lambda route: breaks_once(route) if route.request.method == "PATCH" else route.continue_()
    )
    officer.attaches("file", "minutes.pdf", huge)
    officer.presses("Upload and seal", reads="Sealed. Fingerprint")
    assert offsets == ["0", "4000000", "4000000", "8000000"]
    version = Document.objects.get(review=review, kind="board_minute").versions.get()
    assert version.size == len(huge)
    assert officer.page.evaluate("Object.keys(localStorage)") == []


def test_what_the_browser_remembers_of_a_file_is_not_its_name(officer: Person) -> None:
    officer.page.route(
        "**/uploads/*/",
        lambda route: route.abort("connectionreset") if route.request.method == "PATCH" else route.continue_(),
    )
    officer.attaches("file", "Zephyrine Quillfeather.pdf", LARGE)
    with officer.page.expect_request(lambda request: request.method == "PATCH"):
        officer.page.get_by_role("button", name="Upload and seal").click()
    kept = officer.page.evaluate("JSON.stringify(localStorage)")
    assert "/uploads/" in kept
    assert "Quillfeather" not in kept
