"""The one door to the access log: write lines, and earn the receipt without which nothing sealed is opened.

A change writes its lines in its own transaction, last. A read commits its line first, in a durable transaction of its
own. A refusal is written after the rollback. No line, no receipt.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from dhr import clock
from restricted_docs.vault.receipt import AccessReceipt, Scope, mint

from . import table
from .checkpoints import BadCheckpoint, Signer, SigningKeyMissing, signer
from .entry_bytes import canonical_details
from .line import Line
from .merkle import Frontier
from .models import THE_HEAD, AuditEntry, DailySighting, LogHead
from .reading import microseconds
from .shipping import ship_hourly

CLOCK_PUT_RIGHT = timedelta(minutes=10)  # a clock set back by no more leaves the times of the log in order


class HeadDamaged(Exception):
    """The head does not belong to the lines: nothing more is written until somebody has looked."""


class LogUnavailable(Exception):
    """The access log cannot be written, so nothing may happen. `sentence` is for the person on the page."""

    status = 503
    sentence = (
        "The access log cannot be written at the moment, so nothing was opened and nothing was changed. "
        "Try again in a minute. If this comes back, tell your administrator."
    )

    def __init__(self) -> None:
        super().__init__(self.sentence)


def append(lines: Sequence[Line]) -> list[AuditEntry]:
    """Write these lines at the end of the log, in the transaction that is open; they vanish if it rolls back.

    Takes the lock on the head, so it is the last thing a transaction does. Raises RuntimeError outside a transaction
    and LogUnavailable when the log cannot be written.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("The access log is written in the transaction of the change: open one first.")
    if not lines:
        return []
    try:
        return _append(lines)
    except (DatabaseError, SigningKeyMissing, HeadDamaged) as error:
        raise LogUnavailable from error


def _append(lines: Sequence[Line]) -> list[AuditEntry]:
    key = signer()
    head = _locked_head()
    tree = _tree(head, key)
    at_us = _not_before(head.at_us, microseconds(clock.now()))
    entries = []
    for seq, line in enumerate(lines, start=tree.size + 1):
        entry = _entry(seq, at_us, line)
        tree.add(bytes(entry.leaf))
        entries.append(entry)
    root = tree.root()
    note = key.sign(tree.size, root)
    head.size, head.frontier, head.root, head.checkpoint, head.at_us = tree.size, bytes(tree), root, note, at_us
    table.add(entries, head)
    transaction.on_commit(lambda: ship_hourly(note), robust=True)
    return entries


def _locked_head() -> LogHead:
    head = table.locked_head()
    if head is not None:
        return head
    if AuditEntry.objects.exists():
        head = table.locked_head()
        if head is None:  # not somebody else's first line, which was committed between the two questions
            raise HeadDamaged("The access log has lines but no head: run manage.py verify_access_log.")
        return head
    LogHead.objects.bulk_create([LogHead()], ignore_conflicts=True)  # the first line of a new log; two may race for it
    return LogHead.objects.select_for_update().get(pk=THE_HEAD)


def _tree(head: LogHead, key: Signer) -> Frontier:
    """The tree to go on from, if the log's key signed just this one: a head put there by somebody else is never signed."""
    try:
        tree = head.tree()
        signed = key.read(head.checkpoint) if tree.size else None
    except (ValueError, BadCheckpoint) as error:
        raise HeadDamaged("The head of the access log is damaged: run manage.py verify_access_log.") from error
    if signed and (signed.size, signed.root) != (tree.size, tree.root()):
        raise HeadDamaged("The head of the access log is not the one that was signed: run manage.py verify_access_log.")
    return tree


def _not_before(last: int | None, at_us: int) -> int:
    """A clock that is put right by a few minutes, or another server's that lags, gives the time of the line before. One
    set back further is written as it reads: whoever checks the log shall see it (docs/formats/access-log-v1.md)."""
    lags = last is not None and 0 < last - at_us <= CLOCK_PUT_RIGHT // timedelta(microseconds=1)
    return last if last is not None and lags else at_us


