"""The demonstration's post office: every mail is kept in a table instead of being sent."""

from __future__ import annotations

from collections.abc import Sequence
from email.mime.base import MIMEBase
from typing import Any

from anymail.message import AnymailRecipientStatus, AnymailStatus
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage

from demo.models import CapturedMail


class MailboxBackend(BaseEmailBackend):
    """Keeps mails, and reports them sent the way an anymail provider does."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for mail in email_messages:
            message_id = str(mail.extra_headers.get("Message-ID", ""))
            # A repeated Message-ID is the same mail: the mailbox shows it once, as people's do.
            CapturedMail.objects.get_or_create(
                message_id=message_id,
                to=", ".join(mail.to)[:254],
                defaults={
                    "sender": mail.from_email[:254],
                    "subject": str(mail.subject)[:300],
                    "text": str(mail.body),
                    "html": _html_part(mail),
                },
            )
            status = AnymailStatus()
            status.set_recipient_status(
                {address: AnymailRecipientStatus(message_id, "sent") for address in mail.to}
            )
            mail.anymail_status = status  # type: ignore[attr-defined]
        return len(email_messages)


def _html_part(mail: EmailMessage) -> str:
    if not isinstance(mail, EmailMultiAlternatives):
        return ""
    parts: list[Any] = list(mail.alternatives)
    html = next((str(part[0]) for part in parts if part[1] == "text/html"), "")
    for attachment in mail.attachments:
        if isinstance(attachment, MIMEBase) and (name := attachment.get("Content-ID")):
            # A mail program resolves cid: addresses; a browser shows the same picture as data.
            picture = "".join(str(attachment.get_payload()).split())
            data = f"data:{attachment.get_content_type()};base64,{picture}"
            html = html.replace(f"cid:{name.strip('<>')}", data)
    return html
