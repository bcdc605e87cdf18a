"""The door: who gets in, how long for, what the log says of it, and that nothing typed is lost."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.urls import reverse

from dhr import clock
from dhr.accounts import standing
from dhr.accounts import urls as accounts_urls
from dhr.accounts.models import User
from dhr.accounts.views import faults
from dhr.audit.models import AuditEntry
from dhr.usecase import Refused
from tests.web.front_door import GOOD, an_administrator, events, is_signed_in, sign_in, somebody, token_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_tries_are_remembered() -> None:
    cache.clear()


@pytest.fixture
def olu() -> User:
    return somebody()


@pytest.fixture
def admin() -> User:
    return an_administrator()


# ------------------------------------------------------------------------------------------------- in, and out again
def test_signing_in_goes_on_to_the_page_that_was_asked_for(client: Client, olu: User) -> None:
    asked = client.get(reverse("your-account"))
    assert asked.status_code == 302
    assert asked["Location"] == f"{reverse('sign-in')}?next={reverse('your-account')}"
    page = client.get(asked["Location"])
    assert b"Sign in to go on to the page you asked for" in page.content
    answer = sign_in(client, next=reverse("your-account"))
    assert answer["Location"] == reverse("your-account")
    assert events() == [("account.signed_in", olu.pk)]


def test_signing_in_leads_nowhere_outside_the_service(client: Client, olu: User) -> None:
    assert sign_in(client, next="https://elsewhere.example/")["Location"] == reverse("your-work")


def test_a_wrong_password_is_answered_with_422_and_noted_without_what_was_typed(client: Client, olu: User) -> None:
    answer = sign_in(client, password="not it at all")
    assert answer.status_code == 422
    assert not is_signed_in(client)
    sign_in(client, email="stranger@example.org")
    assert events() == [("account.sign_in_failed", olu.pk), ("account.sign_in_failed", None)]
    assert "stranger" not in str(list(AuditEntry.objects.values()))


def test_an_empty_form_says_what_to_enter(client: Client) -> None:
    page = client.post(reverse("sign-in"), {}).content.decode()
    assert "Enter your email address." in page
    assert "Enter your password." in page


@pytest.mark.parametrize("fields", [{"is_active": False}, {"expires_on": date(2020, 1, 1)}])
def test_an_account_that_has_ended_lets_nobody_in(client: Client, olu: User, fields: dict[str, Any]) -> None:
    User.objects.filter(pk=olu.pk).update(**fields)
    answer = client.post(reverse("sign-in"), {"login": olu.email, "password": GOOD}, follow=True)
    assert not is_signed_in(client)
    assert "community safety team" in answer.content.decode()


def test_the_sixth_wrong_password_has_to_wait(client: Client, olu: User) -> None:
    for _ in range(5):
        sign_in(client, password="not it at all")
    answer = sign_in(client)
    assert not is_signed_in(client)
    assert "Too many" in answer.content.decode()


def test_signing_out_is_a_line_in_the_log(client: Client, olu: User) -> None:
    sign_in(client)
    assert client.post(reverse("sign-out"))["Location"] == reverse("sign-in")
    assert not is_signed_in(client)
    assert events()[-1] == ("account.signed_out", olu.pk)


def test_following_a_link_to_signing_out_does_not_sign_out(client: Client, olu: User) -> None:
    client.force_login(olu)
    assert client.get(reverse("sign-out")).status_code == 200
    assert is_signed_in(client)


# --------------------------------------------------------------------------------------------------- the life of a session
@pytest.mark.parametrize(("minutes", "goes_on"), [(29, True), (31, False)])
def test_a_session_ends_after_thirty_idle_minutes(client: Client, olu: User, minutes: int, goes_on: bool) -> None:
    client.force_login(olu)
    with clock.at(clock.now() + timedelta(minutes=minutes)):
        answer = client.get(reverse("your-account"))
        assert (answer.status_code == 200) is goes_on
        assert is_signed_in(client) is goes_on
    if not goes_on:
        assert answer["Location"].endswith(f"next={reverse('your-account')}")
        assert b"nothing happened for 30 minutes" in client.get(answer["Location"]).content
        assert AuditEntry.objects.get(event="account.signed_out").facts == {"how": "idle"}


def test_a_session_ends_after_eight_hours_however_busy(client: Client, olu: User) -> None:
    client.force_login(olu)
    began = clock.now()
    for minutes in range(20, 8 * 60, 20):
        with clock.at(began + timedelta(minutes=minutes)):
            assert client.get(reverse("your-account")).status_code == 200
    with clock.at(began + timedelta(hours=8, minutes=1)):
        assert client.get(reverse("your-account")).status_code == 302
    assert AuditEntry.objects.get(event="account.signed_out").facts == {"how": "age"}


def test_a_session_is_written_at_most_once_a_minute(client: Client, olu: User, django_assert_num_queries: Any) -> None:
    client.force_login(olu)
    client.get(reverse("your-account"))
    page_reads = 5  # session, person, roles, factors, permissions of the menu
    with django_assert_num_queries(page_reads, exact=False) as seen:
        client.get(reverse("your-account"))
    assert not [query for query in seen if query["sql"].startswith(("UPDATE", "INSERT"))]


@pytest.mark.parametrize("fields", [{"is_active": False}, {"expires_on": date(2020, 1, 1)}])
def test_whoever_no_longer_stands_is_signed_out_at_once_and_told_whom_to_ask(
    client: Client, olu: User, fields: dict[str, Any]
) -> None:
    client.force_login(olu)
    User.objects.filter(pk=olu.pk).update(**fields)
    answer = client.get(reverse("your-account"), follow=True)
    assert not is_signed_in(client)
    assert b"Your account no longer works. If it should, ask the community safety team." in answer.content


def test_what_a_signed_in_person_sees_is_never_cached(client: Client, olu: User) -> None:
    client.force_login(olu)
    for name in ("your-account", "your-work"):
        assert client.get(reverse(name))["Cache-Control"] == "no-store"


def test_a_form_that_arrives_after_the_session_ended_comes_back_with_what_was_typed(olu: User, admin: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin)
    token = token_in(client.get(reverse("invite")).content.decode())
    typed = {"name": "Nia <b>", "email": "nia@example.org", "password": "secret", "csrfmiddlewaretoken": token}
    with clock.at(clock.now() + timedelta(hours=1)):
        answer = client.post(reverse("invite"), typed, HTTP_ORIGIN="http://testserver")
    page = answer.content.decode()
    assert answer.status_code == 401
    assert "Nia &lt;b&gt;</textarea>" in page
    assert "secret" not in page
    assert not User.objects.filter(email="nia@example.org").exists()

    door_page = client.get(
        reverse("sign-in")
    ).content.decode()  # in another tab; afterwards the kept page's token is old
    sign_in(client, email=admin.email, csrfmiddlewaretoken=token_in(door_page))
    again = client.post(reverse("invite"), typed, HTTP_ORIGIN="http://testserver")
    assert again.status_code == 403
    fresh = token_in(again.content.decode())
    assert "Nia &lt;b&gt;</textarea>" in again.content.decode()
    client.post(reverse("invite"), typed | {"csrfmiddlewaretoken": fresh}, HTTP_ORIGIN="http://testserver")
    assert User.objects.get(email="nia@example.org").name == "Nia <b>"


def test_a_form_from_elsewhere_is_not_offered_to_be_sent_again(admin: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin)
    answer = client.post(reverse("invite"), {"name": "Mallory"}, HTTP_ORIGIN="https://elsewhere.example")
    assert answer.status_code == 403
    assert b"Mallory" not in answer.content


# ------------------------------------------------------------------------------------------------------ the open pages
def test_only_the_pages_on_the_list_are_open_to_strangers() -> None:
    for pattern in accounts_urls.urlpatterns:
        assert getattr(pattern.callback, "login_required", True) is (pattern.name not in accounts_urls.PUBLIC), pattern


def test_every_page_that_is_not_on_the_list_sends_a_stranger_to_sign_in(client: Client) -> None:
    examples = {"pk": 1, "role": 1, "action": "deactivate"}
    for pattern in accounts_urls.urlpatterns:
        if pattern.name in accounts_urls.PUBLIC:
            continue
        wanted = {name: examples[name] for name in pattern.pattern.converters}
        answer = client.get(reverse(str(pattern.name), kwargs=wanted))
        assert answer.status_code == 302, pattern
        assert answer["Location"].startswith(reverse("sign-in")), pattern


def test_nobody_can_sign_up(client: Client) -> None:
    names = {pattern.name for pattern in accounts_urls.urlpatterns}
    assert not {name for name in names if name and "signup" in name}
    assert client.get("/signup/").status_code == 404


# ------------------------------------------------------------------------------------------------------ when it fails
def test_a_refusal_says_who_can_help(rf: RequestFactory, olu: User) -> None:
    request = rf.get("/")
    request.user = olu
    answer = faults.forbidden(request, Refused("Ask the lead chair."))
    assert answer.status_code == 403
    assert b"Ask the lead chair." in answer.content
    assert b"Your part in this review" in faults.forbidden(request).content


def test_a_proxy_that_is_not_set_up_is_named(rf: RequestFactory, olu: User, settings: Any) -> None:
    settings.DHR_URL = "https://reviews.example.org"
    request = rf.post("/sign-in/")
    request.user = olu
    assert b"DHR_URL says https://reviews.example.org" in faults.csrf_failure(request, "no cookie").content


@pytest.mark.parametrize(("view", "status"), [("bad_request", 400), ("not_found", 404), ("server_error", 500)])
def test_each_fault_has_its_page(rf: RequestFactory, olu: User, view: str, status: int) -> None:
    request = rf.get("/")
    request.user = olu
    assert getattr(faults, view)(request).status_code == status


def test_deactivating_somebody_shuts_the_tab_they_have_open(admin: User, olu: User) -> None:
    theirs = Client()
    theirs.force_login(olu)
    assert theirs.get(reverse("your-account")).status_code == 200
    standing.deactivate(olu, by=admin)
    assert theirs.get(reverse("your-account")).status_code == 302
