"""No case content in the server's logs: where it broke and with which kind of error, never with which values.

An exception's words, the arguments of a message and a traceback's values may each hold a name. What stays: numbers,
ids, paths without their query, exception classes, module and line.
"""

import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from traceback import walk_tb
from types import TracebackType
from uuid import UUID

HARMLESS = (int, float, UUID, type(None))


class NoCaseContent(logging.Filter):
    """Lets every record through, with its values taken out."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _message(record)
        record.args = None
        if record.exc_info and record.exc_info[1] is not None:
            record.msg += "\n" + "\n".join(_story(record.exc_info[1]))
        record.exc_info = record.exc_text = record.stack_info = None
        record.__dict__.pop("request", None)
        return True


def _message(record: logging.LogRecord) -> str:
    words = type(record.msg).__name__ if isinstance(record.msg, BaseException) else str(record.msg)
    if not record.args:
        return words
    try:
        if isinstance(record.args, Mapping):
            return words % {key: _plain(value) for key, value in record.args.items()}
        return words % tuple(_plain(value) for value in record.args)
    except (TypeError, ValueError, KeyError):  # the value taken out was needed as a number
        return words


def _plain(value: object) -> object:
    if isinstance(value, HARMLESS):
        return value
    if isinstance(value, str) and value.startswith("/"):
        return value.partition("?")[0]
    return f"[{type(value).__name__}]"


def _story(error: BaseException) -> Iterator[str]:
    """The chain of errors, the one that was raised first: class, then where, innermost last."""
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield f"{type(link).__module__}.{type(link).__qualname__}"
        yield from _places(link.__traceback__)
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)


def _places(trace: TracebackType | None) -> Iterator[str]:
    for frame, line in walk_tb(trace):
        module = frame.f_globals.get("__name__", Path(frame.f_code.co_filename).name)
        yield f"  {module}:{line} {frame.f_code.co_name}"
