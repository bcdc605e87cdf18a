"""What passes by while people work: log lines, statements to the database, addresses, headers, cookies, files made and gone."""

from __future__ import annotations

import copy
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.backends.signals import connection_created

from dhr.audit.quiet import NoCaseContent

from .report import Place
from .sieve import Sieve
from .temporary import FileWatch
from .words import ASKED_IN_CLEAR

STATEMENTS = "django.db.backends"  # carries what goes to the database: looked at there


class Watch:
    """Looks at everything that passes. What it has seen stands in `places`."""

    def __init__(self, sieve: Sieve, scratch: Path) -> None:
        self.sieve, self.scratch = sieve, scratch
        self.log = Place("log lines, at DEBUG")
        self.sql = Place("statements to the database")
        self.headers = Place("addresses, headers, cookies")
        self.clear_pages = Place("pages and files in clear")
        self.gone = Place("files made and deleted")
        self.places = [self.log, self.sql, self.headers, self.clear_pages, self.gone]
        self.files = FileWatch(self._file)
        self.known: set[str] = set()  # what stands in clear by its nature, one sentence each
        self.came_back: set[str] = set()  # doors whose canary somebody read

    @contextmanager
    def watching(self) -> Iterator[None]:
        handler, root = Listener(self), logging.getLogger()
        levels = {name: logger.level for name, logger in _loggers().items() if not name.startswith(STATEMENTS)}
        connection_created.connect(self._connected)
        self._connected(self, connection)
        root.addHandler(handler)
        for name in levels:  # the deployment's own handlers write everything too, to where they always do
            _loggers()[name].setLevel(logging.DEBUG)
        try:
            with self.files.watching():
                yield
        finally:
            root.removeHandler(handler)
            for name, level in levels.items():
                _loggers()[name].setLevel(level)
            connection_created.disconnect(self._connected)
            connection.execute_wrappers.remove(self._statement)
            self.gone.count("files opened for writing", len(self.files.written))
            others = self.files.programs - {
                sys.executable
            }  # the one that parses papers may write no file (RLIMIT_FSIZE)
            self.gone.unseen += [f"What the program {name} wrote and deleted." for name in sorted(others)]

    def request(self, door: str, address: str, *, typed: bool = False) -> None:
        """Look at an address. `typed`: a filter of codes puts what somebody typed there."""
        if typed:
            self.known.add(
                f"“{door}”: what is typed into this filter stands in the browser's address. It takes codes only."
            )
            return
        self.headers.sift(self.sieve, f"the address of a request ({door})", address.encode(), "requests")

    def answer(self, door: str, response: Any, *, in_clear: bool) -> bytes:
        """Look at an answer: everything but what it says; that too where nobody should read sealed text there."""
        for name, value in response.items():
            self.headers.sift(self.sieve, f"the header {name} ({door})", str(value).encode(), "headers")
        for name, cookie in response.cookies.items():
            self.headers.sift(self.sieve, f"the cookie {name} ({door})", cookie.OutputString().encode(), "cookies")
        body = b"".join(response.streaming_content) if response.streaming else response.content
        response.close()
        self.files.settle()
        if in_clear:
            self.clear_pages.sift(self.sieve, f"the answer of {door}", body, "answers")
        else:
            self.came_back |= self.sieve.canaries.among(body.decode("utf-8", "replace"))
        return bytes(body)

    def _file(self, name: str, content: bytes) -> None:
        self.gone.sift(self.sieve, name.replace(str(self.scratch), "the scratch folder"), content, "files")

    def _connected(self, sender: object, connection: Any, **_: Any) -> None:
        if self._statement not in connection.execute_wrappers:  # of each thread's own
            connection.execute_wrappers.append(self._statement)

    def _statement(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        said = b"\0".join(
            [sql.encode(), *(_bytes(value) for row in (params if many else [params]) for value in row or ())]
        )
        seen = Place("one statement")
        seen.sift(self.sieve, f"a statement: {sql[:60]}", said)
        asked = {find for find in seen.finds if find.door in ASKED_IN_CLEAR and sql.startswith("SELECT")}
        self.known |= {
            f"“{find.door}” is asked of the database in clear: {ASKED_IN_CLEAR[find.door]}." for find in asked
        }
        self.sql.finds |= seen.finds - asked
        self.sql.count("statements")
        self.sql.count("bytes", len(said))
        return execute(sql, params, many, context)


class Listener(logging.Handler):
    """Hears every record as the deployment's handlers write it: through the filter that takes values out."""

    def __init__(self, watch: Watch) -> None:
        super().__init__(logging.DEBUG)
        self.watch = watch
        self.addFilter(lambda record: not record.name.startswith(STATEMENTS))

    def emit(self, record: logging.LogRecord) -> None:
        written = copy.copy(record)
        if _is_filtered():
            NoCaseContent().filter(written)
        words = f"{written.name} {written.levelname} {self.format(written)}"
        self.watch.log.sift(self.watch.sieve, f"a line of {record.name}", words.encode(), "lines")


def _loggers() -> dict[str, logging.Logger]:
    """Every logger that there is, by name; the root as ""."""
    known = {name: one for name, one in logging.root.manager.loggerDict.items() if isinstance(one, logging.Logger)}
    return {"": logging.getLogger(), **known}


def _is_filtered() -> bool:
    """Whether this deployment's log still goes through the filter."""
    handlers: Any = settings.LOGGING["handlers"]
    return all("plain" in handler.get("filters", ()) for handler in handlers.values())


def _bytes(value: Any) -> bytes:
    return bytes(value) if isinstance(value, bytes | bytearray | memoryview) else str(value).encode()
