"""The board's meetings: two of the past with what they resolved, and the next with the joint chairs on its agenda."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from dhr.board.meetings import add_item, add_meeting, close_item, confirm_minutes, issue_agenda, resolve
from dhr.board.models import AgendaItem, BoardMeeting
from dhr.board.reading import put_paper

from .tale import Story, Tale

NOTED = ("That the report be noted.", "noted")
MORE_CHAIRS = "That a further report be submitted to the next meeting regarding the recruitment of independent chairs."
FUNDS = "That partners be asked for further funds for reviews, and the cost of training for new chairs be reported."
USUAL = ("Apologies for absence", "Declarations of interest", "Minutes of the previous meeting")


class Agenda:
    """One meeting as it is put together, issued and minuted by democratic services."""

    def __init__(self, story: Story, on: date) -> None:
        self.story, self.on, self.by = story, on, story.people.democratic
        self.meeting: BoardMeeting
        self.items: dict[str, AgendaItem] = {}

    def added(self, ago: int, venue: str, *, remote: bool = False) -> None:
        def act() -> None:
            self.meeting = add_meeting(
                self.story.partnership, by=self.by, on=self.on, at=time(10), venue=venue, remote=remote
            )

        self.story.on(ago, act)

    def item(self, ago: int, title: str, *, tale: Tale | None = None, **given: Any) -> None:
        def act() -> None:
            review = tale.review if tale else None
            self.items[title] = add_item(self.meeting, by=self.by, title=title, review=review, **given)

        self.story.on(ago, act)

    def issued(self, ago: int) -> None:
        self.story.on(ago, lambda: issue_agenda(self.meeting, by=self.by))

    def resolved(self, ago: int, title: str, *resolutions: tuple[str, str], due: Agenda | None = None) -> None:
        """What was resolved on an item, and the item closed. `due`: the meeting at which a further report is due."""
        for text, kind in resolutions:
            self.story.on(ago, lambda text=text, kind=kind: self._resolve(title, text, kind, due))
        self.story.on(ago, lambda: close_item(self.items[title], by=self.by))

    def _resolve(self, title: str, text: str, kind: str, due: Agenda | None) -> None:
        at = due.meeting if due and kind == "further_report" else None
        resolve(self.items[title], by=self.by, text=text, kind=kind, due_meeting=at)

    def confirmed(self, ago: int, on: date) -> None:
        self.story.on(ago, lambda: confirm_minutes(self.meeting, by=self.by, confirmed_on=on))


def tell(story: Story, joint_chairs: Tale) -> None:
    earlier, last, coming = (Agenda(story, on) for on in (story.board_before, story.last_board, story.next_board))
    _earlier(story, earlier)
    _last(story, last, coming, earlier)
    _next(story, coming, joint_chairs)


def _earlier(story: Story, agenda: Agenda) -> None:
    met = story.ago(agenda.on)
    agenda.added(met + 80, "Northshore Town Hall, committee room 2")
    for title in (*USUAL, "Community safety strategic assessment", "Domestic homicide reviews: update"):
        agenda.item(met + 14, title)
    agenda.issued(met + 9)
    agenda.resolved(
        met - 1, "Minutes of the previous meeting", ("That the minutes be confirmed as a correct record.", "agreed")
    )
    agenda.resolved(met - 1, "Community safety strategic assessment", NOTED)
    agenda.resolved(met - 1, "Domestic homicide reviews: update", NOTED, (FUNDS, "agreed"))


def _last(story: Story, agenda: Agenda, coming: Agenda, earlier: Agenda) -> None:
    met = story.ago(agenda.on)
    agenda.added(met + 85, "Remote meeting", remote=True)
    coming.added(met + 5, "Northshore Town Hall, council chamber")
    update = "Domestic homicide reviews: update"
    for title, kind in (
        *((title, "report") for title in USUAL),
        (update, "report"),
        ("Prevent: update", "verbal"),
        ("Serious violence duty", "presentation"),
        ("Youth justice service: update", "report"),
    ):
        agenda.item(met + 12, title, kind=kind)
    agenda.issued(met + 8)
    agenda.resolved(
        met - 1, "Minutes of the previous meeting", ("That the minutes be confirmed as a correct record.", "agreed")
    )
    agenda.resolved(met - 1, update, NOTED, (MORE_CHAIRS, "further_report"), due=coming)
    agenda.resolved(met - 1, "Prevent: update", ("That the update be noted.", "noted"))
    agenda.resolved(met - 1, "Youth justice service: update", ("That the briefing paper be noted.", "noted"))
    earlier.confirmed(met - 2, agenda.on)


def _next(story: Story, agenda: Agenda, joint_chairs: Tale) -> None:
    """Issued early, so that the named member can open the paper in the demo."""
    report = "Domestic homicide review: report of the joint chairs"
    for title in USUAL:
        agenda.item(12, title)
    agenda.item(12, report, tale=joint_chairs, presented_by="Joint chairs")
    agenda.item(12, "Domestic homicide reviews: update", presented_by="Community safety")
    agenda.item(11, "Recruitment of independent chairs for reviews", presented_by="Community safety", late=True)
    agenda.item(11, "Prevent: update", kind="verbal")
    story.on(
        7,
        lambda: put_paper(
            agenda.items[report],
            by=joint_chairs.officer,
            paper=joint_chairs.papers["overview"].pk,
            readers=[story.people.board_member],
        ),
    )
    agenda.issued(5)
