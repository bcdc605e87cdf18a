"""Checkpoints leave the database: to a file, a syslog server, people and a bucket, each whatever becomes of the others."""

import base64
import logging
import os
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import md5, sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.core.management.base import CommandError

from dhr import clock
from dhr.audit import bucket, checkpoints, shipping, targets
from dhr.audit.models import LogHead
from dhr.audit.testing import reset_log
from dhr.audit.verify import verify
from tests.domain.exported import NOON, write

KEY_ID, SECRET = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"


@pytest.fixture
def folder(transactional_db: None, settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.VAR = tmp_path
    checkpoints.make_signing_key()
    reset_log()
    yield tmp_path
    targets.wait()
    reset_log()


class Bucket(BaseHTTPRequestHandler):
    """Takes one object at a time, as S3 would; answers what `answer` says."""

    def do_PUT(self) -> None:
        server: Any = self.server
        body = self.rfile.read(int(self.headers["content-length"]))
        server.got.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(server.answer)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Quiet."""


@pytest.fixture
def s3(settings: Any) -> Iterator[Any]:
    server: Any = HTTPServer(("127.0.0.1", 0), Bucket)
    server.got, server.answer = [], 200
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}/checkpoints/of the log"
    settings.CHECKPOINT_BUCKET = {"url": url, "region": "eu-west-2", "key_id": KEY_ID, "secret": SECRET, "days": 30}
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def syslog() -> Iterator[tuple[str, Any]]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(10)

        def received() -> str:
            connection, _ = server.accept()
            with connection, connection.makefile() as stream:
                return stream.read()

        yield f"tcp://127.0.0.1:{server.getsockname()[1]}", received


def last_line() -> str:
    return shipping.shipping_file().read_text().splitlines()[-1]


# ---------------------------------------------------------------------------------------------------------- on demand
def test_on_demand_it_goes_to_every_target_at_once(folder: Path, settings: Any, s3: Any, syslog: Any) -> None:
    settings.CHECKPOINT_SYSLOG, received = syslog
    settings.CHECKPOINT_EMAIL = ["ida@example.org", "kofi@example.org"]
    write(1)
    targets.wait()
    received()
    mail.outbox.clear()
    s3.got.clear()
    words = StringIO()
    with clock.at(NOON + timedelta(hours=3)):
        call_command("ship_checkpoint", stdout=words)
    line = last_line()
    assert line.startswith("2026-03-02T15:00:00Z ")
    assert received() == f"<85>1 2026-03-02T15:00:00Z {socket.gethostname()} dhr - checkpoint - {line}\n"
    assert [message.to for message in mail.outbox] == [["ida@example.org"], ["kofi@example.org"]]
    assert all(line in message.body and message.subject.endswith("at line 1") for message in mail.outbox)
    assert [body.decode() for _, _, body in s3.got] == [f"{line}\n"]
    for name in ("checkpoints.log", "the syslog server", "by e-mail", "the bucket", checkpoints.fingerprint()):
        assert name in words.getvalue()


def test_a_target_that_fails_stops_no_other_and_is_named(
    folder: Path, settings: Any, s3: Any, caplog: pytest.LogCaptureFixture
) -> None:
    write(1)
    targets.wait()
    s3.got.clear()
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.CHECKPOINT_SYSLOG = f"tcp://127.0.0.1:{server.getsockname()[1]}"
    settings.CHECKPOINT_EMAIL = ["ida@example.org"]
    words = StringIO()
    with caplog.at_level(logging.ERROR), pytest.raises(CommandError, match="to the syslog server") as refused:
        call_command("ship_checkpoint", stdout=words)
    assert refused.value.returncode == 1
    assert "the bucket" in words.getvalue()
    assert (len(mail.outbox), len(s3.got)) == (1, 1)
    assert "could not be shipped to the syslog server" in caplog.text


def test_a_file_that_cannot_be_written_stops_no_other(folder: Path, settings: Any) -> None:
    write(1)
    mail.outbox.clear()
    settings.CHECKPOINT_EMAIL = ["ida@example.org"]
    shipping.shipping_file().unlink()
    shipping.shipping_file().mkdir()
    with pytest.raises(CommandError, match=r"the file checkpoints\.log"):
        call_command("ship_checkpoint", stdout=StringIO())
    assert len(mail.outbox) == 1
    shipping.shipping_file().rmdir()


def test_one_bad_address_stops_no_other_person(folder: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    write(1)
    settings.CHECKPOINT_EMAIL = ["bad@example.org", "ida@example.org"]
    sent: list[str] = []

    def send(message: Any) -> None:
        if message.to == ["bad@example.org"]:
            raise OSError("refused")
        sent.extend(message.to)

    monkeypatch.setattr("dhr.audit.targets.EmailMessage.send", send)
    with pytest.raises(CommandError, match=r"by e-mail \(1 of 2 messages could not be sent\)"):
        call_command("ship_checkpoint", stdout=StringIO())
    assert sent == ["ida@example.org"]


def test_a_head_that_the_key_did_not_sign_is_not_shipped(folder: Path) -> None:
    write(1)
    LogHead.objects.update(checkpoint=LogHead.objects.get().checkpoint.replace("\n1\n", "\n2\n"))
    with pytest.raises(CommandError, match="not signed by the log's key"):
        call_command("ship_checkpoint", stdout=StringIO())


# ------------------------------------------------------------------------------------------------ at the change of hour
def test_at_each_change_of_hour_it_goes_out_behind_the_request(
    folder: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CHECKPOINT_EMAIL = ["ida@example.org"]
    names: list[str] = []
    send = targets.send
    monkeypatch.setattr(targets, "send", lambda line: names.append(threading.current_thread().name) or send(line))
    for minutes in (0, 20, 59, 60, 61):
        write(1, at=NOON + timedelta(minutes=minutes))
    targets.wait()
    assert len(mail.outbox) == 2
    assert names == ["checkpoints_0"] * 2
    assert [message.body.split("\n")[4].split(" ")[2] for message in mail.outbox] == ["1", "4"]


def test_what_another_process_has_shipped_in_this_hour_is_not_shipped_again(folder: Path, settings: Any) -> None:
    settings.CHECKPOINT_EMAIL = ["ida@example.org"]
    write(1, at=NOON)
    shipping.forget_hour()  # as another process, which has not shipped yet
    write(1, at=NOON + timedelta(minutes=5))
    targets.wait()
    assert len(mail.outbox) == 1
    assert len(shipping.shipping_file().read_text().splitlines()) == 1


def test_the_hour_is_written_in_utc_whatever_the_clock_says(folder: Path) -> None:
    from zoneinfo import ZoneInfo

    write(1, at=datetime(2026, 7, 1, 9, 30, tzinfo=ZoneInfo("Europe/London")))
    assert last_line().startswith("2026-07-01T08:30:00Z ")


def test_a_target_that_is_down_loses_nothing_but_its_copy(folder: Path, settings: Any, s3: Any) -> None:
    s3.answer = 503
    write(1, at=NOON)
    targets.wait()
    assert len(s3.got) == 1
    assert len(shipping.shipping_file().read_text().splitlines()) == 1


# ----------------------------------------------------------------------------------------------------------- the bucket
def test_an_object_is_put_under_a_lock_and_signed(folder: Path, s3: Any) -> None:
    now = datetime(2026, 3, 2, 12, tzinfo=UTC)
    line = "2026-03-02T12:00:00Z log.example/access-log 7 root signature\n"
    with clock.at(now):
        bucket.put(line)
    ((path, headers, body),) = s3.got
    assert path == f"/checkpoints/of%20the%20log/2026-03-02T120000Z-7-{sha256(body).hexdigest()[:8]}.txt"
    assert body.decode() == line
    assert headers["x-amz-object-lock-mode"] == "COMPLIANCE"
    assert headers["x-amz-object-lock-retain-until-date"] == "2026-04-01T12:00:00Z"
    assert headers["content-md5"] == base64.b64encode(md5(body, usedforsecurity=False).digest()).decode()
    assert headers["x-amz-content-sha256"] == sha256(body).hexdigest()
    assert headers["authorization"].startswith(
        f"AWS4-HMAC-SHA256 Credential={KEY_ID}/20260302/eu-west-2/s3/aws4_request, SignedHeaders=content-md5;content-type;"
    )
    named = headers["authorization"].partition("SignedHeaders=")[2].partition(",")[0].split(";")
    told = {name: headers[name] for name in named if name not in {"host", "x-amz-date"}}
    again = bucket.sign(
        *("PUT", headers["host"], "/checkpoints/of the log" + path.rpartition("log")[2], told, body),
        credentials=bucket.Credentials(KEY_ID, SECRET, "eu-west-2"),
        service="s3",
        now=now,
    )
    assert again["authorization"] == headers["authorization"]


@pytest.mark.parametrize("status", [301, 400, 403, 500])
def test_a_bucket_that_does_not_take_it_is_an_error(folder: Path, s3: Any, status: int) -> None:
    s3.answer = status
    with pytest.raises(OSError, match=str(status)):
        bucket.put("2026-03-02T12:00:00Z log.example/access-log 7 root signature\n")


def test_the_signature_is_that_of_the_published_example() -> None:
    """`get-vanilla` of the test suite that AWS publishes for Signature Version 4."""
    signed = bucket.sign(
        *("GET", "example.amazonaws.com", "/", {}, b""),
        credentials=bucket.Credentials(KEY_ID, SECRET, "us-east-1"),
        service="service",
        now=datetime(2015, 8, 30, 12, 36, tzinfo=UTC),
    )
    assert signed["authorization"].endswith("5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")


def test_syslog_over_udp_and_by_a_socket_on_this_machine(folder: Path, settings: Any) -> None:
    line = "2026-03-02T12:00:00Z log.example/access-log 7 root signature\n"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        settings.CHECKPOINT_SYSLOG = f"udp://127.0.0.1:{udp.getsockname()[1]}"
        assert targets.send(line) == {"the syslog server": None}
        assert udp.recv(1_000).decode().endswith(line.rstrip())
    path = str(folder / "log")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as local:
        local.bind(path)
        settings.CHECKPOINT_SYSLOG = path
        assert targets.send(line) == {"the syslog server": None}
        assert local.recv(1_000).decode().startswith("<85>1 2026-03-02T12:00:00Z ")


def test_a_full_disk_or_a_power_cut_leaves_no_line_that_spoils_the_next(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A torn line would say for ever after that the log is not whole."""
    write(1, NOON)
    before = shipping.shipping_file().read_bytes()
    with monkeypatch.context() as disk:
        real = os.write
        disk.setattr(os, "write", lambda handle, content: real(handle, content[:40]))
        with pytest.raises(CommandError, match=r"the file checkpoints\.log"):
            call_command("ship_checkpoint", stdout=StringIO())
    assert shipping.shipping_file().read_bytes() == before
    with shipping.shipping_file().open("ab") as torn:
        torn.write(before[:60])
    call_command("ship_checkpoint", stdout=StringIO())
    assert len(shipping.shipping_file().read_bytes().splitlines()) == 2
    assert verify().whole


def test_a_file_of_checkpoints_that_is_none_is_told_in_a_sentence(folder: Path) -> None:
    write(1, NOON)
    shipping.shipping_file().write_bytes(b"\xff\xfe\0\n")
    assert verify().sentence == "The access log is not whole: line 1 of the shipped checkpoints is not whole."
    shipping.shipping_file().unlink()
    shipping.shipping_file().mkdir()
    told = verify().sentence
    shipping.shipping_file().rmdir()
    assert told == "The access log cannot be checked: the file of the shipped checkpoints cannot be read."
