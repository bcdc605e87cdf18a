"""Canned questions of the auditor. Each narrows the entries of the log to its answer, so that the list's own filters, its
pages and its files go on from there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ..reading import EntryQuerySet
from . import after_leaving, break_glass, bulk, ended_accounts, for_another, one_person, out_of_hours, refused


@dataclass(frozen=True)
class Question:
    """`code` stands in addresses and in the log. `is_cheap`: a count of it costs no more than reading its month."""

    code: str
    title: str
    tells: str
    find: Callable[[EntryQuerySet], EntryQuerySet]
    is_cheap: bool = True


_ALL = (
    Question(
        "out_of_hours",
        "Out of hours",
        "What anybody did before 7:00, from 20:00 on, at a weekend or on a bank holiday of England and Wales, London time.",
        out_of_hours.find,
    ),
    Question("bulk", "Many in a short time", bulk.TELLS, bulk.find, is_cheap=False),
    Question("refused", "Refused", "Everything that was refused, and every sign-in that failed.", refused.find),
    Question(
        "after_leaving",
        "After their part had ended",
        "What somebody tried on a review when their part in it had ended, and they had no other part in it.",
        after_leaving.find,
        is_cheap=False,
    ),
    Question(
        "break_glass",
        "Break-glass",
        "Everything about the recovery key and the keys of the service: made, given out, used, refused, changed.",
        break_glass.find,
    ),
    Question(
        "ended_accounts",
        "By people whose account had ended",
        "Lines of people whose account was deactivated or past its last day at that time.",
        ended_accounts.find,
        is_cheap=False,
    ),
    Question(
        "for_another",
        "Recorded for somebody else",
        "What somebody typed in for another person, with an account or without one.",
        for_another.find,
    ),
    Question(
        "one_person",
        "Entered, decided and signed off by one person",
        "Notification, decision and sign-off of one review, where one account typed in all three.",
        one_person.find,
        is_cheap=False,
    ),
)
QUESTIONS: Mapping[str, Question] = {question.code: question for question in _ALL}
