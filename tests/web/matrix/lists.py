"""By hand: how many rows each list has for whom, and where what may be read is read."""

from .rows import CHAIRS, READERS, SIGNED_IN
from .table_papers import VIEWERS

ID = r"[0-9a-f]{8}-[0-9a-f-]{27}"
BY_REFERENCE = (("reviews", "reference"), ("reviews-download", "reference"))


def _each(who: str, count: int) -> dict[str, int]:
    return dict.fromkeys(who.split(), count)


THEIR_REVIEWS = _each("officer deciding_chair", 2) | _each(f"{CHAIRS} report_author panel_member", 1)
PAPERS = {actor: sum(actor in who.split() for who in VIEWERS.values()) for actor in SIGNED_IN}
PAPERS |= {actor: PAPERS[actor] + 2 for actor in READERS.split()}  # the report itself, and the proof of its submission
ON_THE_PAGE = {actor: PAPERS[actor] for actor in f"{READERS} deciding_chair panel_member".split()}
THE_BOARD = "officer other_officer team_manager board_member board_reader deciding_chair democratic"

# (address, thing, what stands for a row) -> how many, for whom; nobody else has any.
COUNTS: dict[tuple[str, str, str], dict[str, int]] = {
    ("reviews", "", rf'href="/reviews/({ID})/"'): THEIR_REVIEWS,
    ("reviews-download", "", r"(?m)^((?:DHR|N-).*)$"): THEIR_REVIEWS,
    ("caseload", "", r">\s*((?:DHR|N-)[0-9-]+)\s*<"): _each("team_manager", 4),
    ("board-summary", "", r">\s*((?:DHR|N-)[0-9-]+)\s*<"): _each(THE_BOARD, 4),
    ("board-summary", "", rf'href="/reviews/({ID})'): {},  # no way into a review
    ("review-documents", "review", rf"/documents/({ID})/"): ON_THE_PAGE,
    ("review-actions", "review", rf'href="/actions/({ID})/"'): _each(READERS, 2) | _each("panel_member", 1),
    ("review-requests", "review", rf'href="/requests/({ID})/"'): _each(READERS, 2),
    ("restrictions", "", rf'href="/restrictions/({ID})/"'): _each("monitoring", 2),  # both teams' proposals
    ("your-work", "", rf'href="/requests/({ID})/"'): _each("agency_author agency_signatory", 1),
    ("your-work", "", rf'href="/actions/({ID})/"'): _each("panel_member action_owner", 1),
}

DETAILS = "circumstances scoping reasons terms learning meeting"
# thing, address, method, who; the words that must be found
SHOWN: list[tuple[str, str, str, str, str]] = [
    ("review", "review-details", "GET", "officer", DETAILS),
    ("review", "review-details", "GET", "lead_chair", DETAILS),
    ("review", "review-family", "GET", "chair", "wishes contact"),
    ("review", "review-report", "GET", "report_author", "declined"),
    ("review", "review-details", "GET", "report_author", DETAILS),
    ("early", "review-details", "GET", "deciding_chair", "early_circumstances early_scoping"),
    ("name", "reveal-name", "POST", "officer", "name"),
    ("relative_name", "reveal-name", "POST", "chair", "relative"),
    ("early_name", "reveal-name", "POST", "deciding_chair", "early_name"),
    ("task", "task", "GET", "officer", "saved"),
    ("waiting", "confirm", "GET", "deciding_chair", "waiting"),
    ("commission", "request", "GET", "agency_author", "scope title_agency"),
    ("commission_other", "request", "GET", "officer", "scope_other"),
    ("action", "action", "GET", "action_owner", "action progress"),
    ("action_other", "action", "GET", "report_author", "action_other"),
    ("appointment", "appointment", "GET", "chair", "statement"),
    ("chair", "chair", "GET", "officer", "register"),
    ("restriction", "decide-restriction", "GET", "monitoring", "interest"),
    ("page_panel", "document-page-text", "GET", "panel_member", "content_panel"),
    ("version_chairs_only", "document-download", "GET", "chair", "content_chairs_only"),
    ("version_board_sign_off", "document-open", "GET", "chair", "content_board_sign_off"),
    ("page_board_sign_off", "document-page-text", "GET", "board_reader", "content_board_sign_off"),
    ("page_restricted", "document-page-text", "GET", "monitoring", "content_restricted"),
    ("review", "pack", "POST", "officer", "content_report"),
    ("review", "review-documents", "GET", "officer", "title_default title_restricted title_legal title_panel"),
    ("review", "review-documents", "GET", "panel_member", "title_panel"),
]
