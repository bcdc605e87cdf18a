"""Every event the access log can hold: a past-tense name, one plain sentence, a kind, and the details it may carry.

Names are stored and therefore frozen (docs/formats/access-log-v1.md): add, never rename, never reuse.
Details are codes, dates and whole numbers; never free text about people.
In a sentence, {who}, {review}, {object} and {version} come from the line and {whom} is a person's number in the
details, shown as a name; any other placeholder is a detail that the line must then carry.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from string import Formatter

FROM_THE_LINE = frozenset({"who", "review", "object"})
STEP = ("node", "task", "done_on", "how", "evidence", "recorded_for_another", "reason", "outcome", "due_on", "document")
LONGEST_VALUE = 80  # characters
PLAIN_VALUE = re.compile(r"[A-Za-z0-9 \-_:./,()]*")


class UnknownEvent(ValueError):
    """The name is not in the registry."""


class DetailRefused(ValueError):
    """A detail is missing, not on the event's list, or not a short code, date or whole number."""


class Kind(StrEnum):
    STEP = "step"
    READ = "read"
    REVEAL = "reveal"
    REFUSAL = "refusal"
    GRANT = "grant"
    ACCOUNT = "account"
    EXPORT = "export"
    SYSTEM = "system"


@dataclass(frozen=True)
class Event:
    """One kind of fact. `details` are the keys it may carry; `needs` are those its sentence cannot do without."""

    name: str
    sentence: str
    kind: Kind
    details: tuple[str, ...] = ()

    @property
    def needs(self) -> frozenset[str]:
        return frozenset(field for _, field, _, _ in Formatter().parse(self.sentence) if field) - FROM_THE_LINE


def _registry(*groups: tuple[Event, ...]) -> Mapping[str, Event]:
    events = [event for group in groups for event in group]
    names = [event.name for event in events]
    if len(names) != len(set(names)):
        raise ValueError("Two events share a name.")
    return {event.name: event for event in events}


def _steps(subject: str, sentences: Mapping[str, str], *details: str) -> tuple[Event, ...]:
    """Steps on a review, which all may say who did them when, how, and on what evidence."""
    return tuple(
        Event(f"{subject}.{name}", sentence, Kind.STEP, tuple(dict.fromkeys((*STEP, *details))))
        for name, sentence in sentences.items()
    )


