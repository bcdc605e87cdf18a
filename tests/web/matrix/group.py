"""One team's reviews, walked by the real use cases, with a word of its own in everything that is sealed or titled."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import Any

from chairs.appointing import appoint_another
from chairs.register import add_chair_to_register, sound_out
from dhr import clock
from dhr.accounts.models import User
from dhr.audit.models import AuditEntry
from dhr.board import meetings
from dhr.board.reading import put_paper
from dhr.reviews import actions, family, identities, learning, panel
from dhr.reviews.models import Review, SealedIdentity
from dhr.reviews.notifying import Named
from restricted_docs.arriving import begin
from restricted_docs.filing import file_document, release_to_panel
from restricted_docs.models import Document
from restricted_docs.restricting import propose_restriction
from restricted_docs.upload import places, take_in
from tests import build
from tests.cast import PASSWORD, Cast
from tests.paged_files import text_pdf
from workflows import engine, starting
from workflows.desk.answers import save_answers

AUDIENCES = ("chairs_only", "legal", "family_reading", "board_sign_off", "panel")
NAMES = {"own": "Zephyrine Quillfeather", "foreign": "Ottoline Brackenbury"}
EARLY_NAMES = {"own": "Peregrine Thistlewood", "foreign": "Leocadia Hawksworth"}
RELATIVES = {"own": "Euphemia Larkspur", "foreign": "Barnaby Crowhurst"}


def canary(label: str, kind: str) -> str:
    """The word that stands for one kind of text of one group: searched for in every answer."""
    return f"zq{label}{kind.replace('_', '')}zq"


@dataclass
class Group:
    """A review before the Home Office and one before its decision; `things` are the keys of addresses, by a short name."""

    label: str
    cast: Cast
    review: Review
    early: Review
    action_owner: User
    appointee: User
    things: dict[str, tuple[list[Any], str]] = field(default_factory=dict)
    about: dict[str, Any] = field(default_factory=dict)

    def word(self, kind: str) -> str:
        return canary(self.label, kind)

    def put(self, thing: str, *keys: Any, query: str = "") -> None:
        self.things[thing] = (list(keys), query)

    @property
    def secrets(self) -> dict[str, str]:
        """Kind of text -> the word that gives it away, in lower case."""
        words = {kind: self.word(kind) for kind in KINDS}
        names = {"name": NAMES, "early_name": EARLY_NAMES, "relative": RELATIVES}
        return words | {kind: found[self.label].casefold() for kind, found in names.items()}


PAPERS = ("default", "restricted", "agency", "named", "unreleased", "report", *AUDIENCES)
STEPS = "circumstances scoping reasons terms statement declined early_circumstances early_scoping saved waiting"
BESIDE = "wishes contact learning meeting sounding scope scope_other action action_other progress register interest"
TITLES = [f"title_{paper}" for paper in PAPERS if paper != "report"]
KINDS = (*STEPS.split(), *BESIDE.split(), *TITLES, *(f"content_{paper}" for paper in PAPERS))


def build_group(cast: Cast, label: str) -> Group:
    owner, appointee = (
        User.objects.create_user(f"{part}.{label}@example.org", part, PASSWORD, partnership=cast.partnership)
        for part in ("owner", "appointee")
    )
    add_chair_to_register(
        cast.partnership,
        by=cast.officer,
        name="Lena",
        user=cast.lead_chair,
        services="both",
        notes=canary(label, "register"),
    )
    early = notified(cast, canary(label, "early_circumstances"), EARLY_NAMES[label])
    build.do(early, cast, "scope_with_agencies", learned=canary(label, "early_scoping"))
    review = walked(cast, label)
    group = Group(label, cast, review, early, owner, appointee)
    for fill in (_reviews, _tasks, _account, _requests, _actions, _papers, _board, _chairs, _accounts):
        fill(group)
    return group


def notified(cast: Cast, circumstances: str, name: str) -> Review:
    people = [Named(kind="deceased", name=name, pseudonym="Person A")]
    return build.notify(cast, circumstances=circumstances, people=people)


def walked(cast: Cast, label: str) -> Review:
    """A review that waits for the Home Office, with words of its own in what each step recorded."""
    review = notified(cast, canary(label, "circumstances"), NAMES[label])
    report = _pdf(canary(label, "content_report"))
    said: dict[str, dict[str, Any]] = {
        "scope_with_agencies": {"learned": canary(label, "scoping")},
        "decide": {"reason": canary(label, "reasons")},
        "agree_terms": {"questions": canary(label, "terms")},
        "read_with_family": {"reason": canary(label, "declined")},
    }
    while not build.is_open(review, "record_answer"):
        node = next(name for name in build.ORDER if build.is_open(review, name))
        if node == "appoint_chairs":
            _appoint(review, cast, label)
        elif node == "upload_draft":
            build.do(review, cast, node, upload=take_in(review, "overview.pdf", report))
        else:
            build.do(review, cast, node, **said.get(node, {}))
    return review


def _appoint(review: Review, cast: Cast, label: str) -> None:
    by, given = build.WALK["appoint_chairs"](review, cast)
    engine.complete(build.step_of(review, "appoint_chairs"), by=by, credit=None, **given)
    while build.is_open(review, "declare_independence"):
        step = build.step_of(review, "declare_independence")
        engine.complete(step, by=engine.subject_of(step).user, statement=canary(label, "statement"))
    review.refresh_from_db()


def _pdf(word: str) -> bytes:
    return text_pdf(word)


def _reviews(group: Group) -> None:
    officer = group.cast.officer
    identities.choose_pseudonym(group.review, by=officer, pseudonym=f"Known{group.label}")
    identities.choose_pseudonym(group.early, by=officer, pseudonym=f"Early{group.label}")
    group.put("review", group.review.pk)
    group.put("early", group.early.pk)
    for thing, review in (("name", group.review), ("early_name", group.early)):
        found = SealedIdentity.objects.filter(review=review).values_list("pk", flat=True)[0]
        group.put(thing, review.pk, found)


def _tasks(group: Group) -> None:
    """An open task of the officer's, and the decision; answers typed, and answers that wait for a second person."""
    officer, review = group.cast.officer, group.review
    answer, decide = build.step_of(review, "record_answer"), build.step_of(group.early, "decide")
    save_answers(answer, by=officer, typed={"reason": [group.word("saved")]})
    typed = {"outcome": ["review"], "reason": [group.word("waiting")]}
    waiting = save_answers(decide, by=officer, typed=typed, confirm_by=group.cast.board_chair)
    group.put("task", answer.pk)
    group.put("task_early", decide.pk)
    group.put("step", review.pk, answer.pk)
    group.put("waiting", waiting.pk)


