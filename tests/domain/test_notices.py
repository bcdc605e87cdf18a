"""Notices: rows with the change, e-mail after it, a fixed sentence, a reference and a link - and nothing else."""

from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.db import transaction

from dhr import clock
from dhr.accounts import invitations, notices
from dhr.accounts.models import Notice, NoticeKind, User
from dhr.accounts.models.notices import KIND_NAMES, SENTENCES
from dhr.audit.models import AuditEntry
from dhr.usecase import record, use_case

pytestmark = pytest.mark.django_db


class BrokenServer(EmailBackend):
    """Does not answer at all."""

    asked = 0

    def open(self) -> bool:
        type(self).asked += 1
        raise ConnectionRefusedError


class FussyServer(EmailBackend):
    """Refuses one address."""

    def send_messages(self, messages: Any) -> int:
        if any("bea@" in address for message in messages for address in message.to):
            raise OSError("550")
        return super().send_messages(messages)


def somebody(name: str, **fields: Any) -> User:
    return User.objects.create_user(f"{name.lower()}@example.org", name, **fields)


@pytest.fixture
def two() -> list[User]:
    return [somebody("Ann"), somebody("Bea")]


@pytest.fixture
def commit(django_capture_on_commit_callbacks: Any) -> Callable[[], Any]:
    return lambda: django_capture_on_commit_callbacks(execute=True)


@use_case(None)
def step(subject: Any, *, by: Any, fails: bool = False, **notice: Any) -> list[Notice]:
    sent = notices.send(**notice)
    record("account.created", whom=1)
    if fails:
        raise RuntimeError("the step failed after its notices")
    return sent


def test_a_notice_is_stored_with_the_step_and_mailed_after_it(two: list[User], commit: Any, settings: Any) -> None:
    with commit():
        step(None, by=two[0], kind="task_waiting", to=two, reference="DHR12", link="/reviews/DHR12/")
        assert mail.outbox == []
    assert [message.to for message in mail.outbox] == [["ann@example.org"], ["bea@example.org"]]
    message = mail.outbox[0]
    assert message.subject == "DHR12: A task is waiting for you"
    assert f"{settings.DHR_URL}/reviews/DHR12/" in message.body
    assert Notice.objects.sent().count() == 2
    sent = AuditEntry.objects.filter(event="notice.sent")
    assert {entry.reference for entry in sent} == {"DHR12"}
    assert sent.count() == 2


def test_a_step_that_fails_takes_its_notices_with_it(two: list[User], commit: Any) -> None:
    with commit(), pytest.raises(RuntimeError, match="failed after"):
        step(None, by=two[0], fails=True, kind="task_waiting", to=two, reference="DHR12")
    assert not Notice.objects.exists()
    assert mail.outbox == []


def test_a_dead_mail_server_does_not_stop_the_step_and_is_asked_once(
    two: list[User], commit: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BrokenServer, "asked", 0)
    settings.EMAIL_BACKEND = f"{__name__}.BrokenServer"
    with commit():
        step(None, by=two[0], kind="suspended", to=two, reference="DHR12")
    assert Notice.objects.failed().count() == 2
    assert set(Notice.objects.values_list("attempts", flat=True)) == {1}
    assert BrokenServer.asked == 1
    assert AuditEntry.objects.filter(event="notice.failed").count() == 2


