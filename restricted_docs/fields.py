"""The sealed text field: free text about people, sealed under its container's key, opened only with a receipt.

A text is sealed for one row of one column ("table.column:pk" is associated data), so a text moved to another row, or
written by somebody with only the database, is refused. Renaming such a table or column therefore needs a migration that
seals anew.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from operator import attrgetter
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.db import models

from . import strongroom
from .vault.errors import NoReceipt
from .vault.receipt import AccessReceipt, Scope

ContainerOfRow = str | UUID | Callable[[models.Model], UUID]

_receipts: ContextVar[tuple[AccessReceipt, ...]] = ContextVar("receipts", default=())

if TYPE_CHECKING:
    _Base = models.BinaryField[str, str]
else:
    _Base = models.BinaryField


def allow(receipt: AccessReceipt) -> None:
    """From here to `forget`, sealed text that the receipt covers may be read. Raises TypeError for anything else."""
    if type(receipt) is not AccessReceipt:
        raise TypeError("Only a receipt from the access log allows reading.")
    _receipts.set((*_receipts.get(), receipt))


def forget() -> None:
    """End what this request was allowed to read."""
    _receipts.set(())


@contextmanager
def reading(*receipts: AccessReceipt) -> Iterator[None]:
    """Inside, sealed text that the receipts cover may be read as well; afterwards, only what could be read before."""
    before = _receipts.get()
    try:
        for receipt in receipts:
            allow(receipt)
        yield
    finally:
        _receipts.set(before)


def filled(instance: models.Model, name: str) -> bool:
    """Whether a sealed field holds any text; never opens it and needs no receipt."""
    field = instance._meta.get_field(name)
    if not isinstance(field, SealedTextField):
        raise TypeError(f"{name} is not a sealed field.")
    return bool(getattr(instance, field.attname))


class SealedBytes(bytes):
    """A sealed text as it stands in the database: never mistaken for one that was just written."""


class SealedText:
    """What a sealed field's name gives: the text, opened at each reading, so that none stays in memory with the row."""

    def __init__(self, field: "SealedTextField") -> None:
        self.field = field

    def __get__(self, instance: models.Model | None, owner: type[models.Model] | None = None) -> Any:
        if instance is None:
            return self
        value = getattr(instance, self.field.attname)
        return self.field.open(instance, value) if isinstance(value, SealedBytes) else value or ""

    def __set__(self, instance: models.Model, value: str | None) -> None:
        if not (value is None or isinstance(value, str)):
            raise TypeError(f"{self.field.name} takes text, not {type(value).__name__}.")
        setattr(instance, self.field.attname, value)


