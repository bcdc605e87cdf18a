"""The people of the tests: one for each role, all invented."""

from __future__ import annotations

from dataclasses import dataclass

from dhr.access.roles import Standing
from dhr.accounts.models import Partnership, StandingRole, User
from dhr.reviews.models import Agency

PASSWORD = "a-long-password-for-tests"


@dataclass
class Cast:
    """Everybody a test may need. `stranger` has an account and no role at all."""

    partnership: Partnership
    officer: User
    second_officer: User
    team_manager: User
    board_chair: User
    lead_chair: User
    second_chair: User
    author: User
    panel_member: User
    agency_author: User
    agency_signatory: User
    board_member: User
    democratic: User
    monitoring: User
    protection: User
    auditor: User
    administrator: User
    stranger: User
    police: Agency
    hospital: Agency
    refuge: Agency


STANDING: dict[str, tuple[str, Standing | None]] = {
    "officer": ("Olive Officer", Standing.COMMUNITY_SAFETY_OFFICER),
    "second_officer": ("Oscar Officer", Standing.COMMUNITY_SAFETY_OFFICER),
    "team_manager": ("Tess Manager", Standing.TEAM_MANAGER),
    "board_chair": ("Bea Boardchair", Standing.BOARD_CHAIR),
    "lead_chair": ("Lena Leadchair", None),
    "second_chair": ("Cyril Chair", None),
    "author": ("Ada Author", None),
    "panel_member": ("Piet Panel", None),
    "agency_author": ("Ines Imr", None),
    "agency_signatory": ("Sid Signatory", None),
    "board_member": ("Ben Board", Standing.BOARD_MEMBER),
    "democratic": ("Dora Democratic", Standing.DEMOCRATIC_SERVICES_OFFICER),
    "monitoring": ("Mo Monitoring", Standing.MONITORING_OFFICER),
    "protection": ("Drew Protection", Standing.DATA_PROTECTION_OFFICER),
    "auditor": ("Audrey Auditor", Standing.AUDITOR),
    "administrator": ("Ned Administrator", Standing.ADMINISTRATOR),
    "stranger": ("Stan Stranger", None),
}


def make_cast(suffix: str = "") -> Cast:
    """Put everybody into the database. A second cast needs a suffix of its own: its partnership is another one."""
    partnership = Partnership.objects.create(name=f"Safer Testton Together{suffix}", team_phone="0151 496 0123")
    people: dict[str, User] = {}
    for key, (name, role) in STANDING.items():
        email = f"{key.replace('_', '.')}{suffix.strip()}@example.org"
        user = User.objects.create_user(
            email, f"{name}{suffix}", PASSWORD, partnership=partnership, phone="0151 496 0456"
        )
        if role is not None:
            StandingRole.objects.create(user=user, role=role, starts_on="2020-01-01")
        people[key] = user
    agencies = {
        "police": Agency.objects.get_or_create(name="Testside Police", defaults={"kind": "police"})[0],
        "hospital": Agency.objects.get_or_create(name="Testton Hospital Trust", defaults={"kind": "nhs_trust"})[0],
        "refuge": Agency.objects.get_or_create(name="Testton Refuge", defaults={"kind": "specialist"})[0],
    }
    return Cast(partnership=partnership, **people, **agencies)
