"""Asking for the pages of a paper as one of the cast, and reading the answer."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from restricted_docs.models import Document


def at(document: Document, page: str = "document", *more: Any) -> str:
    return reverse(page, args=[document.review_id, document.pk, *more])


def body(answer: Any) -> str:
    return answer.getvalue().decode() if answer.streaming else answer.content.decode()
