"""SMS and WhatsApp through Twilio's Programmable Messaging, with Twilio's own client.

https://www.twilio.com/docs/messaging/api/message-resource
https://www.twilio.com/docs/api/errors
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar, Final

import requests
from django.conf import settings
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from notifications.channels.base import Account, ChannelError, CutOff, Doubt, Letter
from notifications.channels.lines import never_left

TIMEOUT_SECONDS: Final = 15.0
_CLOUD: Final = "https://api.twilio.com"
#: Our clock and theirs may differ by this much.
_CLOCKS: Final = timedelta(minutes=5)
_MOST_CANDIDATES: Final = 50

#: Error codes after which this number must not be written to again, and why.
SUPPRESS: Final[dict[int, str]] = {
    21610: "its owner answered STOP",
    21211: "it is no phone number",
    21614: "it cannot receive SMS",
    30005: "the number does not exist",
    30006: "it is a landline",
    63014: "its owner blocked our messages",
    63024: "it is not on WhatsApp",
}
#: Refusals of one message that no second try changes.
_HOPELESS: Final = frozenset({400, 404, 410, 413, 422})
#: Set-up to be corrected by the operator: not the message's fault, so it waits.
_SET_UP: Final = frozenset({20003, 21606, 21659, 21660, 63007})


class _Here(TwilioHttpClient):
    """Twilio's HTTP client, pointed at `TWILIO_API_URL`."""

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        if not url.startswith(f"{_CLOUD}/"):
            raise TwilioException("an address that is not Twilio's API")
        return super().request(
            method, settings.TWILIO_API_URL + url.removeprefix(_CLOUD), *args, **kwargs
        )


class _Twilio:
    """What SMS and WhatsApp share: one call a message, a list to ask, errors in words."""

    slug: ClassVar[str]
    doubt: ClassVar[Doubt] = Doubt.ASK
    _prefix: ClassVar[str] = ""

    def __init__(self, account: Account | None = None) -> None:
        self._http = _Here(timeout=TIMEOUT_SECONDS, max_retries=0)
        self._account = account
        if account is None:
            sid, token = settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN
        else:
            sid, token = account.config["account_sid"], account.secrets["auth_token"]
        self._client = Client(sid, token, http_client=self._http)

    def _own_sender(self) -> str:
        raise NotImplementedError

    def send(self, letter: Letter) -> str:
        sender = letter.sender or (self._account.sender if self._account else self._own_sender())
        service = {"messaging_service_sid" if sender.startswith("MG") else "from_": sender}
        if "from_" in service:
            service["from_"] = self._prefix + sender
        try:
            made = self._client.messages.create(
                to=self._prefix + letter.to,
                **_content(letter),
                status_callback=status_url(letter.reference, self._account),
                **service,
            )
        except TwilioRestException as error:
            raise _refused(error) from error
        except requests.RequestException as error:
            raise _broken(error) from error
        except TwilioException as error:
            # The answer's status was read and its body was not what the API promises.
            raise CutOff(f"Twilio’s answer could not be read: {error}"[:250]) from error
        return str(made.sid)

    def candidates(self, letter: Letter) -> list[str]:
        """Messages to the same number with the same text, written since this one was."""
        try:
            found = self._client.messages.list(
                to=self._prefix + letter.to, limit=_MOST_CANDIDATES, page_size=_MOST_CANDIDATES
            )
        except TwilioRestException as error:
            raise ChannelError(_words(error)) from error
        except (requests.RequestException, TwilioException) as error:
            raise ChannelError(f"Twilio could not be asked: {type(error).__name__}") from error
        since = letter.written_at - _CLOCKS
        same = [
            row
            for row in found
            if row.body == letter.text and row.date_created and row.date_created >= since
        ]
        return [str(row.sid) for row in sorted(same, key=lambda row: row.date_created)]

    def close(self) -> None:
        if self._http.session is not None:
            self._http.session.close()


class SmsChannel(_Twilio):
    """Text messages."""

    slug: ClassVar[str] = "sms"

    def _own_sender(self) -> str:
        return str(settings.TWILIO_SMS_FROM)


class WhatsAppChannel(_Twilio):
    """WhatsApp messages; Twilio writes their numbers as `whatsapp:+971…`."""

    slug: ClassVar[str] = "whatsapp"
    _prefix: ClassVar[str] = "whatsapp:"

    def _own_sender(self) -> str:
        return str(settings.TWILIO_WHATSAPP_FROM)


def _content(letter: Letter) -> dict[str, str]:
    """What is said: free text, or an approved template with its variables."""
    if letter.content_sid:
        return {
            "content_sid": letter.content_sid,
            "content_variables": letter.content_variables,
        }
    return {"body": letter.text}


def status_url(reference: str, account: Account | None = None) -> str:
    """Where Twilio posts what became of a message; its signature covers this address. A
    merchant's own account has an address of its own, whose token says whose it is."""
    path = account.config.get("hook", "") if account else ""
    return f"{settings.BASE_URL}{path or '/hooks/channel/twilio/'}?message={reference}"


def _refused(error: TwilioRestException) -> ChannelError:
    """Twilio's own "no". An answer of 500 says nothing about the message, so it is asked about."""
    if error.status in {500, 502, 504}:
        return CutOff(f"Twilio answered {error.status}")
    code = int(error.code or 0)
    return ChannelError(
        _words(error),
        permanent=error.status in _HOPELESS and code not in _SET_UP,
        suppress=SUPPRESS.get(code, ""),
    )


def _words(error: TwilioRestException) -> str:
    code = f" (error {error.code})" if error.code else ""
    known = SUPPRESS.get(int(error.code or 0))
    return f"Twilio refused it: {known}{code}" if known else f"Twilio answered {error.status}{code}"


def _broken(error: requests.RequestException) -> ChannelError:
    """A line that broke: harmless before anything was sent, a doubt after."""
    if never_left(error):
        return ChannelError("Twilio could not be reached")
    return CutOff("The line to Twilio broke before it answered")
