"""The base of every form: explicit sentences, groups, and questions that another answer shows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ImproperlyConfigured
from django.forms.boundfield import BoundField


@dataclass(frozen=True)
class Fieldset:
    """Questions that belong together, under one legend."""

    legend: str
    fields: Sequence[str]
    hint: str = ""


@dataclass(frozen=True)
class Group:
    """A fieldset of one form, or questions that stand by themselves (no legend)."""

    legend: str
    hint: str
    fields: Sequence[BoundField]


class GovukForm(forms.Form):
    """A form whose every required question says in its own words what is missing.

    Raises ImproperlyConfigured when a class is made without them: "This field is required." helps nobody.
    mark_optional: whether labels of questions that may be left out say so; switch it off for filters.
    """

    use_required_attribute = False
    mark_optional = True
    fieldsets: Sequence[Fieldset] = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for name, field in cls.__dict__.get("declared_fields", {}).items():
            demand_sentence(cls.__name__, name, field)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]
        for name in self._not_shown:
            self.errors.pop(name, None)
            self.cleaned_data[name] = self._empty(name)

    def _empty(self, name: str) -> Any:
        field = self.fields[name]
        return [] if isinstance(field, forms.MultipleChoiceField) else getattr(field, "empty_value", None)

    @property
    def _not_shown(self) -> set[str]:
        """Questions whose answer that shows them was not chosen, and those shown by such questions in turn."""
        hidden: set[str] = set()
        for bound in self:
            chosen = set(bound.data) if isinstance(bound.data, list | tuple) else {str(bound.data)}
            for answer, name in getattr(bound.field, "reveals", {}).items():
                if answer not in chosen or bound.name in hidden:
                    hidden.add(name)
        return hidden


def demand_sentence(form: str, name: str, field: forms.Field) -> None:
    """Raise ImproperlyConfigured if a required field keeps Django's own message."""
    if field.required and field.error_messages["required"] is forms.Field.default_error_messages["required"]:
        needed = 'error_messages={"required": "..."}'
        raise ImproperlyConfigured(f"{form}.{name} needs {needed}: a sentence that says what to do.")


def groups(form: forms.BaseForm) -> Iterator[Group]:
    """The visible questions of any form in their order, in fieldsets where the form names them.

    A question that an answer shows is left out here: it is drawn beneath that answer.
    """
    shown_elsewhere = {name for field in form.fields.values() for name in getattr(field, "reveals", {}).values()}
    left = [bound.name for bound in form.visible_fields() if bound.name not in shown_elsewhere]
    for fieldset in getattr(form, "fieldsets", ()):
        named = [name for name in fieldset.fields if name in left]
        before = left[: left.index(named[0])] if named else []
        if before:
            yield Group("", "", [form[name] for name in before])
        if named:
            yield Group(fieldset.legend, fieldset.hint, [form[name] for name in named])
        left = [name for name in left if name not in {*named, *before}]
    if left:
        yield Group("", "", [form[name] for name in left])
