"""How long parcels of one carrier are silent: per stage, and on the lanes that this shop uses."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.clock import Clock
from dashboard.order_list import country_name
from lib import formats
from lib.vocabulary import Status
from lib.words import DESK_LABELS, sentence
from tracking.gap_history import lane_of, tables
from tracking.models import Shipment
from tracking.silence import Scope, Silence, silence_of

#: In the order in which a parcel passes them; on the road by what was scanned last.
_STAGES: Final = (
    Status.PENDING.value,
    Status.INFO_RECEIVED.value,
    Status.PICKED_UP.value,
    Status.IN_TRANSIT.value,
    "transit.departed_facility",
    "transit.arrived_facility",
    "transit.at_delivery_depot",
    Status.CUSTOMS.value,
    Status.OUT_FOR_DELIVERY.value,
    Status.AVAILABLE_FOR_PICKUP.value,
    Status.ATTEMPT_FAILED.value,
    Status.EXCEPTION.value,
    Status.RETURNING.value,
)
#: The shop's own lanes of the last months, those with most parcels.
_LANES: Final = 4
_LATELY: Final = timedelta(days=90)

Row = dict[str, Any]


def silence_rows(carrier: str, merchant_id: int, clock: Clock) -> list[Row]:
    """Rows of `dashboard/_silence.html`: only figures that may be told, so perhaps none."""
    lanes = _main_lanes(carrier, clock)
    rows: list[Row] = []
    for stage in _STAGES:
        for origin, destination in (("", ""), *lanes):
            usual = silence_of(
                tables(now=clock.now),
                carrier=carrier,
                service="",
                lane=lane_of(origin, destination) if destination else "",
                stage=stage,
                merchant=merchant_id,
            )
            wanted = Scope.LANE if destination else Scope.CARRIER
            if usual.is_told and usual.node is wanted:
                rows.append(_row(stage, _where(origin, destination, clock), usual, clock))
    return _grouped(rows)


def _main_lanes(carrier: str, clock: Clock) -> list[tuple[str, str]]:
    lately = Shipment.objects.filter(carrier=carrier, last_event_at__gte=clock.now - _LATELY)
    lanes = lately.exclude(order__country="").values_list(
        "order__ship_from_country", "order__country"
    )
    counted = lanes.annotate(n=Count("pk")).order_by("-n", "order__country")
    return [(origin, destination) for origin, destination, _n in counted[:_LANES]]


def _row(stage: str, where: str, usual: Silence, clock: Clock) -> Row:
    return {
        "stage": str(DESK_LABELS[Status(stage)]) if stage in set(Status) else sentence(stage),
        "where": where,
        "half": _wait(usual.q50),
        "most": _wait(usual.q90),
        "scans": formats.number(round(usual.n), clock.language),
    }


def _grouped(rows: Sequence[Row]) -> list[Row]:
    """With `is_first` where a stage begins: it is read once, and named in every row."""
    before = [None, *(row["stage"] for row in rows)]
    return [
        row | {"is_first": row["stage"] != last} for row, last in zip(rows, before, strict=False)
    ]


def _where(origin: str, destination: str, clock: Clock) -> str:
    if not destination:
        return _("All lanes")
    names = {
        "origin": country_name(origin or destination, clock.language),
        "destination": country_name(destination, clock.language),
    }
    if origin in {"", destination}:
        return _("Within %(destination)s") % names
    return _("%(origin)s to %(destination)s") % names


def _wait(hours: float) -> str:
    """Rounded up, so that what is said of a share holds; hours up to two days."""
    if hours <= 48:
        whole = max(math.ceil(hours), 1)
        return ngettext("%(n)s hour", "%(n)s hours", whole) % {"n": whole}
    days = math.ceil(hours / 24)
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
