"""What may happen to a parcel: the catalogue of believable journeys. Pure data.

Hours are the gap after the previous step as a carrier would plan it; `journeys` turns
them into dates. Kinds are the sandbox's own words, one for each thing a scan can say;
each has the sub-status that a good adapter must make of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from lib.vocabulary import Status


class Role(StrEnum):
    """Which of the parcel's places a step happens at."""

    ORIGIN = "origin"
    HUB = "hub"
    DESTINATION_HUB = "destination_hub"
    DESTINATION = "destination"


#: What each kind of scan means in Homeward's words. Steps that a vendor has no code for are
#: told with its nearest one, so its adapter may read a neighbour within the same main status.
KINDS: Final[dict[str, str]] = {
    "label_created": "info.label_created",
    "picked_up": "picked_up.accepted",
    "arrived": "transit.arrived_facility",
    "departed": "transit.departed_facility",
    "left_country": "transit.departed_origin_country",
    "entered_country": "transit.arrived_destination_country",
    "customs_started": "customs.started",
    "customs_information": "customs.information_required",
    "customs_cleared": "customs.cleared",
    "at_depot": "transit.at_delivery_depot",
    "out_for_delivery": "out.on_vehicle",
    "ready_for_pickup": "pickup.ready",
    "attempt_failed": "attempt.nobody_home",
    "delayed": "delay.generic",
    "refused": "exception.refused",
    "investigated": "exception.under_investigation",
    "delivered": "delivered.generic",
    "returning": "returning.started",
    "returned": "returned.received",
    "lost": "lost.declared",
    "unmapped": "unknown",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One scan of a journey.

    `name` is unique within its scenario. `estimate`: the scan changes the promised day to
    its own local day plus so many; `postpones`: to so many days after what was promised at
    pickup. `abroad_only`: left out when the parcel stays in its
    country. `tardy`: the carrier's API first shows the scan long after it happened.
    `repeated`: the API also shows it a second time, in the destination's language.
    """

    name: str
    kind: str
    hours: float
    role: Role
    estimate: int | None = None
    postpones: int | None = None
    abroad_only: bool = False
    tardy: bool = False
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Scenario:
    """A journey a person can pick by its title, and how it ends.

    `promise`: the carrier promises, at pickup, the local day of this planned step plus so
    many days. `silent_hours`: how long the last back-dated scan lies in the past (without:
    under two hours). `shuffled`: the API lists the scans in no order.
    """

    title: str
    story: str
    steps: tuple[Step, ...]
    ends: Status
    promise: tuple[str, int] | None
    silent_hours: float | None = None
    shuffled: bool = False


_O, _H, _D, _X = Role.ORIGIN, Role.HUB, Role.DESTINATION_HUB, Role.DESTINATION

_LABEL = Step("label_created", "label_created", 0, _O)
_PICKED_UP = Step("picked_up", "picked_up", 6, _O)
_AT_HUB = Step("arrived_hub", "arrived", 3, _H)
_LEFT_HUB = Step("departed_hub", "departed", 5, _H)
_LEFT_COUNTRY = Step("left_country", "left_country", 4, _H, abroad_only=True)
_ENTERED = Step("entered_country", "entered_country", 14, _D, abroad_only=True)
_CUSTOMS = Step("customs_started", "customs_started", 2, _D, abroad_only=True)
_CLEARED = Step("customs_cleared", "customs_cleared", 6, _D, abroad_only=True)
_AT_DESTINATION_HUB = Step("arrived_destination_hub", "arrived", 12, _D)
_AT_DEPOT = Step("at_depot", "at_depot", 12, _X)
_OUT = Step("out_for_delivery", "out_for_delivery", 3, _X, estimate=0)
_DELIVERED = Step("delivered", "delivered", 5, _X)
_ATTEMPT = Step("attempt_failed", "attempt_failed", 5, _X, estimate=1)

_HANDED_OVER = (_LABEL, _PICKED_UP)
_TO_HUB = (*_HANDED_OVER, _AT_HUB, _LEFT_HUB)
_BORDER = (_LEFT_COUNTRY, _ENTERED, _CUSTOMS, _CLEARED)
_TO_DESTINATION = (*_TO_HUB, *_BORDER, _AT_DESTINATION_HUB)
_TO_DOOR = (*_TO_DESTINATION, _AT_DEPOT, _OUT)


def _catalogue() -> dict[str, Scenario]:
    on_time = ("delivered", 0)
    return {
        "happy": Scenario(
            "Delivered on the promised day",
            "Every scan where it belongs, out in the morning, delivered the same day.",
            (*_TO_DOOR, _DELIVERED),
            Status.DELIVERED,
            on_time,
        ),
        "delivered": Scenario(
            "Delivered the day before yesterday",
            "A parcel that arrived on time and has been quiet since.",
            (*_TO_DOOR, _DELIVERED),
            Status.DELIVERED,
            on_time,
            silent_hours=44,
        ),
        "slow": Scenario(
            "Slow, and late without a word",
            "Long gaps between scans; delivered three days after the promised day.",
            (
                *_HANDED_OVER,
                Step("arrived_hub", "arrived", 20, _H),
                Step("departed_hub", "departed", 44, _H),
                *_BORDER,
                Step("arrived_destination_hub", "arrived", 52, _D),
                Step("at_depot", "at_depot", 40, _X),
                Step("out_for_delivery", "out_for_delivery", 20, _X),
                _DELIVERED,
            ),
            Status.DELIVERED,
            ("delivered", -3),
        ),
        "late": Scenario(
            "Delayed, with a new date",
            "A day before the promised one the carrier reports a delay, and names a day three "
            "days after it.",
            (*_TO_DESTINATION, Step("delayed", "delayed", 15, _D, postpones=3)),
            Status.IN_TRANSIT,
            ("delayed", 1),
        ),
        "customs": Scenario(
            "Held at customs, then cleared",
            "Customs ask for information, the parcel waits two days, is cleared and delivered.",
            (
                *_TO_HUB,
                Step("left_country", "left_country", 4, _H),
                Step("entered_country", "entered_country", 14, _D),
                Step("customs_started", "customs_started", 3, _D),
                Step("customs_information", "customs_information", 6, _D, estimate=4),
                Step("customs_cleared", "customs_cleared", 50, _D, estimate=2),
                Step("arrived_destination_hub", "arrived", 5, _D),
                _AT_DEPOT,
                _OUT,
                _DELIVERED,
            ),
            Status.DELIVERED,
            ("delivered", -2),
        ),
        "attempt": Scenario(
            "Nobody home, delivered next day",
            "The driver finds nobody, comes again the next morning and delivers.",
            (
                *_TO_DOOR,
                _ATTEMPT,
                Step("out_for_delivery_again", "out_for_delivery", 18, _X, estimate=0),
                _DELIVERED,
            ),
            Status.DELIVERED,
            ("attempt_failed", 0),
        ),
        "attempt_open": Scenario(
            "Nobody home, waiting for the shopper",
            "The driver found nobody; the carrier waits to hear what the shopper wants.",
            (*_TO_DOOR, _ATTEMPT),
            Status.ATTEMPT_FAILED,
            ("attempt_failed", 0),
        ),
        "return": Scenario(
            "Refused and sent back",
            "The parcel is refused at the door, travels back and is received by the shop.",
            (
                *_TO_DOOR,
                Step("refused", "refused", 5, _X),
                Step("returning", "returning", 22, _D),
                Step("arrived_origin_hub", "arrived", 30, _H),
                Step("returned", "returned", 20, _O),
            ),
            Status.RETURNED,
            ("refused", 0),
        ),
        "lost": Scenario(
            "Lost on the way",
            "Scans stop at a hub, the carrier searches for five days and declares it lost.",
            (
                *_TO_HUB,
                Step("investigated", "investigated", 96, _H),
                Step("lost", "lost", 120, _H),
            ),
            Status.LOST_OR_DESTROYED,
            ("picked_up", 3),
        ),
        "out_of_order": Scenario(
            "Scans out of order",
            "The carrier lists its scans in no order, and shows two of them only later.",
            (
                *_HANDED_OVER,
                _AT_HUB,
                Step("departed_hub", "departed", 5, _H, tardy=True),
                *_BORDER,
                Step("arrived_destination_hub", "arrived", 12, _D, tardy=True),
                _AT_DEPOT,
                _OUT,
                _DELIVERED,
            ),
            Status.DELIVERED,
            on_time,
            shuffled=True,
        ),
        "duplicates": Scenario(
            "The same scan told twice",
            "Several scans are repeated in the destination's language; nothing really happened.",
            (
                _LABEL,
                Step("picked_up", "picked_up", 6, _O, repeated=True),
                Step("arrived_hub", "arrived", 3, _H, repeated=True),
                _LEFT_HUB,
                *_BORDER,
                Step("arrived_destination_hub", "arrived", 12, _D, repeated=True),
                _AT_DEPOT,
                Step("out_for_delivery", "out_for_delivery", 3, _X, estimate=0, repeated=True),
            ),
            Status.OUT_FOR_DELIVERY,
            ("out_for_delivery", 0),
        ),
        "label_only": Scenario(
            "Label made, not handed over",
            "The shop printed the label yesterday; the carrier has not seen the parcel.",
            (_LABEL,),
            Status.INFO_RECEIVED,
            None,
            silent_hours=27,
        ),
        "out_for_delivery": Scenario(
            "Out for delivery today",
            "On the driver's vehicle since the morning, expected today.",
            _TO_DOOR,
            Status.OUT_FOR_DELIVERY,
            ("out_for_delivery", 0),
        ),
        "ready_for_pickup": Scenario(
            "Waiting at a pickup point",
            "The parcel lies at a service point and waits to be collected.",
            (
                *_TO_DESTINATION,
                Step("ready_for_pickup", "ready_for_pickup", 16, _X, estimate=0),
            ),
            Status.AVAILABLE_FOR_PICKUP,
            ("ready_for_pickup", 0),
            silent_hours=20,
        ),
        "silent": Scenario(
            "No scan for a week",
            "It left a hub seven days ago and nobody has said a word since.",
            _TO_HUB,
            Status.IN_TRANSIT,
            ("picked_up", 3),
            silent_hours=7 * 24,
        ),
        "unknown_code": Scenario(
            "A scan nobody can read",
            "The last scan has a code that the carrier never documented.",
            (*_TO_DESTINATION, Step("unmapped", "unmapped", 6, _D)),
            Status.IN_TRANSIT,
            ("picked_up", 4),
        ),
    }


SCENARIOS: Final[dict[str, Scenario]] = _catalogue()
