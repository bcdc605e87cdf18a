"""Questions of the design system. Each says what went wrong in a sentence that says how to mend it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import PurePath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from .dates import ApproximateDate, DateKind, written
from .widgets import PARTS, ApproximateDateBoxes, CheckboxOptions, DateBoxes, RadioOptions

MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
YEARS = range(1900, 2200)  # outside it a year was mistyped
CHOOSE: dict[str, Any] = {"invalid_choice": "Choose one of the answers shown."}


class Question:
    """What every field of the design system may be told about how it looks.

    label_size: "s", "m", "l" or "xl" (bold), or "" for plain text. is_heading: the label is the page's only heading.
    width: width of a text box in characters (2, 3, 4, 5, 10, 20 or 30), or None for the whole column.
    """

    label_size = "s"
    is_heading = False
    width: int | None = None

    def __init__(
        self,
        *,
        label_size: str = "s",
        is_heading: bool = False,
        width: int | None = None,
        autocomplete: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.label_size, self.is_heading, self.width = label_size, is_heading, width
        if autocomplete:
            self.widget.attrs["autocomplete"] = autocomplete  # type: ignore[attr-defined]


class TextField(Question, forms.CharField):
    """One line of text."""


class LongTextField(Question, forms.CharField):
    """Several lines of text. max_length (characters) or max_words show a count that works as one types."""

    def __init__(self, *, rows: int = 5, max_words: int | None = None, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)
        self.max_words = max_words

    def validate(self, value: str) -> None:
        super().validate(value)
        if self.max_words and len(value.split()) > self.max_words:
            raise ValidationError(f"Shorten this to {self.max_words} words or fewer.", code="max_words")

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        # The browser would cut off what is pasted; the count says by how much it is too long instead.
        given = super().widget_attrs(widget)
        return {name: value for name, value in given.items() if name not in {"maxlength", "minlength"}}


class EmailField(Question, forms.EmailField):
    default_error_messages = {"invalid": "Enter an email address in the form name@example.org."}


class NumberField(Question, forms.IntegerField):
    """A whole number in a text box: a spinner loses digits to the mouse wheel."""

    widget = forms.TextInput
    default_error_messages = {"invalid": "Enter a whole number, for example 12."}

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "numeric"}


class SelectField(Question, forms.ChoiceField):
    """One answer of a list that is too long for radios."""

    default_error_messages = CHOOSE


class RevealingMixin:
    """Answers that may carry a hint each, and show another question of the same form when chosen.

    reveals: value of an answer -> name of the question it shows. A question not shown is neither demanded nor kept.
    """

    def __init__(
        self,
        *,
        hints: Mapping[str, str] | None = None,
        reveals: Mapping[str, str] | None = None,
        inline: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.reveals = dict(reveals or {})
        self.widget.hints, self.widget.inline = dict(hints or {}), inline  # type: ignore[attr-defined]


class Radios(RevealingMixin, Question, forms.ChoiceField):
    """One answer of a few."""

    widget = RadioOptions
    default_error_messages = CHOOSE


class YesNo(RevealingMixin, Question, forms.TypedChoiceField):
    """Yes or no, as True, False, or None when it may be left out."""

    widget = RadioOptions
    default_error_messages = {"invalid_choice": "Choose yes or no."}

    def __init__(self, **kwargs: Any) -> None:
        answers: dict[str, Any] = {
            "choices": [("yes", "Yes"), ("no", "No")],
            "coerce": lambda answer: answer == "yes",
            "empty_value": None,
            "inline": not kwargs.get("reveals"),
        }
        super().__init__(**answers | kwargs)

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


class MultipleChoice(RevealingMixin, Question, forms.MultipleChoiceField):
    """Any number of answers, as checkboxes."""

    widget = CheckboxOptions
    default_error_messages = {
        "invalid_choice": "Choose only answers that are shown.",
        "invalid_list": "Choose only answers that are shown.",
    }


class Confirmation(Question, forms.BooleanField):
    """A single tick: "I have read this"."""


class DateField(Question, forms.Field):
    """A day, from three boxes; the month may be a number, a name or its first three letters.

    Gives datetime.date. In a message "{label}" is the question; set `called` where the label does not fit a sentence.
    """

    widget = DateBoxes

    def __init__(self, *, called: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.called = called

    def to_python(self, value: Any) -> date | None:
        if value is None or isinstance(value, date):
            return value
        return day_from(value, self.called or "The date")

    def validate(self, value: Any) -> None:
        if value is None and self.required:
            raise ValidationError(self.error_messages["required"], code="required", params={"parts": PARTS})

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != self.to_python(initial))
        except ValidationError:
            return True


def day_from(boxes: Mapping[str, str], called: str, prefix: str = "") -> date | None:
    """The day typed into three boxes, None if all are empty; raises ValidationError naming the boxes that are wrong."""

    def wrong(sentence: str, *parts: str) -> ValidationError:
        return ValidationError(sentence, code="invalid", params={"parts": [f"{prefix}{part}" for part in parts]})

    missing = [part for part in PARTS if not boxes.get(part)]
    if len(missing) == len(PARTS):
        return None
    if missing:
        raise wrong(f"{called} must include a {' and '.join(missing)}.", *missing)
    year, month, day = number(boxes["year"]), month_number(boxes["month"]), number(boxes["day"])
    if month is None:
        raise wrong(f"{called} must have a month from 1 to 12, or its name.", "month")
    if year not in YEARS:
        raise wrong(f"{called} must have a year with four digits, for example 2026.", "year")
    if not 1 <= day <= 31:
        raise wrong(f"{called} must have a day from 1 to 31.", "day")
    try:
        return date(year, month, day)
    except ValueError:
        name = MONTHS[month - 1].capitalize()
        raise wrong(f"{called} must be a real date: {name} {year} has no day {day}.", "day") from None


def number(text: str) -> int:
    """The number typed, or 0, which is no day, month or year."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= len("2026") else 0


