"""How parcels and orders look in answers."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from carriers import registry
from lib.vocabulary import Status
from tracking.models import Order, Recipient, Refund, Shipment
from tracking.undecided import slugs_of


class Window(serializers.Serializer[Any]):
    """Local calendar dates at the destination, both inclusive."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        # `from` is a word of Python's own.
        return {
            "from": serializers.DateField(),
            "to": serializers.DateField(),
            "zone": serializers.CharField(help_text="IANA name."),
            "source": serializers.CharField(
                help_text="Who says so: merchant, carrier, engine, configuration or scan."
            ),
            "kind": serializers.CharField(help_text="estimated, guaranteed or appointment."),
        }


class PromiseOutput(serializers.Serializer[Any]):
    """What the shopper was told first; frozen. Without `from` it is "by" `to`."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {
            "from": serializers.DateField(allow_null=True),
            "to": serializers.DateField(),
        }


class Flags(serializers.Serializer[Any]):
    delayed = serializers.BooleanField(help_text="Certain: later than what was told first.")
    will_be_late = serializers.BooleanField(help_text="Likely, before it is certain.")
    stalled = serializers.BooleanField()
    action_required = serializers.BooleanField()
    return_leg = serializers.BooleanField()
    disputed = serializers.BooleanField()


class Content(serializers.Serializer[Any]):
    item = serializers.IntegerField(source="item_id")
    quantity = serializers.IntegerField()


class Freshness(serializers.Serializer[Any]):
    """When the carrier said something, when we asked, when we ask next, how it went."""

    carrier_said_at = serializers.DateTimeField(
        allow_null=True, help_text="The carrier's newest scan, whenever we learned of it."
    )
    we_asked_at = serializers.DateTimeField(source="asked_at", allow_null=True)
    answered_at = serializers.DateTimeField(
        allow_null=True, help_text="The last time that the carrier answered."
    )
    next_ask_at = serializers.DateTimeField(
        allow_null=True, help_text="Null when nothing more is expected, or the carrier pushes."
    )
    ask_result = serializers.CharField(
        source="result",
        help_text="changed, unchanged, not_found, no_account, paused, budget, needs_field,"
        " registered, refused, credentials, rate_limited, unavailable, unreadable, bad_request;"
        " empty before the first look.",
    )
    problem = serializers.CharField(help_text="What went wrong, in words; empty when all is well.")


class Details(serializers.Serializer[Any]):
    """What the carrier gave beside scans and dates; what it did not give is left out."""

    proof = serializers.DictField(
        child=serializers.CharField(), required=False, help_text="signed_by, photo_url, left_at."
    )
    pieces = serializers.IntegerField(required=False)
    cash = serializers.DictField(
        child=serializers.CharField(), required=False, help_text="amount, currency."
    )
    pickup_point = serializers.DictField(
        child=serializers.CharField(),
        required=False,
        help_text="name, address, hours, code, last_day.",
    )
    courier = serializers.DictField(
        child=serializers.CharField(), required=False, help_text="name, phone, live_url."
    )


class LegOutput(serializers.Serializer[Any]):
    """A further carrier of the same parcel."""

    position = serializers.IntegerField()
    carrier = serializers.CharField()
    tracking_number = serializers.CharField()


class ShipmentOutput(serializers.Serializer[Any]):
    """One parcel as it stands."""

    id = serializers.IntegerField()
    order = serializers.IntegerField(source="order_id")
    carrier = serializers.CharField()
    carrier_name = serializers.SerializerMethodField()
    carrier_candidates = serializers.SerializerMethodField(
        help_text="Who may carry it, while that is not certain; empty once it is."
    )
    tracking_number = serializers.CharField()
    external_id = serializers.CharField()
    service = serializers.CharField()
    ship_from = serializers.DictField(child=serializers.CharField())
    withdrawn_at = serializers.DateTimeField(
        allow_null=True, help_text="When the shop took it back; null: it did not."
    )
    status = serializers.ChoiceField(choices=[status.value for status in Status])
    sub_status = serializers.CharField()
    status_at = serializers.DateTimeField(allow_null=True)
    edd = serializers.SerializerMethodField(help_text="The window we show; null while unknown.")
    promise = serializers.SerializerMethodField(
        help_text="What the shopper was told first: frozen, beside `edd` that moves. Null before."
    )
    late_risk = serializers.FloatField(
        allow_null=True,
        help_text="Chance in per cent that it comes after the promise; null where not known.",
    )
    flags = Flags(source="*")
    attempts = serializers.IntegerField(help_text="Failed delivery attempts.")
    milestones = serializers.JSONField(help_text="When each milestone was reached, by name.")
    picked_up_at = serializers.DateTimeField(allow_null=True)
    delivered_at = serializers.DateTimeField(allow_null=True)
    last_event_at = serializers.DateTimeField(allow_null=True)
    last_place = serializers.CharField()
    freshness = Freshness(source="watch")
    details = Details()
    legs = LegOutput(many=True)
    contents = Content(many=True, help_text="Empty when it was not said what is inside.")
    created_at = serializers.DateTimeField()

    def get_carrier_name(self, shipment: Shipment) -> str:
        return registry.name_of(shipment.carrier)

    def get_carrier_candidates(self, shipment: Shipment) -> list[str]:
        return slugs_of(shipment.watch)

    @extend_schema_field(Window(allow_null=True))
    def get_edd(self, shipment: Shipment) -> dict[str, Any] | None:
        if shipment.edd_first is None or shipment.edd_last is None:
            return None
        return {
            "from": shipment.edd_first.isoformat(),
            "to": shipment.edd_last.isoformat(),
            "zone": shipment.edd_zone,
            "source": shipment.edd_source,
            "kind": shipment.edd_kind or "estimated",
        }

    @extend_schema_field(PromiseOutput(allow_null=True))
    def get_promise(self, shipment: Shipment) -> dict[str, Any] | None:
        return promise_of(shipment)


def promise_of(row: Shipment | Order) -> dict[str, Any] | None:
    """The frozen promise of a parcel, or the shop's own of an order."""
    if row.promised_last is None:
        return None
    first = row.promised_first
    return {"from": first.isoformat() if first else None, "to": row.promised_last.isoformat()}


