"""The pages of the register, of soundings and of appointments: who may, what each shows, what bad input gets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from chairs import process
from chairs.appointing import appoint_chairs, stand_down
from chairs.declaring import declare_independence
from chairs.models import Appointment, ChairProfile, Sounding
from chairs.register import add_chair_to_register, sound_out
from dhr.accounts.models import Notice, User
from dhr.audit.models import AuditEntry
from dhr.reviews.models import Review
from tests import build
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db
STATEMENT = "I have never worked for an agency in this review."
CONTACT = "07700 900123"
ENTRY = {
    "name": "Cora Newchair",
    "services": "chair",
    "stage": "training",
    "source": "fire_retiree",
    "max_live": "2",
    "contact": CONTACT,
    "home_office_1_day": "3",
    "home_office_1_month": "March",
    "home_office_1_year": "2025",
}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def review(cast: Cast) -> Review:
    return build.notify(cast)


@pytest.fixture(autouse=True)
def _without_a_process() -> Iterator[None]:
    before = process.registered()
    process._registered.clear()
    yield
    process._registered[:] = [before] if before else []


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="dhr.accounts.backends.SignInBackend")
    return client


def on_the_register(cast: Cast, user: User, **facts: Any) -> ChairProfile:
    given = {"name": user.name, "user": user, "services": "both"} | facts
    made: ChairProfile = add_chair_to_register(cast.partnership, by=cast.officer, **given)
    return made


def appoint(review: Review, cast: Cast) -> list[Appointment]:
    """A lead and a second chair, appointed and not declared."""
    people = {"lead_chair": cast.lead_chair, "chair": cast.second_chair}
    chosen = [{"chair": on_the_register(cast, user), "role": role} for role, user in people.items()]
    made: list[Appointment] = appoint_chairs(review, by=cast.officer, appointments=chosen)
    return made


def text(response: Any) -> str:
    return str(response.content.decode())


# ---- the register


@pytest.mark.parametrize(
    ("key", "status"),
    [
        ("officer", 200),
        ("team_manager", 200),
        ("board_chair", 403),
        ("lead_chair", 403),
        ("auditor", 403),
        ("stranger", 403),
    ],
)
def test_who_sees_the_register(cast: Cast, key: str, status: int) -> None:
    chair = on_the_register(cast, cast.lead_chair, name="Cora Onregister")
    client = as_(getattr(cast, key))
    for address in (reverse("chairs"), reverse("chair", args=[chair.pk])):
        response = client.get(address)
        assert response.status_code == status
        assert ("Cora Onregister" in text(response)) is (status == 200)


@pytest.mark.parametrize("key", ["team_manager", "board_chair", "lead_chair", "stranger"])
def test_who_may_not_change_the_register(cast: Cast, key: str) -> None:
    chair = on_the_register(cast, cast.lead_chair)
    client = as_(getattr(cast, key))
    for address in (reverse("add-chair"), reverse("edit-chair", args=[chair.pk])):
        assert client.get(address).status_code == 403
        assert client.post(address, ENTRY).status_code == 403
    assert ChairProfile.objects.count() == 1


def test_another_partnerships_entry_does_not_exist(cast: Cast) -> None:
    chair = on_the_register(cast, cast.lead_chair)
    client = as_(make_cast(" Elsewhere").officer)
    assert client.get(reverse("chair", args=[chair.pk])).status_code == 404
    assert client.get(reverse("edit-chair", args=[chair.pk])).status_code == 404
    assert chair.name not in text(client.get(reverse("chairs")))


def test_the_register_is_narrowed_by_stage_and_service_and_says_who_has_room(cast: Cast, review: Review) -> None:
    appoint(review, cast)
    on_the_register(cast, cast.author, services="author", stage="available", max_live=0)
    client = as_(cast.officer)
    everybody = text(client.get(reverse("chairs")))
    assert "1 of 2" in everybody
    assert "Full" in everybody
    assert "Ada Author" not in text(client.get(reverse("chairs"), {"stage": "appointed"}))
    assert "Ada Author" not in text(client.get(reverse("chairs"), {"service": "chair"}))
    assert "Lena Leadchair" in text(client.get(reverse("chairs"), {"service": "author", "stage": "appointed"}))
    assert client.get(reverse("chairs"), {"stage": "nonsense", "page": "x"}).status_code == 200


def test_an_entry_is_added_and_its_private_part_read_only_with_a_line_in_the_log(cast: Cast) -> None:
    client = as_(cast.officer)
    response = client.post(reverse("add-chair"), ENTRY)
    chair = ChairProfile.objects.get()
    assert response.headers["Location"] == reverse("chair", args=[chair.pk])
    assert chair.training == {"home_office_1": "2025-03-03"}
    lines = AuditEntry.objects.filter(event="narrative.viewed", object_id=str(chair.pk))
    page = text(client.get(reverse("chair", args=[chair.pk])))
    assert (CONTACT in page, lines.count()) == (True, 1)
    assert CONTACT not in text(as_(cast.team_manager).get(reverse("chair", args=[chair.pk])))
    assert lines.count() == 1


def test_an_entry_is_changed_from_what_it_was(cast: Cast) -> None:
    client = as_(cast.officer)
    client.post(reverse("add-chair"), ENTRY)
    chair = ChairProfile.objects.get()
    address = reverse("edit-chair", args=[chair.pk])
    form = client.get(address).context["form"]
    assert (form["contact"].value(), form["name"].value()) == (CONTACT, "Cora Newchair")
    assert form["home_office_1"].value().isoformat() == "2025-03-03"
    response = client.post(address, ENTRY | {"stage": "available", "user": str(cast.lead_chair.pk)})
    assert response.status_code == 302
    chair.refresh_from_db()
    assert (chair.stage, chair.user) == ("available", cast.lead_chair)


def test_bad_input_is_answered_beside_its_question_and_nothing_typed_is_lost(cast: Cast) -> None:
    bad = ENTRY | {"max_live": "many", "day_rate": "-4", "home_office_1_year": "2999", "contact": "keep this"}
    response = as_(cast.officer).post(reverse("add-chair"), bad)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"max_live", "day_rate", "home_office_1"}
    assert "keep this" in text(response)
    assert not ChairProfile.objects.exists()


def test_accounts_of_the_partnerships_own_people_are_not_offered(cast: Cast) -> None:
    on_the_register(cast, cast.lead_chair)
    offered = dict(as_(cast.officer).get(reverse("add-chair")).context["form"].fields["user"].choices)
    names = " ".join(offered.values())
    assert "Cyril Chair" in names
    assert not {"Olive Officer", "Ben Board", "Lena Leadchair"} & {name.split(" (")[0] for name in offered.values()}


def test_an_entry_shows_only_reviews_that_the_reader_may_see(cast: Cast, review: Review) -> None:
    lead, _ = appoint(review, cast)
    sound_out(review, by=cast.officer, chair=lead.chair)
    address = reverse("chair", args=[lead.chair.pk])
    own, other, caseload = (
        text(as_(user).get(address)) for user in (cast.officer, cast.second_officer, cast.team_manager)
    )
    assert review.reference in own
    assert reverse("appointment", args=[lead.pk]) in own
    assert review.reference not in other
    assert "And 2 on reviews that you are not part of" in other
    assert review.reference in caseload
    assert reverse("appointment", args=[lead.pk]) not in caseload


# ---- soundings


def test_the_officer_asks_and_records_the_answer(cast: Cast, review: Review) -> None:
    chair = on_the_register(cast, cast.lead_chair)
    client = as_(cast.officer)
    address = reverse("sound-out", args=[review.pk])
    assert f"/reviews/{review.pk}/chairs/sound-out/" == address
    assert "0 of 2 reviews" in text(client.get(address))
    assert client.post(address, {"chair": ""}).status_code == 422
    assert client.post(address, {"chair": str(uuid4())}).status_code == 422
    assert client.post(address, {"chair": str(chair.pk), "note": "By phone."}).status_code == 302
    sounding = Sounding.objects.get()
    answer = reverse("record-answer", args=[sounding.pk])
    assert answer in text(client.get(reverse("chair", args=[chair.pk])))
    assert client.post(answer, {"answer": "waiting"}).status_code == 422
    assert client.post(answer, {"answer": "conflict"}).status_code == 302
    sounding.refresh_from_db()
    assert sounding.answer == "conflict"


@pytest.mark.parametrize(("key", "status"), [("second_officer", 404), ("board_chair", 403), ("stranger", 404)])
def test_who_may_not_ask_for_a_review(cast: Cast, review: Review, key: str, status: int) -> None:
    sounding = sound_out(review, by=cast.officer, chair=on_the_register(cast, cast.lead_chair))
    client = as_(getattr(cast, key))
    for name, pk in (("sound-out", review.pk), ("record-answer", sounding.pk), ("appoint-another", review.pk)):
        response = client.get(reverse(name, args=[pk]))
        assert response.status_code == status
        assert cast.lead_chair.name not in text(response)


# ---- appointments


def test_the_appointed_person_sees_the_reference_and_declares(cast: Cast, review: Review) -> None:
    lead, _ = appoint(review, cast)
    address = reverse("appointment", args=[lead.pk])
    assert Notice.objects.get(to=cast.lead_chair).link == address
    client = as_(cast.lead_chair)
    page = text(client.get(address))
    assert review.reference in page
    assert build.CANARY_TEXT not in page
    assert build.CANARY_NAME not in page
    assert reverse("stand-down", args=[lead.pk]) not in page
    assert client.post(address, {"statement": STATEMENT}).status_code == 422
    assert client.post(address, {"statement": STATEMENT, "agreed": "on"}).status_code == 302
    lead.refresh_from_db()
    assert lead.is_declared
    page = text(client.get(address))
    assert STATEMENT in page
    assert 'name="statement"' not in page
    assert AuditEntry.objects.filter(event="narrative.viewed", review=review.pk, person=cast.lead_chair.pk).count() == 1


def test_the_officer_records_it_with_its_day_and_how(cast: Cast, review: Review) -> None:
    lead, _ = appoint(review, cast)
    client, address = as_(cast.officer), reverse("appointment", args=[lead.pk])
    given = {"statement": STATEMENT, "how": "paper", "done_on_day": "1", "done_on_month": "2", "done_on_year": "2999"}
    response = client.post(address, given)
    assert (response.status_code, set(response.context["form"].errors)) == (422, {"done_on"})
    assert client.post(address, given | {"done_on_year": "2026"}).status_code == 302
    lead.refresh_from_db()
    assert (lead.declared_on.isoformat(), lead.declaration_recorded_by) == ("2026-02-01", cast.officer)


@pytest.mark.parametrize(
    ("key", "status"),
    [("second_officer", 404), ("second_chair", 404), ("team_manager", 404), ("board_chair", 403), ("stranger", 404)],
)
def test_nobody_else_sees_an_appointment(cast: Cast, review: Review, key: str, status: int) -> None:
    lead, _ = appoint(review, cast)
    client = as_(getattr(cast, key))
    for name in ("appointment", "stand-down"):
        for response in (client.get(reverse(name, args=[lead.pk])), client.post(reverse(name, args=[lead.pk]), {})):
            assert response.status_code == status
            assert review.reference not in text(response)
    assert client.post(reverse("make-lead", args=[lead.pk])).status_code == status


def test_the_officer_ends_an_appointment_and_is_asked_for_a_new_lead(cast: Cast, review: Review) -> None:
    lead, second = appoint(review, cast)
    declare_independence(lead, by=cast.lead_chair, statement=STATEMENT)
    client, address = as_(cast.officer), reverse("stand-down", args=[lead.pk])
    assert client.post(address, {"reason": ""}).status_code == 422
    page = text(client.post(address, {"reason": "They fell ill."}, follow=True))
    assert "This review has no lead chair now" in page
    assert "They fell ill." not in page
    assert as_(cast.lead_chair).get(reverse("appointment", args=[lead.pk])).status_code == 404
    page = text(client.post(reverse("make-lead", args=[second.pk]), follow=True))
    assert "Cyril Chair leads the review now" in page
    assert "This review has no lead chair now" not in page


def test_a_new_lead_is_appointed_from_the_register(cast: Cast, review: Review) -> None:
    lead, _ = appoint(review, cast)
    stand_down(lead, by=cast.officer, reason="Ill.")
    author = on_the_register(cast, cast.author)
    client, address = as_(cast.officer), reverse("appoint-another", args=[review.pk])
    assert client.get(address).status_code == 200
    response = client.post(address, {"chair": str(author.pk), "role": "report_author"})
    assert response.status_code == 422
    assert "Choose one lead chair" in text(response)
    response = client.post(address, {"chair": str(author.pk), "role": "lead_chair", "fee": "6000"})
    appointment = Appointment.objects.get(user=cast.author)
    assert response.headers["Location"] == reverse("appointment", args=[appointment.pk])
    assert (appointment.role, appointment.fee) == ("lead_chair", 6000)


def test_the_menu_offers_the_register_to_those_who_may_see_it(cast: Cast) -> None:
    assert reverse("chairs") in {item.url for item in as_(cast.officer).get(reverse("chairs")).context["navigation"]}
    shown = as_(cast.board_member).get(reverse("meetings")).context["navigation"]
    assert reverse("chairs") not in {item.url for item in shown}
