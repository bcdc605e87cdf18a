"""Rows with sealed text, and ways to look at them and to spoil them: what the tests of the sealed field share."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, models
from django.test.utils import isolate_apps

from restricted_docs import strongroom
from restricted_docs.fields import SealedTextField, forget
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


@contextmanager
def tables_of_notes() -> Iterator[None]:
    """Made outside any transaction: SQLite changes no schema inside one."""
    with connection.schema_editor() as editor:
        for model in (Note, Numbered):
            editor.create_model(model)
    yield
    with connection.schema_editor() as editor:
        for model in (Note, Numbered):
            editor.delete_model(model)


@contextmanager
def keys_in(folder: Path, settings: Any) -> Iterator[None]:
    settings.VAR = folder
    strongroom.reset()
    strongroom.make_keys()
    forget()
    yield
    forget()
    strongroom.reset()


def a_container() -> uuid.UUID:
    container = uuid.uuid4()
    strongroom.vault().create_container(container)
    return container


def a_note(review: uuid.UUID) -> Note:
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


def put(note, column, value):
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE sealed_field_notes SET {column} = %s WHERE title = %s", [value, note.title])  # noqa: S608
