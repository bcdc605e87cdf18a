"""The post of a scratch deployment: everything that would leave is kept to be read; one address is always refused."""

from __future__ import annotations

from collections.abc import Sequence
from smtplib import SMTPRecipientsRefused

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

REFUSED = "refused@example.org"
posted: list[bytes] = []  # each message as it would go to the server, those that were refused too


class CensusPost(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            posted.append(message.message().as_bytes())
            if REFUSED in message.recipients():
                raise SMTPRecipientsRefused({REFUSED: (550, b"No such mailbox")})
        return len(email_messages)
