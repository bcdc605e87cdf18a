"""In the web server nobody waits for the mail server; and no mail is lost with the thread that sends it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from dhr.access import grants
from dhr.accounts import notices, post
from dhr.accounts.models import Notice, User
from dhr.audit.models import AuditEntry
from dhr.usecase import record, use_case

pytestmark = pytest.mark.django_db(transaction=True)


class SlowServer(EmailBackend):
    """Answers only when the test lets it."""

    answers = threading.Event()

    def send_messages(self, messages: Any) -> int:
        assert self.answers.wait(30)
        return super().send_messages(messages)


@use_case(None)
def step(subject: Any, *, by: Any, to: list[User]) -> None:
    notices.send("task_waiting", to=to, reference="DHR12")
    record("account.created", whom=1)


@pytest.fixture
def ann(transactional_db: None) -> Iterator[User]:
    grants.forget_permission_ids()
    yield User.objects.create_user("ann@example.org", "Ann")
    grants.forget_permission_ids()


@pytest.fixture
def behind() -> Iterator[None]:
    post.leave_behind()
    yield
    post.at_once()


def test_a_step_does_not_wait_for_a_slow_mail_server(ann: User, behind: None, settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.SlowServer"
    SlowServer.answers.clear()
    step(None, by=ann, to=[ann])
    assert Notice.objects.waiting().count() == 1
    assert mail.outbox == []
    SlowServer.answers.set()
    post.at_once()
    assert Notice.objects.sent().count() == 1
    assert [message.to for message in mail.outbox] == [["ann@example.org"]]
    assert AuditEntry.objects.filter(event="notice.sent").count() == 1


def test_mail_that_cannot_be_written_down_is_told_and_stays_in_the_outbox(
    ann: User, behind: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def no_log(*_: Any) -> None:
        raise RuntimeError("the log is gone")

    step(None, by=ann, to=[])
    monkeypatch.setattr(notices.log, "append", no_log)
    with caplog.at_level(logging.ERROR, "dhr.accounts.post"):
        post.hand_over(lambda: notices.deliver([Notice.objects.create(to=ann, kind="task_waiting")]))
        post.at_once()
    assert "send_notices" in caplog.text
    assert Notice.objects.waiting().count() == 1


def test_elsewhere_the_mail_leaves_before_the_work_goes_on(ann: User) -> None:
    step(None, by=ann, to=[ann])
    assert Notice.objects.sent().count() == 1
