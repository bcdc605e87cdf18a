"""The census finds nothing in the service as it is, finds every leak that is planted, and knows when it proves nothing."""

from __future__ import annotations

import base64
import gzip
import io
import zipfile
import zlib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.census.leaky import DOOR
from workflows.census import doors, inside, scratch
from workflows.census.canaries import BIRTH, UNKNOWN, Canaries
from workflows.census.report import Find, Place, Report, from_json, lines
from workflows.census.scratch import CannotTell
from workflows.census.sieve import Sieve
from workflows.census.words import NOT_TYPED, NOT_WALKED

pytestmark = pytest.mark.xdist_group("census")  # one run of the census for all that look at it
LEAKS = {
    "log lines, at DEBUG": "a line of leaky",
    "statements to the database": "a statement: UPDATE auditlog_logentry SET object_repr = %s",
    "addresses, headers, cookies": "the header X-Draft (record-notification)",
    "pages and files in clear": "the answer of reviews-download",
    "files made and deleted": "the scratch folder/tmp/",
    "rows: auditlog": "auditlog_logentry.object_repr",
    "rows: access log": "audit_daily_sighting.event",
    "rows: notices": "accounts_notice.reference",
    "rows: sessions": "django_session.session_data",
    "rows: every other table": "reviews_agency.name",
    "database files, WAL": "",
    "a backup of the database": "the backup",
    "caches": "the cache default",
    "sessions, decoded": "a session",
    "mail, of errors too": "“A notice”",
    "static, media, stored files": "draft.txt",
    "VAR: keys, papers, checkpoints": "draft.gz",
    "temporary files": "left",
    "files written elsewhere": "elsewhere",
    "standard output and error": "output",
}


@pytest.fixture(scope="module")
def clean() -> Report:
    with scratch.scratch_folder() as folder:
        return scratch.run(folder)


def test_nothing_is_found_in_the_service_as_it_is(clean: Report) -> None:
    assert [(place.name, sorted(place.finds)) for place in clean.places if place.finds] == []
    assert clean.missing == []
    assert clean.is_clean
    assert clean.found == 0


def test_every_place_was_looked_into_and_what_could_not_be_is_named(clean: Report) -> None:
    server = {"database files, WAL"} if connection.vendor == "postgresql" else set()

    assert {place.name for place in clean.places} == set(LEAKS)
    assert [place.name for place in clean.places if not place.searched] == []
    assert {place.name for place in clean.places if place.unseen} == server


def test_every_address_that_takes_a_form_and_every_sealed_field_was_gone_through(clean: Report) -> None:
    assert clean.missing == doors.missing(clean.doors, clean.sealed) == []
    assert {name for name, rows in clean.sealed.items() if not rows} == set(NOT_TYPED)
    assert len(clean.doors) > 90
    assert clean.read_back > clean.planted / 2


def test_a_door_that_nobody_went_through_is_named(clean: Report) -> None:
    answers = {name: given for name, given in clean.doors.items() if name != "suspend"}
    planted = clean.sealed | {"reviews.Suspension.reason": 0}

    assert doors.missing(answers, planted) == [
        "No form was sent to “suspend”: send one in the census, or say why not.",
        "reviews.Suspension.reason held no canary: plant one, or say why not.",
    ]