REVIEWS = _steps(
    "review",
    {
        "notified": "{who} recorded the notification {review}",
        "scoped": "{who} recorded the scoping of {review}",
        "decided": "{who} recorded the decision on {review}",
        "more_information_asked": "{who} asked for more information before deciding on {review}",
        "home_office_told": "{who} told the Home Office of the decision on {review}",
        "family_told": "{who} told the family of the decision on {review}",
        "scrutiny_upheld": "{who} recorded that the decision on {review} was upheld",
        "direction_received": "{who} recorded the Secretary of State's direction on {review}",
        "stage_changed": "{review} moved to another stage",
        "suspended": "{who} suspended {review}",
        "resumed": "{who} resumed {review}",
        "cancelled": "{who} cancelled {review}",
        "closed": "{who} closed {review}",
        "corrected": "{who} corrected the record of {review}",
        "step_undone": "{who} undid the latest step of {review}",
        "reassigned": "{who} gave a task of {review} to another person",
        "handed_over": "{who} handed {review} over to another officer",
        "draft_answers_saved": "{who} saved unfinished answers on {review}",
        "note_added": "{who} added a note to {review}",
    },
    *("stage", "from_stage", "regime", "field", "whom", "number", "pauses", "led_by", "deputy_for", "consulted"),
)
MEMBERSHIPS = (
    Event(
        "membership.joined",
        "{who} added {whom} to {review} as {role}",
        Kind.GRANT,
        ("whom", "role", "agency", "from_on", "until_on", "substitute_for", "commission", "membership", "paper"),
    ),
    Event(
        "membership.changed",
        "{who} changed the dates of {whom} on {review} as {role}",
        Kind.GRANT,
        ("whom", "role", "from_on", "until_on", "reason", "membership"),
    ),
    Event(
        "membership.ended",
        "{who} ended the part of {whom} on {review} as {role}",
        Kind.GRANT,
        ("whom", "role", "agency", "until_on", "reason", "commission", "membership"),
    ),
)
ACCESS = (
    Event(
        "access.granted",
        "{who} gave {whom} access to {object} on {review}",
        Kind.GRANT,
        ("whom", "permission", "role", "until_on", "reason"),
    ),
    Event(
        "access.revoked",
        "{who} took from {whom} the access to {object} on {review}",
        Kind.GRANT,
        ("whom", "permission", "role", "reason"),
    ),
    Event(
        "access.refused",
        "{who} was refused {object} on {review}",
        Kind.REFUSAL,
        ("permission", "view", "method", "reason", "node", "use_case"),
    ),
)
CHAIRS = _steps(
    "chair",
    {
        "registered": "{who} entered a chair in the register",
        "updated": "{who} changed a chair's entry in the register",
        "retired": "{who} retired a chair from the register",
        "sounded": "{who} asked a possible chair about {review}",
        "appointed": "{who} appointed a chair to {review}",
        "declared_independence": "{who} recorded a declaration of independence for {review}",
        "stood_down": "{who} recorded that a chair of {review} stood down",
    },
    *("chair", "whom", "role", "lead", "field", "answer"),
)
PANEL = _steps(
    "panel",
    {
        "convened": "{who} convened the panel of {review}",
        "met": "{who} recorded a meeting of the panel of {review}",
        "terms_agreed": "{who} recorded the agreed terms of reference of {review}",
        "drafting_opened": "{who} opened drafting of {review}",
    },
    *("meeting_on", "members", "outstanding"),
)
COMMISSIONS = _steps(
    "commission",
    {
        "sent": "{who} sent an agency request on {review}",
        "returned": "{who} returned an agency's account for {review}",
        "signed": "{who} signed off an agency's account for {review}",
        "sent_back": "{who} sent an agency's account for {review} back",
        "nil_returned": "{who} recorded a nil return for {review}",
        "withdrawn": "{who} withdrew an agency request on {review}",
        "not_engaging": "{who} recorded that an agency is not engaging with {review}",
        "chased": "{who} reminded an agency of its request on {review}",
    },
    *("agency", "kind", "commission"),
)
FAMILY = _steps(
    "family",
    {
        "contact_recorded": "{who} recorded a contact with the family of {review}",
        "relative_added": "{who} added a relative to {review}",
        "relative_updated": "{who} changed a relative's wishes on {review}",
        "told": "{who} told the family about {review}",
    },
    *("relative", "about", "contact_on"),
)
LEARNING = _steps(
    "learning",
    {
        "recorded": "{who} recorded early learning on {review}",
        "shared": "{who} shared early learning from {review}",
    },
    *("agency", "learning"),
)
_OPENING = ("kind", "marking", "audience", "bytes", "how", "reason", "page", "first", "last")
_PAPER = (*_OPENING, "done_on", "recorded_for_another", "whom", "commission", "sealing", "nature")
_RESTRICTION = (*_PAPER, "paragraphs", "outcome", "decided_on", "review_on")
DOCUMENTS = (
    Event("document.filed", "{who} filed {object} on {review}", Kind.STEP, _PAPER),
    Event("document.version_added", "{who} added version {version} to {object} on {review}", Kind.STEP, _PAPER),
    Event("document.opened", "{who} opened version {version} of {object} on {review}", Kind.READ, _OPENING),
    Event("document.downloaded", "{who} downloaded version {version} of {object} on {review}", Kind.EXPORT, _OPENING),
    Event("document.released_to_panel", "{who} released {object} to the panel of {review}", Kind.GRANT, _PAPER),
    Event("document.audience_changed", "{who} changed who may open {object} on {review}", Kind.GRANT, _PAPER),
    Event("document.person_named", "{who} named {whom} as one who may open {object} on {review}", Kind.GRANT, _PAPER),
    Event("document.restriction_proposed", "{who} proposed to restrict {object} on {review}", Kind.STEP, _RESTRICTION),
    Event("document.restriction_decided", "{who} decided on restricting {object} on {review}", Kind.STEP, _RESTRICTION),
    Event("document.title_changed", "{who} changed the title of {object} on {review}", Kind.STEP, _PAPER),
    Event("document.checked", "A file sent to {review} was looked into as it arrived", Kind.SYSTEM, ("kind", "bytes")),
    Event("document.joined", "The parts of a file sent to {review} were put together", Kind.SYSTEM, ("parts", "bytes")),
    Event("document.scanned", "The malware scanner read {object} of {review}", Kind.SYSTEM, ("bytes",)),
    Event("document.found_clean", "No malware was found in {object} of {review}", Kind.SYSTEM, ("bytes",)),
    Event("document.found_infected", "Malware was found in {object} of {review}", Kind.SYSTEM, ("bytes",)),
    Event(
        "document.resealed", "Version {version} of {object} on {review} was sealed under new keys", Kind.SYSTEM, _PAPER
    ),
    Event(
        "document.leftovers_deleted",
        "Sealed files that belong to no paper, left by something that was cut short, were deleted ({count})",
        Kind.SYSTEM,
        ("count",),
    ),
    Event("document.withdrawn", "{who} withdrew {object} on {review}", Kind.STEP, _PAPER),
    Event("document.erased", "{who} erased {object} on {review}", Kind.STEP, _PAPER),
)
IDENTITY = (
    Event("identity.recorded", "{who} recorded a name on {review}", Kind.STEP, ("subject", "part", "reason")),
    Event("identity.revealed", "{who} looked at a real name on {review}", Kind.REVEAL, ("subject", "part", "reason")),
)
DRAFTS = _steps(
    "draft",
    {
        "added": "{who} added a draft report to {review}",
        "commented": "{who} commented on a draft report of {review}",
        "agreed": "{who} agreed a draft report of {review}",
        "sent_back": "{who} sent a draft report of {review} back",
        "check_passed": "{who} recorded a check of a draft report of {review} that asks for no changes",
        "check_failed": "{who} recorded that a draft report of {review} failed a check",
        "check_lapsed": "A check of a draft report of {review} lapsed with a new version",
        "signed_off": "{who} recorded the board's sign-off of {review}",
        "not_signed_off": "{who} recorded that the board sent {review} back",
    },
    *("check", "draft", "meeting"),
)
HOME_OFFICE = _steps(
    "submission",
    {
        "pack_prepared": "{who} prepared the Home Office pack of {review}",
        "submitted": "{who} submitted {review} to the Home Office",
        "answered": "{who} recorded the Home Office's answer on {review}",
    },
    *("submission", "items", "sent_on", "answered_on", "board_again"),
)
PUBLICATION = _steps(
    "publication",
    {
        "decided": "{who} decided how {review} is published",
        "published": "{who} recorded the publication of {review}",
        "copy_sent": "{who} sent the Commissioner's copy of {review}",
    },
    *("form", "sent_on", "published_on"),
)
ACTIONS = _steps(
    "action",
    {
        "recommendation_added": "{who} added a recommendation to {review}",
        "added": "{who} added an action to {review}",
        "updated": "{who} updated an action of {review}",
        "completed": "{who} completed an action of {review}",
        "moved": "{who} moved the due date of an action of {review}",
    },
    *("action", "agency", "status", "from_on", "to_on", "recommendation", "whom"),
)
_MEETING = ("meeting", "item", "number", "meeting_on", "whom", "document", "reason", "outcome")
BOARD = (
    Event("board.meeting_added", "{who} added a meeting of the board", Kind.STEP, _MEETING),
    Event("board.meeting_changed", "{who} changed a meeting of the board", Kind.STEP, _MEETING),
    Event("board.item_added", "{who} put {review} on the board's agenda", Kind.STEP, _MEETING),
    Event("board.item_closed", "{who} closed the item {review} on the board's agenda", Kind.STEP, _MEETING),
    Event("board.paper_named", "{who} named a member who may open a paper of {review}", Kind.GRANT, _MEETING),
    Event("board.summary_viewed", "{who} viewed the board's summary", Kind.READ, _MEETING),
    Event("board.meeting_viewed", "{who} viewed a meeting of the board", Kind.READ, _MEETING),
)
_ACCOUNT = ("whom", "role", "reason", "until_on", "how", "factor", "expires_on")
ACCOUNTS = (
    Event("account.created", "{who} made an account", Kind.ACCOUNT, _ACCOUNT),
    Event("account.invited", "{who} invited {whom}", Kind.ACCOUNT, _ACCOUNT),
    Event("account.invitation_used", "{who} accepted an invitation", Kind.ACCOUNT, _ACCOUNT),
    Event("account.invitation_withdrawn", "{who} withdrew the invitation of {whom}", Kind.ACCOUNT, _ACCOUNT),
    Event("account.signed_in", "{who} signed in", Kind.ACCOUNT, _ACCOUNT),
    Event("account.sign_in_failed", "A sign-in to the account of {who} failed", Kind.REFUSAL, _ACCOUNT),
    Event("account.signed_out", "{who} signed out", Kind.ACCOUNT, _ACCOUNT),
    Event("account.password_changed", "{who} changed a password", Kind.ACCOUNT, _ACCOUNT),
    Event("account.factor_changed", "{who} changed a second factor", Kind.ACCOUNT, _ACCOUNT),
    Event("account.deactivated", "{who} deactivated the account of {whom}", Kind.ACCOUNT, _ACCOUNT),
    Event("account.reactivated", "{who} reactivated the account of {whom}", Kind.ACCOUNT, _ACCOUNT),
    Event("account.role_given", "{who} gave {whom} the role of {role}", Kind.ACCOUNT, _ACCOUNT),
    Event("account.role_ended", "{who} ended the role of {role} for {whom}", Kind.ACCOUNT, _ACCOUNT),
    Event("account.list_viewed", "{who} viewed the list of accounts", Kind.READ, _ACCOUNT),
)
READING = (
    Event("review.viewed", "{who} viewed {review}", Kind.READ, ("page",)),
    Event(
        "commission.viewed", "{who} viewed an agency request on {review}", Kind.READ, ("agency", "kind", "commission")
    ),
    Event("action.viewed", "{who} viewed an action of {review}", Kind.READ, ("action", "agency", "status")),
    Event("narrative.viewed", "{who} read the account of {review}", Kind.READ, ("page", "part")),
    Event("list.searched", "{who} searched a list", Kind.READ, ("list", "filters", "results")),
    Event("list.exported", "{who} exported a list", Kind.EXPORT, ("list", "filters", "results")),
    Event("log.viewed", "{who} viewed the access log", Kind.READ, ("filters", "results", "page")),
    Event("log.verified", "{who} verified the access log", Kind.READ, ("size", "outcome")),
    Event("log.exported", "{who} exported the access log", Kind.EXPORT, ("filters", "size", "first", "last", "format")),
    Event("outbox.viewed", "{who} viewed the outbox of notices", Kind.READ, ("page",)),
)
SYSTEM = (
    Event(
        "sealed.damaged",
        "Something that {who} asked for was not opened: it is not what was sealed",
        Kind.REFUSAL,
        ("method",),
    ),
    Event("notice.sent", "A notice about {review} was sent", Kind.SYSTEM, ("whom", "notice", "reason")),
    Event("notice.failed", "A notice about {review} could not be sent", Kind.SYSTEM, ("whom", "notice", "reason")),
    Event("keys.rotated", "{who} changed the root key", Kind.SYSTEM, ("count", "key")),
    Event("keys.rotation_begun", "{who} began to change keys ({what})", Kind.SYSTEM, ("what",)),
    Event("keys.review_rotated", "{who} changed the key of {review}", Kind.SYSTEM, ("count",)),
    Event("keys.papers_resealed", "{who} sealed the papers of {review} under new keys", Kind.SYSTEM, ("count",)),
    Event("demo.loaded", "The demo's invented reviews were loaded", Kind.SYSTEM, ("count",)),
)

