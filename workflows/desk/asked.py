"""The questions of one step, put to one person: the step's own form and who is credited, answered together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from dhr.govuk.pages import blame

from ..models import Step
from ..steps.recording import complete_with_papers
from .answers import Typed
from .forms import FORMS
from .forms.credit import CreditForm


def as_sent(typed: Typed) -> QueryDict:
    """Answers that were kept, as if they had just been sent."""
    sent = QueryDict(mutable=True)
    for name, values in typed.items():
        sent.setlist(name, list(values))
    return sent


class Questions:
    """Both forms of a step. Without `data` they are empty; `unfinished` answers are shown without being judged."""

    def __init__(
        self,
        step: Step,
        by: Any,
        data: QueryDict | None = None,
        files: MultiValueDict[str, Any] | None = None,
        *,
        unfinished: bool = False,
    ) -> None:
        given = {"step": step, "by": by, "unfinished": unfinished}
        self.step, self.by = step, by
        self.form = FORMS[step.flow, step.node](data, files, **given)
        self.credit = CreditForm(data, files, about=self.form, **given)

    @property
    def forms(self) -> tuple[Any, Any]:
        return self.form, self.credit

    @property
    def takes_files(self) -> bool:
        return any(form.is_multipart() for form in self.forms)

    def are_valid(self) -> bool:
        faultless = [form.is_valid() for form in self.forms]  # both are asked, so that every fault is shown at once
        return all(faultless)

    def complete(self, *, by: Any, confirmed_by: Any = None) -> Any:
        """Do the step with these answers. Raises what workflows.engine.complete raises."""
        credit = self.credit.credit() | {"confirmed_by": confirmed_by}
        return complete_with_papers(self.step, by=by, credit=credit, **self.form.answers())

    def check_words(self) -> None:
        """Judge words in the clear before a second person is asked to confirm them, who could not mend them."""
        self.form.check_words()

    def blame(self, problem: ValidationError | str) -> None:
        """Put what a use case found wrong beside the question it is about, or at the top."""
        if isinstance(problem, str):
            self.form.add_error(None, problem)
        else:
            blame(problem, *self.forms)

    def read_back(self) -> Iterator[tuple[str, str]]:
        for form in self.forms:
            yield from form.read_back()
