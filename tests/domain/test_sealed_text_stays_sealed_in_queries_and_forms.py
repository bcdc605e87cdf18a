"""The sealed text field in queries, forms, checks, exports and migrations: no plain word gets out or in."""

from uuid import UUID

import pytest
from django.core import serializers
from django.db.migrations.writer import MigrationWriter
from django.forms import Textarea, modelform_factory

from restricted_docs import fields
from restricted_docs.fields import SealedTextField, filled, reading
from restricted_docs.vault.errors import NoReceipt
from restricted_docs.vault.receipt import Scope
from tests.domain.sealed_notes import (
    SECRET,
    Note,
    a_container,
    a_note,
    fresh,
    keys_in,
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


# ---- queries


@pytest.mark.parametrize(
    "query",
    [
        lambda: Note.objects.update(body=SECRET),
        lambda: Note.objects.update(body=""),
        lambda: Note.objects.filter(body=SECRET).exists(),
        lambda: Note.objects.filter(body="").exists(),
        lambda: Note.objects.filter(body__in=[SECRET]).exists(),
        lambda: Note.objects.filter(body__contains="neighbour").exists(),
        lambda: Note.objects.exclude(body__icontains="neighbour").exists(),
        lambda: Note.objects.filter(body__gt="a").exists(),
        lambda: Note.objects.get_or_create(body=SECRET),
        lambda: Note.objects.update(body=b"forged"),
    ],
)
def test_plain_words_never_reach_a_statement(note, query):
    with pytest.raises(TypeError, match="sealed"):
        query()


def test_a_bulk_update_of_plain_text_is_refused(note):
    note.body = "changed"
    with pytest.raises(TypeError, match="sealed"):
        Note.objects.bulk_update([note], ["body"])


def test_a_list_of_rows_opens_nothing_and_asks_once(note, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert [filled(row, "body") for row in Note.objects.all()] == [True]


@pytest.mark.parametrize(
    "queryset", [lambda: Note.objects.only("title", "review_id"), lambda: Note.objects.defer("body")]
)
def test_a_deferred_text_is_fetched_when_it_is_read(note, review, queryset, django_assert_num_queries):
    row = queryset().get()
    with reading(receipt(review)), django_assert_num_queries(1):
        assert row.body == SECRET
        assert row.body == SECRET


def test_a_deferred_text_is_left_alone_by_saving(note, review):
    before = stored(note)
    row = Note.objects.defer("body").get()
    row.title = note.title
    row.save()
    assert stored(note) == before
    assert isinstance(Note.objects.only("body").get().body_sealed, fields.SealedBytes)


def test_refreshing_a_row_needs_no_receipt_and_gives_up_what_was_typed(note, review):
    row = fresh(note)
    row.body = "typed and not saved"
    row.refresh_from_db()
    with pytest.raises(NoReceipt):
        row.body  # noqa: B018
    row.body = "typed again"
    row.refresh_from_db(fields=["body"])
    with reading(receipt(review)):
        assert row.body == SECRET


def test_values_are_sealed_too(note):
    (value,) = Note.objects.values_list("body", flat=True)
    assert isinstance(value, fields.SealedBytes)


# ---- forms, checks, exports, migrations


def test_a_form_asks_for_the_text_and_seals_what_it_is_given(note, review):
    form_class = modelform_factory(Note, fields=["body", "reply"])
    field = form_class.base_fields["body"]
    assert isinstance(field.widget, Textarea)
    assert field.required
    assert not form_class.base_fields["reply"].required
    with reading(receipt(review)):
        assert form_class(instance=fresh(note)).initial["body"] == SECRET
        form = form_class({"body": "as corrected", "reply": ""}, instance=fresh(note))
        form.save()
        assert fresh(note).body == "as corrected"
    with pytest.raises(NoReceipt):
        form_class(instance=fresh(note))


def test_a_form_refuses_what_is_missing_or_too_long(review):
    form_class = modelform_factory(Note, fields=["body"])
    assert form_class({"body": " "}, instance=Note(review_id=review)).errors.keys() == {"body"}
    assert form_class({"body": "x" * 61}, instance=Note(review_id=review)).errors.keys() == {"body"}


def test_checking_a_row_opens_nothing_and_measures_no_sealed_text(note):
    note.body = "x" * 60  # as long as it may be; sealed, it is longer
    note.save()
    row = fresh(note)
    row.full_clean()
    assert isinstance(row.body_sealed, fields.SealedBytes)


def test_sealed_text_is_not_exported_with_the_database(note, review):
    with reading(receipt(review), receipt(review, Scope.IDENTITY)), pytest.raises(TypeError, match="not exported"):
        serializers.serialize("json", [fresh(note)])


@pytest.mark.parametrize("name", ["body", "reply", "minute", "name"])
def test_a_migration_rebuilds_the_same_field(name):
    field = Note._meta.get_field(name)
    assert isinstance(field, SealedTextField)
    _, path, args, options = field.deconstruct()
    again = SealedTextField(*args, **options)
    assert path == "restricted_docs.fields.SealedTextField"
    assert not options.keys() & {"null", "editable", "default"}
    for fact in ("container", "scope", "blank", "null", "editable", "max_length", "db_column"):
        assert getattr(again, fact) == getattr(field, fact)
    written, _ = MigrationWriter.serialize(field)
    assert "restricted_docs.fields.SealedTextField(" in written
    assert "Scope" not in written


def test_the_column_has_the_fields_own_name():
    assert Note._meta.get_field("body").column == "body"
    assert Note._meta.get_field("name").column == "who"
    assert Note.check() == []


def test_a_field_that_could_only_mislead_is_refused():
    for wrong in ({"default": "text"}, {"unique": True}, {"db_index": True}, {"choices": [("a", "b")]}):
        with pytest.raises(TypeError):
            SealedTextField(container=UUID(int=0), **wrong)
    with pytest.raises(TypeError, match="container"):
        SealedTextField()  # type: ignore[call-arg]
