"""What an order says beside its parcels: who, where to, how it is paid, what was wished."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any, Final
from urllib.parse import quote

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from dashboard.clock import Clock
from dashboard.order_list import country_name
from dashboard.shell import address as page_address
from dashboard.shell import initials
from lib import formats
from lib.order_words import cash_words, hold_words
from lib.words import place_name
from merchants.access import MerchantRequest
from tracking.models import CashQuestion, Consent, Order, OrderItem, Refund

_MAP: Final = "https://www.openstreetmap.org/?mlat={0}&mlon={1}#map=17/{0}/{1}"
_WORDS: Final = "https://what3words.com/{}"

_CHANNELS: Final = {
    Consent.Channel.EMAIL: gettext_lazy("E-mail"),
    Consent.Channel.SMS: gettext_lazy("SMS"),
    Consent.Channel.WHATSAPP: gettext_lazy("WhatsApp"),
}
_PURPOSES: Final = {
    Consent.Purpose.MARKETING: gettext_lazy("Marketing"),
    Consent.Purpose.TRACKING: gettext_lazy("News of the order"),
}

Row = dict[str, Any]
"""A row of `components/kv.html`."""


def customer(order: Order) -> dict[str, str]:
    name = order.customer_name or order.customer_email or "–"
    shown = order.customer_email if order.customer_name else ""
    detail = " · ".join(part for part in (shown, order.customer_phone) if part)
    return {"name": name, "initials": initials(name), "detail": detail}


def postal_address(order: Order, clock: Clock) -> dict[str, Any]:
    """What `components/address.html` takes; name and phone only where they are not the buyer's."""
    city = " ".join(part for part in (place_name(order.city), order.postcode) if part)
    lines = (order.line1, order.line2, order.district, city, order.region)
    has_pin = order.latitude is not None and order.longitude is not None
    return {
        "name": "" if order.ship_to_name == order.customer_name else order.ship_to_name,
        "lines": [line for line in lines if line],
        "landmark": order.landmark,
        "code": "",
        "codes": address_codes(order),
        "country": country_name(order.country, clock.language),
        "phone": "" if order.ship_to_phone == order.customer_phone else order.ship_to_phone,
        "map_url": _MAP.format(order.latitude, order.longitude) if has_pin else "",
    }


def address_codes(order: Order) -> list[dict[str, str]]:
    """The codes that some countries write addresses with."""
    codes = (
        (_("Makani"), order.makani, ""),
        (_("National Address"), order.national_address, ""),
        ("what3words", order.what3words, _WORDS.format(quote(order.what3words.lstrip("/")))),
    )
    return [{"label": label, "value": value, "url": url} for label, value, url in codes if value]


def order_facts(
    order: Order, clock: Clock, *, store: str, question: CashQuestion | None
) -> list[Row]:
    """Where it came from, when, and how it is paid; `question` is whether that stands."""
    tag, shown = order.language, clock.language
    language = formats.language_name(tag, shown) if tag else ""
    rows = (
        (_("Came from"), store, ""),
        (pgettext("order", "Status in the shop"), order.shop_status, ""),
        (*hold_words(order.hold), clock.spoken(order.hold_changed_at)),
        (_("Placed"), clock.spoken(order.placed_at), ""),
        (pgettext("order", "Confirmed"), clock.spoken(order.confirmed_at), ""),
        (pgettext("order", "Packed"), clock.spoken(order.packed_at), ""),
        (pgettext("order", "Cancelled"), clock.spoken(order.cancelled_at), ""),
        *_payment(order, clock),
        *_cash_answer(question, clock),
        (_("Sent from"), *origin_words(order.ship_from, order.ship_from_country, clock)),
        (_("Wished for"), *wish_words(order.wish, clock)),
        (_("Gift"), _("Yes") if order.is_gift else "", _("The receiver sees no prices.")),
        (_("Language"), str(language or order.language), ""),
        (_("Tags"), ", ".join(str(tag) for tag in order.tags), ""),
    )
    return [{"label": label, "value": value, "why": why} for label, value, why in rows if value]


