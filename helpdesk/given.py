"""What the carrier gave beside scans and dates, as rows for desk and dashboard."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from carriers.registry import name_of
from lib import formats
from tracking.details import read_details
from tracking.models import Leg

Row = dict[str, Any]


def leg_rows(legs: Iterable[Leg], *, language: str) -> list[Row]:
    """To whom the parcel was handed on, and its number there."""
    return [
        {
            "label": _("Handed on"),
            "value": name_of(leg.carrier, language=language),
            "why": leg.tracking_number,
        }
        for leg in legs
    ]


def given_rows(kept: Mapping[str, Any], *, language: str, shows_people: bool) -> list[Row]:
    """Rows for `components/kv.html` from `Shipment.details`.

    `shows_people`: whether the reader may see who signed and who drives.
    """
    details = read_details(kept)
    rows: list[Row] = []
    if details.proof is not None:
        who = details.proof.signed_by if shows_people else ""
        value = " · ".join(part for part in (who, details.proof.left_at) if part)
        rows.append(
            {"label": _("Proof of delivery"), "value": value or _("There is one"), "why": ""}
        )
        if details.proof.photo_url and shows_people:
            picture = {"value": _("See it"), "url": details.proof.photo_url, "why": ""}
            rows.append({"label": _("Picture of the delivery")} | picture)
    if details.pieces is not None and details.pieces > 1:
        rows.append({"label": _("Pieces"), "value": str(details.pieces), "why": ""})
    if details.cash is not None:
        amount, currency = details.cash.amount, details.cash.currency
        value = formats.money(amount, currency, language) if currency else f"{amount:f}"
        rows.append({"label": _("The carrier collects"), "value": value, "why": ""})
    if details.pickup_point is not None:
        point = details.pickup_point
        where = ", ".join(part for part in (point.name, point.address) if part)
        until = ""
        if point.last_day is not None:
            day = formats.weekday_date(point.last_day, language)
            until = _("It is kept until %(day)s") % {"day": day}
        why = " · ".join(part for part in (point.hours, until) if part)
        rows.append({"label": _("Pick-up point"), "value": where or _("not named"), "why": why})
    if details.courier is not None and shows_people:
        courier = details.courier
        rows.append(
            {"label": _("Courier"), "value": courier.name or courier.phone or "–",
             "why": courier.phone if courier.name else ""}
        )  # fmt: skip
        if courier.live_url:
            live = {"value": _("See it"), "url": courier.live_url, "why": ""}
            rows.append({"label": _("The courier’s live map")} | live)
    return rows
