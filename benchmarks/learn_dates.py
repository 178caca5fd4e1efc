"""Learning how long parcels take: all of a history at once, then one night after it.

A night must cost what its parcels cost, whatever lies behind it: the same night is learned
after a history and after four times as much.
"""

from __future__ import annotations

import resource
from datetime import timedelta
from typing import Final

from benchmarks import seeding
from benchmarks.measuring import Line, below, clocked, say
from benchmarks.sizes import Size
from edd import knowledge
from edd.estimate import Parcel, estimate
from edd.models import Learned, PooledNode
from edd.rules import load_rules
from lib.vocabulary import Status
from merchants.models import Merchant
from merchants.scope import every_merchant, merchant_scope
from tests import factories
from tests.factories import NOW
from tracking.fitting import fit_weekly
from tracking.learning import SETTLES, learn_nights
from tracking.models import Order

_MERCHANTS: Final = 10
_CARRIERS: Final = ("aramex", "smsa", "dhl_express", "imile", "jtexpress")
_COUNTRIES: Final = ("AE", "SA", "KW", "QA", "OM")
#: Days of history; the newest parcel came before the last night that is learned.
_DAYS: Final = 235
_ESTIMATES: Final = 400
_MOST_SECONDS: Final = 300
_MOST_MB: Final = 1000


def run(size: Size) -> list[Line]:
    shops = [
        factories.merchant(slug=f"shop-{place}", name=f"Shop {place}")
        for place in range(_MERCHANTS)
    ]
    quarter = size.learned_parcels // 4
    say(f"seeding {quarter:,} delivered parcels")
    _seed(shops, quarter, mark="a")
    night_small = _first_night_then_another()
    say(f"seeding {size.learned_parcels - quarter:,} more")
    _seed(shops, size.learned_parcels - quarter, mark="b")
    _forget()
    with clocked() as took, every_merchant("a benchmark learns"):
        learn_nights(now=NOW)
    peak = _peak_mb()
    with clocked() as fit, every_merchant("a benchmark fits"):
        used = fit_weekly(now=NOW, settles=SETTLES)
    night_large = _another_night()
    with every_merchant("a benchmark counts"):
        nodes = PooledNode.objects.count()
    return [
        below(
            f"learn_dates: {size.learned_parcels:,} delivered parcels",
            took.seconds, "s", _MOST_SECONDS,
            note=f"{size.learned_parcels / took.seconds:,.0f} parcels/s, {nodes:,} nodes",
        ),
        below("learn_dates: one estimate", _estimate_ms(shops[0]), "ms", 1.0),
        below("learn_dates: the process's peak memory", peak, "MB", _MOST_MB),
        below(f"learn_dates: fit on {used:,} parcels", fit.seconds, "s", 60),
        below(
            "learn_dates: a night after 4 × the history",
            night_large / max(night_small, 0.05), "×", 2.0,
            note=f"{night_small:.2f} s after {quarter:,}, {night_large:.2f} s after all",
        ),
    ]  # fmt: skip


def _estimate_ms(shop: Merchant) -> float:
    """Processor milliseconds of one estimate: before the hand-over and on the road in turn."""
    knowledge.forget()
    with merchant_scope(shop.pk):
        rules = load_rules(shop.pk)
    parcels = [
        Parcel(
            placed_at=NOW - timedelta(hours=place % 30),
            status=Status.PICKED_UP if place % 2 else Status.PENDING,
            carrier=_CARRIERS[place % len(_CARRIERS)],
            service="",
            from_country="AE",
            to_country=_COUNTRIES[place % len(_COUNTRIES)],
            to_zone="Asia/Dubai",
            to_prefix=f"{place * 13 % 400:03d}",
            picked_up_at=NOW - timedelta(hours=place % 30) if place % 2 else None,
        )
        for place in range(_ESTIMATES)
    ]
    made = [estimate(parcel, rules, now=NOW) for parcel in parcels]
    learned = sum(one is not None and one.source == "engine" for one in made)
    if learned < _ESTIMATES // 2:
        raise RuntimeError(f"only {learned} of {_ESTIMATES} estimates came from what was learned")
    # Calendars are warm now; what was learned is loaded again, so that no answer is held.
    knowledge.forget()
    with merchant_scope(shop.pk):
        rules = load_rules(shop.pk)
    with clocked() as took:
        for parcel in parcels:
            estimate(parcel, rules, now=NOW)
    return took.cpu / _ESTIMATES * 1000


def _first_night_then_another() -> float:
    with every_merchant("a benchmark learns"):
        learn_nights(now=NOW)
    return _another_night()


def _another_night() -> float:
    """Seconds of one more night, undone: the parcels that came that day are the same few."""
    with every_merchant("a benchmark sets the day back"):
        Learned.objects.update(until=NOW.date() - SETTLES - timedelta(days=1))
    with clocked() as took, every_merchant("a benchmark learns a night"):
        learn_nights(now=NOW)
    return took.seconds


def _forget() -> None:
    seeding.as_owner("TRUNCATE edd_learned, edd_poolednode, edd_ownnode, edd_owneffects")


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _seed(shops: list[Merchant], count: int, *, mark: str) -> None:
    """Parcels over the whole history, but for each quarter alike: none on the last night."""
    each = count // len(shops)
    for shop in shops:
        with merchant_scope(shop.pk):
            first = factories.shipment(
                shop, number=f"{mark}{shop.pk}", tracking_number=f"{mark}{shop.pk}"
            )
            day = (
                f"(TIMESTAMPTZ '{NOW.isoformat()}' - interval '14 days'"
                f" - mod(i.n * 7919, {_DAYS - 20}) * interval '1 day')"
            )
            handed = f"({day} + (1 + mod(i.n, 3)) * interval '1 day')"
            came = f"({handed} + (1 + mod(i.n * 31, 7)) * interval '1 day')"
            number = f"'{mark}{shop.pk}N' || i.n"
            seeding.copies(
                first.order,
                seeding.numbers(each),
                number=number,
                number_key=number,
                external_id=number,
                placed_at=day,
                country=f"({_array(_COUNTRIES)})[1 + mod(i.n, {len(_COUNTRIES)})]",
                postcode="lpad(mod(i.n * 13, 400)::text, 3, '0') || '71'",
            )
            start = Order.objects.filter(number=f"{mark}{shop.pk}N1").values_list("pk", flat=True)[
                0
            ]
            seeding.copies(
                first,
                seeding.numbers(each),
                order_id=f"{start} + i.n - 1",
                tracking_number=number,
                number_key=number,
                carrier=f"({_array(_CARRIERS)})[1 + mod(i.n * 3, {len(_CARRIERS)})]",
                status="'delivered'",
                picked_up_at=handed,
                delivered_at=came,
                created_at=day,
            )
    seeding.settle("tracking_shipment", "tracking_order")


def _array(words: tuple[str, ...]) -> str:
    return "ARRAY[" + ", ".join(f"'{word}'" for word in words) + "]"
