"""The administrator's pages: people, one person, inviting, roles, and ending or reviving an account."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views import View

from dhr import clock
from dhr.access.roles import STANDING_NAMES
from dhr.accounts import invitations, standing
from dhr.accounts.forms.people import EndRoleForm, GiveRoleForm, InviteForm, PeopleFilter
from dhr.accounts.models import Invitation, StandingRole, User
from dhr.accounts.people import account_state, narrowed, view_people
from dhr.govuk.forms import GovukForm
from dhr.govuk.parts import Cell, Column, Row
from dhr.usecase import NotYet

PER_PAGE = 50


class PeopleList(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        everybody = view_people(None, by=request.user)
        form = PeopleFilter(request.GET)
        form.is_valid()
        page = Paginator(narrowed(everybody, **form.cleaned_data), PER_PAGE).get_page(request.GET.get("page"))
        columns = [
            Column("Name"),
            Column("Email address"),
            Column("Organisation"),
            Column("Standing roles"),
            Column("Account"),
        ]
        context = {"form": form, "page": page, "columns": columns, "rows": [row(person) for person in page]}
        return render(request, "accounts/people.html", context)


def row(person: User) -> list[Any]:
    state, colour = account_state(person)
    roles = ", ".join(STANDING_NAMES[given.role] for given in person.roles.all() if counts(given))
    return [
        Cell(person.name, url=reverse("person", args=[person.pk])),
        person.email,
        person.organisation,
        roles or "None",
        Cell(state, colour=colour),
    ]


def counts(given: StandingRole) -> bool:
    today = clock.today()
    return given.ended_at is None and given.starts_on <= today and (given.ends_on is None or given.ends_on >= today)


def one_person(request: HttpRequest, pk: int) -> User:
    """The person of this page, after the log has its line; 404 for a number that nobody has."""
    people = view_people(User.objects.filter(pk=pk).first(), by=request.user)
    return get_object_or_404(people, pk=pk)


def days(given: StandingRole) -> str:
    first = f"from {given.starts_on:%-d %B %Y}"
    return f"{first} to {given.ends_on:%-d %B %Y}" if given.ends_on else first


class PersonPage(View):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        person = one_person(request, pk)
        state, colour = account_state(person)
        about = [
            Row("Email address", person.email),
            Row("Organisation", person.organisation or "Not given"),
            Row("Account", state),
            Row("Last day", f"{person.expires_on:%-d %B %Y}" if person.expires_on else "No end"),
            Row("Last signed in", f"{person.last_login:%-d %B %Y}" if person.last_login else "Never"),
        ]
        roles = [
            Row(STANDING_NAMES[given.role], days(given), reverse("end-role", args=[person.pk, given.pk]), "End")
            for given in person.roles.all()
        ]
        allowed = [action for action in ACTIONS.values() if action.fits(person)]
        context = {
            "person": person,
            "about": about,
            "roles": roles,
            "actions": allowed,
            "state": state,
            "colour": colour,
        }
        return render(request, "accounts/person.html", context | {"link": request.session.pop("shown_link", "")})


def answer_form(
    request: HttpRequest, form: GovukForm, context: dict[str, Any], act: Callable[[], HttpResponse]
) -> HttpResponse:
    """Draw the form, or do what it asks; what may not be done now is said above the form, with all that was typed."""
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                return act()
            except NotYet as no:
                form.add_error(None, no.sentence)
                status = 409
    return render(request, "govuk/form_page.html", context | {"form": form}, status=status)


def tell_of_link(request: HttpRequest, invitation: Invitation) -> None:
    """Say that the link went out. In a demo, where no mail leaves the machine, show it once to whoever sent it."""
    messages.success(request, f"An invitation has been sent to {invitation.person.email}.")
    if settings.DEMO:
        request.session["shown_link"] = invitation.link


class Invite(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        return self._answer(request, InviteForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        return self._answer(request, InviteForm(request.POST))

    def _answer(self, request: HttpRequest, form: InviteForm) -> HttpResponse:
        def act() -> HttpResponse:
            invitation = invitations.invite(None, by=request.user, **form.cleaned_data)
            tell_of_link(request, invitation)
            return redirect("person", invitation.person_id)

        view_people(None, by=request.user)
        context = {"heading": "Invite a person", "submit_text": "Send invitation", "back_url": reverse("people")}
        return answer_form(request, form, context, act)


class GiveRole(View):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._answer(request, pk, GiveRoleForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._answer(request, pk, GiveRoleForm(request.POST))

    def _answer(self, request: HttpRequest, pk: int, form: GiveRoleForm) -> HttpResponse:
        person = one_person(request, pk)

        def act() -> HttpResponse:
            given = standing.give_role(person, by=request.user, **form.cleaned_data)
            messages.success(request, f"{person.name} has the role: {STANDING_NAMES[given.role]}.")
            return redirect("person", pk)

        back = reverse("person", args=[pk])
        context = {
            "heading": "Give a standing role",
            "caption": person.name,
            "submit_text": "Give role",
            "back_url": back,
        }
        return answer_form(request, form, context, act)


class EndRole(View):
    def get(self, request: HttpRequest, pk: int, role: int) -> HttpResponse:
        return self._answer(request, pk, role, EndRoleForm())

    def post(self, request: HttpRequest, pk: int, role: int) -> HttpResponse:
        return self._answer(request, pk, role, EndRoleForm(request.POST))

    def _answer(self, request: HttpRequest, pk: int, role: int, form: EndRoleForm) -> HttpResponse:
        person = one_person(request, pk)
        given = get_object_or_404(person.roles, pk=role)
        name = STANDING_NAMES[given.role]

        def act() -> HttpResponse:
            ended = standing.end_role(given, by=request.user, **form.cleaned_data)
            when = "has ended" if ended.ended_at else f"ends after {ended.ends_on:%-d %B %Y}"
            messages.success(request, f"The role {name} {when}.")
            return redirect("person", pk)

        back = reverse("person", args=[pk])
        context = {
            "heading": f"End the role: {name}",
            "caption": person.name,
            "submit_text": "End role",
            "back_url": back,
        }
        return answer_form(request, form, context, act)


@dataclass(frozen=True)
class Action:
    """Something to do with an account: asked on a page of its own, done by one use case."""

    name: str
    label: str
    words: str
    done: str
    act: Callable[..., Any]
    fits: Callable[[User], bool]
    kind: str = ""


def _invited(person: User) -> bool:
    return person.invited_and_not_yet_here


ACTIONS = {
    action.name: action
    for action in (
        Action(
            "send-again",
            "Send the invitation again",
            "A fresh link goes to the person's address. The link they had stops working.",
            "The invitation has been sent again.",
            invitations.send_again,
            _invited,
        ),
        Action(
            "withdraw",
            "Withdraw the invitation",
            "The link stops working. You can send a new one later.",
            "The invitation has been withdrawn.",
            invitations.withdraw_invitation,
            lambda person: _invited(person) and person.invitations.unanswered().exists(),
            kind="secondary",
        ),
        Action(
            "deactivate",
            "Deactivate the account",
            "The person is signed out at once and their standing roles end. Tasks that wait for them have to be "
            "handed over by the officer or the team manager. Their name stays in the records.",
            "The account has been deactivated.",
            standing.deactivate,
            lambda person: person.deactivated_at is None,
            kind="warning",
        ),
        Action(
            "reactivate",
            "Reactivate the account",
            "The account works again. Standing roles that have ended have to be given anew.",
            "The account has been reactivated.",
            standing.reactivate,
            lambda person: person.deactivated_at is not None,
        ),
    )
}


class ActOnPerson(View):
    """One of ACTIONS, after a page that says what it does."""

    def get(self, request: HttpRequest, pk: int, action: str) -> HttpResponse:
        return self._ask(request, one_person(request, pk), named(action))

    def post(self, request: HttpRequest, pk: int, action: str) -> HttpResponse:
        person, wanted = one_person(request, pk), named(action)
        try:
            result = wanted.act(person, by=request.user)
        except NotYet as no:
            return self._ask(request, person, wanted, sentence=no.sentence, status=409)
        if isinstance(result, Invitation):
            tell_of_link(request, result)
        else:
            messages.success(request, wanted.done)
        return redirect("person", pk)

    def _ask(
        self, request: HttpRequest, person: User, action: Action, sentence: str = "", status: int = 200
    ) -> HttpResponse:
        context = {"person": person, "action": action, "sentence": sentence, "has_errors": bool(sentence)}
        return render(request, "accounts/act_on_person.html", context, status=status)


def named(action: str) -> Action:
    if action not in ACTIONS:
        raise Http404
    return ACTIONS[action]
