"""Weeks of parcels that have arrived, so that the report on dates has something to judge.

Only what happened is invented: orders, scans, carriers' own dates, looks at the page. Each
reaches the product through its own doors at the hour it is said to have happened; which date was
given then, who was shown it and how it was kept is the product's own doing.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from carriers.updates import CarrierEvent, DateWindow, Place, TrackingUpdate
from demo.catalogue import Shop
from edd.zones import destination_zone
from merchants.models import Merchant
from merchants.scope import merchant_scope
from stores.ingest import save_orders
from stores.models import StoreConnection
from stores.vocabulary import Address, FulfilmentUpdate, Item, OrderUpdate, Person
from tracking import outbox
from tracking.ingest import Heard, ingest
from tracking.models import Order, Outbox, Recipient, Shipment, Watch
from tracking.shown import Where, Who, note_shown, seen

_DAYS: Final = 28
_A_DAY: Final = 5
#: So many parcels' buyers look at the page at each step.
_LOOKS: Final = 0.6
#: By carrier of the shop's: days in transit, and how often each takes so many.
_TRANSIT: Final = ((1, 18), (2, 40), (3, 24), (4, 10), (6, 5), (9, 3))
#: What a step's scan is, and the local hour at which the carrier tells it.
_HOURS: Final = {
    "picked_up.accepted": 17,
    "transit.at_delivery_depot": 6,
    "out.on_vehicle": 8,
    "attempt.nobody_home": 13,
    "delivered.generic": 15,
}


@dataclass(frozen=True, slots=True)
class Past:
    """One parcel of the past: its order's number, its scans (instant, sub-status), its place."""

    number: int
    tracking_number: str
    carrier: str
    city: str
    country: str
    placed_at: datetime
    scans: tuple[tuple[datetime, str], ...]
    said: tuple[date, date]


def play_history(shop: Shop, *, now: datetime) -> int:
    """Play it once for a shop that has none; returns how many parcels arrived."""
    merchant = Merchant.objects.get(slug=shop.slug)
    with merchant_scope(merchant.pk):
        store = StoreConnection.objects.filter(platform=shop.platform).order_by("pk")[0]
        first = f"#{shop.first_number - 1}"
        if Order.objects.filter(number=first).exists():
            return 0
        parcels = list(_parcels(shop, now=now))
        for day, placed in sorted(_by_day(parcels).items()):
            _place(merchant, store, shop, placed, now=day)
        ids = dict(Shipment.objects.values_list("tracking_number", "pk"))
        for at, told in sorted(_by_hour(parcels).items()):
            _tell(merchant, told, ids, now=at)
        # It is over: nobody is asked about it any more, and nobody is told of it now.
        mine = [ids[one.tracking_number] for one in parcels]
        Watch.objects.filter(shipment_id__in=mine).update(next_ask_at=None)
        turns = Outbox.objects.filter(done_at__isnull=True, change__order__placed_at__lt=now)
        outbox.done(turns.filter(change__order__shipments__in=mine).distinct(), now=now)
    return len(parcels)


def _parcels(shop: Shop, *, now: datetime) -> Iterator[Past]:
    dice = random.Random(shop.slug)  # noqa: S311 - the same past at every first start
    places = sorted({(one.shopper.city, one.shopper.country) for one in shop.purchases})
    carriers = [slug for slug in shop.carriers if slug not in {"sandbox", "own_fleet", "ship24"}]
    number = shop.first_number
    for day in range(_DAYS * _A_DAY):
        number -= 1
        city, country = dice.choice(places)
        zone = ZoneInfo(destination_zone(country, "", city))
        ago = 9 + day // _A_DAY
        placed_at = _at(
            now.astimezone(zone).date() - timedelta(days=ago), dice.randint(7, 12), zone
        )
        picked = placed_at.date() + timedelta(days=dice.choice((1, 1, 1, 2)))
        abroad = 0 if country == shop.country else 2
        [days] = dice.choices([n for n, _ in _TRANSIT], [often for _, often in _TRANSIT])
        came = picked + timedelta(days=min(days + abroad, ago - 3))
        steps = [(picked, "picked_up.accepted"), (came, "transit.at_delivery_depot"),
                 (came, "out.on_vehicle")]  # fmt: skip
        if dice.random() < 0.07:
            steps.append((came, "attempt.nobody_home"))
            came += timedelta(days=1)
        steps.append((came, "delivered.generic"))
        said = picked + timedelta(days=1 + abroad)
        yield Past(
            number=number,
            tracking_number=f"77{number:09}",
            carrier=carriers[number % len(carriers)],
            city=city,
            country=country,
            placed_at=placed_at,
            scans=tuple((_at(on, _HOURS[name], zone), name) for on, name in steps),
            said=(said, said + timedelta(days=1)),
        )


