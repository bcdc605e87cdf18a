"""A line to be written: what happened, to what, by whom. Refused at once if it says what the log may not hold."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from uuid import UUID

from .events import DetailRefused, check_details, event_named, is_plain


@dataclass(frozen=True, kw_only=True)
class Line:
    """One event, before it has a number and a time.

    `person` is the account that did it (None: the system); `on_behalf_of` the account it was recorded for;
    `reference` the review's public reference (DHR12); `object` the kind of thing ("document"), `object_id` which one.
    Raises UnknownEvent for a name outside the registry, and DetailRefused for what is not a code, date or whole number.
    """

    event: str
    person: int | None
    on_behalf_of: int | None = None
    review: UUID | None = None
    reference: str = ""
    object: str = ""
    object_id: str = ""
    version: int | None = None
    details: Mapping[str, str | int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_details(event_named(self.event), self.details, version=self.version)
        for name in ("reference", "object", "object_id"):
            value = getattr(self, name)
            if not isinstance(value, str) or not is_plain(value):
                raise DetailRefused(f"{self.event}: {name} must be a short code, not free text.")
        object.__setattr__(self, "details", MappingProxyType(dict(self.details)))
