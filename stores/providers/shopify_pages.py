"""Asking Shopify for orders: a page of a window, and whatever of an order a page left out.

One query may cost 1,000 points, and a connection costs by its `first`: a page asks for few lines,
parcels and refunds of each order, and `rest_of` for the others. How many orders a page may have
is learned from what the one before cost.
https://shopify.dev/docs/api/admin-graphql/2026-10/queries/orders
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from carriers.shapes import decimal, text
from stores.payload import part, rows
from stores.providers.shopify_graph import ask, cost_of, question
from stores.talk import Talk

#: A single query may not cost more, on any plan.
_MOST_POINTS: Final = 1_000
#: As many lines, parcels, refunds of an order as a page of orders asks for.
_LINES, _PARCELS, _REFUNDS = 8, 3, 3
#: As many as a question about one order, or one parcel, asks for at once.
_MORE: Final = 100
#: Parcels and refunds come in lists that have no second page.
_MOST: Final = 50

_ADDRESS: Final = """
fragment Address on MailingAddress {
  name firstName lastName company address1 address2 city province provinceCode zip
  countryCodeV2 phone
}"""
_LINE: Final = """
fragment Line on LineItem {
  id name sku quantity currentQuantity
  originalUnitPriceSet { shopMoney { amount } }
  image { url }
  product { onlineStoreUrl }
}"""
_PARCEL: Final = """
fragment Parcel on Fulfillment {
  id status createdAt updatedAt
  trackingInfo(first: 10) { company number }
  location { name address { address1 city province zip countryCode } }
}"""
_REFUND: Final = """
fragment Refund on Refund {
  id createdAt note
  totalRefundedSet { shopMoney { amount } }
}"""
_ORDER: Final = f"""
fragment Order on Order {{
  id name createdAt processedAt updatedAt cancelledAt cancelReason email phone customerLocale
  currencyCode tags displayFinancialStatus displayFulfillmentStatus paymentGatewayNames
  customerAcceptsMarketing
  totalPriceSet {{ shopMoney {{ amount }} }}
  totalOutstandingSet {{ shopMoney {{ amount }} }}
  customAttributes {{ key value }}
  shippingAddress {{ ...Address }}
  billingAddress {{ ...Address }}
  customer {{
    firstName lastName locale
    defaultEmailAddress {{ emailAddress marketingState marketingUpdatedAt }}
    defaultPhoneNumber {{ phoneNumber marketingState marketingUpdatedAt }}
  }}
  fulfillmentOrders(first: 1) {{
    nodes {{
      assignedLocation {{ name address1 city province zip countryCode }}
      fulfillmentHolds {{ reason }}
    }}
  }}
  lineItems(first: {_LINES}) {{ nodes {{ ...Line }} pageInfo {{ hasNextPage endCursor }} }}
  fulfillmentsCount {{ count }}
  fulfillments(first: {_PARCELS}) {{
    ...Parcel
    fulfillmentLineItems(first: {_LINES}) {{
      nodes {{ quantity lineItem {{ id }} }} pageInfo {{ hasNextPage endCursor }}
    }}
  }}
  refunds(first: {_REFUNDS}) {{
    ...Refund
    refundLineItems(first: {_LINES}) {{
      nodes {{ quantity lineItem {{ id }} }} pageInfo {{ hasNextPage endCursor }}
    }}
  }}
}}{_ADDRESS}{_LINE}{_PARCEL}{_REFUND}"""

ORDERS: Final = f"""
query Orders($first: Int!, $after: String, $query: String!, $sort: OrderSortKeys!) {{
  orders(first: $first, after: $after, query: $query, sortKey: $sort) {{
    nodes {{ ...Order }} pageInfo {{ hasNextPage endCursor }}
  }}
}}{_ORDER}"""
COUNT: Final = """
query Count($query: String!) { ordersCount(query: $query, limit: null) { count precision } }"""
ORDER: Final = f"query Order($id: ID!) {{ order(id: $id) {{ ...Order }} }}{_ORDER}"
_MORE_LINES: Final = f"""
query Lines($id: ID!, $after: String) {{
  order(id: $id) {{
    lineItems(first: {_MORE}, after: $after) {{
      nodes {{ ...Line }} pageInfo {{ hasNextPage endCursor }}
    }}
  }}
}}{_LINE}"""
_ALL_PARCELS: Final = f"""
query Parcels($id: ID!) {{
  order(id: $id) {{ fulfillments(first: {_MOST}) {{ ...Parcel }} }}
}}{_PARCEL}"""
_ALL_REFUNDS: Final = f"""
query Refunds($id: ID!) {{
  order(id: $id) {{ refunds(first: {_MOST}) {{ ...Refund }} }}
}}{_REFUND}"""
#: What is inside a fulfilment or a refund, by the name of its connection.
_INSIDE: Final = {
    name: f"""