class SealedTextField(_Base):
    """Text that stands sealed in the database; an empty text is NULL, and reads as "" without a receipt.

    `container` says whose key seals it: the name of an attribute (dots may follow relations), a fixed id, or a function
    of the row. A receipt covers a row by its container and `scope`; one with a subject, by the row's primary key too.
    The row's primary key must be known before it is saved. `obj.<name>` is the text and asks for a receipt
    (raises NoReceipt); `obj.<name>_sealed` is what is stored, as a foreign key has its `_id`, and is all that Django
    itself handles.
    """

    def __init__(
        self, *args: Any, container: ContainerOfRow, scope: Scope | str = Scope.NARRATIVE, **options: Any
    ) -> None:
        if options.pop("default", "") != "":
            raise TypeError("A sealed field has no default text.")
        if options.keys() & {"primary_key", "unique", "db_index", "choices", "db_default"}:
            raise TypeError(
                "A sealed field cannot be searched, compared or chosen from. Use Vault.blind to find equal texts."
            )
        self.container = container
        self.scope = Scope(scope)
        options.update(null=True, blank=options.get("blank", True), editable=options.get("editable", True))
        super().__init__(*args, **options)

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        for always in ("null", "blank", "editable"):
            options.pop(always, None)
        options["container"] = self.container
        options |= {} if self.blank else {"blank": False}
        options |= {} if self.editable else {"editable": False}
        options |= {} if self.scope == Scope.NARRATIVE else {"scope": str(self.scope)}
        return name, path, args, options

    def get_attname(self) -> str:
        return f"{self.name}_sealed"

    def get_attname_column(self) -> tuple[str, str]:
        return self.get_attname(), self.db_column or self.name

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, name, SealedText(self))

    # sealing and opening

    def open(self, instance: models.Model, sealed: SealedBytes) -> str:
        """The text. Raises NoReceipt, Damaged, KeyMissing."""
        container, subject = self._container_of(instance), _key_of(instance)
        for receipt in _receipts.get():
            if receipt.covers(container, self.scope, subject):
                place = self._place(subject)
                return strongroom.vault().open_text(
                    container, place, sealed, receipt, scope=self.scope, subject=subject
                )
        raise NoReceipt(f"{self.name} is sealed. Append a line to the access log, then allow its receipt to read it.")

    def resealed(self, instance: models.Model) -> SealedBytes | None:
        """What is stored, under its container's current key; None where it is that already, or empty. Gives no text out."""
        sealed = getattr(instance, self.attname)
        if sealed is None:
            return None
        place = self._place(_key_of(instance))
        again = strongroom.vault().reseal_text(self._container_of(instance), place, bytes(sealed))
        return None if again is None else SealedBytes(again)

    def pre_save(self, model_instance: models.Model, add: bool) -> SealedBytes | None:
        """What goes to the database: a new text is sealed, one that nobody touched goes back as it came."""
        value = getattr(model_instance, self.attname)
        if isinstance(value, SealedBytes):
            if add:
                raise ValueError(
                    f"{self.name} is sealed for the row it came from. Read it and assign the text to the new row."
                )
            return value
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            raise TypeError(f"{self.name} takes text, not {type(value).__name__}.")
        container, place = self._container_of(model_instance), self._place(_key_of(model_instance))
        return SealedBytes(strongroom.vault().seal_text(container, place, value))

    def _container_of(self, instance: models.Model) -> UUID:
        if isinstance(self.container, UUID):
            return self.container
        found = attrgetter(self.container)(instance) if isinstance(self.container, str) else self.container(instance)
        if not isinstance(found, UUID):
            raise ValueError(f"Whose key seals {self.name}? The row does not say yet: set it first.")  # noqa: TRY004
        return found

    def _place(self, key: str) -> str:
        return f"{self.model._meta.db_table}.{self.column}:{key}"

    # what Django asks of a field

    def from_db_value(self, value: Any, expression: object, connection: object) -> SealedBytes | None:
        """SQLite keeps anything in any column: what is no bytes was not sealed here, and is refused when it is opened."""
        if value is None or isinstance(value, bytes | memoryview):
            return None if value is None else SealedBytes(value)
        return SealedBytes(str(value).encode("utf-8", "replace"))

    def get_prep_value(self, value: Any) -> Any:
        if not (value is None or isinstance(value, SealedBytes)):
            raise TypeError(
                f"{self.name} is sealed row by row: assign it and save the row. update() and filter() cannot."
            )
        return super().get_prep_value(value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return super().get_db_prep_value(self.get_prep_value(value), connection, prepared)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise TypeError(f"{self.name} is sealed: it can be asked whether it is empty (isnull), nothing else.")
        return super().get_lookup(lookup_name)

    def to_python(self, value: Any) -> Any:
        return value

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        return value if isinstance(value, SealedBytes) else super().clean(value, model_instance)

    def value_from_object(self, obj: models.Model) -> Any:
        """For a form about an existing row: the text, with a receipt."""
        return getattr(obj, self.name)

    def value_to_string(self, obj: models.Model) -> str:
        raise TypeError(f"{self.name} is sealed and is not exported with the database. Back up the database itself.")

    def formfield(self, **options: Any) -> Any:
        return super().formfield(
            **{"form_class": forms.CharField, "widget": forms.Textarea, "max_length": self.max_length, **options}
        )


def _key_of(instance: models.Model) -> str:
    if instance.pk is None:
        raise ValueError("A row with sealed text needs its primary key before it is saved: use a UUID with a default.")
    return str(instance._meta.pk.to_python(instance.pk))
