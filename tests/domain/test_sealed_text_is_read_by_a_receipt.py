"""The sealed text field: sealed in the database, opened by a receipt, untouched when nobody reads it."""

import uuid

import pytest

from restricted_docs import strongroom
from restricted_docs.fields import allow, filled, forget, reading
from restricted_docs.vault.errors import Damaged, KeyMissing, NoReceipt
from restricted_docs.vault.receipt import Scope
from tests.domain.sealed_notes import (
    PARTNERSHIP,
    SECRET,
    Note,
    Numbered,
    a_container,
    a_note,
    fresh,
    keys_in,
    put,
    receipt,
    stored,
    tables_of_notes,
)


@pytest.fixture(scope="module", autouse=True)
def tables(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), tables_of_notes():
        yield


@pytest.fixture(autouse=True)
def keys_of_its_own(tmp_path, settings):
    with keys_in(tmp_path, settings):
        yield


@pytest.fixture
def review():
    return a_container()


@pytest.fixture
def note(db, review):
    return a_note(review)


# ---- reading


def test_a_text_stands_sealed_in_the_database(note):
    assert stored(note)
    assert SECRET.encode() not in stored(note)
    assert b"Invented" not in stored(note, "who")


def test_a_text_just_written_reads_back_without_a_receipt(review):
    note = Note(review_id=review, body=SECRET)
    assert note.body == SECRET


def test_a_stored_text_is_read_only_with_a_receipt(note, review):
    with pytest.raises(NoReceipt, match="access log"):
        fresh(note).body  # noqa: B018
    allow(receipt(review))
    assert fresh(note).body == SECRET
    forget()
    with pytest.raises(NoReceipt):
        fresh(note).body  # noqa: B018


def test_a_text_that_was_read_does_not_stay_readable_in_the_row(note, review):
    row = fresh(note)
    with reading(receipt(review)):
        assert row.body == SECRET
    assert SECRET not in str(vars(row))
    with pytest.raises(NoReceipt):
        row.body  # noqa: B018


@pytest.mark.parametrize(
    "wrong",
    [
        lambda note: receipt(uuid.uuid4()),
        lambda note: receipt(note.review_id, Scope.IDENTITY),
        lambda note: receipt(note.review_id, Scope.DOCUMENT, f"{note.pk}:1"),
        lambda note: receipt(note.review_id, subject=str(uuid.uuid4())),
    ],
)
def test_a_receipt_for_something_else_opens_nothing(note, wrong):
    with reading(wrong(note)), pytest.raises(NoReceipt):
        fresh(note).body  # noqa: B018


def test_a_real_name_is_opened_by_its_own_receipt_alone(note, review):
    row = fresh(note)
    with reading(receipt(review)), pytest.raises(NoReceipt):
        row.name  # noqa: B018
    with reading(receipt(review, Scope.IDENTITY, str(note.pk))):
        assert row.name == "Invented Name"
    with reading(receipt(review, Scope.IDENTITY, str(uuid.uuid4()))), pytest.raises(NoReceipt):
        row.name  # noqa: B018


def test_reading_ends_and_leaves_what_was_allowed_before(note, review):
    allow(receipt(review))
    with reading(receipt(PARTNERSHIP)):
        assert fresh(note).body == SECRET
    assert fresh(note).body == SECRET
    forget()
    with pytest.raises(TypeError, match="receipt from the access log"), reading(receipt(review), "a wish"):  # type: ignore[arg-type]
        pass
    with pytest.raises(NoReceipt):
        fresh(note).body  # noqa: B018


def test_the_receipt_that_fits_is_found_among_others(note, review):
    with reading(receipt(PARTNERSHIP), receipt(review, Scope.IDENTITY), receipt(review)):
        assert fresh(note).body == SECRET


def test_each_way_to_say_the_container_seals_under_that_container(note, review):
    note.reply, note.minute = "answered", "agreed"
    note.save()
    row = fresh(note)
    with reading(receipt(review)):
        assert row.reply == "answered"
        with pytest.raises(NoReceipt):
            row.minute  # noqa: B018
    with reading(receipt(PARTNERSHIP)):
        assert row.minute == "agreed"


