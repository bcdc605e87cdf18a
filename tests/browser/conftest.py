"""The browser tests: Chromium, watched for everything that a person would not see and a developer should.

They run by themselves (`make test-browser`): Playwright keeps an event loop in the thread of the tests, and Django's
guard against that is lifted here and nowhere else. The live server's threads need a database in a file, which
dhr.settings.test sees to. MAKE_SCREENSHOTS=1 writes the pictures of docs/screenshots anew.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Response

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
MISSING = (
    f"The browser tests need Chromium, and {CHROMIUM} is not there. On Debian or Ubuntu, as root: apt-get install "
    "chromium fonts-liberation. Elsewhere: install it and set CHROMIUM to its path."
)
QUIET = "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync"
ROOT = Path(__file__).resolve().parent.parent.parent
# What a page is made of. A document or a fetch may rightly be refused; a missing style sheet is a fault.
PARTS = {"stylesheet", "script", "image", "font"}
# WCAG 2.2 AA and axe's own good practice; "region" is off because GOV.UK's back link stands before <main>.
RULES = {"region": {"enabled": False}, "target-size": {"enabled": True}}

Problems = list[str]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    if not CHROMIUM.exists():
        pytest.fail(MISSING, pytrace=False)
    return {
        "executable_path": str(CHROMIUM),
        "headless": True,
        "args": [*QUIET.split(), "--no-first-run", "--disable-quic"],
    }


@pytest.fixture(scope="session")
def base_url() -> None:
    """Tests say live_server.url themselves; Playwright's own fixture of this name warns, and a warning is an error."""


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    wide = {"width": 1280, "height": 900}
    return {**browser_context_args, "locale": "en-GB", "timezone_id": "Europe/London", "viewport": wide}


def watch(page: Page, problems: Problems) -> Page:
    """Note what the page does wrong: a script's error, a refusal by its own security policy, a part that is missing."""

    def console(message: ConsoleMessage) -> None:
        refused = "Content Security Policy" in message.text or "Trusted" in message.text
        # the browser's own line about a status is left to `response`, which knows what was asked for
        if refused or (message.type == "error" and not message.text.startswith("Failed to load resource")):
            problems.append(f"{page.url}: {message.text}")

    def response(answer: Response) -> None:
        if answer.status >= 400 and answer.request.resource_type in PARTS:
            problems.append(f"{page.url}: {answer.status} for {answer.url}")

    page.on("console", console)
    page.on("response", response)
    page.on("pageerror", lambda error: problems.append(f"{page.url}: {error}"))
    return page


@pytest.fixture
def problems() -> Iterator[Problems]:
    """What the watched pages of this test did wrong so far; whatever is left at the end fails the test."""
    found: Problems = []
    yield found
    assert not found, "The pages did this wrong:\n" + "\n".join(found)


@pytest.fixture
def page(problems: Problems, page: Page) -> Iterator[Page]:
    """One person's page, watched."""
    yield watch(page, problems)
    settle(page)


@pytest.fixture
def another_page(problems: Problems, new_context: Callable[[], BrowserContext]) -> Iterator[Callable[[], Page]]:
    """Opens a watched page in a browser of its own: another person at another desk."""
    opened: list[Page] = []

    def open_page() -> Page:
        opened.append(watch(new_context().new_page(), problems))
        return opened[-1]

    yield open_page
    for each in opened:
        settle(each)


def settle(page: Page) -> None:
    """Let the last messages of the page arrive."""
    if not page.is_closed():
        page.evaluate("0")


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """`axe(page)` fails with a report when the page has a barrier that axe can find (WCAG 2.2 AA)."""

    def check(page: Page) -> None:
        results = Axe().run(page, options={"resultTypes": ["violations"], "rules": RULES})
        assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"

    return check


@pytest.fixture
def screenshot() -> Callable[..., Path]:
    """`screenshot(page, name)` keeps a picture of the whole page and says where."""
    folder = ROOT / ("docs/screenshots" if os.environ.get("MAKE_SCREENSHOTS") == "1" else "test-results")

    def take(page: Page, name: str, *, full_page: bool = True) -> Path:
        path = folder / f"{name}.png"
        page.screenshot(path=path, full_page=full_page)
        return path

    return take


@pytest.fixture
def written_database(transactional_db: None) -> Iterator[None]:
    """What the live server's threads read. The flush at its end gives the permissions new keys."""
    from dhr.access import grants

    grants.forget_permission_ids()
    yield
    grants.forget_permission_ids()


@pytest.fixture
def cast(written_database: None) -> Any:
    """Everybody, in the database that the live server reads."""
    from tests.cast import make_cast

    return make_cast()


@pytest.fixture
def arrives(
    live_server: Any, another_page: Callable[[], Page], new_context: Callable[..., BrowserContext], problems: Problems
) -> Callable[..., Any]:
    """`arrives(user)` is that person, signed in, in a watched browser of their own; `scripts=False` in one without scripts."""
    from .people import Person

    def come(user: Any, *, scripts: bool = True) -> Any:
        page = another_page() if scripts else watch(new_context(java_script_enabled=False).new_page(), problems)
        return Person(page, live_server.url, user).comes_in()

    return come
