"""The forms of a page as a browser sees them: every control, what it holds, and what it offers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

WRITTEN_INTO = {"text", "search", "textarea", "tel", "url", ""}
DATE_BOXES = ("_day", "_month", "_year")


@dataclass
class Control:
    """One input, text area or select. `chosen` is what it would send as it stands; `offers` what else it could."""

    name: str
    kind: str
    chosen: list[str] = field(default_factory=list)
    offers: list[str] = field(default_factory=list)
    is_number: bool = False

    @property
    def takes_words(self) -> bool:
        return self.kind in WRITTEN_INTO and not self.is_number


@dataclass
class Form:
    """A form of a page: where it is sent (empty: to the page itself), and its controls by name."""

    action: str
    method: str
    has_files: bool
    controls: dict[str, Control] = field(default_factory=dict)


class PageForms(HTMLParser):
    """Reads the forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._open: Form | None = None
        self._inside: Control | None = None
        self._words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Form(given.get("action", ""), given.get("method", "get").lower(), "enctype" in given)
            self.forms.append(self._open)
        elif self._open is not None and (tag == "option" or "name" in given):
            self._control(tag, given, self._open)

    def _control(self, tag: str, given: Mapping[str, str], form: Form) -> None:
        if tag == "input":
            self._input(given, form)
        elif tag in {"select", "textarea"}:
            self._inside = form.controls.setdefault(given["name"], Control(given["name"], tag))
            self._words = ""
        elif tag == "option" and self._inside is not None:
            self._inside.offers.append(given.get("value", ""))
            if "selected" in given:
                self._inside.chosen.append(given.get("value", ""))

    def _input(self, given: Mapping[str, str], form: Form) -> None:
        kind, value = given.get("type", "text"), given.get("value", "")
        control = form.controls.setdefault(given["name"], Control(given["name"], kind))
        control.is_number = given.get("inputmode") in {"numeric", "decimal"} or given["name"].endswith(DATE_BOXES)
        if kind in {"radio", "checkbox"}:
            control.offers.append(value)
            control.chosen += [value] if "checked" in given else []
        elif kind not in {"file", "submit"}:
            control.chosen = [value]

    def handle_data(self, data: str) -> None:
        self._words += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "textarea" and self._inside is not None:
            self._inside.chosen = [self._words.removeprefix("\n")]
            self._inside = None
        elif tag == "select" and self._inside is not None:
            if not self._inside.chosen:
                self._inside.chosen = self._inside.offers[:1]
            self._inside = None


def forms_of(page: str) -> list[Form]:
    reader = PageForms()
    reader.feed(page)
    return reader.forms
