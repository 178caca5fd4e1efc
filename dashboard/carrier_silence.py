"""How long parcels of one carrier are silent: per stage, and on the lanes that this shop uses."""

from __future__ import annotations

import math
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


def silence_groups(carrier: str, merchant_id: int, clock: Clock) -> list[dict[str, Any]]:
    """`{"stage", "rows"}` for `dashboard/_silence.html`: only figures that may be told, so perhaps
    none."""
    lanes = ("", ""), *_main_lanes(carrier, clock)
    found = []
    for stage in _STAGES:
        rows = [
            _row(_where(*lane, clock), usual, clock)
            for lane in lanes
            if (usual := _usual(carrier, *lane, stage, merchant_id, clock)) is not None
        ]
        if rows:
            found.append({"stage": _stage_words(stage), "rows": rows})
    return found


def _usual(
    carrier: str, origin: str, destination: str, stage: str, merchant_id: int, clock: Clock
) -> Silence | None:
    """What is known of this very lane, or of all ("")."""
    usual = silence_of(
        tables(now=clock.now),
        carrier=carrier,
        service="",
        lane=lane_of(origin, destination) if destination else "",
        stage=stage,
        merchant=merchant_id,
    )
    wanted = Scope.LANE if destination else Scope.CARRIER
    return usual if usual.is_told and usual.node is wanted else None


def _stage_words(stage: str) -> str:
    return str(DESK_LABELS[Status(stage)]) if stage in set(Status) else sentence(stage)


def _main_lanes(carrier: str, clock: Clock) -> list[tuple[str, str]]:
    lately = Shipment.objects.filter(carrier=carrier, last_event_at__gte=clock.now - _LATELY)
    lanes = lately.exclude(order__country="").values_list(
        "order__ship_from_country", "order__country"
    )
    counted = lanes.annotate(n=Count("pk")).order_by("-n", "order__country")
    return [(origin, destination) for origin, destination, _n in counted[:_LANES]]


def _row(where: str, usual: Silence, clock: Clock) -> dict[str, str]:
    return {
        "where": where,
        "half": _wait(usual.q50),
        "most": _wait(usual.q90),
        "scans": formats.number(round(usual.n), clock.language),
    }


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
