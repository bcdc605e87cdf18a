"""How Django draws a form: templates, classes, and the ids that an error summary links to."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.forms.widgets import Input

from .widgets import PARTS, DateBoxes, Options

STYLES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.Textarea, "govuk-textarea"),
    (forms.SelectMultiple, "govuk-select"),
    (forms.Select, "govuk-select"),
    (forms.FileInput, "govuk-file-upload"),
    (forms.CheckboxInput, "govuk-checkboxes__input"),
    (Input, "govuk-input"),
)
GROUPED = forms.RadioSelect, forms.CheckboxSelectMultiple, DateBoxes


class GovukBoundField(BoundField):
    """A question of one form, knowing its classes, its label and where an error link must land."""

    @property
    def style(self) -> str:
        """Class of the control itself; empty for groups of controls."""
        widget = self.field.widget
        if isinstance(widget, GROUPED):
            return ""
        return next((name for kind, name in STYLES if isinstance(widget, kind)), "")

    @property
    def is_single_checkbox(self) -> bool:
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def is_file(self) -> bool:
        return isinstance(self.field.widget, forms.FileInput)

    @property
    def label_text(self) -> str:
        """The label, with "(optional)" where the question may be left out and the form says so."""
        label = str(self.label or "")
        optional = not self.field.required and getattr(self.form, "mark_optional", False)
        marked = optional and not self.is_single_checkbox and "(optional)" not in label
        return f"{label} (optional)" if marked else label

    @property
    def label_size(self) -> str:
        return getattr(self.field, "label_size", "s")

    @property
    def limit(self) -> tuple[str, int] | None:
        """What a count under a long text counts, and how many are allowed."""
        if not isinstance(self.field.widget, forms.Textarea):
            return None
        if words := getattr(self.field, "max_words", None):
            return "words", words
        characters = getattr(self.field, "max_length", None)
        return ("characters", characters) if characters else None

    @property
    def first_input_id(self) -> str:
        """The id of the control to mend first: never of a wrapper, which cannot take the focus."""
        return self.targets[0] if self.targets else self.id_for_label or self.auto_id

    @property
    def targets(self) -> list[str]:
        """For each error, the id of the control that it is about."""
        parts = [parts_of(error) for error in self.errors.as_data()]
        return [f"{self.auto_id}_{named[0]}" if named else self.id_for_label or self.auto_id for named in parts]

    @property
    def wrong_parts(self) -> list[str]:
        """Which boxes of a date the errors are about: those they name, else all."""
        if not self.errors or not isinstance(self.field.widget, DateBoxes):
            return []
        named = [part for error in self.errors.as_data() for part in parts_of(error)]
        return named or (list(PARTS) if self.field.widget.first_part == "day" else [])

    @property
    def aria_describedby(self) -> str | None:
        described = super().aria_describedby or ""
        if self.limit and self.auto_id:
            described = f"{self.auto_id}-info {described}".strip()
        return described or None

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        built = super().build_widget_attrs(attrs, widget)
        if not self.style or (widget or self.field.widget).is_hidden:
            return built
        classes = [self.style, *str(self.field.widget.attrs.get("class", "")).split()]
        if self.errors:
            classes.append(f"{self.style}--error")
        if width := getattr(self.field, "width", None):
            classes.append(f"govuk-input--width-{width}")
        if self.limit:
            classes.append("govuk-js-character-count")
        return built | {"class": " ".join(classes)}

    def as_widget(
        self, widget: forms.Widget | None = None, attrs: dict[str, Any] | None = None, only_initial: bool = False
    ) -> Any:
        own = self.field.widget
        if isinstance(own, DateBoxes):
            own.wrong_parts = self.wrong_parts
        if isinstance(own, Options):
            reveals = getattr(self.field, "reveals", {})
            own.revealed = {answer: self.form[name] for answer, name in reveals.items() if name in self.form.fields}
        return super().as_widget(widget, attrs, only_initial)


def parts_of(error: ValidationError) -> list[str]:
    """The boxes of a date that an error names."""
    return list((error.params or {}).get("parts", ()))


class GovukRenderer(TemplatesSetting):
    """FORM_RENDERER of the project."""

    form_template_name = "govuk/forms/form.html"
    formset_template_name = "govuk/forms/formset.html"
    field_template_name = "govuk/forms/field.html"
    bound_field_class = GovukBoundField
