"""Pages that file papers, and that change a document's title and audience."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from dhr.reviews.models import Commission, Review
from dhr.reviews.recording import RECORD

from ..filing import (
    CHAIR,
    FILE,
    SEE_COMMISSION,
    add_version,
    change_audience,
    change_title,
    file_document,
    files_for_the_team,
    may_add_version,
    may_change_title,
    people_to_name,
    release_to_panel,
)
from ..forms import AddVersionForm, AudienceForm, FileDocumentForm, ReleaseForm, TitleForm, kind_in_words
from ..grant_source import VIEW_DOCUMENT
from ..models import Document, DocumentVersion
from ..readers import in_words, readers_of
from ..upload_views import SealedUploadMixin
from ..vocabulary import KEPT_FROM_THE_PANEL
from .gate import FormPage, document_url, documents_url, get_visible_or_404, refuse, require, review_or_404


def sealed_sentence(version: DocumentVersion, document: Document) -> str:
    """What a person wants to know after sending a paper: that it is sealed, and who can open it."""
    words = in_words(readers_of(document))
    return (
        f"Sealed. Fingerprint {version.blob.fingerprint.hex()[:8]}…, {words[:1].lower()}{words[1:].removesuffix('.')}."
    )


class UploadPage(SealedUploadMixin, FormPage):
    """A page whose form carries a file: one that is not right keeps the file until it is."""

    template_name = "restricted_docs/upload.html"
    submit_text = "Upload and seal"

    def files(self) -> Any:
        return self.sealed_files()

    def page(self, form: Any, status: int = 200) -> Any:
        if form.is_bound:
            self.park_uploads(form)
        return super().page(form, status)


class FileDocument(UploadPage):
    """File a document of the review; an agency files with `?commission=` on its own request."""

    form_class = FileDocumentForm
    heading = "File a document"
    filed: Document | None = None
    commission: Commission | None = None

    def review_for_upload(self) -> Review:
        user: Any = self.request.user
        self.commission = self._commission()
        review = review_or_404(user, self.kwargs["review"], self.commission)
        if self.commission is not None and not user.has_perm(FILE, review):
            require(user, self.commission, SEE_COMMISSION)
        else:
            require(user, review, FILE)
        return review

    def _commission(self) -> Commission | None:
        asked = self.request.GET.get("commission", "")
        if not asked:
            return None
        try:
            return Commission.objects.select_related("review").get(pk=UUID(asked), review_id=self.kwargs["review"])
        except (ValueError, Commission.DoesNotExist):
            raise Http404 from None

    def form_options(self) -> dict[str, Any]:
        user: Any = self.request.user
        chooses = files_for_the_team(user, self.review)
        return {
            "people": people_to_name(self.review) if chooses else (),
            "chooses": chooses,
            "officer": user.has_perm(RECORD, self.review),
            "agency": self.commission is not None and not user.has_perm(FILE, self.review),
        }

    def act(self, form: FileDocumentForm) -> str:
        answers = dict(form.cleaned_data)
        upload = answers.pop("file")
        answers["named"] = answers.get("named") or ()
        self.filed = file_document(
            self.review, by=self.request.user, upload=upload, commission=self.commission, **answers
        )
        return sealed_sentence(self.filed.versions.get(), self.filed)

    def back_url(self) -> str:
        if self.commission is not None and not self.request.user.has_perm(FILE, self.review):
            return ""
        return documents_url(self.review)

    def success_url(self) -> str:
        if self.filed is not None and self.request.user.has_perm(VIEW_DOCUMENT, self.filed):
            return document_url(self.filed)
        if self.filed is not None:
            return reverse("document-receipt", args=[self.review.pk, self.filed.pk, 1])
        return self.back_url() or reverse("file-document", args=[self.review.pk])

    def more(self) -> dict[str, Any]:
        lands = not files_for_the_team(self.request.user, self.review)
        return {"review": self.review, "caption": self.review.reference, "lands_with_officers": lands}


class DocumentFormPage(FormPage):
    """A form about one document that this person may open."""

    paper: Document

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.paper = get_visible_or_404(request.user, kwargs["review"], kwargs["document"])
        self.ask()
        return super().dispatch(request, *args, **kwargs)

    def ask(self) -> None:
        """Raise Refused unless this person may do this."""
        raise NotImplementedError

    def back_url(self) -> str:
        return document_url(self.paper)

    def more(self) -> dict[str, Any]:
        return {"document": self.paper, "caption": f"{self.paper.review.reference}: {self.paper.title}"}


class AddVersion(UploadPage):
    """Add a version to a document."""

    form_class = AddVersionForm
    heading = "Add a version"

    def review_for_upload(self) -> Review:
        self.paper = get_visible_or_404(self.request.user, self.kwargs["review"], self.kwargs["document"])
        if not may_add_version(self.request.user, self.paper):
            refuse(FILE, self.paper)
        return self.paper.review

    def document_for_upload(self) -> Document:
        return self.paper

    def act(self, form: AddVersionForm) -> str:
        version = add_version(self.paper, by=self.request.user, upload=form.cleaned_data["file"])
        return sealed_sentence(version, self.paper)

    def back_url(self) -> str:
        return document_url(self.paper)

    def more(self) -> dict[str, Any]:
        return {
            "review": self.review,
            "document": self.paper,
            "caption": f"{self.review.reference}: {self.paper.title}",
        }


class ReleaseDocument(DocumentFormPage):
    """A chair puts the latest version before the panel."""

    form_class = ReleaseForm
    template_name = "restricted_docs/release.html"
    heading = "Release to the panel"
    submit_text = "Release to the panel"

    def ask(self) -> None:
        require(self.request.user, self.paper.review, CHAIR)

    def act(self, form: ReleaseForm) -> str:
        release_to_panel(self.paper, by=self.request.user, confirmed=form.cleaned_data["confirmed"])
        return f"Released to the panel. {in_words(readers_of(self.paper))}."

    def more(self) -> dict[str, Any]:
        kept = self.paper.kind in KEPT_FROM_THE_PANEL
        return super().more() | {"kept_from_the_panel": kept, "kind": kind_in_words(self.paper)}


class DocumentAudience(DocumentFormPage):
    """Change who may open a document."""

    form_class = AudienceForm
    heading = "Change who may open it"

    def ask(self) -> None:
        require(self.request.user, self.paper.review, RECORD, CHAIR)

    def form_options(self) -> dict[str, Any]:
        named = [str(person.pk) for person in self.paper.named.all()]
        return {
            "people": people_to_name(self.paper.review),
            "initial": {"audience": self.paper.audience, "named": named},
        }

    def act(self, form: AudienceForm) -> str:
        answers = form.cleaned_data
        change_audience(self.paper, by=self.request.user, audience=answers["audience"], named=answers["named"] or ())
        return f"{in_words(readers_of(self.paper))}."

    def success_url(self) -> str:
        still_sees = self.request.user.has_perm(VIEW_DOCUMENT, self.paper)
        return document_url(self.paper) if still_sees else documents_url(self.paper.review) or "/"


class DocumentTitle(DocumentFormPage):
    """Change a document's title."""

    form_class = TitleForm
    heading = "Change the title"

    def ask(self) -> None:
        if not may_change_title(self.request.user, self.paper):
            refuse(RECORD, self.paper)

    def form_options(self) -> dict[str, Any]:
        return {"initial": {"title": self.paper.title}}

    def act(self, form: TitleForm) -> str:
        change_title(self.paper, by=self.request.user, **form.cleaned_data)
        return "The title has been changed."
