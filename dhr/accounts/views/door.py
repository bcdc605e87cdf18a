"""The door: signing in and out, a forgotten password, the second step, and the demo's one-click sign-in."""

from __future__ import annotations

from typing import Any

from allauth.account import views as allauth
from allauth.mfa.base import views as second
from allauth.mfa.webauthn import views as passkeys
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View

from dhr.accounts.forms import door as forms
from dhr.accounts.invitations import accept_invitation, check_usable
from dhr.accounts.models import Invitation, User
from dhr.usecase import NotYet

BACKEND = "dhr.accounts.backends.SignInBackend"
IN_SESSION = "invitation"


class Unprocessable:
    """A form with faults is answered with 422, so that no machine takes it for success."""

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)  # type: ignore[attr-defined]


class SignIn(Unprocessable, allauth.LoginView):
    form_class = forms.SignInForm
    template_name = "accounts/sign_in.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        people = User.objects.standing().exclude(demo_label="").order_by("pk") if settings.DEMO else ()
        wanted = self.request.GET.get("next") or self.request.POST.get("next") or ""
        return super().get_context_data(**kwargs) | {
            "demo_people": people,
            "next": wanted,
            "goes_on": bool(wanted.strip("/")),
        }


class SignOut(allauth.LogoutView):
    template_name = "accounts/sign_out.html"


class DemoSignIn(View):
    """One click signs in as an invented person. Does not exist outside a demo deployment."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        number = request.POST.get("person", "")
        people = User.objects.standing().exclude(demo_label="")
        person = get_object_or_404(people, pk=number if number.isdecimal() else 0)
        login(request, person, backend=BACKEND)
        wanted = request.POST.get("next", "")
        within = url_has_allowed_host_and_scheme(
            wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )
        return redirect(wanted if wanted and within else settings.LOGIN_REDIRECT_URL)


class ForgottenPassword(Unprocessable, allauth.PasswordResetView):
    form_class = forms.ForgottenPasswordForm
    template_name = "accounts/forgotten_password.html"


class ForgottenPasswordSent(allauth.PasswordResetDoneView):
    template_name = "accounts/forgotten_password_sent.html"


class NewPassword(Unprocessable, allauth.PasswordResetFromKeyView):
    form_class = forms.NewPasswordForm
    template_name = "accounts/new_password.html"


class NewPasswordSet(allauth.PasswordResetFromKeyDoneView):
    template_name = "accounts/new_password_set.html"


class PasswordAgain(Unprocessable, allauth.ReauthenticateView):
    form_class = forms.PasswordAgainForm
    template_name = "accounts/password_again.html"


class SecondStep(second.AuthenticateView):
    form_class = forms.SecondStepForm
    template_name = "mfa/authenticate.html"


class SecondStepAgain(Unprocessable, second.ReauthenticateView):
    form_class = forms.SecondStepAgainForm
    template_name = "mfa/reauthenticate.html"


class PasskeyAgain(passkeys.ReauthenticateWebAuthnView):
    template_name = "mfa/webauthn/reauthenticate.html"


class OpenInvitation(View):
    """The link of an invitation. Its secret goes into the session and out of the address, so that no log keeps it."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        request.session[IN_SESSION] = token
        return redirect("accept-invitation")


class AcceptInvitation(View):
    """Choosing a password makes the account work, and signs the person in."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._answer(request, None, 200)

    def post(self, request: HttpRequest) -> HttpResponse:
        return self._answer(request, request.POST, 422)

    def _answer(self, request: HttpRequest, data: Any, status: int) -> HttpResponse:
        token = request.session.get(IN_SESSION, "")
        try:
            invitation = check_usable(Invitation.objects.with_token(token).select_related("person").first())
            form = forms.AcceptInvitationForm(data, person=invitation.person)
            if form.is_valid():
                return self._accept(request, token, form.cleaned_data["password"])
        except NotYet as no:
            return render(request, "accounts/invitation_gone.html", {"sentence": no.sentence}, status=410)
        context = {"form": form, "person": invitation.person}
        return render(request, "accounts/accept_invitation.html", context, status=status)

    def _accept(self, request: HttpRequest, token: str, password: str) -> HttpResponse:
        person = accept_invitation(token, password=password)
        request.session.pop(IN_SESSION, None)
        login(request, person, backend=BACKEND)
        return redirect(f"{reverse('your-account')}?welcome=yes")
