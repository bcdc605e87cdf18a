"""What a board meeting shows of a review's paper: its title to whoever may open it, else the wording of its restriction."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import reverse

from dhr.board.papers import RESTRICTED, PaperLine
from restricted_docs.grant_source import VIEW_DOCUMENT
from restricted_docs.models import Document
from restricted_docs.restricting import placeholder
from restricted_docs.vocabulary import Audience


def line_of(paper: UUID, user: Any) -> PaperLine:
    """A paper of a review is never shown by its title to somebody who may not open it: its title is part of it."""
    document = Document.objects.select_related("review").filter(pk=paper).first()
    if document is None:
        return PaperLine(RESTRICTED)
    if user.has_perm(VIEW_DOCUMENT, document):
        return PaperLine(document.title, reverse("document", args=[document.review_id, document.pk]))
    return PaperLine(placeholder(document) or RESTRICTED)


def choices_for(review: Any, user: Any) -> list[tuple[UUID, str]]:
    """The papers of the review with the board's audience that this person may open."""
    papers = Document.objects.visible_to(user, VIEW_DOCUMENT).filter(review=review, audience=Audience.BOARD_SIGN_OFF)
    return list(papers.values_list("pk", "title"))
