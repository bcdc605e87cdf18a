"""The words of documents. Values are stored and frozen: they change only by a migration that says so."""

from django.db.models import TextChoices


class DocumentKind(TextChoices):
    """What a paper is."""

    OVERVIEW_REPORT = "overview_report", "Overview report"
    EXECUTIVE_SUMMARY = "executive_summary", "Executive summary"
    ACTION_PLAN = "action_plan", "Action plan"
    DATA_FORM = "data_form", "Data form"
    COVER_NOTE = "cover_note", "Cover note"
    IMR = "imr", "Individual management review (IMR)"
    CHRONOLOGY = "chronology", "Chronology"
    SHORT_REPORT = "short_report", "Short report"
    HOME_OFFICE_LETTER = "home_office_letter", "Home Office letter"
    PROOF_OF_SUBMISSION = "proof_of_submission", "Proof of submission"
    TERMS_OF_REFERENCE = "terms_of_reference", "Terms of reference"
    PANEL_MINUTES = "panel_minutes", "Panel minutes"
    INDEPENDENCE_DECLARATION = "independence_declaration", "Declaration of independence"
    BOARD_MINUTE = "board_minute", "Minute of the board"
    LEGAL_ADVICE = "legal_advice", "Legal advice"
    POLICE_MATERIAL = "police_material", "Police material"
    HEALTH_RECORD = "health_record", "Health record"
    CORRESPONDENCE = "correspondence", "Correspondence"
    EVIDENCE = "evidence", "Evidence of a step"
    OTHER = "other", "Another document"


# What chairs and authors draft: they add versions of these, whoever filed the first.
REPORT_KINDS = frozenset(
    {
        DocumentKind.OVERVIEW_REPORT,
        DocumentKind.EXECUTIVE_SUMMARY,
        DocumentKind.ACTION_PLAN,
        DocumentKind.TERMS_OF_REFERENCE,
    }
)
# Never on the panel's list by default: released only by somebody who says that they mean it.
KEPT_FROM_THE_PANEL = frozenset({DocumentKind.LEGAL_ADVICE, DocumentKind.HEALTH_RECORD, DocumentKind.POLICE_MATERIAL})
# What the statutory decision rests on.
FOR_THE_DECISION = frozenset({DocumentKind.CORRESPONDENCE, DocumentKind.POLICE_MATERIAL, DocumentKind.EVIDENCE})
# What an agency sends back.
OF_AN_AGENCY = frozenset({DocumentKind.IMR, DocumentKind.CHRONOLOGY, DocumentKind.SHORT_REPORT, DocumentKind.OTHER})


class Audience(TextChoices):
    """Who may open a document: narrower than a role on the review."""

    OFFICERS_AND_CHAIRS = "officers_and_chairs", "Officers, chairs and the report author"
    CHAIRS_ONLY = "chairs_only", "The chairs only"
    PANEL = "panel", "The panel too, once a chair has released it"
    NAMED = "named", "Named people only"
    LEGAL = "legal", "Officers and chairs: legal advice"
    FAMILY_READING = "family_reading", "For reading with the family: shown, never sent"
    BOARD_SIGN_OFF = "board_sign_off", "For sign-off by the board: officers, chairs, author and named members"


class Marking(TextChoices):
    """The government security classification on the paper itself: a different thing from a restriction."""

    OFFICIAL = "official", "OFFICIAL"
    OFFICIAL_SENSITIVE = "official_sensitive", "OFFICIAL-SENSITIVE"


class RestrictionState(TextChoices):
    """Where a proposal to restrict stands. While it is proposed the document counts as restricted."""

    PROPOSED = "proposed", "Proposed, waiting for the monitoring officer"
    DECIDED = "decided", "Restricted"
    REFUSED = "refused", "Not restricted"


class Scan(TextChoices):
    """What the malware scanner says of a version."""

    NOT_ASKED = "not_asked", "Not scanned: there was no scanner when it was filed"
    WAITING = "waiting", "Waiting to be scanned for malware"
    CLEAN = "clean", "Scanned: no malware found"
    INFECTED = "infected", "Malware was found in it"


class DownloadReason(TextChoices):
    """Why a copy left this service: a code, because the access log holds no free text about people."""

    READ_OFFLINE = "read_offline", "To read it where there is no connection"
    WORK_ON_IT = "work_on_it", "To work on the text"
    MEETING = "meeting", "To bring it to a meeting"
    HOME_OFFICE = "home_office", "To send it to the Home Office"
    FAMILY = "family", "To read it with the family"
    COURT = "court", "A court or the coroner asked for it"
    LEGAL_DUTY = "legal_duty", "Another legal duty"
    OTHER = "other", "Another reason"


class RecoveryReason(TextChoices):
    """Why the recovery key is used. A code: the log holds no free text."""

    ROOT_KEY_LOST = "root_key_lost", "The root keyring is lost or damaged"
    KEY_SERVICE_LOST = "key_service_lost", "The key service or security module is lost"
    DRILL = "drill", "A drill, to know that it works"


class ErasureReason(TextChoices):
    """Why everything sealed of a review is made unreadable for ever."""

    RETENTION_ENDED = "retention_ended", "The time for which it is kept has ended"
    RIGHT_TO_ERASURE = "right_to_erasure", "Erasure was asked for, and granted (UK GDPR article 17)"
    RECORDED_IN_ERROR = "recorded_in_error", "It should never have been recorded"
    COURT_ORDER = "court_order", "A court ordered it"
