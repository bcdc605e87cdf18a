"""Who a person is to the partnership. People are deactivated, never deleted: the log must be able to name them."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import (  # type: ignore[attr-defined]  # the stubs leave out the two that ask the backends
    AbstractBaseUser,
    PermissionsMixin,
    _user_has_module_perms,
    _user_has_perm,
)
from django.db import models
from django.db.models import Q

from dhr import clock
from dhr.access.roles import STANDING_NAMES, Standing


class Partnership(models.Model):
    """A community safety partnership (Crime and Disorder Act 1998 s.5): here, Safer Sefton Together."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120, unique=True)
    team_phone = models.CharField(max_length=30, blank=True)

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, name: str, password: str | None = None, **fields: Any) -> User:
        """A person with an account. Without a password they can sign in only by passkey or invitation."""
        user = self.model(email=self.normalize_email(email).lower(), name=name, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, name: str, password: str | None = None, **fields: Any) -> User:
        """Django's superuser. The veto refuses it everything of reviews, papers, chairs, board and process."""
        return self.create_user(email, name, password, is_superuser=True, **fields)


class PersonQuerySet(models.QuerySet["User"]):
    def standing(self) -> PersonQuerySet:
        """Active and not expired."""
        return self.filter(is_active=True).filter(Q(expires_on__isnull=True) | Q(expires_on__gte=clock.today()))

    def with_email(self, email: str) -> PersonQuerySet:
        """The person with this address, however it was typed."""
        return self.filter(email=email.strip().lower())

    def in_role(self, role: Standing) -> PersonQuerySet:
        """Who holds this standing role today."""
        return self.standing().filter(pk__in=StandingRole.objects.today().filter(role=role).values("user_id"))


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account. What they may do comes from standing roles and memberships, not Django's groups."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    organisation = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, null=True, related_name="people")
    is_active = models.BooleanField(default=True)
    expires_on = models.DateField(null=True, blank=True, help_text="The last day on which this account works.")
    deactivated_at = models.DateTimeField(null=True, blank=True)
    joined_at = models.DateTimeField(default=clock.now)
    demo_label = models.CharField(
        max_length=60, blank=True, help_text="Offered for one-click sign-in in a demo deployment."
    )

    is_staff = False
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager.from_queryset(PersonQuerySet)()

    class Meta:
        ordering = ["name"]
        permissions = [
            ("manage_people", "Can invite and deactivate people"),
            ("view_outbox", "Can see the notices sent"),
        ]
        constraints = [
            models.CheckConstraint(
                name="a_deactivated_person_is_inactive",
                condition=Q(deactivated_at__isnull=True) | Q(is_active=False),
            )
        ]

    def __str__(self) -> str:
        return self.name

    # Django answers True to a superuser before it asks anybody. Here the backends are always asked, the veto first.
    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return _user_has_perm(self, perm, obj)

    def has_module_perms(self, app_label: str) -> bool:
        return _user_has_module_perms(self, app_label)

    def standing_roles(self) -> frozenset[str]:
        """The standing roles that count today, read once per person object."""
        cache: dict[Any, frozenset[str]] = self.__dict__.setdefault("_standing_today", {})
        day = clock.today()
        if day not in cache:
            cache[day] = frozenset(self.roles.today().values_list("role", flat=True))
        return cache[day]

    @property
    def invited_and_not_yet_here(self) -> bool:
        """Invited, and the invitation not accepted: the account does not work yet."""
        return not self.is_active and self.deactivated_at is None

    def logged_as(self) -> dict[str, Any]:
        return {"object": "person", "object_id": str(self.pk)}


class StandingRoleQuerySet(models.QuerySet["StandingRole"]):
    def today(self) -> StandingRoleQuerySet:
        day = clock.today()
        return self.filter(Q(starts_on__lte=day), Q(ends_on__isnull=True) | Q(ends_on__gte=day), ended_at__isnull=True)


class StandingRole(models.Model):
    """A role on the account with its dates. `deputy` marks the board chair's dated deputy.

    `ends_on` is the last day on which it counts; `ended_at` says that it was ended at once, from that moment on.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="roles")
    role = models.CharField(max_length=40, choices=[(str(role), name) for role, name in STANDING_NAMES.items()])
    starts_on = models.DateField(default=clock.today)
    ends_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    deputy = models.BooleanField(default=False)

    objects = StandingRoleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_standing_role_ends_after_it_starts",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} from {self.starts_on}"
