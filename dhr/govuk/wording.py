"""Words that stand in the clear: where they seem to name somebody, the form asks for a tick before they are kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .fields import Confirmation
from .forms import GovukForm

NAMES = "names"  # the code of the refusal that a person may answer with "I have checked"


class WordingForm(GovukForm):
    """A form of which the answers named in `in_clear` are not sealed. The use case judges the words, with a refusal of the
    code "names"; only then is the tick asked for, and given to the use case as `names_checked`."""

    in_clear: Sequence[str] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.in_clear and self.data.get(self.add_prefix("names_checked")):
            self._ask()

    def add_error(self, field: str | None, error: Any) -> None:
        super().add_error(field, error)
        if self.in_clear and any(one.code == NAMES for one in self.errors.as_data().get(field or "", [])):
            self._ask()

    def _ask(self) -> None:
        self.fields["names_checked"] = Confirmation(
            label="I have checked these words: they name nobody of the review", required=False
        )
