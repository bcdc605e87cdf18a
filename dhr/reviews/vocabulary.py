"""The words of a review. Values are stored and frozen: they change only by a migration that says so."""

from django.db.models import TextChoices


class Stage(TextChoices):
    """Place on the statutory path, in order. A review's stage is the earliest with an open main task."""

    NOTIFICATION = "notification", "Notification"
    DECISION = "decision", "Decision"
    CHAIR_APPOINTMENT = "chair_appointment", "Chair appointment"
    PANEL = "panel", "Panel"
    DRAFTING = "drafting", "Drafting"
    HOME_OFFICE = "home_office", "Home Office"
    PUBLICATION = "publication", "Publication"
    ACTION_PLAN = "action_plan", "Action plan"
    CLOSED = "closed", "Closed"


STAGES: list[str] = list(Stage.values)


class Regime(TextChoices):
    """The law a review is held under, fixed when the decision is taken."""

    DHR_S9 = "dhr_s9", "Domestic homicide review (Domestic Violence, Crime and Victims Act 2004 s.9)"
    DARDR_S8A = "dardr_s8a", "Domestic abuse related death review (2004 Act s.8A, when in force)"


class Means(TextChoices):
    """How a step was done, when somebody else records it."""

    HERE = "here", "In this service"
    MEETING = "meeting", "At a meeting"
    PHONE = "phone", "By phone"
    EMAIL = "email", "By e-mail"
    PAPER = "paper", "On paper"


class Channel(TextChoices):
    """How the partnership was told of the death."""

    WRITING = "writing", "Letter or form"
    EMAIL = "email", "Secure e-mail"
    PHONE = "phone", "Phone"
    FAMILY = "family", "A member of the family"
    API = "api", "Another system"


class Manner(TextChoices):
    """What kind of death this is thought to be. A suicide is in scope where the circumstances give rise to concern."""

    HOMICIDE = "homicide", "Homicide"
    SUICIDE = "suicide", "Suicide"
    UNEXPLAINED = "unexplained", "Unexplained or unexpected"
    HOMICIDE_SUICIDE = "homicide_suicide", "Homicide followed by suicide"
    NEGLECT = "neglect", "Neglect"


class Relationship(TextChoices):
    """The branch of s.9(1) that applies."""

    INTIMATE = "intimate", "Current or former intimate partner"
    RELATIVE = "relative", "Relative"
    HOUSEHOLD = "household", "Member of the same household"
    NOT_KNOWN = "not_known", "Not known yet"


class Outcome(TextChoices):
    """What was decided about a notification."""

    REVIEW = "review", "Hold a review"
    NO_REVIEW = "no_review", "Do not hold a review"
    MORE_INFORMATION = "more_information", "More information is needed first"
    OTHER_REVIEW = "other_review", "Another review leads"
    NOT_OUR_AREA = "not_our_area", "Not our area: passed on"
    SAME_DEATH = "same_death", "Same death as an earlier notification"


class Criterion(TextChoices):
    """The criteria of s.9(1), ticked one by one with the decision."""

    AGED_16 = "aged_16", "The person who died was aged 16 or over"
    VIOLENCE = "violence", "The death has, or appears to have, resulted from violence, abuse or neglect"
    CONNECTED = "connected", "By a relative, an intimate partner or a member of the same household"
    CONCERN = "concern", "A suicide whose circumstances give rise to concern"
    NORMALLY_LIVED = "normally_lived", "The person who died normally lived in our area"


class Scrutiny(TextChoices):
    """The Home Office's answer to a decision not to review."""

    UPHELD = "upheld", "The decision not to review is upheld"
    DIRECTED = "directed", "A review is directed (s.9(2))"


class CommissionKind(TextChoices):
    """What an agency is asked for."""

    SCOPING = "scoping", "Scoping: did you know these people?"
    IMR = "imr", "Individual management review (IMR)"
    CHRONOLOGY = "chronology", "Chronology"
    SHORT_REPORT = "short_report", "Short report"


