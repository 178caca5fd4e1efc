"""E-mail through Django's backend: SMTP, or any provider of django-anymail."""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from email.errors import MessageError
from email.headerregistry import Address
from email.mime.image import MIMEImage
from email.utils import parseaddr
from typing import Any, ClassVar, Final

from anymail.exceptions import (
    AnymailAPIError,
    AnymailInvalidAddress,
    AnymailRecipientsRefused,
    AnymailSerializationError,
    AnymailUnsupportedFeature,
)
from django.conf import settings
from django.core.mail import BadHeaderError, EmailMultiAlternatives, get_connection

from notifications.channels.base import Account, ChannelError, CutOff, Doubt, Letter, Picture
from notifications.channels.calls import retry_after
from notifications.channels.lines import never_left

Connect = Callable[[], Any]
_HOPELESS: Final = frozenset({400, 404, 413, 422})
#: SMTP's "all right".
_FINE: Final = 250


class EmailChannel:
    """Sends over one connection until `close`. The Message-ID lets mailboxes drop a copy."""

    slug: ClassVar[str] = "email"
    doubt: ClassVar[Doubt] = Doubt.SEND_AGAIN

    def __init__(self, account: Account | None = None, connect: Connect = get_connection) -> None:
        self._sender = account.sender if account else ""
        self._connect = connect
        self._connection: Any = connect()

    def send(self, letter: Letter) -> str:
        try:
            mail = compose_mail(letter, sender=self._sender)
        except (ValueError, IndexError, MessageError) as error:
            # The standard library's parser raises any of the three for a broken address.
            raise ChannelError(
                f"The address cannot be written to: {_first_line(error)}", permanent=True
            ) from error
        self._open()
        mail.connection = self._connection
        try:
            mail.send()
        except (
            AnymailRecipientsRefused,
            AnymailInvalidAddress,
            AnymailSerializationError,
            AnymailUnsupportedFeature,
            BadHeaderError,
            ValueError,
        ) as error:
            raise ChannelError(_first_line(error), permanent=True) from error
        except AnymailAPIError as error:
            raise _provider_said(error) from error
        except smtplib.SMTPRecipientsRefused as error:
            code, text = next(iter(error.recipients.values()))
            raise ChannelError(_reply(code, text), permanent=code >= 500) from error
        except smtplib.SMTPResponseException as error:
            self._drop()
            # 5xx while logging in or greeting is a set-up to be corrected, not a lost letter.
            hopeless = error.smtp_code >= 500 and isinstance(
                error, smtplib.SMTPDataError | smtplib.SMTPSenderRefused
            )
            raise ChannelError(
                _reply(error.smtp_code, error.smtp_error), permanent=hopeless
            ) from error
        except (smtplib.SMTPException, OSError) as error:
            # The server had been reached: it may have the letter and its "yes" was lost.
            self._drop()
            raise CutOff(f"The line to the mail server broke: {_first_line(error)}") from error
        status = getattr(mail, "anymail_status", None)
        return str(getattr(status, "message_id", None) or "")[:120]

    def candidates(self, letter: Letter) -> list[str]:
        raise ChannelError("A mail server cannot be asked")

    def close(self) -> None:
        self._connection.close()

    def _open(self) -> None:
        """Be connected before the letter is handed over: what fails here has sent nothing."""
        line = getattr(self._connection, "connection", None)
        try:
            if isinstance(line, smtplib.SMTP) and not _is_alive(line):
                self._drop()
            self._connection.open()
        except smtplib.SMTPResponseException as error:
            self._drop()
            raise ChannelError(_reply(error.smtp_code, error.smtp_error)) from error
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise ChannelError(f"The mail server did not answer: {_first_line(error)}") from error

    def _drop(self) -> None:
        """The next letter opens a connection of its own."""
        try:
            self._connection.close()
        except (smtplib.SMTPException, OSError):
            self._connection = self._connect()


def _is_alive(line: smtplib.SMTP) -> bool:
    """Whether the server still listens: it may have hung up since the last letter."""
    try:
        return bool(line.noop()[0] == _FINE)
    except (smtplib.SMTPException, OSError):
        return False


def compose_mail(letter: Letter, *, sender: str = "") -> EmailMultiAlternatives:
    """The letter as Django's mail: text and HTML, the logo inside, ids for the receipts.

    `sender` is the merchant's own address where it may write from it; else it is the operator's,
    in the merchant's name.
    """
    our_address = sender or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    mail = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        from_email=_address(letter.from_name, our_address),
        to=[_address(letter.to_name, letter.to)],
        reply_to=[letter.reply_to] if letter.reply_to else None,
        headers={
            "Message-ID": letter.message_id,
            "Content-Language": letter.language,
            # Asks holiday responders and the like not to answer.
            "Auto-Submitted": letter.auto_submitted,
            **_thread(letter),
            **_ways_out(letter),
        },
    )
    mail.attach_alternative(letter.html, "text/html")
    if letter.picture is not None:
        mail.mixed_subtype = "related"  # type: ignore[attr-defined]
        mail.attach(_inline(letter.picture))
    # Read by anymail's providers; plain SMTP passes them by.
    mail.metadata = {"message": letter.reference}  # type: ignore[attr-defined]
    mail.tags = [letter.about]  # type: ignore[attr-defined]
    return mail


def _thread(letter: Letter) -> dict[str, str]:
    """What mail programs keep a conversation together by (RFC 5322, 3.6.4)."""
    answered = "".join(letter.in_reply_to.split())
    return {"In-Reply-To": answered, "References": answered} if answered else {}


def _ways_out(letter: Letter) -> dict[str, str]:
    """The mail program's own "unsubscribe": one post, no page to find (RFC 8058)."""
    if not letter.link:
        return {}
    return {
        "List-Unsubscribe": f"<{letter.link}unsubscribe/>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _address(name: str, address: str) -> str:
    """A header's mailbox; a name with line breaks or other control characters is cleaned."""
    clean = " ".join("".join(char if char.isprintable() else " " for char in name).split())
    return str(Address(clean, addr_spec=address)) if clean else address


def _inline(picture: Picture) -> MIMEImage:
    image = MIMEImage(picture.data, picture.type.partition("/")[2])
    image.add_header("Content-ID", f"<{picture.cid}>")
    image.add_header("Content-Disposition", "inline")
    return image


def _provider_said(error: AnymailAPIError) -> ChannelError:
    status: int | None = getattr(error, "status_code", None)
    if status is None and not never_left(error.__cause__):
        return CutOff("The mail provider did not answer")
    headers = getattr(getattr(error, "response", None), "headers", {})
    return ChannelError(
        f"The mail provider answered {status}" if status else "The mail provider did not answer",
        permanent=status in _HOPELESS,
        retry_after=retry_after({"retry-after": str(headers.get("Retry-After", ""))}),
    )


def _reply(code: int, text: bytes | str) -> str:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    return f"The mail server answered {code} {' '.join(words.split())}"[:280]


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:250]