def test_an_excuse_that_no_longer_holds_is_named(clean: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(NOT_WALKED, "suspend", "no reason")
    monkeypatch.setitem(NOT_WALKED, "gone", "no reason")
    monkeypatch.setitem(NOT_TYPED, "reviews.Suspension.reason", "no reason")

    assert doors.missing(clean.doors, clean.sealed) == [
        "“suspend” is excused, and is gone through.",
        "“gone” is excused, and does not exist.",
        "reviews.Suspension.reason is excused, and held a canary or does not exist.",
    ]


def test_a_leak_at_each_place_is_found_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEAKS_INTO", str(tmp_path))
    with scratch.scratch_folder() as folder:
        report = scratch.run(folder, inside="tests.census.leaky")
    found = {place.name: [find.where for find in place.finds if find.door == DOOR] for place in report.places}

    assert [name for name, where in LEAKS.items() if not any(where in each for each in found[name])] == []
    assert {find.door for place in report.places for find in place.finds} <= {DOOR, UNKNOWN}
    assert not report.is_clean
    headers = next(place for place in report.places if place.name == "addresses, headers, cookies")
    assert {"the header Location (record-notification)", "the cookie draft (record-notification)"} <= {
        find.where for find in headers.finds
    }
    gone = next(place for place in report.places if place.name == "files made and deleted")
    assert len({find.where for find in gone.finds}) >= 2  # with a name, and without one


def zipped(content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", content * 20)
    return file.getvalue()


WRITTEN: dict[str, Any] = {
    "as it is": lambda word: word.encode(),
    "in capitals": lambda word: word.upper().encode(),
    "folded": lambda word: word.casefold().encode(),
    "UTF-16": lambda word: word.encode("utf-16"),
    "UTF-16, big end first": lambda word: f"a {word} b".encode("utf-16-be"),
    "base64, 0 bytes in": lambda word: base64.b64encode(word.encode()),
    "base64, 1 byte in": lambda word: base64.b64encode(f"a{word} and more".encode()),
    "base64, 2 bytes in": lambda word: base64.b64encode(f"ab{word} and more".encode()),
    "base64 of capitals": lambda word: base64.urlsafe_b64encode(f"ab{word.upper()}".encode()),
    "hexadecimal": lambda word: word.encode().hex().encode(),
    "hexadecimal capitals": lambda word: word.encode().hex().upper().encode(),
    "quoted for an address": lambda word: "".join(f"%{ord(letter):02X}" for letter in word).encode(),
    "escaped for JSON": lambda word: "".join(rf"\u{ord(letter):04x}" for letter in word).encode(),
    "zlib": lambda word: b"before" + zlib.compress(word.encode()) + b"after",
    "gzip": lambda word: b"before" + gzip.compress(word.encode()) + b"after",
    "zip": lambda word: b"before" + zipped(word.encode()),
    "a session": lambda word: b"." + base64.urlsafe_b64encode(zlib.compress(word.encode() * 3)).rstrip(b"="),
    "zip in base64 in gzip": lambda word: gzip.compress(base64.b64encode(zipped(word.encode()))),
}


@pytest.mark.parametrize("how", WRITTEN)
def test_a_canary_is_found_however_it_is_written(how: str) -> None:
    canaries = Canaries()
    words = [canaries.word(f"door {number}") for number in range(60)]

    found = Sieve(canaries).sift(b"x" * 99 + WRITTEN[how](words[37]) + b"y" * 99)

    assert {hit.door for hit in found} == {"door 37"}


def test_a_date_of_birth_and_a_word_cut_short_are_found_and_another_runs_words_are_not() -> None:
    canaries, other = Canaries(), Canaries()
    sieve = Sieve(canaries)

    assert {hit.door for hit in sieve.sift(f"born {canaries.born:%-d %B %Y}".encode())} == {BIRTH}
    assert {hit.door for hit in sieve.sift(canaries.word("a door")[:13].encode())} == {UNKNOWN}
    assert sieve.sift(f"{other.word('a door')} {other.stem}".encode()) == set()


def test_it_refuses_every_deployment_that_is_not_scratch(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(inside.NotScratch, match="only under its own settings"):
        inside.check_scratch()
    said = {"SETTINGS_MODULE": inside.SETTINGS, "SCRATCH": tmp_path, "CENSUS_DATABASE": "dhr_census_x"}
    for var, sentence in (
        (tmp_path, "not a fresh folder"),
        (tmp_path.parent / "real", "not a fresh folder"),
        (tmp_path / "var", "database is not one that the census makes"),
    ):
        monkeypatch.setattr(inside, "settings", SimpleNamespace(**said, VAR=var))
        with pytest.raises(inside.NotScratch, match=sentence):
            inside.check_scratch()


def test_its_settings_name_no_real_database_folder_or_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in scratch.environment(tmp_path).items():
        if name.startswith("DHR_"):
            monkeypatch.setenv(name, value)
    from importlib import import_module

    made = import_module(scratch.SETTINGS)
    database = made.DATABASES["default"]

    assert database["NAME"] != connection.settings_dict["NAME"]
    assert database["NAME"] == database["TEST"]["NAME"]
    assert tmp_path in Path(made.VAR).parents
    assert (made.ROOT_KEY, made.KEY_COPY, made.CHECKPOINT_SYSLOG, made.CHECKPOINT_BUCKET) == ("file", "", "", {})
    assert {value for place in made.ROOT_KEY_AT.values() for value in place.values()} == {""}


@pytest.mark.django_db(transaction=True)
def test_a_role_that_may_not_make_a_database_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor == "sqlite":
        inside._may_make_a_database()  # a file needs nobody's leave
        return
    with connection.cursor() as cursor:
        cursor.execute("DROP ROLE IF EXISTS census_nobody")
        cursor.execute("CREATE ROLE census_nobody LOGIN PASSWORD 'invented'")
    monkeypatch.setitem(connection.settings_dict, "USER", "census_nobody")
    monkeypatch.setitem(connection.settings_dict, "PASSWORD", "invented")
    with pytest.raises(inside.NotScratch, match="census_nobody may not create a database"):
        inside._may_make_a_database()


def test_a_census_that_stops_on_its_way_says_nothing_else(tmp_path: Path) -> None:
    (tmp_path / scratch.SAID).mkdir()

    with pytest.raises(CannotTell, match=r"stopped before its end: .*no_such_module"):
        scratch.run(tmp_path, inside="workflows.census.no_such_module")


def a_report(*places: Place, missing: tuple[str, ...] = ()) -> Report:
    return Report(list(places), {"suspend": [302]}, {}, planted=2, read_back=1, missing=list(missing))


LEAK = Place("caches", {"entries": 3}, {Find("suspend: reason", "the cache default", "UTF-8")})
CLEAN = Place("caches", {"entries": 1_234})
UNSEEN = Place("database files", unseen=["They are on another machine."])


@pytest.mark.parametrize(
    ("report", "code", "sentence"),
    [
        (a_report(CLEAN), 0, "No plaintext was found in any of the 1 places that were searched."),
        (a_report(CLEAN, UNSEEN), 0, "1 thing could not be looked into"),
        (a_report(LEAK), 1, "what was planted at “suspend: reason” stands in the cache default (UTF-8)"),
        (a_report(CLEAN, missing=("No form was sent to “undo”.",)), 1, "this proves nothing"),
        (a_report(UNSEEN), 1, "NOT LOOKED INTO: database files: They are on another machine."),
    ],
)
def test_the_command_says_what_was_found_and_its_exit_code_tells(
    report: Report, code: int, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = io.StringIO()
    monkeypatch.setattr(scratch, "run", lambda *_, **__: from_json(report.as_json()))
    ended = 0
    try:
        call_command("plaintext_census", stdout=out)
    except SystemExit as end:
        ended = int(str(end.code))

    assert (ended, sentence in out.getvalue()) == (code, True), out.getvalue()


def test_a_place_that_was_not_looked_into_is_never_counted_as_clean() -> None:
    row = next(line for line in lines(a_report(CLEAN, UNSEEN)) if line.startswith("database files"))

    assert row.endswith("not looked into")


def test_the_command_says_why_it_cannot_tell(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def stops(*_: Any, **__: Any) -> Report:
        raise CannotTell("The role may not.")

    monkeypatch.setattr(scratch, "run", stops)
    with pytest.raises(CommandError, match="The role may not"):
        call_command("plaintext_census", stdout=io.StringIO())


def test_what_is_kept_is_left_and_what_is_not_is_gone() -> None:
    with scratch.scratch_folder() as gone:
        assert gone.stat().st_mode & 0o077 == 0
    with scratch.scratch_folder(keep=True) as kept:
        pass

    assert (gone.exists(), kept.exists()) == (False, True)
    for folder in ("tmp", scratch.SAID):
        (kept / folder).rmdir()
    kept.rmdir()
