"""What a program may say about an order, and how that becomes an OrderUpdate."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Final

from django.utils import timezone
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
from edd.quotes import NotAQuote, QuotedWindow, window_of_quote
from merchants.scope import current_merchant_id
from stores.named_people import ROLES
from stores.vocabulary import (
    Address,
    Consent,
    FulfilmentUpdate,
    Item,
    Named,
    OrderUpdate,
    Origin,
    Person,
    Refund,
    TimeWish,
)
from tracking.models import Consent as ConsentRow
from tracking.models import Order

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


class PinInput(Strict):
    """A place on the map, in degrees."""

    latitude = serializers.FloatField(min_value=-90, max_value=90)
    longitude = serializers.FloatField(min_value=-180, max_value=180)


class DestinationInput(Strict):
    country = Country()
    name = Text(200, help_text="The receiver, where it is not the buyer.")
    line1 = Text(255)
    line2 = Text(255)
    landmark = Text(255, help_text="What a driver looks for where streets have no numbers.")
    city = Text(120)
    region = Text(120)
    postcode = Text(20, help_text="Also an Indian PIN.")
    phone = Phone()
    district = Text(120, help_text="The area or neighbourhood.")
    makani = Text(20, help_text="Dubai: ten digits.")
    national_address = Text(20, help_text="Saudi Arabia: the short form, e.g. `RRRD2929`.")
    what3words = Text(80)
    pin = PinInput(required=False)


class OriginInput(Strict):
    """Where it is sent from."""

    name = Text(120)
    line1 = Text(120)
    city = Text(120)
    region = Text(120)
    postcode = Text(20)
    country = Country(required=False, allow_blank=True)


class WishInput(Strict):
    """When the shopper wants it; times are local at the destination."""

    day = serializers.DateField(required=False)
    start = serializers.TimeField(required=False)
    end = serializers.TimeField(required=False)
    note = Text(300)


class PromiseInput(Strict):
    """The days of arrival that the shopper was told when buying; dates at the destination."""

    to = serializers.DateField(required=False)
    by = serializers.DateField(required=False, help_text="Instead of `from` and `to`.")

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        # `from` is a word of Python's own.
        return {"from": serializers.DateField(required=False), **super().get_fields()}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "by" in attrs and len(attrs) > 1:
            raise serializers.ValidationError({"by": ["Either `by`, or `from` and `to`."]})
        if "by" not in attrs and len(attrs) < 2:
            missing = "to" if "from" in attrs else "from"
            raise serializers.ValidationError({missing: ["Say `from` and `to`, or `by` alone."]})
        if "by" not in attrs and attrs["from"] > attrs["to"]:
            raise serializers.ValidationError({"to": ["Lies before `from`."]})
        return attrs


class ConsentInput(Strict):
    channel = serializers.ChoiceField(choices=ConsentRow.Channel.choices)
    purpose = serializers.ChoiceField(choices=ConsentRow.Purpose.choices)
    given = serializers.BooleanField()
    # DRF's own attribute of this name is set on instances: a declared field may have it.
    source = Text(80, help_text="Where it was said.")  # type: ignore[assignment]
    at = Instant(required=False)


class RefundLineInput(Strict):
    item = serializers.CharField(max_length=100, help_text="The `external_id` of a line.")
    quantity = serializers.IntegerField(min_value=1, max_value=100_000, default=1)


class RefundInput(Strict):
    external_id = serializers.CharField(max_length=100)
    amount = _money()
    at = Instant(required=False)
    reason = Text(300)
    lines = RefundLineInput(many=True, required=False)


class NamedInput(Strict):
    """Somebody beside the buyer who is told."""

    role = serializers.ChoiceField(choices=[str(role) for role in ROLES])
    name = Text(200)
    email = serializers.EmailField(required=False, allow_blank=True, max_length=254)
    phone = Phone()
    language = Language()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not (attrs.get("email") or attrs.get("phone")):
            raise serializers.ValidationError("Say an e-mail address or a phone number.")
        return attrs


class ItemInput(Strict):
    title = serializers.CharField(max_length=300)
    quantity = serializers.IntegerField(min_value=0, max_value=100_000, default=1)
    external_id = Text(100, help_text="Your own id of this line; parcels name it in `contents`.")
    sku = Text(120)
    price = _money(help_text="Of one piece.")
    image_url = serializers.URLField(required=False, allow_blank=True, max_length=500)
    url = serializers.URLField(required=False, allow_blank=True, max_length=500)


class ContentInput(Strict):
    item = serializers.CharField(max_length=100, help_text="The `external_id` of a line.")
    quantity = serializers.IntegerField(min_value=1, max_value=100_000, default=1)


class ParcelInput(Strict):
    carrier = CarrierSlug()
    tracking_number = TrackingNumber()
    external_id = Text(
        100,
        help_text="Your own id of the fulfilment. Its numbers are those of its newest version: "
        "another number corrects the parcel that nobody has scanned.",
    )
    service = Text(60)
    withdrawn = serializers.BooleanField(
        default=False, help_text="You took it back: it ends, unless somebody has scanned it."
    )
    ship_from = OriginInput(required=False)
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
    ship_from = OriginInput(required=False)
    shop_status = Text(60, help_text="Your own word for where the order stands.")
    wish = WishInput(required=False)
    promise = PromiseInput(
        required=False,
        help_text="What the shopper was told when buying. It is what a late parcel is late by.",
    )
    consents = ConsentInput(many=True, required=False)
    refunds = RefundInput(many=True, required=False)
    is_gift = serializers.BooleanField(
        default=False, help_text="The receiver is not to see prices."
    )
    gift_tells = serializers.ChoiceField(
        choices=Order.GiftTells.choices,
        required=False,
        help_text="What the receiver of a gift hears. Not said: `delivery_day`.",
    )
    recipients = NamedInput(
        many=True,
        required=False,
        help_text="Who is told besides the buyer: each with a page and choices of their own, and "
        "without what was bought. One of each role.",
    )
    replaces = Text(100, help_text="The `external_id` of the order that this one makes good.")
    updated_at = Instant(
        required=False,
        help_text="When this version was made: an older one never overwrites a newer.",
    )
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
    quote = Text(
        600, help_text="The `quote` of the estimate that the shopper was shown: it is promised."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        mistakes: dict[str, Any] = {}
        country = attrs["destination"]["country"]
        for part in ("customer", "destination"):
            number = attrs.get(part, {}).get("phone", "")
            problem = check_phone(number, country=country) if number else ""
            if problem:
                mistakes[part] = {"phone": [problem]}
        people = _people_problems(attrs.get("recipients", []), country=country)
        if people:
            mistakes["recipients"] = people
        if attrs.get("quote"):
            try:
                attrs["quote"] = _quoted(attrs)
            except NotAQuote as error:
                mistakes["quote"] = [str(error)]
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


def _people_problems(
    people: list[dict[str, Any]], *, country: str
) -> list[dict[str, list[str]]] | list[str]:
    """What is wrong with each of the named; nothing where all can be kept."""
    if len({one["role"] for one in people}) < len(people):
        return ["One person for each role."]
    found = [check_phone(one["phone"], country=country) if one.get("phone") else ""
             for one in people]  # fmt: skip
    return [{"phone": [one]} if one else {} for one in found] if any(found) else []


def _quoted(said: Mapping[str, Any]) -> QuotedWindow:
    """The window that the shopper was shown. Raises NotAQuote."""
    return window_of_quote(
        said["quote"],
        merchant_id=current_merchant_id() or 0,
        country=said["destination"]["country"],
        placed_at=said.get("placed_at") or timezone.now(),
    )


@cache
def order_form() -> OrderInput:
    """The form, built once: `run_validation` leaves nothing in it."""
    return OrderInput()


def _no_line(name: str) -> str:
    return f"No line of `items` has the external_id {name!r}."


def _promised(said: Mapping[str, Any]) -> tuple[date | None, date | None]:
    """What the shopper was told when buying: in plain dates, else by the quote that was shown."""
    promise: Mapping[str, Any] = said.get("promise", {})
    if promise:
        return promise.get("from"), promise.get("to") or promise.get("by")
    quoted: QuotedWindow | None = said.get("quote") or None
    return (quoted.first, quoted.last) if quoted else (None, None)


def order_update(said: Mapping[str, Any]) -> OrderUpdate:
    """The validated input in our words."""
    customer = said.get("customer", {})
    first, last = _promised(said)
    return OrderUpdate(
        external_id=said.get("external_id") or said["number"],
        number=said["number"],
        customer=Person(**customer),
        destination=_address(said["destination"]),
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
        ship_from=_origin(said),
        shop_status=said.get("shop_status", ""),
        wish=TimeWish(**said["wish"]) if said.get("wish") else None,
        promised_first=first,
        promised_last=last,
        consents=tuple(Consent(**({"source": "api"} | one)) for one in said.get("consents", [])),
        refunds=tuple(_refund(one) for one in said.get("refunds", [])),
        is_gift=said.get("is_gift", False),
        gift_tells=said.get("gift_tells", ""),
        recipients=tuple(Named(**one) for one in said.get("recipients", [])),
        replaces=said.get("replaces", ""),
        updated_at=said.get("updated_at"),
    )


def _address(said: Mapping[str, Any]) -> Address:
    pin = said.get("pin")
    where = (pin["latitude"], pin["longitude"]) if pin else None
    return Address(**{name: value for name, value in said.items() if name != "pin"}, pin=where)


def _origin(said: Mapping[str, Any]) -> Origin | None:
    return Origin(**said["ship_from"]) if said.get("ship_from") else None


def _refund(said: Mapping[str, Any]) -> Refund:
    lines = tuple((line["item"], line["quantity"]) for line in said.get("lines", []))
    return Refund(**{**said, "lines": lines})


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
        withdrawn=said.get("withdrawn", False),
        ship_from=_origin(said),
    )
