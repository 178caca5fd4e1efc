"""Parcels and orders as JSON: field for field what the REST API answers.

The API stands above this app, so its serializers are out of reach; a test holds both beside
each other and fails as soon as one says more than the other.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from django.db.models import Prefetch, QuerySet

from carriers import registry
from tracking.models import (
    AddressCheck,
    Consent,
    Leg,
    Order,
    OrderItem,
    Recipient,
    Refund,
    Shipment,
    ShipmentItem,
)
from tracking.undecided import slugs_of

Json = dict[str, Any]

_FLAGS: Final = (
    "delayed", "will_be_late", "stalled", "action_required", "return_leg", "disputed",
)  # fmt: skip
_DETAILS: Final = ("proof", "pieces", "cash", "pickup_point", "courier")
_PLACE: Final = (
    "line1", "line2", "landmark", "city", "region", "postcode", "country", "district", "makani",
    "national_address", "what3words",
)  # fmt: skip


def shipments() -> QuerySet[Shipment]:
    """Parcels with everything that their shape shows."""
    return Shipment.objects.select_related("watch").prefetch_related(
        Prefetch("contents", ShipmentItem.objects.order_by("pk")),
        Prefetch("legs", Leg.objects.order_by("position")),
    )


def orders() -> QuerySet[Order]:
    """Orders with everything that their shape shows."""
    return (
        Order.objects.select_related("address_check")
        .defer("search_text")
        .prefetch_related(
            Prefetch("items", OrderItem.objects.order_by("position", "pk")),
            Prefetch("recipients", Recipient.objects.all()),
            Prefetch("refunds", Refund.objects.order_by("pk")),
            Prefetch("consents", Consent.objects.order_by("channel", "purpose")),
            Prefetch("shipments", shipments().order_by("pk")),
        )
    )


def shipment_shape(shipment: Shipment) -> Json:
    """One parcel as it stands; `shipments()` should have fetched it."""
    watch = shipment.watch
    return {
        "id": shipment.pk,
        "order": shipment.order_id,
        "carrier": shipment.carrier,
        "carrier_name": registry.name_of(shipment.carrier),
        "carrier_candidates": slugs_of(watch),
        "tracking_number": shipment.tracking_number,
        "external_id": shipment.external_id,
        "service": shipment.service,
        "ship_from": _texts(shipment.ship_from),
        "withdrawn_at": instant(shipment.withdrawn_at),
        "status": shipment.status,
        "sub_status": shipment.sub_status,
        "status_at": instant(shipment.status_at),
        "edd": _window(shipment),
        "promise": _promise(shipment),
        "late_risk": shipment.late_risk,
        "flags": {name: getattr(shipment, name) for name in _FLAGS},
        "attempts": shipment.attempts,
        "milestones": shipment.milestones,
        "picked_up_at": instant(shipment.picked_up_at),
        "delivered_at": instant(shipment.delivered_at),
        "last_event_at": instant(shipment.last_event_at),
        "last_place": shipment.last_place,
        "freshness": {
            "carrier_said_at": instant(watch.carrier_said_at),
            "we_asked_at": instant(watch.asked_at),
            "answered_at": instant(watch.answered_at),
            "next_ask_at": instant(watch.next_ask_at),
            "ask_result": watch.result,
            "problem": watch.problem,
        },
        "details": _details(shipment.details),
        "legs": [
            {
                "position": leg.position,
                "carrier": leg.carrier,
                "tracking_number": leg.tracking_number,
            }
            for leg in shipment.legs.all()
        ],
        "contents": [
            {"item": one.item_id, "quantity": one.quantity} for one in shipment.contents.all()
        ],
        "created_at": instant(shipment.created_at),
    }


def order_shape(order: Order, *, tracking_url: str) -> Json:
    """One order as it stands; `orders()` should have fetched it."""
    return {
        **order_in_brief(order, tracking_url=tracking_url),
        "needs_attention": order.needs_attention,
        "placed_at": instant(order.placed_at),
        "confirmed_at": instant(order.confirmed_at),
        "packed_at": instant(order.packed_at),
        "cancelled_at": instant(order.cancelled_at),
        "customer": {
            "name": order.customer_name,
            "email": order.customer_email,
            "phone": order.customer_phone,
            "language": order.language,
        },
        "destination": _destination(order),
        "address_check": _address_check(getattr(order, "address_check", None)),
        "ship_from_country": order.ship_from_country,
        "ship_from": _texts(order.ship_from),
        "shop_status": order.shop_status,
        "wish": _texts(order.wish),
        "promise": _promise(order),
        "consents": [_consent(one) for one in order.consents.all()],
        "refunds": [_refund(one) for one in order.refunds.all()],
        "is_gift": order.is_gift,
        "replaces": order.replaces,
        "currency": order.currency,
        "total": _amount(order.total),
        "cod_amount": _amount(order.cod_amount),
        "payment_method": order.payment_method,
        "tags": order.tags,
        "items": [_item(one) for one in order.items.all()],
        "shipments": [shipment_shape(one) for one in order.shipments.all()],
        "created_at": instant(order.created_at),
        "updated_at": instant(order.updated_at),
    }


def order_in_brief(order: Order, *, tracking_url: str) -> Json:
    """What finds an order again, beside one of its parcels."""
    return {
        "id": order.pk,
        "source": order.source,
        "external_id": order.external_id,
        "number": order.number,
        "status": order.status,
        "tracking_url": tracking_url,
    }


def instant(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _amount(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.3f}"


def _texts(values: Json) -> Json:
    return {name: str(value) for name, value in values.items()}


def _window(shipment: Shipment) -> Json | None:
    if shipment.edd_first is None or shipment.edd_last is None:
        return None
    return {
        "from": _day(shipment.edd_first),
        "to": _day(shipment.edd_last),
        "zone": shipment.edd_zone,
        "source": shipment.edd_source,
        "kind": shipment.edd_kind or "estimated",
    }


def _promise(row: Shipment | Order) -> Json | None:
    if row.promised_last is None:
        return None
    return {"from": _day(row.promised_first), "to": _day(row.promised_last)}


def _details(kept: Json) -> Json:
    return {
        name: kept[name] if name == "pieces" else _texts(kept[name])
        for name in _DETAILS
        if name in kept
    }


def _destination(order: Order) -> Json:
    pin = None
    if order.latitude is not None and order.longitude is not None:
        pin = {"latitude": order.latitude, "longitude": order.longitude}
    return {
        "name": order.ship_to_name,
        **{name: getattr(order, name) for name in _PLACE},
        "phone": order.ship_to_phone,
        "pin": pin,
    }


def _address_check(check: AddressCheck | None) -> Json | None:
    if check is None:
        return None
    return {
        "score": check.score,
        "missing": [
            {name: one[name] for name in ("need", "level", "problem")} for one in check.missing
        ],
        "asked_at": instant(check.asked_at),
        "answered_at": instant(check.answered_at),
    }


def _consent(consent: Consent) -> Json:
    return {
        "channel": consent.channel,
        "purpose": consent.purpose,
        "given": consent.given,
        "source": consent.source,
        "at": instant(consent.at),
    }


def _refund(refund: Refund) -> Json:
    return {
        "external_id": refund.external_id,
        "amount": _amount(refund.amount),
        "at": instant(refund.at),
        "reason": refund.reason,
        "lines": [{"item": item, "quantity": count} for item, count in refund.lines],
    }


def _item(item: OrderItem) -> Json:
    return {
        "id": item.pk,
        "external_id": item.external_id,
        "sku": item.sku,
        "title": item.title,
        "quantity": item.quantity,
        "price": _amount(item.price),
        "image_url": item.image_url,
        "url": item.url,
    }
