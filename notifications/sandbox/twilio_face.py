"""Twilio's Messages resource, as its documentation gives it.

https://www.twilio.com/docs/messaging/api/message-resource
https://www.twilio.com/docs/iam/test-credentials (the magic numbers)
"""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, Final

from notifications.sandbox.state import State, Text

_E164: Final = re.compile(r"\+[1-9]\d{6,14}")
_LONGEST_BODY: Final = 1600
_MOST: Final = 1000
#: Numbers that Twilio refuses on purpose, so that clients can try it.
MAGIC: Final[dict[str, int]] = {
    "+15005550001": 21211,
    "+15005550002": 21612,
    "+15005550003": 21408,
    "+15005550004": 21610,
    "+15005550009": 21614,
}
_WORDS: Final[dict[int, str]] = {
    20003: "Authenticate",
    20404: "The requested resource was not found",
    20429: "Too many requests",
    21211: "The 'To' number is not a valid phone number.",
    21408: "Permission to send an SMS has not been enabled for the region of the 'To' number.",
    21602: "Message body is required.",
    21603: "A 'From' phone number is required.",
    21610: "Attempt to send to unsubscribed recipient",
    21612: "The 'To' phone number is not currently reachable via SMS.",
    21614: "'To' number is not a valid mobile number",
    21655: "The ContentSid is invalid or its template is not approved.",
    21656: "The ContentVariables parameter is invalid.",
    63021: "Channel invalid content error",
    21617: "The concatenated message body exceeds the 1600 character limit.",
}


class Refused(Exception):
    """Twilio's "no": an HTTP status and an error code of its list."""

    def __init__(self, code: int, status: int = 400) -> None:
        super().__init__(_WORDS[code])
        self.code = code
        self.status = status

    def as_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "message": str(self),
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }


def create(state: State, form: dict[str, str], now: datetime) -> Text:
    """Accept a message. Raises Refused."""
    to, body = form.get("To", ""), form.get("Body", "")
    sender = form.get("From") or form.get("MessagingServiceSid", "")
    number = to.removeprefix("whatsapp:")
    if not sender:
        raise Refused(21603)
    if number in MAGIC:
        raise Refused(MAGIC[number])
    if not _E164.fullmatch(number):
        raise Refused(21211)
    if not body:
        raise Refused(21602)
    if len(body) > _LONGEST_BODY:
        raise Refused(21617)
    if (sender, to) in state.stopped:
        raise Refused(21610)
    text = Text(
        sid=f"SM{secrets.token_hex(16)}",
        to=to,
        sender=sender,
        body=body,
        direction="outbound-api",
        status="queued",
        created_at=now.isoformat(),
        callback=form.get("StatusCallback", ""),
    )
    state.add_text(text)
    return text


def listing(state: State, query: dict[str, str], account: str) -> dict[str, Any]:
    """One page of messages, newest first, by `To` and `From`."""
    size = min(int(query.get("PageSize", "50")), _MOST)
    rows = [
        text
        for text in sorted(state.texts.values(), key=lambda text: text.created, reverse=True)
        if query.get("To", text.to) == text.to and query.get("From", text.sender) == text.sender
    ]
    return {
        "messages": [resource(text, account) for text in rows[:size]],
        "page": 0,
        "page_size": size,
        "start": 0,
        "end": min(size, len(rows)) - 1,
        "first_page_uri": f"/2010-04-01/Accounts/{account}/Messages.json?PageSize={size}&Page=0",
        "uri": f"/2010-04-01/Accounts/{account}/Messages.json?PageSize={size}&Page=0",
        "next_page_uri": None,
        "previous_page_uri": None,
    }


def resource(text: Text, account: str) -> dict[str, Any]:
    """A message as JSON."""
    created = format_datetime(text.created.astimezone(UTC))
    was_sent = text.status not in {"queued", "accepted"}
    return {
        "sid": text.sid,
        "account_sid": account,
        "api_version": "2010-04-01",
        "body": text.body,
        "date_created": created,
        "date_sent": created if was_sent else None,
        "date_updated": created,
        "direction": text.direction,
        "error_code": text.error_code,
        "error_message": _WORDS.get(text.error_code or 0),
        "from": text.sender,
        "messaging_service_sid": text.sender if text.sender.startswith("MG") else None,
        "num_media": "0",
        "num_segments": "1",
        "price": None,
        "price_unit": "USD",
        "status": text.status,
        "subresource_uris": {},
        "to": text.to,
        "uri": f"/2010-04-01/Accounts/{account}/Messages/{text.sid}.json",
    }
