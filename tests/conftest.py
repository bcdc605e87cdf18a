"""What every test stands on: keys of its own, a log that a flush may empty, a clock to set, and no silent skips."""

import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import coverage
import hypothesis
import pytest

# A walk over the whole review: 60 x 40 steps in `make test`, 1,000 x 50 in `make drill`. A slow machine is no failure.
hypothesis.settings.register_profile(
    "everyday", max_examples=60, stateful_step_count=40, deadline=None, print_blob=True
)
hypothesis.settings.register_profile("drill", max_examples=1000, stateful_step_count=50, deadline=None, print_blob=True)
hypothesis.settings.load_profile("everyday")

SKIPPED = "This was skipped. Nothing is skipped here: make it run, or fail with the sentence that mends it."


@pytest.fixture(autouse=True, scope="session")
def keys() -> None:
    """The root key, the container keys and the log's key of this process, in the folder that the test settings made."""
    from dhr.audit.checkpoints import make_signing_key
    from restricted_docs.strongroom import make_keys

    make_keys()
    make_signing_key()


@pytest.fixture(autouse=True)
def _nothing_was_shipped_yet(keys: None) -> None:
    """Checkpoints that an earlier test shipped would accuse this test's log."""
    from dhr.audit import shipping

    shipping.shipping_file().unlink(missing_ok=True)
    shipping.forget_hour()


@pytest.fixture
def clock() -> Iterator[Callable[[datetime], None]]:
    """`clock(moment)` makes it that moment for the rest of the test, or until the next call."""
    from dhr import clock as the_clock

    with ExitStack() as stack:
        yield lambda moment: stack.enter_context(the_clock.at(moment))


@pytest.fixture(autouse=True)
def _log_is_emptied_before_the_flush(request: pytest.FixtureRequest) -> Iterator[None]:
    """A transactional test ends with a flush, which the access log refuses while it has lines."""
    marker = request.node.get_closest_marker("django_db")
    transactional = bool(marker and (marker.kwargs.get("transaction") or marker.args[:1] == (True,)))
    if not transactional and not {"transactional_db", "live_server"} & set(request.fixturenames):
        yield
        return
    request.getfixturevalue("transactional_db")  # so that its flush comes after this fixture's end
    from dhr.access.grants import forget_permission_ids

    forget_permission_ids()  # a flush before this test gave permissions new keys
    yield
    empty_the_access_log()
    forget_permission_ids()


def empty_the_access_log() -> None:
    """Only for tests: the log as it was before its first line, its triggers standing."""
    from dhr.audit.testing import reset_log

    reset_log()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    return _not_skipped(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    return _not_skipped(report)


def _not_skipped(report: Any) -> Any:
    if report.skipped and not hasattr(report, "wasxfail"):
        report.outcome, report.longrepr = "failed", SKIPPED
    return report


def pytest_configure() -> None:
    """`make coverage` counts templates, which Django lets it do only while they are compiled for debugging."""
    from django.conf import settings

    if coverage.Coverage.current() is not None:
        settings.TEMPLATES[0]["OPTIONS"]["debug"] = True


def pytest_unconfigure() -> None:
    """The folder that the test settings made for this process goes with it."""
    from django.conf import settings

    var = Path(settings.VAR)
    if var.name.startswith("dhr-test-"):
        shutil.rmtree(var, ignore_errors=True)
