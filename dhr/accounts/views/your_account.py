"""Your account: who you are to the service, and how you prove it. allauth checks every change of a factor."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.contrib.auth.mixins import LoginRequiredMixin
from django.urls import reverse_lazy
from django.views.generic import TemplateView

from dhr import clock
from dhr.access.roles import STANDING_NAMES
from dhr.accounts.forms import door as forms

from .door import Unprocessable

BACK = {"back_url": reverse_lazy("your-account")}


class YourAccount(LoginRequiredMixin, TemplateView):
    template_name = "accounts/your_account.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person: Any = self.request.user
        found = list(Authenticator.objects.filter(user=person).order_by("created_at"))
        kinds = {authenticator.type: authenticator for authenticator in found}
        roles = [STANDING_NAMES[role] for role in sorted(person.standing_roles())]
        return super().get_context_data(**kwargs) | {
            "about": [
                ("Name", person.name),
                ("Email address", person.email),
                ("Organisation", person.organisation or "Not given"),
                ("Standing roles", ", ".join(roles) or "None"),
            ],
            "passkeys": [found for found in found if found.type == Authenticator.Type.WEBAUTHN],
            "app": kinds.get(Authenticator.Type.TOTP),
            "codes": kinds.get(Authenticator.Type.RECOVERY_CODES),
            "welcome": "welcome" in self.request.GET,
        }


class AddAuthenticator(Unprocessable, totp.ActivateTOTPView):
    form_class = forms.AddAuthenticatorForm
    template_name = "mfa/totp/activate_form.html"
    extra_context = BACK


class RemoveAuthenticator(Unprocessable, totp.DeactivateTOTPView):
    template_name = "mfa/totp/deactivate_form.html"
    extra_context = BACK


class AddPasskey(Unprocessable, webauthn.AddWebAuthnView):
    form_class = forms.AddPasskeyForm
    template_name = "mfa/webauthn/add_form.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"form": kwargs.get("form") or self.get_form(), **BACK}


class RenamePasskey(Unprocessable, webauthn.EditWebAuthnView):
    form_class = forms.RenamePasskeyForm
    template_name = "mfa/webauthn/edit_form.html"
    extra_context = BACK


class RemovePasskey(webauthn.RemoveWebAuthnView):
    template_name = "mfa/webauthn/authenticator_confirm_delete.html"
    extra_context = BACK


class RecoveryCodes(recovery.ViewRecoveryCodesView):
    template_name = "mfa/recovery_codes/index.html"
    extra_context = BACK

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"today": clock.today()}


class NewRecoveryCodes(Unprocessable, recovery.GenerateRecoveryCodesView):
    template_name = "mfa/recovery_codes/generate.html"
    extra_context = BACK
