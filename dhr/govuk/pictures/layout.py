"""Where everything of a process picture goes, in pixels, before anything is drawn.

Lines never cross words: stage names have a column of their own at the left; between two rows of steps lies a channel
with, from top to bottom, a zone for labels (only lines that leave the row above pass it, each beside its own label), a
track for each sideways line, and a zone for arrow heads. Lines that skip rows run in a gutter at the right, lines that
lead back in one at the left.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from .process import Edge, Lane, Node, ProcessPicture
from .svg import LINE, wrap

WIDTH = 1000.0
TITLES = 150.0  # column of the stage names
MARGIN, GAP, PAD = 12.0, 28.0, 12.0
WIDEST = 300.0  # of a step
LABEL, SMALL, NOTE = 15, 13, 13  # font sizes
TRACK, HEADS, TAIL = 12.0, 20.0, 8.0
PATH = 14.0  # between two lines in a gutter


@dataclass
class Box:
    """A step in its place."""

    node: Node
    x: float
    wide: float
    y: float = 0.0
    high: float = 0.0

    @property
    def lines(self) -> list[str]:
        return wrap(self.node.label, self.wide - 2 * PAD - 10, LABEL, bold=True)

    @property
    def notes(self) -> list[str]:
        return wrap(self.node.note, self.wide - 2 * PAD - 10, NOTE)

    @property
    def needs(self) -> float:
        """Height that the words ask for."""
        return 2 * PAD + (len(self.lines) * LABEL + (1 + len(self.notes)) * SMALL) * LINE + 4

    @property
    def middle(self) -> float:
        return self.x + self.wide / 2


@dataclass
class Way:
    """An edge in its place: the points of its line, and its label."""

    edge: Edge
    back: bool
    out: float  # x where it leaves its step
    into: float  # x where it reaches the other
    points: list[tuple[float, float]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    words_y: float = 0.0


@dataclass
class Channel:
    """The room between two rows. tracks: what runs along each track -> number of the track."""

    tracks: dict[tuple[str, str], int] = field(default_factory=dict)
    label_lines: int = 0
    top: float = 0.0

    def track(self, run: tuple[str, str]) -> int:
        return self.tracks.setdefault(run, len(self.tracks))

    @property
    def labels(self) -> float:
        return self.label_lines * SMALL * LINE + TAIL

    @property
    def high(self) -> float:
        return self.labels + len(self.tracks) * TRACK + HEADS

    def y(self, run: tuple[str, str]) -> float:
        return self.top + self.labels + (self.tracks[run] + 0.5) * TRACK


@dataclass
class Layout:
    """The finished plan. bands: (stage, top, bottom)."""

    boxes: dict[str, Box]
    ways: list[Way]
    bands: list[tuple[Lane, float, float]]
    height: float


def plan(picture: ProcessPicture) -> Layout:
    return Planner(picture).plan()


class Planner:
    def __init__(self, picture: ProcessPicture) -> None:
        self.picture = picture
        self.rows = picture.rows
        self.row = {node.key: place for place, row in enumerate(self.rows) for node in row}
        self.back = [edge for edge in picture.edges if self.row[edge.end] <= self.row[edge.start]]
        self.far = [edge for edge in picture.edges if self.row[edge.end] > self.row[edge.start] + 1]
        self.left, self.right = self._paths(self.back), self._paths(self.far)
        self.channels = [Channel() for _ in range(len(self.rows) + 1)]  # channel n lies above row n

    def plan(self) -> Layout:
        boxes = {box.node.key: box for row in self.rows for box in self._row_of_boxes(row)}
        ways = self._ways(boxes)
        for way in sorted(ways, key=lambda way: not way.back):  # lines back turn off first: they cross fewer others
            for number, run in self._runs(way):
                self.channels[number].track(run)
        self._break_labels(boxes, ways)
        bands, height = self._heights(boxes)
        for way in ways:
            self._trace(way, boxes)
        return Layout(boxes, ways, bands, height)

    def _paths(self, edges: list[Edge]) -> dict[Edge, int]:
        """A path in the gutter for each edge; two edges share one if they never run beside each other."""
        taken: list[list[tuple[int, int]]] = []
        chosen: dict[Edge, int] = {}
        for edge in sorted(edges, key=lambda edge: abs(self.row[edge.end] - self.row[edge.start])):
            twin = next((other for other in chosen if self._fork(edge) == self._fork(other)), None)
            if twin:
                chosen[edge] = chosen[twin]
                continue
            first, last = sorted((self.row[edge.start], self.row[edge.end]))
            free = (place for place, spans in enumerate(taken) if all(last < a or b < first for a, b in spans))
            place = next(free, len(taken))
            taken.extend([[]] if place == len(taken) else [])
            taken[place].append((first - 1, last + 1))
            chosen[edge] = place
        return chosen

    def _fork(self, edge: Edge) -> tuple[str, str, int]:
        """Edges that leave one step with one answer for one row are drawn as a single line that parts."""
        return edge.start, edge.label, self.row[edge.end]

    def _row_of_boxes(self, row: list[Node]) -> Iterable[Box]:
        first = TITLES + self._gutter(self.left)
        room = WIDTH - MARGIN - self._gutter(self.right) - first
        wide = min(WIDEST, (room - GAP * (len(row) - 1)) / len(row))
        start = first + (room - wide * len(row) - GAP * (len(row) - 1)) / 2
        for place, node in enumerate(row):
            yield Box(node, start + place * (wide + GAP), wide)

    def _gutter(self, paths: dict[Edge, int]) -> float:
        return 2 * MARGIN + PATH * (max(paths.values(), default=-1) + 1)

    def _ways(self, boxes: dict[str, Box]) -> list[Way]:
        leaving: dict[str, list[Edge]] = defaultdict(list)
        for edge in self.picture.edges:
            leaving[edge.start].append(edge)
        ways = []
        for edge in self.picture.edges:
            start, end = boxes[edge.start], boxes[edge.end]
            back = edge in self.back
            returning = any(other.end == edge.end for other in self.back)
            into = end.middle + (end.wide / 4 if returning else 0) * (-1 if back else 1) if returning else end.middle
            ways.append(Way(edge, back, self._port(start, edge, leaving[edge.start]), into))
        return ways

    def _port(self, box: Box, edge: Edge, leaving: list[Edge]) -> float:
        """Where an edge leaves: one place for each answer, side by side, those that lead back leftmost."""
        ordered = sorted(leaving, key=lambda other: (other not in self.back, other in self.far, leaving.index(other)))
        answers = list(dict.fromkeys((other.label, other in self.back) for other in ordered))
        return box.x + box.wide * (answers.index((edge.label, edge in self.back)) + 0.5) / len(answers)

    def _runs(self, way: Way) -> list[tuple[int, tuple[str, str]]]:
        """The sideways runs of an edge: number of the channel, and what shares the track."""
        edge, below, above = way.edge, self.row[way.edge.start] + 1, self.row[way.edge.end]
        if edge in self.back or edge in self.far:
            arriving = f"{edge.end} back" if way.back else edge.end
            return [(below, ("from", f"{edge.start} {way.out}")), (above, self._shared(edge, arriving))]
        if abs(way.out - way.into) < 1:
            return []
        return [(below, self._shared(edge, edge.end))]

    def _shared(self, edge: Edge, arriving: str) -> tuple[str, str]:
        """Lines that part from one answer share a track; else those that meet at one step do."""
        together = [other for other in self.picture.edges if self._fork(other) == self._fork(edge)]
        return ("fork", f"{edge.start} {edge.label}") if len(together) > 1 else ("to", arriving)

    def _break_labels(self, boxes: dict[str, Box], ways: list[Way]) -> None:
        labelled = {(way.edge.start, way.edge.label): way for way in reversed(ways) if way.edge.label}
        for way in labelled.values():
            row = self.row[way.edge.start]
            others = [other.out for other in ways if self.row[other.edge.start] == row and other.out > way.out + 1]
            end = min([*others, WIDTH - MARGIN - self._gutter(self.right)])
            way.words = wrap(way.edge.label, end - way.out - 2 * TAIL, SMALL)
            channel = self.channels[row + 1]
            channel.label_lines = max(channel.label_lines, len(way.words))

    def _heights(self, boxes: dict[str, Box]) -> tuple[list[tuple[Lane, float, float]], float]:
        bands, y, number = [], 1.0, 0
        for lane in self.picture.lanes:
            top = y
            for row in lane.rows:
                channel = self.channels[number]
                # The heads of the lines into a stage lie inside it, everything before them in the stage above.
                channel.top = y if number == 0 or y != top else y - (channel.high - HEADS)
                y = channel.top + channel.high
                high = max(boxes[node.key].needs for node in row)
                for node in row:
                    boxes[node.key].y, boxes[node.key].high = y, high
                y, number = y + high, number + 1
            y = max(y + self._below(number), top + self._title_height(lane))
            bands.append((lane, top, y))
        self.channels[number].top = y - self._below(number)
        return bands, y + 1

    def _below(self, number: int) -> float:
        channel = self.channels[number]
        return max(channel.high - HEADS, TAIL) + TAIL / 2

    def _title_height(self, lane: Lane) -> float:
        return 2 * PAD + len(wrap(lane.title, TITLES - 2 * MARGIN, LABEL, bold=True)) * LABEL * LINE

    def _trace(self, way: Way, boxes: dict[str, Box]) -> None:
        start, end = boxes[way.edge.start], boxes[way.edge.end]
        foot, head = start.y + start.high, end.y
        runs = self._runs(way)
        ys = [self.channels[number].y(run) for number, run in runs]
        points = [(way.out, foot)]
        if len(ys) == 2:
            side = self._side(way)
            points += [(way.out, ys[0]), (side, ys[0]), (side, ys[1]), (way.into, ys[1])]
        elif ys:
            points += [(way.out, ys[0]), (way.into, ys[0])]
        way.points = [*points, (way.into, head)]
        way.words_y = foot + TAIL / 2 + SMALL

    def _side(self, way: Way) -> float:
        if way.back:
            return TITLES + self._gutter(self.left) - MARGIN - PATH * self.left[way.edge]
        return WIDTH - MARGIN - self._gutter(self.right) + MARGIN + PATH * self.right[way.edge]