def month_number(text: str) -> int | None:
    """1 to 12 from "3", "03", "mar", "Mar." or "March"; None if it is none of these."""
    if (given := number(text)) in range(1, 13):
        return given
    word = text.lower().rstrip(".")
    fitting = [place for place, month in enumerate(MONTHS, 1) if len(word) >= len("mar") and month.startswith(word)]
    return fitting[0] if len(fitting) == 1 else (MONTHS.index("september") + 1 if word == "sept" else None)


class NotAfter:
    """Refuses a day after the one that `latest` gives when asked (usually today), with one sentence."""

    def __init__(self, latest: Callable[[], date], message: str) -> None:
        self.latest, self.message = latest, message

    def __call__(self, value: date | ApproximateDate) -> None:
        last = value.start if isinstance(value, ApproximateDate) else value
        if last is not None and last > self.latest():
            raise ValidationError(self.message, code="too_late")


class NotBefore:
    """Refuses a day before the one that `earliest` gives when asked, with one sentence."""

    def __init__(self, earliest: Callable[[], date], message: str) -> None:
        self.earliest, self.message = earliest, message

    def __call__(self, value: date | ApproximateDate) -> None:
        first = value.end if isinstance(value, ApproximateDate) else value
        if first is not None and first < self.earliest():
            raise ValidationError(self.message, code="too_early")


class ApproximateDateField(DateField):
    """A day that is known, lies between two days, or is not known. Gives ApproximateDate."""

    widget = ApproximateDateBoxes

    def to_python(self, value: Any) -> Any:
        if value is None or isinstance(value, ApproximateDate):
            return value
        called = self.called or "The date"
        kind = value.get("kind")
        if not kind:
            return None
        if kind == DateKind.NOT_KNOWN:
            return ApproximateDate.not_known()
        if kind == DateKind.KNOWN:
            return ApproximateDate.known(self._demand(value["on"], called, "on_"))
        if kind != DateKind.BETWEEN:
            raise ValidationError("Say whether the date is known.", code="invalid", params={"parts": ["kind_known"]})
        return self._between(value, called)

    def validate(self, value: Any) -> None:
        if value is None and self.required:
            raise ValidationError(self.error_messages["required"], code="required", params={"parts": ["kind_known"]})

    def _between(self, value: Mapping[str, Any], called: str) -> ApproximateDate:
        found: list[date] = []
        faults: list[ValidationError] = []
        for boxes, words, prefix in ((value["from"], "the first day", "from_"), (value["to"], "the last day", "to_")):
            try:
                found.append(self._demand(boxes, f"{called}: {words}", prefix))
            except ValidationError as fault:
                faults.append(fault)
        if faults:
            raise ValidationError(faults)
        first, last = found
        if last < first:
            sentence = f"The last day must be {written(first)} or after."
            raise ValidationError(sentence, code="invalid", params={"parts": [f"to_{part}" for part in PARTS]})
        return ApproximateDate.between(first, last) if first != last else ApproximateDate.known(first)

    def _demand(self, boxes: Mapping[str, str], called: str, prefix: str) -> date:
        day = day_from(boxes, called, prefix)
        if day is None:
            parts = [f"{prefix}{part}" for part in PARTS]
            sentence = f"{called} must include a day, month and year."
            raise ValidationError(sentence, code="required", params={"parts": parts})
        return day


class FileField(Question, forms.FileField):
    """A file. accept: the endings allowed, as (".pdf", ".docx"); max_bytes: the largest file accepted.

    The hint says both before anybody chooses a file. Content is judged by whoever stores the file, not here.
    """

    widget = forms.FileInput
    default_error_messages = {
        "invalid": "The file did not arrive. Choose it again.",
        "missing": "The file did not arrive. Choose it again.",
        "empty": "The file is empty. Choose another file.",
    }

    def __init__(self, *, accept: Sequence[str], max_bytes: int, help_text: str = "", **kwargs: Any) -> None:
        limits = f"{listed(accept)}, no larger than {size(max_bytes)}."
        super().__init__(help_text=f"{help_text} {limits}".strip(), **kwargs)
        self.accept, self.max_bytes = tuple(accept), max_bytes
        self.widget.attrs["accept"] = ",".join(accept)

    def to_python(self, data: Any) -> Any:
        file = super().to_python(data)
        if file is None:
            return None
        if PurePath(file.name or "").suffix.lower() not in self.accept:
            raise ValidationError(f"Choose another format: {listed(self.accept)}.", code="format")
        if (file.size or 0) > self.max_bytes:
            raise ValidationError(f"Choose a file no larger than {size(self.max_bytes)}.", code="size")
        return file


def listed(endings: Sequence[str]) -> str:
    """The endings as words: "PDF, DOCX or ODT"."""
    names = [ending.removeprefix(".").upper() for ending in endings]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def size(count: int) -> str:
    """A number of bytes as people write it, in decimal units: "200 MB"."""
    for unit, least in (("GB", 1_000_000_000), ("MB", 1_000_000), ("KB", 1_000)):
        if count >= least:
            return f"{count / least:.1f}".removesuffix(".0") + f" {unit}"
    return f"{count} bytes"
