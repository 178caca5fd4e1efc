"""What became of an order beside its parcels' milestones, as sentences of its story."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dashboard.clock import Clock
from lib import formats
from tracking.cash import ASKED, CONFIRMED, REFUSED
from tracking.models import Change, Reminder
from tracking.order_changes import (
    ALL_DELIVERED,
    CANCELLED,
    GOES_ON,
    ON_HOLD,
    OUT_OF_STOCK,
    PARTLY_DISPATCHED,
    REFUND,
)

_PLAIN: Final[dict[str, Promise]] = {
    ON_HOLD: gettext_lazy("The shop put the order on hold"),
    OUT_OF_STOCK: gettext_lazy("Something in the order is out of stock"),
    GOES_ON: gettext_lazy("The shop goes on with the order"),
    ASKED: gettext_lazy("The customer was asked to confirm the order"),
    CONFIRMED: gettext_lazy("The customer confirmed the order"),
    REFUSED: gettext_lazy("The customer does not want the order any more"),
}
_CANCELLED: Final[dict[str, Promise]] = {
    "": gettext_lazy("The order was cancelled"),
    "shop": gettext_lazy("The shop cancelled the order"),
    "shopper": gettext_lazy("The customer cancelled the order"),
}
_DUE: Final[dict[str, Promise]] = {
    Reminder.What.ARRIVING_TOMORROW: gettext_lazy("Expected the next day: %(day)s"),
    Reminder.What.ARRIVING_TODAY: gettext_lazy("Expected on this day: %(day)s"),
    Reminder.What.PICKUP_DEADLINE: gettext_lazy("Can be collected until the next day: %(day)s"),
}
_Say = Callable[[Change, Clock], str]


def order_sentence(change: Change, clock: Clock) -> str:
    """One line for a fact of the order; "" for what is said elsewhere (cases, addresses)."""
    name = change.key.partition(":")[0]
    if name in _PLAIN:
        return str(_PLAIN[name])
    say = _SAID.get(name)
    return say(change, clock) if say else ""


def due_sentence(change: Change, clock: Clock) -> str:
    """One line for a due time that was reached."""
    name = change.key.partition(":")[0]
    if name == Reminder.What.NOT_DISPATCHED:
        planned = _day(change.data.get("planned"), clock)
        if not planned:
            return _("Not handed over in time")
        return _("Not handed over in time: it was planned for %(day)s") % {"day": planned}
    words = _DUE.get(name)
    return str(words) % {"day": _day(change.data.get("day"), clock)} if words else change.key


def _cancelled(change: Change, clock: Clock) -> str:
    return str(_CANCELLED.get(str(change.data.get("by", "")), _CANCELLED[""]))


def _partly(change: Change, clock: Clock) -> str:
    sent, of = int(change.data.get("sent", 0)), int(change.data.get("of", 0))
    if change.data.get("unit") == "parcels":
        text = ngettext(
            "%(n)s of %(of)s parcels is on its way",
            "%(n)s of %(of)s parcels are on their way",
            sent,
        )
    else:
        text = ngettext(
            "%(n)s of %(of)s pieces is on its way", "%(n)s of %(of)s pieces are on their way", sent
        )
    return text % {"n": sent, "of": of}


def _all_delivered(change: Change, clock: Clock) -> str:
    n = int(change.data.get("parcels", 0))
    return ngettext("%(n)s parcel was delivered", "All %(n)s parcels were delivered", n) % {"n": n}


def _refund(change: Change, clock: Clock) -> str:
    currency = str(change.data.get("currency", ""))
    try:
        amount = Decimal(str(change.data.get("amount", "")))
    except InvalidOperation:
        return _("Money was given back")
    price = formats.money(amount, currency, clock.language) if currency else str(amount)
    return _("%(amount)s was given back") % {"amount": price}


_SAID: Final[dict[str, _Say]] = {
    CANCELLED: _cancelled,
    PARTLY_DISPATCHED: _partly,
    ALL_DELIVERED: _all_delivered,
    REFUND: _refund,
}


def _day(text: object, clock: Clock) -> str:
    try:
        return clock.day(date.fromisoformat(str(text)))
    except ValueError:
        return ""
