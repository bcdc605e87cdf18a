"""Addresses of the door, your account, people and the outbox. PUBLIC, and nothing else, names what needs no sign-in."""

from __future__ import annotations

from typing import Any

from allauth.mfa.recovery_codes.views import download_recovery_codes
from allauth.mfa.webauthn.views import login_webauthn
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, path, re_path

from .views import door, outbox, people, your_account

# Every page that a stranger may ask for. Who is not signed in gets the sign-in page everywhere else.
PUBLIC = frozenset(
    {
        "sign-in",
        "account_login",
        "sign-out",
        "account_logout",
        "mfa_login_webauthn",
        "mfa_authenticate",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "invitation",
        "accept-invitation",
        "demo-sign-in",
    }
)


def page(route: str, view: Any, *names: str) -> list[URLPattern]:
    """A view under its names (allauth looks for its own); public only if PUBLIC says so, whatever the view says."""
    found = []
    for name in names:
        answer = view.as_view() if hasattr(view, "as_view") else view
        if name in PUBLIC:
            answer = login_not_required(answer)
        elif not getattr(answer, "login_required", True):
            raise RuntimeError(f"{name} is open to strangers, and PUBLIC does not name it.")
        found.append((re_path if route.startswith("^") else path)(route, answer, name=name))
    return found


THE_DOOR = [
    *page("sign-in/", door.SignIn, "sign-in", "account_login"),
    *page("sign-out/", door.SignOut, "sign-out", "account_logout"),
    *page("sign-in/passkey/", login_webauthn, "mfa_login_webauthn"),
    *page("sign-in/second-step/", door.SecondStep, "mfa_authenticate"),
    *page("forgotten-password/", door.ForgottenPassword, "account_reset_password"),
    *page("forgotten-password/sent/", door.ForgottenPasswordSent, "account_reset_password_done"),
    *page(
        r"^forgotten-password/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        door.NewPassword,
        "account_reset_password_from_key",
    ),
    *page("forgotten-password/done/", door.NewPasswordSet, "account_reset_password_from_key_done"),
    *page("invitation/", door.AcceptInvitation, "accept-invitation"),
    *page("invitation/<str:token>/", door.OpenInvitation, "invitation"),
]
YOUR_ACCOUNT = [
    *page("your-account/", your_account.YourAccount, "your-account", "mfa_index", "mfa_list_webauthn"),
    *page("your-account/password-again/", door.PasswordAgain, "account_reauthenticate"),
    *page("your-account/code-again/", door.SecondStepAgain, "mfa_reauthenticate"),
    *page("your-account/passkey-again/", door.PasskeyAgain, "mfa_reauthenticate_webauthn"),
    *page("your-account/app/add/", your_account.AddAuthenticator, "mfa_activate_totp"),
    *page("your-account/app/remove/", your_account.RemoveAuthenticator, "mfa_deactivate_totp"),
    *page("your-account/passkeys/add/", your_account.AddPasskey, "mfa_add_webauthn"),
    *page("your-account/passkeys/<int:pk>/rename/", your_account.RenamePasskey, "mfa_edit_webauthn"),
    *page("your-account/passkeys/<int:pk>/remove/", your_account.RemovePasskey, "mfa_remove_webauthn"),
    *page("your-account/recovery-codes/", your_account.RecoveryCodes, "mfa_view_recovery_codes"),
    *page("your-account/recovery-codes/new/", your_account.NewRecoveryCodes, "mfa_generate_recovery_codes"),
    *page("your-account/recovery-codes/download/", download_recovery_codes, "mfa_download_recovery_codes"),
]
PEOPLE = [
    *page("people/", people.PeopleList, "people"),
    *page("people/invite/", people.Invite, "invite"),
    *page("people/<int:pk>/", people.PersonPage, "person"),
    *page("people/<int:pk>/roles/give/", people.GiveRole, "give-role"),
    *page("people/<int:pk>/roles/<int:role>/end/", people.EndRole, "end-role"),
    *page("people/<int:pk>/<slug:action>/", people.ActOnPerson, "act-on-person"),
    *page("outbox/", outbox.Outbox, "outbox"),
]
DEMO = page("sign-in/demo/", door.DemoSignIn, "demo-sign-in")

urlpatterns = [*THE_DOOR, *YOUR_ACCOUNT, *PEOPLE, *(DEMO if settings.DEMO else [])]
