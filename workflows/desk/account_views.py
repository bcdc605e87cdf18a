"""Adding to a review's account, and correcting it: names, pseudonym, notification, early learning, panel meetings."""

from __future__ import annotations

from typing import Any

from dhr.reviews import clear_words, identities, learning, panel
from dhr.reviews.models import Notification

from ..steps.correcting import correct_notification
from .access import open_narrative
from .asking import AskOfReview
from .head import KEEPS_IN_TOUCH
from .recording_forms import (
    CorrectNotificationForm,
    LearningForm,
    MeetingForm,
    NameForm,
    PseudonymForm,
    as_recorded,
)

CORRECT = "reviews.correct_record"


class Detail(AskOfReview):
    section = "review-details"


class ChoosePseudonym(Detail):
    may = (CORRECT,)
    heading = "Choose the pseudonym"
    done = "The pseudonym has been saved."

    def form(self, data: Any) -> PseudonymForm:
        return PseudonymForm(data, initial={"pseudonym": self.review.pseudonym})

    def act(self, **answers: Any) -> None:
        identities.choose_pseudonym(self.review, by=self.request.user, **answers)


class AddName(Detail):
    may = ("reviews.record_progress",)
    form_class = NameForm
    heading = "Record a real name"
    consequence = "The name is sealed on its own. Whoever looks at it leaves a line in the access log, each time."
    done = "The name has been sealed."

    def act(self, **answers: Any) -> None:
        identities.record_identity(self.review, by=self.request.user, **answers)
        self.done = f"{self.done} {clear_words.warning(self.review, answers['name'])}".rstrip()


class AddLearning(Detail):
    may = KEEPS_IN_TOUCH
    form_class = LearningForm
    heading = "Record early learning"
    done = "The learning has been recorded. Add what follows from it under Actions."

    def act(self, **answers: Any) -> None:
        learning.record_learning(self.review, by=self.request.user, **answers)


class AddMeeting(Detail):
    may = KEEPS_IN_TOUCH
    form_class = MeetingForm
    heading = "Record a meeting of the panel"
    done = "The meeting has been recorded."

    def act(self, **answers: Any) -> None:
        panel.record_meeting(self.review, by=self.request.user, **answers)


class CorrectNotification(Detail):
    may = (CORRECT,)
    heading = "Correct the notification"
    submit_text = "Save the correction"
    consequence = "The record as it was stays, set aside, with who corrected it, when and why."
    done = "The correction has been saved, and due dates that depend on it have been counted again."

    def form(self, data: Any) -> CorrectNotificationForm:
        open_narrative(self.request, self.review, "correction")
        fact = Notification.objects.standing().filter(review=self.review).last()
        return CorrectNotificationForm(data, initial=as_recorded(self.review, fact) if fact else {})

    def act(self, **answers: Any) -> None:
        form = CorrectNotificationForm(self.request.POST)
        form.is_valid()
        correct_notification(self.review, by=self.request.user, **form.facts())
