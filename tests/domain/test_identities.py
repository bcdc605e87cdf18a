"""Real names: sealed, revealed one by one, and looked for in what stands in the clear."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from dhr.audit.models import AuditEntry
from dhr.reviews import identities
from dhr.reviews.models import SealedIdentity
from dhr.usecase import Refused
from restricted_docs.vault.errors import NoReceipt
from tests import build
from tests.cast import Cast


def test_a_name_stands_nowhere_in_the_clear(cast: Cast) -> None:
    review = build.notify(cast)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - every table, by its own name
            for row in cursor.fetchall():
                assert "quillfeather" not in repr(row).lower(), table
                assert build.CANARY_TEXT not in repr(row), table
    assert review.reference in AuditEntry.objects.get(event="review.notified").reference


def test_a_name_does_not_open_without_a_receipt(cast: Cast) -> None:
    identity = SealedIdentity.objects.get(review=build.notify(cast))
    with pytest.raises(NoReceipt):
        str(identity.name)


def test_each_reveal_is_a_line_of_its_own(cast: Cast) -> None:
    identity = SealedIdentity.objects.get(review=build.notify(cast))
    for _ in range(2):
        assert identities.reveal(identity, by=cast.officer)[0] == build.CANARY_NAME
    assert AuditEntry.objects.filter(event="identity.revealed", person=cast.officer.pk).count() == 2
    with pytest.raises(Refused):
        identities.reveal(identity, by=cast.second_officer)


def test_a_name_is_found_in_a_text_whatever_its_case_and_accents(cast: Cast) -> None:
    review = build.notify(cast)
    assert identities.names_in(review, "Minutes about QUILLFÉATHER") == ["The person who died"]
    assert identities.names_in(review, "Minutes of the second meeting") == []
    other = build.notify(cast, people=[])
    assert identities.names_in(other, "Minutes about Quillfeather") == []


def test_a_pseudonym_never_has_a_word_of_a_real_name(cast: Cast) -> None:
    review = build.notify(cast)
    with pytest.raises(ValidationError, match="sealed name"):
        identities.choose_pseudonym(review, by=cast.officer, pseudonym="Zephyrine")
    with pytest.raises(ValidationError, match="real name"):
        identities.record_identity(
            review, by=cast.officer, kind="suspect", name="Balthasar Thistlewood", pseudonym="Balthasar"
        )
    identities.choose_pseudonym(review, by=cast.officer, pseudonym="Denise")
    review.refresh_from_db()
    assert review.pseudonym == "Denise"