def _account(group: Group) -> None:
    officer, review = group.cast.officer, group.review
    relative = family.add_relative(
        review, by=officer, name=RELATIVES[group.label], known_as="Relative B", wishes=group.word("wishes")
    )
    family.record_contact(relative, by=officer, on=clock.today(), note=group.word("contact"))
    learning.record_learning(review, by=officer, learning=group.word("learning"))
    panel.record_meeting(review, by=officer, on=clock.today(), kind="progress", notes=group.word("meeting"))
    group.put("relative", review.pk, relative.pk)
    group.put("relative_name", review.pk, relative.identity_id)
    group.put("membership", review.pk, review.membership_set.get(user=group.cast.panel_member).pk)


def _requests(group: Group) -> None:
    cast, review = group.cast, group.review
    asked = {"by": cast.officer, "kind": "imr"}
    commission = starting.ask_agency(
        review,
        **asked,
        agency=cast.hospital,
        scope=group.word("scope"),
        author=cast.agency_author,
        signatory=cast.agency_signatory,
    )
    other = starting.ask_agency(review, **asked, agency=cast.refuge, scope=group.word("scope_other"))
    group.about["commission"] = commission
    group.put("commission", commission.pk)
    group.put("commission_other", other.pk)
    group.put("file_return", review.pk, query=f"?commission={commission.pk}")
    for thing, one in (("task_commission", commission), ("task_commission_other", other)):
        group.put(thing, review.steps.open().get(subject=one.pk).pk)


