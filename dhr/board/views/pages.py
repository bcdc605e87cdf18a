"""What the form pages of this package share: one permission, one use case, every refusal beside its question."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.urls import reverse

from dhr.board.meetings import MANAGE
from dhr.board.models import AgendaItem, BoardMeeting
from dhr.govuk.pages import UseCasePage
from dhr.usecase import ask, one_of

VIEW = "board.view_summary"


def meetings_of(user: Any) -> Any:
    """The meetings of this person's board. Raises Refused for whoever may not see its summary."""
    ask(user, VIEW, None)
    return BoardMeeting.objects.of_partnership(user.partnership_id)


class BoardPage(UseCasePage):
    """A form for those who manage the board's meetings."""

    def check(self, user: Any) -> None:
        ask(user, MANAGE, None)


class MeetingPage(BoardPage):
    """A form about one meeting."""

    @cached_property
    def meeting(self) -> BoardMeeting:
        user = self.request.user
        found: BoardMeeting = one_of(meetings_of(user), self.kwargs["pk"], by=user, permission=VIEW)
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {"caption": str(self.meeting), "back_url": reverse("meeting", args=[self.meeting.pk])}
        return words | super().get_context_data(**kwargs)


class ItemPage(BoardPage):
    """A form about one item of an agenda."""

    @cached_property
    def item(self) -> AgendaItem:
        user = self.request.user
        items = AgendaItem.objects.filter(meeting__in=meetings_of(user)).select_related("meeting", "review")
        found: AgendaItem = one_of(items, self.kwargs["pk"], by=user, permission=VIEW)
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        one = self.item
        words = {"caption": f"Item {one.number}: {one.title}", "back_url": reverse("meeting", args=[one.meeting_id])}
        return words | super().get_context_data(**kwargs)
