"""Who is at the door. What they may do is the business of dhr.access alone."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from dhr.access.backends import stands


class SignInBackend(AuthenticationBackend):
    """Checks a password; grants nothing. Whoever no longer stands is nobody, also in a session that is still open."""

    def user_can_authenticate(self, user: Any) -> bool:
        """Asked when a password is checked, and again whenever a session is read."""
        return stands(user)

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return False

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return False

    def get_user_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()

    def get_group_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()

    def with_perm(self, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError("Ask User.objects.in_role, or the memberships of the review.")
