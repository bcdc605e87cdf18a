"""The two pictures of the README: an officer's work, and one review. MAKE_SCREENSHOTS=1 writes them to docs/screenshots."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from dhr import clock
from dhr.reviews import identities
from dhr.reviews.models import Review
from tests.build import review_at
from tests.cast import Cast

from .people import Person

LARGEST = 200_000  # bytes
# node a review stands at -> how many days ago its notification came
STORIES = {
    "open_drafting": 130,
    "fact_check": 110,
    "record_answer": 80,
    "appoint_chairs": 64,
    "decide": 45,
    "scope_with_agencies": 3,
}


@pytest.fixture
def reviews(cast: Cast) -> dict[str, Review]:
    """A partnership at work: some late, some not, one with its public name."""
    made = {}
    for node, days in STORIES.items():
        with clock.at(clock.now() - timedelta(days=days)):
            made[node] = review_at(node, cast)
    identities.choose_pseudonym(made["fact_check"], by=cast.officer, pseudonym="Rosalind")
    return made


def test_the_pictures_of_the_readme_show_work_and_one_review(
    cast: Cast, reviews: dict[str, Review], arrives: Callable[..., Person], screenshot: Callable[..., Path]
) -> None:
    officer = arrives(cast.officer)
    officer.goes_to("your-work", reads="Overdue")
    officer.reads("Waiting on others")
    work = screenshot(officer.page, "your-work", full_page=False)
    officer.goes_to("review", reviews["fact_check"].pk, reads="Rosalind")
    officer.reads("Next: ")
    review = screenshot(officer.page, "review", full_page=False)

    for picture in (work, review):
        assert picture.stat().st_size < LARGEST
