"""A process as plain data: stages from top to bottom, steps in them, and what follows what; and the same in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """Where a step stands."""

    DONE = "done"
    NOW = "now"
    TODO = "todo"
    SKIPPED = "skipped"


WORDS = {Status.DONE: "Done", Status.NOW: "You are here", Status.TODO: "To do", Status.SKIPPED: "Not needed"}


@dataclass(frozen=True)
class Node:
    """A step. key: its name in edges; count: progress of several alike, as "2 of 3"; note: a date or who, in words."""

    key: str
    label: str
    status: Status = Status.TODO
    count: str = ""
    note: str = ""

    @property
    def words(self) -> str:
        """The status in words, with the count: "You are here, 2 of 3"."""
        return f"{WORDS[self.status]}, {self.count}" if self.count else WORDS[self.status]


@dataclass(frozen=True)
class Lane:
    """A stage. nodes: its steps from top to bottom; a tuple or list stands for steps side by side."""

    title: str
    nodes: Sequence[Node | Sequence[Node]]

    @property
    def rows(self) -> list[list[Node]]:
        return [[entry] if isinstance(entry, Node) else list(entry) for entry in self.nodes]


@dataclass(frozen=True)
class Edge:
    """What follows what; label: the answer that leads this way."""

    start: str
    end: str
    label: str = ""


@dataclass(frozen=True)
class ProcessPicture:
    """The whole; raises ValueError if two steps share a key or an edge leads to a step that is not there."""

    title: str
    lanes: Sequence[Lane]
    edges: Sequence[Edge] = ()

    def __post_init__(self) -> None:
        keys = [node.key for node in self.nodes]
        if len(keys) != len(set(keys)):
            raise ValueError("Two steps of the picture have the same key.")
        if lost := {key for edge in self.edges for key in (edge.start, edge.end)} - set(keys):
            raise ValueError(f"Edges name steps that are not in the picture: {', '.join(sorted(lost))}.")

    @property
    def rows(self) -> list[list[Node]]:
        return [row for lane in self.lanes for row in lane.rows]

    @property
    def nodes(self) -> list[Node]:
        return [node for row in self.rows for node in row]

    def row_of(self, key: str) -> int:
        return next(place for place, row in enumerate(self.rows) if any(node.key == key for node in row))

    def goes_back(self, edge: Edge) -> bool:
        """Whether the edge leads to an earlier step, or to one beside it."""
        return self.row_of(edge.end) <= self.row_of(edge.start)


def describe(picture: ProcessPicture) -> list[str]:
    """The picture in words, one sentence or more for each step, in order."""
    return [sentence(picture, lane, node) for lane in picture.lanes for row in lane.rows for node in row]


def sentence(picture: ProcessPicture, lane: Lane, node: Node) -> str:
    note = f" ({node.note})" if node.note else ""
    parts = [f"{lane.title}: {node.label}. {node.words}{note}."]
    labels = {other.key: other.label for other in picture.nodes}
    for edge in picture.edges:
        if edge.start == node.key and (edge.label or picture.goes_back(edge)):
            way = "back to" if picture.goes_back(edge) else "on to"
            parts.append(f"{edge.label or 'From here'}: {way} {labels[edge.end]}.")
    return " ".join(parts)
