"""The question "which file?" for files that were sealed on their way in, and that need not be sent twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from dhr.govuk.fields import Question, size

from .parking import token_of
from .sniffing import ACCEPTED, WORDS
from .upload import RefusedUpload, SealedUpload

PARKED, CALLED, REFUSED = "_parked", "_called", "_refused"


class SealedFileInput(forms.FileInput):
    """A file input; beneath it, when the rest of the form was not right, the file that is already here."""

    template_name = "restricted_docs/sealed_file_input.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.waiting: SealedUpload | None = None

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        waiting = self.waiting
        if waiting is not None and waiting.parked is not None:
            context["widget"]["waiting"] = {
                "parked": f"{name}{PARKED}",
                "token": token_of(waiting),
                "called": f"{name}{CALLED}",
                "name": waiting.name,
                "size": size(waiting.size or 0),
            }
        return context


class SealedFileField(Question, forms.FileField):
    """A sealed upload. The hint says types and limit before anybody chooses; the answer is a SealedUpload.

    Works only in a view that uses SealedUploadMixin: anywhere else the file is refused before it is read.
    """

    widget = SealedFileInput
    default_error_messages = {
        "invalid": "The file did not arrive. Choose it again.",
        "missing": "The file did not arrive. Choose it again.",
        "empty": "The file is empty. Choose another file.",
    }

    def __init__(self, *, help_text: str = "", **options: Any) -> None:
        limits = f"{WORDS}, no larger than {size(settings.UPLOAD_MAX_BYTES)}. It is sealed as it arrives."
        super().__init__(help_text=f"{help_text} {limits}".strip(), **options)
        self.widget.attrs["accept"] = ",".join(ACCEPTED)

    def to_python(self, data: Any) -> SealedUpload | None:
        if data in self.empty_values:
            return None
        if isinstance(data, RefusedUpload):
            raise ValidationError(data.sentence, code="refused")
        if not isinstance(data, SealedUpload):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return data


def names_of_waiting(data: Mapping[str, Any]) -> list[str]:
    """The questions of a sent form whose file has been here since an earlier try."""
    return [name.removesuffix(PARKED) for name in data if name.endswith(PARKED)]


def names_of_refused(data: Mapping[str, Any]) -> list[str]:
    """The questions of a sent form whose file was refused while it came in parts."""
    return [name.removesuffix(REFUSED) for name in data if name.endswith(REFUSED)]