def _entry(seq: int, at_us: int, line: Line) -> AuditEntry:
    entry = AuditEntry(
        seq=seq,
        at_us=at_us,
        event=line.event,
        person=line.person,
        on_behalf_of=line.on_behalf_of,
        review=line.review,
        reference=line.reference,
        object=line.object,
        object_id=line.object_id,
        version=line.version,
        details=canonical_details(line.details),
    )
    entry.leaf = entry.computed_leaf()
    return entry


def append_first(line: Line, *, container: UUID, scope: Scope, subject: str = "") -> AccessReceipt:
    """Commit this line, and only then hand out the receipt that opens `container` within `scope`.

    Raises RuntimeError inside another transaction (what it opened could be read although its line rolled back) and
    LogUnavailable when the log cannot be written.
    """
    return _receipt(_commit(line), container, scope, subject)


def sighted(line: Line, *, container: UUID, scope: Scope = Scope.NARRATIVE) -> AccessReceipt:
    """As append_first, with one line per person, review, event and day: later sightings share the first one's entry.

    Raises ValueError for a line without a person or a review, and for names and papers, whose every opening has a line
    of its own; and what append_first raises.
    """
    person, review = line.person, line.review
    if person is None or review is None or scope != Scope.NARRATIVE:
        raise ValueError(f"{line.event}: a daily sighting is of a review's account, by a person.")
    _refuse_inside_a_transaction()

    today = clock.today()

    def note_the_day(entry: AuditEntry) -> None:
        DailySighting.objects.create(person=person, review=review, event=line.event, day=today, entry=entry)

    entry = _seen_today(line)
    if entry is None:
        try:
            entry = _commit(line, note_the_day)
        except IntegrityError:  # another request of the same person was first, and has committed
            entry = _seen_today(line)
            if entry is None:
                raise LogUnavailable from None
    return _receipt(entry, container, scope)


def refuse(line: Line) -> None:
    """Record a refusal, after the rollback, in a transaction of its own. Raises only LogUnavailable (answer 503)."""
    _commit(line)


def _commit(line: Line, beside: Callable[[AuditEntry], None] | None = None) -> AuditEntry:
    """The line, committed together with what `beside` writes. Raises IntegrityError only from there."""
    try:
        with transaction.atomic(durable=True):
            entry = append([line])[0]
            if beside is not None:
                beside(entry)
    except IntegrityError:
        raise
    except DatabaseError as error:
        raise LogUnavailable from error
    return entry


def _seen_today(line: Line) -> AuditEntry | None:
    """The committed line behind today's sighting, if it tells just that: a row alone proves nothing."""
    today = clock.today()
    fact = {"person": line.person, "review": line.review, "event": line.event}
    try:
        sighting = (
            DailySighting.objects.filter(**fact, day=today, **{f"entry__{name}": value for name, value in fact.items()})
            .select_related("entry")
            .first()
        )
    except DatabaseError as error:
        raise LogUnavailable from error
    return sighting.entry if sighting is not None and _is_of(today, sighting.entry) else None


def _is_of(day: date, entry: AuditEntry) -> bool:
    """Whether it was written on this day, by a clock that may have been put right over midnight."""
    latest = timezone.localtime(entry.at)
    return timezone.localtime(entry.at - CLOCK_PUT_RIGHT).date() <= day <= latest.date()


def _refuse_inside_a_transaction() -> None:
    """What `durable=True` would say, also on the days when nothing has to be written."""
    if any(_is_real(block) for block in connection.atomic_blocks):
        raise RuntimeError("What is sealed cannot be opened inside a transaction: its line could still roll back.")


def _is_real(block: transaction.Atomic) -> bool:
    """Not the block that Django's test cases wrap around a test: Django's own durability check leaves it out too."""
    return not getattr(block, "_from_testcase", False)


def _receipt(entry: AuditEntry, container: UUID, scope: Scope, subject: str = "") -> AccessReceipt:
    return mint(
        seq=entry.seq,
        leaf=bytes(entry.leaf),
        person=entry.person,
        container=container,
        scope=scope,
        subject=subject,
    )
