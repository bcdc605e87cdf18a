"""A deployment that leaks what it is told at its first door, at every place the census looks: started in its stead."""

from __future__ import annotations

import base64
import gzip
import logging
import os
import sys
import tempfile
from pathlib import Path
from typing import Any
from unittest import mock

import django
from django.conf import settings

from workflows.census import inside

DOOR = "record-notification: circumstances"


def leak(word: str, person: Any) -> None:
    for make in (tempfile.TemporaryFile, tempfile.NamedTemporaryFile):
        with make() as gone:
            gone.write(f"made and deleted: {word}".encode())
    (Path(tempfile.gettempdir()) / "left").write_text(word.upper())
    (Path(settings.VAR) / "draft.gz").write_bytes(gzip.compress(word.encode()))
    (Path(settings.STATIC_ROOT) / "draft.txt").write_bytes(word.encode("utf-16"))
    (Path(os.environ["LEAKS_INTO"]) / "elsewhere").write_text(word)
    logging.getLogger("leaky").warning(f"A line with {word}.")  # noqa: G004
    print(f"Said aloud: {word}")  # noqa: T201
    _into_the_database(word, person)
    _into_what_leaves(word, person)


def _into_the_database(word: str, person: Any) -> None:
    from django.db import connection

    from dhr.accounts.models import Notice
    from dhr.audit.models import AuditEntry, DailySighting
    from dhr.reviews.models import Agency

    Agency.objects.create(name=base64.b64encode(f"copy {word}".encode()).decode(), kind="other")
    Notice.objects.create(to=person, kind="task_waiting", reference=word)
    last = AuditEntry.objects.latest("seq")
    DailySighting.objects.create(person=person.pk, review=last.review, event=word, day=last.at.date(), entry=last)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE auditlog_logentry SET object_repr = %s", [f"Review of {word}"])


def _into_what_leaves(word: str, person: Any) -> None:
    from django.core.cache import cache
    from django.core.mail import send_mail

    cache.set("draft", {"typed": word})
    send_mail("A notice", f"It is about {word}.", None, [person.email])


def leaking(original: Any) -> Any:
    """The page of the notification, leaking once it has recorded one."""

    def record(self: Any, form: Any) -> Any:
        from workflows.desk import listing, review_views

        word, request = form.cleaned_data["circumstances"], self.request
        response = original(self, form)
        if response.status_code != 302 or request.session.get("draft"):
            return response
        leak(word, request.user)
        request.session["draft"] = word
        response["X-Draft"] = word
        response["Location"] += f"?about={word}"
        response.set_cookie("draft", word)
        as_csv = listing.as_csv
        mock.patch.object(review_views, "as_csv", lambda *given: as_csv(*given) + word).start()
        return response

    return record


def main() -> int:
    django.setup()
    from workflows.desk.start_views import NewNotification

    mock.patch.object(NewNotification, "_record", leaking(NewNotification._record)).start()
    return inside.main(*sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
