"""The people of a scratch deployment: all invented, one for each part that somebody can have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dhr.access.roles import Standing
from dhr.accounts.models import Partnership, User
from dhr.accounts.standing import give_role
from dhr.reviews.models import Agency

from .post import REFUSED

PASSWORD = "wardrobe-lantern-harbour"  # noqa: S105 - opens nothing but a scratch deployment
PARTS: dict[str, tuple[str, Standing | None]] = {
    "officer": ("Olive Officer", Standing.COMMUNITY_SAFETY_OFFICER),
    "second_officer": ("Oscar Officer", Standing.COMMUNITY_SAFETY_OFFICER),
    "team_manager": ("Tess Manager", Standing.TEAM_MANAGER),
    "board_chair": ("Bea Boardchair", Standing.BOARD_CHAIR),
    "lead_chair": ("Lena Leadchair", None),
    "second_chair": ("Cyril Chair", None),
    "third_chair": ("Thora Chair", None),
    "author": ("Ada Author", None),
    "panel_member": ("Piet Panel", None),
    "agency_author": ("Ines Imr", None),
    "agency_signatory": ("Sid Signatory", None),
    "board_member": ("Ben Board", Standing.BOARD_MEMBER),
    "democratic": ("Dora Democratic", Standing.DEMOCRATIC_SERVICES_OFFICER),
    "monitoring": ("Mo Monitoring", Standing.MONITORING_OFFICER),
    "auditor": ("Audrey Auditor", Standing.AUDITOR),
    "administrator": ("Ned Administrator", Standing.ADMINISTRATOR),
}


@dataclass
class People:
    """Everybody. The mail of the panel member is refused by the mail server."""

    partnership: Partnership
    police: Agency
    hospital: Agency
    refuge: Agency
    officer: User
    second_officer: User
    team_manager: User
    board_chair: User
    lead_chair: User
    second_chair: User
    third_chair: User
    author: User
    panel_member: User
    agency_author: User
    agency_signatory: User
    board_member: User
    democratic: User
    monitoring: User
    auditor: User
    administrator: User


def make_people() -> People:
    partnership = Partnership.objects.create(name="Safer Scratchby Together", team_phone="0151 496 0123")
    made: dict[str, Any] = {}
    for part, (name, role) in PARTS.items():
        email = REFUSED if part == "panel_member" else f"{part.replace('_', '.')}@example.org"
        made[part] = User.objects.create_user(email, name, PASSWORD, partnership=partnership, phone="0151 496 0456")
        if role is not None:
            give_role(made[part], by=None, role=role)
    agencies: dict[str, Any] = {
        "police": Agency.objects.create(name="Scratchby Police", kind="police"),
        "hospital": Agency.objects.create(name="Scratchby Hospital Trust", kind="nhs_trust"),
        "refuge": Agency.objects.create(name="Scratchby Refuge", kind="specialist"),
    }
    return People(partnership, **agencies, **made)
