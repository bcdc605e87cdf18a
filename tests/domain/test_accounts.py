"""People: invited, never signed up; deactivated, never deleted; and always an administrator left."""

from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from dhr import clock
from dhr.access.roles import Standing
from dhr.accounts import invitations, standing
from dhr.accounts.backends import SignInBackend
from dhr.accounts.models import Invitation, Partnership, StandingRole, User
from dhr.audit.models import AuditEntry
from dhr.usecase import AlreadyDone, NotYet, Refused

pytestmark = pytest.mark.django_db

GOOD = "three calm otters"


def person(name: str, *roles: Standing, **fields: Any) -> User:
    made = User.objects.create_user(f"{name.lower()}@example.org", name, GOOD, **fields)
    for role in roles:
        StandingRole.objects.create(user=made, role=role)
    return made


@pytest.fixture
def admin() -> User:
    return person("Ada", Standing.ADMINISTRATOR)


@pytest.fixture
def officer() -> User:
    return person("Olu", Standing.COMMUNITY_SAFETY_OFFICER)


def invite(by: User | None, **facts: Any) -> Invitation:
    given = {"email": "New.Person@Example.org", "name": "Nia", **facts}
    invitation: Invitation = invitations.invite(None, by=by, **given)
    return invitation


def token_of(invitation: Invitation) -> str:
    return invitation.link.rstrip("/").rpartition("/")[2]


def events() -> list[str]:
    return list(AuditEntry.objects.order_by("seq").values_list("event", flat=True))


# --------------------------------------------------------------------------------------------------------- inviting
def test_an_invited_account_does_not_work_until_the_invitation_is_accepted(admin: User) -> None:
    invitation = invite(admin, roles=[Standing.AUDITOR], organisation="Audit Ltd")
    assert not invitation.person.is_active
    assert not invitation.person.has_perm("audit.view_log")
    assert list(User.objects.in_role(Standing.AUDITOR)) == []

    accepted = invitations.accept_invitation(token_of(invitation), password=GOOD)

    assert accepted.email == "new.person@example.org"
    assert accepted.is_active
    assert accepted.check_password(GOOD)
    assert accepted.has_perm("audit.view_log")
    assert events() == ["account.role_given", "account.invited", "account.invitation_used"]
    assert AuditEntry.objects.get(event="account.invitation_used").person == accepted.pk


def test_the_secret_of_a_link_is_not_in_the_database(admin: User) -> None:
    invitation = invite(admin)
    stored = Invitation.objects.values().get(pk=invitation.pk)
    assert token_of(invitation)
    assert token_of(invitation) not in str(stored)


def test_a_link_works_once(admin: User) -> None:
    token = token_of(invite(admin))
    invitations.accept_invitation(token, password=GOOD)
    with pytest.raises(AlreadyDone, match="has been used already"):
        invitations.accept_invitation(token, password="another good one")
    assert User.objects.get(name="Nia").check_password(GOOD)


@pytest.mark.parametrize(("days", "works"), [(13, True), (14, False), (400, False)])
def test_a_link_works_for_fourteen_days(admin: User, days: int, works: bool) -> None:
    token = token_of(invite(admin))
    with clock.at(clock.now() + timedelta(days=days, minutes=1)):
        if works:
            invitations.accept_invitation(token, password=GOOD)
        else:
            with pytest.raises(NotYet, match="no longer works"):
                invitations.accept_invitation(token, password=GOOD)
    assert User.objects.get(name="Nia").is_active is works


def test_an_unknown_link_says_the_same_as_one_that_ran_out() -> None:
    with pytest.raises(NotYet, match="no longer works"):
        invitations.accept_invitation("guessed", password=GOOD)


def test_sending_again_makes_the_first_link_useless(admin: User) -> None:
    first = invite(admin)
    second = invitations.send_again(first.person, by=admin)
    with pytest.raises(NotYet):
        invitations.accept_invitation(token_of(first), password=GOOD)
    invitations.accept_invitation(token_of(second), password=GOOD)
    with pytest.raises(AlreadyDone):
        invitations.send_again(User.objects.get(name="Nia"), by=admin)


def test_a_withdrawn_invitation_does_not_work(admin: User) -> None:
    invitation = invite(admin)
    invitations.withdraw_invitation(invitation.person, by=admin)
    with pytest.raises(NotYet):
        invitations.accept_invitation(token_of(invitation), password=GOOD)
    with pytest.raises(AlreadyDone):
        invitations.withdraw_invitation(invitation.person, by=admin)


def test_somebody_who_has_an_account_is_not_invited_again(admin: User, officer: User) -> None:
    with pytest.raises(NotYet, match="already an account"):
        invite(admin, email="OLU@example.org")
    standing.deactivate(officer, by=admin)
    with pytest.raises(NotYet, match="deactivated"):
        invite(admin, email="olu@example.org")


