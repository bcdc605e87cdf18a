"""Field changes, a second witness beside the log: the only door to django-auditlog.

A model is watched field by field, by the package that owns it, in AppConfig.ready. It sees no reads and no bulk writes;
the story of record is the access log.
"""

from collections.abc import Sequence

from auditlog.registry import auditlog
from django.db.models import Model

from restricted_docs.fields import SealedTextField

MASK = "(not shown)"


def masked(value: object) -> str:
    """The same words for every value: auditlog's own mask shows half of it."""
    return MASK


def watch(model: type[Model], fields: Sequence[str], *, masks: Sequence[str] = ()) -> None:
    """Record changes of these fields of `model`, and of `masks` only that they changed.

    The model's __str__ is stored with each change, so it must be its reference alone. Raises TypeError for a sealed
    field, ValueError for one that does not exist and for none at all (auditlog would take that to mean every field).
    """
    wanted = [*fields, *masks]
    if not wanted:
        raise ValueError(f"{model.__name__}: name the fields to watch.")
    known = {field.name: field for field in model._meta.get_fields()}
    for name in wanted:
        if name not in known:
            raise ValueError(f"{model.__name__} has no field {name}.")
        if isinstance(known[name], SealedTextField):
            raise TypeError(f"{model.__name__}.{name} is sealed: its changes are never recorded.")
    auditlog.register(model, include_fields=wanted, mask_fields=list(masks))
