"""The register of chairs, soundings, appointments and declarations: what each gives, refuses and takes away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from chairs import process
from chairs.appointing import (
    DECLARE,
    all_declared,
    appoint_another,
    appoint_chairs,
    make_lead,
    stand_down,
    standing_appointments,
    undo_appointments,
)
from chairs.declaring import declare, declare_independence
from chairs.models import Appointment, AppointmentGrant, ChairProfile
from chairs.register import add_chair_to_register, record_answer, sound_out, update_chair
from dhr import clock
from dhr.access.roles import Role
from dhr.accounts.models import Notice, User
from dhr.audit.models import AuditEntry
from dhr.reviews import memberships
from dhr.reviews.models import Membership, Review
from dhr.reviews.models.facts import Credit
from dhr.usecase import AlreadyDone, NotYet, Refused
from restricted_docs.vault.errors import NoReceipt
from tests import build
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db
STATEMENT = "I have never worked for an agency in this review."


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


def fresh(user: User) -> User:
    """The person as the next request reads them."""
    return User.objects.get(pk=user.pk)


def entry(cast: Cast, user: User | None, role: str, name: str = "") -> dict[str, Any]:
    found = ChairProfile.objects.filter(user=user).first() if user else None
    facts = {"name": name or (user.name if user else "Una Unknown"), "user": user, "services": "both"}
    return {"chair": found or add_chair_to_register(cast.partnership, by=cast.officer, **facts), "role": role}


def appoint(review: Review, cast: Cast) -> tuple[Appointment, Appointment]:
    """A lead chair and a second chair, appointed and not declared yet."""
    chosen = [entry(cast, cast.lead_chair, "lead_chair"), entry(cast, cast.second_chair, "chair")]
    lead, second = appoint_chairs(review, by=cast.officer, appointments=chosen)
    return lead, second


def declared(appointment: Appointment) -> Appointment:
    return declare_independence(appointment, by=fresh(appointment.user), statement=STATEMENT)  # type: ignore[no-any-return]


def events(name: str) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(event=name).order_by("seq"))


# ---- the register


def test_what_is_private_of_an_entry_is_sealed(cast: Cast) -> None:
    facts = {"contact": "07700 900123", "employment_history": "Fire service until 2019", "notes": "Calm."}
    chair = add_chair_to_register(cast.partnership, by=cast.officer, name="Cora Chair", source="fire_retiree", **facts)
    found = ChairProfile.objects.get(pk=chair.pk)
    for name in facts:
        with pytest.raises(NoReceipt):
            getattr(found, name)
    assert [(e.object, e.object_id, e.review) for e in events("chair.registered")] == [("chair", str(chair.pk), None)]


def test_only_an_officer_keeps_the_register(cast: Cast) -> None:
    for by in (cast.team_manager, cast.board_chair, cast.lead_chair, cast.administrator):
        with pytest.raises(Refused):
            add_chair_to_register(cast.partnership, by=by, name="Cora Chair")
    assert not ChairProfile.objects.exists()
    assert len(events("access.refused")) == 4


def test_an_entry_cannot_have_the_account_of_the_partnerships_own_people_or_of_another_entry(cast: Cast) -> None:
    entry(cast, cast.lead_chair, "chair")
    for user, sentence in ((cast.board_member, "works for the partnership"), (cast.lead_chair, "another entry")):
        with pytest.raises(ValidationError, match=sentence):
            add_chair_to_register(cast.partnership, by=cast.officer, name="Cora Chair", user=user)


def test_removing_somebody_is_told_as_retiring_and_another_partnership_may_not(cast: Cast) -> None:
    chair = entry(cast, cast.lead_chair, "chair")["chair"]
    with pytest.raises(Refused, match="another register"):
        update_chair(chair, by=make_cast(" Elsewhere").officer, stage="removed")
    update_chair(chair, by=cast.officer, region="North West")
    update_chair(chair, by=cast.officer, stage="removed")
    assert [len(events("chair.updated")), len(events("chair.retired"))] == [1, 1]
    assert list(ChairProfile.objects.on_the_register()) == []


def test_the_load_counts_open_reviews_with_a_standing_appointment(cast: Cast, review: Review) -> None:
    _, second = appoint(review, cast)
    stand_down(second, by=cast.officer, reason="Ill.")
    load = dict(ChairProfile.objects.with_load().values_list("user_id", "live"))
    assert load == {cast.lead_chair.pk: 1, cast.second_chair.pk: 0}


# ---- soundings


def test_a_possible_chair_can_be_asked_at_any_stage_and_gets_no_access(cast: Cast, review: Review) -> None:
    chair = entry(cast, cast.lead_chair, "chair")["chair"]
    Review.objects.filter(pk=review.pk).update(suspended_at=clock.now())
    sounding = sound_out(review, by=cast.officer, chair=chair, note="By phone.")
    with pytest.raises(AlreadyDone):
        sound_out(review, by=cast.officer, chair=chair)
    record_answer(sounding, by=cast.officer, answer="interested")
    assert (sounding.answer, sounding.answered_on) == ("interested", clock.today())
    assert not fresh(cast.lead_chair).has_perm("reviews.view_review", review)
    with pytest.raises(AlreadyDone):
        record_answer(sounding, by=cast.officer, answer="declined")
    sound_out(review, by=cast.officer, chair=chair)
    assert len(events("chair.sounded")) == 3


def test_only_the_reviews_own_officer_asks_and_records_answers(cast: Cast, review: Review) -> None:
    chair = entry(cast, cast.lead_chair, "chair")["chair"]
    with pytest.raises(Refused):
        sound_out(review, by=cast.second_officer, chair=chair)
    sounding = sound_out(review, by=cast.officer, chair=chair)
    with pytest.raises(Refused):
        record_answer(sounding, by=cast.second_officer, answer="declined")
    with pytest.raises(ValidationError):
        record_answer(sounding, by=cast.officer, answer="waiting")


# ---- appointing


def test_an_appointment_gives_nothing_but_the_right_to_declare(cast: Cast, review: Review) -> None:
    lead, second = appoint(review, cast)
    chair = fresh(cast.lead_chair)
    assert chair.has_perm(DECLARE, lead)
    assert not chair.has_perm(DECLARE, second)
    assert not chair.has_perm("reviews.view_review", review)
    assert list(Appointment.objects.visible_to(chair, DECLARE)) == [lead]
    assert not Membership.objects.filter(review=review, user=chair).exists()
    assert len(events("chair.appointed")) == 2
    told = Notice.objects.get(to=chair, kind="appointed")
    assert (told.reference, told.link) == (review.reference, f"/chairs/appointments/{lead.pk}/")
    assert ChairProfile.objects.get(user=chair).stage == "appointed"


@pytest.mark.parametrize("roles", [["chair", "chair"], ["lead_chair", "lead_chair"], ["chair", "report_author"]])
def test_exactly_one_chair_leads(cast: Cast, review: Review, roles: list[str]) -> None:
    people = [cast.lead_chair, cast.second_chair]
    chosen = [entry(cast, user, role) for user, role in zip(people, roles, strict=True)]
    with pytest.raises(ValidationError, match="one lead chair"):
        appoint_chairs(review, by=cast.officer, appointments=chosen)
    assert not Appointment.objects.exists()


def test_somebody_without_an_account_cannot_be_appointed_until_one_is_chosen(cast: Cast, review: Review) -> None:
    chosen = entry(cast, None, "lead_chair", name="Una Unknown")
    with pytest.raises(ValidationError, match="Una Unknown has no account yet"):
        appoint_chairs(review, by=cast.officer, appointments=[chosen])
    appoint_chairs(review, by=cast.officer, appointments=[chosen | {"user": cast.stranger}])
    assert ChairProfile.objects.get(name="Una Unknown").user == cast.stranger


@pytest.mark.parametrize("key", ["panel_member", "agency_author"])
def test_nobody_who_takes_part_already_can_be_appointed(cast: Cast, review: Review, key: str) -> None:
    user = getattr(cast, key)
    memberships.add_member(review, by=cast.officer, user=user, role=key, agency=cast.police)
    with pytest.raises(ValidationError, match="not independent"):
        appoint_chairs(review, by=cast.officer, appointments=[entry(cast, user, "lead_chair")])


def test_an_officer_cannot_be_appointed_through_the_account_given_with_the_choice(cast: Cast, review: Review) -> None:
    chosen = entry(cast, None, "lead_chair") | {"user": cast.second_officer}
    with pytest.raises(ValidationError, match="not independent"):
        appoint_chairs(review, by=cast.officer, appointments=[chosen])


def test_the_same_person_cannot_be_appointed_twice(cast: Cast, review: Review) -> None:
    twice = [entry(cast, cast.lead_chair, "lead_chair"), entry(cast, cast.lead_chair, "report_author")]
    with pytest.raises(ValidationError, match="chosen twice"):
        appoint_chairs(review, by=cast.officer, appointments=twice)


def test_who_offers_only_to_write_is_not_appointed_chair_and_who_was_removed_not_at_all(
    cast: Cast, review: Review
) -> None:
    chosen = entry(cast, cast.lead_chair, "lead_chair")
    update_chair(chosen["chair"], by=cast.officer, services="author")
    with pytest.raises(ValidationError, match="does not offer this"):
        appoint_chairs(review, by=cast.officer, appointments=[chosen])
    update_chair(chosen["chair"], by=cast.officer, services="both", stage="removed")
    with pytest.raises(ValidationError, match="removed from the register"):
        appoint_chairs(review, by=cast.officer, appointments=[chosen])


def test_only_the_reviews_own_officer_appoints(cast: Cast, review: Review) -> None:
    for by in (cast.second_officer, cast.team_manager, cast.board_chair, cast.lead_chair):
        with pytest.raises(Refused):
            appoint_chairs(review, by=by, appointments=[entry(cast, cast.lead_chair, "lead_chair")])


def test_the_database_itself_refuses_a_second_standing_lead(cast: Cast, review: Review) -> None:
    _, second = appoint(review, cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.filter(pk=second.pk).update(role="lead_chair")


# ---- declaring independence


def test_the_declaration_starts_access_and_ends_the_right_to_declare(cast: Cast, review: Review) -> None:
    lead, second = appoint(review, cast)
    assert not all_declared(review)
    declare_independence(lead, by=cast.lead_chair, statement=STATEMENT, associated_with="Testside Police until 2009")
    chair = fresh(cast.lead_chair)
    assert chair.has_perm("reviews.lead_review", review)
    assert not chair.has_perm(DECLARE, lead)
    assert not AppointmentGrant.objects.filter(content_object=lead).exists()
    assert not all_declared(review)
    declared(second)
    assert all_declared(review)
    assert [e.person for e in events("chair.declared_independence")] == [cast.lead_chair.pk, cast.second_chair.pk]


def test_what_was_declared_is_sealed_under_the_review(cast: Cast, review: Review) -> None:
    lead, _ = appoint(review, cast)
    declared(lead)
    with pytest.raises(NoReceipt):
        str(Appointment.objects.get(pk=lead.pk).statement)


def test_declaring_twice_says_that_it_is_done(cast: Cast, review: Review) -> None:
    lead, _ = appoint(review, cast)
    declared(lead)
    with pytest.raises(AlreadyDone):
        declared(lead)
    with pytest.raises(Refused):
        declare_independence(lead, by=cast.stranger, statement=STATEMENT)


def test_the_officer_records_a_declaration_for_the_person_who_made_it(cast: Cast, review: Review) -> None:
    lead, _ = appoint(review, cast)
    for done_by in (cast.officer, cast.second_chair):
        credit = Credit(done_by=done_by, recorded_by=cast.officer, done_on=clock.today(), how="paper")
        with pytest.raises(Refused):
            declare_independence(lead, by=cast.officer, credit=credit, statement=STATEMENT)
    credit = Credit(done_by=cast.lead_chair, recorded_by=cast.officer, done_on=clock.today(), how="paper")
    declare_independence(lead, by=cast.officer, credit=credit, statement=STATEMENT)
    assert (lead.declaration_recorded_by, lead.declared_how) == (cast.officer, "paper")
    line = events("chair.declared_independence")[0]
    assert (line.person, line.on_behalf_of, line.facts["how"]) == (cast.officer.pk, cast.lead_chair.pk, "paper")
    assert fresh(cast.lead_chair).has_perm("reviews.chair_review", review)


def test_an_officer_of_another_review_cannot_record_it(cast: Cast, review: Review) -> None:
    lead, _ = appoint(review, cast)
    credit = Credit(done_by=cast.lead_chair, recorded_by=cast.second_officer, done_on=clock.today(), how="paper")
    with pytest.raises(Refused):
        declare_independence(lead, by=cast.second_officer, credit=credit, statement=STATEMENT)


def test_pages_declare_through_the_process_where_there_is_one(cast: Cast, review: Review) -> None:
    calls: list[str] = []

    class Walked:
        def appointed(self, review: Review) -> None:
            calls.append("appointed")

        def declare(self, appointment: Appointment, *, by: Any, credit: Credit | None, **answers: Any) -> Appointment:
            calls.append("declare")
            return declare_independence(appointment, by=by, credit=credit, **answers)  # type: ignore[no-any-return]

    lead, second = appoint(review, cast)
    declare(second, by=cast.second_chair, statement=STATEMENT)
    process.register(Walked())
    declare(lead, by=cast.lead_chair, statement=STATEMENT)
    author = entry(cast, cast.author, "report_author")
    appoint_another(review, by=cast.officer, chair=author["chair"], role="report_author")
    assert calls == ["declare", "appointed"]
    assert all_declared(review) is False


# ---- leading and standing down


def test_standing_down_takes_access_at_once(cast: Cast, review: Review) -> None:
    lead, second = appoint(review, cast)
    declared(lead)
    for by in (cast.second_officer, cast.lead_chair):
        with pytest.raises(Refused):
            stand_down(lead, by=by, reason="Ill.")
    stand_down(lead, by=cast.officer, reason="Ill.")
    assert not fresh(cast.lead_chair).has_perm("reviews.view_review", review)
    assert list(standing_appointments(review)) == [second]
    assert ChairProfile.objects.get(user=cast.lead_chair).stage == "available"
    with pytest.raises(AlreadyDone):
        stand_down(lead, by=cast.officer, reason="Ill.")
    with pytest.raises(NotYet, match="has ended"):
        declare_independence(lead, by=cast.lead_chair, statement=STATEMENT)


def test_who_stands_down_before_declaring_cannot_declare_any_more(cast: Cast, review: Review) -> None:
    lead, _ = appoint(review, cast)
    stand_down(lead, by=cast.officer, reason="A tie came up.")
    assert not fresh(cast.lead_chair).has_perm(DECLARE, lead)


def test_another_chair_can_be_made_to_lead(cast: Cast, review: Review) -> None:
    lead, second = appoint(review, cast)
    declared(lead)
    declared(second)
    make_lead(second, by=cast.officer)
    roles = dict(review.membership_set.current().filter(ended_at=None).values_list("user_id", "role"))
    assert (roles[cast.second_chair.pk], roles[cast.lead_chair.pk]) == (Role.LEAD_CHAIR, Role.CHAIR)
    assert fresh(cast.second_chair).has_perm("reviews.lead_review", review)
    assert not fresh(cast.lead_chair).has_perm("reviews.lead_review", review)
    assert fresh(cast.lead_chair).has_perm("reviews.chair_review", review)
    with pytest.raises(AlreadyDone):
        make_lead(second, by=cast.officer)


def test_the_last_lead_may_go_and_a_new_one_is_appointed(cast: Cast, review: Review) -> None:
    lead, second = appoint(review, cast)
    declared(lead)
    declared(second)
    stand_down(lead, by=cast.officer, reason="Ill.")
    assert not all_declared(review)
    author = entry(cast, cast.author, "lead_chair")["chair"]
    with pytest.raises(ValidationError, match="one lead chair"):
        appoint_another(review, by=cast.officer, chair=author, role="report_author")
    appoint_another(review, by=cast.officer, chair=author, role="lead_chair")
    assert standing_appointments(review).filter(role="lead_chair").get().user == cast.author


def test_nobody_is_appointed_as_another_before_the_first_were(cast: Cast, review: Review) -> None:
    with pytest.raises(NotYet, match="first chairs"):
        appoint_another(review, by=cast.officer, chair=entry(cast, cast.author, "chair")["chair"], role="lead_chair")


def test_appointments_of_one_step_are_taken_back_until_somebody_has_declared(cast: Cast, review: Review) -> None:
    credit = Credit(done_by=cast.officer, recorded_by=cast.officer, done_on=clock.today(), step=7)
    chosen = [entry(cast, cast.lead_chair, "lead_chair")]
    appoint_chairs(review, by=cast.officer, credit=credit, appointments=chosen)
    undo_appointments(review, by=cast.officer, done_by_step=7)
    assert not standing_appointments(review).exists()
    (again,) = appoint_chairs(review, by=cast.officer, credit=credit, appointments=chosen)
    declared(again)
    with pytest.raises(NotYet, match="stand down instead"):
        undo_appointments(review, by=cast.officer, done_by_step=7)
