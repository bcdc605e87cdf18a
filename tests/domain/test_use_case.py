"""What is left of a use case that fails: nothing, also not in what was read about people while it ran."""

from typing import Any

import pytest

from dhr.access.roles import Role
from dhr.reviews import memberships
from dhr.usecase import record, use_case
from tests import build
from tests.cast import Cast


@use_case(None)
def join_and_fail(review: Any, *, by: Any, person: Any) -> None:
    memberships.join(review, person, Role.PANEL_MEMBER)
    record("panel.met", review)
    assert person.has_perm("reviews.view_review", review)
    raise ValueError("after the grant was given and read")


def test_a_grant_that_was_rolled_back_is_not_believed(cast: Cast) -> None:
    review = build.notify(cast)
    with pytest.raises(ValueError, match="after the grant"):
        join_and_fail(review, by=cast.officer, person=cast.stranger)
    assert not cast.stranger.has_perm("reviews.view_review", review)
