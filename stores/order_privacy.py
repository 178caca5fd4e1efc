"""The personal data that orders and recipients hold: exported, erased."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from lib.personal_data import Person
from tracking.details import without_person
from tracking.models import Consent, Link, Order, OrderItem, Recipient, Refund, Shipment
from tracking.orders import fill_keys, refresh_orders

#: What an order says about a person. Town and country stay: they say how long parcels take.
_PERSONAL: Final = (
    "customer_name",
    "customer_email",
    "customer_phone",
    "ship_to_name",
    "line1",
    "line2",
    "ship_to_phone",
    "landmark",
    "district",
    "postcode",
    "makani",
    "national_address",
    "what3words",
)
#: What more there is of the kind, with what an erased order has instead.
_ERASED: Final[dict[str, Any]] = {"latitude": None, "longitude": None, "wish": {}}
_KEYS: Final = ("name_key", "email_key", "phone_key", "search_text")
_EXPORTED: Final = (
    "number", "placed_at", "cancelled_at", "currency", "total", "payment_method", "language",
    "is_gift", "shop_status", "tags", "ship_from",
    *_PERSONAL, *_ERASED, "city", "region", "country",
)  # fmt: skip


def export_person(person: Person) -> list[dict[str, Any]]:
    """The person's orders with lines, recipients and parcels, as plain JSON values."""
    orders = _orders(person).prefetch_related(
        Prefetch("items", OrderItem.objects.all()),
        Prefetch("recipients", Recipient.objects.all()),
        Prefetch("refunds", Refund.objects.order_by("pk")),
        Prefetch("consents", Consent.objects.order_by("pk")),
        Prefetch("shipments", Shipment.objects.order_by("pk")),
    )
    return [_exported(order) for order in orders.order_by("pk")]


def erase_person(person: Person) -> int:
    """Blank name, contact and street of the person's orders and parcels, and close their links."""
    now = timezone.now()
    orders = list(_orders(person).select_for_update())
    for order in orders:
        for column in _PERSONAL:
            setattr(order, column, "")
        for column, value in _ERASED.items():
            setattr(order, column, value)
        fill_keys(order)
        order.save(update_fields=[*_PERSONAL, *_ERASED, *_KEYS])
    ids = [order.pk for order in orders]
    Recipient.objects.filter(order_id__in=ids).update(name="", email="", phone="")
    Consent.objects.filter(order_id__in=ids).delete()
    Refund.objects.filter(order_id__in=ids).update(reason="")
    # What a carrier wanted to know (postcode, phone) may have been typed beside the order.
    parcels = Shipment.objects.filter(order_id__in=ids)
    parcels.update(extra={})
    for parcel in parcels.exclude(details={}).select_for_update().order_by("pk"):
        parcel.details = without_person(parcel.details)
        parcel.save(update_fields=["details"])
    Link.objects.filter(order_id__in=ids, revoked_at__isnull=True).update(revoked_at=now)
    refresh_orders(ids, now=now)
    return len(orders)


def _orders(person: Person) -> QuerySet[Order]:
    return Order.objects.filter(pk__in=person.order_ids)


def _exported(order: Order) -> dict[str, Any]:
    values = {name: _plain(getattr(order, name)) for name in _EXPORTED}
    return values | {
        "items": [
            {"title": line.title, "sku": line.sku, "quantity": line.quantity}
            for line in order.items.all()
        ],
        "recipients": [
            {"role": who.role, "name": who.name, "email": who.email, "phone": who.phone}
            for who in order.recipients.all()
        ],
        "refunds": [
            {"amount": _plain(one.amount), "at": _plain(one.at), "reason": one.reason}
            for one in order.refunds.all()
        ],
        "consents": [
            {
                "channel": one.channel,
                "purpose": one.purpose,
                "given": one.given,
                "source": one.source,
                "at": _plain(one.at),
            }
            for one in order.consents.all()
        ],
        "parcels": [
            {
                "carrier": parcel.carrier,
                "tracking_number": parcel.tracking_number,
                "status": parcel.status,
                "delivered_at": _plain(parcel.delivered_at),
                "extra": parcel.extra,
                "details": parcel.details,
            }
            for parcel in order.shipments.all()
        ],
    }


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float | dict | list):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
