"""The first orders of a file, as they would be saved, with what is wrong in place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from carriers import registry
from dashboard.clock import Clock
from dashboard.imports.problem_words import problem_words
from dashboard.order_list import country_name
from lib import formats
from lib.words import place_name
from stores.csv.building import Built
from stores.vocabulary import FulfilmentUpdate, OrderUpdate


def preview_rows(orders: Sequence[Built], clock: Clock, *, home: str) -> list[dict[str, Any]]:
    """What the table takes; an order that stays out has `problems` instead of values."""
    return [
        _order(one.update, one, clock, home=home) if one.update else _refused(one, clock)
        for one in orders
    ]


def _refused(one: Built, clock: Clock) -> dict[str, Any]:
    return {
        "where": _rows(one.rows, clock),
        "problems": [
            {"row": formats.number(problem.row, clock.language), "words": problem_words(problem)}
            for problem in one.problems
        ],
    }


def _order(update: OrderUpdate, one: Built, clock: Clock, *, home: str) -> dict[str, Any]:
    return {
        "where": _rows(one.rows, clock),
        "number": update.number,
        "placed": clock.day(update.placed_at.astimezone(clock.zone).date())
        if update.placed_at
        else "",
        "customer": update.customer.name or (update.destination and update.destination.name) or "",
        "contact": update.customer.email or update.customer.phone,
        "destination": _destination(update, clock, home=home),
        "items": [{"title": item.title, "quantity": item.quantity} for item in update.items],
        "parcels": [_parcel(parcel, clock) for parcel in update.parcels],
        "total": _total(update, clock),
        "problems": [],
    }


def _rows(numbers: Sequence[int], clock: Clock) -> str:
    """ "Row 3" or "Rows 2, 7": where the order stands in the file."""
    shown = [formats.number(n, clock.language) for n in numbers[:4]]
    comma = "، " if formats.is_rtl(clock.language) else ", "
    more = "…" if len(numbers) > 4 else ""
    words = {"rows": comma.join(shown) + more}
    return ngettext("Row %(rows)s", "Rows %(rows)s", len(numbers)) % words


def _destination(update: OrderUpdate, clock: Clock, *, home: str) -> str:
    where = update.destination
    if where is None:
        return ""
    city = place_name(where.city) if where.city else ""
    if city and where.country == home:
        return city
    comma = "، " if formats.is_rtl(clock.language) else ", "
    names = (city, country_name(where.country, clock.language))
    return comma.join(dict.fromkeys(filter(None, names)))


def _parcel(parcel: FulfilmentUpdate, clock: Clock) -> dict[str, str]:
    known = registry.name_of(parcel.carrier, language=clock.language) if parcel.carrier else ""
    return {
        "number": parcel.tracking_number,
        "carrier": known or parcel.carrier_name or _("recognised from the number"),
    }


def _total(update: OrderUpdate, clock: Clock) -> str:
    if update.total is None:
        return ""
    if not update.currency:
        return formats.number(update.total, clock.language)
    return formats.money(update.total, update.currency, clock.language)