_RECOVERY = ("whom", "reason", "set", "needed", "holders", "count", "key")
RECOVERY = (
    Event(
        "recovery.key_made",
        "{who} made a recovery key that {needed} of {holders} open together",
        Kind.SYSTEM,
        _RECOVERY,
    ),
    Event("recovery.share_given", "{whom} was given a share of the recovery key", Kind.GRANT, _RECOVERY),
    Event("recovery.key_used", "{whom} gave a share to use the recovery key ({reason})", Kind.GRANT, _RECOVERY),
    Event("recovery.refused", "An attempt to use the recovery key was refused ({reason})", Kind.REFUSAL, _RECOVERY),
    Event("recovery.finished", "The recovery key opened {count} keys", Kind.SYSTEM, _RECOVERY),
)
ERASURE = _steps(
    "erasure",
    {
        "ordered": "{who} and {whom} ordered that {review} be erased",
        "completed": "{review} was erased",
    },
    *("whom", "papers", "keys", "facts"),
)

EVENTS: Mapping[str, Event] = _registry(
    *(REVIEWS, MEMBERSHIPS, ACCESS, CHAIRS, PANEL, COMMISSIONS, FAMILY, LEARNING, DOCUMENTS, IDENTITY, DRAFTS),
    *(HOME_OFFICE, PUBLICATION, ACTIONS, BOARD, ACCOUNTS, READING, SYSTEM, RECOVERY, ERASURE),
)


