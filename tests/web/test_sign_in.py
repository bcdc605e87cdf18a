"""The door: who gets in, how long for, what the log says of it, and that nothing typed is lost."""

import importlib
import re
from collections.abc import Iterator
from datetime import date, timedelta
from types import ModuleType
from typing import Any

import pytest
from django.conf import settings as configured
from django.core import mail
from django.core.cache import cache
from django.http import Http404
from django.test import Client, RequestFactory
from django.urls import clear_url_caches, get_resolver, reverse

from dhr import clock
from dhr.access.roles import Standing
from dhr.accounts import invitations, standing
from dhr.accounts import urls as accounts_urls
from dhr.accounts.models import StandingRole, User
from dhr.accounts.views import door, faults
from dhr.audit.models import AuditEntry
from dhr.usecase import Refused

pytestmark = pytest.mark.django_db

GOOD = "three calm otters"


@pytest.fixture(autouse=True)
def _no_tries_are_remembered() -> None:
    cache.clear()


@pytest.fixture
def olu() -> User:
    return User.objects.create_user("olu@example.org", "Olu Example", GOOD)


@pytest.fixture
def admin() -> User:
    ada = User.objects.create_user("ada@example.org", "Ada Example", GOOD)
    StandingRole.objects.create(user=ada, role=Standing.ADMINISTRATOR)
    return ada


def sign_in(client: Client, email: str = "olu@example.org", password: str = GOOD, **more: str) -> Any:
    return client.post(reverse("sign-in"), {"login": email, "password": password, **more})


def token_in(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.partition("<main")[2])
    assert found
    return found[1]


def events() -> list[tuple[str, int | None]]:
    return list(AuditEntry.objects.order_by("seq").values_list("event", "person"))


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


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


# --------------------------------------------------------------------------------------------------- a forgotten password
def test_a_new_password_is_chosen_by_a_link_that_works_once(client: Client, olu: User) -> None:
    client.post(reverse("account_reset_password"), {"email": "OLU@example.org"})
    assert len(mail.outbox) == 1
    assert mail.outbox[0].to == [olu.email]
    link = re.search(r"http://testserver(\S+)", str(mail.outbox[0].body))
    assert link
    form = client.get(link[1])
    assert form.status_code == 302  # to an address without the secret
    short = client.post(form["Location"], {"password1": "otters", "password2": "otters"})
    assert short.status_code == 422
    chosen = {"password1": "four wild otters", "password2": "four wild otters"}
    assert client.post(form["Location"], chosen).status_code == 302
    assert User.objects.get(pk=olu.pk).check_password("four wild otters")
    assert events()[-1] == ("account.password_changed", olu.pk)
    assert b"This link no longer works" in Client().get(link[1]).content


@pytest.mark.parametrize("email", ["stranger@example.org", "gone@example.org"])
def test_a_link_for_a_new_password_goes_to_nobody_without_an_account(client: Client, email: str) -> None:
    User.objects.create_user("gone@example.org", "Gil", is_active=False)
    answer = client.post(reverse("account_reset_password"), {"email": email})
    assert answer["Location"] == reverse("account_reset_password_done")
    assert mail.outbox == []


# ------------------------------------------------------------------------------------------------------- an invitation
def invited(admin: User) -> str:
    invitation = invitations.invite(None, by=admin, email="nia@example.org", name="Nia Example")
    return str(invitation.link.removeprefix(configured.DHR_URL))


def test_an_invitation_is_accepted_with_a_password_and_signs_in(client: Client, admin: User) -> None:
    link = invited(admin)
    opened = client.get(link)
    assert opened["Location"] == reverse("accept-invitation")  # an address without the secret
    assert b"Welcome, Nia Example" in client.get(opened["Location"]).content
    for bad in ("", "short", "nia@example.org", "password1234"):
        assert client.post(opened["Location"], {"password": bad}).status_code == 422
        assert not User.objects.get(name="Nia Example").is_active
    answer = client.post(opened["Location"], {"password": GOOD}, follow=True)
    assert b"Your account is ready" in answer.content
    assert is_signed_in(client)


def test_opening_the_link_alone_uses_nothing_up(client: Client, admin: User) -> None:
    link = invited(admin)
    for _ in range(3):
        Client().get(link, follow=True)
    client.get(link)
    client.post(reverse("accept-invitation"), {"password": GOOD})
    assert is_signed_in(client)


def test_a_used_invitation_says_so_and_lets_nobody_in(client: Client, admin: User) -> None:
    link = invited(admin)
    client.get(link)
    client.post(reverse("accept-invitation"), {"password": GOOD})
    other = Client()
    answer = other.get(link, follow=True)
    assert answer.status_code == 410
    assert b"This invitation has been used already" in answer.content
    assert other.post(reverse("accept-invitation"), {"password": "another good one"}).status_code == 410
    assert not is_signed_in(other)


def test_accepting_without_a_link_says_whom_to_ask(client: Client) -> None:
    answer = client.get(reverse("accept-invitation"))
    assert answer.status_code == 410
    assert b"Ask the person who invited you" in answer.content


