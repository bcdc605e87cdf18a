"""The auditor's list of the log: long digests stay within the window, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

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
