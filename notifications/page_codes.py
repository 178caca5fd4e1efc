"""One-time codes: sent to an address of the order, or to a number that is to be proved; entered.

A hash of six digits is guessed in a second, so not even one is stored: a code follows from a random
nonce and the server's key (HMAC-SHA256), and is put into the letter only on its way out
(`notifications.letters`). The message's row, its log and every export say "••••••".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext, override

from lib.folding import digits
from lib.phones import e164, masked_email, masked_phone
from lib.signing import new_token, same
from merchants.models import Brand, Merchant
from notifications.answers.topics import PAGE_CODE, PREFIX, SHOWN_AS
from notifications.channels.registry import Reach
from notifications.consent import suppressed
from notifications.heading import heading_state
from notifications.models import Message, PageCode
from notifications.rendering import Rendered, Telling
from notifications.rules import channels_on, language_for
from notifications.telling import look_of
from notifications.templates.mail import letter
from notifications.text_limits import SMS, takes_free_text
from notifications.texts import LANGUAGES
from tracking.address_check import is_phone_given_on_page
from tracking.links import link_for, page_path
from tracking.models import Change, Order, Recipient
from tracking.outbox import NewChange, write
from tracking.quiet import why_quiet

Purpose = PageCode.Purpose

LIFETIME: Final = timedelta(minutes=10)
#: Wrong entries after which a code is worth nothing.
MOST_TRIES: Final = 5
DIGITS: Final = 6
#: What stands for the code wherever a message is kept or shown.
HIDDEN: Final = "••••••"
EMAIL: Final = "email"
#: What a code says is written in the languages of our pages.
_KEPT: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CodeWay:
    """Where a code may go: a channel, the address, and as much of it as a link may show."""

    channel: str
    to: str
    masked: str


@dataclass(frozen=True, slots=True)
class Asked:
    """On which link's page a code is asked for, by whom, about which order."""

    merchant: Merchant
    order: Order
    recipient: Recipient
    link_id: int
    language: str


def ways_to(asked: Asked) -> list[CodeWay]:
    """The addresses of the order that belong to this person and can be written to now.

    Never one that was typed on the page: whoever has the link could have typed it. In the scope.
    """
    if why_quiet(asked.order.source):
        return []
    emails, phones = _addresses(asked.order, asked.recipient)
    found = [CodeWay(EMAIL, email, masked_email(email)) for email in emails if email]
    country = asked.order.country or asked.merchant.country
    numbers = (e164(phone, country=country) for phone in phones if phone)
    found += [phone_way(number) for number in dict.fromkeys(numbers) if number]
    return reachable(asked.merchant, found)


def phone_way(number: str) -> CodeWay:
    """The text message to this number (E.164)."""
    return CodeWay(SMS, number, masked_phone(number))


def reachable(merchant: Merchant, ways: Iterable[CodeWay]) -> list[CodeWay]:
    """Those by a channel that is in use, to an address that nothing is known against."""
    kinds = {kind.slug for kind in channels_on(merchant) if kind.reach in _REACHES} | {EMAIL}
    return [
        way
        for way in ways
        if way.channel in kinds
        and takes_free_text(way.channel, way.to)
        and not suppressed(way.channel, way.to, merchant_id=merchant.pk)
    ]


_REACHES: Final = (Reach.EMAIL, Reach.PHONE)


def _addresses(order: Order, recipient: Recipient) -> tuple[list[str], list[str]]:
    """E-mail addresses and phone numbers as the shop, an agent or a program gave them."""
    if recipient.role == Recipient.Role.BUYER:
        own = [] if is_phone_given_on_page(order) else [order.customer_phone]
        return [order.customer_email.strip()], own
    named = [] if recipient.has_own_phone else [recipient.phone]
    of_door = [order.ship_to_phone] if recipient.role == Recipient.Role.RECEIVER else []
    return [recipient.email.strip()], [*of_door, *named]


def send_code(*, asked: Asked, way: CodeWay, purpose: Purpose, now: datetime) -> PageCode:
    """Make a code and the message that carries it; older ones of this link end. In the scope.

    The message is due at once: somebody sits before the page and waits.
    """
    PageCode.objects.filter(expires_at__lt=now - _KEPT).delete()
    mine = PageCode.objects.filter(link_id=asked.link_id, purpose=purpose, used_at=None)
    mine.filter(expires_at__gt=now).update(expires_at=now)
    return PageCode.objects.create(
        merchant_id=asked.merchant.pk,
        link_id=asked.link_id,
        order=asked.order,
        recipient=asked.recipient,
        message=_message(asked, way, now=now),
        purpose=purpose,
        to=way.to,
        nonce=new_token(),
        created_at=now,
        expires_at=now + LIFETIME,
    )


