"""People at their browsers: they open a page, fill in its form, and send it. Every box for words gets its door's canary."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from dhr.accounts.models import User

from .canaries import Canaries
from .pages import Control, Form, forms_of
from .watching import Watch
from .words import in_clear

SIGNED_IN_BY = "dhr.accounts.backends.SignInBackend"
DONE = 302
DATE_PARTS = {"_day": "%-d", "_month": "%-m", "_year": "%Y"}


class WalkStopped(Exception):
    """The census could not go through a door as its people would. The sentence says which; the walk must be mended."""


class Browsers:
    """One browser a person. `answers`: door -> the statuses it gave; `open` pages nobody signed in."""

    def __init__(self, watch: Watch, canaries: Canaries) -> None:
        self.watch, self.canaries = watch, canaries
        self.answers: dict[str, list[int]] = {}
        self._clients: dict[int, Client] = {}
        secure = settings.SECURE_SSL_REDIRECT
        self._world: dict[str, Any] = {"SERVER_NAME": settings.ALLOWED_HOSTS[0], "secure": secure}

    def client(self, person: User | None) -> Client:
        """This person's browser, signed in; without a person, one that nobody is signed in with."""
        key = person.pk if person else 0
        if key not in self._clients:
            self._clients[key] = self.new_client()
            if person is not None:
                self._clients[key].force_login(person, backend=SIGNED_IN_BY)
        return self._clients[key]

    def new_client(self, **options: Any) -> Client:
        return Client(raise_request_exception=False, SERVER_NAME=self._world["SERVER_NAME"], **options)

    # ---- one request

    def get(self, person: User | None, name: str, *keys: Any, query: str = "", clear: bool = False, **more: Any) -> Any:
        """Open a page. `clear`: nobody should read sealed text on it."""
        return self._ask(person, "get", name, reverse(name, args=keys) + query, clear=clear, **more)

    def post(self, person: User | None, name: str, *keys: Any, data: Any = None, door: str = "", **more: Any) -> Any:
        """Send a form as given."""
        answer = self._ask(person, "post", door or name, reverse(name, args=keys), data=data or {}, **more)
        self.answers.setdefault(name, []).append(answer.status_code)
        return answer

    def patch(self, person: User | None, name: str, address: str, part: bytes, **more: Any) -> Any:
        """Send a part of a file."""
        kind = "application/offset+octet-stream"
        answer = self._ask(person, "patch", name, address, data=part, content_type=kind, expect=(200, 204), **more)
        self.answers.setdefault(name, []).append(answer.status_code)
        return answer

    def origin(self) -> str:
        return f"{'https' if self._world['secure'] else 'http'}://{self._world['SERVER_NAME']}"

    def may_open(self, person: User, paper: Any) -> bool:
        return bool(person.has_perm("restricted_docs.view_document", paper))

    def _ask(
        self,
        person: User | None,
        method: str,
        door: str,
        address: str,
        *,
        clear: bool = False,
        typed: bool = False,
        expect: tuple[int, ...] = (),
        client: Client | None = None,
        **more: Any,
    ) -> Any:
        self.watch.request(door, address, typed=typed)
        answer = getattr(client or self.client(person), method)(address, secure=self._world["secure"], **more)
        answer.body = self.watch.answer(door, answer, in_clear=clear).decode("utf-8", "replace")
        wanted = expect or ((200,) if method == "get" else (DONE,))
        if answer.status_code not in wanted:
            raise WalkStopped(
                f"{method.upper()} at “{door}” answered {answer.status_code}, not {wanted}. {_faults(answer.body)}"
            )
        return answer

    # ---- a whole form

    def send(
        self,
        person: User | None,
        name: str,
        /,
        *keys: Any,
        door: str = "",
        press: str = "",
        query: str = "",
        expect: tuple[int, ...] = (DONE,),
        **given: Any,
    ) -> Any:
        """Open the page, fill in its form and send it. What is not given and takes words gets this door's canaries."""
        door, address = door or name, reverse(name, args=keys) + query
        page = self._ask(person, "get", door, address)
        form = form_for(page.body, address, door)
        data = self.filled(form, door, given) | ({press: ""} if press else {})
        answer = self._ask(person, "post", door, address, data=data, expect=expect)
        for each in {name, door}:
            self.answers.setdefault(each, []).append(answer.status_code)
        return answer

    def filled(self, form: Form, door: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """What a browser would send: answers as given, canaries in every other box for words, the rest as it stands."""
        left, data = dict(given), {}
        for name, control in form.controls.items():
            value = self._value(control, door, left)
            if value not in (None, []):
                data[name] = value
        if left:
            raise WalkStopped(
                f"The form of “{door}” does not ask for {', '.join(left)}; it asks for {', '.join(form.controls)}."
            )
        return data

    def _value(self, control: Control, door: str, given: dict[str, Any]) -> Any:
        name = control.name
        if (day := _part_of_a_day(name, given)) is not None:
            return day
        if name in given and not isinstance(given[name], date):
            value = given.pop(name)
            return self.paper(value, door, name) if isinstance(value, bytes) else value
        if control.takes_words and not in_clear(door, name):
            return self.canaries.word(f"{door}: {name}")
        return control.chosen

    def paper(self, content: bytes, door: str, name: str) -> SimpleUploadedFile:
        """A file under a name that tells something, too."""
        called = f"{self.canaries.word(f'{door}: name of the file in {name}')}.pdf"
        return SimpleUploadedFile(called, content, "application/pdf")


def _part_of_a_day(name: str, given: dict[str, Any]) -> str | None:
    for end, how in DATE_PARTS.items():
        day = given.get(name.removesuffix(end)) if name.endswith(end) else None
        if isinstance(day, date):
            if end == "_year":
                del given[name.removesuffix(end)]  # the last of the three boxes
            return f"{day:{how}}"
    return None


def form_for(page: str, address: str, door: str) -> Form:
    """The form of this page that is sent to this address."""
    path = urlsplit(address).path
    for form in forms_of(page):
        if form.method == "post" and urlsplit(form.action).path in {"", path}:
            return form
    raise WalkStopped(f"The page of “{door}” has no form to send.")


def _faults(page: str) -> str:
    """The sentences of a page's error summary: they are the service's own."""
    summary = page.partition("govuk-error-summary__body")[2].partition("</div>")[0]
    return " ".join(summary.replace("<", " <").split())[:600]
