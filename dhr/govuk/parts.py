"""Plain data that the template tags draw. Views make these; templates only place them."""

from dataclasses import dataclass
from typing import Any, NamedTuple

STATES = {"done": "done", "now": "this step", "todo": "not started"}


class Row(NamedTuple):
    """A line of a summary list; url is where its value can be changed or corrected."""

    key: str
    value: Any
    url: str = ""
    action: str = "Change"


class Task(NamedTuple):
    """A line of a task list. Without url it cannot be started yet, and hint says what unlocks it."""

    title: str
    status: str
    url: str = ""
    colour: str = ""
    hint: str = ""


class Column(NamedTuple):
    """A column of a table; sort is its name in the address (?sort=due_on, ?sort=-due_on) if it can be sorted.

    breaks: a word of it that is too long for its line, such as a digest, goes on in the next one.
    """

    label: str
    sort: str = ""
    numeric: bool = False
    breaks: bool = False


class Cell(NamedTuple):
    """A cell that is a link, a tag of a colour, or has a second, smaller line."""

    text: Any
    url: str = ""
    colour: str = ""
    hint: str = ""


class Happening(NamedTuple):
    """An entry of a timeline; `when` and `by` in words."""

    title: str
    when: Any = ""
    by: Any = ""
    text: str = ""
    url: str = ""
    link: str = ""


class Step(NamedTuple):
    """A step of the bar on a review's page; state is done, now or todo."""

    label: str
    state: str

    @property
    def words(self) -> str:
        return STATES[self.state]


@dataclass(frozen=True)
class Heading:
    """A column as drawn: with the address that sorts by it."""

    label: str
    numeric: bool
    sort: str
    url: str
    direction: str
    breaks: bool = False


class Page(NamedTuple):
    """A page number of a pagination; no url stands for pages left out."""

    number: int | str
    url: str
    current: bool


class Problem(NamedTuple):
    """A line of an error summary and the id of the control it leads to."""

    text: str
    target: str
