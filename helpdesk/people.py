"""Who the customer is, as the desk shows it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from helpdesk.address_lines import address_codes
from helpdesk.reader import Reader
from lib import formats
from lib.order_words import cash_words, hold_words
from lib.words import place_name
from tracking.models import CashQuestion, Order, Recipient

#: Who is told besides the buyer.
_ROLES: Final = (Recipient.Role.RECEIVER, Recipient.Role.FRONT_DESK)


def initials(name: str) -> str:
    """One or two letters that stand for somebody."""
    words = [word for word in name.split() if word[0].isalnum()]
    letters = [words[0][0], words[-1][0]] if len(words) > 1 else [word[0] for word in words]
    return "".join(letters).upper() or "?"


def address(order: Order, language: str, *, full: bool) -> dict[str, Any]:
    """What `components/address.html` takes; only town and country where not `full`."""
    town = " ".join(
        part for part in (place_name(order.city), order.postcode if full else "") if part
    )
    country = formats.locale_of(language).territories.get(order.country, order.country)
    lines = [order.line1, order.line2, order.district] if full else []
    region = order.region if order.region.casefold() != order.city.casefold() else ""
    receiver = order.ship_to_name if order.ship_to_name != order.customer_name else ""
    return {
        "name": receiver if full else "",
        "lines": [line for line in (*lines, town, region) if line],
        "landmark": order.landmark if full else "",
        "code": address_codes(order) if full else "",
        "country": country,
        "phone": (order.ship_to_phone or order.customer_phone) if full else "",
    }


def details(
    order: Order,
    recipients: Iterable[Recipient],
    reader: Reader,
    *,
    shows_contact: bool,
    question: CashQuestion | None = None,
) -> list[dict[str, str]]:
    """Rows of `components/kv.html`: when, from where, how paid, in which language.

    `question` is whether an order that is paid at the door stands.
    """
    rows = [
        {"label": pgettext("of an order", "Placed"), "value": reader.spoken(order.placed_at)},
        {"label": _("Came from"), "value": _source(order.source)},
    ]
    label, waits_for = hold_words(order.hold)
    if waits_for:
        rows.append({"label": label, "value": waits_for})
    if order.total is not None and order.currency:
        price = formats.money(order.total, order.currency, reader.language)
        rows.append({"label": _("Total"), "value": price})
    if order.cod_amount:
        price = formats.money(order.cod_amount, order.currency, reader.language)
        rows.append({"label": _("Cash on delivery"), "value": price})
        if question is not None:
            rows.append({"label": _("Asked to confirm"), "value": cash_words(question.confirmed)})
    elif order.payment_method:
        rows.append({"label": _("Payment"), "value": order.payment_method})
    if order.language:
        name = formats.locale_of(order.language).get_display_name(reader.language)
        rows.append({"label": _("Language"), "value": name or order.language})
    if shows_contact:
        rows += [
            {"label": _role(person.role), "value": f"{person.name} {person.email}".strip()}
            for person in recipients
            if person.role in _ROLES and (person.name or person.email)
        ]
    return rows


def _role(role: str) -> str:
    if role == Recipient.Role.RECEIVER:
        return pgettext("of a parcel", "Receiver")
    return pgettext("of a parcel", "Front desk")


def _source(source: str) -> str:
    """ "shopify:7" is a store's platform and our number of it."""
    platform = source.partition(":")[0]
    known = {"api": _("the API"), "csv": _("a file"), "form": _("typed in")}
    return known.get(platform, platform.replace("_", " ").title())
