"""The demo: invented, whole, dated from today, and careful about what it does not own."""

import socket
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, models
from django.test import TestCase

from dhr import clock
from dhr.access.roles import STANDING_NAMES, Role
from dhr.accounts.invitations import invite, invite_for_review
from dhr.accounts.models import Partnership, StandingRole, User
from dhr.audit.models import AuditEntry
from dhr.audit.verify import verify
from dhr.board.models import AgendaItem, Resolution
from dhr.reviews import identities
from dhr.reviews.models import Action, Commission, Membership, Review, SealedIdentity
from dhr.reviews.vocabulary import CommissionState, Ending, Stage
from restricted_docs.models import Document
from restricted_docs.reading import open_paper
from restricted_docs.restricting import placeholder
from restricted_docs.sniffing import sniff
from workflows.demo import deployment, papers, story
from workflows.demo.tale import Story
from workflows.models import Step

VIEW = "restricted_docs.view_document"


class Everything(TestCase):
    """Only its outer transaction is used: one demo for all the tests of this file."""

    databases = {"default"}


@pytest.fixture(scope="module")
def _told(django_db_setup: None, django_db_blocker: Any) -> Iterator[int]:
    with django_db_blocker.unblock():
        atomics = Everything._enter_atomics()  # type: ignore[attr-defined]
        try:
            yield story.load()
        finally:
            Everything._rollback_atomics(atomics)  # type: ignore[attr-defined]


@pytest.fixture
def told(_told: int, db: None) -> int:
    """The demo is loaded; the answer is how many things happened."""
    return _told


@pytest.fixture
def var(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the demo's own."""
    settings.VAR, settings.DEMO = tmp_path / "var", True
    for name in deployment.NOT_FOR_THE_DEMO:
        monkeypatch.delenv(name, raising=False)
    return Path(settings.VAR)


# ------------------------------------------------------------------------------------------------------- the reviews
def test_there_is_a_review_at_every_stage(told: int) -> None:
    assert set(Review.objects.values_list("stage", flat=True)) == set(Stage.values)
    assert {Ending.CLOSED, Ending.WITHOUT_REVIEW, Ending.PASSED_ON} <= set(
        Review.objects.values_list("ending", flat=True)
    )
    assert Review.objects.suspended().count() == 1


def test_its_dates_are_counted_from_today(told: int) -> None:
    ages = sorted((clock.today() - day).days for day in Review.objects.values_list("notified_on", flat=True))
    assert ages[0] <= 7
    assert 1200 < ages[-1] < 1300


def test_something_is_late_at_several_stages_and_nothing_waits_on_a_review_that_has_ended(told: int) -> None:
    assert len(set(Step.objects.overdue().main().values_list("stage", flat=True))) >= 5
    assert Action.objects.overdue().count() >= 2
    assert not Step.objects.open().filter(review__closed_at__isnull=False).exists()


def test_agencies_have_answered_in_every_way(told: int) -> None:
    assert set(Commission.objects.values_list("state", flat=True)) == set(CommissionState.values)


def test_the_boards_next_agenda_shows_a_placeholder_and_one_member_may_open_the_paper(told: int) -> None:
    item = AgendaItem.objects.get(paper__isnull=False)
    paper = Document.objects.get(pk=item.paper)
    reader = User.objects.get(demo_label="board member")
    assert placeholder(paper).startswith("By virtue of paragraph(s) 7")
    assert reader.has_perm(VIEW, paper)
    assert b"%PDF" in b"".join(open_paper(paper.versions.get(), by=reader)[0])
    for label in ("democratic services officer", "monitoring officer", "auditor", "administrator", "team manager"):
        assert not User.objects.get(demo_label=label).has_perm(VIEW, paper)


def test_the_board_asked_for_a_further_report_that_its_next_meeting_owes(told: int) -> None:
    resolution = Resolution.objects.get(kind="further_report")
    assert resolution.due_meeting is not None
    assert resolution.due_meeting.on >= clock.today()


# -------------------------------------------------------------------------------------------------------- the people
def test_everybody_can_be_chosen_on_the_sign_in_page_and_nobody_has_a_password(told: int) -> None:
    people = list(User.objects.all())
    assert all(person.demo_label for person in people)
    assert not any(person.has_usable_password() for person in people)
    assert set(StandingRole.objects.today().values_list("role", flat=True)) == set(STANDING_NAMES)
    on_reviews = set(Membership.objects.current().values_list("role", flat=True))
    assert on_reviews == set(Role)


# ----------------------------------------------------------------------------------------------------------- the log
def test_its_access_log_is_whole_and_goes_forward_in_time(told: int) -> None:
    assert verify().whole
    moments = list(AuditEntry.objects.order_by("seq").values_list("at_us", flat=True))
    assert moments == sorted(moments)
    last = AuditEntry.objects.order_by("seq").last()
    assert last is not None
    assert (last.event, story.is_loaded()) == ("demo.loaded", True)
    assert str(told) in str(last.details)


def test_no_sealed_name_stands_in_the_clear_anywhere(told: int) -> None:
    names = set()
    for identity in SealedIdentity.objects.select_related("review"):
        officer = Membership.objects.current().filter(review=identity.review, role=Role.OFFICER).get().user
        names.add(identities.reveal(identity, by=officer)[0])
    assert len(names) > 25
    in_clear = "\n".join(_everything_in_the_clear())
    assert "Overview and key findings" in in_clear
    assert [name for name in names if name in in_clear] == []


def _everything_in_the_clear() -> Iterator[str]:
    kinds = (models.CharField, models.TextField, models.JSONField)
    for model in apps.get_models():
        columns = [field.attname for field in model._meta.concrete_fields if isinstance(field, kinds)]
        for row in model._base_manager.values_list(*columns) if columns else ():
            yield from map(str, row)


def test_the_story_cannot_tell_of_what_is_still_to_come() -> None:
    unborn = Story(Partnership(), None, None, clock.today())  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="yesterday"):
        unborn.on(0, lambda: None)