def event_named(name: str) -> Event:
    """The event, or UnknownEvent."""
    try:
        return EVENTS[name]
    except KeyError:
        raise UnknownEvent(f"{name!r} is no event of the access log: add it in dhr/audit/events.py first.") from None


def check_details(event: Event, details: Mapping[str, str | int], *, version: int | None) -> None:
    """Raise DetailRefused unless the details are all allowed, all there, and all plain."""
    unknown = sorted(set(details) - set(event.details))
    if unknown:
        raise DetailRefused(f"{event.name} carries no detail named {', '.join(unknown)}: see dhr/audit/events.py.")
    present = set(details) | ({"version"} if version is not None else set())
    missing = sorted(event.needs - present)
    if missing:
        raise DetailRefused(f"{event.name} cannot be told without {', '.join(missing)}.")
    for key, value in details.items():
        if not is_plain(value) or (key == "whom" and not isinstance(value, int)):
            raise DetailRefused(f"{event.name}: the detail {key} must be a short code, a date or a whole number.")


def is_plain(value: object) -> bool:
    """A whole number, or up to 80 letters, digits, spaces and -_:./,() - what a code or a date can be made of."""
    if isinstance(value, str):
        return len(value) <= LONGEST_VALUE and PLAIN_VALUE.fullmatch(value) is not None
    return isinstance(value, int) and not isinstance(value, bool)