class CustomerOutput(serializers.Serializer[Any]):
    name = serializers.CharField(source="customer_name")
    email = serializers.CharField(source="customer_email")
    phone = serializers.CharField(source="customer_phone")
    language = serializers.CharField()


class Pin(serializers.Serializer[Any]):
    latitude = serializers.FloatField()
    longitude = serializers.FloatField()


class DestinationOutput(serializers.Serializer[Any]):
    name = serializers.CharField(source="ship_to_name")
    line1 = serializers.CharField()
    line2 = serializers.CharField()
    landmark = serializers.CharField()
    city = serializers.CharField()
    region = serializers.CharField()
    postcode = serializers.CharField()
    country = serializers.CharField()
    phone = serializers.CharField(source="ship_to_phone")
    district = serializers.CharField()
    makani = serializers.CharField()
    national_address = serializers.CharField()
    what3words = serializers.CharField()
    pin = serializers.SerializerMethodField(help_text="A place on the map; null when not said.")

    @extend_schema_field(Pin(allow_null=True))
    def get_pin(self, order: Order) -> dict[str, float] | None:
        if order.latitude is None or order.longitude is None:
            return None
        return {"latitude": order.latitude, "longitude": order.longitude}


class ConsentOutput(serializers.Serializer[Any]):
    channel = serializers.CharField()
    purpose = serializers.CharField()
    given = serializers.BooleanField()
    # DRF's own attribute of this name is set on instances: a declared field may have it.
    source = serializers.CharField()  # type: ignore[assignment]
    at = serializers.DateTimeField()


class RecipientOutput(serializers.Serializer[Any]):
    role = serializers.ChoiceField(choices=Recipient.Role.choices)
    name = serializers.CharField()
    email = serializers.CharField()
    phone = serializers.CharField()
    language = serializers.CharField()
    named_by_buyer = serializers.SerializerMethodField(
        help_text="The buyer named them on the order's page."
    )
    is_surprise = serializers.BooleanField(
        help_text="Whoever named them wants it kept from them until the day it comes."
    )

    def get_named_by_buyer(self, recipient: Recipient) -> bool:
        return recipient.shared_at is not None


class RefundLine(serializers.Serializer[Any]):
    item = serializers.CharField(help_text="The line's `external_id`.")
    quantity = serializers.IntegerField()


