"""People, partnerships, standing roles, invitations and notices."""

from .invitations import Invitation
from .notices import Notice, NoticeKind
from .people import Partnership, StandingRole, User

__all__ = ["Invitation", "Notice", "NoticeKind", "Partnership", "StandingRole", "User"]
