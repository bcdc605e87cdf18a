"""Keeping in touch with the family: relatives, their wishes, and each contact."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404

from dhr.reviews import clear_words, family
from dhr.reviews.models import Relative

from .access import open_narrative
from .asking import AskOfReview
from .head import KEEPS_IN_TOUCH
from .recording_forms import ContactForm, RelativeForm, WishesForm


class AddRelative(AskOfReview):
    may = KEEPS_IN_TOUCH
    form_class = RelativeForm
    heading = "Add a relative or friend"
    submit_text = "Add them"
    done = "They have been added."
    section = "review-family"

    def act(self, **answers: Any) -> None:
        answers["has_advocate"] = bool(answers["has_advocate"])
        family.add_relative(self.review, by=self.request.user, **answers)
        self.done = f"{self.done} {clear_words.warning(self.review, answers['name'])}".rstrip()


class OfRelative(AskOfReview):
    may = KEEPS_IN_TOUCH
    section = "review-family"
    relative: Relative

    def find(self, relative: UUID) -> None:
        found = Relative.objects.select_related("identity")
        self.relative = get_object_or_404(found, pk=relative, review=self.review)
        self.relative.review = self.review


class AddContact(OfRelative):
    form_class = ContactForm
    done = "The contact has been recorded."

    @property
    def heading(self) -> str:  # type: ignore[override]
        return f"Record a contact with {self.relative.known_as}"

    def act(self, **answers: Any) -> None:
        family.record_contact(self.relative, by=self.request.user, **answers)


class ChangeWishes(OfRelative):
    done = "Their wishes have been saved."

    @property
    def heading(self) -> str:  # type: ignore[override]
        return f"Wishes of {self.relative.known_as}"

    def form(self, data: Any) -> WishesForm:
        open_narrative(self.request, self.review, "family")
        names = ("wants_contact", "has_advocate", "wishes", "contact_route")
        return WishesForm(data, initial={name: getattr(self.relative, name) for name in names})

    def act(self, **answers: Any) -> None:
        answers["has_advocate"] = bool(answers["has_advocate"])
        family.update_wishes(self.relative, by=self.request.user, **answers)
