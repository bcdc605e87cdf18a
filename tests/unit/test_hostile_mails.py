"""Mails as gateways, careless programs and people who mean harm make them: every word that was said is shown, nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from restricted_docs.sandbox.asking import ask

from .test_sandbox import InMemory

HEAD = b"From: a@example.org\r\n"
PLAIN, HTML = b"Content-Type: text/plain\r\n\r\n", b"Content-Type: text/html\r\n\r\n"


def made_of(kind: bytes, *parts: bytes) -> bytes:
    inner = b"".join(b"--x\r\n" + part + b"\r\n" for part in parts)
    return b"Content-Type: multipart/" + kind + b"; boundary=x\r\n\r\n" + inner + b"--x--\r\n"


def shown(mail: bytes) -> list[dict[str, Any]]:
    """What the sandbox shows of it, behind its head."""
    answer = ask({"job": "render", "ending": ".eml", "password": ""}, InMemory(HEAD + mail))
    blocks: list[dict[str, Any]] = answer["blocks"]
    return blocks


def words(mail: bytes) -> list[str]:
    return [block["text"] for block in shown(mail) if "text" in block]


def test_what_a_gateway_adds_does_not_stand_in_for_the_mail() -> None:
    parts = HTML + b"<p>The account of the agency.", PLAIN + b"Scanned by the gateway."
    assert words(made_of(b"mixed", *parts)) == ["The account of the agency.", "Scanned by the gateway."]


def test_of_several_ways_to_say_the_same_the_plain_one_is_shown_unless_it_is_empty() -> None:
    html = HTML + b"<p>as a page"
    assert words(made_of(b"alternative", PLAIN + b"as text", html)) == ["as text"]
    assert words(made_of(b"alternative", PLAIN + b" \r\n", html)) == ["as a page"]
    assert words(made_of(b"alternative", PLAIN + b"", PLAIN + b"")) == []


def test_what_is_attached_to_one_of_several_ways_is_listed_whichever_is_shown() -> None:
    related = made_of(b"related", HTML + b"<p>as a page", b"Content-Type: image/png; name=a.png\r\n\r\nx")
    related = related.replace(b"boundary=x", b"boundary=y").replace(b"--x", b"--y")
    found = shown(made_of(b"alternative", PLAIN + b"as text", related))
    assert [block["kind"] for block in found] == ["facts", "paragraph", "attachments"]


@pytest.mark.parametrize(
    "markup",
    [
        b"<html><head><meta charset=utf-8><body><p>Hello</p></body></html>",
        b"<svg><p>Hello",
        b"<object data=x><p>Hello",
        b"<noscript>Hello</noscript>",
    ],
)
def test_a_page_cannot_keep_from_a_reader_what_its_receiver_saw(markup: bytes) -> None:
    assert words(HTML + markup) == ["Hello"]


@pytest.mark.parametrize(
    "name", [b"idna", b"a\0b", b"cp037", b"zlib", b"undefined", b"unicode-escape", b"../../etc/passwd"]
)
def test_no_way_of_writing_keeps_a_mail_from_being_shown(name: bytes) -> None:
    subject = b"Subject: =?" + name + b"?q?=FFa?=\r\n"
    assert words(subject + PLAIN + b"Hello") == ["Hello"]
    assert words(b"Content-Type: text/plain; charset=" + name + b"\r\n\r\n" + b"a" * 300) == ["a" * 300]
    assert words(b"Content-Type: text/plain; charset*=" + name + b"''%41\r\n\r\nHello") == ["Hello"]
    attached = b"Content-Type: application/x-a; name*=" + name + b"''%C1\r\n\r\nHello"
    assert shown(made_of(b"mixed", PLAIN + b"Hello", attached))[2] == {"kind": "attachments", "files": [["", 5]]}


def test_a_mail_inside_that_nobody_can_write_down_again_is_still_attached() -> None:
    inner = b"Content-Type: message/rfc822\r\n\r\nSubject: caf\xe9\r\n\r\nh\xe9llo \xff"
    found = shown(made_of(b"mixed", PLAIN + b"Hello", inner))
    assert [block["kind"] for block in found] == ["facts", "paragraph", "attachments"]
