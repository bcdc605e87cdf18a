"""The bytes of one entry, which its leaf hash proves (docs/formats/access-log-v1.md). Plain Python."""

import json
from collections.abc import Mapping
from uuid import UUID

FORMAT = "dhr-access-log/1"


def canonical_details(details: Mapping[str, str | int]) -> str:
    """The one text of these details: JSON, keys sorted, no spaces, ASCII. The stored text is what is hashed."""
    return json.dumps(dict(details), sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def entry_bytes(
    *,
    seq: int,
    at_us: int,
    event: str,
    person: int | None,
    on_behalf_of: int | None,
    review: UUID | None,
    reference: str,
    object: str,
    object_id: str,
    version: int | None,
    details: str,
) -> bytes:
    """Every column a reader is shown, injectively: numbers in decimal, text behind its length in bytes.

    Raises TypeError when a number is no whole number (a database may hand back anything that was written into it).
    """
    lines = [
        FORMAT,
        _number(seq),
        _number(at_us),
        _text(event),
        _number(person),
        _number(on_behalf_of),
        "-" if review is None else str(UUID(int=review.int)),
        _text(reference),
        _text(object),
        _text(object_id),
        _number(version),
        _text(details),
    ]
    return ("\n".join(lines) + "\n").encode()


def _number(value: int | None) -> str:
    if value is None:
        return "-"
    if type(value) is not int:
        raise TypeError("A number in the access log is not a whole number.")
    return str(value)


def _text(value: str) -> str:
    return f"{len(value.encode())}:{value}"