def test_inviting_the_same_address_twice_makes_one_account(admin: User) -> None:
    invite(admin, name="Nya")
    second = invite(admin, name="Nia")
    assert User.objects.with_email("new.person@example.org").count() == 1
    assert second.person.name == "Nia"
    assert Invitation.objects.unanswered().count() == 1


def test_only_an_administrator_invites_with_a_role(officer: User) -> None:
    with pytest.raises(Refused):
        invite(officer, roles=[Standing.AUDITOR])
    assert not User.objects.filter(name="Nia").exists()
    assert events() == ["access.refused"]


def test_an_officer_invites_to_a_review_and_gives_no_role(officer: User, admin: User) -> None:
    facts = {"email": "chair@example.net", "name": "Mabel", "organisation": "Self-employed"}
    invitation = invitations.invite_for_review(None, by=officer, **facts)
    assert invitation.person.organisation == "Self-employed"
    assert not invitation.person.roles.exists()
    with pytest.raises(Refused, match="community safety officer"):
        invitations.invite_for_review(None, by=admin, email="b@example.net", name="B")


def test_an_officer_whose_account_ended_invites_nobody() -> None:
    gone = person("Gil", Standing.COMMUNITY_SAFETY_OFFICER, expires_on=date(2020, 1, 1))
    with pytest.raises(Refused):
        invitations.invite_for_review(None, by=gone, email="b@example.net", name="B")


# ---------------------------------------------------------------------------------------------------- standing roles
def test_a_role_counts_from_its_first_day_to_its_last(admin: User, officer: User) -> None:
    today = clock.today()
    first, last = today + timedelta(days=10), today + timedelta(days=20)
    standing.give_role(officer, by=admin, role=Standing.BOARD_CHAIR, starts_on=first, ends_on=last, deputy=True)
    for days, counts in [(9, False), (10, True), (20, True), (21, False)]:
        with clock.at(clock.now() + timedelta(days=days)):
            assert (Standing.BOARD_CHAIR in User.objects.get(pk=officer.pk).standing_roles()) is counts


def test_a_role_that_is_ended_stops_at_once_even_on_its_first_day(admin: User, officer: User) -> None:
    given = standing.give_role(officer, by=admin, role=Standing.AUDITOR)
    assert officer.has_perm("audit.view_log")
    standing.end_role(given, by=admin)
    assert not User.objects.get(pk=officer.pk).has_perm("audit.view_log")
    with pytest.raises(AlreadyDone):
        standing.end_role(given, by=admin)


def test_a_role_can_be_given_a_last_day(admin: User, officer: User) -> None:
    given = standing.give_role(officer, by=admin, role=Standing.AUDITOR)
    tomorrow = clock.today() + timedelta(days=1)
    standing.end_role(given, by=admin, ends_on=tomorrow)
    assert User.objects.get(pk=officer.pk).has_perm("audit.view_log")
    with clock.at(clock.now() + timedelta(days=2)):
        assert not User.objects.get(pk=officer.pk).has_perm("audit.view_log")
    with pytest.raises(NotYet, match="today or later"):
        standing.end_role(given, by=admin, ends_on=clock.today() - timedelta(days=1))


def test_the_same_role_is_not_given_twice_for_the_same_days(admin: User, officer: User) -> None:
    standing.give_role(officer, by=admin, role=Standing.AUDITOR)
    with pytest.raises(AlreadyDone):
        standing.give_role(officer, by=admin, role=Standing.AUDITOR)
    assert officer.roles.filter(role=Standing.AUDITOR).count() == 1


def test_an_administrator_gives_themself_no_other_role(admin: User) -> None:
    with pytest.raises(Refused, match="yourself"):
        standing.give_role(admin, by=admin, role=Standing.COMMUNITY_SAFETY_OFFICER)
    assert admin.roles.count() == 1


def test_nobody_but_an_administrator_gives_or_ends_roles(admin: User, officer: User) -> None:
    with pytest.raises(Refused):
        standing.give_role(admin, by=officer, role=Standing.AUDITOR)
    with pytest.raises(Refused):
        standing.end_role(admin.roles.get(), by=officer)
    assert admin.has_perm("accounts.manage_people")


# ------------------------------------------------------------------------------------------------------ ending accounts
def test_deactivating_ends_the_sessions_the_roles_and_every_permission(admin: User, officer: User) -> None:
    theirs, ours = Client(), Client()
    theirs.force_login(officer)
    ours.force_login(admin)
    standing.deactivate(officer, by=admin)
    gone = User.objects.get(pk=officer.pk)
    assert not gone.is_active
    assert not gone.standing_roles()
    assert not gone.has_perm("reviews.record_notification")
    assert SignInBackend().get_user(officer.pk) is None
    assert list(theirs.session.keys()) == []
    assert ours.session["_auth_user_id"] == str(admin.pk)
    with pytest.raises(AlreadyDone):
        standing.deactivate(officer, by=admin)


