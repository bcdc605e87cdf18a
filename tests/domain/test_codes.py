"""A coded field takes only a code of its vocabulary, also from who calls without a form: codes stand in the clear."""

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError

from dhr import clock
from dhr.reviews import panel
from dhr.reviews.models import PanelMeeting, Review
from dhr.reviews.models.review import OfReview
from tests import build
from tests.cast import Cast

CODED = [
    (model, field.name)
    for model in apps.get_models()
    if issubclass(model, OfReview)
    for field in model._meta.local_fields
    if field.choices
]


@pytest.fixture
def review(db: None, cast: Cast) -> Review:
    return build.notify(cast)


@pytest.mark.parametrize(("model", "field"), CODED, ids=lambda one: getattr(one, "__name__", one))
def test_words_in_place_of_a_code_are_refused(model: type[OfReview], field: str, review: Review) -> None:
    with pytest.raises(ValidationError) as refused:
        model(review=review, **{field: "Zephyrine"}).save()
    assert field in refused.value.error_dict


def test_a_use_case_refuses_it_by_field_and_leaves_nothing(cast: Cast, review: Review) -> None:
    with pytest.raises(ValidationError) as refused:
        panel.record_meeting(review, by=cast.officer, on=clock.today(), kind="panel", notes="Notes")
    assert list(refused.value.error_dict) == ["kind"]
    assert not PanelMeeting.objects.exists()