# -------------------------------------------------------------------------------------------------------- the papers
def test_a_paper_is_a_file_that_its_name_says_it_is() -> None:
    made = papers.pdf("A (small) paper", ["Word " * 900, "caf\u00e9 \u2013 \u201cquoted\u201d"])
    assert sniff("a.pdf", made, made).media_type == "application/pdf"
    table = made[int(made.rsplit(b"startxref\n", 1)[1].split(b"\n")[0]) :].splitlines()
    assert table[0] == b"xref"
    for number, row in enumerate(table[3 : 2 + int(table[1].split()[1])], start=1):
        assert made[int(row.split()[0]) :].startswith(b"%d 0 obj" % number)
    assert sniff("a.txt", papers.text("A", ["b"]), b"").media_type == "text/plain"


# ---------------------------------------------------------------------------------------------- what it leaves alone
def test_it_knows_its_own_people_and_whom_they_invited(told: int) -> None:
    officer = User.objects.get(demo_label="community safety officer")
    invite_for_review(officer.partnership, by=officer, email="new@example.org", name="New Somebody")
    deployment.check_data()


def test_it_leaves_a_database_alone_that_holds_somebody_else(told: int) -> None:
    partnership = Partnership.objects.get()
    invite(partnership, by=None, email="real@example.org", name="Real Administrator", roles=["administrator"])
    with pytest.raises(deployment.NotTheDemo, match="not the demo's"):
        deployment.check_data()


def test_it_leaves_a_database_alone_that_holds_another_partnership(told: int) -> None:
    Partnership.objects.create(name="Safer Elsewhere")
    with pytest.raises(deployment.NotTheDemo, match="not the demo's"):
        deployment.check_data()


def test_a_database_without_tables_is_free_and_one_of_another_program_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    tables: list[str] = []
    monkeypatch.setattr(connection.introspection, "table_names", lambda: tables)
    deployment.check_data()
    tables.append("somebody_elses")
    with pytest.raises(deployment.NotTheDemo, match="another program"):
        deployment.check_data()


def test_it_refuses_settings_that_are_not_the_demos(var: Path, settings: Any) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="not the demo's settings"):
        call_command("demo", no_serve=True)
    assert not var.exists()


@pytest.mark.parametrize("name", ["DHR_BIND", "DHR_DATABASE"])
def test_it_refuses_another_address_and_another_database(name: str, var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "elsewhere")
    with pytest.raises(CommandError, match=f"Unset {name}"):
        call_command("demo", no_serve=True)


def test_a_port_in_use_is_said_in_a_sentence(var: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CommandError, match=f"Port {port} cannot be used"):
            call_command("demo", port=port)


def test_its_folder_and_keys_are_closed_to_others_and_made_once(var: Path) -> None:
    deployment.make_ready(var)
    files = [var / "secret_key", *(path for path in (var / "keys").rglob("*") if path.is_file())]
    before = {path: path.read_bytes() for path in files}
    assert stat.S_IMODE(var.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    deployment.make_ready(var)
    assert {path: path.read_bytes() for path in files} == before


def test_starting_over_twice_is_safe_and_keeps_the_secret_key(var: Path) -> None:
    deployment.make_ready(var)
    (var / "db.sqlite3").touch()
    (var / "checkpoints.log").touch()
    for _ in range(2):
        deployment.clear(var)
    assert {path.name for path in var.iterdir()} == {"secret_key", "static"}


def test_keys_that_no_demo_made_are_left_alone(var: Path) -> None:
    deployment.make_ready(var)
    (var / "secret_key").unlink()
    for act in (deployment.clear, deployment.make_ready):
        with pytest.raises(deployment.NotTheDemo, match="not made by the demo"):
            act(var)
    assert (var / "keys" / "root.json").exists()
