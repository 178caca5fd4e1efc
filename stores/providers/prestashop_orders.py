"""What an order of PrestaShop says: the order with the rows that it names.

https://devdocs.prestashop-project.org/8/webservice/resources/orders/ and its neighbours. Times are
the shop's local ones, and "0000-00-00 00:00:00" is none. A product's page is its address without
rewriting, which every shop answers; its picture lies where PrestaShop stores it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from carriers.carrier_names import slug_of
from carriers.shapes import mapping, mappings, text
from stores.checkout_fields import parts_of, pin_of
from stores.payload import amount, country_of, joined, need_text, part, pieces, rows
from stores.vocabulary import (
    Address,
    Consent,
    FulfilmentUpdate,
    Item,
    OrderUpdate,
    Person,
    Refund,
)

#: PrestaShop's own modules, of 1.6 and since.
_CASH: Final = frozenset({"cashondelivery", "ps_cashondelivery"})


def read_order(values: Mapping[str, Any]) -> OrderUpdate:
    """`values`: {"order", "delivery", "invoice" (addresses, with "iso_code" and "state_name"),
    "customer", "state", "carriers" (order_carriers, with "name"), "slips", "products" by id,
    "currency", "language", "zone", "cancelled", "shop"}. Raises StoreError."""
    order, state = part(values, "order"), part(values, "state")
    zone = zone_of(text(values.get("zone")))
    delivery, invoice = part(values, "delivery"), part(values, "invoice")
    placed_at, changed_at = (local(order.get(name), zone) for name in ("date_add", "date_upd"))
    is_cancelled = text(order.get("current_state")) == (text(values.get("cancelled")) or "none")
    language = text(values.get("language"))
    return OrderUpdate(
        external_id=need_text(order, "id"),
        number=text(order.get("reference")) or need_text(order, "id"),
        placed_at=placed_at,
        customer=_buyer(part(values, "customer"), invoice or delivery, language),
        destination=_address(delivery),
        items=tuple(_items(order, values)),
        parcels=tuple(_parcels(order, rows(values, "carriers"))),
        currency=text(values.get("currency")).upper()[:3],
        total=amount(order.get("total_paid_tax_incl") or order.get("total_paid")),
        cod_amount=_to_pay(order, is_cancelled=is_cancelled),
        payment_method=text(order.get("payment")),
        language=language,
        shop_status=said_in(state.get("name"), text(order.get("id_lang"))),
        # The invoice is made when the order enters a state that counts as paid.
        confirmed_at=local(order.get("invoice_date"), zone) if _flag(state, "paid") else None,
        cancelled_at=(changed_at or placed_at) if is_cancelled else None,
        consents=_consents(part(values, "customer"), zone),
        refunds=tuple(_refund(row, zone) for row in rows(values, "slips")),
        is_gift=_flag(order, "gift"),
        updated_at=changed_at,
    )


def zone_of(name: str) -> tzinfo:
    """The zone of this name; UTC where it is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def local(value: object, zone: tzinfo) -> datetime | None:
    """A time of the shop's clock as an instant."""
    try:
        found = datetime.fromisoformat(text(value).replace(" ", "T", 1))
    except ValueError:
        return None
    if found.tzinfo is not None or not 1970 <= found.year <= 9000:
        return None
    return found.replace(tzinfo=zone).astimezone(UTC)


def said_in(value: object, language: str) -> str:
    """A text that PrestaShop keeps in several languages: a list of {"id", "value"}, or the text
    itself in shops with one language."""
    named = {text(row.get("id")): text(row.get("value")) for row in mappings(value)}
    return named.get(language) or next(filter(None, named.values()), "") or text(value)


def _flag(values: Mapping[str, Any], name: str) -> bool:
    return text(values.get(name)) == "1" or values.get(name) is True


def _buyer(customer: Mapping[str, Any], address: Mapping[str, Any], language: str) -> Person:
    name = joined(customer.get("firstname"), customer.get("lastname"))
    return Person(
        name=name or joined(address.get("firstname"), address.get("lastname")),
        email=text(customer.get("email")),
        phone=phone_of(address),
        language=language,
    )


