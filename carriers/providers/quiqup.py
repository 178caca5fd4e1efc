"""Quiqup (UAE): last-mile orders by Quiqup's order ID, and its webhook.

https://quiqup.stoplight.io/docs/api-documentation (last-mile API: "Order states"). Its answer is
the order as it is now, with one state and when it came; the states are that document's. `scheduled`
does not say whether the collection or the delivery is meant, and stays unknown. A push is the same
order, signed with HMAC-SHA1 of the body (X-Signature) where a secret was agreed; it is read under
the order's ID, its UUID and the barcodes of its parcels. The staging system is
https://api.staging.quiqup.com.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Final
from urllib.parse import quote

from carriers.base import Ask, Carrier, CarrierError, HttpCall, Limits, Proven, Secret, read_json
from carriers.countries import country_code
from carriers.scan_times import placed, read_iso
from carriers.shapes import decimal, https, mapping, mappings, text, whole
from carriers.updates import CarrierEvent, Cash, Courier, Place, TrackingUpdate
from lib.signing import same
from lib.vocabulary import UNKNOWN, Status

_STATES: Final = {
    "pending": "info.label_created",
    "ready_for_collection": "info.pickup_scheduled",
    "out_for_collection": "info.pickup_scheduled",
    "collection_failed": "info.pickup_failed",
    "collected": "picked_up.accepted",
    "received_at_depot": "transit.arrived_facility",
    "at_depot": "transit.arrived_facility",
    "transit": "transit.generic",  # between Dubai and Abu Dhabi
    "on_hold": "exception.held",
    "out_for_delivery": "out.on_vehicle",
    "delivery_failed": "attempt.generic",
    "delivery_complete": "delivered.generic",
    "return_to_origin": "returning.started",
    "out_for_return": "returning.started",
    "returned_to_origin": "returned.received",
    "cancelled": "cancelled.by_shipper",
}
_PAID_AT_THE_DOOR: Final = frozenset({"paid_on_delivery", "cash_on_delivery", "card_on_delivery"})


class Quiqup(Carrier):
    slug: ClassVar[str] = "quiqup"
    name: ClassVar[str] = "Quiqup"
    countries: ClassVar[tuple[str, ...]] = ("AE",)
    website: ClassVar[str] = "https://www.quiqup.com"
    documentation: ClassVar[str] = "https://quiqup.stoplight.io/docs/api-documentation"
    proven: ClassVar[Proven] = "documented"
    push: ClassVar[bool] = True
    limits: ClassVar[Limits] = Limits(per_second=1, concurrent=2)  # it names none
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("client_id", "Client ID", secret=False),
        Secret("client_secret", "Client secret"),
        Secret("webhook_secret", "Secret of its webhook", optional=True),
    )
    base_url: ClassVar[str] = "https://api-ae.quiqup.com"
    home_zone: ClassVar[str] = "Asia/Dubai"
    readable_statuses: ClassVar[frozenset[int]] = frozenset({404})

    def token_request(self, credentials: Mapping[str, str]) -> HttpCall | None:
        form = {
            "grant_type": "client_credentials",
            "client_id": credentials["client_id"],
            "client_secret": credentials["client_secret"],
        }
        return HttpCall("POST", "/oauth/token", form=form)

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        return HttpCall(
            "GET",
            f"/orders/{quote(asks[0].number, safe='')}",
            headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
        )

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """The order's one state, under each of its numbers."""
        reply = mapping(read_json(body))
        order = next(
            (found for name in ("payload", "order") if (found := mapping(reply.get(name)))), reply
        )
        if text(order.get("id")) and text(order.get("state")):
            update = _order(order)
            return [replace(update, tracking_number=number) for number in _numbers(order)]
        said = text(reply.get("error")) or text(reply.get("message"))
        if said:
            return [TrackingUpdate("", problem=f"Quiqup says: {said}", not_found=True)]
        raise CarrierError("The answer holds no order of Quiqup", kind="unreadable")

    def is_genuine_push(
        self, body: bytes, headers: Mapping[str, str], credentials: Mapping[str, str]
    ) -> bool:
        secret = credentials.get("webhook_secret", "")
        signed = hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()
        return not secret or same(headers.get("x-signature", ""), f"sha1={signed}")


def _numbers(order: Mapping[str, Any]) -> list[str]:
    barcodes = [text(item.get("parcel_barcode")) for item in mappings(order.get("items"))]
    numbers = (text(order.get("id")), text(order.get("uuid")), *barcodes)
    return list(dict.fromkeys(number for number in numbers if number))


def _order(order: Mapping[str, Any]) -> TrackingUpdate:
    origin, destination = (mapping(order.get(end)) for end in ("origin", "destination"))
    event = _state(order)
    parcels = len(mappings(order.get("items"))) or whole(order.get("item_quantity_count"))
    live = https(destination.get("tracking_url")) or https(order.get("tracking_url"))
    is_out = event.status is Status.OUT_FOR_DELIVERY
    return TrackingUpdate(
        text(order.get("id")),
        events=(event,),
        service=text(order.get("kind")),
        origin=_place(origin),
        destination=_place(destination),
        pieces=parcels or None,
        cash=_cash(order),
        courier=Courier(live_url=live) if live and is_out else None,
    )


def _state(order: Mapping[str, Any]) -> CarrierEvent:
    state, stamp = text(order.get("state")), text(order.get("state_updated_at"))
    why = text(order.get("delivery_failure_reason"))
    is_failed = state.lower() == "delivery_failed"
    at, source = placed(read_iso(stamp), Place(country="AE"), home=Quiqup.home_zone)
    return CarrierEvent(
        code=state,
        sub_status=_STATES.get(state.lower(), UNKNOWN),
        description=why if is_failed else "",
        at=at,
        raw_time=stamp,
        zone_source=source,
        attempt=(whole(order.get("delivery_attempts")) or None) if is_failed else None,
    )


def _place(end: Mapping[str, Any]) -> Place:
    address = mapping(end.get("address"))
    return Place(city=text(address.get("town")), country=country_code(text(address.get("country"))))


def _cash(order: Mapping[str, Any]) -> Cash | None:
    amount = decimal(order.get("payment_amount"))
    is_due = text(order.get("payment_mode")).lower() in _PAID_AT_THE_DOOR
    return Cash(amount, "AED") if amount and amount > 0 and is_due else None
