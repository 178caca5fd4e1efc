"""A year of one shop, played in minutes: what it sells, and what becomes of its webhooks.

The shop is `PlainServer`, which keeps the truth. Everything that reaches Homeward does so as it
would in life: signed requests through the hook's own check and inbox, and the shop's API over HTTP.
"""

from __future__ import annotations

import copy
import heapq
import itertools
import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from carriers.updates import CarrierEvent, Place, TrackingUpdate
from hooks import store_hooks
from hooks.incoming import Incoming, Refused, Unknown, Verified
from hooks.work import work
from inbox.receive import receive
from lib.signing import hmac_base64
from merchants.models import Merchant
from merchants.scope import every_merchant, merchant_scope
from notifications.compose import compose_due
from notifications.deliver import deliver_due
from stores.models import StoreConnection
from stores.sweeping import due, sweep
from stores.wanted import due as wanted_due
from stores.wanted import fetch
from tests.notifications.conftest import Postbox
from tests.stores.plain_shop import SECRET, PlainServer
from tests.stores.playing import Played
from tracking.ingest import Heard, ingest
from tracking.models import Shipment

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SWEEPS = DAY


@dataclass
class Faults:
    """How badly webhooks do: shares of all, and days of the year."""

    dropped: float = 0.05
    doubled: float = 0.10
    late: float = 0.05
    ids_only: float = 0.25
    switched_off_on: tuple[int, ...] = (60, 150, 260)
    api_down_on: tuple[int, ...] = (120,)


