"""What the form pages of this package share: one permission, one use case, every refusal beside its question."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import FormView

from dhr.board.meetings import MANAGE
from dhr.board.models import AgendaItem, BoardMeeting
from dhr.usecase import ask

VIEW = "board.view_summary"


def meetings_of(user: Any) -> Any:
    """The meetings of this person's board. Raises Refused for whoever may not see its summary."""
    ask(user, VIEW, None)
    return BoardMeeting.objects.of_partnership(user.partnership_id)


class UseCasePage(FormView):
    """A form that calls one use case in `perform`, which answers the address to go on to. A bad form answers 422."""

    template_name = "govuk/form_page.html"
    done = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.check(request.user)
        return super().dispatch(request, *args, **kwargs)

    def check(self, user: Any) -> None:
        """Raise Refused unless this person may use the page."""
        ask(user, MANAGE, None)

    def perform(self, form: Any) -> str:
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            address = self.perform(form)
        except ValidationError as error:
            blame(form, error)
            return self.form_invalid(form)
        messages.success(self.request, self.done)
        return redirect(address)

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


def blame(form: Any, error: ValidationError) -> None:
    """Show what a use case refused beside the question it is about, or above the form."""
    found = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
    for name, errors in found.items():
        form.add_error(name if name in form.fields else None, errors)


class MeetingPage(UseCasePage):
    """A form about one meeting."""

    @cached_property
    def meeting(self) -> BoardMeeting:
        found: BoardMeeting = get_object_or_404(meetings_of(self.request.user), pk=self.kwargs["pk"])
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {"caption": str(self.meeting), "back_url": reverse("meeting", args=[self.meeting.pk])}
        return words | super().get_context_data(**kwargs)


class ItemPage(UseCasePage):
    """A form about one item of an agenda."""

    @cached_property
    def item(self) -> AgendaItem:
        items = AgendaItem.objects.filter(meeting__in=meetings_of(self.request.user)).select_related(
            "meeting", "review"
        )
        return get_object_or_404(items, pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        one = self.item
        words = {"caption": f"Item {one.number}: {one.title}", "back_url": reverse("meeting", args=[one.meeting_id])}
        return words | super().get_context_data(**kwargs)
