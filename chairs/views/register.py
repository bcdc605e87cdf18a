"""The register of chairs: the list, one entry, adding and changing."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views import View

from chairs.forms import ChairForm, RegisterFilter
from chairs.models import ChairProfile
from chairs.register import APPOINT, MANAGE, add_chair_to_register, update_chair
from chairs.vocabulary import Answer, Training
from dhr.audit import log
from dhr.audit.line import Line
from dhr.govuk.dates import written
from dhr.govuk.pages import UseCasePage
from dhr.govuk.parts import Cell
from dhr.reviews.models import Review
from dhr.usecase import ask, one_of
from restricted_docs import fields
from restricted_docs.strongroom import CHAIRS_REGISTER
from restricted_docs.vault.receipt import Scope

VIEW = "chairs.view_register"
SEALED = "contact", "employment_history", "notes"
COLUMNS = [("Name",), ("Offers",), ("Stage",), ("Region",), ("Reviews now", "", True), ("Room",)]
PER_PAGE = 50


def entries(user: Any) -> Any:
    """The entries of this person's partnership. Raises Refused for whoever may not see the register."""
    ask(user, VIEW, None)
    return ChairProfile.objects.of_partnership(user.partnership_id).select_related("user")


def private_details(chair: ChairProfile, user: Any) -> dict[str, str]:
    """What is sealed of an entry, after a committed line in the log. Raises Refused without the right to manage it."""
    ask(user, MANAGE, None)
    line = Line(
        event="narrative.viewed", person=user.pk, details={"page": "chair", "part": "entry"}, **chair.logged_as()
    )
    receipt = log.append_first(line, container=CHAIRS_REGISTER, scope=Scope.NARRATIVE, subject=str(chair.pk))
    with fields.reading(receipt):
        return {name: str(getattr(chair, name)) for name in SEALED}


class Register(View):
    """Who could chair a review, how far they are, and who has room for one more."""

    def get(self, request: HttpRequest) -> HttpResponse:
        found = entries(request.user).with_load()
        narrowed = RegisterFilter(request.GET)
        narrowed.is_valid()
        stage, service = (narrowed.cleaned_data.get(name, "") for name in ("stage", "service"))
        found = found.at_stage(stage) if stage else found.on_the_register()
        found = found.offering(service) if service else found
        page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
        context = {
            "filter": narrowed,
            "columns": COLUMNS,
            "rows": [row(chair) for chair in page],
            "page_obj": page,
            "may_manage": request.user.has_perm(MANAGE),
        }
        return render(request, "chairs/register.html", context)


def row(chair: Any) -> list[Any]:
    room = Cell("Room for more", colour="green") if chair.live < chair.max_live else Cell("Full", colour="grey")
    name = Cell(chair.name, url=reverse("chair", args=[chair.pk]))
    load = f"{chair.live} of {chair.max_live}"
    return [name, chair.get_services_display(), chair.get_stage_display(), chair.region or "Not given", load, room]


class Chair(View):
    """One entry, with what this person may see of the reviews it was asked about or appointed to."""

    def get(self, request: HttpRequest, pk: Any) -> HttpResponse:
        chair = one_of(entries(request.user).with_load(), pk, by=request.user, permission=VIEW)
        may_manage = request.user.has_perm(MANAGE)
        private = private_details(chair, request.user) if may_manage else {}
        seen = visible_reviews(request.user)
        appointments = list(chair.appointments.select_related("review"))
        soundings = list(chair.soundings.select_related("review"))
        context = {
            "chair": chair,
            "about": about(chair),
            "private": [
                (ChairForm.base_fields[name].label, text or "Nothing recorded") for name, text in private.items()
            ],
            "appointments": [appointed(one, request.user) for one in appointments if one.review_id in seen],
            "soundings": [sounded(one, request.user) for one in soundings if one.review_id in seen],
            "elsewhere": sum(one.review_id not in seen for one in [*appointments, *soundings]),
            "may_manage": may_manage,
        }
        return render(request, "chairs/chair.html", context)