def test_one_refused_address_does_not_keep_the_others_from_theirs(two: list[User], commit: Any, settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.FussyServer"
    with commit():
        step(None, by=two[0], kind="suspended", to=[two[1], two[0]], reference="DHR12")
    assert [notice.to.name for notice in Notice.objects.sent()] == ["Ann"]
    assert [notice.to.name for notice in Notice.objects.failed()] == ["Bea"]


def test_what_failed_is_sent_by_the_command(two: list[User], commit: Any, settings: Any) -> None:
    works, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.BrokenServer"
    with commit():
        step(None, by=two[0], kind="suspended", to=two, reference="DHR12")
    with pytest.raises(CommandError, match="0 of 2"):
        call_command("send_notices")
    settings.EMAIL_BACKEND = works
    said = StringIO()
    call_command("send_notices", stdout=said)
    assert "2 notices" in said.getvalue()
    assert set(Notice.objects.sent().values_list("attempts", flat=True)) == {3}
    call_command("send_notices", stdout=said)
    assert len(mail.outbox) == 2


def test_the_command_leaves_alone_what_a_request_may_be_sending_now(two: list[User]) -> None:
    step(None, by=two[0], kind="suspended", to=two[:1], reference="DHR12")  # its on_commit never ran
    assert not Notice.objects.to_try_again().exists()
    with clock.at(clock.now() + timedelta(minutes=6)):
        assert Notice.objects.to_try_again().count() == 1


def test_people_whose_account_has_ended_get_nothing(two: list[User]) -> None:
    gone = somebody("Gil", is_active=False, deactivated_at=clock.now())
    expired = somebody("Eve", expires_on=date(2020, 1, 1))
    invited = somebody("Nia", is_active=False)
    sent = step(None, by=two[0], kind="appointed", to=[two[0], two[0], gone, expired, invited], reference="DHR1")
    assert [notice.to.name for notice in sent] == ["Ann", "Nia"]


@pytest.mark.parametrize(
    "notice",
    [
        {"kind": "gossip"},
        {"kind": "suspended", "reference": "Jane Doe"},
        {"kind": "suspended", "reference": "DHR12\nBcc: x"},
        {"kind": "suspended", "link": "https://elsewhere.example"},
        {"kind": "suspended", "link": "//elsewhere.example"},
        {"kind": "suspended", "link": "/people/?q=Jane"},
    ],
)
def test_a_notice_carries_a_code_and_a_path_and_nothing_else(two: list[User], notice: dict[str, str]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - three kinds of fault, one promise
        step(None, by=two[0], to=two, **notice)
    assert not Notice.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_notice_is_not_sent_outside_a_use_case() -> None:
    ann = somebody("Ann")
    with pytest.raises(RuntimeError, match="inside a use case"):
        notices.send("suspended", to=[ann])


@pytest.mark.django_db(transaction=True)
def test_notices_are_mailed_by_the_commit_itself() -> None:
    ann = somebody("Ann")
    step(None, by=ann, kind="resumed", to=[ann], reference="DHR12")
    assert [message.subject for message in mail.outbox] == ["DHR12: The review goes on again"]
    assert list(AuditEntry.objects.order_by("seq").values_list("event", flat=True)) == [
        "account.created",
        "notice.sent",
    ]


def test_the_secret_link_of_an_invitation_is_mailed_and_not_stored(commit: Any) -> None:
    with commit():
        invitation = invitations.invite(None, by=None, email="nia@example.org", name="Nia")
    assert invitation.link in mail.outbox[0].body
    secret = invitation.link.rstrip("/").rpartition("/")[2]
    assert secret not in str(list(Notice.objects.values()))
    assert secret not in str(list(AuditEntry.objects.values()))


def test_a_failed_invitation_is_not_tried_again_without_its_link(commit: Any, settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.BrokenServer"
    with commit():
        invitations.invite(None, by=None, email="nia@example.org", name="Nia")
    assert Notice.objects.failed().count() == 1
    assert not Notice.objects.to_try_again().exists()


def test_every_kind_has_its_sentence_and_its_name() -> None:
    assert set(SENTENCES) == set(KIND_NAMES) == set(NoticeKind)


def test_many_notices_take_as_many_queries_as_one(two: list[User], django_assert_num_queries: Any) -> None:
    crowd = two + [somebody(f"P{number}") for number in range(20)]
    with transaction.atomic(), django_assert_num_queries(1):
        notices.send("stage_changed", to=crowd, reference="DHR12")
