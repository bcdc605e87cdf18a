"""Real names: sealing them, revealing one, and warning when a text in the clear contains one."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django.core.exceptions import ValidationError

from dhr.audit import log
from dhr.audit.line import Line
from dhr.govuk.wording import NAMES
from dhr.usecase import ask, record, use_case
from restricted_docs import fields
from restricted_docs.strongroom import vault
from restricted_docs.vault.receipt import Scope

from .models import Review, SealedIdentity

WORD = re.compile(r"[^\W\d_]{3,}")
# Words of names that are also words of every text: matching them would cry wolf.
COMMON = frozenset(
    {"mrs", "miss", "the", "and", "van", "von", "der", "den", "will", "may", "mark", "grace", "hope", "rose"}
)


def words_of(text: str) -> set[str]:
    """The words of a text that could be a name: letters only, three or more, without accents or case."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return set(WORD.findall(plain)) - COMMON


def _mark(review_id: Any, word: str) -> str:
    return vault().blind(review_id, "identity-word", word).hex()


def marks_of(review_id: Any, name: str) -> list[str]:
    """The keyed hashes of the words of a name, under the review's key."""
    return sorted(_mark(review_id, word) for word in words_of(name))


def seal_identity(
    review: Review,
    *,
    kind: str,
    name: str,
    date_of_birth: str = "",
    pseudonym: str = "",
    called: str = "pseudonym",
    names_checked: bool = False,
) -> SealedIdentity:
    """Seal a real name inside the use case in hand. The log says that a name was recorded, never which.

    Raises ValidationError for a pseudonym (the answer named `called`) that shares a word with the name it stands for, or, if
    nobody has checked it, with another name of the review.
    """
    if words_of(pseudonym) & words_of(name):
        raise ValidationError({called: "This has a word of the real name in it. Choose another."})
    check_words(review, names_checked=names_checked, **{called: pseudonym})
    identity = SealedIdentity(review=review, kind=kind, pseudonym=pseudonym)
    identity.name, identity.date_of_birth = name, date_of_birth
    identity.marks = marks_of(review.pk, name)
    identity.save()
    record("identity.recorded", identity, part=kind)
    return identity


@use_case("reviews.record_progress")
def record_identity(
    review: Review,
    *,
    by: Any,
    kind: str,
    name: str,
    date_of_birth: str = "",
    pseudonym: str = "",
    names_checked: bool = False,
) -> SealedIdentity:
    """Add a real name to the review."""
    facts = {"kind": kind, "name": name, "date_of_birth": date_of_birth, "pseudonym": pseudonym}
    return seal_identity(review, **facts, names_checked=names_checked)


@use_case("reviews.correct_record")
def choose_pseudonym(review: Review, *, by: Any, pseudonym: str) -> None:
    """Set the public name of the review, chosen with the family. Raises ValidationError where it has a word of a real name."""
    if names_in(review, pseudonym):
        raise ValidationError({"pseudonym": "This has a word of a sealed name in it. Choose another."})
    review.pseudonym = pseudonym
    review.save(update_fields=["pseudonym"])
    record("review.corrected", review, field="pseudonym")


def reveal(identity: SealedIdentity, *, by: Any) -> tuple[str, str]:
    """The real name and date of birth, after a committed line in the log: one line each time. Raises Refused."""
    ask(by, "reviews.reveal_identity", identity.review)
    line = Line(event="identity.revealed", person=by.pk, details={"part": identity.kind}, **identity.logged_as())
    receipt = log.append_first(line, container=identity.review_id, scope=Scope.IDENTITY, subject=str(identity.pk))
    with fields.reading(receipt):
        return str(identity.name), str(identity.date_of_birth)


def names_in(review: Review, text: str) -> list[str]:
    """Which people of this review a text in the clear seems to name, by kind: the warning before it is saved.

    Compares keyed marks; opens nothing. An empty list means no word of a sealed name was found.
    """
    marks = {_mark(review.pk, word) for word in words_of(text)}
    if not marks:
        return []
    identities = SealedIdentity.objects.filter(review=review).only("kind", "marks")
    return sorted({str(i.get_kind_display()) for i in identities if marks.intersection(i.marks)})


def check_words(review: Review, *, names_checked: bool, **words: str) -> None:
    """What every use case asks before it saves words in the clear, each by the name of its answer.

    Raises ValidationError (code "names") where they seem to name somebody of the review and no person has checked them.
    """
    found = {} if names_checked else {name: names_in(review, text) for name, text in words.items()}
    if any(found.values()):
        raise ValidationError(
            {name: ValidationError(_seems_to_name(kinds), code=NAMES) for name, kinds in found.items() if kinds}
        )


def _seems_to_name(kinds: list[str]) -> str:
    who = ", ".join(kind[:1].lower() + kind[1:] for kind in kinds)
    return f"This has a word of a sealed name in it ({who}). It stands in the clear: change it, or confirm that it names nobody."
