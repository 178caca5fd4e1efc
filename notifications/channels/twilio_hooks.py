"""What Twilio posts to us: receipts of our messages, and what shoppers write.

https://www.twilio.com/docs/usage/webhooks/webhooks-security (the signature)
https://www.twilio.com/docs/messaging/guides/track-outbound-message-status
https://www.twilio.com/docs/messaging/guides/webhook-request
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qs, parse_qsl, urlsplit

from django.conf import settings
from twilio.request_validator import RequestValidator

from lib.folding import fold
from notifications.channels.twilio import SUPPRESS
from notifications.incoming import Answer, Fate, Receipt, Wish

_FATES: Final[dict[str, Fate]] = {
    "sent": Fate.SENT,
    "delivered": Fate.DELIVERED,
    "read": Fate.DELIVERED,
    "undelivered": Fate.FAILED,
    "failed": Fate.FAILED,
}
_WISHES: Final[dict[str, Wish]] = {"STOP": Wish.STOP, "START": Wish.START}
#: Whole answers that mean it where Twilio does not say so itself: it sends `OptOutType` only for
#: messaging services with Advanced Opt-Out. "Cancel" may well mean the order, so it is not here.
_WORDS: Final[dict[str, Wish]] = {
    **dict.fromkeys(("stop", "stopall", "stop all", "unsubscribe"), Wish.STOP),
    **dict.fromkeys((fold("إيقاف"), fold("توقف"), fold("إلغاء الاشتراك")), Wish.STOP),
    **dict.fromkeys(("start", "unstop", fold("ابدأ"), fold("اشتراك")), Wish.START),
}


def is_signed(*, url: str, headers: Mapping[str, str], body: bytes, auth_token: str = "") -> bool:
    """Whether Twilio sent this: HMAC-SHA1 over the address and the sorted form fields, with this
    account's token, else with the operator's."""
    token = auth_token or settings.TWILIO_AUTH_TOKEN
    if not token:
        return False
    given = headers.get("x-twilio-signature", "")
    validator = RequestValidator(token)
    return bool(validator.validate(url, _fields(body), given))


def key_of(body: bytes) -> str:
    """One receipt or one answer, however often it is posted."""
    fields = _fields(body)
    return f"{fields.get('MessageSid', '')}:{fields.get('MessageStatus', 'answer')}"[:100]


def read(*, url: str, body: bytes) -> Receipt | Answer | None:
    """What it says; None for what needs nothing done (a status on the way)."""
    fields = _fields(body)
    if "MessageStatus" not in fields:
        return _answer(fields)
    fate = _FATES.get(fields["MessageStatus"])
    if fate is None:
        return None
    code = int(fields["ErrorCode"]) if fields.get("ErrorCode", "").isdecimal() else 0
    reference = parse_qs(urlsplit(url).query).get("message", [""])[0]
    return Receipt(
        provider_id=fields.get("MessageSid", ""),
        reference=reference,
        fate=fate,
        reason=_words(code) if fate is Fate.FAILED else "",
        suppress=SUPPRESS.get(code, ""),
    )


def _answer(fields: Mapping[str, str]) -> Answer:
    sender, ours = fields.get("From", ""), fields.get("To", "")
    return Answer(
        channel="whatsapp" if sender.startswith("whatsapp:") else "sms",
        number=sender.removeprefix("whatsapp:"),
        to=ours.removeprefix("whatsapp:"),
        text=fields.get("Body", ""),
        wish=_wish(fields),
    )


def _wish(fields: Mapping[str, str]) -> Wish:
    if fields.get("OptOutType"):
        return _WISHES.get(fields["OptOutType"].upper(), Wish.NONE)
    return _WORDS.get(fold(fields.get("Body", "")), Wish.NONE)


def _words(code: int) -> str:
    known = SUPPRESS.get(code)
    if known:
        return f"It was not delivered: {known} (Twilio error {code})."
    return f"It was not delivered (Twilio error {code})." if code else "It was not delivered."


def _fields(body: bytes) -> dict[str, str]:
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
