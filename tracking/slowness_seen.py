"""What a shop sees of slow carriers: those with open parcels of its own, until it did something."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from edd.disruption_rows import load_disruptions
from edd.disruptions import Disruption
from tracking.disrupting import is_there, open_parcels
from tracking.models import Slowness, SlownessDismissal
from tracking.slowness_watch import open_slowness


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A slow carrier, and how many open parcels of the shop are on its way there."""

    slowness: Slowness
    parcels: int


def suggestions(*, merchant_id: int, today: date) -> list[Suggestion]:
    """In the merchant's scope; one query where nothing is slow."""
    slow = list(open_slowness())
    if not slow:
        return []
    dismissed = set(SlownessDismissal.objects.values_list("slowness_id", flat=True))
    running = [one for one in load_disruptions(merchant_id) if one.starts <= today <= one.ends]
    found = []
    for one in slow:
        is_known = one.pk in dismissed or any(_covers(which, one) for which in running)
        if not is_known and (parcels := _open_parcels(one)):
            found.append(Suggestion(one, parcels))
    return found


def _covers(disruption: Disruption, slow: Slowness) -> bool:
    """Whether all parcels that are slow get days already."""
    return not (disruption.service or disruption.from_country) and disruption.fits(
        carrier=slow.carrier, service="", from_country="",
        to_country=slow.to_country, to_region=slow.to_region,
    )  # fmt: skip


def dismiss(slow: Slowness, *, merchant_id: int) -> bool:
    """The shop wants to hear no more of it; False where it had said so before. In the scope."""
    _, is_new = SlownessDismissal.objects.get_or_create(merchant_id=merchant_id, slowness=slow)
    return is_new


def _open_parcels(slow: Slowness) -> int:
    scope = {
        "carrier": slow.carrier, "service": "", "from_country": "",
        "to_country": slow.to_country, "to_region": slow.to_region,
    }  # fmt: skip
    found = open_parcels([scope])
    if not slow.to_region:
        return found.count()
    return sum(is_there(parcel, [scope]) for parcel in found)
