"""Forms with rows: as many as were asked for, without a script. "Add another" sends the form and gets one row more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, cast

from django import forms
from django.http import QueryDict

from .base import StepForm

FIRST_ROWS, MOST_ROWS = 3, 30


class RowsForm(StepForm):
    """A step's form whose questions come in rows. A row is empty where none of its questions has an answer."""

    mark_optional = False
    row_label = "Add another"
    rows = forms.IntegerField(widget=forms.HiddenInput, initial=FIRST_ROWS, required=False, min_value=1)

    def questions(self) -> dict[str, Callable[[int], forms.Field]]:
        """For each question of a row, how it is made for the row of this number (from 1)."""
        raise NotImplementedError

    def prepare(self) -> None:
        self._offer_rows(self._asked_for())

    def _asked_for(self) -> int:
        sent = str(self.data.get(self.add_prefix("rows"), "")) if self.is_bound else ""
        return min(int(sent), MOST_ROWS) if sent.isascii() and sent.isdigit() and int(sent) else FIRST_ROWS

    def _offer_rows(self, count: int) -> None:
        self.row_count = count
        for number in range(1, count + 1):
            for name, make in self.questions().items():
                self.fields[f"{name}_{number}"] = make(number)
        self._last_come_last()

    def _last_come_last(self) -> None:
        """What was declared on the class stands below the rows."""
        self.order_fields([name for name in self.fields if name not in self.base_fields])

    def add_row(self) -> None:
        more = min(self.row_count + 1, MOST_ROWS)
        sent = cast(QueryDict, self.data).copy()
        sent[self.add_prefix("rows")] = str(more)
        self.data = sent
        self._offer_rows(more)

    def filled_rows(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Each row with an answer in it: its number, and question -> answer."""
        for number in range(1, self.row_count + 1):
            row = {name: self.cleaned_data.get(f"{name}_{number}") for name in self.questions()}
            if any(row.values()):
                yield number, row

    def demand(self, number: int, row: dict[str, Any], sentences: dict[str, str]) -> None:
        """Say what is missing in a row that was begun."""
        for name, sentence in sentences.items():
            if not row[name] and f"{name}_{number}" not in self.errors:
                self.add_error(f"{name}_{number}", sentence)
