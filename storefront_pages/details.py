"""The block of what only its owner may read: the address, who signed, what opens the locker.

It shows what the story holds, and the story holds what its reader may see.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from lib.words import place_name
from storefront_pages.access import Part, Tier
from storefront_pages.story import Parcel, Story
from tracking.address_check import can_be_completed
from tracking.details import read_details
from tracking.models import Order

Row = dict[str, str]


def details(story: Story) -> dict[str, Any] | None:
    """`block` of `storefront/blocks/details.html`; None where there is nothing and no way to it."""
    rows = [*_of_order(story.order), *_of_parcels(story)]
    is_open = story.access.tier is Tier.CODE
    if not rows and not story.can_be_proved:
        return None
    return {
        "rows": rows,
        "is_open": is_open,
        "code_url": f"{story.page}code/" if story.can_be_proved else "",
        "change_url": f"{story.page}address/" if may_change(story) else "",
    }


def may_change(story: Story) -> bool:
    """Whether its reader may change the address now: proved, allowed by the shop, in time."""
    parcels = [parcel.shipment for parcel in story.parcels]
    return (
        story.access.may(Part.CHANGE_ADDRESS)
        and story.merchant.lets_change_address
        and can_be_completed(story.order, parcels)
    )


def _of_order(order: Order) -> list[Row]:
    parts = (
        order.ship_to_name or order.customer_name if order.line1 else "",
        order.line1,
        order.line2,
        order.landmark,
        order.district,
        " ".join(part for part in (order.postcode, place_name(order.city)) if part)
        if order.line1 or order.postcode
        else "",
    )
    phone = order.ship_to_phone or order.customer_phone
    rows = [
        {"icon": "map-pin", "label": _("Delivery address"), "text": "\n".join(filter(None, parts))},
        {"icon": "phone", "label": _("Phone for the courier"), "text": phone, "dir": "ltr"},
        {"icon": "mail", "label": _("E-mail"), "text": order.customer_email, "dir": "ltr"},
    ]
    return [row for row in rows if row["text"]]


def _of_parcels(story: Story) -> list[Row]:
    return [row for parcel in story.parcels for row in _of_parcel(parcel) if row["text"]]


def _of_parcel(parcel: Parcel) -> list[Row]:
    found = read_details(parcel.shipment.details)
    rows: list[Row] = []
    if found.pickup_point is not None:
        code = found.pickup_point.code
        rows.append({"icon": "key-round", "label": _("Code to collect it"), "text": code})
    if found.proof is not None:
        proof = found.proof
        rows += [
            {"icon": "map-pin", "label": _("Where it was left"), "text": proof.left_at},
            {"icon": "user", "label": _("Received by"), "text": proof.signed_by},
        ]
        if proof.photo_url.startswith("https://"):
            words = _("See the courier’s photo")
            rows.append(
                {"icon": "camera", "label": _("Proof of delivery"), "text": words,
                 "url": proof.photo_url}
            )  # fmt: skip
    return rows