def pending(*, link_id: int, purpose: Purpose, now: datetime) -> PageCode | None:
    """The code that could be entered on this link's page now; in the scope."""
    rows = PageCode.objects.filter(link_id=link_id, purpose=purpose, used_at=None)
    return rows.filter(expires_at__gt=now, tries__lt=MOST_TRIES).order_by("-pk").first()


def take_code(*, link_id: int, purpose: Purpose, typed: str, now: datetime) -> PageCode | None:
    """The code that was entered, once; None for a wrong one, of which few are heard at all.

    In a transaction, in the scope. Any script's digits. What is no code at all costs no try.
    """
    entered = digits(typed)
    row = pending(link_id=link_id, purpose=purpose, now=now)
    if row is None or len(entered) != DIGITS:
        return None
    row = PageCode.objects.select_for_update().get(pk=row.pk)
    if row.used_at is not None or row.tries >= MOST_TRIES:
        return None
    row.tries += 1
    fits = same(entered, code_of(row))
    row.used_at = now if fits else None
    row.save(update_fields=["tries", "used_at"])
    return row if fits else None


def code_of(row: PageCode) -> str:
    """The six digits."""
    made = salted_hmac("homeward.page-code", f"{row.pk}:{row.nonce}", algorithm="sha256")
    return f"{int.from_bytes(made.digest(), 'big') % 10**DIGITS:0{DIGITS}d}"


def codes_in(messages: Sequence[Message]) -> dict[int, str]:
    """The codes that these messages carry, by message; call it where they can be read."""
    ids = [message.pk for message in messages if message.topic == PAGE_CODE]
    rows = PageCode.objects.filter(message_id__in=ids) if ids else []
    return {row.message_id: code_of(row) for row in rows}


def _message(asked: Asked, way: CodeWay, *, now: datetime) -> Message:
    order, recipient = asked.order, asked.recipient
    key = f"{PREFIX}code:{new_token(9)}"
    change = NewChange(
        merchant_id=asked.merchant.pk,
        order_id=order.pk,
        shipment_id=None,
        kind=Change.Kind.ORDER,
        key=key,
        at=now,
        announce=False,
        data={"event": PAGE_CODE},
    )
    write([change], now=now)
    language = language_for(
        asked.language, order.language, asked.merchant.default_language, known=LANGUAGES
    )
    link = page_path(link_for(order=order, recipient=recipient), merchant=asked.merchant)
    rendered = _written(asked, way, language, settings.BASE_URL + link, now=now)
    return Message.objects.create(
        merchant_id=asked.merchant.pk,
        order=order,
        change=Change.objects.get(order=order, kind=Change.Kind.ORDER, key=key),
        recipient=recipient,
        channel=way.channel,
        purpose=Message.Purpose.ANSWER,
        topic=PAGE_CODE,
        language=language,
        to=way.to,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        link=link,
        due_at=now,
        created_at=now,
    )


def _written(
    asked: Asked, way: CodeWay, language: str, link: str, *, now: datetime
) -> Rendered:  # fmt: skip
    minutes = int(LIFETIME.total_seconds() // 60)
    with override(language):
        if way.channel == SMS:
            said = gettext(
                "%(shop)s: your code is %(code)s. It is valid for %(n)s minutes. Enter it on the "
                "order’s page and tell it to nobody."
            )
            values = {"shop": asked.merchant.name, "code": HIDDEN, "n": minutes}
            return Rendered("", "", said % values)
        heading = gettext("Your code is %(code)s") % {"code": HIDDEN}
        body = gettext(
            "Enter it on the order’s page within %(n)s minutes, and tell it to nobody. If you did "
            "not ask for a code, you need to do nothing."
        ) % {"n": minutes}
        subject = gettext("Your code for order %(number)s") % {"number": asked.order.number}
    brand = Brand.objects.filter(merchant_id=asked.merchant.pk).first()
    made = letter(
        Telling(
            topic=SHOWN_AS,
            language=language,
            look=look_of(asked.merchant, brand),
            state=heading_state(asked.order, None, language=language, now=now),
            order_number=asked.order.number,
            link=link,
            recipient_name=asked.recipient.name,
            heading=heading,
            answer=body,
        )
    )
    return Rendered(" ".join(subject.split())[:200], made.html, made.text)
