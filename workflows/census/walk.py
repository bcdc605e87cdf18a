"""The walk: where everybody stands, and how the next task of the review is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dhr import clock
from dhr.accounts import post
from dhr.accounts.models import User
from dhr.reviews.models import Review
from restricted_docs.models import Document
from workflows.models import Step

from . import papers
from .browser import Browsers, WalkStopped
from .people import People

Answers = dict[str, Any]
MOST_STEPS = 40


class Walk:
    """One review on its way, and the people around it."""

    def __init__(self, browsers: Browsers, people: People) -> None:
        self.browsers, self.people = browsers, people
        self.review: Review

    # ---- short ways to say what somebody does

    def send(self, person: User | None, name: str, /, *keys: Any, **given: Any) -> Any:
        return self.browsers.send(person, name, *keys, **given)

    def read(self, person: User | None, name: str, *keys: Any, **more: Any) -> str:
        """Open a page of which this person may read everything."""
        return str(self.browsers.get(person, name, *keys, **more).body)

    def read_clear(self, person: User | None, name: str, *keys: Any, **more: Any) -> str:
        """Open a page on which nobody should read sealed text."""
        return self.read(person, name, *keys, clear=True, **more)

    def settle(self) -> None:
        """Wait until the post has left."""
        post.at_once()
        post.leave_behind()

    def word(self, door: str) -> str:
        return self.browsers.canaries.word(door)

    def pdf(self, door: str) -> bytes:
        return papers.pdf(self.word(f"{door}: what the paper says"))

    # ---- tasks

    def step(self, node: str, review: Review | None = None, subject: Any = None) -> Step:
        found = Step.objects.filter(review=review or self.review, node=node).open()
        return (found if subject is None else found.filter(subject=subject)).latest("pk")

    def is_open(self, node: str) -> bool:
        return Step.objects.filter(review=self.review, node=node).open().exists()

    def task(self, person: User, node: str, *, step: Step | None = None, **given: Any) -> Any:
        """Do the open task at this node on its own page."""
        return self.send(person, "task", (step or self.step(node)).pk, door=f"task {node}", **given)

    def until(self, *nodes: str) -> str:
        """Do what is next on the main path, as its people would, until a task at one of these nodes is open: which."""
        usual = self.usual()
        for _ in range(MOST_STEPS):
            for node in nodes:
                if self.is_open(node):
                    self.review.refresh_from_db()
                    return node
            ready = next((each for each in usual if self.is_open(each)), None)
            if ready is None:
                break
            by, given = usual[ready]
            self.task(by, ready, **{name: value() if callable(value) else value for name, value in given.items()})
        raise WalkStopped(f"The walk did not reach the task {nodes[0]}.")

    def usual(self) -> dict[str, tuple[User, Answers]]:
        """What is answered where a chapter says nothing else."""
        who = self.people
        passed: Answers = {"result": "passed"}
        return {
            "upload_draft": (who.lead_chair, {"upload": lambda: self.pdf("task upload_draft")}),
            "agree_draft": (who.lead_chair, {"agreed": "yes"}),
            "fact_check": (who.officer, passed),
            "legal_check": (who.officer, passed),
            "check_anonymisation": (who.officer, passed),
            "read_with_family": (who.lead_chair, {"result": "declined"}),
            "sign_off": (who.board_chair, {"signed_off": "yes", "minute": "SST 12"}),
            "prepare_pack": (who.officer, self.pack()),
            "submit_to_home_office": (
                who.officer,
                {"how": "email", "evidence_file": lambda: self.pdf("task submit_to_home_office")},
            ),
        }

    def pack(self) -> Answers:
        """One item uploaded, the others not needed; the report is chosen as it is offered."""
        spare = ("action_plan", "data_form", "cover_note")
        summary: Callable[[], bytes] = lambda: self.pdf("task prepare_pack")  # noqa: E731 - made only when it is sent
        return dict.fromkeys(spare, "not_needed") | {"executive_summary_file": summary}

    def report(self) -> Document:
        report: Document = Document.objects.get(review=self.review, kind="overview_report")
        return report

    @property
    def today(self) -> Any:
        return clock.today()