def _actions(group: Group) -> None:
    cast, review = group.cast, group.review
    facts = {"by": cast.officer, "scope": "local"}
    one = actions.add_action(
        review, **facts, text=group.word("action"), lead_agency=cast.police, owner=group.action_owner
    )
    other = actions.add_action(review, **facts, text=group.word("action_other"), lead_agency=cast.hospital)
    actions.record_action_progress(one, by=group.action_owner, status="open", note=group.word("progress"))
    group.about["action"] = one
    group.put("action", one.pk)
    group.put("action_other", other.pk)
    group.put("action_of_review", review.pk, one.pk)


def _papers(group: Group) -> None:
    """One paper for each audience; beside them one released, one returned by an agency, one that may be restricted."""
    cast, review = group.cast, group.review

    def file(name: str, by: User = cast.officer, **facts: Any) -> Document:
        upload = take_in(review, f"{name}.pdf", _pdf(group.word(f"content_{name}")))
        title = f"Paper {group.word(f'title_{name}')}"
        paper = file_document(review, by=by, upload=upload, title=title, **{"kind": "other"} | facts)
        group.put(f"paper_{name}", review.pk, paper.pk)
        group.put(f"version_{name}", review.pk, paper.pk, 1)
        group.put(f"page_{name}", review.pk, paper.pk, 1, 1)
        return paper

    file("default")
    file("agency", cast.agency_author, kind="imr", commission=group.about["commission"])
    file("named", audience="named", named=[cast.author])
    file("chairs_only", cast.lead_chair, audience="chairs_only")
    file("legal", audience="legal", kind="legal_advice")
    file("family_reading", audience="family_reading")
    group.about["paper"] = file("board_sign_off", audience="board_sign_off").pk
    release_to_panel(file("panel"), by=cast.lead_chair)
    file("unreleased", audience="panel")
    proposed = propose_restriction(
        file("restricted"), by=cast.officer, paragraphs=[1], public_interest=group.word("interest")
    )
    group.put("restriction", proposed.pk)
    place = next(places(review))
    group.put("arriving", begin(place, owner=cast.officer, review=review, name="a.pdf", length=9).pk)


def _board(group: Group) -> None:
    """A meeting whose agenda is issued, with a paper put to it and one member named; one that is not issued yet."""
    cast, by = group.cast, group.cast.democratic
    minutes = 10 if group.label == "own" else 40
    for thing, days in (("meeting", 20), ("meeting_new", 40)):
        on = clock.today() + timedelta(days=days)
        meeting = meetings.add_meeting(cast.partnership, by=by, on=on, at=time(10, minutes), venue="Town Hall")
        item = meetings.add_item(meeting, by=by, review=group.review, title="Report of the joint chairs")
        group.put(thing, meeting.pk)
        if thing == "meeting":
            put_paper(item, by=cast.officer, paper=group.about["paper"], readers=[cast.board_member])
            meetings.issue_agenda(meeting, by=by)
            group.put("item", item.pk)


def _chairs(group: Group) -> None:
    """A chair who declared, one who has not yet, and one who was only asked."""
    cast, review, officer = group.cast, group.review, group.cast.officer
    declared = review.appointment_set.get(user=cast.second_chair)
    build.chair_profile(cast, group.appointee)
    waiting = appoint_another(review, by=officer, chair=build.chair_profile(cast, group.appointee), role="chair")
    asked = add_chair_to_register(cast.partnership, by=officer, name="Asked", services="both")
    sounding = sound_out(review, by=officer, chair=asked, note=group.word("sounding"))
    group.put("appointment", declared.pk)
    group.put("appointment_waiting", waiting.pk)
    group.put("task_declaration", review.steps.open().get(subject=waiting.pk).pk)
    group.put("sounding", sounding.pk)
    group.put("chair", build.chair_profile(cast, cast.lead_chair).pk)


def _accounts(group: Group) -> None:
    person, role = group.cast.stranger, group.cast.team_manager.roles.get()
    group.put("person", person.pk)
    group.put("deactivate", person.pk, "deactivate")
    group.put("role", role.user_id, role.pk)
    group.put("entry", AuditEntry.objects.order_by("seq").values_list("seq", flat=True)[0])
    group.put("token", uuid.uuid4().hex)
    group.put("reset", "1", "never-sent")
    group.put("passkey", 1)
