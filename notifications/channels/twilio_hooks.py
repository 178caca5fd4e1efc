"""What Twilio posts to us: receipts of our messages, and what shoppers write.

https://www.twilio.com/docs/usage/webhooks/webhooks-security (the signature)
https://www.twilio.com/docs/messaging/guides/track-outbound-message-status
https://www.twilio.com/docs/messaging/guides/webhook-request (answers, WhatsApp's among them)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import parse_qs, parse_qsl, urlsplit

from django.conf import settings
from twilio.request_validator import RequestValidator

from notifications.answers.said import Media, Said, Spot, Wish
from notifications.answers.words import wish_of
from notifications.channels.twilio import SUPPRESS
from notifications.incoming import Fate, Receipt

_FATES: Final[dict[str, Fate]] = {
    "sent": Fate.SENT,
    "delivered": Fate.DELIVERED,
    "read": Fate.DELIVERED,
    "undelivered": Fate.FAILED,
    "failed": Fate.FAILED,
}
_WISHES: Final[dict[str, Wish]] = {
    "STOP": Wish.STOP, "START": Wish.START, "HELP": Wish.HELP,
}  # fmt: skip
_MOST_MEDIA: Final = 10


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


def read(*, url: str, body: bytes) -> Receipt | Said | None:
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


def _answer(fields: Mapping[str, str]) -> Said:
    """A message to us. WhatsApp's own fields: buttons, places, the message that is answered."""
    sender, ours = fields.get("From", ""), fields.get("To", "")
    channel = "whatsapp" if sender.startswith("whatsapp:") else "sms"
    text = fields.get("ButtonText") or fields.get("Body", "")
    matched = fields.get("OptOutType", "").upper()
    found = wish_of(text, channel=channel)
    wish = _WISHES.get(matched, Wish.NONE) if matched else found.wish
    replied = fields.get("OriginalRepliedMessageSid", "")
    return Said(
        channel=channel,
        number=sender.removeprefix("whatsapp:"),
        to=ours.removeprefix("whatsapp:"),
        text=text,
        provider_id=fields.get("MessageSid", ""),
        wish=wish,
        # Advanced Opt-Out answers what it matched, and by SMS Twilio answers its own words.
        is_wish_answered=bool(matched) or found.twilio_knows,
        is_wish_doubtful=found.is_doubtful and wish is not Wish.NONE,
        language=found.language,
        answers=(replied,) if replied else (),
        payload=fields.get("ButtonPayload", ""),
        spot=_spot(fields),
        media=tuple(_media(fields)),
    )


def _spot(fields: Mapping[str, str]) -> Spot | None:
    try:
        latitude, longitude = float(fields["Latitude"]), float(fields["Longitude"])
    except (KeyError, ValueError):
        return None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return None
    named = (fields.get("Label", ""), fields.get("Address", ""))
    return Spot(latitude, longitude, ", ".join(dict.fromkeys(part for part in named if part)))


def _media(fields: Mapping[str, str]) -> Iterator[Media]:
    """By type and id: whoever may see the account's media finds the file by it."""
    count = fields.get("NumMedia", "")
    for number in range(min(int(count), _MOST_MEDIA) if count.isdecimal() else 0):
        url = fields.get(f"MediaUrl{number}", "")
        kind = fields.get(f"MediaContentType{number}", "")
        yield Media(kind[:80], urlsplit(url).path.rpartition("/")[2][:80])


def _words(code: int) -> str:
    known = SUPPRESS.get(code)
    if known:
        return f"It was not delivered: {known} (Twilio error {code})."
    return f"It was not delivered (Twilio error {code})." if code else "It was not delivered."


def _fields(body: bytes) -> dict[str, str]:
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
