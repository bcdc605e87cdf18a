"""The sealed text field: sealed in the database, opened by a receipt, untouched when nobody reads it."""

import uuid
from uuid import UUID

import pytest
from django.core import serializers
from django.db import connection, models
from django.db.migrations.writer import MigrationWriter
from django.forms import Textarea, modelform_factory
from django.test.utils import isolate_apps

from restricted_docs import fields, strongroom
from restricted_docs.fields import SealedTextField, allow, filled, forget, reading
from restricted_docs.vault.errors import Damaged, KeyMissing, NoReceipt
from restricted_docs.vault.receipt import Scope, mint

SECRET = "what the neighbour heard"
PARTNERSHIP = strongroom.PARTNERSHIP


def folder_of(row):
    """A container said by a function, which a migration names by its import path."""
    return row.review_id


with isolate_apps("django.contrib.contenttypes"):

    class Note(models.Model):
        """A row with each way to say whose key seals it."""

        id = models.UUIDField(primary_key=True, default=uuid.uuid4)
        review_id = models.UUIDField()
        title = models.CharField(max_length=20, default="", blank=True)
        body = SealedTextField(container="review_id", blank=False, max_length=60)
        reply = SealedTextField("what was answered", container=folder_of)
        minute = SealedTextField(container=PARTNERSHIP)
        name = SealedTextField(container="review_id", scope=Scope.IDENTITY, db_column="who")
        objects: models.Manager = models.Manager()

        class Meta:
            app_label = "contenttypes"
            db_table = "sealed_field_notes"

    class Numbered(models.Model):
        """A row whose key is known only after it is saved: it cannot hold sealed text."""

        body = SealedTextField(container=PARTNERSHIP)
        objects: models.Manager = models.Manager()

        class Meta:
            app_label = "contenttypes"
            db_table = "sealed_field_numbered"


@pytest.fixture(scope="module", autouse=True)
def tables(django_db_setup, django_db_blocker):
    """Made outside any transaction: SQLite changes no schema inside one."""
    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            for model in (Note, Numbered):
                editor.create_model(model)
        yield
        with connection.schema_editor() as editor:
            for model in (Note, Numbered):
                editor.delete_model(model)


@pytest.fixture(autouse=True)
def keys_of_its_own(tmp_path, settings):
    settings.VAR = tmp_path
    strongroom.reset()
    strongroom.make_keys()
    forget()
    yield
    forget()
    strongroom.reset()


@pytest.fixture
def review():
    container = uuid.uuid4()
    strongroom.vault().create_container(container)
    return container


@pytest.fixture
def note(db, review):
    return Note.objects.create(review_id=review, body=SECRET, name="Invented Name")


def receipt(container, scope=Scope.NARRATIVE, subject=""):
    return mint(seq=1, leaf=bytes(32), person=1, container=container, scope=scope, subject=subject)


def stored(note, column="body"):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM sealed_field_notes WHERE title = %s", [note.title])  # noqa: S608
        (value,) = cursor.fetchone()
    return None if value is None else bytes(value)


def fresh(note):
    return Note.objects.get(pk=note.pk)


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


# ---- somebody with only the database


def put(note, column, value):
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE sealed_field_notes SET {column} = %s WHERE title = %s", [value, note.title])  # noqa: S608


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
