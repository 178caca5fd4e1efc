"""Facts about countries and couriers, as tables. Defaults only: a rule says otherwise.

Sources: the carriers' public service pages and holiday schedules (UPS, FedEx, USPS, Yamato,
Sagawa, Japan Post, Deutsche Post DHL), laws on working time, and merchants' notes.
"""

from __future__ import annotations

from typing import Final, Literal

from django.utils.translation import gettext_noop

Keeps = Literal["public", "couriers", "major", "none"]
"""Which holidays rest: those by law; those and the customary ones; a few; none."""

_FRIDAY, _SUNDAY, _NEVER = frozenset({5}), frozenset({7}), frozenset[int]()

#: Weekly rest of couriers who deliver on days when offices rest; "" is every carrier without a
#: line of its own there. Where nothing is said, the country's weekend.
COURIER_REST: Final[dict[tuple[str, str], frozenset[int]]] = {
    # Saudi Arabia and its neighbours: Saturday is a delivery day, Friday is not.
    ("SA", ""): _FRIDAY, ("KW", ""): _FRIDAY, ("QA", ""): _FRIDAY,
    ("BH", ""): _FRIDAY, ("OM", ""): _FRIDAY, ("EG", ""): _FRIDAY, ("JO", ""): _FRIDAY,
    # The Emirates: Saturday yes, Friday until the prayer, Sunday no.
    ("AE", "aramex"): _SUNDAY, ("AE", "smsa"): _SUNDAY, ("AE", "imile"): _SUNDAY,
    ("AE", "jtexpress"): _SUNDAY, ("AE", "sandbox"): _SUNDAY,
    # India delivers on Saturday everywhere.
    ("IN", ""): _SUNDAY, ("IN", "delhivery"): _NEVER,
    # Letters and parcels on Saturday in Europe and North America.
    ("GB", "royalmail"): _SUNDAY, ("GB", "evri"): _SUNDAY, ("DE", "dhl_parcel_de"): _SUNDAY,
    ("DE", "hermes"): _SUNDAY, ("FR", "colissimo"): _SUNDAY, ("FR", "laposte"): _SUNDAY,
    ("US", "usps"): _SUNDAY, ("US", "lasership"): _NEVER, ("US", "veho"): _NEVER,
    ("CN", ""): _NEVER, ("JP", ""): _NEVER, ("KR", ""): _SUNDAY,
}  # fmt: skip

#: International express keeps office days, whoever the carrier is, but not in the Gulf.
OFFICE_DAY_SERVICES: Final = ("worldwide", "international", "express worldwide", "expedited")
GULF: Final = frozenset({"AE", "SA", "KW", "QA", "BH", "OM"})

#: Couriers that keep fewer holidays than the law knows; the others keep "couriers".
COURIER_KEEPS: Final[dict[tuple[str, str], Keeps]] = {
    # Parcels come on each day of the year, holidays included.
    ("JP", ""): "none",
    # Six holidays; the other federal ones are working days (the post keeps all eleven).
    ("US", "ups"): "major", ("US", "fedex"): "major", ("US", "lasership"): "major",
    ("US", "veho"): "major", ("US", "amazon_shipping"): "major",
}  # fmt: skip

#: The holidays of "major", by their English names.
MAJOR: Final[dict[str, frozenset[str]]] = {
    "US": frozenset(
        {
            "New Year's Day", "Memorial Day", "Independence Day", "Labor Day", "Thanksgiving Day",
            "Christmas Day",
        }
    ),
}  # fmt: skip

#: No holiday by national law, and couriers rest all the same (names of the category "optional").
CUSTOMARY: Final[dict[str, frozenset[str]]] = {"BR": frozenset({"Carnival", "Corpus Christi"})}

#: Half-days by month and day: shops and depots close at about noon.
HALF_DAYS: Final[dict[str, tuple[tuple[int, int], ...]]] = {
    "DE": ((12, 24), (12, 31)), "AT": ((12, 24), (12, 31)), "US": ((12, 24),),
    "BR": ((12, 24), (12, 31)),
}  # fmt: skip
#: What these days are called, where no holiday gives them a name.
HALF_DAY_NAMES: Final = {
    (12, 24): gettext_noop("Christmas Eve"),
    (12, 31): gettext_noop("New Year’s Eve"),
}
#: Half-days by name: category of the `holidays` package, and names (none: all of it).
HALF_NAMES: Final[dict[str, tuple[str, frozenset[str]]]] = {
    "BR": ("optional", frozenset({"Ash Wednesday"})),
    "TR": ("half_day", frozenset()),
}
#: A short day each week, and the year it began: Friday ends with the noon prayer.
HALF_WEEKDAYS: Final[dict[str, tuple[int, int]]] = {"AE": (5, 2022)}

#: Where holidays of a state stop no courier.
NATIONAL_ONLY: Final = frozenset({"US", "IN"})

#: Feasts that `holidays` does not mark as estimated although the moon decides, and the last year
#: it knows for sure.
UNMARKED: Final[dict[str, int]] = {"SA": 2026}
