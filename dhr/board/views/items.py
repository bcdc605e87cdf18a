"""Items of an agenda: adding one, putting a paper to it, recording what was resolved, closing it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import reverse

from dhr.board import papers
from dhr.board.forms import ConfirmForm, ItemForm, PaperForm, ResolutionForm
from dhr.board.meetings import add_item, close_item, resolve
from dhr.board.reading import members_of_the_board, put_paper
from dhr.reviews.models import Review
from dhr.reviews.recording import RECORD
from dhr.usecase import NotYet, ask

from .pages import ItemPage, MeetingPage, meetings_of


class AddItem(MeetingPage):
    form_class = ItemForm
    done = "The item is on the agenda."
    extra_context = {"heading": "Add an item to the agenda", "submit_text": "Add the item"}

    def get_form_kwargs(self) -> dict[str, Any]:
        reviews = Review.objects.filter(partnership=self.meeting.partnership_id).live()
        return super().get_form_kwargs() | {"reviews": list(reviews)}

    def perform(self, form: Any) -> str:
        add_item(self.meeting, by=self.request.user, **form.facts())
        return reverse("meeting", args=[self.meeting.pk])


class PutPaper(ItemPage):
    """For the officer of the review that the item is about."""

    form_class = PaperForm
    done = "The paper is put to the board."
    extra_context = {"heading": "Put a paper to the board", "submit_text": "Put this paper"}

    def check(self, user: Any) -> None:
        if self.item.review is None:
            raise NotYet("This item is about no review, so no paper of a review can be put to it.")
        ask(user, RECORD, self.item.review)

    def get_form_kwargs(self) -> dict[str, Any]:
        found = papers.choices_for(self.item.review, self.request.user)
        members = members_of_the_board(self.item.meeting.partnership_id)
        return super().get_form_kwargs() | {"papers": found, "members": members}

    def get_initial(self) -> dict[str, Any]:
        named = self.item.readers.named().values_list("user_id", flat=True)
        return {"paper": str(self.item.paper or ""), "readers": [str(key) for key in named]}

    def perform(self, form: Any) -> str:
        paper = UUID(form.cleaned_data["paper"])
        put_paper(self.item, by=self.request.user, paper=paper, readers=form.chosen())
        return reverse("meeting", args=[self.item.meeting_id])


class CloseItem(ItemPage):
    form_class = ConfirmForm
    template_name = "board/confirm.html"
    done = "The item is closed."
    extra_context = {
        "heading": "Close this item",
        "submit_text": "Close the item",
        "sentence": "The members named for its paper cannot open it any more. This cannot be taken back.",
    }

    def perform(self, form: Any) -> str:
        close_item(self.item, by=self.request.user)
        return reverse("meeting", args=[self.item.meeting_id])


class Resolve(ItemPage):
    form_class = ResolutionForm
    done = "The resolution is recorded."
    extra_context = {"heading": "Record what was resolved", "submit_text": "Record the resolution"}

    def get_form_kwargs(self) -> dict[str, Any]:
        later = meetings_of(self.request.user).filter(on__gt=self.item.meeting.on).order_by("on")
        return super().get_form_kwargs() | {"later": list(later)}

    def perform(self, form: Any) -> str:
        resolve(self.item, by=self.request.user, **form.facts())
        return reverse("meeting", args=[self.item.meeting_id])
