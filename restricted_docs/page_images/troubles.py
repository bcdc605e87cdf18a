"""Why there is no page, as codes that the sandbox answers with."""

from __future__ import annotations

from enum import StrEnum


class Why(StrEnum):
    NO_SUCH_PAGE = "no_such_page"
    LOCKED = "locked"
    DAMAGED = "damaged"
    TOO_LARGE = "too_large"


class NoPage(Exception):
    """There is no page to show. `pages` is how many the file has, where that is known."""

    def __init__(self, why: Why, pages: int = 0) -> None:
        super().__init__(why.value)
        self.why, self.pages = why, pages
