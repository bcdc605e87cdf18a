"""The auditor's pages: who may, what they show and never show, and that each look is written down first."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import include, path, reverse

from dhr import clock
from dhr.access.roles import Standing
from dhr.accounts import menu as accounts_menu
from dhr.accounts.models import StandingRole, User
from dhr.audit import checkpoints, log, menu, shipping, triggers
from dhr.audit.events import EVENTS, Kind
from dhr.audit.line import Line
from dhr.audit.models import THE_HEAD, AuditEntry, LogHead
from dhr.audit.views import export, pages
from dhr.audit.vocabulary import KIND_NAMES, in_a_list
from dhr.govuk import navigation

urlpatterns = [path("", include("dhr.accounts.urls")), path("", include("dhr.audit.urls"))]
handler404 = "dhr.accounts.views.faults.not_found"

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

REVIEW = UUID("0b5c1c5e-3f0e-4f4e-9a43-0d3f6f3a1c2d")
OTHER = UUID("1b5c1c5e-3f0e-4f4e-9a43-0d3f6f3a1c2d")
PAPER = "8f1e6a52-7e0b-4a55-9d54-0c4f3f0a9b11"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
JUNE = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)  # 1 July in London


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.VAR = tmp_path
    checkpoints.make_signing_key()
    shipping.forget_hour()
    monkeypatch.setattr(navigation, "_contributions", [accounts_menu.items, menu.items])  # whose addresses are above


def person(name: str, *roles: Standing, **fields: Any) -> User:
    made = User.objects.create_user(f"{name.lower()}@example.org", f"{name} Example", **fields)
    for role in roles:
        StandingRole.objects.create(user=made, role=role, starts_on="2020-01-01")
    return made


@pytest.fixture
def olu() -> User:
    return person("Olu", Standing.COMMUNITY_SAFETY_OFFICER)


@pytest.fixture
def rowan() -> User:
    return person("Rowan", is_active=False)  # people who left are still named


@pytest.fixture
def aud() -> User:
    return person("Aud", Standing.AUDITOR)


@pytest.fixture
def auditor(aud: User) -> Iterator[Client]:
    client = Client()
    client.force_login(aud)
    return client  # type: ignore[return-value]


def write(*lines: Line, at: datetime = NOON) -> list[AuditEntry]:
    with clock.at(at), transaction.atomic():
        return log.append(lines)


def viewed(who: User, reference: str = "DHR12", review: UUID = REVIEW, **more: Any) -> Line:
    return Line(event="review.viewed", person=who.pk, review=review, reference=reference, **more)


def opened(who: User, **more: Any) -> Line:
    return Line(
        event="document.opened", person=who.pk, review=REVIEW, reference="DHR12",
        object="document", object_id=PAPER, version=2, details={"page": 3}, **more,
    )  # fmt: skip


def invited(who: User, whom: User) -> Line:
    return Line(event="account.invited", person=who.pk, details={"whom": whom.pk})


def shown(answer: Any) -> list[int]:
    """The numbers of the lines on the page, in its order."""
    return [int(found) for found in re.findall(r'href="/access-log/(\d+)/"', answer.content.decode())]


def asked_by(aud: User) -> list[tuple[str, dict[str, Any]]]:
    mine = AuditEntry.objects.filter(person=aud.pk).oldest_first()
    return [(entry.event, entry.facts) for entry in mine if not entry.event.startswith("account.")]


def damaged(sql: str, *values: Any) -> None:
    """What somebody with the database in hand could do."""
    connection.check_constraints()  # PostgreSQL refuses to change a table with checks outstanding
    triggers.remove()
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
    triggers.install()


# --------------------------------------------------------------------------------------------------------- who may
def addresses() -> list[str]:
    return [
        reverse("access-log"),
        reverse("access-log-verify"),
        reverse("access-log-export"),
        reverse("access-log-entry", args=[1]),
    ]


@pytest.mark.parametrize("role", [role for role in Standing if role != Standing.AUDITOR])
def test_nobody_but_an_auditor_sees_any_of_it_and_each_refusal_is_noted(
    client: Client, olu: User, role: Standing
) -> None:
    write(opened(olu))
    nosy = person("Nosy", role)
    client.force_login(nosy)
    for asked in addresses():
        answer = client.get(asked)
        assert answer.status_code == 403, asked
        assert b"Only an auditor can see the access log." in answer.content
        assert b"Olu" not in answer.content
    assert client.post(reverse("access-log-verify")).status_code == 403
    refused = AuditEntry.objects.filter(event="access.refused", person=nosy.pk)
    assert refused.count() == len(addresses()) + 1
    assert not AuditEntry.objects.filter(event__startswith="log.").exists()


def test_a_superuser_is_no_auditor(client: Client) -> None:
    client.force_login(User.objects.create_superuser("root@example.org", "Root Example"))
    assert [client.get(asked).status_code for asked in addresses()] == [403] * 4


def test_a_stranger_is_sent_to_sign_in(client: Client) -> None:
    for asked in addresses():
        assert client.get(asked)["Location"] == f"{reverse('sign-in')}?next={asked}"


def test_the_menu_offers_the_log_to_the_auditor_alone(auditor: Client, olu: User) -> None:
    assert b'href="/access-log/" aria-current="true"' in auditor.get(reverse("access-log")).content
    other = Client()
    other.force_login(olu)
    assert b'href="/access-log/"' not in other.get(reverse("your-account")).content


# -------------------------------------------------------------------------------------------------------- the list
def test_a_line_says_when_in_london_and_what_happened_by_name(auditor: Client, olu: User, rowan: User) -> None:
    write(opened(olu, on_behalf_of=rowan.pk), at=JUNE)
    page = auditor.get(reverse("access-log")).content.decode()
    assert "1 Jul 2026, 00:30:00" in page
    told = "Olu Example opened version 2 of document 8f1e6a52 on DHR12, for Rowan Example (page: 3)."
    assert told in page


def test_newest_stands_first_and_the_look_itself_is_already_there(auditor: Client, aud: User, olu: User) -> None:
    write(viewed(olu), opened(olu))
    page = auditor.get(reverse("access-log"))
    numbers = shown(page)
    assert numbers == sorted(numbers, reverse=True)
    assert AuditEntry.objects.get(seq=numbers[0]).event == "log.viewed"
    assert asked_by(aud) == [("log.viewed", {})]


def test_what_was_looked_for_is_written_down_in_codes(auditor: Client, aud: User, olu: User) -> None:
    auditor.get(reverse("access-log"), {"person": str(olu.pk), "kind": "read", "reference": "dhr12", "before": "9"})
    told = f"person:{olu.pk}, reference:DHR12, kind:read"
    assert asked_by(aud) == [("log.viewed", {"filters": told, "page": "before:9"})]


def test_a_long_question_is_written_down_by_its_names(auditor: Client, aud: User, olu: User) -> None:
    question = {"person": str(olu.pk), "reference": "DHR12", "event": "document.opened", "document": PAPER}
    assert auditor.get(reverse("access-log"), question).status_code == 200
    assert asked_by(aud) == [("log.viewed", {"filters": "person, reference, event, document"})]


@pytest.fixture
def six(olu: User, rowan: User) -> list[int]:
    first = write(Line(event="review.notified", person=olu.pk, review=REVIEW, reference="N-2026-03"))
    write(viewed(olu), viewed(rowan, "DHR13", OTHER))
    write(opened(olu, on_behalf_of=rowan.pk), invited(rowan, olu), at=JUNE)
    write(Line(event="access.refused", person=olu.pk, details={"permission": "reviews.view_review"}), at=JUNE)
    start = first[0].seq
    return list(range(start, start + 6))


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ({"person": "olu"}, [5, 3, 1, 0]),
        ({"person": "rowan"}, [4, 3, 2]),  # done by them, or recorded for them
        ({"reference": "DHR12"}, [3, 1, 0]),  # and from before it had that reference
        ({"reference": " dhr13 "}, [2]),
        ({"reference": "DHR1"}, []),
        ({"kind": "refusal"}, [5]),
        ({"event": "review.viewed"}, [2, 1]),
        ({"event": "review.viewed", "person": "rowan"}, [2]),
        ({"document": PAPER.upper()}, [3]),
        ({"document": PAPER[:8]}, []),
        ({"since_day": "1", "since_month": "7", "since_year": "2026"}, [5, 4, 3]),
        ({"until_day": "30", "until_month": "june", "until_year": "2026"}, [2, 1, 0]),
        ({"since_day": "2", "since_month": "3", "since_year": "2026",
          "until_day": "2", "until_month": "3", "until_year": "2026"}, [2, 1, 0]),
    ],
)  # fmt: skip
def test_the_list_and_the_file_are_narrowed(
    auditor: Client, six: list[int], question: dict[str, str], places: list[int]
) -> None:
    pks = {name: str(User.objects.get(email=f"{name}@example.org").pk) for name in ("olu", "rowan")}
    question = {name: pks.get(value, value) for name, value in question.items()}
    wanted = [six[place] for place in places]
    assert [seq for seq in shown(auditor.get(reverse("access-log"), question)) if seq in six] == wanted
    rows = table(auditor.get(reverse("access-log-export"), question))
    assert [int(row["line"]) for row in rows if int(row["line"]) in six] == wanted


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ({"reference": "Jane"}, "Enter a reference such as DHR12 or N-2026-03."),
        ({"document": "Jane Doe"}, "Enter the whole number of the paper"),
        ({"person": "999999"}, "Choose one of the answers shown."),
        ({"event": "nothing.happened"}, "Choose one of the answers shown."),
        ({"since_day": "31", "since_month": "2", "since_year": "2026"}, "February 2026 has no day 31"),
        ({"since_day": "2", "since_month": "3", "since_year": "2026",
          "until_day": "1", "until_month": "3", "until_year": "2026"}, "The last day cannot be before the first day."),
    ],
)  # fmt: skip
def test_a_question_that_makes_no_sense_shows_nothing_and_says_what_to_mend(
    auditor: Client, aud: User, olu: User, question: dict[str, str], sentence: str
) -> None:
    write(opened(olu))
    assert auditor.get(reverse("access-log-export"), question).status_code == 422
    answer = auditor.get(reverse("access-log"), question)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "person" in question or "event" in question or next(iter(question.values())).encode() in answer.content
    assert shown(answer) == []
    assert asked_by(aud) == []


def test_pages_hold_fifty_and_lead_on_without_a_gap_or_a_repeat(auditor: Client, aud: User, olu: User) -> None:
    lines = write(*(viewed(olu) for _ in range(130)))
    question, found, asked = f"person={olu.pk}", [], 0
    address = f"{reverse('access-log')}?{question}"
    while address:
        answer = auditor.get(address)
        assert len(shown(answer)) <= 50
        found += shown(answer)
        asked += 1
        older = re.search(r'href="(\?[^"#]+)#entries" rel="next"', answer.content.decode())
        address = f"{reverse('access-log')}{older[1].replace('&amp;', '&')}" if older else ""
    assert found == [entry.seq for entry in reversed(lines)]
    assert asked == 3
    assert b"Newest entries" in answer.content


@pytest.mark.parametrize("before", ["0", "-1", "x", "²", "9" * 40, str(2**63)])
def test_a_place_that_is_none_is_the_newest(auditor: Client, olu: User, before: str) -> None:
    entry = write(viewed(olu))[0]
    assert entry.seq in shown(auditor.get(reverse("access-log"), {"before": before}))


def test_nothing_that_fits_is_said_in_words(auditor: Client) -> None:
    page = auditor.get(reverse("access-log"), {"reference": "DHR99"})
    assert b"No entry fits this." in page.content
    assert b"Download these" not in page.content


@pytest.mark.parametrize("lines", [1, 400])
def test_the_list_costs_under_twelve_queries_whatever_its_size(
    auditor: Client, olu: User, rowan: User, django_assert_max_num_queries: Callable[[int], Any], lines: int
) -> None:
    write(*(line for _ in range(lines) for line in (opened(olu, on_behalf_of=rowan.pk), invited(olu, rowan))))
    with django_assert_max_num_queries(11):
        auditor.get(reverse("access-log"), {"person": olu.pk})
    with django_assert_max_num_queries(11):
        b"".join(auditor.get(reverse("access-log-export"), {"reference": "DHR12"}))


def test_nothing_is_shown_while_the_log_cannot_be_written(auditor: Client, olu: User) -> None:
    write(opened(olu))
    LogHead.objects.filter(pk=THE_HEAD).update(frontier=b"damaged")
    auditor.raise_request_exception = False
    for asked in (reverse("access-log"), reverse("access-log-export"), reverse("access-log-entry", args=[1])):
        answer = auditor.get(asked)
        assert answer.status_code == 503
        assert b"Olu Example opened" not in answer.content


def test_a_changed_line_is_shown_as_far_as_it_can_be(auditor: Client, olu: User) -> None:
    entry = write(viewed(olu))[0]
    damaged("UPDATE audit_entry SET event = 'never.happened', details = '[', at_us = 9000000000000000000")
    page = auditor.get(reverse("access-log"))
    assert entry.seq in shown(page)
    assert b"This line cannot be read. Verify the log now." in page.content
    page = auditor.get(reverse("access-log-entry", args=[entry.seq]))
    assert b"This line is not as it was written" in page.content
    assert table(auditor.get(reverse("access-log-export")))[-1]["what happened"].startswith("This line cannot be read")


def test_a_line_that_the_database_cannot_even_hand_over_breaks_no_page(
    auditor: Client, olu: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = write(viewed(olu))[0]

    def no_uuid(*_: Any) -> AuditEntry:
        raise ValueError("badly formed hexadecimal UUID string")

    monkeypatch.setattr(AuditEntry, "from_db", no_uuid)
    assert b"Something here is not as it was written" in auditor.get(reverse("access-log")).content
    page = auditor.get(reverse("access-log-entry", args=[entry.seq]))
    assert b"not as it was written, and cannot be shown" in page.content


def test_every_event_and_kind_can_be_chosen_by_words() -> None:
    assert set(KIND_NAMES) == set(Kind)
    words = [in_a_list(event) for event in EVENTS.values()]
    assert not [told for told in words if "{" in told or "  " in told or not told[0].isupper()]
    assert in_a_list(EVENTS["document.opened"]) == "Opened version … of something on a review"


# ------------------------------------------------------------------------------------------------------- one entry
def test_the_page_of_a_line_shows_every_column_and_the_bytes_that_its_hash_proves(
    auditor: Client, aud: User, olu: User, rowan: User
) -> None:
    entry = write(opened(olu, on_behalf_of=rowan.pk))[0]
    page = auditor.get(reverse("access-log-entry", args=[entry.seq])).content.decode()
    for words in (
        *("2 March 2026, 12:00:00", "document.opened", f"Olu Example (account {olu.pk})", "DHR12", str(REVIEW), PAPER),
        *(f"Rowan Example (account {rowan.pk})", "page: 3", bytes(entry.leaf).hex(), "1772452800000000"),
        *("dhr-access-log/1", "10:{&quot;page&quot;:3}", "This line is as it was written"),
    ):
        assert words in page, words
    assert f'href="/access-log/?document={PAPER}"' in page
    assert asked_by(aud) == [("log.viewed", {"page": f"line:{entry.seq}"})]


def test_a_person_in_the_details_is_named(auditor: Client, olu: User, rowan: User) -> None:
    entry = write(invited(olu, rowan))[0]
    page = auditor.get(reverse("access-log-entry", args=[entry.seq])).content.decode()
    assert f"whom: Rowan Example (account {rowan.pk})" in page


def test_a_line_about_little_shows_only_that(auditor: Client) -> None:
    entry = write(Line(event="keys.rotated", person=None, details={"count": 2}))[0]
    page = auditor.get(reverse("access-log-entry", args=[entry.seq])).content.decode()
    assert "Nobody with an account" in page
    assert "<dt" in page
    assert "Recorded for" not in page


def test_a_line_that_is_not_there_is_not_found_and_leaves_no_line(auditor: Client, aud: User) -> None:
    for seq in ("0", "999", "9" * 30):
        assert auditor.get(f"/access-log/{seq}/").status_code == 404
    assert asked_by(aud) == []


def test_a_line_changed_behind_its_hash_says_so(auditor: Client, olu: User, rowan: User) -> None:
    entry = write(viewed(olu))[0]
    damaged("UPDATE audit_entry SET person = %s WHERE seq = %s", rowan.pk, entry.seq)
    page = auditor.get(reverse("access-log-entry", args=[entry.seq])).content.decode()
    assert "This line is not as it was written" in page
    assert "This line is as it was written" not in page


# ---------------------------------------------------------------------------------------------------------- verify
def test_verifying_says_in_one_sentence_that_the_log_is_whole(auditor: Client, aud: User, olu: User) -> None:
    write(viewed(olu))
    size = AuditEntry.objects.count()
    page = auditor.post(reverse("access-log-verify")).content.decode()
    assert f"The access log is whole: {size} lines" in page
    assert asked_by(aud) == [("log.verified", {"size": size, "outcome": "whole"})]


def test_verifying_a_changed_log_says_which_line_and_what_to_do(auditor: Client, aud: User, olu: User) -> None:
    entry = write(viewed(olu), viewed(olu))[0]
    damaged("UPDATE audit_entry SET person = 9 WHERE seq = %s", entry.seq)
    page = auditor.post(reverse("access-log-verify")).content.decode()
    assert f"The access log is not whole: line {entry.seq} was changed after it was written." in page
    assert "Change nothing and delete nothing." in page
    assert "whole: " not in page.replace("not whole: ", "")
    assert asked_by(aud) == [("log.verified", {"size": 0, "outcome": "not_whole"})]


def test_the_answer_is_given_even_when_the_log_takes_no_more_lines(auditor: Client, olu: User) -> None:
    write(viewed(olu))
    LogHead.objects.filter(pk=THE_HEAD).update(frontier=b"damaged")
    page = auditor.post(reverse("access-log-verify"))
    assert page.status_code == 200
    assert b"The access log is not whole" in page.content
    assert b"could not be written into the log itself" in page.content


def test_looking_at_the_key_and_the_checkpoint_checks_nothing(auditor: Client, olu: User) -> None:
    write(viewed(olu))
    page = auditor.get(reverse("access-log-verify")).content.decode()
    assert checkpoints.fingerprint() in page
    assert "The access log is whole" not in page
    text = re.search(r'<textarea[^>]+id="checkpoint"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    assert text
    assert checkpoints.verifier().read(text[1].replace("&#x27;", "'")).size == AuditEntry.objects.count()


def test_the_moment_a_checkpoint_was_last_shipped_is_told(auditor: Client, olu: User) -> None:
    assert b"Never yet" in auditor.get(reverse("access-log-verify")).content
    write(viewed(olu))
    note = LogHead.objects.get().checkpoint
    for moment in (NOON, JUNE):
        with clock.at(moment):
            shipping.ship(note)
    size = AuditEntry.objects.count()
    assert f"1 July 2026, 00:30, for {size} line".encode() in auditor.get(reverse("access-log-verify")).content
    with shipping.shipping_file().open("a") as file:
        file.write("cut off")
    assert b"checkpoints.log cannot be read" in auditor.get(reverse("access-log-verify")).content


def test_a_missing_key_is_said_in_words(auditor: Client, olu: User) -> None:
    write(viewed(olu))
    checkpoints.key_file().unlink()
    assert b"signing key keys/log-signing.key is missing" in auditor.get(reverse("access-log-verify")).content
    assert b"The access log cannot be checked" in auditor.post(reverse("access-log-verify")).content


# ------------------------------------------------------------------------------------------------------------ file
def table(answer: Any) -> list[dict[str, str]]:
    body = b"".join(answer).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(body, newline="")))


def test_the_file_holds_the_lines_that_are_shown_and_its_line_is_committed_before_it_streams(
    auditor: Client, aud: User, olu: User
) -> None:
    first, second = write(viewed(olu), opened(olu))
    answer = auditor.get(reverse("access-log-export"), {"reference": "DHR12"})
    facts = {"filters": "reference:DHR12", "size": 2, "first": first.seq, "last": second.seq}
    assert asked_by(aud) == [("log.exported", facts)]
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert re.fullmatch(r'attachment; filename="access-log-\d{4}-\d\d-\d\d\.csv"', answer["Content-Disposition"])
    assert "no-store" in answer["Cache-Control"]
    rows = table(answer)
    assert [row["line"] for row in rows] == [str(second.seq), str(first.seq)]
    assert rows[0]["when"] == "2026-03-02T12:00:00+00:00"
    assert rows[0]["number of the thing"] == PAPER
    assert rows[0]["leaf hash"] == bytes(second.leaf).hex()
    assert rows[0]["what happened"].startswith("Olu Example opened version 2")


def test_a_file_without_lines_has_its_headings(auditor: Client, aud: User) -> None:
    answer = auditor.get(reverse("access-log-export"), {"reference": "DHR99"})
    assert b"".join(answer).decode("utf-8-sig").startswith('"line","when"')
    assert asked_by(aud) == [("log.exported", {"filters": "reference:DHR99", "size": 0})]


def test_a_file_holds_no_more_than_its_limit_and_then_the_newest(
    auditor: Client, olu: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = write(*(viewed(olu) for _ in range(5)))
    monkeypatch.setattr(export, "MOST", 3)
    rows = table(auditor.get(reverse("access-log-export"), {"reference": "DHR12"}))
    assert [int(row["line"]) for row in rows] == [entry.seq for entry in reversed(lines[2:])]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@sum", " =1", "\t=1", "＝1"])
def test_a_name_that_looks_like_a_formula_reaches_the_file_as_text(auditor: Client, name: str) -> None:
    who = User.objects.create_user("f@example.org", name)
    write(viewed(who))
    rows = table(auditor.get(reverse("access-log-export"), {"reference": "DHR12"}))
    assert rows[0]["done by"] == f"'{name}"
    assert rows[0]["account"] == str(who.pk)
    assert not [cell for cell in rows[0].values() if cell.strip().startswith(("=", "+", "-", "@", "＝"))]


def test_the_links_of_the_list_ask_for_the_same_lines(auditor: Client, olu: User) -> None:
    write(*(viewed(olu) for _ in range(60)))
    page = auditor.get(reverse("access-log"), {"reference": "DHR12", "before": "55"}).content.decode()
    assert 'href="/access-log/export/?reference=DHR12"' in page
    assert 'href="?reference=DHR12#entries">' in page
    assert pages.PER_PAGE == 50
