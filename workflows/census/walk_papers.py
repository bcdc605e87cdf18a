"""Papers: filed, refused, cut off, kept while a form is mended, read, copied, restricted."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, encode_multipart

from restricted_docs.models import Document, Restriction

from . import papers
from .walk import Walk

CUT_OFF = 400
MARKED = {"audience": "officers_and_chairs", "marking": "official_sensitive"}


def walk(it: Walk) -> None:
    for chapter in (filed, not_taken, read, changed, restricted):
        chapter(it)


def filed(it: Walk) -> None:
    """Once with the form wrong, so that the file waits; then taken up; then a Word file, which is parsed next door."""
    officer, review = it.people.officer, it.review
    about = {"kind": "other", **MARKED}
    it.send(officer, "file-document", review.pk, file=it.pdf("file-document"), expect=(422,), title="", **about)
    named = it.word("record-notification: deceased")
    it.send(officer, "file-document", review.pk, file=it.pdf("file-document"), expect=(422, 409), title=named, **about)
    it.send(officer, "file-document", review.pk, file=it.pdf("file-document"), title="Letter", **about)
    word = it.word("file-document: what the Word file says")
    called = f"{it.word('file-document: name of the Word file')}.docx"
    letter = SimpleUploadedFile(called, papers.docx(word), "application/octet-stream")
    it.send(officer, "file-document", review.pk, file=letter, title="Account", **about)


def not_taken(it: Walk) -> None:
    """A kind that is not taken, a form that ends before it is whole, a file sent where none is asked for."""
    officer, review = it.people.officer, it.review
    program = b"MZ" + it.word("file-document: a program").encode() * 9
    about = {"kind": "other", **MARKED, "title": "Letter"}
    it.send(officer, "file-document", review.pk, file=program, door="file-document, a program", expect=(422,), **about)
    whole = encode_multipart(BOUNDARY, about | {"file": _paper(it, "file-document, cut off")})
    cut: dict[str, Any] = {"wsgi.input": io.BytesIO(whole[:-CUT_OFF]), "CONTENT_LENGTH": str(len(whole))}
    cut |= {
        "content_type": f"multipart/form-data; charset=utf-8; boundary={BOUNDARY}",
        "door": "file-document, cut off",
    }
    it.browsers.post(officer, "file-document", review.pk, data=whole, expect=(400,), **cut)
    it.browsers.post(
        officer,
        "reviews",
        data={"known_as": "x", "file": _paper(it, "a file where none is asked for")},
        expect=(200, 302, 400, 403, 422),
        door="a file where none is asked for",
    )


def _paper(it: Walk, door: str) -> SimpleUploadedFile:
    return it.browsers.paper(it.pdf(door), door, "file")


def read(it: Walk) -> None:
    """On its page, whole, in part, as a copy, and to read here where that is offered."""
    officer, review = it.people.officer, it.review
    for paper in Document.objects.filter(review=review):
        if not it.browsers.may_open(officer, paper):
            continue
        it.read(officer, "document", review.pk, paper.pk)
        version = [review.pk, paper.pk, 1]
        it.browsers.get(officer, "document-open", *version, expect=(200, 302, 409))
        it.browsers.get(
            officer, "document-open", *version, headers={"Range": "bytes=0-99"}, expect=(206, 200, 302, 409)
        )
        it.browsers.get(officer, "document-read", *version, expect=(200, 302, 404, 409))
        password = {"password": it.word("document-read: the password of a file")}
        it.browsers.post(officer, "document-read", *version, data=password, expect=(200, 422, 404, 409))
        it.send(officer, "document-download", *version, reason="meeting", expect=(200,))


def changed(it: Walk) -> None:
    who, review = it.people, it.review
    letter = Document.objects.get(review=review, title="Letter")
    here = [review.pk, letter.pk]
    it.send(who.officer, "add-version", *here, file=it.pdf("add-version"))
    it.send(who.officer, "document-title", *here, title=it.word("record-notification: deceased"), expect=(422, 409))
    it.send(who.officer, "document-title", *here, title="Letter of the police")
    it.send(who.officer, "document-audience", *here, audience="panel")
    it.send(who.lead_chair, "release-document", *here, confirmed="on")


def restricted(it: Walk) -> None:
    who, review = it.people, it.review
    letter = Document.objects.get(review=review, title="Account")
    it.send(who.officer, "propose-restriction", review.pk, letter.pk, paragraphs=["1"])
    proposed: Any = Restriction.objects.get(document=letter)
    it.browsers.post(who.monitoring, "take-up-proposal", proposed.pk, expect=(302, 409))
    it.read_clear(who.monitoring, "restrictions")
    it.send(who.monitoring, "decide-restriction", proposed.pk, upheld="yes", review_on=it.today + timedelta(days=90))