class CommissionState(TextChoices):
    """Where an agency's return stands."""

    ASKED = "asked", "Asked"
    RETURNED = "returned", "Returned, waiting for signature"
    SIGNED = "signed", "Returned and signed"
    NIL = "nil", "Nil return"
    WITHDRAWN = "withdrawn", "Withdrawn"
    NOT_ENGAGING = "not_engaging", "Agency did not engage"


SETTLED = frozenset(
    {CommissionState.SIGNED, CommissionState.NIL, CommissionState.WITHDRAWN, CommissionState.NOT_ENGAGING}
)


class CheckKind(TextChoices):
    """The checks on a version of the report. The first three must be done; the family may decline."""

    FACT = "fact", "Fact check by the agencies"
    LEGAL = "legal", "Legal and disclosure check"
    ANONYMISATION = "anonymisation", "Anonymisation check"
    FAMILY = "family", "Family reading"


class CheckResult(TextChoices):
    """What a check found."""

    PASSED = "passed", "Done: no change needed"
    CHANGES = "changes", "Changes needed"
    DECLINED = "declined", "The family declined"
    NOT_POSSIBLE = "not_possible", "Not possible"


class PackItem(TextChoices):
    """What goes to the Home Office. Present, or not needed with a reason."""

    OVERVIEW_REPORT = "overview_report", "Overview report"
    EXECUTIVE_SUMMARY = "executive_summary", "Executive summary"
    ACTION_PLAN = "action_plan", "Action plan"
    DATA_FORM = "data_form", "Data form"
    COVER_NOTE = "cover_note", "Cover note"


class Answer(TextChoices):
    """The Home Office's answer to a submission."""

    PUBLISH = "publish", "Publish"
    PUBLISH_AFTER_CHANGES = "publish_after_changes", "Publish after changes"
    RESUBMIT = "resubmit", "Not ready: change and resubmit"


class PublicationForm(TextChoices):
    """How much is made public."""

    FULL = "full", "Overview report and executive summary"
    EXECUTIVE_SUMMARY = "executive_summary", "Executive summary only"
    LEARNING_ONLY = "learning_only", "Learning only"
    WITHHELD = "withheld", "Withheld"


class SuspensionReason(TextChoices):
    """Why a review is paused. The full reason is sealed; this code is what lists and the board see."""

    CRIMINAL_PROCEEDINGS = "criminal_proceedings", "Criminal proceedings"
    INQUEST = "inquest", "Inquest"
    CORONER_REQUEST = "coroner_request", "At the coroner's request"
    OTHER_REVIEW = "other_review", "Waiting for another review"
    OTHER = "other", "Another reason"


class IdentityKind(TextChoices):
    """Whose real name is sealed."""

    DECEASED = "deceased", "The person who died"
    SUSPECT = "suspect", "Alleged perpetrator"
    FAMILY = "family", "Family or friend"
    CHILD = "child", "Child"
    OTHER = "other", "Another person"


class ActionStatus(TextChoices):
    """Where an action of the action plan stands."""

    OPEN = "open", "Open"
    DONE = "done", "Done"
    MOVED = "moved", "Moved to another plan"


class ActionScope(TextChoices):
    """Scope of a recommendation, as in the Home Office action plan template."""

    LOCAL = "local", "Local"
    REGIONAL = "regional", "Regional"
    NATIONAL = "national", "National"
    EARLY_LEARNING = "early_learning", "Early learning"


class MeetingKind(TextChoices):
    """What a panel meeting is for."""

    FIRST = "first", "First meeting"
    PROGRESS = "progress", "Progress meeting"
    DRAFTING = "drafting", "Drafting meeting"
    FINAL = "final", "Final meeting"


class Ending(TextChoices):
    """How a review came to its end."""

    CLOSED = "closed", "Closed: report and actions done"
    WITHOUT_REVIEW = "without_review", "Closed without a review"
    PASSED_ON = "passed_on", "Passed on"
    CANCELLED = "cancelled", "Cancelled"
