"""A forgotten password, an invitation, the demo's one click, and the second factor."""

import importlib
import re
from collections.abc import Iterator
from datetime import date
from types import ModuleType
from typing import Any

import pytest
from django.conf import settings as configured
from django.core import mail
from django.core.cache import cache
from django.http import Http404
from django.test import Client, RequestFactory
from django.urls import clear_url_caches, get_resolver, reverse

from dhr.accounts import invitations
from dhr.accounts import urls as accounts_urls
from dhr.accounts.models import User
from dhr.accounts.views import door
from tests.web.front_door import GOOD, an_administrator, events, is_signed_in, sign_in, somebody

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
