"""No field of a review holds free text in the clear unless its words are checked, or nobody can type into it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
from django.apps import apps
from django.db import models

from dhr.reviews.models import Action
from restricted_docs.fields import SealedTextField
from tests.clear_text import CHECKED, OTHERWISE

APPS = ("reviews", "restricted_docs", "chairs", "board", "workflows")
HOLDS_NO_WORDS = (
    *(models.ForeignKey, models.UUIDField, models.BooleanField, models.DecimalField, models.IntegerField),
    *(models.DateField, models.TimeField),
    SealedTextField,
)


def fields_of(found: Iterable[type[models.Model]]) -> Iterator[str]:
    """Those that could hold words in the clear: of any type that is not known to hold none, and without a list of codes."""
    for model in found:
        for field in model._meta.concrete_fields:
            if not isinstance(field, HOLDS_NO_WORDS) and not field.choices:
                yield f"{model._meta.app_label}.{model.__name__}.{field.name}"


def models_of_the_house() -> list[type[models.Model]]:
    return [model for label in APPS for model in apps.get_app_config(label).get_models(include_auto_created=True)]


def test_every_field_that_is_neither_sealed_nor_coded_has_its_check_or_its_reason() -> None:
    found = set(fields_of(models_of_the_house()))
    listed = CHECKED | OTHERWISE.keys()
    assert found - listed == set(), (
        "Seal it, or let its use case call identities.check_words; then see tests/clear_text.py"
    )
    assert listed - found == set(), "Listed, but there no more"
    assert CHECKED & OTHERWISE.keys() == set()


@pytest.mark.parametrize(
    "field",
    [models.CharField(max_length=9), models.TextField(), models.JSONField(), models.FileField(), models.URLField()],
)
def test_a_new_field_for_words_would_be_found(field: models.Field) -> None:
    before = set(fields_of([Action]))
    field.set_attributes_from_name("remarks")
    field.model = Action
    Action._meta.local_fields.append(field)
    Action._meta._expire_cache()
    try:
        assert set(fields_of([Action])) - before == {"reviews.Action.remarks"}
    finally:
        Action._meta.local_fields.remove(field)
        Action._meta._expire_cache()