def phone_of(address: Mapping[str, Any]) -> str:
    """The mobile number, else the other."""
    return text(address.get("phone_mobile")) or text(address.get("phone"))


def _address(values: Mapping[str, Any]) -> Address | None:
    code = country_of(values.get("iso_code"))
    if not code:
        return None
    more = parts_of(values.items())
    return Address(
        country=code,
        name=joined(values.get("firstname"), values.get("lastname")) or text(values.get("company")),
        line1=text(values.get("address1")),
        line2=text(values.get("address2")),
        landmark=more.get("landmark", ""),
        city=text(values.get("city")),
        region=text(values.get("state_name")),
        postcode=text(values.get("postcode")),
        phone=phone_of(values),
        district=more.get("district", ""),
        makani=more.get("makani", ""),
        national_address=more.get("national_address", ""),
        what3words=more.get("what3words", ""),
        pin=pin_of(more),
    )


def _items(order: Mapping[str, Any], values: Mapping[str, Any]) -> Iterator[Item]:
    shop, products = text(values.get("shop")), part(values, "products")
    for row in rows(part(order, "associations"), "order_rows"):
        number = text(row.get("product_id"))
        is_known = bool(shop and number in products)
        yield Item(
            title=text(row.get("product_name")),
            quantity=pieces(row.get("product_quantity")),
            external_id=text(row.get("id")),
            sku=text(row.get("product_reference")),
            price=amount(row.get("unit_price_tax_incl") or row.get("product_price")),
            image_url=_picture(shop, mapping(products.get(number))) if is_known else "",
            url=f"https://{shop}/index.php?controller=product&id_product={number}"
            if is_known
            else "",
        )


def _picture(shop: str, product: Mapping[str, Any]) -> str:
    """Pictures lie in folders of their id's digits: 42 is img/p/4/2/42.jpg."""
    number = text(product.get("id_default_image"))
    if not (number.isascii() and number.isdigit()) or number == "0":
        return ""
    return f"https://{shop}/img/p/{'/'.join(number)}/{number}.jpg"


def _parcels(
    order: Mapping[str, Any], carriers: list[Mapping[str, Any]]
) -> Iterator[FulfilmentUpdate]:
    """Each carrier of the order with its number; people type several into one field."""
    legacy = {"tracking_number": order.get("shipping_number")}
    seen: set[str] = set()
    for row in [*carriers, legacy]:
        for number in re.split(r"[,;\n]", text(row.get("tracking_number"))):
            name = text(row.get("name"))
            if number.strip() and number.strip() not in seen:
                seen.add(number.strip())
                yield FulfilmentUpdate(
                    tracking_number=number.strip(),
                    carrier=slug_of(name),
                    carrier_name=name,
                    external_id=text(row.get("id")),
                )


def _to_pay(order: Mapping[str, Any], *, is_cancelled: bool) -> Decimal | None:
    if text(order.get("module")) not in _CASH:
        return None
    total = amount(order.get("total_paid_tax_incl") or order.get("total_paid"))
    paid = amount(order.get("total_paid_real")) or Decimal(0)
    if is_cancelled or total is None:
        return Decimal(0) if is_cancelled else None
    return max(total - paid, Decimal(0))


def _consents(customer: Mapping[str, Any], zone: tzinfo) -> tuple[Consent, ...]:
    said = text(customer.get("newsletter"))
    if said not in {"0", "1"}:
        return ()
    at = local(customer.get("newsletter_date_add"), zone)
    return (Consent("email", "marketing", said == "1", "prestashop:newsletter", at),)


def _refund(row: Mapping[str, Any], zone: tzinfo) -> Refund:
    parts = [amount(row.get(f"total_{name}_tax_incl")) for name in ("products", "shipping")]
    if not any(parts):
        parts = [amount(row.get(name)) for name in ("amount", "shipping_cost_amount")]
    known = [one for one in parts if one is not None]
    lines = (
        (text(line.get("id_order_detail")), pieces(line.get("product_quantity")))
        for line in rows(part(row, "associations"), "order_slip_details")
    )
    return Refund(
        external_id=need_text(row, "id"),
        amount=sum(known, Decimal(0)) if known else None,
        at=local(row.get("date_add"), zone),
        lines=tuple((line, count) for line, count in lines if line and count),
    )
