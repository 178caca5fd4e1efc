"""One shopper's phone: mail, SMS, WhatsApp and notes of the browser, as they arrived.

The sandbox that plays Twilio and the push service keeps what it received; mails are in the
demonstration's mailbox. Both are put together by the person they went to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import formataddr, make_msgid
from typing import Any, Final

import httpx
from anymail.inbound import AnymailInboundMessage
from anymail.signals import AnymailInboundEvent, inbound
from django.conf import settings
from django.db.models import QuerySet

from demo.models import CapturedMail
from lib.phones import e164
from merchants.scope import every_merchant
from tracking.models import Recipient

_SECONDS: Final = 5.0
#: How a browser of a shopper is called at the sandbox.
_DEVICE: Final = "phone-{}"


@dataclass(frozen=True, slots=True)
class Owner:
    """A shopper with a phone; `pk` is their first recipient row, which is their address here."""

    pk: int
    name: str
    email: str
    number: str
    language: str
    shops: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """Something that arrived on the phone, or that its owner wrote."""

    kind: str
    at: datetime
    sender: str
    text: str
    title: str = ""
    url: str = ""
    language: str = ""
    is_theirs: bool = False
    #: Whom an answer goes to: our number on this channel.
    answer_to: str = ""


@dataclass(frozen=True, slots=True)
class Phone:
    """What is on the screen; `problem` in words where the sandbox cannot be asked."""

    owner: Owner
    items: Sequence[Item]
    problem: str = ""


def owners() -> list[Owner]:
    """Everybody who was ever told something, the newest first; one entry a person."""
    with every_merchant("the demonstration shows the phones of all shops' customers"):
        rows = list(Recipient.objects.select_related("order", "merchant").order_by("pk"))
    found: dict[str, Owner] = {}
    for row in rows:
        number = e164(row.phone, country=row.order.country)
        key = row.email.lower() or number
        if not key:
            continue
        known = found.pop(key, None)
        made = Owner(row.pk, row.name, row.email, number, row.language, (row.merchant.name,))
        if known is not None:
            shops = tuple(dict.fromkeys((*known.shops, row.merchant.name)))
            made = replace(known, shops=shops, number=known.number or number, language=row.language)
        found[key] = made  # at the end: the newest order decides the place
    return list(reversed(found.values()))


def owner_of(pk: int) -> Owner | None:
    return next((owner for owner in owners() if owner.pk == pk), None)


def recipients_of(owner: Owner) -> QuerySet[Recipient]:
    """This person's rows at every shop; call it in `every_merchant`."""
    if owner.email:
        return Recipient.objects.filter(email__iexact=owner.email)
    return Recipient.objects.filter(pk=owner.pk)


def read_phone(owner: Owner) -> Phone:
    """Everything that arrived, oldest first."""
    items = _mails(owner)
    try:
        with httpx.Client(base_url=settings.TWILIO_API_URL, timeout=_SECONDS) as http:
            if owner.number:
                answer = http.get("/control/texts", params={"number": owner.number})
                items += [_text(row) for row in answer.json()["texts"]]
            answer = http.get(f"/control/devices/{device_of(owner)}")
            items += [_note(row) for row in answer.json()["notes"]]
    except (httpx.HTTPError, ValueError, KeyError):
        return Phone(owner, _sorted(items), "The server that plays Twilio does not answer.")
    return Phone(owner, _sorted(items))


#: What else than words a shopper may send by WhatsApp, as Twilio's webhook has it.
EXTRAS: Final[dict[str, dict[str, str]]] = {
    "place": {
        "Latitude": "25.080500",
        "Longitude": "55.140300",
        "Label": "Marina Gate 2",
        "Address": "Dubai Marina",
    },
    "picture": {
        "NumMedia": "1",
        "MediaContentType0": "image/jpeg",
        "MediaUrl0": "https://api.twilio.com/2010-04-01/Accounts/AC0/Messages/MM0/Media/ME0demo",
    },
}


def write_back(owner: Owner, *, channel: str, to: str, body: str, extra: str = "") -> bool:
    """The shopper answers a text; the sandbox posts it to our hook, signed. Whether it arrived.

    `extra` is one of EXTRAS.
    """
    content = {
        "number": owner.number,
        "to": to,
        "channel": channel,
        "body": body,
        "fields": EXTRAS.get(extra, {}),
    }
    try:
        answer = httpx.post(
            f"{settings.TWILIO_API_URL}/control/answers", json=content, timeout=_SECONDS * 2
        )
        return bool(answer.json()["webhook"] == httpx.codes.OK)
    except (httpx.HTTPError, ValueError, KeyError):
        return False


def newest_mail(owner: Owner) -> CapturedMail | None:
    """The mail that the shopper would answer."""
    if not owner.email:
        return None
    return CapturedMail.objects.filter(to__icontains=owner.email).order_by("-pk").first()


def reply_by_mail(owner: Owner, *, body: str) -> bool:
    """The shopper answers the newest mail; False without one.

    It is handed over as anymail hands over a provider's webhook. The quoted letter goes along.
    """
    mail = newest_mail(owner)
    if mail is None:
        return False
    quoted = "\n".join(f"> {line}" for line in mail.text.splitlines())
    made = AnymailInboundMessage.construct(
        from_email=formataddr((owner.name, owner.email)),
        to=mail.sender,
        subject=mail.subject if mail.subject.startswith("Re:") else f"Re: {mail.subject}",
        text=f"{body}\n\n{mail.sender}:\n{quoted}\n",
        headers=[
            ("Message-ID", make_msgid(domain="phone.example")),
            ("In-Reply-To", mail.message_id),
        ],
    )
    event = AnymailInboundEvent(event_type="inbound", message=made, event_id=None)
    inbound.send(sender=CapturedMail, event=event, esp_name="demonstration")
    return True


def browser_of(owner: Owner) -> dict[str, Any] | None:
    """The phone's browser as `PushSubscription.toJSON()`; None where the sandbox is away."""
    try:
        answer = httpx.post(
            f"{settings.TWILIO_API_URL}/control/devices",
            json={"name": device_of(owner)},
            timeout=_SECONDS,
        )
        found: dict[str, Any] = answer.raise_for_status().json()
    except (httpx.HTTPError, ValueError):
        return None
    return found


def device_of(owner: Owner) -> str:
    return _DEVICE.format(owner.pk)


def _sorted(items: Sequence[Item]) -> list[Item]:
    return sorted(items, key=lambda item: item.at)


def _mails(owner: Owner) -> list[Item]:
    if not owner.email:
        return []
    return [
        Item(
            kind="mail",
            at=mail.at,
            sender=mail.sender.partition(" <")[0].strip('"'),
            title=mail.subject,
            text=" ".join(mail.text.split())[:140],
            url=f"/demo/mailbox/{mail.pk}/",
        )
        for mail in CapturedMail.objects.filter(to__icontains=owner.email)
    ]


def _text(row: dict[str, Any]) -> Item:
    return Item(
        kind=row["channel"],
        at=datetime.fromisoformat(row["at"]),
        sender=row["from"],
        text=row["body"],
        is_theirs=row["is_theirs"],
        answer_to="" if row["is_theirs"] else row["from"],
    )


def _note(row: dict[str, Any]) -> Item:
    return Item(
        kind="push",
        at=datetime.fromisoformat(row["at"]),
        sender=row["title"],
        title=row["title"],
        text=row["body"],
        url=row["url"],
        language=row["lang"],
    )