def visible_reviews(user: Any) -> set[Any]:
    """The reviews whose reference this person may see: their own, or with sight of the caseload all of the partnership's."""
    own = Q(pk__in=Review.objects.visible_to(user, "reviews.view_review").values("pk"))
    caseload = Q(partnership=user.partnership_id) if user.has_perm("reviews.view_caseload") else Q(pk__in=[])
    return set(Review.objects.filter(own | caseload).values_list("pk", flat=True))


def about(chair: Any) -> list[tuple[str, Any]]:
    courses = [f"{name}: {written(day)}" for name, day in chair.courses]
    return [
        ("Offers", chair.get_services_display()),
        ("Stage", chair.get_stage_display()),
        ("Reviews now", f"{chair.live} of {chair.max_live}"),
        ("Region", chair.region or "Not given"),
        ("Specialisms", "\n".join(chair.specialism_names) or "None recorded"),
        ("Training", "\n".join(courses) or "None recorded"),
        ("Found through", chair.get_source_display()),
        ("Account", chair.user.name if chair.user else "None yet: needed before an appointment"),
        ("Look at again on", written(chair.review_on) if chair.review_on else "No day set"),
    ]


def appointed(one: Any, user: Any) -> dict[str, str]:
    state = "stood down" if not one.is_standing else "declared independence" if one.is_declared else "not declared yet"
    words = f"{one.get_role_display()} from {written(one.appointed_on)}, {state}"
    url = reverse("appointment", args=[one.pk]) if user.has_perm(APPOINT, one.review) else ""
    return {"reference": one.review.reference, "words": words, "url": url}


def sounded(one: Any, user: Any) -> dict[str, str]:
    words = f"asked on {written(one.asked_on)}. {one.get_answer_display()}."
    waits = one.answer == Answer.WAITING and user.has_perm(APPOINT, one.review)
    return {
        "reference": one.review.reference,
        "words": words,
        "url": reverse("record-answer", args=[one.pk]) if waits else "",
    }


class AddChair(UseCasePage):
    form_class = ChairForm
    done = "Added to the register."
    extra_context = {"heading": "Add somebody to the register of chairs", "submit_text": "Add to the register"}
    initial = {"stage": "prospect", "max_live": 2}

    def check(self, user: Any) -> None:
        ask(user, MANAGE, None)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"back_url": reverse("chairs")}

    def perform(self, form: Any) -> str:
        user: Any = self.request.user
        chair = add_chair_to_register(user.partnership, by=user, **form.facts())
        return reverse("chair", args=[chair.pk])


class EditChair(UseCasePage):
    form_class = ChairForm
    done = "The entry has been changed."
    extra_context = {"submit_text": "Save"}

    @cached_property
    def chair(self) -> ChairProfile:
        user = self.request.user
        found: ChairProfile = one_of(entries(user), self.kwargs["pk"], by=user, permission=VIEW)
        return found

    def check(self, user: Any) -> None:
        ask(user, MANAGE, None)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"chair": self.chair}

    def get_initial(self) -> dict[str, Any]:
        if self.request.method != "GET":
            return {}
        clear = ("name", "services", "stage", "source", "region", "max_live", "day_rate", "specialisms", "review_on")
        training = {code: date.fromisoformat(day) for code, day in self.chair.training.items()}
        known = {name: getattr(self.chair, name) for name in clear} | {"user": self.chair.user_id}
        return (
            known
            | {code: training.get(code) for code in Training.values}
            | private_details(self.chair, self.request.user)
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        here = {"back_url": reverse("chair", args=[self.chair.pk]), "heading": f"Change the entry of {self.chair.name}"}
        return super().get_context_data(**kwargs) | here

    def perform(self, form: Any) -> str:
        update_chair(self.chair, by=self.request.user, **form.facts())
        return reverse("chair", args=[self.chair.pk])
