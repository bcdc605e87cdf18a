"""The forms of signing in: allauth's checks, this service's words and look."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm, ReauthenticateForm, ResetPasswordForm, ResetPasswordKeyForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as CodeAgainForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from dhr.accounts.models import User
from dhr.govuk.forms import GovukForm

HINT = "At least 12 characters. Three words that you will remember make a good password."
CODE_HINT = "The 6 figures that your authenticator app shows now, or one of your recovery codes."

# name of a field -> label, what to say when it is empty, hint
WORDS: dict[str, tuple[str, str, str]] = {
    "login": ("Email address", "Enter your email address.", ""),
    "email": ("Email address", "Enter your email address.", ""),
    "password": ("Password", "Enter your password.", ""),
    "password1": ("New password", "Enter a new password.", HINT),
    "password2": ("New password again", "Enter the new password a second time.", ""),
    "code": ("Code", "Enter the code.", CODE_HINT),
    "name": (
        "Name of the passkey",
        "Give the passkey a name, so that you can tell several apart.",
        "For example: work laptop",
    ),
    "credential": ("", "The passkey could not be read. Try again.", ""),
}
INVALID_EMAIL = "Enter an email address in the form name@example.org."


class OurWords:
    """Gives allauth's fields our labels, sentences and look; the form then checks exactly what allauth checks."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined]
        for name, (label, missing, hint) in WORDS.items():
            if name in fields:
                fields[name].label, fields[name].help_text = label, hint
                fields[name].error_messages |= {"required": missing, "invalid": INVALID_EMAIL}
                fields[name].widget.attrs.pop("placeholder", None)


class SignInForm(OurWords, LoginForm):
    """Address and password."""


class ForgottenPasswordForm(OurWords, ResetPasswordForm):
    """The address that a link for a new password goes to, if it has an account."""


class NewPasswordForm(OurWords, ResetPasswordKeyForm):
    """The new password, twice."""


class PasswordAgainForm(OurWords, ReauthenticateForm):
    """The password again, before the account's security changes."""


class SecondStepForm(OurWords, AuthenticateForm):
    """The code of the second step."""


class SecondStepAgainForm(OurWords, CodeAgainForm):
    """The code again, before the account's security changes."""


class AddAuthenticatorForm(OurWords, ActivateTOTPForm):
    """The first code of a new authenticator app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = "The 6 figures that the app shows now."


class AddPasskeyForm(OurWords, AddWebAuthnForm):
    """A name for the passkey that the browser is about to make."""


class RenamePasskeyForm(OurWords, EditWebAuthnForm):
    """Another name for a passkey."""


class AcceptInvitationForm(GovukForm):
    """Choosing the first password."""

    password = forms.CharField(
        label="Choose a password",
        help_text=HINT,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Choose a password."},
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        try:
            validate_password(password, self.person)
        except ValidationError as error:
            raise ValidationError(error.messages) from error
        return password
