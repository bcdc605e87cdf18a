"""Reading a paper page by page: by keyboard, on a phone, larger, as text, and without a script."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from restricted_docs.models import Document
from tests import made_files as made
from tests.cast import Cast
from tests.paged_files import text_pdf
from tests.papers_desk import paper, review_with_everybody

from .people import Person

SAID = "the panel asked what the agency knew of the risk and what its workers did about each referral and contact"
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def a_page(number: int) -> str:
    chosen = random.Random(number)
    lines = (" ".join(chosen.choice(SAID.split()) for _ in range(13)) for _ in range(48))
    return f"Page {number} of an invented report\n\n" + "\n".join(lines)


@pytest.fixture
def report(cast: Cast) -> Document:
    pages = [a_page(number) for number in range(1, 13)]
    return paper(review_with_everybody(cast), cast.lead_chair, text_pdf(*pages), title="Draft overview report")


def at_page(report: Document, number: int) -> list[object]:
    return [report.review_id, report.pk, 1, number]


def test_a_paper_is_read_from_page_to_page_by_keyboard(
    cast: Cast, report: Document, arrives: Callable[..., Person], axe: Callable[[Page], None]
) -> None:
    officer = arrives(cast.officer)
    officer.goes_to("document", report.review_id, report.pk, reads="Versions")
    officer.tabs_to(officer.page.get_by_role("link", name="Read version 1"))
    officer.hits("Enter", reads="Page 1 of 12")
    axe(officer.page)
    officer.tabs_to(officer.page.get_by_role("link", name="Next page").first)
    officer.hits("Enter", reads="Page 2 of 12")
    image = officer.page.get_by_role("img")
    assert image.get_attribute("alt") == f"Page 2 of 12 of {report.review.reference}, Another document, version 1"
    assert image.evaluate("image => image.naturalWidth") == 1200
    officer.opens("Read this page as text", reads="Page 2 of an invented report")
    axe(officer.page)


def test_on_a_phone_the_page_fits_and_larger_it_is_moved_about_in_its_frame(
    cast: Cast,
    report: Document,
    arrives: Callable[..., Person],
    axe: Callable[[Page], None],
    screenshot: Callable[..., Path],
) -> None:
    officer = arrives(cast.officer)
    officer.goes_to("document-page", *at_page(report, 3), reads="Page 3 of 12")
    screenshot(officer.page, "reader-wide")
    officer.page.set_viewport_size({"width": 320, "height": 640})
    assert officer.page.evaluate(SIDEWAYS) == 0
    assert officer.page.get_by_role("img").evaluate("image => image.clientWidth") <= 320
    screenshot(officer.page, "reader-phone")
    officer.opens("Make this page larger", reads="Fit this page to the window")
    assert officer.page.evaluate(SIDEWAYS) == 0
    frame = officer.page.get_by_role("region", name="The page, larger")
    assert frame.evaluate("frame => frame.scrollWidth") >= 2000
    frame.focus()
    axe(officer.page)
    screenshot(officer.page, "reader-phone-larger")
    officer.goes_to("document-page-text", *at_page(report, 3), reads="Page 3 of an invented report")
    screenshot(officer.page, "reader-phone-text")
    assert officer.page.evaluate(SIDEWAYS) == 0


def test_nothing_of_it_needs_a_script(cast: Cast, report: Document, arrives: Callable[..., Person]) -> None:
    chair = arrives(cast.lead_chair, scripts=False)
    chair.goes_to("document-page", *at_page(report, 12), reads="Page 12 of 12")
    chair.opens("Previous page", reads="Page 11 of 12")
    expect(chair.page.get_by_role("img")).to_be_visible()
    chair.reads("Open the whole file (opens in a new tab)")


def test_what_a_word_file_says_bears_its_reader_and_is_read_all_the_same(
    cast: Cast, arrives: Callable[..., Person], axe: Callable[[Page], None], screenshot: Callable[..., Path]
) -> None:
    words = [made.paragraph(a_page(1).splitlines()[0], "Heading1"), *map(made.paragraph, a_page(1).splitlines()[2:30])]
    cell = f"<w:tc>{made.paragraph('a cell of a table')}</w:tc>"
    words.append(f"<w:tbl><w:tr>{9 * cell}</w:tr><w:tr>{9 * cell}</w:tr></w:tbl>")
    report = paper(review_with_everybody(cast), cast.lead_chair, made.docx(*words), "report.docx")
    officer = arrives(cast.officer)
    officer.goes_to("document-read", report.review_id, report.pk, 1, reads="Page 1 of an invented report")
    axe(officer.page)
    mark, paragraph = officer.page.locator("svg.dhr-watermark"), officer.page.locator(".dhr-rendition p").nth(1)
    over, under = mark.bounding_box(), officer.page.locator(".dhr-rendition").bounding_box()
    assert over
    assert under
    assert over["y"] <= under["y"]
    assert over["y"] + over["height"] >= under["y"] + under["height"]
    assert over["width"] >= under["width"]
    paragraph.click(click_count=3, timeout=2_000)  # it lies over the words, and they are chosen through it
    assert officer.page.evaluate("getSelection().toString()").strip()
    screenshot(officer.page, "rendition-wide")
    officer.page.set_viewport_size({"width": 320, "height": 640})
    assert officer.page.evaluate(SIDEWAYS) == 0
    screenshot(officer.page, "rendition-phone")
