"""The administrator's pages and the outbox: who may, what each does, what each says when it may not be done."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from dhr import clock
from dhr.access.roles import Standing
from dhr.accounts import invitations, standing
from dhr.accounts.models import Notice, StandingRole, User
from dhr.audit.models import AuditEntry

pytestmark = pytest.mark.django_db


def person(name: str, *roles: Standing, **fields: Any) -> User:
    made = User.objects.create_user(f"{name.lower()}@example.org", f"{name} Example", **fields)
    for role in roles:
        StandingRole.objects.create(user=made, role=role)
    return made


@pytest.fixture
def ada() -> User:
    return person("Ada", Standing.ADMINISTRATOR)


@pytest.fixture
def olu() -> User:
    return person("Olu", Standing.COMMUNITY_SAFETY_OFFICER, organisation="Council")


@pytest.fixture
def admin(ada: User) -> Client:
    client = Client()
    client.force_login(ada)
    return client


def pages(olu: User) -> list[str]:
    role = olu.roles.get().pk
    return [
        reverse("people"),
        reverse("invite"),
        reverse("person", args=[olu.pk]),
        reverse("give-role", args=[olu.pk]),
        reverse("end-role", args=[olu.pk, role]),
        *(
            reverse("act-on-person", args=[olu.pk, action])
            for action in ("deactivate", "reactivate", "withdraw", "send-again")
        ),
    ]


def test_only_an_administrator_sees_people_and_each_refusal_is_noted(client: Client, ada: User, olu: User) -> None:
    client.force_login(olu)
    for asked in pages(olu):
        for answer in (client.get(asked), client.post(asked, {"role": "administrator"})):
            assert answer.status_code in {403, 405}, asked
            assert b"Ada Example" not in answer.content
    assert not olu.roles.filter(role="administrator").exists()
    refusals = AuditEntry.objects.filter(event="access.refused", person=olu.pk).count()
    assert refusals == 2 * len(pages(olu)) - 2  # the list and the person's page take no POST


def test_every_page_opens_for_an_administrator_and_each_look_is_noted(admin: Client, ada: User, olu: User) -> None:
    for asked in pages(olu):
        assert admin.get(asked).status_code == 200, asked
    looks = AuditEntry.objects.filter(event="account.list_viewed", person=ada.pk)
    assert looks.count() == len(pages(olu))
    assert looks.filter(object_id=str(olu.pk)).count() == len(pages(olu)) - 2


def test_the_menu_shows_people_and_outbox_only_to_whom_may_see_them(admin: Client, client: Client, olu: User) -> None:
    def menu(who: Client) -> list[str]:
        return [item.label for item in who.get(reverse("your-account")).context["navigation"]]

    assert {"People", "Outbox"} <= set(menu(admin))
    client.force_login(olu)
    assert not {"People", "Outbox"} & set(menu(client))


def test_the_list_takes_as_many_queries_for_sixty_people_as_for_two(
    admin: Client, ada: User, olu: User, django_assert_max_num_queries: Any
) -> None:
    admin.get(reverse("people"))
    with django_assert_max_num_queries(100) as few:
        admin.get(reverse("people"))
    for number in range(60):
        invitations.invite(None, by=ada, email=f"p{number}@example.org", name=f"P{number}", roles=[Standing.AUDITOR])
    with django_assert_max_num_queries(len(few)):
        page = admin.get(reverse("people"))
    assert b"62 people" in page.content
    assert b"Page 2" in page.content


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("q=council", ["Olu"]),
        ("state=active", ["Ada", "Olu"]),
        ("state=invited", ["Nia"]),
        ("state=ended", ["Gil"]),
        ("q=zz", []),
    ],
)
def test_the_list_is_narrowed_by_words_and_state(
    admin: Client, ada: User, olu: User, asked: str, shown: list[str]
) -> None:
    invitations.invite(None, by=ada, email="nia@example.org", name="Nia Example")
    standing.deactivate(person("Gil"), by=ada)
    page = admin.get(f"{reverse('people')}?{asked}").content.decode()
    assert [name for name in ("Ada", "Gil", "Nia", "Olu") if f"{name} Example</a>" in page] == shown


def test_an_unknown_person_is_not_found(admin: Client) -> None:
    assert admin.get(reverse("person", args=[999_999])).status_code == 404
    assert admin.get(reverse("act-on-person", args=[999_999, "deactivate"])).status_code == 404


def test_inviting_keeps_what_was_typed_when_something_is_wrong(admin: Client, olu: User) -> None:
    bad = admin.post(reverse("invite"), {"name": "Nia", "email": "nia", "roles": ["auditor"]})
    assert bad.status_code == 422
    assert b"Enter an email address in the form name@example.org." in bad.content
    assert b'value="Nia"' in bad.content
    taken = admin.post(reverse("invite"), {"name": "Nia", "email": "OLU@example.org"})
    assert taken.status_code == 409
    assert b"There is already an account for this address" in taken.content
    past = {
        "name": "Nia",
        "email": "n@example.org",
        "expires_on_day": "1",
        "expires_on_month": "1",
        "expires_on_year": "2020",
    }
    assert b"The last day must be today or later." in admin.post(reverse("invite"), past).content


def test_inviting_sends_the_link_by_mail_and_shows_it_to_nobody(
    admin: Client, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        answer = admin.post(
            reverse("invite"), {"name": "Nia Example", "email": "nia@example.org", "roles": ["auditor"]}
        )
    page = admin.get(answer["Location"])
    nia = User.objects.get(email="nia@example.org")
    assert answer["Location"] == reverse("person", args=[nia.pk])
    assert [given.role for given in nia.roles.all()] == ["auditor"]
    link = next(line for line in mail.outbox[0].body.splitlines() if "/invitation/" in line)
    assert link.encode() not in page.content
    assert b"/invitation/" not in page.content


def test_in_a_demo_the_link_is_shown_once(admin: Client, settings: Any) -> None:
    settings.DEMO = True
    answer = admin.post(reverse("invite"), {"name": "Nia Example", "email": "nia@example.org"})
    assert b"/invitation/" in admin.get(answer["Location"]).content
    assert b"/invitation/" not in admin.get(answer["Location"]).content


def test_a_role_is_given_and_ended_on_its_pages(admin: Client, olu: User) -> None:
    answer = admin.post(reverse("give-role", args=[olu.pk]), {"role": "auditor"}, follow=True)
    assert b"has the role: Auditor" in answer.content
    given = olu.roles.get(role="auditor")
    assert admin.post(reverse("give-role", args=[olu.pk]), {"role": "auditor"}).status_code == 409
    assert admin.post(reverse("give-role", args=[olu.pk]), {}).status_code == 422
    answer = admin.post(reverse("end-role", args=[olu.pk, given.pk]), {}, follow=True)
    assert b"The role Auditor has ended." in answer.content
    assert not User.objects.get(pk=olu.pk).has_perm("audit.view_log")
    assert b"Auditor</dt>" not in admin.get(reverse("person", args=[olu.pk])).content


def test_an_administrator_is_refused_a_role_for_themself(admin: Client, ada: User) -> None:
    answer = admin.post(reverse("give-role", args=[ada.pk]), {"role": "auditor"})
    assert answer.status_code == 403
    assert b"You cannot give yourself a role. Ask another administrator." in answer.content
    assert ada.roles.count() == 1


def test_a_role_of_somebody_else_is_not_ended_through_this_persons_page(admin: Client, ada: User, olu: User) -> None:
    theirs = reverse("end-role", args=[olu.pk, ada.roles.get().pk])
    assert admin.post(theirs, {}).status_code == 404


def test_an_account_is_deactivated_and_reactivated_on_its_pages(admin: Client, olu: User) -> None:
    asked = reverse("act-on-person", args=[olu.pk, "deactivate"])
    assert b"signed out at once" in admin.get(asked).content
    assert b"The account has been deactivated." in admin.post(asked, follow=True).content
    twice = admin.post(asked)
    assert twice.status_code == 409
    assert b"deactivated already" in twice.content
    assert not User.objects.get(pk=olu.pk).is_active
    admin.post(reverse("act-on-person", args=[olu.pk, "reactivate"]))
    assert User.objects.get(pk=olu.pk).is_active


def test_the_last_administrator_reads_what_to_do_first(admin: Client, ada: User) -> None:
    answer = admin.post(reverse("act-on-person", args=[ada.pk, "deactivate"]))
    assert answer.status_code == 409
    assert b"Give somebody else the role of administrator first." in answer.content


def test_an_invitation_is_sent_again_and_withdrawn_on_its_pages(admin: Client, ada: User) -> None:
    nia = invitations.invite(None, by=ada, email="nia@example.org", name="Nia Example").person
    assert (
        b"has been sent to nia@example.org"
        in admin.post(reverse("act-on-person", args=[nia.pk, "send-again"]), follow=True).content
    )
    answer = admin.post(reverse("act-on-person", args=[nia.pk, "withdraw"]), follow=True)
    assert b"The invitation has been withdrawn." in answer.content
    assert b"Invitation withdrawn" in answer.content


def test_an_unknown_action_is_not_found(admin: Client, olu: User) -> None:
    assert admin.post(reverse("act-on-person", args=[olu.pk, "delete"])).status_code == 404


# ------------------------------------------------------------------------------------------------------------ the outbox
@pytest.fixture
def sent(olu: User) -> list[Notice]:
    now = clock.now()
    return [
        Notice.objects.create(
            to=olu, kind="suspended", reference="DHR12", link="/reviews/DHR12/", sent_at=now, attempts=1
        ),
        Notice.objects.create(
            to=olu, kind="resumed", reference="DHR13", link="/reviews/DHR13/", failed_at=now, attempts=2
        ),
        Notice.objects.create(to=olu, kind="appointed", reference="DHR14", link="/reviews/DHR14/"),
    ]


def test_the_outbox_is_for_whoever_may_view_it_and_each_look_is_noted(
    client: Client, admin: Client, ada: User, olu: User, sent: list[Notice]
) -> None:
    page = admin.get(reverse("outbox"))
    assert b"The review is suspended" in page.content
    assert AuditEntry.objects.get(event="outbox.viewed").person == ada.pk
    client.force_login(olu)
    refused = client.get(reverse("outbox"))
    assert refused.status_code == 403
    assert b"Only an administrator or an auditor can see the outbox." in refused.content
    assert AuditEntry.objects.filter(event="access.refused", person=olu.pk).count() == 1


def test_in_a_demo_its_people_read_the_outbox(client: Client, olu: User, sent: list[Notice], settings: Any) -> None:
    settings.DEMO = True
    client.force_login(olu)
    assert client.get(reverse("outbox")).status_code == 403
    User.objects.filter(pk=olu.pk).update(demo_label="officer")
    page = client.get(reverse("outbox")).content
    assert b'href="/reviews/DHR12/"' in page
    settings.DEMO = False
    assert client.get(reverse("outbox")).status_code == 403


def test_a_link_is_offered_only_to_whom_the_notice_went(admin: Client, sent: list[Notice]) -> None:
    assert b"/reviews/DHR12/" not in admin.get(reverse("outbox")).content


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("", ["DHR12", "DHR13", "DHR14"]),
        ("state=sent", ["DHR12"]),
        ("state=failed", ["DHR13"]),
        ("state=waiting", ["DHR14"]),
        ("kind=resumed", ["DHR13"]),
        ("q=dhr14", ["DHR14"]),
        ("q=olu&kind=suspended", ["DHR12"]),
        ("state=nonsense&kind=nonsense", ["DHR12", "DHR13", "DHR14"]),
        ("page=nonsense", ["DHR12", "DHR13", "DHR14"]),
    ],
)
def test_the_outbox_is_narrowed(admin: Client, sent: list[Notice], asked: str, shown: list[str]) -> None:
    page = admin.get(f"{reverse('outbox')}?{asked}").content.decode()
    assert [reference for reference in ("DHR12", "DHR13", "DHR14") if reference in page] == shown


def test_the_outbox_takes_as_many_queries_for_many_notices(
    admin: Client, olu: User, sent: list[Notice], django_assert_max_num_queries: Any
) -> None:
    admin.get(reverse("outbox"))
    with django_assert_max_num_queries(100) as few:
        admin.get(reverse("outbox"))
    Notice.objects.bulk_create(
        Notice(to=olu, kind="suspended", link="/", created_at=clock.now() - timedelta(days=number))
        for number in range(120)
    )
    with django_assert_max_num_queries(len(few)):
        page = admin.get(f"{reverse('outbox')}?page=2")
    assert b"123 notices" in page.content
