"""What a program may say about an order, and how that becomes an OrderUpdate."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from rest_framework import serializers

from api.base import Strict
from api.fields import (
    CarrierSlug,
    Country,
    Instant,
    Language,
    Phone,
    Text,
    TrackingNumber,
    check_phone,
)
from stores.vocabulary import Address, FulfilmentUpdate, Item, OrderUpdate, Person

#: One request holds a thread while it is worked on, some 20 ms a parcel; more can be added after.
MOST_ITEMS: Final = 2_000
MOST_PARCELS: Final = 100


def _money(**rest: Any) -> serializers.DecimalField:
    return serializers.DecimalField(
        max_digits=14, decimal_places=3, min_value=Decimal(0), required=False, **rest
    )


class CustomerInput(Strict):
    name = Text(200)
    email = serializers.EmailField(required=False, allow_blank=True, max_length=254)
    phone = Phone()
    language = Language()


class DestinationInput(Strict):
    country = Country()
    name = Text(200, help_text="The receiver, where it is not the buyer.")
    line1 = Text(255)
    line2 = Text(255)
    landmark = Text(255, help_text="What a driver looks for where streets have no numbers.")
    city = Text(120)
    region = Text(120)
    postcode = Text(20)
    phone = Phone()


class ItemInput(Strict):
    title = serializers.CharField(max_length=300)
    quantity = serializers.IntegerField(min_value=0, max_value=100_000, default=1)
    external_id = Text(100, help_text="Your own id of this line; parcels name it in `contents`.")
    sku = Text(120)
    price = _money(help_text="Of one piece.")
    image_url = serializers.URLField(required=False, allow_blank=True, max_length=500)


class ContentInput(Strict):
    item = serializers.CharField(max_length=100, help_text="The `external_id` of a line.")
    quantity = serializers.IntegerField(min_value=1, max_value=100_000, default=1)


class ParcelInput(Strict):
    carrier = CarrierSlug()
    tracking_number = TrackingNumber()
    external_id = Text(100)
    service = Text(60)
    shipped_at = Instant(required=False)
    extra = serializers.DictField(
        child=serializers.CharField(max_length=100),
        required=False,
        help_text="What the carrier needs to answer, e.g. its `needs` of `GET /carriers/`.",
    )
    contents = ContentInput(many=True, required=False)


class OrderInput(Strict):
    """An order. Posting it again merges: a value is never blanked, a parcel never removed."""

    number = serializers.CharField(max_length=60, help_text="As the shopper knows it.")
    external_id = Text(100, help_text="Your own id; without it the number identifies the order.")
    placed_at = Instant(required=False, help_text="Now, when it is not said.")
    confirmed_at = Instant(required=False)
    packed_at = Instant(required=False)
    cancelled_at = Instant(required=False)
    customer = CustomerInput(required=False)
    destination = DestinationInput()
    ship_from_country = Country(required=False, allow_blank=True)
    items: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=ItemInput(), required=False, max_length=MOST_ITEMS
    )
    shipments: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=ParcelInput(), required=False, max_length=MOST_PARCELS
    )
    currency = serializers.RegexField(r"^[A-Za-z]{3}$", required=False, help_text="ISO 4217.")
    total = _money()
    cod_amount = _money(help_text="To be paid at the door.")
    payment_method = Text(60)
    language = Language()
    tags = serializers.ListField(
        child=serializers.CharField(max_length=60), required=False, max_length=50
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        mistakes: dict[str, Any] = {}
        country = attrs["destination"]["country"]
        for part in ("customer", "destination"):
            number = attrs.get(part, {}).get("phone", "")
            problem = check_phone(number, country=country) if number else ""
            if problem:
                mistakes[part] = {"phone": [problem]}
        lines = {item.get("external_id") for item in attrs.get("items", [])}
        parcels = attrs.get("shipments", [])
        wrong = {
            index: {"contents": [_no_line(content["item"])]}
            for index, parcel in enumerate(parcels)
            for content in parcel.get("contents", [])
            if content["item"] not in lines
        }
        if wrong:
            mistakes["shipments"] = [wrong.get(index, {}) for index in range(len(parcels))]
        if mistakes:
            raise serializers.ValidationError(mistakes)
        return attrs


def _no_line(name: str) -> str:
    return f"No line of `items` has the external_id {name!r}."


def order_update(said: Mapping[str, Any]) -> OrderUpdate:
    """The validated input in our words."""
    customer = said.get("customer", {})
    return OrderUpdate(
        external_id=said.get("external_id") or said["number"],
        number=said["number"],
        customer=Person(**customer),
        destination=Address(**said["destination"]),
        items=tuple(Item(**item) for item in said.get("items", [])),
        parcels=tuple(parcel_update(parcel) for parcel in said.get("shipments", [])),
        currency=said.get("currency", "").upper(),
        total=said.get("total"),
        cod_amount=said.get("cod_amount"),
        payment_method=said.get("payment_method", ""),
        ship_from_country=said.get("ship_from_country", ""),
        language=said.get("language", "") or customer.get("language", ""),
        tags=tuple(said.get("tags", [])),
        placed_at=said.get("placed_at"),
        confirmed_at=said.get("confirmed_at"),
        packed_at=said.get("packed_at"),
        cancelled_at=said.get("cancelled_at"),
    )


def parcel_update(said: Mapping[str, Any]) -> FulfilmentUpdate:
    """One validated parcel in our words."""
    return FulfilmentUpdate(
        tracking_number=said["tracking_number"],
        carrier=said.get("carrier", ""),
        external_id=said.get("external_id", ""),
        service=said.get("service", ""),
        shipped_at=said.get("shipped_at"),
        contents=tuple((one["item"], one["quantity"]) for one in said.get("contents", [])),
        extra=tuple(sorted(said.get("extra", {}).items())),
    )
