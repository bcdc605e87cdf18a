"""People at their desks: each in a browser of their own, doing what they do in the words that stand on the page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from dhr import clock
from tests.build import PDF

PATIENCE = 20_000  # milliseconds: a crowded machine is no failure
MOST_TABS = 80
expect.set_options(timeout=PATIENCE)


def session_of(user: Any) -> str:
    """The session of somebody who has just signed in."""
    client = Client()
    client.force_login(user, backend="dhr.accounts.backends.SignInBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@dataclass
class Person:
    """Somebody at a page. Every act says what they read afterwards, so that no act overtakes the one before."""

    page: Page
    address: str
    user: Any

    def comes_in(self) -> Person:
        """Signed in through the session's cookie: typing passwords is the sign-in tests' subject."""
        self.page.set_default_timeout(PATIENCE)
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session_of(self.user), "url": self.address}
        self.page.context.add_cookies([cookie])
        return self

    def leaves(self) -> None:
        """The session is gone, as after 30 idle minutes."""
        self.page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)

    # ---- going somewhere

    def goes_to(self, name: str, *keys: Any, reads: str = "") -> int:
        """Type an address; the answer's status."""
        answer = self.page.goto(self.address + reverse(name, args=keys))
        if reads:
            self.reads(reads)
        return answer.status if answer else 0

    def opens(self, link: str, *, reads: str) -> None:
        """The first link, or button that is one, whose words begin so."""
        self.page.locator("#main-content a", has_text=re.compile(rf"^\s*{re.escape(link)}")).first.click()
        self.reads(reads)

    def goes_on(self, task: str) -> None:
        """From Your work to the task of this name."""
        self.goes_to("your-work")
        self.opens(task, reads="Save and come back later")
        expect(self.page.locator("h1")).to_contain_text(task)

    # ---- answering

    def question(self, words: str) -> Locator:
        """A group of answers by its legend."""
        return self.page.get_by_role("group", name=_label(words))

    def writes(self, question: str, text: str) -> None:
        self.page.get_by_label(_label(question)).fill(text)

    def picks(self, question: str, option: str) -> None:
        """An option of a list, by how it begins."""
        box = self.page.get_by_label(_label(question))
        box.select_option(
            label=next(words for words in box.locator("option").all_inner_texts() if words.startswith(option))
        )

    def chooses(self, question: str, answer: str) -> None:
        self.question(question).get_by_label(answer, exact=True).check()

    def ticks(self, box: str) -> None:
        self.page.get_by_label(box).check()

    def dates(self, question: str, day: date) -> None:
        group = self.question(question)
        for part in ("day", "month", "year"):
            group.get_by_label(part.capitalize()).fill(str(getattr(day, part)))

    def attaches(self, field: str, name: str, data: bytes = PDF) -> None:
        """A file, to the control of this name: the component puts a button of its own in front of it."""
        media = "application/pdf" if name.endswith(".pdf") else "application/octet-stream"
        chosen: Any = {"name": name, "mimeType": media, "buffer": data}
        self.page.locator(f"input[type=file][name={field}]").set_input_files(chosen)

    def presses(self, button: str, *, reads: str) -> None:
        self.page.get_by_role("button", name=button, exact=True).click()
        self.reads(reads)

    def waits_a_moment(self) -> None:
        """A button ignores a second click within a second: most are the same click."""
        self.page.wait_for_timeout(1100)

    # ---- by keyboard alone

    def tabs_to(self, control: Locator) -> int:
        """Press Tab until this control has the focus; how often it took. Fails where it is not reached."""
        for presses in range(1, MOST_TABS + 1):
            self.page.keyboard.press("Tab")
            if control.evaluate("element => element === document.activeElement"):
                return presses
        raise AssertionError(f"{MOST_TABS} times Tab did not lead to {control}.")

    def types(self, text: str) -> None:
        self.page.keyboard.type(text)

    def hits(self, key: str, *, reads: str) -> None:
        self.page.keyboard.press(key)
        self.reads(reads)

    # ---- reading

    def reads(self, *words: str) -> None:
        for each in words:
            expect(self.page.locator("body")).to_contain_text(each)

    def does_not_read(self, *words: str) -> None:
        for each in words:
            expect(self.page.locator("body")).not_to_contain_text(each)


def fill_in_a_notification(officer: Person, *, name: str, circumstances: str) -> None:
    """Every question of a notification that must be answered, on the page that asks them."""
    officer.dates("When were you told of the death?", clock.today())
    officer.chooses("How were you told?", "Secure e-mail")
    officer.chooses("When did the person die?", "The date is not known")
    officer.chooses("What kind of death is this thought to be?", "Homicide")
    officer.chooses("How were they related?", "Current or former intimate partner")
    officer.chooses("Is there interest from the media?", "No")
    officer.writes("What is known of the circumstances?", circumstances)
    officer.writes("Name of the person who died", name)


def _label(words: str) -> re.Pattern[str]:
    return re.compile(rf"^{re.escape(words)}( \(optional\))?$")
