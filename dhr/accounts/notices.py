"""Sending notices: rows in the transaction of the change, e-mail after it has committed (post.py says when).

An e-mail holds a fixed sentence, a public reference and a link. What a mail server refuses is written down and tried
again by `manage.py send_notices`; it never stops the work of the person whose step sent the notice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import partial

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.template.loader import render_to_string

from dhr import clock
from dhr.access.backends import stands
from dhr.audit import log
from dhr.audit.line import Line

from . import post
from .models import Notice, NoticeKind, User

MAIL_FAULTS = (
    OSError,
    ValueError,
)  # SMTPException is an OSError; an address that cannot be written in a header is the other
REFERENCE = re.compile(r"(?:[A-Z][A-Z0-9/-]{0,29})?")  # DHR12, N-2026-03: never a name
PATH = re.compile(r"/(?!/)[A-Za-z0-9/_.-]*")  # within this service, without a query


def send(kind: str, to: Iterable[User], reference: str = "", link: str = "/") -> list[Notice]:
    """Queue one notice for each of these people, in the transaction of the use case in hand; mail it after the commit.

    People whose account has ended get none. Raises ValueError for an unknown kind, for a reference that is not a
    code and for a link that leaves the service; RuntimeError outside a transaction, where nothing could take it back.
    """
    _check(kind, reference, link)
    people = {person.pk: person for person in to if stands(person) or person.invited_and_not_yet_here}
    return _queue([Notice(to=person, kind=kind, reference=reference, link=link) for person in people.values()], {})


def send_secret_link(person: User, link: str, shown: str) -> Notice:
    """Queue the invitation of one person. The address with the secret goes into the e-mail only; `shown` is stored."""
    _check(NoticeKind.INVITATION, "", shown)
    return _queue([Notice(to=person, kind=NoticeKind.INVITATION, link=shown)], {person.pk: link})[0]


def _check(kind: str, reference: str, link: str) -> None:
    NoticeKind(kind)
    if not REFERENCE.fullmatch(reference):
        raise ValueError("A notice carries a reference such as DHR12, nothing else.")
    if not PATH.fullmatch(link):
        raise ValueError("A notice links to a path within the service, such as /reviews/DHR12/.")


def _queue(notices: list[Notice], secret_links: Mapping[int, str]) -> list[Notice]:
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("Notices are sent from inside a use case, so that they vanish with it.")
    if notices:
        Notice.objects.bulk_create(notices)
        transaction.on_commit(partial(post.hand_over, partial(deliver, notices, secret_links)), robust=True)
    return notices


def deliver(notices: Iterable[Notice], secret_links: Mapping[int, str] | None = None) -> int:
    """Mail these notices now and write down how each fared. Returns how many were sent; no mail fault escapes."""
    notices = list(notices)
    if not notices:
        return 0
    connection = get_connection(fail_silently=False)
    reached = _open(connection)
    for notice in notices:
        _try(notice, (secret_links or {}).get(notice.to_id), connection if reached else None)
    _close(connection)
    lines = [_line(notice) for notice in notices]
    with transaction.atomic(durable=True):
        Notice.objects.bulk_update(notices, ["sent_at", "failed_at", "attempts"])
        log.append(lines)
    return sum(notice.sent_at is not None for notice in notices)


def _open(connection: BaseEmailBackend) -> bool:
    """Whether the mail server answers: asked once, so that a dead server costs one time-out and not one a person."""
    try:
        connection.open()
    except MAIL_FAULTS:  # each notice is written down as failed
        return False
    return True


def _try(notice: Notice, secret_link: str | None, connection: BaseEmailBackend | None) -> None:
    notice.attempts += 1
    try:
        if connection is None:
            raise ConnectionError
        _message(notice, secret_link, connection).send()
    except MAIL_FAULTS:  # one address refused must not keep the others from theirs; the next run tries again
        notice.failed_at = clock.now()
    else:
        notice.sent_at = clock.now()


def _close(connection: BaseEmailBackend) -> None:
    with suppress(*MAIL_FAULTS):  # the server hung up first: what it accepted is sent, what it refused is written down
        connection.close()


def _message(notice: Notice, secret_link: str | None, connection: BaseEmailBackend) -> EmailMessage:
    context = {
        "notice": notice,
        "link": secret_link or settings.DHR_URL.rstrip("/") + notice.link,
        "is_invitation": notice.kind == NoticeKind.INVITATION,
        "partnership": settings.PARTNERSHIP_NAME,
        "team_phone": settings.TEAM_PHONE,
    }
    body = render_to_string("accounts/email/notice.txt", context)
    return EmailMessage(subject=str(notice), body=body, to=[notice.to.email], connection=connection)


def _line(notice: Notice) -> Line:
    event = "notice.sent" if notice.sent_at else "notice.failed"
    return Line(
        event=event, person=None, reference=notice.reference, details={"whom": notice.to_id, "notice": notice.kind}
    )