class RefundOutput(serializers.Serializer[Any]):
    external_id = serializers.CharField()
    amount = serializers.DecimalField(max_digits=14, decimal_places=3, allow_null=True)
    at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField()
    lines = serializers.SerializerMethodField()

    @extend_schema_field(RefundLine(many=True))
    def get_lines(self, refund: Refund) -> list[dict[str, Any]]:
        return [{"item": item, "quantity": count} for item, count in refund.lines]


class ItemOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    external_id = serializers.CharField()
    sku = serializers.CharField()
    title = serializers.CharField()
    quantity = serializers.IntegerField()
    price = serializers.DecimalField(max_digits=14, decimal_places=3, allow_null=True)
    image_url = serializers.CharField()
    url = serializers.CharField()


class MissingOutput(serializers.Serializer[Any]):
    """One thing that a courier needs and the address does not say."""

    need = serializers.CharField(
        help_text="area, street, district, city, region, postcode, phone, national_address, spot."
    )
    level = serializers.CharField(help_text="must or helps.")
    problem = serializers.CharField(help_text="absent, placeholder or impossible.")


class AddressCheckOutput(serializers.Serializer[Any]):
    """What a courier would say to the address; from 85 on nothing is missing that must be there."""

    score = serializers.IntegerField(help_text="0 to 100.")
    missing = MissingOutput(many=True)
    asked_at = serializers.DateTimeField(
        allow_null=True, help_text="When the shopper was asked by message."
    )
    answered_at = serializers.DateTimeField(
        allow_null=True, help_text="When it was completed or corrected."
    )


class OrderOutput(serializers.Serializer[Any]):
    """One order as it stands. `tracking_url` is the buyer's page."""

    id = serializers.IntegerField()
    # DRF's own attribute of this name is set on instances: a declared field may have it.
    source = serializers.CharField()  # type: ignore[assignment]
    external_id = serializers.CharField()
    number = serializers.CharField()
    status = serializers.ChoiceField(
        choices=[status.value for status in Status],
        help_text="Of the parcel that needs attention most.",
    )
    needs_attention = serializers.BooleanField()
    tracking_url = serializers.SerializerMethodField()
    placed_at = serializers.DateTimeField()
    confirmed_at = serializers.DateTimeField(allow_null=True)
    packed_at = serializers.DateTimeField(allow_null=True)
    cancelled_at = serializers.DateTimeField(allow_null=True)
    customer = CustomerOutput(source="*")
    destination = DestinationOutput(source="*")
    address_check = serializers.SerializerMethodField(help_text="Null where no address was given.")
    ship_from_country = serializers.CharField()
    ship_from = serializers.DictField(
        child=serializers.CharField(), help_text="name, line1, city, region, postcode, country."
    )
    shop_status = serializers.CharField()
    wish = serializers.DictField(
        child=serializers.CharField(), help_text="day, start, end, note: those that were said."
    )
    promise = serializers.SerializerMethodField(
        help_text="What the shop told the shopper when buying; null when it was not said."
    )
    consents = ConsentOutput(many=True)
    recipients = serializers.SerializerMethodField(
        help_text="Who is told: the buyer, and a receiver or a front desk where one is named."
    )
    refunds = RefundOutput(many=True)
    is_gift = serializers.BooleanField()
    replaces = serializers.CharField()
    currency = serializers.CharField()
    total = serializers.DecimalField(max_digits=14, decimal_places=3, allow_null=True)
    cod_amount = serializers.DecimalField(max_digits=14, decimal_places=3, allow_null=True)
    payment_method = serializers.CharField()
    tags = serializers.ListField(child=serializers.CharField())
    items = ItemOutput(many=True)
    shipments = ShipmentOutput(many=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    @extend_schema_field(RecipientOutput(many=True))
    def get_recipients(self, order: Order) -> list[dict[str, Any]]:
        people = [one for one in order.recipients.all() if one.email or one.phone]
        people.sort(key=lambda one: one.pk)
        return [dict(RecipientOutput(one).data) for one in people]

    @extend_schema_field(PromiseOutput(allow_null=True))
    def get_promise(self, order: Order) -> dict[str, Any] | None:
        return promise_of(order)

    @extend_schema_field(AddressCheckOutput(allow_null=True))
    def get_address_check(self, order: Order) -> dict[str, Any] | None:
        check = getattr(order, "address_check", None)
        return None if check is None else dict(AddressCheckOutput(check).data)

    def get_tracking_url(self, order: Order) -> str:
        return str(self.context["tracking_urls"][order.pk])