@dataclass
class Year:
    """The events of the year, in order; `run` plays them. `counts` says what happened."""

    merchant: Merchant
    store: StoreConnection
    shop: PlainServer
    played: Played
    start: datetime
    faults: Faults = field(default_factory=Faults)
    days: int = 365
    seed: int = 20261127
    counts: Counter[str] = field(default_factory=Counter)
    postbox: Postbox = field(default_factory=Postbox)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self._order = itertools.count()
        self._numbers = itertools.count(1)
        self._events: list[tuple[datetime, int, str, Any]] = []
        self._token = store_hooks_token(self.store)

    def at(self, when: datetime, what: str, about: Any = None) -> None:
        heapq.heappush(self._events, (when, next(self._order), what, about))

    def run(self) -> None:
        end = self.start + self.days * DAY
        for day in range(self.days):
            self._plan_day(self.start + day * DAY, day)
        now = self.start
        while now < end + 10 * DAY:
            self.at(now := now + SWEEPS, "sweep")
        while self._events:
            when, _, what, about = heapq.heappop(self._events)
            self.shop.clock = when
            getattr(self, f"_do_{what}")(when, about)

    # --- the shop ---------------------------------------------------------------------
    def _plan_day(self, day: datetime, number: int) -> None:
        for _ in range(self.chance.choice((0, 0, 1, 1, 1))):
            self.at(day + self.chance.uniform(7, 22) * HOUR, "buy")
        if number in self.faults.switched_off_on:
            self.at(day + 3 * HOUR, "switch_off")
        if number in self.faults.api_down_on:
            self.at(day, "api_down")
            self.at(day + DAY, "api_up")

    def _do_buy(self, now: datetime, _: Any) -> None:
        number = str(next(self._numbers))
        lines = [
            {"id": f"{number}-{line}", "count": self.chance.randint(1, 3)}
            for line in range(1, self.chance.randint(2, 4))
        ]
        self._change(number, now, lines=lines, parcels=[], status="new")
        after = now + self.chance.uniform(0.5, 20) * HOUR
        fate = self.chance.random()
        if fate < 0.07:
            self.at(after, "cancel", number)
            return
        if fate < 0.30:
            self.at(after, "edit", number)
        self.at(now + self.chance.uniform(21, 60) * HOUR, "ship", number)

    def _do_edit(self, now: datetime, number: str) -> None:
        lines = copy.deepcopy(self.shop.orders[number]["lines"])
        lines[0]["count"] = self.chance.randint(1, 5)
        if self.chance.random() < 0.4:
            lines.append({"id": f"{number}-{len(lines) + 1}", "count": 1})
        self._change(number, now, lines=lines)

    def _do_cancel(self, now: datetime, number: str) -> None:
        self._change(number, now, cancelled=now.isoformat())

    def _do_ship(self, now: datetime, number: str) -> None:
        """Part of the lines, the rest some days later."""
        order = self.shop.orders[number]
        known = {line for parcel in order["parcels"] for line, _ in parcel["contents"]}
        rest = [line for line in order["lines"] if line["id"] not in known]
        part = rest[:1] if len(rest) > 1 and self.chance.random() < 0.3 else rest
        parcel = {
            "id": f"f{number}-{len(order['parcels']) + 1}",
            "number": f"AR{number:0>6}{len(order['parcels']) + 1}",
            "contents": [[line["id"], line["count"]] for line in part],
        }
        self._change(number, now, parcels=[*order["parcels"], parcel], status="sent")
        for hours, scan in ((6, "picked_up.accepted"), (30, "transit.generic"),
                            (50, "out.on_vehicle"), (54, "delivered.generic")):  # fmt: skip
            self.at(now + hours * HOUR, "scan", (parcel["number"], scan))
        if len(part) < len(rest):
            self.at(now + 2 * DAY, "ship", number)

    def _change(self, number: str, now: datetime, **fields: Any) -> None:
        order = copy.deepcopy(self.shop.sell(number, at=now, **fields))
        self.counts["changes"] += 1
        if not any(hook["on"] for hook in self.shop.hooks.values()):
            self.counts["never sent: the webhook was off"] += 1
        elif self.chance.random() < self.faults.dropped:
            self.counts["dropped"] += 1
        else:
            self._send(order, now)

    # --- its webhooks -------------------------------------------------------------------
    def _send(self, order: dict[str, Any], now: datetime) -> None:
        key = f"hook-{next(self._order)}"
        delay = timedelta(seconds=self.chance.expovariate(1 / 20))
        if self.chance.random() < self.faults.late:
            delay = self.chance.uniform(1, 70) * HOUR
            self.counts["late"] += 1
        whole = self.chance.random() >= self.faults.ids_only
        body = json.dumps(order if whole else {"id": order["id"]}).encode()
        self.at(now + delay, "webhook", (key, body))
        if self.chance.random() < self.faults.doubled:
            self.counts["doubled"] += 1
            self.at(now + delay + self.chance.uniform(0, 5) * HOUR, "webhook", (key, body))

    def _do_webhook(self, now: datetime, sent: tuple[str, bytes]) -> None:
        key, body = sent
        headers = {
            "x-plain-signature": hmac_base64(body, SECRET),
            "x-plain-topic": "order",
            "x-plain-id": key,
        }
        checked = store_hooks.check(Incoming("plain", self._token, headers, body))
        assert isinstance(checked, Verified), (Refused, Unknown)
        for merchant_id, inbound in checked.deliveries:
            with merchant_scope(self.merchant.pk):
                received = receive(merchant_id=merchant_id, inbound=inbound, now=now)
            work(received.delivery_id, now=now)
        with every_merchant("the test's worker"):
            wanted = wanted_due(now=now, limit=50)
        for one in wanted:
            fetch(one, now=now)

    def _do_switch_off(self, now: datetime, _: Any) -> None:
        for hook in self.shop.hooks.values():
            hook["on"] = False
        self.counts["webhook switched off"] += 1

    def _do_api_down(self, now: datetime, _: Any) -> None:
        self.played.go_down()

    def _do_api_up(self, now: datetime, _: Any) -> None:
        self.played.come_back()

    # --- Homeward -----------------------------------------------------------------------
    def _do_sweep(self, now: datetime, _: Any) -> None:
        with every_merchant("the test's worker"):
            ids = due(now=now, limit=5)
        for one in ids:
            swept = sweep(one, now=now)
            self.counts["recovered"] += swept.recovered
            self.counts["mended"] += len(swept.mended)
        self._tell(now)

    def _do_scan(self, now: datetime, about: tuple[str, str]) -> None:
        number, sub_status = about
        with merchant_scope(self.merchant.pk):
            parcel = Shipment.objects.filter(tracking_number=number).first()
            if parcel is None:  # not known yet: the carrier is asked once it is
                self.counts["scan before its parcel"] += 1
                self.at(now + 4 * HOUR, "scan", about)
                return
            event = CarrierEvent(
                at=now, code=sub_status, sub_status=sub_status,
                place=Place(city="Dubai", country="AE"),
            )  # fmt: skip
            update = TrackingUpdate(number, (event,))
            ingest(heard=[Heard(parcel.pk, update)], source="poll", now=now)

    def _tell(self, now: datetime) -> None:
        compose_due(now=now)
        deliver_due(clock=lambda: now, limit=500, channels={"email": self.postbox})


def store_hooks_token(store: StoreConnection) -> str:
    """The token in the connection's address."""
    from stores.connect import hook_path_of

    return hook_path_of(store).strip("/").split("/")[-1]


def truth(shop: PlainServer) -> Iterator[tuple[str, dict[str, Any]]]:
    """What the shop holds in the end, by order, in the test's words."""
    for number, order in shop.orders.items():
        yield (
            number,
            {
                "lines": {line["id"]: line["count"] for line in order["lines"]},
                "parcels": {
                    parcel["number"]: dict(parcel["contents"]) for parcel in order["parcels"]
                },
                "cancelled": "cancelled" in order,
            },
        )
