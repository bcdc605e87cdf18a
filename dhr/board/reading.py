"""Who of the board may open the one paper put to an item: named members, from the agenda's issue until the item closes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from dhr import clock
from dhr.access.roles import Role, Standing
from dhr.accounts.models import User
from dhr.reviews import memberships
from dhr.reviews.recording import RECORD
from dhr.usecase import NotYet, ask, record, use_case

from .models import AgendaItem, BoardMeeting, PaperReader

ON_THE_BOARD = frozenset({Standing.BOARD_MEMBER, Standing.BOARD_CHAIR})


def members_of_the_board(partnership: Any) -> list[User]:
    """Who can be named for a paper: members of this partnership's board, and its chair."""
    found = User.objects.in_role(Standing.BOARD_MEMBER) | User.objects.in_role(Standing.BOARD_CHAIR)
    return list(found.filter(partnership=partnership).distinct())


@use_case(None)
def put_paper(item: AgendaItem, *, by: Any, paper: UUID, readers: Sequence[User] = ()) -> AgendaItem:
    """Put one paper of the review to an item, and name who may open it: nobody, if not said.

    Done by the review's officer. Naming again replaces who was named before. Raises ValidationError for a reader who is not on
    the board, NotYet for an item that is about no review or is closed.
    """
    if item.review is None:
        raise NotYet(
            "This item is about no review, so no paper of a review can be put to it. Add an item about the review."
        )
    ask(by, RECORD, item.review)
    if not item.is_open:
        raise NotYet("This item is closed. Put the paper to a new item of a later meeting.")
    _check_readers(item, readers)
    kept = {user.pk for user in readers} if item.paper == paper else set()
    end(item.readers.named().exclude(user__in=kept))
    item.paper = paper
    item.save(update_fields=["paper"])
    _name(item, readers, by)
    if item.meeting.is_issued:
        _join_waiting(item.readers)
    about: dict[str, Any] = {"meeting": item.meeting_id, "item": item.number}
    record("board.meeting_changed", item, document=paper, **about)
    return item


def _check_readers(item: AgendaItem, readers: Iterable[User]) -> None:
    for user in readers:
        if user.partnership_id != item.meeting.partnership_id or not user.standing_roles() & ON_THE_BOARD:
            raise ValidationError(
                {"readers": f"{user.name} is not on the board today. Name only members of the board."}
            )


def _name(item: AgendaItem, readers: Iterable[User], by: Any) -> None:
    named = set(item.readers.named().values_list("user_id", flat=True))
    for user in readers:
        if user.pk not in named:
            PaperReader.objects.create(item=item, user=user, named_by=by)
            named.add(user.pk)
            about: dict[str, Any] = {"meeting": item.meeting_id, "item": item.number, "document": item.paper}
            record("board.paper_named", item, whom=user.pk, **about)


def begin(meeting: BoardMeeting) -> None:
    """Inside the use case that issues the agenda: everybody named so far may open their paper from now on."""
    _join_waiting(PaperReader.objects.filter(item__meeting=meeting))


def _join_waiting(readers: Any) -> None:
    waiting = readers.waiting().select_related("item__review", "user")
    for reader in waiting.order_by("item__review_id", "pk"):  # reviews are always locked in this order
        reader.item.review.take_lock()
        reader.membership = memberships.join(
            reader.item.review, reader.user, Role.BOARD_READER, paper=reader.item.paper, starts_on=clock.today()
        )
        reader.save(update_fields=["membership"])


def end(readers: Any) -> None:
    """Inside the use case in hand: these members cannot open the paper any more, from this moment."""
    for reader in readers.select_related("membership__review", "membership__user"):
        reader.ended_at = clock.now()
        reader.save(update_fields=["ended_at"])
        held = reader.membership
        # the same paper may stand on a later agenda too: then its readers keep it until that item closes
        if (
            held is not None
            and held.ended_at is None
            and not PaperReader.objects.named().filter(membership=held).exists()
        ):
            memberships.leave(held)