def _payment(order: Order, clock: Clock) -> list[tuple[str, str, str]]:
    rows: list[tuple[str, str, str]] = []
    if order.total is not None and order.currency:
        total = formats.money(order.total, order.currency, clock.language)
        rows.append((_("Total"), total, order.payment_method))
    else:
        rows.append((_("Payment"), order.payment_method, ""))
    if order.cod_amount:
        amount = formats.money(order.cod_amount, order.currency, clock.language)
        rows.append((_("To pay on delivery"), amount, ""))
    return rows


def _cash_answer(question: CashQuestion | None, clock: Clock) -> list[tuple[str, str, str]]:
    """What the customer said when asked whether the order stands."""
    if question is None:
        return []
    when = clock.spoken(question.answered_at or question.asked_at)
    return [(_("Asked to confirm"), cash_words(question.confirmed), when)]


def origin_words(parts: Mapping[str, str], country: str, clock: Clock) -> tuple[str, str]:
    """A place's name, and where it is."""
    comma = "، " if formats.is_rtl(clock.language) else ", "
    code = parts.get("country") or country
    words = (parts.get("line1"), place_name(parts.get("city", "")),
             country_name(code, clock.language) if code else "")  # fmt: skip
    where = comma.join(word for word in words if word)
    name = parts.get("name", "")
    return (name, where) if name else (where, "")


def wish_words(wish: Mapping[str, str], clock: Clock) -> tuple[str, str]:
    """ "Sat 14 Nov, 5:00 pm – 8:00 pm", and the shopper's words."""
    comma = "، " if formats.is_rtl(clock.language) else ", "
    day = wish.get("day")
    hours = [
        formats.time_of_day(time.fromisoformat(wish[part]), clock.language)
        for part in ("start", "end")
        if wish.get(part)
    ]
    if len(hours) == 1 and wish.get("start"):
        hours = [_("from %(hour)s") % {"hour": hours[0]}]
    elif len(hours) == 1:
        hours = [_("until %(hour)s") % {"hour": hours[0]}]
    when = (clock.day(date.fromisoformat(day)) if day else "", " – ".join(hours))
    said = comma.join(part for part in when if part)
    note = wish.get("note", "")
    return (said, note) if said else (note, "")


def replaced_row(request: MerchantRequest, order: Order) -> list[Row]:
    """The order that this one makes good, with its page where we know it."""
    if not order.replaces:
        return []
    other = Order.objects.filter(source=order.source, external_id=order.replaces).first()
    return [
        {
            "label": _("Replaces order"),
            "value": other.number if other else order.replaces,
            "url": page_address(request, "order", other.pk) if other else "",
        }
    ]


def refund_rows(
    refunds: Sequence[Refund], items: Sequence[OrderItem], order: Order, clock: Clock
) -> list[Row]:
    """Each refund: how much, when, why and for which lines."""
    titles = {item.external_id: item.title for item in items if item.external_id}
    rows = []
    for refund in refunds:
        amount = _("Amount not said")
        if refund.amount is not None and order.currency:
            amount = formats.money(refund.amount, order.currency, clock.language)
        lines = [f"{count} × {titles.get(line, line)}" for line, count in refund.lines]
        reasons = [part for part in (refund.reason, *lines) if part]
        when = clock.spoken(refund.at) if refund.at else _("Refund")
        rows.append({"label": when, "value": amount, "why": " · ".join(reasons)})
    return rows


def consent_rows(consents: Sequence[Consent], clock: Clock) -> list[Row]:
    """What the customer agreed to or refused, and where that was said."""
    return [
        {
            "label": f"{_CHANNELS[Consent.Channel(one.channel)]} · "
            f"{_PURPOSES[Consent.Purpose(one.purpose)]}",
            "value": pgettext("consent", "Agreed") if one.given
            else pgettext("consent", "Refused"),
            "why": " · ".join(part for part in (one.source, clock.spoken(one.at)) if part),
        }
        for one in consents
    ]  # fmt: skip
