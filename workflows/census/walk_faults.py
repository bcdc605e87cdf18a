"""What goes wrong: passwords mistyped, sessions ended, forged forms, views that break, and mail that is refused."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from unittest.mock import patch

from django.core.management import CommandError, call_command

from workflows import engine, starting

from .people import PASSWORD
from .post import posted
from .walk import Walk

LINK = re.compile(r"/invitation/([A-Za-z0-9_-]+)/")
TUS = {"Tus-Resumable": "1.0.0"}


def walk(it: Walk) -> None:
    for chapter in (at_the_door, invited, broken, forged, ended, in_parts, afterwards):
        chapter(it)


def at_the_door(it: Walk) -> None:
    """A password typed wrong, one typed into the wrong box, and a name where nobody is known."""
    officer, word = it.people.officer, it.word
    wrong = {"login": officer.email, "password": word("sign-in: a wrong password")}
    it.browsers.post(None, "sign-in", data=wrong, expect=(200, 422))
    swapped = {"login": word("sign-in: a password in the wrong box"), "password": "x"}
    it.browsers.post(None, "sign-in", data=swapped, expect=(200, 422))
    unknown = {"login": f"{word('sign-in: an address nobody has')}@example.org", "password": "x"}
    it.browsers.post(None, "sign-in", data=unknown, expect=(200, 422))
    lost = {"email": f"{word('account_reset_password: an address nobody has')}@example.org"}
    it.browsers.post(None, "account_reset_password", data=lost)
    fresh = it.browsers.new_client()
    right = {"login": officer.email, "password": PASSWORD}
    it.browsers.post(None, "sign-in", data=right, client=fresh)
    again = {"password": word("account_reauthenticate: a wrong password")}
    it.browsers.post(None, "account_reauthenticate", data=again, client=fresh, expect=(200, 302, 422))
    it.browsers.post(None, "sign-out", client=fresh)


def invited(it: Walk) -> None:
    """Somebody chooses a password; only its hash stays."""
    it.send(it.people.administrator, "invite", name="Noor Newcomer", email="noor@example.org")
    it.settle()
    token = LINK.findall(b"".join(posted).decode().replace("=\n", ""))[-1]
    fresh = it.browsers.new_client()
    it.browsers.get(None, "invitation", token, client=fresh, expect=(302,))
    chosen = {"password": it.word("accept-invitation: the password chosen")}
    it.browsers.post(None, "accept-invitation", data=chosen, client=fresh)


def broken(it: Walk) -> None:
    """A view breaks with the form's words in its hands, in its own variables, and in what the error says."""
    officer = it.people.officer
    with _breaks(starting, "record_notification", it.word("an error: what it says")):
        filled = {"channel": "email", "death_date_kind": "not_known", "manner": "homicide", "relationship": "intimate"}
        it.send(
            officer,
            "record-notification",
            door="record-notification, when it breaks",
            expect=(500,),
            notified_on=it.today,
            media_interest="no",
            **filled,
        )
    with _breaks(engine, "complete", it.word("an error: what it says of a task")):
        it.task(officer, "keep_in_touch", sure="on", expect=(500,))
    it.browsers.get(officer, "review-details", it.review.pk)


@contextmanager
def _breaks(module: Any, name: str, word: str) -> Iterator[None]:
    """This use case raises, with a word in the error and in its own variables."""

    def breaking(*args: Any, **facts: Any) -> None:
        in_hand = {"word": word, "facts": facts}
        raise RuntimeError(f"It broke with {in_hand['word']} in hand.")

    with patch.object(module, name, breaking):
        yield


def forged(it: Walk) -> None:
    """A form without its token, and one whose address does not exist."""
    officer = it.people.officer
    strict = it.browsers.new_client(enforce_csrf_checks=True)
    strict.force_login(officer, backend="dhr.accounts.backends.SignInBackend")
    typed = {"learning": it.word("a forged form")}
    it.browsers.post(None, "add-learning", it.review.pk, data=typed, client=strict, expect=(403, 401))
    stranger = it.people.administrator
    it.browsers.post(
        stranger, "add-learning", it.review.pk, data={"learning": it.word("a refused form")}, expect=(403, 404)
    )


def ended(it: Walk) -> None:
    """A form that arrives when nobody is signed in any more comes back to be sent again, and is kept nowhere."""
    fresh = it.browsers.new_client()
    origin = it.browsers.origin()
    typed = {"learning": it.word("a form sent after the session ended")}
    it.browsers.post(
        None, "add-learning", it.review.pk, data=typed, client=fresh, headers={"Origin": origin}, expect=(401, 302)
    )


def in_parts(it: Walk) -> None:
    """A paper that arrives in parts: one that stays unfinished, and one that is whole."""
    officer, review = it.people.officer, it.review
    whole = it.pdf("file-document, in parts")
    called = b64encode(it.word("file-document, in parts: name of the file").encode() + b".pdf").decode()
    for ends in (len(whole) // 2, len(whole)):
        begin = TUS | {"Upload-Length": str(len(whole)), "Upload-Metadata": f"filename {called}"}
        door = "file-document, in parts"
        begun = it.browsers.post(officer, "file-document", review.pk, headers=begin, door=door, expect=(201,))
        here = begun.headers["Location"]
        part = TUS | {"Upload-Offset": "0"}
        it.browsers.patch(officer, "arriving-upload", here, whole[:ends], headers=part)


def afterwards(it: Walk) -> None:
    """What an administrator runs from the shell, while canaries stand in the tables."""
    it.settle()
    with suppress(CommandError):  # some mail is still refused
        call_command("send_notices")
    call_command("ship_checkpoint")
    call_command("verify_access_log")
