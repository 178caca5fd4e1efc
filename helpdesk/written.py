"""What customers wrote by WhatsApp, SMS and e-mail: into a case, and into the order's address."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from django.utils.translation import override

from helpdesk.cases import LONGEST, note_reply, take_words
from helpdesk.written_words import said_in_words
from merchants.models import User
from notifications.answers.replying import reply
from notifications.answers.settling import needs_no_answer, used
from notifications.models import Answer, Message
from stores.address_answers import correct
from tracking.address_check import can_be_completed, parts_of
from tracking.answers import Wish, is_answerable, take_wish
from tracking.models import Order, Shipment

_MAP: Final = (
    "https://www.openstreetmap.org/?mlat={lat:.6f}&mlon={lon:.6f}#map=17/{lat:.6f}/{lon:.6f}"
)


def take_answer(answer: Answer, now: datetime) -> None:
    """Receiver of answers that a person must read: each becomes a case, or joins the open one."""
    if answer.order is None:
        return
    with override(answer.merchant.default_language):
        text = said_in_words(answer)
    if len(text) > LONGEST:
        text = f"{text[: LONGEST - 1]}…"
    take_words(answer=answer, order=answer.order, text=text, now=now)


def write_back(
    *, answer: Answer, channel: str, text: str, language: str, by: User, now: datetime
) -> Message | None:
    """An agent's words by this channel; the case that the answer opened has them too.

    Raises `replying.CannotReply`; None where the same words went already.
    """
    sent = reply(answer=answer, channel=channel, text=text, language=language, by=by, now=now)
    if sent is not None:
        note_reply(answer=answer, text=text, language=language, by=by, now=now)
    return sent


def map_url(answer: Answer) -> str:
    """A map with the shared place marked; "" where none was shared."""
    if answer.latitude is None or answer.longitude is None:
        return ""
    return _MAP.format(lat=answer.latitude, lon=answer.longitude)


def use_of_place(answer: Answer, parcels: list[Shipment]) -> str:
    """What its place may be used for now: "pin", "carrier", or ""."""
    if answer.latitude is None or answer.order is None or answer.used_at is not None:
        return ""
    if can_be_completed(answer.order, parcels):
        return "pin"
    return "carrier" if any(is_answerable(parcel) for parcel in parcels) else ""


def use_place(*, answer: Answer, by: User, now: datetime) -> bool:
    """The place becomes the order's pin, or is passed on to the carrier that waits for an answer.
    False where neither can be done any more."""
    order = answer.order
    if order is None or answer.latitude is None or answer.longitude is None:
        return False
    parcels = list(Shipment.objects.filter(order=order).order_by("pk"))
    use = use_of_place(answer, parcels)
    pin = (answer.latitude, answer.longitude)
    done = False
    if use == "pin":
        done = _is_pin(order, pin) or correct(
            order=order, parts=replace(parts_of(order), pin=pin), by=by, now=now
        )
    elif use == "carrier":
        done = _pass_on(answer, parcels, now=now)
    if done:
        used(answer=answer, now=now)
        needs_no_answer(answer=answer, by=by, now=now)
    return done


def _is_pin(order: Order, pin: tuple[float, float]) -> bool:
    return (order.latitude, order.longitude) == pin


def _pass_on(answer: Answer, parcels: list[Shipment], *, now: datetime) -> bool:
    # To the carrier, who is written to in English.
    words = f"The customer's location: {map_url(answer)}"
    waiting = [parcel for parcel in parcels if is_answerable(parcel)]
    wish = Wish(landmark=answer.place[:200], words=words)
    made = [take_wish(shipment=parcel, wish=wish, now=now)[0] for parcel in waiting]
    return any(one is not None for one in made)