# ---------------------------------------------------------------------------------------------------------- the demo
@pytest.fixture
def demo(settings: Any) -> Iterator[ModuleType]:
    """The addresses of a demo deployment."""
    settings.DEMO = True
    module = ModuleType("demo_urls")
    importlib.reload(accounts_urls)
    module.urlpatterns = [*get_resolver().url_patterns, *accounts_urls.DEMO]  # type: ignore[attr-defined]
    settings.ROOT_URLCONF = module
    clear_url_caches()
    yield module
    settings.DEMO = False
    importlib.reload(accounts_urls)
    clear_url_caches()


def test_the_demo_signs_in_with_one_click(client: Client, olu: User, demo: ModuleType) -> None:
    chosen = User.objects.create_user("mabel@example.org", "Mabel Example", demo_label="lead chair")
    page = client.get(reverse("sign-in")).content.decode()
    assert "Sign in as Mabel Example (lead chair)" in page
    assert "Olu Example" not in page
    answer = client.post(reverse("demo-sign-in"), {"person": chosen.pk, "next": reverse("your-account")})
    assert answer["Location"] == reverse("your-account")
    assert client.session["_auth_user_id"] == str(chosen.pk)
    assert events() == [("account.signed_in", chosen.pk)]


@pytest.mark.parametrize("person", ["", "x", "999999", "-1"])
def test_the_demo_signs_in_nobody_else(client: Client, olu: User, demo: ModuleType, person: str) -> None:
    for number in (person, str(olu.pk)):
        assert client.post(reverse("demo-sign-in"), {"person": number}).status_code == 404
    assert not is_signed_in(client)


def test_the_demo_leads_nowhere_outside_the_service(client: Client, demo: ModuleType) -> None:
    mabel = User.objects.create_user("mabel@example.org", "Mabel", demo_label="chair")
    answer = client.post(reverse("demo-sign-in"), {"person": mabel.pk, "next": "//elsewhere.example"})
    assert answer["Location"] == reverse("your-work")


def test_outside_a_demo_there_is_no_one_click_sign_in(client: Client, olu: User, rf: RequestFactory) -> None:
    User.objects.filter(pk=olu.pk).update(demo_label="officer")
    assert "demo-sign-in" not in {pattern.name for pattern in accounts_urls.urlpatterns}
    assert client.post("/sign-in/demo/", {"person": olu.pk}).status_code == 404
    assert b"Sign in as" not in client.get(reverse("sign-in")).content
    request = rf.post("/", {"person": olu.pk})
    with pytest.raises(Http404):
        door.DemoSignIn.as_view()(request)


# --------------------------------------------------------------------------------------------------- the second factor
def test_every_security_page_opens_for_its_owner(client: Client, olu: User) -> None:
    sign_in(client)
    client.post(reverse("account_reauthenticate"), {"password": GOOD})
    for name in ("your-account", "mfa_activate_totp", "mfa_add_webauthn"):
        assert client.get(reverse(name)).status_code == 200, name


def test_changing_a_factor_asks_for_the_password_again(client: Client, olu: User) -> None:
    sign_in(client)
    assert client.get(reverse("mfa_add_webauthn"))["Location"].startswith(reverse("account_reauthenticate"))
    wrong = client.post(reverse("account_reauthenticate"), {"password": "not it at all"})
    assert wrong.status_code == 422
    assert client.get(reverse("mfa_add_webauthn")).status_code == 302


def test_an_authenticator_app_adds_a_second_step(
    client: Client, olu: User, django_capture_on_commit_callbacks: Any
) -> None:
    from allauth.mfa.totp.internal import auth

    def code(secret: str) -> str:
        return auth.format_hotp_value(auth.hotp_value(secret, next(iter(auth.yield_hotp_counters_from_time()))))

    sign_in(client)
    client.post(reverse("account_reauthenticate"), {"password": GOOD})
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    assert b"<svg" in page.content
    assert b"data:image" not in page.content  # the policy lets no data: picture through
    assert client.post(reverse("mfa_activate_totp"), {"code": "000000"}).status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("mfa_activate_totp"), {"code": code(secret)}, follow=True)
    assert b"Recovery codes" in answer.content
    recovery = re.findall(rb"<code>(\d+)</code>", answer.content)
    assert len(recovery) == 10
    assert ("account.factor_changed", olu.pk) in events()

    client.post(reverse("sign-out"))
    step = sign_in(client)
    assert step["Location"] == reverse("mfa_authenticate")
    assert not is_signed_in(client)
    assert b"Second step" in client.get(step["Location"]).content
    client.post(step["Location"], {"code": "000000"})
    assert not is_signed_in(client)
    assert events()[-1] == ("account.sign_in_failed", olu.pk)
    client.post(step["Location"], {"code": recovery[0].decode()})
    assert is_signed_in(client)


def test_a_passkey_of_somebody_who_no_longer_stands_does_not_let_them_in(
    olu: User, rf: RequestFactory, client: Client
) -> None:
    from allauth.account.adapter import get_adapter
    from allauth.core import context
    from django.contrib.messages.storage.fallback import FallbackStorage

    User.objects.filter(pk=olu.pk).update(expires_on=date(2020, 1, 1))
    request = rf.get("/")
    request.session = client.session
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
    with context.request_context(request):
        answer = get_adapter().pre_login(
            request,
            User.objects.get(pk=olu.pk),
            email_verification="none",
            signal_kwargs=None,
            email=None,
            signup=False,
            redirect_url=None,
        )
    assert answer is not None
    assert answer["Location"] == reverse("sign-in")


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
