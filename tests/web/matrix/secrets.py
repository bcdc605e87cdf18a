"""By hand from who-may: who may read which kind of text of the own review. Of the foreign one nobody here reads any."""

from .rows import CHAIRS, READERS
from .table_papers import AGENCY, VIEWERS

OFFICERS_AND_CHAIRS = f"officer {CHAIRS}"
EARLY = "officer deciding_chair"
READ_BY: dict[str, str] = {
    "name": OFFICERS_AND_CHAIRS,
    "relative": OFFICERS_AND_CHAIRS,
    "early_name": EARLY,
    **dict.fromkeys(("circumstances", "scoping", "reasons", "terms", "statement"), READERS),
    **dict.fromkeys(("learning", "meeting", "declined"), READERS),
    **dict.fromkeys(("wishes", "contact"), OFFICERS_AND_CHAIRS),
    "sounding": "officer",
    "scope": f"{READERS} {AGENCY}",
    "scope_other": READERS,
    "action": f"{READERS} panel_member action_owner",
    "progress": f"{READERS} panel_member action_owner",
    "action_other": READERS,
    "register": "officer other_officer",  # of the partnership, not of a review: the foreign chair's too
    "saved": "officer",
    "early_circumstances": EARLY,
    "early_scoping": EARLY,
    "waiting": EARLY,
    "interest": f"{READERS} monitoring",
    "content_report": READERS,
    **{f"title_{paper}": who for paper, who in VIEWERS.items()},
    **{f"content_{paper}": who for paper, who in VIEWERS.items()},
}


def may_read(actor: str, kind: str, *, foreign: bool) -> bool:
    if not foreign:
        return actor in READ_BY[kind].split()
    return _reads_by_standing_role(actor, kind)


def _reads_by_standing_role(actor: str, kind: str) -> bool:
    """The register and the proposals to restrict are read by a standing role, whatever the review."""
    by_role = {"register": "officer other_officer", "interest": "monitoring"}
    by_role |= {"title_restricted": "monitoring", "content_restricted": "monitoring"}
    return actor in by_role.get(kind, "").split()
