"""The process picture of one review, from the flow's own graph and the steps that were made: loops and parallel parts too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from dhr.govuk.dates import written
from dhr.govuk.pictures import Edge, Lane, Node, ProcessPicture, Status
from dhr.reviews.models import Commission, Review
from dhr.reviews.vocabulary import SETTLED, STAGES, Ending, Stage

from ..flows.review import ReviewFlow
from ..models import Step
from ..nodes import StepNode, WaitNode
from .jobs import FLOWS

END = "end"
SIDE_ROWS = (
    (("LearningFlow", "share_early_learning"), ("FamilyFlow", "keep_in_touch")),
    (("AppointmentFlow", "declare_independence"), ("CommissionersCopyFlow", "send_commissioners_copy")),
)
REQUESTS = "agency_requests"
# What an answer of a gate says. An answer that is not here needs no words.
ANSWERS = {
    ("is_more_information_needed", "yes"): "More needed",
    ("is_review_required", "yes"): "Review",
    ("is_no_review", "yes"): "No review",
    ("was_a_review_directed", "yes"): "Directed",
    ("was_a_review_directed", "no"): "Upheld",
    ("is_draft_agreed", "yes"): "Agreed",
    ("is_draft_agreed", "no"): "Sent back",
    ("are_changes_needed", "yes"): "Changes needed",
    ("did_the_board_sign_off", "yes"): "Signed off",
    ("did_the_board_sign_off", "no"): "Changes asked",
    ("may_it_be_published_as_it_is", "yes"): "Publish",
    ("may_it_be_published_as_it_is", "no"): "Changes first",
    ("is_anything_published", "no"): "Withheld",
}
# In a later round what was settled before is passed by. Drawn, these lines would bury the path; the steps show it.
PASSED_BY = {
    ("must_people_be_told", "no"),  # passed on to somebody else: the end says so
    ("is_any_check_needed", "no"),
    ("must_the_board_see_it", "no"),
    ("must_it_be_submitted", "no"),
    ("is_no_review", "no"),
}


def process_picture(review: Review, steps: Sequence[Step]) -> ProcessPicture:
    """Where this review stands: a step with an open task is now; else one done and not undone is done; else to do."""
    drawing = _Drawing(review, steps)
    lanes = [Lane(str(Stage(stage).label), list(drawing.rows(stage))) for stage in STAGES[:-1]]
    lanes.append(Lane(str(Stage.CLOSED.label), [drawing.end()]))
    lanes.append(Lane("Beside the main path", list(drawing.side())))
    return ProcessPicture(f"The process of {review.reference}", lanes, list(dict.fromkeys(edges())))


def boxes() -> list[Any]:
    """The nodes that are drawn, in the order of the flow: tasks and waits. Gates are not; lines pass through them."""
    named = {node.name: node for node in ReviewFlow.instance.nodes() if isinstance(node, StepNode | WaitNode)}
    return [named[name] for name in vars(ReviewFlow) if name in named]  # as written; viewflow sorts them by name


def edges() -> Iterator[Edge]:
    """What follows what, from box to box, with the answer that leads there."""
    for node in boxes():
        for end, label in _ways(node, ""):
            yield Edge(node.name, end, label)


def _ways(node: Any, label: str) -> Iterator[tuple[str, str]]:
    for edge in node._outgoing():  # noqa: SLF001 - viewflow's only way to read the graph
        answer = (node.name, edge.label or "")
        if answer in PASSED_BY:
            continue
        words = ANSWERS.get(answer, label)
        if isinstance(edge.dst, StepNode | WaitNode):
            yield edge.dst.name, words
        elif edge.dst.task_type == "END":
            yield END, words
        else:
            yield from _ways(edge.dst, words)


def _parallel(node: Any) -> str:
    """The split that this node comes out of: such nodes stand side by side."""
    sources = [edge.src for edge in node._incoming_edges]  # noqa: SLF001
    return next((source.name for source in sources if source.task_type == "PARALLEL_GATEWAY"), node.name)


class _Drawing:
    def __init__(self, review: Review, steps: Sequence[Step]) -> None:
        self.review = review
        self.steps: dict[tuple[str, str], list[Step]] = {}
        for step in steps:
            self.steps.setdefault((step.flow, step.node), []).append(step)

    def rows(self, stage: str) -> Iterator[list[Node]]:
        together: dict[str, list[Node]] = {}
        for node in boxes():
            if node.stage == stage:
                drawn = self.main(node)
                together.setdefault(_parallel(node), []).append(drawn)
        yield from together.values()

    def main(self, node: Any) -> Node:
        steps = self.steps.get(("ReviewFlow", node.name), [])
        status = status_of(steps)
        if status is Status.TODO and self._is_past(node.stage):
            status = Status.SKIPPED
        rounds = [step for step in steps if _stands(step)]
        count = f"{len(rounds)} times" if len(rounds) > 1 else ""
        return Node(node.name, node.task_title, status, count=count, note=note_of(steps, status))

    def _is_past(self, stage: str) -> bool:
        """Nothing more is done at this stage: what was not needed there will not be."""
        return not self.review.is_open or STAGES.index(stage) < STAGES.index(self.review.stage)

    def end(self) -> Node:
        review = self.review
        if review.is_open:
            return Node(END, str(Ending.CLOSED.label), note="sooner if passed on or not reviewed")
        note = written(review.closed_at.date()) if review.closed_at else ""
        return Node(END, str(Ending(review.ending).label), Status.DONE, note=note)

    def side(self) -> Iterator[list[Node]]:
        for row in SIDE_ROWS:
            yield [
                self._beside(FLOWS[flow].instance.node(name), self.steps.get((flow, name), [])) for flow, name in row
            ]
        yield [self._requests()]

    def _beside(self, node: Any, steps: list[Step]) -> Node:
        status = status_of(steps)
        if status is Status.TODO and not self.review.is_open:
            status = Status.SKIPPED
        several = len(steps) > 1
        count = f"{sum(map(_stands, steps))} of {len(_live(steps))}" if several else ""
        return Node(node.name, node.task_title, status, count=count, note="" if several else note_of(steps, status))

    def _requests(self) -> Node:
        """All agency requests as one box: how many are settled, of how many."""
        states = list(Commission.objects.filter(review=self.review).values_list("state", flat=True))
        settled = sum(state in SETTLED for state in states)
        if not states:
            return Node(REQUESTS, "Agency requests", Status.TODO if self.review.is_open else Status.SKIPPED)
        status = Status.DONE if settled == len(states) else Status.NOW
        return Node(REQUESTS, "Agency requests", status, count=f"{settled} of {len(states)}")


def _stands(step: Step) -> bool:
    """Done by a person, or passed by itself, and not undone."""
    return step.undone_at is None and (step.done_at is not None or (step.waits and not step.is_open))


def _live(steps: Iterable[Step]) -> list[Step]:
    """Open or done; neither withdrawn nor undone."""
    return [step for step in steps if step.is_open or _stands(step)]


def status_of(steps: Sequence[Step]) -> Status:
    """Any open is now; else any done and not undone is done; else to do."""
    if any(step.is_open for step in steps):
        return Status.NOW
    return Status.DONE if any(_stands(step) for step in steps) else Status.TODO


def note_of(steps: Sequence[Step], status: Status) -> str:
    """When it was done last, or when it is due."""
    if status is Status.NOW:
        due = [step.due_on for step in steps if step.is_open and step.due_on]
        return f"due {written(min(due))}" if due else ""
    done = [step.done_on for step in steps if step.done_on and _stands(step)]
    return written(max(done)) if status is Status.DONE and done else ""


def listed(picture: ProcessPicture, open_urls: dict[str, str]) -> list[tuple[str, str, str, str]]:
    """The picture as rows: step, stage, state, date; with the address of the task where one is open."""
    return [
        (node.label, lane.title, f"{node.words}{f', {node.note}' if node.note else ''}", open_urls.get(node.key, ""))
        for lane in picture.lanes
        for row in lane.rows
        for node in row
    ]
