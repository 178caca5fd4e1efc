"""An order as Shopify's GraphQL API gives it, in the shape that its webhooks send.

https://shopify.dev/docs/api/admin-graphql/2026-10/objects/Order. Ids are global there
(`gid://shopify/Order/5001`) and numbers in webhooks; the number is what both agree on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from carriers.shapes import text
from stores.payload import part, rows
from stores.providers.shopify_graph import id_of

#: As GraphQL names what webhooks name otherwise.
_FULFILLED: Final = {"unfulfilled": "", "partially_fulfilled": "partial"}


def as_webhook(node: Mapping[str, Any]) -> dict[str, Any]:
    """An order as the API gives it, in the shape that webhooks send. Raises StoreError."""
    fulfilled = text(node.get("displayFulfillmentStatus")).lower()
    return {
        "id": id_of(node.get("id")),
        "name": node.get("name"),
        "created_at": node.get("createdAt"),
        "processed_at": node.get("processedAt"),
        "updated_at": node.get("updatedAt"),
        "cancelled_at": node.get("cancelledAt"),
        "cancel_reason": node.get("cancelReason"),
        "email": node.get("email"),
        "phone": node.get("phone"),
        "customer_locale": node.get("customerLocale"),
        "currency": node.get("currencyCode"),
        "tags": ",".join(text(tag) for tag in _texts(node.get("tags"))),
        "financial_status": node.get("displayFinancialStatus"),
        "fulfillment_status": _FULFILLED.get(fulfilled, fulfilled),
        "hold": _hold(node) if fulfilled == "on_hold" else "",
        "payment_gateway_names": _texts(node.get("paymentGatewayNames")),
        "buyer_accepts_marketing": node.get("customerAcceptsMarketing"),
        "total_price": _money(node, "totalPriceSet"),
        "total_outstanding": _money(node, "totalOutstandingSet"),
        "note_attributes": [
            {"name": row.get("key"), "value": row.get("value")}
            for row in rows(node, "customAttributes")
        ],
        "shipping_address": _address(part(node, "shippingAddress")),
        "billing_address": _address(part(node, "billingAddress")),
        "customer": _customer(part(node, "customer")),
        "origin": _origin(node),
        "line_items": [_line(row) for row in rows(part(node, "lineItems"), "nodes")],
        "fulfillments": [_fulfilment(row) for row in rows(node, "fulfillments")],
        "refunds": [_refund(row) for row in rows(node, "refunds")],
    }


def _hold(node: Mapping[str, Any]) -> str:
    """What an order that is held waits for.

    https://shopify.dev/docs/api/admin-graphql/latest/enums/FulfillmentHoldReason
    """
    reasons = {
        text(hold.get("reason"))
        for one in rows(part(node, "fulfillmentOrders"), "nodes")
        for hold in rows(one, "fulfillmentHolds")
    }
    return "out_of_stock" if "INVENTORY_OUT_OF_STOCK" in reasons else "on_hold"


def _texts(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _money(node: Mapping[str, Any], name: str) -> Any:
    return part(part(node, name), "shopMoney").get("amount")


def _address(node: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": node.get("name"),
        "first_name": node.get("firstName"),
        "last_name": node.get("lastName"),
        "company": node.get("company"),
        "address1": node.get("address1"),
        "address2": node.get("address2"),
        "city": node.get("city"),
        "province": node.get("province"),
        "zip": node.get("zip"),
        "country_code": node.get("countryCodeV2"),
        "phone": node.get("phone"),
    }


def _customer(node: Mapping[str, Any]) -> dict[str, Any]:
    email, phone = part(node, "defaultEmailAddress"), part(node, "defaultPhoneNumber")
    return {
        "first_name": node.get("firstName"),
        "last_name": node.get("lastName"),
        "locale": node.get("locale"),
        "email": email.get("emailAddress"),
        "phone": phone.get("phoneNumber"),
        "email_marketing_consent": _consent(email),
        "sms_marketing_consent": _consent(phone),
    }


def _consent(node: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "state": node.get("marketingState"),
        "consent_updated_at": node.get("marketingUpdatedAt"),
    }


def _origin(node: Mapping[str, Any]) -> dict[str, Any]:
    first = next(iter(rows(part(node, "fulfillmentOrders"), "nodes")), {})
    place = part(first, "assignedLocation")
    return {**place, "country_code": place.get("countryCode")}


def _line(node: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": id_of(node.get("id")),
        "name": node.get("name"),
        "sku": node.get("sku"),
        "quantity": node.get("quantity"),
        "current_quantity": node.get("currentQuantity"),
        "price": _money(node, "originalUnitPriceSet"),
        "image_url": part(node, "image").get("url"),
        "url": part(node, "product").get("onlineStoreUrl"),
    }


def _fulfilment(node: Mapping[str, Any]) -> dict[str, Any]:
    tracking, place = rows(node, "trackingInfo"), part(node, "location")
    address = part(place, "address")
    companies = filter(None, (text(row.get("company")) for row in tracking))
    return {
        "id": id_of(node.get("id")),
        "status": node.get("status"),
        "created_at": node.get("createdAt"),
        "tracking_company": next(companies, ""),
        "tracking_numbers": [row.get("number") for row in tracking],
        "origin_address": {
            **address, "name": place.get("name"), "country_code": address.get("countryCode"),
        },
        "line_items": [
            {"id": id_of(part(row, "lineItem").get("id")), "quantity": row.get("quantity")}
            for row in rows(part(node, "fulfillmentLineItems"), "nodes")
        ],
    }  # fmt: skip


def _refund(node: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": id_of(node.get("id")),
        "created_at": node.get("createdAt"),
        "note": node.get("note"),
        "transactions": [{"kind": "refund", "amount": _money(node, "totalRefundedSet")}],
        "refund_line_items": [
            {
                "line_item_id": id_of(part(row, "lineItem").get("id")),
                "quantity": row.get("quantity"),
            }
            for row in rows(part(node, "refundLineItems"), "nodes")
        ],
    }
