"""Which boxes take words that stand in clear, so that no canary is planted there; and what the service itself writes."""

from __future__ import annotations

PUBLIC = "public by its nature: the service warns of names and looks for them"
WORK = "about people at work, as a directory holds it: names and addresses stand in clear"
# name of a box, or "door: box" -> why what is typed there stands in clear
IN_CLEAR: dict[str, str] = {
    "pseudonym": PUBLIC,
    "known_as": PUBLIC,
    "title": PUBLIC,
    "presented_by": PUBLIC,
    "resolve: text": PUBLIC,
    "venue": PUBLIC,
    "address": PUBLIC,
    "minute": PUBLIC,
    "leading_review": "the reference of a review",
    "earlier_notification": "the reference of a notification",
    "monitored_by": PUBLIC,
    "region": WORK,
    "owner_name": WORK,
    "author_name": WORK,
    "signatory_name": WORK,
    "new_name": WORK,
    "organisation": WORK,
    "add-member: name": WORK,
    "invite: name": WORK,
    "add-chair: name": WORK,
    "edit-chair: name": WORK,
    "at": "a time of day",
    "day_rate": "an amount",
    "fee": "an amount",
}
# sealed fields that no form fills -> why
NO_FORM = "every recorded fact may have a reason; no page asks for this one's"
NOT_TYPED: dict[str, str] = {
    "reviews.Submission.reason": NO_FORM,
    "reviews.EarlyLearning.reason": NO_FORM,
    "reviews.PanelMeeting.reason": NO_FORM,
    "reviews.CommissionersCopy.reason": NO_FORM,
    "restricted_docs.DocumentVersion.sha256": "the service works it out",
}
# addresses that take a form and get none -> why
CODE = "asks for a code, a key or the name of a device: no words about a review"
NOT_WALKED: dict[str, str] = {
    "account_reset_password_from_key": "asks for a new password, as accept-invitation does",
    "mfa_login_webauthn": CODE,
    "mfa_authenticate": CODE,
    "mfa_reauthenticate": CODE,
    "mfa_reauthenticate_webauthn": CODE,
    "mfa_activate_totp": CODE,
    "mfa_deactivate_totp": CODE,
    "mfa_add_webauthn": CODE,
    "mfa_edit_webauthn": CODE,
    "mfa_remove_webauthn": CODE,
    "mfa_generate_recovery_codes": CODE,
}
# doors whose words are compared with what stands in clear, so that the database is asked for them in clear -> why
ADDRESSES = "it is compared with people's e-mail addresses"
ASKED_IN_CLEAR: dict[str, str] = {
    "reviews: known_as": "it is compared with pseudonyms",
    "sign-in: a password in the wrong box": ADDRESSES,
    "sign-in: an address nobody has": ADDRESSES,
    "account_reset_password: an address nobody has": ADDRESSES,
}


def in_clear(door: str, box: str) -> bool:
    return box in IN_CLEAR or f"{door}: {box}" in IN_CLEAR
