"""Where a shop's parcels mostly go: the example that its rules are explained with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dashboard.clock import Clock
from dashboard.order_list import country_name
from edd.before_order import BeforeOrder, before_order
from edd.estimate import Rules
from edd.zones import destination_zone
from lib.folding import fold
from lib.words import place_name
from tracking.candidates import UNKNOWN_CARRIER
from tracking.models import Shipment

#: So many of the newest parcels are looked at.
RECENT: Final = 200


@dataclass(frozen=True, slots=True)
class MainLane:
    """A destination and who carries there; without a parcel yet, the shop's own country."""

    country: str
    region: str = ""
    city: str = ""
    carrier: str = ""
    service: str = ""

    def place(self, clock: Clock) -> str:
        """ "Dubai", or the country where no city is known."""
        return place_name(self.city) or country_name(self.country, clock.language)

    def promise(self, rules: Rules, clock: Clock) -> BeforeOrder:
        """What an order placed now is promised there."""
        return before_order(
            rules,
            country=self.country,
            zone=destination_zone(self.country, self.region, self.city),
            carrier=self.carrier,
            service=self.service,
            now=clock.now,
        )


def recent_parcels() -> list[Shipment]:
    """The newest parcels with their orders; in the merchant's scope."""
    newest = Shipment.objects.select_related("order").order_by("-pk")
    return list(newest.defer("order__search_text")[:RECENT])


def main_lane(parcels: Sequence[Shipment], country: str) -> MainLane:
    """The lane that most of these parcels take; `country` is the shop's own."""
    lanes: dict[tuple[str, ...], list[Shipment]] = defaultdict(list)
    for one in parcels:
        lanes[one.order.country, fold(one.order.city), one.carrier, one.service].append(one)
    if not lanes:
        return MainLane(country)
    example = max(lanes.values(), key=len)[0]
    order = example.order
    known = "" if example.carrier == UNKNOWN_CARRIER else example.carrier
    return MainLane(order.country, order.region, order.city, known, example.service)
