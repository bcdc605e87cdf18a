"""The log's own words on screen: its permission, its kinds of event, and each event as something to choose from a list."""

from string import Formatter

from .events import EVENTS, Event, Kind

VIEW_LOG = "audit.view_log"  # a standing permission: the auditor's

KIND_NAMES: dict[str, str] = {
    Kind.STEP: "Step",
    Kind.READ: "Reading",
    Kind.REVEAL: "Real name",
    Kind.REFUSAL: "Refusal",
    Kind.GRANT: "Access given or taken",
    Kind.ACCOUNT: "Account",
    Kind.EXPORT: "Download",
    Kind.SYSTEM: "System",
}
KIND_COLOURS: dict[str, str] = {
    Kind.REVEAL: "orange",
    Kind.REFUSAL: "red",
    Kind.GRANT: "blue",
    Kind.EXPORT: "purple",
}
STANDS_FOR = {"who": "Somebody", "review": "a review", "object": "something", "whom": "a person"}


def kind_of(name: str) -> str:
    """The kind of this event, "" for a name outside the registry (which only a changed log can hold)."""
    return EVENTS[name].kind if name in EVENTS else ""


def in_a_list(event: Event) -> str:
    """The event without its particulars: "Opened version … of something on a review"."""
    told = "".join(
        text + (STANDS_FOR.get(field, "…") if field else "")
        for text, field, _, _ in Formatter().parse(event.sentence.removeprefix("{who} "))
    )
    return told[0].upper() + told[1:]


def events_by_kind() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every event as (name, words), under the words of its kind."""
    found: dict[str, list[tuple[str, str]]] = {}
    for event in EVENTS.values():
        found.setdefault(KIND_NAMES[event.kind], []).append((event.name, in_a_list(event)))
    return sorted(found.items())
