"""A second opinion on a whole review in plain Python, written from the description of the process and not from its code.

`Path` is what undoing takes back: the open tasks of the main path and the facts that say where it goes next. `Model` holds
the rest: who is on the review, what runs beside the path, and which steps can be taken back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

STAGES = (
    "notification",
    "decision",
    "chair_appointment",
    "panel",
    "drafting",
    "home_office",
    "publication",
    "action_plan",
    "closed",
)
# Every task of the main path: its stage, and whose it is (who-may).
OFFICER, DECIDES, LEADS = {"officer"}, {"deciding_chair"}, {"lead_chair"}
CHAIRS, WRITERS = {"lead_chair", "chair"}, {"lead_chair", "chair", "report_author"}
TASKS: dict[str, tuple[str, set[str]]] = {
    "scope_with_agencies": ("notification", OFFICER),
    "decide": ("decision", DECIDES),
    "gather_information": ("decision", OFFICER),
    "tell_home_office": ("decision", OFFICER),
    "tell_family": ("decision", OFFICER),
    "await_scrutiny": ("decision", OFFICER),
    "appoint_chairs": ("chair_appointment", OFFICER),
    "wait_for_declarations": ("chair_appointment", set()),
    "convene_panel": ("panel", OFFICER),
    "agree_terms": ("panel", LEADS),
    "open_drafting": ("panel", LEADS),
    "upload_draft": ("drafting", WRITERS),
    "agree_draft": ("drafting", CHAIRS),
    "fact_check": ("drafting", OFFICER),
    "legal_check": ("drafting", OFFICER),
    "check_anonymisation": ("drafting", OFFICER),
    "read_with_family": ("drafting", CHAIRS),
    "sign_off": ("drafting", DECIDES),
    "prepare_pack": ("home_office", OFFICER),
    "submit_to_home_office": ("home_office", OFFICER),
    "record_answer": ("home_office", OFFICER),
    "plan_changes": ("home_office", OFFICER),
    "decide_publication": ("publication", OFFICER),
    "publish": ("publication", OFFICER),
    "complete_action_plan": ("action_plan", OFFICER),
}
CHECKS = {
    "fact_check": "fact",
    "legal_check": "legal",
    "check_anonymisation": "anonymisation",
    "read_with_family": "family",
}
TOLD_OR_SENT = {"tell_home_office", "tell_family", "upload_draft", "submit_to_home_office", "publish"}
WHILE_SUSPENDED = {"await_scrutiny", "record_answer"}  # a letter may come at any time
SEES_THE_REVIEW = {"officer", "deciding_chair", "lead_chair", "chair", "report_author", "panel_member"}


@dataclass(frozen=True)
class Path:
    """Where the review is on its path."""

    open: frozenset[str] = frozenset({"scope_with_agencies"})
    ending: str = ""
    decision: str = ""
    numbered: bool = False
    checks: Mapping[str, str] = field(default_factory=dict)  # the newest result of each kind that has not lapsed
    signed_off: bool = False
    board_again: bool = False  # it was planned that the board sees it again, and it has not
    answer: str = ""

    def to(self, *tasks: str, **facts: Any) -> Path:
        return replace(self, open=frozenset(tasks), **facts)

    def end(self, ending: str, **facts: Any) -> Path:
        return replace(self, open=frozenset(), ending=ending, **facts)


def _scoped(path: Path, given: Mapping[str, Any]) -> Path:
    return path.to("decide")


def _decided(path: Path, given: Mapping[str, Any]) -> Path:
    outcome = given["outcome"]
    decided = replace(path, decision=outcome, numbered=path.numbered or outcome == "review")
    if outcome == "more_information":
        return decided.to("gather_information")
    if outcome in {"not_our_area", "same_death"}:
        return decided.end("passed_on")
    return decided.to("tell_home_office", "tell_family")


def _told(path: Path, given: Mapping[str, Any]) -> Path:
    if path.open:
        return path
    if path.decision == "other_review":
        return path.end("passed_on")
    return path.to("appoint_chairs" if path.decision == "review" else "await_scrutiny")


def _scrutinised(path: Path, given: Mapping[str, Any]) -> Path:
    if given["answer"] == "upheld":
        return path.end("without_review")
    return path.to("appoint_chairs", numbered=True)


def _uploaded(path: Path, given: Mapping[str, Any]) -> Path:
    standing = {kind: result for kind, result in path.checks.items() if kind not in given.get("lapses", ())}
    return path.to("agree_draft", checks=standing)


def _panel_answered(path: Path, given: Mapping[str, Any]) -> Path:
    if not given["agreed"]:
        return path.to("upload_draft")
    missing = [task for task, kind in CHECKS.items() if path.checks.get(kind) in (None, "changes")]
    return path.to(*missing) if missing else _checked(path)


def _check_made(node: str) -> Callable[[Path, Mapping[str, Any]], Path]:
    def made(path: Path, given: Mapping[str, Any]) -> Path:
        path = replace(path, checks={**path.checks, CHECKS[node]: given["result"]})
        if path.open:
            return path
        return path.to("upload_draft") if "changes" in path.checks.values() else _checked(path)

    return made


def _checked(path: Path) -> Path:
    return path.to("sign_off") if not path.signed_off or path.board_again else _cleared_by_the_board(path)


def _cleared_by_the_board(path: Path) -> Path:
    return path.to("prepare_pack" if path.answer in {"", "resubmit"} else "decide_publication")


def _board_answered(path: Path, given: Mapping[str, Any]) -> Path:
    if not given["signed_off"]:
        return path.to("upload_draft")
    return _cleared_by_the_board(replace(path, signed_off=True, board_again=False))


def _home_office_answered(path: Path, given: Mapping[str, Any]) -> Path:
    return path.to("decide_publication" if given["answer"] == "publish" else "plan_changes", answer=given["answer"])


def _planned(path: Path, given: Mapping[str, Any]) -> Path:
    return path.to("upload_draft", board_again=given["board_sees_it_again"])


def _form_decided(path: Path, given: Mapping[str, Any]) -> Path:
    return path.to("complete_action_plan" if given["form"] == "withheld" else "publish")


def _leads_to(task: str) -> Callable[[Path, Mapping[str, Any]], Path]:
    return lambda path, given: path.to(task)


NEXT: dict[str, Callable[[Path, Mapping[str, Any]], Path]] = {
    "scope_with_agencies": _scoped,
    "gather_information": _scoped,
    "decide": _decided,
    "tell_home_office": _told,
    "tell_family": _told,
    "await_scrutiny": _scrutinised,
    "appoint_chairs": _leads_to("wait_for_declarations"),
    "convene_panel": _leads_to("agree_terms"),
    "agree_terms": _leads_to("open_drafting"),
    "open_drafting": _leads_to("upload_draft"),
    "upload_draft": _uploaded,
    "agree_draft": _panel_answered,
    **{task: _check_made(task) for task in CHECKS},
    "sign_off": _board_answered,
    "prepare_pack": _leads_to("submit_to_home_office"),
    "submit_to_home_office": _leads_to("record_answer"),
    "record_answer": _home_office_answered,
    "plan_changes": _planned,
    "decide_publication": _form_decided,
    "publish": _leads_to("complete_action_plan"),
    "complete_action_plan": lambda path, given: path.end("closed"),
}


@dataclass
class Appointed:
    """Somebody appointed who has not stood down."""

    role: str
    by_the_step: bool
    declared: bool = False


@dataclass
class Request:
    """An agency request: asked, returned, or settled; its author and signatory."""

    kind: str
    state: str = "asked"
    people: tuple[str, ...] = ()


@dataclass
class Planned:
    """An action of the plan, and its owner if it has one."""

    owner: str = ""
    settled: bool = False


@dataclass
class Model:
    """One review as it should be."""

    path: Path = field(default_factory=Path)
    done: list[tuple[str, Path]] = field(default_factory=list)  # main steps that stand, each with the path before it
    suspended: bool = False
    cancelled: bool = False
    joined: set[tuple[str, str]] = field(
        default_factory=lambda: {("officer", "officer"), ("board_chair", "deciding_chair")}
    )
    appointed: dict[str, Appointed] = field(default_factory=dict)
    requests: dict[Any, Request] = field(default_factory=dict)
    actions: dict[Any, Planned] = field(default_factory=dict)
    beside: set[str] = field(default_factory=set)  # open side tasks of the review as a whole
    opened: set[str] = field(default_factory=set)  # side tasks open once
    uploader: str = ""

    # ---- what is true now
    @property
    def ended(self) -> bool:
        return bool(self.path.ending) or self.cancelled

    @property
    def stage(self) -> str:
        return "closed" if self.ended else min((TASKS[task][0] for task in self.path.open), key=STAGES.index)

    @property
    def can_be_done(self) -> list[str]:
        """The tasks of the main path somebody could do now."""
        tasks = self.path.open - {"wait_for_declarations"}
        return [] if self.ended else sorted(tasks & WHILE_SUSPENDED if self.suspended else tasks)

    @property
    def side_tasks(self) -> list[str]:
        """The open tasks beside the path, one name for each. A review that has ended keeps them, should its end be undone."""
        if self.cancelled:
            return []
        asked = ["return_account" for request in self.requests.values() if request.state == "asked"]
        returned = ["sign_account" for request in self.requests.values() if request.state == "returned"]
        declarations = ["declare_independence" for one in self.appointed.values() if not one.declared]
        return sorted([*self.beside, *asked, *returned, *declarations])

    @property
    def members(self) -> set[tuple[str, str]]:
        """Everybody's roles on the review today."""
        agencies = {
            part
            for request in self.requests.values()
            for part in zip(request.people, ("agency_author", "agency_signatory"), strict=False)
        }
        return self.joined | agencies | {(one.owner, "action_owner") for one in self.actions.values() if one.owner}

    def people(self, *roles: str) -> list[str]:
        return sorted({person for person, role in self.members if role in roles})

    def may(self, person: str, node: str) -> bool:
        return person in self.people(*TASKS[node][1])

    def sees(self, person: str) -> bool:
        return person in self.people(*SEES_THE_REVIEW)

    @property
    def waiting_agencies(self) -> bool:
        return any(
            request.state in {"asked", "returned"} for request in self.requests.values() if request.kind != "scoping"
        )

    def has_to_wait(self, node: str, given: Mapping[str, Any]) -> bool:
        """Sign-off waits for the agencies, closing for the actions."""
        if node == "sign_off":
            return bool(given["signed_off"]) and self.waiting_agencies
        return node == "complete_action_plan" and not all(one.settled for one in self.actions.values())

    # ---- what happens
    def do(self, node: str, given: Mapping[str, Any]) -> None:
        before = self.path
        self.path = NEXT[node](replace(before, open=before.open - {node}), given)
        self.done.append((node, before))
        if node == "scope_with_agencies" or given.get("outcome") in {"review", "no_review", "other_review"}:
            self._open_once("share_early_learning")
        if given.get("outcome") in {"review", "no_review", "other_review"}:
            self._open_once("keep_in_touch")
        if given.get("signed_off"):
            self._open_once("send_commissioners_copy")
        if self.ended:
            self.suspended = False

    def _open_once(self, task: str) -> None:
        if task not in self.opened:
            self.opened.add(task)
            self.beside.add(task)

    def may_undo(self) -> bool:
        """Whether the latest step can be taken back: not what was told or sent, not appointments somebody acted upon."""
        if not self.done or self.cancelled or self.done[-1][0] in TOLD_OR_SENT:
            return False
        if self.done[-1][0] != "appoint_chairs":
            return True
        of_the_step = [one for one in self.appointed.values() if one.by_the_step]
        return bool(of_the_step) and not any(one.declared for one in of_the_step)

    def undo(self) -> str:
        node, before = self.done.pop()
        self.path = before
        if node == "appoint_chairs":
            self.appointed = {who: one for who, one in self.appointed.items() if not one.by_the_step}
        if node == "convene_panel":
            self.joined.discard(("panel_member", "panel_member"))
        return node

    def appoint(self, who: str, role: str, *, by_the_step: bool) -> None:
        self.appointed[who] = Appointed(role, by_the_step)

    def declare(self, who: str) -> None:
        self.appointed[who].declared = True
        self.joined.add((who, self.appointed[who].role))
        self.go_on()

    def stand_down(self, who: str) -> None:
        self.joined.discard((who, self.appointed.pop(who).role))
        self.go_on()

    def go_on(self) -> None:
        """The path waits for declarations no longer than it must."""
        standing = self.appointed.values()
        led = any(one.role == "lead_chair" for one in standing)
        if "wait_for_declarations" in self.path.open and led and all(one.declared for one in standing):
            self.path = self.path.to("convene_panel")

    def make_lead(self, who: str) -> None:
        for person, one in self.appointed.items():
            role = "lead_chair" if person == who else "chair" if one.role == "lead_chair" else one.role
            if one.declared:
                self.joined = self.joined - {(person, one.role)} | {(person, role)}
            one.role = role
        self.go_on()