# ---- empty


def test_an_empty_text_is_null_and_needs_no_receipt(note):
    assert stored(note, "reply") is None
    assert fresh(note).reply == ""
    assert Note(review_id=note.review_id).body == ""
    note.body = ""
    note.save()
    assert stored(note) is None


def test_whether_a_text_is_there_is_known_without_opening_it(note):
    row = fresh(note)
    assert filled(row, "body") is True
    assert filled(row, "reply") is False
    assert filled(Note(body="new"), "body") is True
    assert set(Note.objects.filter(reply__isnull=True, body__isnull=False)) == {note}
    with pytest.raises(TypeError, match="not a sealed field"):
        filled(row, "title")


# ---- writing


def test_saving_a_row_nobody_read_writes_the_sealed_text_back_untouched(note, review):
    before = stored(note)
    row = fresh(note)
    row.save()
    assert stored(note) == before
    with reading(receipt(review)):
        assert row.body
    row.save()
    assert stored(note) == before


def test_a_changed_text_is_sealed_anew(note, review):
    before = stored(note)
    row = fresh(note)
    row.body = "something else"
    row.save(update_fields=["body"])
    assert stored(note) != before
    with reading(receipt(review)):
        assert fresh(note).body == "something else"


def test_update_or_create_and_bulk_create_seal(db, review):
    made, _ = Note.objects.update_or_create(review_id=review, defaults={"body": "first"})
    Note.objects.update_or_create(pk=made.pk, defaults={"body": "second"})
    Note.objects.bulk_create([Note(review_id=review, title=f"n{n}", body=f"text {n}") for n in range(3)])
    with reading(receipt(review)):
        assert sorted(row.body for row in Note.objects.all()) == ["second", "text 0", "text 1", "text 2"]


def test_a_row_without_a_key_of_its_own_cannot_hold_sealed_text(db):
    assert Numbered.objects.create().body == ""
    with pytest.raises(ValueError, match="primary key"):
        Numbered.objects.create(body=SECRET)


def test_a_row_that_does_not_say_its_container_is_refused(db):
    with pytest.raises(ValueError, match="Whose key"):
        Note.objects.create(body=SECRET)


def test_a_container_without_a_key_seals_nothing(db):
    with pytest.raises(KeyMissing):
        Note.objects.create(review_id=uuid.uuid4(), body=SECRET)


def test_sealed_text_is_not_copied_to_a_new_row(note):
    row = fresh(note)
    row.pk = uuid.uuid4()
    row._state.adding = True
    with pytest.raises(ValueError, match="assign the text to the new row"):
        row.save()


@pytest.mark.parametrize("value", [b"bytes", 7, ["a"]])
def test_only_text_is_taken(value, review):
    note = Note(review_id=review)
    with pytest.raises(TypeError, match="takes text"):
        note.body = value
    vars(note)["body_sealed"] = value
    with pytest.raises(TypeError, match="takes text"):
        note.save()


def test_sealed_text_of_another_row_is_not_assigned(note, review):
    with pytest.raises(TypeError, match="takes text"):
        Note(review_id=review).body = fresh(note).body_sealed


# ---- somebody with only the database


def test_a_sealed_text_moved_to_another_row_or_column_is_refused(note, review):
    other = Note.objects.create(review_id=review, title="other", body="another text")
    put(other, "body", stored(note))
    put(note, "reply", stored(note))
    with reading(receipt(review)):
        for row, name in ((fresh(other), "body"), (fresh(note), "reply")):
            with pytest.raises(Damaged):
                getattr(row, name)


def test_plain_words_written_into_the_database_are_refused(note, review):
    put(note, "body", b"words that nobody sealed, long enough to be taken for it")
    with reading(receipt(review)), pytest.raises(Damaged):
        fresh(note).body  # noqa: B018


def test_nothing_opens_after_its_container_is_destroyed(note, review):
    strongroom.vault().destroy_container(review)
    with reading(receipt(review)), pytest.raises(KeyMissing):
        fresh(note).body  # noqa: B018
    assert filled(fresh(note), "body")
