"""Whether every door was gone through: each address that takes a form, and each sealed field of each table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.urls import get_resolver

from dhr.audit import log
from dhr.audit.line import Line
from dhr.reviews.models import Review
from restricted_docs import fields
from restricted_docs.fields import SealedTextField
from restricted_docs.strongroom import CHAIRS_REGISTER, PARTNERSHIP
from restricted_docs.vault.receipt import Scope

from .canaries import Canaries
from .words import NOT_TYPED, NOT_WALKED

SENDS = ("post", "put", "patch", "delete")


def addresses() -> dict[str, set[str]]:
    """Every address of the service that takes something: its view -> the names it goes by."""
    found: dict[str, set[str]] = {}
    for name, view in _addresses(get_resolver().url_patterns):
        found.setdefault(view, set()).add(name)
    return found


def _addresses(patterns: Any) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from _addresses(pattern.url_patterns)
        elif _takes_something(pattern.callback):
            view = getattr(pattern.callback, "view_class", pattern.callback)
            yield pattern.name or str(pattern.pattern), f"{view.__module__}.{view.__qualname__}"


def _takes_something(callback: Any) -> bool:
    view = getattr(callback, "view_class", None)
    if view is None:
        return True  # a plain function may take anything
    return any(hasattr(view, method) and method in view.http_method_names for method in SENDS)


def sealed_fields() -> dict[str, tuple[type[models.Model], SealedTextField]]:
    """Every sealed field, as "app.Model.field"."""
    return {
        f"{model._meta.label}.{field.name}": (model, field)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, SealedTextField)
    }


def held(canaries: Canaries) -> dict[str, int]:
    """For each sealed field, in how many rows it was planted: opened through the log, as everything sealed is."""
    containers = [*Review.objects.values_list("pk", flat=True), PARTNERSHIP, CHAIRS_REGISTER]
    receipts = [_receipt(container, scope) for container in containers for scope in (Scope.NARRATIVE, Scope.IDENTITY)]
    with fields.reading(*receipts):
        return {
            name: sum(_is_planted(row, field, canaries) for row in model._default_manager.all())
            for name, (model, field) in sealed_fields().items()
        }


def _receipt(container: UUID, scope: Scope) -> Any:
    event = "narrative.viewed" if scope == Scope.NARRATIVE else "identity.revealed"
    return log.append_first(Line(event=event, person=None), container=container, scope=scope)


def _is_planted(row: models.Model, field: SealedTextField, canaries: Canaries) -> bool:
    text = getattr(row, field.name) if fields.filled(row, field.name) else ""
    return canaries.stem in text or canaries.born.isoformat() in text


def missing(answers: Mapping[str, list[int]], planted: Mapping[str, int]) -> list[str]:
    """What was not gone through and has no reason in words.py, and reasons that no longer hold: one sentence each."""
    views = addresses()
    known = {name for names in views.values() for name in names}
    unwalked = [sorted(names) for names in views.values() if not names & (answers.keys() | NOT_WALKED.keys())]
    return [
        *(f"No form was sent to “{names[0]}”: send one in the census, or say why not." for names in unwalked),
        *(f"“{name}” is excused, and is gone through." for name in NOT_WALKED if answers.get(name)),
        *(f"“{name}” is excused, and does not exist." for name in NOT_WALKED if name not in known),
        *(
            f"{name} held no canary: plant one, or say why not."
            for name in planted
            if not planted[name] and name not in NOT_TYPED
        ),
        *(f"{name} is excused, and held a canary or does not exist." for name in NOT_TYPED if planted.get(name, 1)),
    ]
