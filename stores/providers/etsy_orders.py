"""Etsy's receipts: what an order, its transactions, shipments and refunds say.

https://developers.etsy.com/documentation/reference#operation/getShopReceipt. The address is shown
to approved apps only in some regions, and the buyer's e-mail never without Etsy's consent; who the
buyer is beside the receiver is not said.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from html import unescape
from typing import Any, Final

from carriers.carrier_names import slug_of
from carriers.shapes import https, mappings, text
from stores.payload import amount, country_of, need_text, part, pieces, rows
from stores.vocabulary import (
    Address,
    FulfilmentUpdate,
    Ignored,
    Item,
    OrderUpdate,
    Person,
    Refund,
)

#: What was asked for beside the receipt: listings by id.
LISTINGS: Final = "our_listings"

_CANCELED: Final = "canceled"


def read_receipt(values: Mapping[str, Any]) -> OrderUpdate | Ignored:
    """One receipt with what was asked for beside it. Raises StoreError."""
    lines = rows(values, "transactions")
    if lines and all(row.get("is_digital") is True for row in lines):
        return Ignored("The order holds downloads only: nothing is shipped.")
    status = text(values.get("status")).lower()
    placed_at, changed_at = moment(values, "created"), moment(values, "updated")
    total, listings = part(values, "grandtotal"), part(values, LISTINGS)
    gift = values.get("is_gift") is True
    return OrderUpdate(
        external_id=need_text(values, "receipt_id"),
        number=need_text(values, "receipt_id"),
        placed_at=placed_at,
        # Who gives names themselves; else the receiver is all that is known of the buyer.
        customer=Person(
            name=text(values.get("gift_sender")) if gift else "",
            email=text(values.get("buyer_email")),
        ),
        destination=_address(values),
        items=tuple(_item(row, listings) for row in lines if row.get("is_digital") is not True),
        parcels=tuple(parcel for row in rows(values, "shipments") for parcel in _parcel(row)),
        currency=text(total.get("currency_code")).upper()[:3],
        total=money(total),
        payment_method=text(values.get("payment_method")),
        shop_status=status,
        confirmed_at=_paid_at(values, lines, placed_at),
        cancelled_at=changed_at if status == _CANCELED else None,
        refunds=tuple(_refund(row) for row in rows(values, "refunds")),
        is_gift=gift,
        updated_at=changed_at,
    )


def moment(values: Mapping[str, Any], name: str) -> datetime | None:
    """Etsy writes each time twice, in seconds: `created_timestamp` and `create_timestamp`."""
    given = text(values.get(f"{name}_timestamp")) or text(values.get(f"{name[:-1]}_timestamp"))
    return _seconds(given)


def money(values: Mapping[str, Any]) -> Decimal | None:
    """An amount in the currency's parts, divided as Etsy says."""
    whole, divisor = amount(values.get("amount")), amount(values.get("divisor"))
    return amount(str(whole / divisor)) if whole is not None and divisor else None


def listing_ids(values: Mapping[str, Any]) -> set[str]:
    """What was bought, as far as it can be read."""
    lines = mappings(values.get("transactions"))
    return {text(row.get("listing_id")) for row in lines} - {"", "0"}


def _seconds(given: str) -> datetime | None:
    if not given.isascii() or not given.isdigit() or not 9 <= len(given) <= 11:
        return None
    return datetime.fromtimestamp(int(given), tz=UTC)


def _address(values: Mapping[str, Any]) -> Address | None:
    code = country_of(values.get("country_iso"))
    if not code:
        return None
    return Address(
        country=code,
        name=text(values.get("name")),
        line1=text(values.get("first_line")),
        line2=text(values.get("second_line")),
        city=text(values.get("city")),
        region=text(values.get("state")),
        postcode=text(values.get("zip")),
    )


def _item(row: Mapping[str, Any], listings: Mapping[str, Any]) -> Item:
    listing = part(listings, text(row.get("listing_id")))
    return Item(
        title=unescape(text(row.get("title"))),
        quantity=pieces(row.get("quantity")),
        external_id=text(row.get("transaction_id")),
        sku=text(row.get("sku")),
        price=money(part(row, "price")),
        image_url=https(listing.get("image")),
        url=https(listing.get("url")),
    )


def _paid_at(
    values: Mapping[str, Any], lines: list[Mapping[str, Any]], placed_at: datetime | None
) -> datetime | None:
    """When it was paid: an order on Etsy needs nobody's acceptance beside."""
    times = [_seconds(text(row.get("paid_timestamp"))) for row in lines]
    said = max(filter(None, times), default=None)
    return said or (placed_at if values.get("is_paid") is True else None)


def _parcel(row: Mapping[str, Any]) -> list[FulfilmentUpdate]:
    """A receipt marked as shipped has a shipment without a number."""
    number = text(row.get("tracking_code"))
    if not number:
        return []
    name = text(row.get("carrier_name"))
    return [
        FulfilmentUpdate(
            tracking_number=number,
            carrier=slug_of(name),
            carrier_name="" if name.casefold() == "other" else name,
            external_id=text(row.get("receipt_shipping_id")),
            shipped_at=_seconds(text(row.get("shipment_notification_timestamp"))),
        )
    ]


def _refund(row: Mapping[str, Any]) -> Refund:
    """Etsy gives refunds no id: the second and the sum tell one from the next."""
    total = money(part(row, "amount"))
    stamp = text(row.get("created_timestamp"))
    return Refund(
        external_id=f"{stamp}:{'' if total is None else total}",
        amount=total,
        at=_seconds(stamp),
        reason=text(row.get("reason")),
    )
