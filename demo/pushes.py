"""What comes to the demonstration by itself: the scans of a shop's own van.

They are posted to our own hook over HTTP and signed, as a fleet's system would do it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from carriers.carrier_names import OWN_FLEET
from carriers.models import CarrierAccount
from demo.shop.posting import NotTaken, post
from lib.signing import standard_webhook_signature
from merchants.models import Merchant
from merchants.scope import merchant_scope
from tracking.carrier_accounts import push_address
from tracking.models import Shipment

#: So long the web server may take to come up.
_PATIENCE: Final = 60.0


@dataclass(frozen=True, slots=True)
class Push:
    """One webhook that is ready to go."""

    url: str
    body: bytes
    headers: Mapping[str, str]


def push_waiting(*, now: datetime) -> int:
    """Tell about every parcel that only pushes tell about; how many pushes were sent.

    Outside of every transaction: the answer comes from our own server. Raises NotTaken.
    """
    pushes = []
    for merchant in Merchant.objects.order_by("pk"):
        with merchant_scope(merchant.pk):
            pushes += _waiting(now=now)
    for one in pushes:
        _send(one)
    return len(pushes)


def _waiting(*, now: datetime) -> list[Push]:
    account = CarrierAccount.objects.filter(carrier=OWN_FLEET, is_active=True).first()
    if account is None:
        return []
    unheard = Shipment.objects.filter(carrier=OWN_FLEET, last_event_at__isnull=True)
    return [
        _signed(account, tell(shipment, now), now)
        for script, tell in SCRIPTS.items()
        for shipment in unheard.filter(external_id__endswith=f"-{script}").select_related("order")
    ]


def _signed(account: CarrierAccount, parcel: Mapping[str, Any], now: datetime) -> Push:
    body = json.dumps({"parcels": [parcel]}).encode()
    message_id, timestamp = f"msg_{uuid4().hex}", str(int(now.timestamp()))
    signature = standard_webhook_signature(
        body,
        secret=account.credentials["signing_secret"],
        message_id=message_id,
        timestamp=timestamp,
    )
    headers = {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": signature,
    }
    return Push(push_address(account), body, headers)


def _send(one: Push) -> None:
    """The web server starts while the shops are filled: knock until it opens."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            post(one.url, one.body, one.headers)
        except NotTaken:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.25)
        else:
            return


def _van(shipment: Shipment, now: datetime) -> dict[str, Any]:
    """The shop's own driver has it, and takes cash at the door."""
    order, today = shipment.order, now.date().isoformat()
    told = [(9, "picked_up", "Taken over at the store"), (2, "out_for_delivery", "On the van")]
    parcel = _parcel(
        shipment, [(now - timedelta(hours=hours), status, words) for hours, status, words in told]
    )
    parcel |= {"courier": {"name": "Yousef", "phone": "+971501110022"}}
    parcel |= {"edd": {"from": today, "to": today}}
    if order.cod_amount is not None:
        parcel["cash"] = {"amount": str(order.cod_amount), "currency": order.currency}
    return parcel


def _ghost(shipment: Shipment, now: datetime) -> dict[str, Any]:
    """A driver closed the wrong label as delivered, minutes after it was made."""
    made = now - timedelta(hours=3)
    told = [(made, "info_received", "Label made"), (made + timedelta(minutes=9), "delivered", "")]
    return _parcel(shipment, told)


def _parcel(shipment: Shipment, told: Sequence[tuple[datetime, str, str]]) -> dict[str, Any]:
    place = {"city": shipment.order.city, "country": shipment.order.country}
    return {
        "tracking_number": shipment.tracking_number,
        "events": [
            {"status": status, "at": at.isoformat(), "description": words, "place": place}
            for at, status, words in told
        ],
    }


#: What is pushed of an own fleet's parcel, by the scenario that the catalogue names.
SCRIPTS: Final[Mapping[str, Callable[[Shipment, datetime], dict[str, Any]]]] = {
    "van": _van,
    "ghost": _ghost,
}
