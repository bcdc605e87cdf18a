"""What a census found: place by place, with what was searched there; a place nobody could look into is never clean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, astuple, dataclass, field
from typing import Any

from .sieve import Hit, Sieve

MOST_FINDS = 40  # of one place, in words; the number says how many there are


@dataclass(frozen=True, order=True)
class Find:
    """A canary outside the allowed places: the door it was planted at, where it turned up, and how it was written there."""

    door: str
    where: str
    written: str


@dataclass
class Place:
    """One place. `searched`: noun -> how many; `unseen`: what could not be looked into, and why."""

    name: str
    searched: dict[str, int] = field(default_factory=dict)
    finds: set[Find] = field(default_factory=set)
    unseen: list[str] = field(default_factory=list)

    def sift(self, sieve: Sieve, where: str, data: bytes, noun: str = "") -> set[Hit]:
        """Search these bytes, and count them."""
        if noun:
            self.count(noun)
        self.count("bytes", len(data))
        hits = sieve.sift(data)
        self.finds |= {Find(hit.door, where, hit.written) for hit in hits}
        return hits

    def count(self, noun: str, many: int = 1) -> None:
        self.searched[noun] = self.searched.get(noun, 0) + many


@dataclass
class Report:
    """The whole census. `doors`: address or task -> the answers it gave; `sealed`: field -> its rows that held a canary.

    `missing`: what was not gone through; `known`: what stands in clear by its nature. One sentence each.
    """

    places: list[Place]
    doors: dict[str, list[int]]
    sealed: dict[str, int]
    planted: int
    read_back: int
    missing: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)

    @property
    def found(self) -> int:
        return sum(len(place.finds) for place in self.places)

    @property
    def is_clean(self) -> bool:
        """Nothing found, everything planted, and at least one place looked into."""
        return not self.found and not self.missing and any(place.searched for place in self.places)

    def as_json(self) -> dict[str, Any]:
        plain = asdict(self)
        for place in plain["places"]:
            place["finds"] = sorted(astuple(find) for find in place["finds"])
        return plain


def from_json(plain: dict[str, Any]) -> Report:
    """The report that `as_json` wrote."""
    places = [Place(**{**place, "finds": {Find(*find) for find in place["finds"]}}) for place in plain["places"]]
    return Report(**{**plain, "places": places})


def lines(report: Report) -> Iterator[str]:
    """The table, what was found, what could not be looked into, and one sentence."""
    rows = [("Place", "Searched", "Found"), *(_row(place) for place in report.places)]
    wide = [max(len(row[column]) for row in rows) for column in (0, 1)]
    yield from (f"{place:{wide[0]}}  {searched:{wide[1]}}  {found}" for place, searched, found in rows)
    yield ""
    yield f"{report.planted} canaries through {len(report.doors)} doors; {report.read_back} came back to who may read them."
    for place in report.places:
        yield from (f"FOUND in {place.name}: {_in_words(find)}" for find in sorted(place.finds)[:MOST_FINDS])
    yield from (f"NOT PLANTED: {what}" for what in report.missing)
    unseen = [f"{place.name}: {reason}" for place in report.places for reason in place.unseen]
    yield from (f"KNOWN: {what}" for what in report.known)
    yield from (f"NOT LOOKED INTO: {what}" for what in unseen)
    yield verdict(report, len(unseen))


def verdict(report: Report, unseen: int) -> str:
    if report.found:
        return f"Plaintext was found outside the allowed places: {report.found} times. The lines above say where it came in."
    if report.missing:
        return (
            "Nothing was found, but not every door was gone through, so this proves nothing. The lines above say which."
        )
    looked = sum(bool(place.searched) for place in report.places)
    rest = f" {_counted(unseen, 'thing')} could not be looked into: see above." if unseen else ""
    return f"No plaintext was found in any of the {looked} places that were searched.{rest}"


def _row(place: Place) -> tuple[str, str, str]:
    found = str(len(place.finds)) if place.searched else "not looked into"
    return place.name, _counts(place.searched.items()), found + (" *" if place.unseen and place.searched else "")


def _counts(searched: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{many:,} {noun}" for noun, many in searched)


def _counted(many: int, noun: str) -> str:
    return f"{many} {noun}{'' if many == 1 else 's'}"


def _in_words(find: Find) -> str:
    return f"what was planted at “{find.door}” stands in {find.where} ({find.written})"
