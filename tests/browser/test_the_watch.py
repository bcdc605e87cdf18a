"""The watch over the browser tests finds what is planted for it; else a clean page would prove nothing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route

ADDRESS = "http://localhost/planted"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; require-trusted-types-for 'script'"
CLEAN = """<!doctype html><html lang="en"><head><title>Planted</title>{head}</head>
<body><main><h1>Planted</h1>{main}</main></body></html>"""


def plant(page: Page, *, head: str = "", main: str = "", script: str = "", status: int = 200) -> None:
    """Shows a page of our own under the policy of the site; `script` is its one script file."""

    def answer(route: Route) -> None:
        if route.request.url == ADDRESS:
            tag = '<script src="/planted.js"></script>' if script else ""
            body = CLEAN.format(head=head, main=main + tag)
            headers = {"Content-Security-Policy": POLICY, "Content-Type": "text/html"}
            route.fulfill(status=status, headers=headers, body=body)
        elif route.request.url.endswith("/planted.js"):
            route.fulfill(content_type="text/javascript", body=script)
        else:
            route.fulfill(status=404, body="")

    page.route("**/*", answer)
    page.goto(ADDRESS)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"main": "<script>1</script>"}, "Content Security Policy"),
        ({"main": '<p style="color: red">Red</p>'}, "Content Security Policy"),
        ({"script": "document.body.innerHTML = '<b>x</b>'"}, "Trusted"),
        ({"script": "throw new Error('broken')"}, "broken"),
        ({"script": "console.error('complaint')"}, "complaint"),
        ({"head": '<link rel="stylesheet" href="/away.css">'}, "404 for http://localhost/away.css"),
    ],
)
def test_the_watch_finds(page: Page, problems: list[str], fault: dict[str, Any], words: str) -> None:
    plant(page, **fault)
    page.wait_for_load_state("networkidle")

    assert any(words in problem for problem in problems), problems
    problems.clear()


def test_a_page_that_is_rightly_refused_is_no_fault(page: Page, problems: list[str]) -> None:
    plant(page, status=403)

    assert problems == []


def test_another_person_has_a_browser_of_their_own_that_is_watched_too(
    page: Page, another_page: Callable[[], Page], problems: list[str]
) -> None:
    other = another_page()
    plant(other, main="<script>1</script>")
    page.context.add_cookies([{"name": "who", "value": "first", "url": ADDRESS}])

    assert other.context.cookies() == []
    assert problems
    problems.clear()


def test_axe_passes_a_clean_page_and_names_a_barrier(page: Page, axe: Callable[[Page], None]) -> None:
    plant(page)
    axe(page)
    page.unroute_all()
    plant(page, main='<button></button><a href="#x">.</a>')
    with pytest.raises(AssertionError, match="button-name"):
        axe(page)


def test_a_screenshot_is_kept(page: Page, screenshot: Callable[..., Path]) -> None:
    plant(page)

    assert screenshot(page, "the-watch").read_bytes().startswith(b"\x89PNG")
