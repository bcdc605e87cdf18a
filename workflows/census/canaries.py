"""Canaries: words that stand in no dictionary, one for each door, so that a find names the door it came through.

All of one run begin with the same stem, made anew for each run, and end with letters of their own. Letters only:
quoting, escaping and folding for an address, JSON or HTML leave them as they are, and a word cut short is still found
by its stem.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import date, timedelta

VOWELS, CONSONANTS = "aeiou", "bdfgklmnprstvz"
SYLLABLES = 5
OWN_LETTERS = 4
TAIL = "ix"  # base64 mixes the last letters with what follows: these two may be lost
FIRST_DAY, DAYS = date(1900, 2, 1), 7_000
BIRTH = "a date of birth"
UNKNOWN = "a canary cut short"


def make_stem() -> str:
    """The beginning of every word of one run: long enough that nothing else begins so."""
    return "Z" + "".join(secrets.choice(VOWELS) + secrets.choice(CONSONANTS) for _ in range(SYLLABLES))


def make_birthday() -> date:
    """A day on which nobody else in a scratch deployment is born, and nothing happens."""
    return FIRST_DAY + timedelta(days=secrets.randbelow(DAYS))


@dataclass
class Canaries:
    """What was planted. `words`: door -> its word."""

    stem: str = field(default_factory=make_stem)
    born: date = field(default_factory=make_birthday)
    words: dict[str, str] = field(default_factory=dict)

    def word(self, door: str) -> str:
        """The word of this door, made the first time it is asked for."""
        return self.words.setdefault(door, self.stem + _letters(len(self.words)) + TAIL)

    def among(self, text: str) -> set[str]:
        """The doors whose words stand in this text as they were planted."""
        return {door for door, word in self.words.items() if word in text} if self.stem in text else set()

    def birthdays(self) -> tuple[str, ...]:
        """The day of birth as it may be written."""
        day = self.born
        return f"{day:%Y-%m-%d}", f"{day:%-d %B %Y}", f"{day:%d/%m/%Y}", f"{day:%d.%m.%Y}", f"{day:%Y%m%d}"


def _letters(number: int) -> str:
    found = ""
    for _ in range(OWN_LETTERS):
        number, place = divmod(number, 26)
        found = chr(ord("a") + place) + found
    return found
