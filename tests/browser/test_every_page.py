"""Every page, as everybody who may open it sees it: no barrier, no sideways scrolling on a phone, no message in the console.

The pages and their readers are those of the permission matrix (tests/web/matrix), so a new address is looked at here as
soon as it has its row. Every answer is read for its title and its heading. A browser draws what is new: a page of which
every stretch of eight elements, with their classes and attributes, was drawn already would only be drawn again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page

from tests.web.matrix.rows import OF_THE_REVIEW, WITHOUT_A_PART
from tests.web.matrix.table import TABLE
from tests.web.matrix.world import World, build_world

from .conftest import watch

WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 320, "height": 640}  # CSS pixels; 320 is WCAG 1.4.10
LEFT_OUT = re.compile(r" (?:id|for|href|src|action|value|name|aria-[a-z]+|data-[a-z-]+)=\"[^\"]*\"")
TAG = re.compile(r"<[a-z][^>]*>")
STRETCH = 8  # elements
TEXT = re.compile(r"<textarea.*?</textarea>|<svg.*?</svg>", re.DOTALL)
ONE_OF_MANY = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+")  # pages of one kind may share their title
NOBODY = "anonymous"
# Two tours, so that two processes can share them; the least number of pages that each leads to.
TOURS = {"with a part in the review": (OF_THE_REVIEW, 300), "without one": ((*WITHOUT_A_PART, NOBODY), 100)}


@pytest.fixture
def world(written_database: None) -> World:
    return build_world()


@dataclass
class Tour:
    """What was drawn so far, and everything that is wrong with what was seen."""

    world: World
    address: str
    axe: Callable[[Page], None]
    new_context: Callable[[], BrowserContext]
    console: list[str]
    drawn: set[tuple[str, ...]] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    pages: int = 0

    def walk(self, actor: str) -> None:
        """Everything that this person may open."""
        client, page = self.world.client(actor), self._page(actor)
        titles: dict[str, str] = {}
        for url in addresses(self.world, actor):
            answer: Any = client.get(url, headers={"host": "localhost"})
            if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
                continue
            self.pages += 1
            html = answer.content.decode()
            title = str(re.search(r"<title>(.*?)</title>", html, re.DOTALL)[1])  # type: ignore[index]
            kind = ONE_OF_MANY.sub("1", url.partition("?")[0])
            if titles.setdefault(title, kind) != kind:
                self.faults.append(f"{actor}, {url}: is called {title!r}, as {titles[title]} is")
            if html.count("<h1") != 1:
                self.faults.append(f"{actor}, {url}: has {html.count('<h1')} headings of the first rank")
            if self._is_new(html):
                self._draw(page, actor, url)
        page.context.close()

    def _page(self, actor: str) -> Page:
        page = watch(self.new_context().new_page(), self.console)
        if actor in self.world.sessions:
            cookie = {"name": settings.SESSION_COOKIE_NAME, "value": self.world.sessions[actor], "url": self.address}
            page.context.add_cookies([cookie])  # type: ignore[list-item]
        return page

    def _is_new(self, html: str) -> bool:
        tags = TAG.findall(LEFT_OUT.sub("", TEXT.sub("", html)))
        stretches = {tuple(tags[start : start + STRETCH]) for start in range(len(tags))}
        fresh = stretches - self.drawn
        self.drawn |= stretches
        return bool(fresh)

    def _draw(self, page: Page, actor: str, url: str) -> None:
        page.set_viewport_size(WIDE)
        page.goto(self.address + url)
        try:
            self.axe(page)
        except AssertionError as barrier:
            self.faults.append(f"{actor}, {url}: {barrier}")
        page.set_viewport_size(PHONE)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > PHONE["width"]:
            self.faults.append(f"{actor}, {url}: is {width} px wide on a phone of {PHONE['width']}")


def addresses(world: World, actor: str) -> Iterator[str]:
    """Of every page that the table lets this person open, the own group's."""
    for row in TABLE:
        if row.get is None and not row.public:
            continue
        if row.public if actor == NOBODY else row.may(actor, "GET"):
            keys, query = world.own.things[row.thing] if row.thing else ([], "")
            yield reverse(row.name, args=keys) + query


@pytest.fixture
def tour(
    world: World,
    live_server: Any,
    new_context: Callable[[], BrowserContext],
    axe: Callable[[Page], None],
    problems: list[str],
) -> Tour:
    return Tour(world, live_server.url, axe, new_context, problems)


@pytest.mark.parametrize("who", list(TOURS))
def test_every_page_of_everybody_is_without_a_barrier_and_fits_a_phone(who: str, tour: Tour) -> None:
    people, least = TOURS[who]
    for actor in people:
        tour.walk(actor)

    assert not tour.faults, f"{len(tour.faults)} faults:\n" + "\n".join(tour.faults)
    assert tour.pages >= least, f"{tour.pages} pages: the table no longer leads to them."
