"""By hand from who-may: the board's meetings, the access log, people and notices, everybody's own account, and the door."""

from .rows import EVERYBODY, Row, standing

OFFICERS = "officer other_officer far_officer"
OWN_OFFICERS = "officer other_officer"
THE_BOARD = "team_manager board_member board_reader deciding_chair democratic"
MANAGERS = f"{OWN_OFFICERS} democratic"
FAR = "far_officer"

BOARD = [
    standing("meetings", f"{OFFICERS} {THE_BOARD}"),
    standing("add-meeting", f"{OFFICERS} democratic", f"{OFFICERS} democratic"),
    standing("meeting", f"{OWN_OFFICERS} {THE_BOARD}", thing="meeting", absent=FAR),
    standing("issue-agenda", MANAGERS, MANAGERS, thing="meeting_new", absent=FAR),
    standing("confirm-minutes", MANAGERS, MANAGERS, thing="meeting", absent=FAR),
    standing("add-item", MANAGERS, MANAGERS, thing="meeting", absent=FAR),
    standing("put-paper", "officer", "officer", thing="item", absent=FAR, foreign=403),
    standing("close-item", MANAGERS, MANAGERS, thing="item", absent=FAR),
    standing("resolve", MANAGERS, MANAGERS, thing="item", absent=FAR),
]

LOG = [
    standing("access-log", "auditor"),
    standing("access-log-verify", "auditor", "auditor"),
    standing("access-log-export", "auditor"),
    standing("access-log-spreadsheet", "auditor"),
    standing("access-log-questions", "auditor"),
    standing("access-log-could-open", "auditor"),
    standing("access-log-proofs", "auditor", "auditor"),
    standing("access-log-entry", "auditor", thing="entry"),
]

ADMINISTRATORS = "administrator"
PEOPLE = [
    standing("people", ADMINISTRATORS),
    standing("invite", ADMINISTRATORS, ADMINISTRATORS),
    standing("person", ADMINISTRATORS, thing="person"),
    standing("give-role", ADMINISTRATORS, ADMINISTRATORS, thing="person"),
    standing("end-role", ADMINISTRATORS, ADMINISTRATORS, thing="role"),
    standing("act-on-person", ADMINISTRATORS, ADMINISTRATORS, thing="deactivate"),
    standing("outbox", "administrator auditor"),  # notices hold a reference and a link, never content
]


def own(*names: str, thing: str = "") -> list[Row]:
    """Everybody's own account: the page, or the way to it past a question. Nothing of anybody else's is there."""
    answers = frozenset({200, 302, 404, 405})
    return [Row(name, thing, EVERYBODY, EVERYBODY, foreign=None, answers=answers) for name in names]


YOUR_ACCOUNT = [
    *(Row(name, get=EVERYBODY, foreign=None) for name in ("your-account", "mfa_index", "mfa_list_webauthn")),
    *own("account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"),
    *own("mfa_activate_totp", "mfa_deactivate_totp", "mfa_add_webauthn"),
    *own("mfa_edit_webauthn", "mfa_remove_webauthn", thing="passkey"),
    *own("mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes"),
]

DOOR = [
    *(
        Row(name, public=True)
        for name in (
            *("sign-in", "account_login", "sign-out", "account_logout", "mfa_login_webauthn", "mfa_authenticate"),
            *("account_reset_password", "account_reset_password_done", "account_reset_password_from_key_done"),
            "accept-invitation",
        )
    ),
    Row("account_reset_password_from_key", "reset", public=True),
    Row("invitation", "token", public=True),
]

ROWS = [*BOARD, *LOG, *PEOPLE, *YOUR_ACCOUNT, *DOOR]
