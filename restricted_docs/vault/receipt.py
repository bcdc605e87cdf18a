"""The proof that a line about an opening is already committed in the access log.

Only `dhr.audit.log` calls `mint`, after its commit (tests/architecture holds that). The vault opens nothing without it.
"""

from enum import StrEnum
from typing import Final, Never, final
from uuid import UUID

_MINT: Final = object()


class Scope(StrEnum):
    """What kind of sealed thing a receipt opens. The values are stored in the log: frozen."""

    NARRATIVE = "narrative"  # free text about people
    IDENTITY = "identity"  # real names
    DOCUMENT = "document"  # one version of one paper


@final
class AccessReceipt:
    """One committed line of the access log, as the right to open what the line names.

    `seq` and `leaf` place the line in the log; `person` is the account's key, None for the system itself.
    `subject` narrows a container to one thing in it: an identity, a row, or "document:version"; "" is all of it.
    Immutable, and neither copied nor pickled: it lives no longer than the request whose line it is.
    """

    __slots__ = ("container", "leaf", "person", "scope", "seq", "subject")

    seq: int
    leaf: bytes
    person: int | None
    container: UUID
    scope: Scope
    subject: str

    def __init__(self, token: object = None, /, **facts: object) -> None:
        if token is not _MINT:
            raise TypeError(
                "An AccessReceipt is made by the access log alone: append a line to it and use what it returns."
            )
        for name in self.__slots__:
            object.__setattr__(self, name, facts[name])

    def __init_subclass__(cls) -> Never:
        raise TypeError("An AccessReceipt has no other kinds.")

    def __setattr__(self, name: str, value: object) -> Never:
        raise AttributeError("An AccessReceipt does not change.")

    def __delattr__(self, name: str) -> Never:
        raise AttributeError("An AccessReceipt does not change.")

    def __reduce_ex__(self, protocol: object) -> Never:
        raise TypeError("An AccessReceipt is neither copied nor stored.")

    def __repr__(self) -> str:
        return f"<AccessReceipt line {self.seq}: {self.scope} of {self.container}>"

    def covers(self, container: UUID, scope: Scope, subject: str = "") -> bool:
        """Whether the line behind this receipt names what is about to be opened.

        Scopes never stand in for each other. A receipt for a whole container covers each of its texts, or each of its
        identities, but never a document: every paper opened has a line of its own.
        """
        if self.container != container or self.scope != scope:
            return False
        if scope == Scope.DOCUMENT:
            return subject != "" and self.subject == subject
        return self.subject in {"", subject}


def mint(
    *, seq: int, leaf: bytes, person: int | None, container: UUID, scope: Scope, subject: str = ""
) -> AccessReceipt:
    """A receipt for a line that is committed. For `dhr.audit.log` alone."""
    return AccessReceipt(
        _MINT, seq=seq, leaf=leaf, person=person, container=container, scope=Scope(scope), subject=subject
    )