query Inside($id: ID!, $after: String) {{
  {owner}(id: $id) {{
    {name}(first: {_MORE}, after: $after) {{
      nodes {{ quantity lineItem {{ id }} }} pageInfo {{ hasNextPage endCursor }}
    }}
  }}
}}"""
    for owner, name in (("fulfillment", "fulfillmentLineItems"), ("refund", "refundLineItems"))
}


def orders_page(size: int, after: str, query: str, sort: str) -> Talk[tuple[Any, int]]:
    """The `orders` connection, and how many orders the next page may have by this one's cost."""
    answer = yield question(ORDERS, first=size, after=after or None, query=query, sort=sort)
    cost = cost_of(answer)
    # A tenth is kept back: another order may have more of everything.
    fits = int(size * _MOST_POINTS * Decimal("0.9") / cost) if cost > 0 else size
    return part(part(answer.mapping(), "data"), "orders"), min(max(fits, 1), _MORE)


def rest_of(node: Mapping[str, Any]) -> Talk[dict[str, Any]]:
    """The order with all its lines, parcels and refunds, however many there are."""
    order = dict(node)
    order_id = text(order.get("id"))
    lines = part(order, "lineItems")
    order["lineItems"] = yield from _whole(_MORE_LINES, "order", order_id, "lineItems", lines)
    parcels = rows(order, "fulfillments")
    count = decimal(part(order, "fulfillmentsCount").get("count")) or Decimal(0)
    if count > len(parcels):
        found = yield from ask(_ALL_PARCELS, id=order_id)
        parcels = _joined(parcels, rows(part(found, "order"), "fulfillments"))
    order["fulfillments"] = yield from _filled(parcels, "fulfillment", "fulfillmentLineItems")
    refunds = rows(order, "refunds")
    if len(refunds) >= _REFUNDS:
        found = yield from ask(_ALL_REFUNDS, id=order_id)
        refunds = _joined(refunds, rows(part(found, "order"), "refunds"))
    order["refunds"] = yield from _filled(refunds, "refund", "refundLineItems")
    return order


def _joined(known: list[Any], every: list[Any]) -> list[Mapping[str, Any]]:
    """All of them, with what is known of some."""
    details = {text(row.get("id")): row for row in known}
    return [{**row, **details.get(text(row.get("id")), {})} for row in every] or known


def _filled(found: list[Any], owner: str, name: str) -> Talk[list[Mapping[str, Any]]]:
    filled: list[Mapping[str, Any]] = []
    for row in found:
        unknown = {"pageInfo": {"hasNextPage": True, "endCursor": None}}
        inside = part(row, name) if name in row else unknown
        whole = yield from _whole(_INSIDE[name], owner, text(row.get("id")), name, inside)
        filled.append({**row, name: whole})
    return filled


def _whole(
    query: str, owner: str, owner_id: str, name: str, connection: Mapping[str, Any]
) -> Talk[dict[str, Any]]:
    """A connection to its end."""
    nodes = list(rows(connection, "nodes"))
    about = part(connection, "pageInfo")
    while about.get("hasNextPage") is True:
        found = yield from ask(query, id=owner_id, after=about.get("endCursor"))
        connection = part(part(found, owner), name)
        nodes += rows(connection, "nodes")
        about = part(connection, "pageInfo")
    return {"nodes": nodes}
