"""By hand from who-may, "Audience of a document": who opens which paper, and what else they may do with it."""

from dataclasses import replace

from .rows import AWAY, CHAIRS, GOOD, READERS, SEES, Row, asks, standing

OFFICERS_AND_CHAIRS = f"officer {CHAIRS}"
AGENCY = "agency_author agency_signatory"
VIEWERS = {
    "default": READERS,
    "restricted": f"{READERS} monitoring",  # until it is decided
    "agency": f"{READERS} {AGENCY}",
    "named": "officer report_author",  # whoever names is among the named
    "unreleased": READERS,  # for the panel, and no chair has released it
    "chairs_only": CHAIRS,
    "legal": OFFICERS_AND_CHAIRS,
    "family_reading": OFFICERS_AND_CHAIRS,
    "board_sign_off": f"{READERS} deciding_chair board_reader",
    "panel": f"{READERS} panel_member",
}
OF_A_VERSION = {"document-open", "document-download", "document-read", "document-receipt"}
OF_A_PAGE = {"document-page", "document-page-text"}
ONLY_SHOWN = {"monitoring", "deciding_chair", "board_reader"}  # see it here, and take no copy away


def keepers(paper: str) -> str:
    """Who may download: of a paper for reading with the family nobody, it is shown and never sent."""
    return "" if paper == "family_reading" else " ".join(set(VIEWERS[paper].split()) - ONLY_SHOWN)


def of_paper(name: str, paper: str, get: str | None, post: str | None = None) -> Row:
    """Who opens the paper but lacks this right is refused, as is every member of the review."""
    thing = "page" if name in OF_A_PAGE else "version" if name in OF_A_VERSION else "paper"
    # a proposal to restrict shows the paper to the monitoring officer of the partnership, whatever the review
    everywhere = "monitoring" if paper == "restricted" else ""
    return Row(name, f"{thing}_{paper}", get, post, refused=f"{SEES} {VIEWERS[paper]}", everywhere=everywhere)


OPENED = [of_paper(name, paper, who) for paper, who in VIEWERS.items() for name in ("document", "document-receipt")]
# the browser gets the file itself only where a copy is due without a reason (test_papers_are_read_page_by_page.py says to whom,
# paper by paper): all others who may open it are led to its pages
HANDED_OVER = [replace(of_paper("document-open", paper, who), answers=GOOD | AWAY) for paper, who in VIEWERS.items()]
PAGES = [
    of_paper(name, paper, who) for paper, who in VIEWERS.items() for name in ("document-page", "document-page-text")
]
# a plain PDF is not read as a rendition: who may read it is led to the paper itself
READ = [replace(of_paper("document-read", paper, who, who), answers=AWAY) for paper, who in VIEWERS.items()]
COPIED = [of_paper("document-download", paper, keepers(paper), keepers(paper)) for paper in VIEWERS]

CHANGED = [
    # adding a version: the officer, whoever filed it
    of_paper("add-version", "default", "officer", "officer"),
    of_paper("add-version", "agency", "officer agency_author", "officer agency_author"),
    of_paper("add-version", "chairs_only", "lead_chair", "lead_chair"),
    of_paper("release-document", "default", CHAIRS, CHAIRS),
    of_paper("release-document", "chairs_only", CHAIRS, CHAIRS),
    of_paper("release-document", "named", "", ""),
    of_paper("document-audience", "default", OFFICERS_AND_CHAIRS, OFFICERS_AND_CHAIRS),
    of_paper("document-audience", "chairs_only", CHAIRS, CHAIRS),
    of_paper("document-title", "default", OFFICERS_AND_CHAIRS, OFFICERS_AND_CHAIRS),
    of_paper(
        "document-title", "agency", f"{OFFICERS_AND_CHAIRS} agency_author", f"{OFFICERS_AND_CHAIRS} agency_author"
    ),
    of_paper("propose-restriction", "default", READERS, READERS),
    of_paper("propose-restriction", "panel", READERS, READERS),
    of_paper("propose-restriction", "agency", f"{READERS} {AGENCY}", f"{READERS} {AGENCY}"),
]

FILED = [
    Row("arriving-upload", "arriving"),  # HEAD, PATCH and DELETE of its owner: tests/web/test_uploads_in_parts.py
    asks("file-document", f"{READERS} panel_member"),
    asks("file-document", f"{READERS} panel_member {AGENCY}", thing="file_return"),
]

RESTRICTIONS = [
    standing("restrictions", "monitoring"),
    standing("decide-restriction", "monitoring", "monitoring", thing="restriction"),
    standing("take-up-proposal", None, "monitoring", thing="restriction"),
]

ROWS = [*OPENED, *HANDED_OVER, *PAGES, *READ, *COPIED, *CHANGED, *FILED, *RESTRICTIONS]
