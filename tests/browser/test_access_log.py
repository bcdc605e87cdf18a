"""The auditor's log: long digests stay within the window, on a desk and on a phone; an export says how far it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import expect

from tests.cast import Cast
from tests.papers_desk import paper, review_with_everybody

from .people import Person

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("width", [1280, 1024, 320])
def test_a_digest_makes_the_list_no_wider_than_its_window(
    cast: Cast, arrives: Callable[..., Person], width: int
) -> None:
    paper(review_with_everybody(cast), cast.lead_chair)
    auditor = arrives(cast.auditor)
    auditor.page.set_viewport_size({"width": width, "height": 900})
    auditor.goes_to("access-log", reads="sealing:")
    assert auditor.page.evaluate(SIDEWAYS) == 0


def test_the_export_says_how_much_has_come_and_keeps_only_a_file_that_came_whole(
    cast: Cast, arrives: Callable[..., Person], tmp_path: Path
) -> None:
    review_with_everybody(cast)
    auditor = arrives(cast.auditor)
    auditor.goes_to("access-log-proofs", reads="Export the log with its proofs")
    words = auditor.page.locator(".dhr-progress [role]")

    auditor.page.route("**/proofs/", lambda route: route.abort())
    auditor.page.get_by_role("button", name="Export the log").click()
    expect(words).to_have_text(re.compile("did not come whole"))
    auditor.page.unroute("**/proofs/")
    auditor.page.wait_for_timeout(1_100)  # milliseconds: the button takes no second click within a second

    with auditor.page.expect_download() as downloading:
        auditor.page.get_by_role("button", name="Export the log").click()
    expect(words).to_have_text("The file is complete. It is with your downloads.")
    assert re.fullmatch(r"access-log-\d{4}-\d\d-\d\d\.zip", downloading.value.suggested_filename)
    downloading.value.save_as(tmp_path / "log.zip")
    assert "verify.py" in ZipFile(tmp_path / "log.zip").namelist()


def test_an_answer_that_cannot_be_is_shown_beside_its_question(cast: Cast, arrives: Callable[..., Person]) -> None:
    auditor = arrives(cast.auditor)
    auditor.goes_to("access-log-proofs", reads="Export the log with its proofs")
    auditor.page.get_by_label("Only one review (optional)").fill("DHR999")
    auditor.page.get_by_role("button", name="Export the log").click()
    auditor.reads("There is a problem")
