"""The auditor's list: who may, what it shows and never shows, and that each look is written down first."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dhr.access.roles import Standing
from dhr.accounts.models import User
from dhr.audit.events import EVENTS, Kind
from dhr.audit.line import Line
from dhr.audit.models import THE_HEAD, AuditEntry, LogHead
from dhr.audit.vocabulary import KIND_NAMES, in_a_list
from tests.web.log_desk import (
    JUNE,
    OTHER,
    PAPER,
    REVIEW,
    a_log_of_its_own,
    asked_by,
    damaged,
    invited,
    opened,
    person,
    shown,
    signed_in,
    table,
    viewed,
    write,
)

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.log_desk")]


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_log_of_its_own(tmp_path, settings, monkeypatch)


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
def auditor(aud: User) -> Client:
    return signed_in(aud)


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
        ({"reference": "\N{KELVIN SIGN}1"}, "Enter a reference such as DHR12 or N-2026-03."),
        ({"reference": "\N{LATIN SMALL LETTER LONG S}1"}, "Enter a reference such as DHR12 or N-2026-03."),
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
        assert asked < 3  # each page leads further back
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
