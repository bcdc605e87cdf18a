"""The demo's people and agencies. All are invented; each signs in with one click and has no password."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dhr.access.roles import Standing
from dhr.accounts.models import Partnership, User
from dhr.accounts.standing import give_role
from dhr.reviews.models import Agency
from dhr.reviews.models.agencies import AgencyKind
from dhr.usecase import record, use_case


@dataclass(frozen=True)
class Part:
    """Somebody of the demo: their name, what the sign-in page calls them, and what they do outside this service."""

    name: str
    label: str
    organisation: str
    standing: Standing | None = None


COUNCIL = "Northshore Council"
ALSO = "also in the demo: "
# In the order of the sign-in page: first those whom a newcomer needs to take one review through all of it.
PARTS: dict[str, Part] = {
    "officer": Part("Priya Nair", "community safety officer", COUNCIL, Standing.COMMUNITY_SAFETY_OFFICER),
    "board_chair": Part("Councillor Adaeze Whitlock", "chair of the board", COUNCIL, Standing.BOARD_CHAIR),
    "lead_chair": Part("Margaret Ashworth", "lead chair", "Independent; retired head teacher"),
    "joint_chair": Part("Bernard Quilliam", "joint chair", "Independent; retired fire officer"),
    "author": Part("Ffion Pritchard", "report author", "Independent"),
    "panel_member": Part("Detective Inspector Leon Sayle", "panel member, police", "Northshore Police"),
    "agency_author": Part("Samira Haddad", "agency author, hospital", "Northshore Hospitals Trust"),
    "agency_signatory": Part("Edwin Thackray", "agency signatory, hospital", "Northshore Hospitals Trust"),
    "board_member": Part("Councillor Joyce Penhallow", "board member", COUNCIL, Standing.BOARD_MEMBER),
    "democratic": Part("Ruth Calloway", "democratic services officer", COUNCIL, Standing.DEMOCRATIC_SERVICES_OFFICER),
    "monitoring": Part("Naveed Sherwin", "monitoring officer", COUNCIL, Standing.MONITORING_OFFICER),
    "team_manager": Part("Colette Farrugia", "team manager", COUNCIL, Standing.TEAM_MANAGER),
    "auditor": Part("Olwen Garside", "auditor", COUNCIL, Standing.AUDITOR),
    "administrator": Part("Tomasz Zielinski", "administrator", COUNCIL, Standing.ADMINISTRATOR),
    "protection": Part("Hettie Marsden", "data protection officer", COUNCIL, Standing.DATA_PROTECTION_OFFICER),
    "second_officer": Part("Callum Broadhurst", f"{ALSO}second officer", COUNCIL, Standing.COMMUNITY_SAFETY_OFFICER),
    "third_chair": Part("Dorothea Finch", f"{ALSO}chair of other reviews", "Independent; retired from probation"),
    "social_care": Part("Imogen Vance", f"{ALSO}panel member, social care", COUNCIL),
    "womens_aid": Part("Kemi Asante", f"{ALSO}panel member, women's aid", "Harbour Women's Aid"),
    "housing": Part("Bronagh Tully", f"{ALSO}owner of an action", "Dunes Housing Association"),
    "surgery": Part("Peter Llewellyn", f"{ALSO}agency author, surgeries", "Northshore Integrated Care Board"),
}


@dataclass
class People:
    """Everybody, under what they do."""

    officer: User
    board_chair: User
    lead_chair: User
    joint_chair: User
    author: User
    panel_member: User
    agency_author: User
    agency_signatory: User
    board_member: User
    democratic: User
    monitoring: User
    team_manager: User
    auditor: User
    administrator: User
    protection: User
    second_officer: User
    third_chair: User
    social_care: User
    womens_aid: User
    housing: User
    surgery: User


@dataclass
class Agencies:
    """The agencies of an invented stretch of coast."""

    police: Agency
    social_care: Agency
    children: Agency
    probation: Agency
    hospital: Agency
    mental_health: Agency
    surgeries: Agency
    fire: Agency
    womens_aid: Agency
    housing: Agency
    recovery: Agency
    neighbours: Agency


NAMES: dict[str, tuple[str, AgencyKind]] = {
    "police": ("Northshore Police", AgencyKind.POLICE),
    "social_care": ("Northshore Council: Adult Social Care", AgencyKind.COUNCIL),
    "children": ("Northshore Council: Children's Services", AgencyKind.COUNCIL),
    "probation": ("Northshore Probation Service", AgencyKind.PROBATION),
    "hospital": ("Northshore Hospitals Trust", AgencyKind.NHS_TRUST),
    "mental_health": ("Estuary Mental Health Trust", AgencyKind.NHS_TRUST),
    "surgeries": ("Northshore Integrated Care Board", AgencyKind.ICB),
    "fire": ("Northshore Fire and Rescue Service", AgencyKind.FIRE),
    "womens_aid": ("Harbour Women's Aid", AgencyKind.SPECIALIST),
    "housing": ("Dunes Housing Association", AgencyKind.OTHER),
    "recovery": ("Tideway Recovery", AgencyKind.VOLUNTARY),
    "neighbours": ("Fellshire Council", AgencyKind.COUNCIL),
}


def make_people(partnership: Partnership) -> People:
    """An account for each, with a standing role where they have one. Made from the server, as the first ones always are."""
    made = {key: open_account(partnership, by=None, part=part, serial=n) for n, (key, part) in enumerate(PARTS.items())}
    for key, part in PARTS.items():
        if part.standing is not None:
            give_role(made[key], by=None, role=part.standing)
    return People(**made)


@use_case(None)
def open_account(partnership: Partnership, *, by: Any, part: Part, serial: int) -> User:
    """An account of the demo. Without a password: it opens by one click, and only where settings.DEMO says so."""
    email = f"{part.name.split()[-1].lower()}@example.org"
    person = User.objects.create_user(
        email,
        part.name,
        partnership=partnership,
        organisation=part.organisation,
        demo_label=part.label,
        phone=f"0151 496 0{200 + serial}",  # numbers kept for drama: they ring nowhere
    )
    record("account.created", person, whom=person.pk)
    return person


def make_agencies() -> Agencies:
    """Reference data, entered once."""
    return Agencies(
        **{
            key: Agency.objects.create(name=name, kind=kind, in_area=key != "neighbours")
            for key, (name, kind) in NAMES.items()
        }
    )
