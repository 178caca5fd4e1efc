"""What the fields of an import are called, by group, as a select offers them."""

from __future__ import annotations

from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from stores.csv.fields import FIELDS

_GROUPS: Final[dict[str, Promise]] = {
    "order": pgettext_lazy("what a customer bought", "Order"),
    "customer": _("Customer"),
    "address": pgettext_lazy("where a parcel goes", "Address"),
    "item": pgettext_lazy("of an order", "Items"),
    "payment": _("Payment"),
    "parcel": pgettext_lazy("what is sent", "Parcel"),
}
FIELD_WORDS: Final[dict[str, Promise]] = {
    "order_number": _("Order number"),
    "external_id": _("The shop’s own id"),
    "placed_at": _("Order date"),
    "store_status": _("Status in the shop"),
    "promised_first": _("Promised to arrive, first day"),
    "promised_last": _("Promised to arrive, last day"),
    "language": _("Language"),
    "tags": _("Tags"),
    "customer_name": _("Customer’s name"),
    "customer_first_name": _("Customer’s first name"),
    "customer_last_name": _("Customer’s last name"),
    "customer_email": _("Customer’s e-mail"),
    "customer_phone": _("Customer’s phone"),
    "recipient_name": _("Receiver’s name"),
    "recipient_phone": _("Receiver’s phone"),
    "line1": _("Street"),
    "line2": _("Street, second line"),
    "landmark": _("Landmark"),
    "district": _("Area"),
    "city": _("City"),
    "region": _("Region, emirate or state"),
    "postcode": _("Postcode or PIN"),
    "country": _("Country"),
    "makani": _("Makani number"),
    "national_address": _("Saudi National Address"),
    "pin": _("Place on the map (latitude, longitude)"),
    "latitude": _("Latitude"),
    "longitude": _("Longitude"),
    "item_title": _("Product"),
    "item_variant": _("Variant of the product"),
    "item_sku": _("SKU"),
    "item_quantity": _("Quantity"),
    "item_price": _("Price of one"),
    "item_id": _("Id of the line"),
    "total": _("Total of the order"),
    "currency": _("Currency"),
    "payment_method": _("Payment method"),
    "cod_amount": _("To pay on delivery"),
    "carrier": _("Carrier"),
    "tracking_number": _("Tracking number"),
    "service": _("Shipping service"),
    "shipped_at": _("Shipped on"),
}


def field_groups() -> list[dict[str, Any]]:
    """[{label, options: [{value, label}]}] for a select with groups."""
    return [
        {
            "label": label,
            "options": [
                {"value": key, "label": FIELD_WORDS[key]}
                for key, field in FIELDS.items()
                if field.group == group
            ],
        }
        for group, label in _GROUPS.items()
    ]