def _at(day: date, hour: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(hour), zone).astimezone(UTC)


def _by_day(parcels: Sequence[Past]) -> dict[datetime, list[Past]]:
    """Parcels by the hour at which the shop tells of their orders."""
    found: dict[datetime, list[Past]] = defaultdict(list)
    for one in parcels:
        found[one.placed_at + timedelta(minutes=5)].append(one)
    return found


def _by_hour(parcels: Sequence[Past]) -> dict[datetime, list[tuple[Past, int]]]:
    """Parcels and how many of their scans are known, by the hour at which we hear of it."""
    found: dict[datetime, list[tuple[Past, int]]] = defaultdict(list)
    for one in parcels:
        for known, (at, _name) in enumerate(one.scans, start=1):
            found[at + timedelta(minutes=20)].append((one, known))
    return found


def _place(
    merchant: Merchant, store: StoreConnection, shop: Shop, placed: Sequence[Past], *, now: datetime
) -> None:
    updates = [_order(shop, one) for one in placed]
    save_orders(merchant=merchant, source=store.source, updates=updates, now=now)
    _look([one.tracking_number for one in placed], merchant, now=now + timedelta(minutes=30))


def _order(shop: Shop, past: Past) -> OrderUpdate:
    """As the shop's platform would tell it; these customers gave no address to write to."""
    item = shop.purchases[past.number % len(shop.purchases)].items[0]
    line = Item(item[0], 1, external_id=f"{past.number}-0")
    return OrderUpdate(
        external_id=str(9_000_000 + past.number),
        number=f"#{past.number}",
        placed_at=past.placed_at,
        customer=Person(f"Guest {past.number}"),
        destination=Address(past.country, name=f"Guest {past.number}", city=past.city),
        items=(line,),
        parcels=(
            FulfilmentUpdate(
                tracking_number=past.tracking_number,
                carrier=past.carrier,
                external_id=f"{past.number}-0-past",
            ),
        ),
        currency=shop.currency,
        ship_from_country=shop.country,
        language=shop.language,
    )


def _tell(
    merchant: Merchant,
    told: Sequence[tuple[Past, int]],
    ids: dict[str, int],
    *,
    now: datetime,
) -> None:
    heard = [Heard(ids[one.tracking_number], _update(one, known)) for one, known in told]
    ingest(heard=heard, source="poll", now=now)
    _look([one.tracking_number for one, _ in told], merchant, now=now + timedelta(minutes=30))


def _update(past: Past, known: int) -> TrackingUpdate:
    zone = destination_zone(past.country, "", past.city)
    events = tuple(
        CarrierEvent(
            code=name.partition(".")[2][:20],
            sub_status=name,
            at=at,
            place=Place(city=past.city, country=past.country),
        )
        for at, name in past.scans[:known]
    )
    return TrackingUpdate(past.tracking_number, events, edd=DateWindow(*past.said, zone))


def _look(numbers: Sequence[str], merchant: Merchant, *, now: datetime) -> None:
    """Some buyers open their page."""
    dice = random.Random(f"{now}")  # noqa: S311 - as above
    buyers = Recipient.objects.filter(
        role=Recipient.Role.BUYER, order__shipments__tracking_number__in=numbers
    )
    who = dict(buyers.values_list("order_id", "pk"))
    looks = [
        look
        for one in Shipment.objects.filter(tracking_number__in=numbers).order_by("pk")
        if dice.random() < _LOOKS
        for look in seen([one], where=Where.PAGE, who=Who.BUYER, recipient=who.get(one.order_id))
    ]
    note_shown(looks, merchant_id=merchant.pk, now=now)
