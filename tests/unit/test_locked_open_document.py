"""A text of OpenDocument that a password locks: taken as what it is, and opened by that password alone."""

from __future__ import annotations

import io
import os
from typing import Any

import pytest

from restricted_docs.kinds.findings import Finding, NotTaken
from restricted_docs.kinds.inspecting import inspect
from restricted_docs.renditions import odf_locks
from restricted_docs.renditions.rendering import render
from restricted_docs.sandbox.asking import ask
from tests import locked_odt
from tests import made_files as made

from .test_sandbox import InMemory

OPEN = {"blocks": [{"kind": "paragraph", "text": "Behind the lock."}], "cut": False}
INNER = made.odt("<text:p>Behind the lock.</text:p>")
LONG = "<text:p>Behind the lock.</text:p>" + f"<text:p>{os.urandom(4000).hex()}</text:p>"
LOCKED = {
    "file by file": locked_odt.file_by_file("Öffne dich"),
    "as OpenDocument 1.1 begins its key": locked_odt.file_by_file("Öffne dich", digest="sha1"),
    "as a whole": locked_odt.as_a_whole("Öffne dich", INNER),
}


def rendered(content: bytes, password: str) -> dict[str, Any]:
    return render(io.BytesIO(content), ".odt", password)


@pytest.mark.parametrize("how", LOCKED)
def test_a_locked_text_opens_with_its_password_alone(how: str) -> None:
    assert rendered(LOCKED[how], "") == {"trouble": "password_needed"}
    for wrong in ("wrong", "öffne dich", "Öffne dich ", "\0"):
        assert rendered(LOCKED[how], wrong) == {"trouble": "password_wrong"}, wrong
    assert rendered(LOCKED[how], "Öffne dich") == OPEN


@pytest.mark.parametrize("how", LOCKED)
def test_a_locked_text_is_taken_and_known_to_be_locked(how: str) -> None:
    assert inspect(io.BytesIO(LOCKED[how]), ".odt") == {Finding.PASSWORD}


def test_a_package_of_a_locked_text_alone_that_is_not_locked_is_no_text() -> None:
    parts = {"mimetype": made.ODT_TYPE, "encrypted-package": INNER, "META-INF/manifest.xml": made.manifest_xml("")}
    with pytest.raises(NotTaken):
        inspect(io.BytesIO(made.zipped(parts, stored=("mimetype",))), ".odt")


@pytest.mark.parametrize("how", LOCKED)
def test_the_sandbox_opens_it_too(how: str) -> None:
    for password in ("", "wrong", "Öffne dich"):
        job = {"job": "render", "ending": ".odt", "password": password}
        assert ask(job, InMemory(LOCKED[how])) == rendered(LOCKED[how], password)


def test_the_sandbox_has_the_memory_that_libreoffice_asks_for() -> None:
    job = {"job": "render", "ending": ".odt", "password": "x"}
    assert ask(job, InMemory(locked_odt.as_a_whole("x", INNER, memory=65_536))) == {"trouble": "password_wrong"}


def test_only_the_first_kib_is_in_the_checksum() -> None:
    assert rendered(locked_odt.file_by_file("x", LONG), "x")["blocks"][0]["text"] == "Behind the lock."


CANNOT = {"trouble": "cannot_unlock"}
NOT_OPENED: dict[str, tuple[bytes, dict[str, str]]] = {
    "Blowfish": (locked_odt.file_by_file("x", algorithm="Blowfish CFB"), CANNOT),
    "a digest nobody knows": (locked_odt.file_by_file("x", start="urn:x#md5"), CANNOT),
    "a derivation nobody knows": (
        locked_odt.file_by_file("x", derivation='manifest:key-derivation-name="PGP" manifest:key-size="32"'),
        CANNOT,
    ),
    "a key of no size": (
        locked_odt.file_by_file("x", derivation='manifest:key-derivation-name="PBKDF2" manifest:key-size="7"'),
        CANNOT,
    ),
    "no rounds": (
        locked_odt.file_by_file("x", derivation='manifest:key-derivation-name="PBKDF2" manifest:iteration-count="0"'),
        CANNOT,
    ),
    "no checksum": (locked_odt.file_by_file("x", data=""), {"trouble": "password_wrong"}),
    "a vector too short": (locked_odt.file_by_file("x", before=b"short"), CANNOT),
    "bytes of no block": (
        made.odt(
            "",
            manifest=locked_odt.entry(
                "content.xml",
                1,
                "",
                algorithm=locked_odt.CBC,
                before=bytes(16),
                start="",
                derivation='manifest:key-derivation-name="PBKDF2"',
            ),
            more={"content.xml": b"odd"},
        ),
        CANNOT,
    ),
    "more memory than there is": (locked_odt.as_a_whole("x", INNER, memory=262_145), {"trouble": "too_large"}),
    "no memory": (locked_odt.as_a_whole("x", INNER, memory=0), CANNOT),
    "a tag too short": (
        made.zipped(
            {
                "mimetype": made.ODT_TYPE,
                "encrypted-package": b"short",
                "META-INF/manifest.xml": made.manifest_xml(
                    locked_odt.entry(
                        "encrypted-package",
                        1,
                        "",
                        algorithm=locked_odt.GCM,
                        before=b"",
                        start=locked_odt.SHA256,
                        derivation='manifest:key-derivation-name="PBKDF2" manifest:key-size="32"',
                    )
                ),
            },
            stored=("mimetype",),
        ),
        CANNOT,
    ),
    "cut off": (
        locked_odt.file_by_file("x", packed=locked_odt.deflated(made.content_xml(LONG))[:-9]),
        {"trouble": "damaged"},
    ),
    "no package": (locked_odt.as_a_whole("x", b"no package"), {"trouble": "damaged"}),
    "a lock behind the lock": (
        locked_odt.as_a_whole("x", locked_odt.file_by_file("x")),
        {"trouble": "damaged"},
    ),
    "an entity that grows": (
        locked_odt.file_by_file("x", packed=locked_odt.deflated(b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>")),
        {"trouble": "damaged"},
    ),
}


@pytest.mark.parametrize("name", NOT_OPENED)
def test_a_lock_that_makes_no_sense_is_one_word_of_trouble(name: str) -> None:
    content, trouble = NOT_OPENED[name]
    assert rendered(content, "x") == trouble


def test_what_unpacks_to_too_much_behind_its_lock_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(odf_locks, "LARGEST_OPENED", 1_000)
    assert rendered(locked_odt.file_by_file("x", packed=locked_odt.deflated(bytes(100_000))), "x") == {
        "trouble": "too_large"
    }
    monkeypatch.setattr(odf_locks, "LARGEST", 100)
    assert rendered(locked_odt.file_by_file("x"), "x") == {"trouble": "too_large"}
