"""People and access: the dates of somebody's part are changed on a page, and who was appointed leaves by standing down."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from chairs.models import Appointment
from dhr import clock
from dhr.govuk.dates import written
from dhr.reviews import memberships
from tests import build
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person, backend="dhr.accounts.backends.SignInBackend")
    return client


def page(person: Any, name: str, *args: Any) -> Any:
    return signed_in(person).get(reverse(name, args=args))


def words(response: Any) -> str:
    """The text of the page without its markup, on one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def typed(name: str, day: date) -> dict[str, int]:
    return {f"{name}_{part}": getattr(day, part) for part in ("day", "month", "year")}


def test_dates_are_changed_on_the_page_of_people(cast: Cast) -> None:
    review = build.review_at("upload_draft", cast)
    client, people = signed_in(cast.officer), reverse("review-people", args=[review.pk])
    part = review.membership_set.get(user=cast.panel_member)
    address = reverse("change-dates", args=[review.pk, part.pk])
    assert address in client.get(people).content.decode()
    ends = clock.today() + timedelta(days=30)
    last = typed("ends_on", ends)
    bare = client.post(address, last)
    assert bare.status_code == 422
    assert "Give the reason." in words(bare)
    past = client.post(address, last | {"ends_on_year": ends.year - 2, "reason": "Moved on."})
    assert past.status_code == 422
    assert "The last day cannot be before the first." in words(past)
    assert 'id="id_ends_on_day"' in past.content.decode()
    assert client.post(address, last | {"reason": "They stay for a month."}).status_code == 302
    part.refresh_from_db()
    assert part.ends_on == ends
    found = client.get(address).content.decode()
    assert f'value="{ends.year}"' in found  # as found
    assert "starts_on" not in found  # it has begun
    assert written(ends) in words(client.get(people))
    history = words(page(cast.officer, "review-history", review.pk))
    assert f"Dates of a part changed: {cast.panel_member.name}" in history
    assert address not in page(cast.lead_chair, "review-people", review.pk).content.decode()


def test_a_first_day_to_come_is_asked_and_a_chairs_days_are_not(cast: Cast) -> None:
    review = build.review_at("upload_draft", cast)
    client, tomorrow = signed_in(cast.officer), clock.today() + timedelta(days=1)
    given = {"role": "panel_member", "user": cast.stranger, "agency": cast.refuge, "starts_on": tomorrow}
    part = memberships.add_member(review, by=cast.officer, **given)
    address = reverse("change-dates", args=[review.pk, part.pk])
    assert f'value="{tomorrow.year}"' in client.get(address).content.decode()
    empty = client.post(address, {"reason": "They begin at once."})
    assert "Give the first day." in words(empty)
    at_once = typed("starts_on", clock.today()) | {"reason": "They begin at once."}
    assert client.post(address, at_once).status_code == 302
    assert page(cast.stranger, "review", review.pk).status_code == 200
    chair = reverse("change-dates", args=[review.pk, review.membership_set.get(user=cast.lead_chair).pk])
    assert chair not in client.get(reverse("review-people", args=[review.pk])).content.decode()
    refused = client.post(chair, {"reason": "They stay."})
    assert refused.status_code == 409
    assert "declare their independence" in words(refused)


def test_who_was_appointed_leaves_by_standing_down(cast: Cast) -> None:
    """Their part alone cannot be ended: the appointment would stand, and the register would say that they are taken."""
    review = build.review_at("upload_draft", cast)
    client = signed_in(cast.officer)
    chair = review.membership_set.get(user=cast.lead_chair)
    appointment = Appointment.objects.get(review=review, user=cast.lead_chair)
    people = page(cast.officer, "review-people", review.pk).content.decode()
    part = reverse("end-membership", args=[review.pk, chair.pk])
    assert part not in people
    assert people.count(reverse("stand-down", args=[appointment.pk])) == 2  # beside the part and beside the appointment
    refused = client.post(part, {"reason": "Moved on."})
    assert refused.status_code == 409
    assert "let them stand down, and their part ends too" in words(refused)
    chair.refresh_from_db()
    assert chair.ended_at is None
    assert client.post(reverse("stand-down", args=[appointment.pk]), {"reason": "Moved on."}).status_code == 302
    chair.refresh_from_db()
    assert chair.ended_at is not None
