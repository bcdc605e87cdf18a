"""What a request may read ends with it; server logs and recorded field changes hold no case content."""

import logging
import sys
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from auditlog.registry import auditlog
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.template import engines
from django.template.response import SimpleTemplateResponse

from dhr.audit.fields import MASK, masked, watch
from dhr.audit.middleware import ReadingMiddleware
from dhr.audit.quiet import NoCaseContent
from restricted_docs import fields
from restricted_docs.vault.receipt import AccessReceipt, Scope, mint

NAME = "Wren Holloway"  # invented
REVIEW = UUID("0b5c1c5e-3f0e-4f4e-9a43-0d3f6f3a1c2d")


def receipt() -> AccessReceipt:
    return mint(seq=1, leaf=b"\0" * 32, person=1, container=REVIEW, scope=Scope.NARRATIVE)


def allowed() -> bool:
    return bool(fields._receipts.get())


class TestTheRequest:
    @pytest.fixture(autouse=True)
    def _nothing_allowed_afterwards(self) -> Iterator[None]:
        yield
        fields.forget()

    def test_what_was_allowed_before_is_not_allowed_in_the_next_request(self) -> None:
        seen = []

        def page(request: HttpRequest) -> HttpResponse:
            seen.append(allowed())
            fields.allow(receipt())
            return HttpResponse()

        middleware = ReadingMiddleware(page)
        fields.allow(receipt())
        middleware(HttpRequest())
        assert not allowed()
        middleware(HttpRequest())
        assert seen == [False, False]

    def test_a_page_that_fails_leaves_nothing_allowed(self) -> None:
        def page(request: HttpRequest) -> HttpResponse:
            fields.allow(receipt())
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            ReadingMiddleware(page)(HttpRequest())
        assert not allowed()

    def test_a_page_that_renders_late_is_rendered_while_it_may_still_read(self) -> None:
        template = engines["django"].from_string("{{ may }}")

        def page(request: HttpRequest) -> HttpResponse:
            fields.allow(receipt())
            return SimpleTemplateResponse(template, {"may": allowed})

        assert ReadingMiddleware(page)(HttpRequest()).content == b"True"  # type: ignore[attr-defined]

    def test_what_streams_afterwards_is_not_read_with_the_request(self) -> None:
        def page(request: HttpRequest) -> StreamingHttpResponse:
            fields.allow(receipt())
            return StreamingHttpResponse(str(allowed()) for _ in range(1))

        response = ReadingMiddleware(page)(HttpRequest())
        assert b"".join(response) == b"False"


class TestServerLogs:
    def told(self, name: str, message: object, *args: object, **more: Any) -> str:
        record = logging.LogRecord(name, logging.ERROR, "x.py", 1, message, args, more.pop("exc_info", None))
        record.__dict__.update(more)
        assert NoCaseContent().filter(record)
        assert "request" not in record.__dict__
        return logging.Formatter().format(record)

    def test_an_error_tells_its_classes_and_places_and_none_of_its_words(self) -> None:
        victim = NAME
        try:
            try:
                raise KeyError(victim)
            except KeyError as cause:
                raise ValueError(f"no such person: {victim}") from cause
        except ValueError:
            told = self.told("django.request", "Internal Server Error: %s", "/reviews/", exc_info=sys.exc_info())
        assert "Wren" not in told
        assert "Internal Server Error: /reviews/" in told
        assert "builtins.ValueError" in told
        assert "builtins.KeyError" in told
        assert "test_an_error_tells_its_classes_and_places" in told

    def test_an_error_that_caused_itself_is_told_once(self) -> None:
        error = ValueError(NAME)
        error.__cause__ = error
        assert self.told("x", "broken", exc_info=(ValueError, error, None)).count("ValueError") == 1

    @pytest.mark.parametrize(
        ("message", "args", "told"),
        [
            ("Not Found: %s", (f"/reviews/{REVIEW}/?q={NAME}",), f"Not Found: /reviews/{REVIEW}/"),
            ("%s saw %d of %s", (NAME, 3, REVIEW), f"[str] saw 3 of {REVIEW}"),
            ("Error in %s (%s)", ("ship", ValueError(NAME)), "Error in [str] ([ValueError])"),
            ("%(who)s came", ({"who": NAME},), "[str] came"),
            ("%d came", (NAME,), "%d came"),
            ("100% done", (), "100% done"),
            (ValueError(NAME), (), "ValueError"),
        ],
    )
    def test_a_message_keeps_numbers_ids_and_paths(self, message: str, args: tuple[object, ...], told: str) -> None:
        assert self.told("anything", message, *args, request=HttpRequest()) == told


class TestFieldChanges:
    @pytest.fixture(autouse=True)
    def _not_watched_afterwards(self) -> Iterator[None]:
        yield
        if auditlog.contains(ContentType):
            auditlog.unregister(ContentType)

    def test_a_mask_shows_nothing_of_the_value(self, settings: Any) -> None:
        assert masked(NAME) == masked("") == MASK
        assert settings.AUDITLOG_MASK_CALLABLE == "dhr.audit.fields.masked"

    def test_only_named_fields_are_watched(self) -> None:
        watch(ContentType, ["app_label"], masks=["model"])
        known = auditlog.get_model_fields(ContentType)
        assert known["include_fields"] == ["app_label", "model"]
        assert known["mask_fields"] == ["model"]

    def test_a_masked_change_says_only_that_there_was_one(self, db: None) -> None:
        from auditlog.models import LogEntry

        watch(ContentType, ["app_label"], masks=["model"])
        ContentType.objects.create(app_label="reviews", model=NAME)
        changes = LogEntry.objects.get(content_type__model="contenttype").changes
        assert changes == {"app_label": ["None", "reviews"], "model": [MASK, MASK]}

    def test_a_sealed_field_is_never_watched(self) -> None:
        class Sealed(models.Model):
            account = fields.SealedTextField(container="id")

            class Meta:
                app_label = "audit"
                managed = False

        try:
            with pytest.raises(TypeError, match="sealed"):
                watch(Sealed, ["account"])
            assert not auditlog.contains(Sealed)
        finally:
            Sealed._meta.apps.all_models["audit"].pop("sealed")
            Sealed._meta.apps.clear_cache()

    @pytest.mark.parametrize("names", [[], ["nothing_of_the_kind"]])
    def test_watching_nothing_or_what_is_not_there_is_refused(self, names: list[str]) -> None:
        with pytest.raises(ValueError, match=r"name the fields|no field"):
            watch(ContentType, names)
