"""Role -> permissions, one table (who-may). Stored names: they change only by a migration that says so."""

from enum import StrEnum


class Standing(StrEnum):
    """A role on the account, per partnership. Alone it opens no review's content."""

    COMMUNITY_SAFETY_OFFICER = "community_safety_officer"
    TEAM_MANAGER = "team_manager"
    BOARD_CHAIR = "board_chair"
    BOARD_MEMBER = "board_member"
    DEMOCRATIC_SERVICES_OFFICER = "democratic_services_officer"
    MONITORING_OFFICER = "monitoring_officer"
    DATA_PROTECTION_OFFICER = "data_protection_officer"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Role(StrEnum):
    """A role on one review, held by a membership with dates."""

    OFFICER = "officer"
    DECIDING_CHAIR = "deciding_chair"
    LEAD_CHAIR = "lead_chair"
    CHAIR = "chair"
    REPORT_AUTHOR = "report_author"
    PANEL_MEMBER = "panel_member"
    AGENCY_AUTHOR = "agency_author"
    AGENCY_SIGNATORY = "agency_signatory"
    ACTION_OWNER = "action_owner"
    BOARD_READER = "board_reader"


CHAIRS = frozenset({Role.LEAD_CHAIR, Role.CHAIR})
WRITERS = CHAIRS | {Role.REPORT_AUTHOR}
OF_ONE_COMMISSION = frozenset({Role.AGENCY_AUTHOR, Role.AGENCY_SIGNATORY})
OUTSIDE_THE_PAGE = OF_ONE_COMMISSION | {Role.ACTION_OWNER, Role.BOARD_READER}

ROLE_NAMES: dict[str, str] = {
    Role.OFFICER: "Community safety officer",
    Role.DECIDING_CHAIR: "Chair of the board (decision)",
    Role.LEAD_CHAIR: "Lead chair",
    Role.CHAIR: "Chair",
    Role.REPORT_AUTHOR: "Report author",
    Role.PANEL_MEMBER: "Panel member",
    Role.AGENCY_AUTHOR: "Agency author",
    Role.AGENCY_SIGNATORY: "Agency signatory",
    Role.ACTION_OWNER: "Owner of an action",
    Role.BOARD_READER: "Board member named for one paper",
}
STANDING_NAMES: dict[str, str] = {
    Standing.COMMUNITY_SAFETY_OFFICER: "Community safety officer",
    Standing.TEAM_MANAGER: "Team manager",
    Standing.BOARD_CHAIR: "Chair of the board",
    Standing.BOARD_MEMBER: "Board member",
    Standing.DEMOCRATIC_SERVICES_OFFICER: "Democratic services officer",
    Standing.MONITORING_OFFICER: "Monitoring officer",
    Standing.DATA_PROTECTION_OFFICER: "Data protection officer",
    Standing.AUDITOR: "Auditor",
    Standing.ADMINISTRATOR: "Administrator",
}

# What each role may do on the review itself. Commissions, documents, actions and appointments have tables of their own,
# in the packages that own them, because there the answer depends on the object too.
ON_REVIEW: dict[Role, frozenset[str]] = {
    Role.OFFICER: frozenset(
        {
            "reviews.view_review",
            "reviews.view_narrative",
            "reviews.reveal_identity",
            "reviews.record_progress",
            "reviews.appoint_chair",
            "reviews.manage_membership",
            "reviews.suspend_review",
            "reviews.correct_record",
            "reviews.submit_review",
            "reviews.publish_review",
            "reviews.manage_action",
            "restricted_docs.file_document",
            "restricted_docs.propose_restriction",
        }
    ),
    Role.DECIDING_CHAIR: frozenset({"reviews.view_review", "reviews.decide_review"}),
    Role.CHAIR: frozenset(
        {
            "reviews.view_review",
            "reviews.view_narrative",
            "reviews.reveal_identity",
            "reviews.chair_review",
            "reviews.upload_draft",
            "reviews.comment_draft",
            "reviews.agree_draft",
            "restricted_docs.file_document",
            "restricted_docs.propose_restriction",
        }
    ),
    Role.REPORT_AUTHOR: frozenset(
        {
            "reviews.view_review",
            "reviews.view_narrative",
            "reviews.upload_draft",
            "reviews.comment_draft",
            "restricted_docs.file_document",
            "restricted_docs.propose_restriction",
        }
    ),
    Role.PANEL_MEMBER: frozenset(
        {
            "reviews.view_review",
            "reviews.comment_draft",
            "reviews.agree_draft",
            "restricted_docs.file_document",
        }
    ),
    Role.AGENCY_AUTHOR: frozenset(),
    Role.AGENCY_SIGNATORY: frozenset(),
    Role.ACTION_OWNER: frozenset(),
    Role.BOARD_READER: frozenset(),
}
ON_REVIEW[Role.LEAD_CHAIR] = ON_REVIEW[Role.CHAIR] | {"reviews.lead_review"}

# The statutory decision needs the facts; what comes after it does not (who-may: "notification, scoping, decision").
UNTIL_DECIDED: dict[Role, frozenset[str]] = {
    Role.DECIDING_CHAIR: frozenset({"reviews.view_narrative", "reviews.reveal_identity"}),
}

# What a standing role may do anywhere in its partnership. None of it opens a review.
OF_STANDING: dict[Standing, frozenset[str]] = {
    Standing.COMMUNITY_SAFETY_OFFICER: frozenset(
        {
            "reviews.record_notification",
            "chairs.view_register",
            "chairs.manage_register",
            "board.view_summary",
            "board.manage_meeting",
        }
    ),
    Standing.TEAM_MANAGER: frozenset(
        {
            "reviews.view_caseload",
            "reviews.hand_over_reviews",
            "board.view_summary",
            "chairs.view_register",
            "restricted_docs.erase_review",
        }
    ),
    Standing.BOARD_CHAIR: frozenset({"board.view_summary"}),
    Standing.BOARD_MEMBER: frozenset({"board.view_summary"}),
    Standing.DEMOCRATIC_SERVICES_OFFICER: frozenset({"board.view_summary", "board.manage_meeting"}),
    Standing.MONITORING_OFFICER: frozenset({"restricted_docs.decide_restriction"}),
    Standing.DATA_PROTECTION_OFFICER: frozenset({"restricted_docs.erase_review"}),  # content only by membership
    Standing.AUDITOR: frozenset({"audit.view_log", "accounts.view_outbox"}),
    Standing.ADMINISTRATOR: frozenset({"accounts.manage_people", "accounts.view_outbox"}),
}
