"""By hand from who-may: the addresses of reviews, their tasks, requests, actions and chairs."""

from .rows import CHAIRS, EVERYBODY, READERS, SEES, Row, asks, of_review, standing

IN_TOUCH = f"officer {CHAIRS}"
EARLY = "officer deciding_chair"
AGENCY = "agency_author agency_signatory"
OFFICERS = "officer other_officer far_officer"

LISTS = [
    Row("your-work", get=EVERYBODY, others=403, foreign=None),
    Row("reviews", get=EVERYBODY, post=EVERYBODY, others=403, foreign=None),
    Row("reviews-download", get=EVERYBODY, others=403, foreign=None),
    standing("caseload", "team_manager"),
    standing("hand-over", "team_manager", "team_manager"),
    standing("board-summary", f"{OFFICERS} team_manager board_member board_reader deciding_chair democratic"),
    standing("record-notification", OFFICERS, OFFICERS),
]

SECTIONS = [
    of_review("review", SEES),
    of_review("review", EARLY, thing="early", refused=""),
    of_review("review-details", READERS),
    of_review("review-details", EARLY, thing="early", refused=""),  # the decision needs the account
    of_review("review-family", IN_TOUCH),  # those who keep in touch; narrower than the account
    of_review("review-report", READERS),
    of_review("review-documents", SEES),
    of_review("review-people", SEES),
    of_review("review-requests", READERS),
    of_review("review-actions", SEES),
    of_review("review-history", SEES),
    of_review("review-process", SEES),
]

STEERING = [
    asks("suspend", "officer"),
    asks("resume", "officer"),
    asks("cancel-review", "officer"),
    asks("undo", "officer", thing="step"),
    asks("reassign", "officer", thing="step"),
    of_review("pack", None, "officer"),
]

ACCOUNT = [
    asks("choose-pseudonym", "officer"),
    asks("add-name", "officer"),
    Row("reveal-name", "name", IN_TOUCH, IN_TOUCH, SEES, answers=frozenset({302})),
    Row("reveal-name", "relative_name", IN_TOUCH, IN_TOUCH, SEES, answers=frozenset({302})),
    Row("reveal-name", "early_name", EARLY, EARLY, answers=frozenset({302})),
    asks("correct-notification", "officer"),
    asks("add-learning", IN_TOUCH),
    asks("add-panel-meeting", IN_TOUCH),
    asks("add-relative", IN_TOUCH),
    asks("add-contact", IN_TOUCH, thing="relative"),
    asks("change-wishes", IN_TOUCH, thing="relative"),
    asks("add-member", "officer"),
    asks("change-dates", "officer", thing="membership"),
    asks("end-membership", "officer", thing="membership"),
]

TASKS = [
    of_review("task", SEES, "officer", thing="task"),
    of_review("task", EARLY, EARLY, thing="task_early", refused=""),
    # an agency's task is a page of its request; the officer records for others
    of_review(
        "task", f"{READERS} {AGENCY}", "officer agency_author", thing="task_commission", refused=f"{SEES} {AGENCY}"
    ),
    of_review("task", READERS, "officer", thing="task_commission_other"),
    of_review("task", f"{SEES} appointee", "officer appointee", thing="task_declaration"),
    Row("task-typed", "task", SEES, SEES, SEES, answers=frozenset({200, 302})),
    Row("task-typed", "task_commission", f"{READERS} {AGENCY}", f"{READERS} {AGENCY}", SEES, answers=frozenset({302})),
    of_review("confirm", "deciding_chair", "deciding_chair", thing="waiting", refused="officer"),
]

REQUESTS = [
    asks("ask-agency", "officer"),
    of_review("request", f"{READERS} {AGENCY}", thing="commission"),
    of_review("request", READERS, thing="commission_other"),
    asks("settle-request", "officer", thing="commission", refused=f"{SEES} {AGENCY}"),
    asks("settle-request", "officer", thing="commission_other"),
]

ACTIONS = [
    asks("add-action", "officer"),
    asks("assign-action", "officer", thing="action_of_review"),
    of_review(
        "action",
        f"{READERS} panel_member action_owner",
        "officer panel_member action_owner",
        thing="action",
    ),
    of_review("action", READERS, "officer", thing="action_other"),
]

REGISTER = "officer other_officer"
CHAIRS_PAGES = [
    standing("chairs", f"{OFFICERS} team_manager"),
    standing("add-chair", OFFICERS, OFFICERS),
    standing("chair", f"{REGISTER} team_manager", thing="chair", absent="far_officer"),
    standing("edit-chair", REGISTER, REGISTER, thing="chair", absent="far_officer"),
    asks("appointment", "officer chair", thing="appointment"),
    Row("appointment", "appointment_waiting", "officer appointee", "officer appointee", SEES),
    asks("stand-down", "officer", thing="appointment"),
    of_review("make-lead", None, "officer", thing="appointment"),
    asks("sound-out", "officer"),
    asks("appoint-another", "officer"),
    asks("record-answer", "officer", thing="sounding"),
]

ROWS = [*LISTS, *SECTIONS, *STEERING, *ACCOUNT, *TASKS, *REQUESTS, *ACTIONS, *CHAIRS_PAGES]
