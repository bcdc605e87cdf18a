"""Controls of the design system that Django does not have, and the ones it draws differently."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.forms.widgets import ChoiceWidget
from django.utils.datastructures import MultiValueDict

from .dates import ApproximateDate, DateKind

PARTS = "day", "month", "year"
WIDTHS = {
    "day": 2,
    "month": 3,
    "year": 4,
}  # characters; three fit a phone, and the box scrolls where a month is typed as a word
KINDS = (
    (DateKind.KNOWN, "The date is known"),
    (DateKind.BETWEEN, "It was between two dates"),
    (DateKind.NOT_KNOWN, "The date is not known"),
)


def spread(day: object) -> dict[str, str]:
    """A date, or what was typed for one, as its three boxes."""
    if isinstance(day, date):
        return {"day": str(day.day), "month": str(day.month), "year": str(day.year)}
    if isinstance(day, Mapping):
        return {part: str(day.get(part) or "") for part in PARTS}
    return dict.fromkeys(PARTS, "")


def typed(data: Mapping[str, Any], prefix: str) -> dict[str, str]:
    """What was typed into the three boxes of one date, stripped."""
    return {part: str(data.get(f"{prefix}_{part}") or "").strip() for part in PARTS}


class DateBoxes(forms.Widget):
    """Day, month and year in three text boxes."""

    template_name = "django/forms/widgets/date_boxes.html"
    use_fieldset = True
    first_part = "day"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.wrong_parts: Sequence[str] = ()

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str
    ) -> dict[str, str]:
        return typed(data, name)

    def value_omitted_from_data(self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str) -> bool:
        return not any(f"{name}_{part}" in data for part in PARTS)

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_{self.first_part}" if id_ else ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        id_ = context["widget"]["attrs"].get("id", name)
        context["widget"]["boxes"] = boxes(name, id_, spread(value), self.wrong_parts)
        return context


class ApproximateDateBoxes(DateBoxes):
    """How well a date is known, and the boxes that go with each answer."""

    template_name = "django/forms/widgets/approximate_date.html"
    first_part = "kind_known"

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str
    ) -> dict[str, Any]:
        ends = {end: typed(data, f"{name}_{end}") for end in ("on", "from", "to")}
        return {"kind": str(data.get(f"{name}_kind") or ""), **ends}

    def value_omitted_from_data(self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str) -> bool:
        return f"{name}_kind" not in data

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = forms.Widget.get_context(self, name, value, attrs)
        widget, id_ = context["widget"], context["widget"]["attrs"].get("id", name)
        answer = opened(value)
        dates = {
            end: boxes(f"{name}_{end}", f"{id_}_{end}", answer[end], tuple(self._wrong(end)))
            for end in ("on", "from", "to")
        }
        widget["kinds"] = [(str(kind), label, answer["kind"] == kind) for kind, label in KINDS]
        widget["on"], widget["first"], widget["last"] = dates["on"], dates["from"], dates["to"]
        return context

    def _wrong(self, end: str) -> list[str]:
        return [part.removeprefix(f"{end}_") for part in self.wrong_parts if part.startswith(f"{end}_")]


def opened(value: object) -> dict[str, Any]:
    """An approximate date, or what was typed for one, as its controls."""
    if isinstance(value, ApproximateDate):
        known = value.kind is DateKind.KNOWN
        return {
            "kind": value.kind,
            "on": spread(value.start if known else None),
            "from": spread(None if known else value.start),
            "to": spread(None if known else value.end),
        }
    given = value if isinstance(value, Mapping) else {}
    return {"kind": given.get("kind", "")} | {end: spread(given.get(end)) for end in ("on", "from", "to")}


def boxes(name: str, id_: str, value: Mapping[str, str], wrong: Sequence[str]) -> list[dict[str, Any]]:
    return [
        {
            "name": f"{name}_{part}",
            "id": f"{id_}_{part}",
            "label": part.capitalize(),
            "value": value[part],
            "width": WIDTHS[part],
            "numeric": part != "month",
            "wrong": part in wrong,
        }
        for part in PARTS
    ]


class Options(ChoiceWidget):
    """What radios and checkboxes share: a hint under an option, and another question shown by it."""

    use_fieldset = True
    template_name = "django/forms/widgets/options.html"
    kind = "radios"

    def __init__(self, attrs: dict[str, Any] | None = None, choices: Any = ()) -> None:
        super().__init__(attrs, choices)
        self.hints: Mapping[str, str] = {}
        self.revealed: Mapping[str, Any] = {}  # value of an option -> the bound field it shows
        self.inline = False

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"] |= {"kind": self.kind, "inline": self.inline}
        return context

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        option["attrs"].pop("aria-invalid", None)  # belongs to the group, not to each option
        option["hint"] = self.hints.get(str(value), "")
        option["reveals"] = self.revealed.get(str(value))
        return option

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return super().id_for_label(id_, index if index is not None else "0")


class RadioOptions(Options, forms.RadioSelect):
    input_type = "radio"
    template_name = "django/forms/widgets/options.html"
    kind = "radios"


class CheckboxOptions(Options, forms.CheckboxSelectMultiple):
    input_type = "checkbox"
    allow_multiple_selected = True
    template_name = "django/forms/widgets/options.html"
    kind = "checkboxes"
