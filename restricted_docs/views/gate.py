"""What every page here begins with: does this person know that the thing exists, and may they do this with it?"""

from __future__ import annotations

from typing import Any, NoReturn
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views import View

from dhr.govuk.forms import GovukForm
from dhr.govuk.pages import blame
from dhr.reviews.models import Commission, Review
from dhr.usecase import NotYet, Refused

from ..grant_source import VIEW_DOCUMENT
from ..models import Document
from ..reading import note_refusal

SEE_REVIEW = "reviews.view_review"
SEE_COMMISSION = "reviews.view_commission"
NOT_YOURS = "Your part in this review does not include this. The officer of the review can tell you who can help."


def get_visible_or_404(user: Any, review_id: UUID, document_id: UUID) -> Document:
    """The document, for somebody who may open it. Raises Http404 (written down, because the document exists) for who has
    no part in the review, Refused for who has another part in it.
    """
    found = Document.objects.select_related("review__partnership", "commission", "filed_by", "released_by")
    document = found.filter(pk=document_id, review_id=review_id).first()
    if document is None:
        raise Http404
    if user.has_perm(VIEW_DOCUMENT, document):
        return document
    if user.has_perm(SEE_REVIEW, document.review):
        refuse(VIEW_DOCUMENT, document)
    note_refusal(user, VIEW_DOCUMENT, document)
    raise Http404


def has_a_part(user: Any, review: Review) -> bool:
    """Whether this person has a part in the review today, or in an agency request of it."""
    requests = Commission.objects.filter(review=review)
    return user.has_perm(SEE_REVIEW, review) or any(user.has_perm(SEE_COMMISSION, one) for one in requests)


def review_or_404(user: Any, review_id: UUID, commission: Commission | None = None) -> Review:
    """The review, for somebody who has a part in it, or in this agency request of it. Raises Http404."""
    review = Review.objects.select_related("partnership").filter(pk=review_id).first()
    if review is None:
        raise Http404
    if user.has_perm(SEE_REVIEW, review) or (commission is not None and user.has_perm(SEE_COMMISSION, commission)):
        return review
    note_refusal(user, SEE_REVIEW, review)
    raise Http404


def require(user: Any, subject: Any, *permissions: str) -> None:
    """Raise Refused unless this person holds one of these permissions on the subject."""
    if not any(user.has_perm(permission, subject) for permission in permissions):
        refuse(permissions[0], subject)


def refuse(permission: str, subject: Any) -> NoReturn:
    """Raise Refused; the fault page writes it down, as it does every refusal of a view."""
    raise Refused(NOT_YOURS, needs=permission, subject=subject)


def documents_url(review: Review) -> str:
    """The list of the review's documents: a page of the desk, which knows this package and not the other way round."""
    try:
        return reverse("review-documents", args=[review.pk])
    except NoReverseMatch:
        return ""


def document_url(document: Document, page: str = "document") -> str:
    return reverse(page, args=[document.review_id, document.pk])


class FormPage(View):
    """One form, one use case. A form that is not right comes back with everything that was typed (422), and with the
    sentence of a use case that cannot be done now (409)."""

    form_class: type[GovukForm]
    template_name = "govuk/form_page.html"
    heading = ""
    submit_text = "Save"

    def act(self, form: Any) -> Any:
        """Call the use case and answer the sentence of success."""
        raise NotImplementedError

    def form_options(self) -> dict[str, Any]:
        """What the form is made with, beside what was sent."""
        return {}

    def back_url(self) -> str:
        raise NotImplementedError

    def success_url(self) -> str:
        return self.back_url()

    def more(self) -> dict[str, Any]:
        """What the page says around the form."""
        return {}

    def files(self) -> Any:
        return None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.page(self.form_class(**self.form_options()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form_class(request.POST, self.files(), **self.form_options())
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            sentence = self.act(form)
        except ValidationError as error:
            blame(error, form)
            return self.page(form, status=422)
        except NotYet as not_yet:
            form.add_error(None, not_yet.sentence)
            return self.page(form, status=409)
        messages.success(request, sentence)
        return redirect(self.success_url())

    def page(self, form: Any, status: int = 200) -> HttpResponse:
        context = {
            "form": form,
            "heading": self.heading,
            "submit_text": self.submit_text,
            "back_url": self.back_url(),
            "cancel_url": self.back_url(),
        }
        return render(self.request, self.template_name, context | self.more(), status=status)
