"""Orders with news, and channels that do as they are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from carriers.updates import CarrierEvent, Place, TrackingUpdate
from merchants.models import Merchant
from notifications.channels.base import Doubt, Letter
from notifications.models import Message
from notifications.rules import rules_of, save_rule
from tests import factories
from tests.factories import NOW
from tracking.ingest import Heard, ingest
from tracking.models import Shipment


def hear(shipment: Shipment, *scans: tuple[float, str], now: datetime = NOW) -> None:
    """Scans as (hours ago, sub-status) reach the parcel."""
    events = tuple(
        CarrierEvent(
            code=sub_status[:20],
            sub_status=sub_status,
            at=now - timedelta(hours=hours),
            place=Place(city="Dubai", country="AE"),
        )
        for hours, sub_status in scans
    )
    update = TrackingUpdate(shipment.tracking_number, events)
    ingest(heard=[Heard(shipment.pk, update)], source="poll", now=now)


def switch(merchant: Merchant, topic: str, *, is_on: bool) -> None:
    """The merchant switches what is told about this on or off."""
    rule = next(one for one in rules_of(merchant) if one.slug == topic)
    save_rule(merchant=merchant, ruling=replace(rule, is_on=is_on))


class Postbox:
    """A channel that keeps letters; `fail` is raised once for each item."""

    slug = "email"
    doubt = Doubt.SEND_AGAIN

    def __init__(self, *fail: BaseException) -> None:
        self.letters: list[Letter] = []
        self.fail = list(fail)

    def send(self, letter: Letter) -> str:
        self.letters.append(letter)
        if self.fail:
            raise self.fail.pop(0)
        return f"provider-{len(self.letters)}"

    def close(self) -> None:
        pass


@pytest.fixture
def shipment(scope: Merchant) -> Shipment:
    """A parcel of a shopper who reads English."""
    return factories.shipment(scope, carrier="aramex", tracking_number="47218830956")


@pytest.fixture
def message(shipment: Shipment) -> Message:
    """One waiting message: the parcel is out for delivery."""
    from notifications.compose import compose_due

    hear(shipment, (2, "out.on_vehicle"))
    compose_due(now=NOW)
    return Message.objects.get()