def test_a_session_from_before_does_not_come_back_with_the_account(admin: User, officer: User) -> None:
    theirs = Client()
    theirs.force_login(officer)
    standing.deactivate(officer, by=admin)
    standing.reactivate(officer, by=admin)
    assert User.objects.get(pk=officer.pk).is_active
    assert list(theirs.session.keys()) == []


def test_a_reactivated_person_has_no_role_until_one_is_given_anew(admin: User, officer: User) -> None:
    standing.deactivate(officer, by=admin)
    back = standing.reactivate(officer, by=admin)
    assert back.is_active
    assert not back.standing_roles()
    with pytest.raises(AlreadyDone):
        standing.reactivate(officer, by=admin)


def test_reactivating_somebody_who_never_accepted_does_not_open_the_account(admin: User) -> None:
    invitation = invite(admin)
    standing.deactivate(invitation.person, by=admin)
    back = standing.reactivate(invitation.person, by=admin)
    assert back.invited_and_not_yet_here
    with pytest.raises(NotYet):
        invitations.accept_invitation(token_of(invitation), password=GOOD)


def test_the_last_administrator_stays(admin: User) -> None:
    for attempt in (
        lambda: standing.deactivate(admin, by=admin),
        lambda: standing.end_role(admin.roles.get(), by=admin),
    ):
        with pytest.raises(NotYet, match="last administrator"):
            attempt()
    person("Bea", Standing.ADMINISTRATOR)
    standing.deactivate(admin, by=admin)
    assert not User.objects.get(pk=admin.pk).is_active


def test_an_administrator_who_has_not_accepted_yet_does_not_count_as_one_left(admin: User) -> None:
    invite(admin, roles=[Standing.ADMINISTRATOR])
    with pytest.raises(NotYet, match="last administrator"):
        standing.deactivate(admin, by=admin)


def test_nobody_but_an_administrator_deactivates(admin: User, officer: User) -> None:
    for attempt in (standing.deactivate, standing.reactivate, invitations.send_again, invitations.withdraw_invitation):
        with pytest.raises(Refused):
            attempt(admin, by=officer)
    assert User.objects.get(pk=admin.pk).is_active


# ------------------------------------------------------------------------------------------------------ the door's key
@pytest.mark.parametrize("fields", [{"is_active": False}, {"expires_on": date(2020, 1, 1)}])
def test_whoever_does_not_stand_is_nobody(fields: dict[str, Any]) -> None:
    gone = person("Gil", **fields)
    backend = SignInBackend()
    assert backend.authenticate(None, email=gone.email, password=GOOD) is None
    assert backend.get_user(gone.pk) is None


def test_the_sign_in_backend_grants_nothing_even_to_a_superuser() -> None:
    root = User.objects.create_superuser("root@example.org", "Root", GOOD)
    backend = SignInBackend()
    assert backend.authenticate(None, email=root.email, password=GOOD) == root
    assert not backend.has_perm(root, "accounts.manage_people")
    assert not backend.has_module_perms(root, "accounts")
    assert backend.get_all_permissions(root) == set()
    assert not root.has_perm("accounts.manage_people")


# ----------------------------------------------------------------------------------------------------------- commands
def test_the_first_administrator_is_invited_by_command(settings: Any) -> None:
    said = StringIO()
    call_command("invite_administrator", "first@example.org", "Fay First", stdout=said)
    link = said.getvalue().strip().splitlines()[-1]
    assert link.startswith(settings.DHR_URL)
    first = invitations.accept_invitation(link.rstrip("/").rpartition("/")[2], password=GOOD)
    assert first.has_perm("accounts.manage_people")
    assert first.partnership == Partnership.objects.get(name=settings.PARTNERSHIP_NAME)


def test_the_command_says_what_is_wrong_with_an_address(admin: User) -> None:
    with pytest.raises(CommandError, match=r"name@example\.org"):
        call_command("invite_administrator", "first", "Fay")
    with pytest.raises(CommandError, match="already an account"):
        call_command("invite_administrator", admin.email, "Ada")


def test_a_person_is_deactivated_by_command(admin: User, officer: User) -> None:
    call_command("deactivate_person", "OLU@example.org", stdout=StringIO())
    assert not User.objects.get(pk=officer.pk).is_active
    assert AuditEntry.objects.get(event="account.deactivated").person is None
    with pytest.raises(CommandError, match="last administrator"):
        call_command("deactivate_person", admin.email)
    with pytest.raises(CommandError, match="No account"):
        call_command("deactivate_person", "nobody@example.org")


def test_making_keys_again_replaces_none(settings: Any) -> None:
    def kept() -> dict[str, bytes]:
        return {str(file): file.read_bytes() for file in settings.VAR.joinpath("keys").rglob("*") if file.is_file()}

    before, said = kept(), StringIO()
    assert before
    call_command("make_keys", stdout=said)
    assert kept() == before
    assert str(settings.VAR / "keys") in said.getvalue()
