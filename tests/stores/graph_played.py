"""GraphQL as far as a played shop needs it: read a document, check it, count it, answer it.

`SCHEMA` holds the fields of Shopify's documentation that an answer may be asked for; a document
that asks for anything else is refused as Shopify refuses it. Costs follow its documented table,
read strictly: an object is one point, a list or connection as many as `first` says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_TOKEN = re.compile(r"\.\.\.|[A-Za-z_]\w*|\$\w+|[{}():!,\[\]=]|-?\d+|\"[^\"]*\"")


@dataclass
class Field:
    name: str
    args: dict[str, Any] = field(default_factory=dict)
    inside: list[Field] = field(default_factory=list)


class Refusal(Exception):
    """What Shopify says under `errors`."""


class Document:
    """One operation with its fragments; `kind` is query or mutation."""

    def __init__(self, source: str, variables: Mapping[str, Any]) -> None:
        self._tokens = _TOKEN.findall(source)
        self._variables = variables
        self._fragments: dict[str, list[Any]] = {}
        self.kind, self.name = "", ""
        roots: list[Any] = []
        while self._tokens:
            word = self._next()
            if word in {"query", "mutation"}:
                self.kind, self.name = word, self._next()
                if self._tokens[0] == "(":
                    self._skip_declarations()
                roots = self._selection()
            else:
                assert word == "fragment", word
                name, _on, _of = self._next(), self._next(), self._next()
                self._fragments[name] = self._selection()
        self.fields = self._spread(roots)

    def _next(self) -> str:
        return self._tokens.pop(0)

    def _skip_declarations(self) -> None:
        while self._next() != ")":
            pass

    def _selection(self) -> list[Any]:
        assert self._next() == "{"
        found: list[Any] = []
        while (word := self._next()) != "}":
            if word == "...":
                found.append(self._next())
                continue
            args = self._arguments() if self._tokens[0] == "(" else {}
            inside = self._selection() if self._tokens[0] == "{" else []
            found.append((word, args, inside))
        return found

    def _arguments(self) -> dict[str, Any]:
        self._next()
        args: dict[str, Any] = {}
        while (name := self._next()) != ")":
            if name == ",":
                continue
            assert self._next() == ":"
            value = self._next()
            if value.startswith("$"):
                args[name] = self._variables.get(value[1:])
            else:
                args[name] = None if value == "null" else int(value)
        return args

    def _spread(self, selection: list[Any]) -> list[Field]:
        found: list[Field] = []
        for one in selection:
            if isinstance(one, str):
                found += self._spread(self._fragments[one])
            else:
                name, args, inside = one
                found.append(Field(name, args, self._spread(inside)))
        return found


def cost(fields: list[Field], of: str) -> int:
    """The points of a selection of type `of`. Raises Refusal for what is not in the schema."""
    total = 0
    for one in fields:
        if one.name not in SCHEMA[of]:
            raise Refusal(f"Field '{one.name}' doesn't exist on type '{of}'")
        kind = SCHEMA[of][one.name]
        if not kind:
            if one.inside:
                raise Refusal(f"Selections can't be made on scalars (field '{one.name}')")
            continue
        if not one.inside:
            raise Refusal(f"Field must have selections (field '{one.name}')")
        if kind.startswith("+"):  # a connection
            nodes = next((row.inside for row in one.inside if row.name == "nodes"), [])
            total += 2 + one.args["first"] * (1 + cost(nodes, kind[1:]))
        else:
            many = one.args.get("first", 1) if kind.startswith("*") else 1
            total += many * (1 + cost(one.inside, kind.lstrip("*")))
        if of == "Mutation":
            total += 10
    return total


def picked(value: Any, fields: list[Field]) -> Any:
    """Of a full object only what was asked for; lists as pages where the question pages."""
    if not isinstance(value, dict):
        return value
    found: dict[str, Any] = {}
    for one in fields:
        inner = value.get(one.name)
        if isinstance(inner, list) and one.inside:
            found[one.name] = _paged(inner, one)
        else:
            found[one.name] = picked(inner, one.inside) if one.inside else inner
    return found


def _paged(rows: list[Any], asked: Field) -> Any:
    start = int(asked.args.get("after") or 0)
    end = start + asked.args.get("first", len(rows))
    inside = {row.name: row.inside for row in asked.inside}
    if "nodes" not in inside:
        return [picked(row, asked.inside) for row in rows[start:end]]
    return {
        "nodes": [picked(row, inside["nodes"]) for row in rows[start:end]],
        "pageInfo": {"hasNextPage": end < len(rows), "endCursor": str(end)},
    }


def _type(scalars: str, **objects: str) -> dict[str, str]:
    return dict.fromkeys(scalars.split(), "") | objects


_ERRORS = {"userErrors": "*UserError"}
#: By type: each field with the type of its object, "" for a scalar, "*" before a list's, "+"
#: before a connection's. Shopify's names, https://shopify.dev/docs/api/admin-graphql/2026-10.
SCHEMA: dict[str, dict[str, str]] = {
    "Query": _type(
        "",
        shop="Shop",
        currentAppInstallation="AppInstallation",
        orders="+Order",
        ordersCount="Count",
        order="Order",
        fulfillment="Fulfillment",
        refund="Refund",
        webhookSubscriptions="+WebhookSubscription",
    ),
    "Mutation": {
        name: f"{name}Payload"
        for name in (
            "fulfillmentEventCreate", "orderUpdate", "tagsAdd", "tagsRemove",
            "webhookSubscriptionCreate", "webhookSubscriptionUpdate", "webhookSubscriptionDelete",
        )
    },
    "fulfillmentEventCreatePayload": {"fulfillmentEvent": "FulfillmentEvent", **_ERRORS},
    "orderUpdatePayload": {"order": "Order", **_ERRORS},
    "tagsAddPayload": {"node": "Node", **_ERRORS},
    "tagsRemovePayload": {"node": "Node", **_ERRORS},
    "webhookSubscriptionCreatePayload": {"webhookSubscription": "WebhookSubscription", **_ERRORS},
    "webhookSubscriptionUpdatePayload": {"webhookSubscription": "WebhookSubscription", **_ERRORS},
    "webhookSubscriptionDeletePayload": {"deletedWebhookSubscriptionId": "", **_ERRORS},
    "UserError": _type("field message"),
    "Node": _type("id"),
    "Count": _type("count precision"),
    "Shop": _type("name myshopifyDomain currencyCode ianaTimezone email",
                  billingAddress="MailingAddress"),
    "AppInstallation": _type("id", accessScopes="*AccessScope"),
    "AccessScope": _type("handle description"),
    "WebhookSubscription": _type("id topic uri format filter createdAt updatedAt"),
    "FulfillmentEvent": _type("id status message happenedAt estimatedDeliveryAt"),
    "Attribute": _type("key value"),
    "MoneyBag": _type("", shopMoney="MoneyV2", presentmentMoney="MoneyV2"),
    "MoneyV2": _type("amount currencyCode"),
    "MailingAddress": _type(
        "name firstName lastName company address1 address2 city province provinceCode zip country"
        " countryCodeV2 phone latitude longitude"
    ),
    "Customer": _type(
        "id firstName lastName displayName locale",
        defaultEmailAddress="CustomerEmailAddress",
        defaultPhoneNumber="CustomerPhoneNumber",
    ),
    "CustomerEmailAddress": _type("emailAddress marketingState marketingUpdatedAt"),
    "CustomerPhoneNumber": _type("phoneNumber marketingState marketingUpdatedAt"),
    "Order": _type(
        "id legacyResourceId name note createdAt processedAt updatedAt cancelledAt cancelReason"
        " email phone tags"
        " customerLocale currencyCode displayFinancialStatus displayFulfillmentStatus test"
        " paymentGatewayNames customerAcceptsMarketing returnStatus",
        totalPriceSet="MoneyBag",
        totalOutstandingSet="MoneyBag",
        customAttributes="*Attribute",
        shippingAddress="MailingAddress",
        billingAddress="MailingAddress",
        customer="Customer",
        fulfillmentOrders="+FulfillmentOrder",
        lineItems="+LineItem",
        fulfillmentsCount="Count",
        fulfillments="*Fulfillment",
        refunds="*Refund",
    ),
    "FulfillmentOrder": _type(
        "id status",
        assignedLocation="FulfillmentOrderAssignedLocation",
        fulfillmentHolds="*FulfillmentHold",
    ),
    "FulfillmentHold": _type("id reason reasonNotes"),
    "FulfillmentOrderAssignedLocation": _type(
        "name address1 address2 city province zip countryCode phone"
    ),
    "LineItem": _type(
        "id name title sku quantity currentQuantity requiresShipping",
        originalUnitPriceSet="MoneyBag",
        image="Image",
        product="Product",
    ),
    "Image": _type("id url altText"),
    "Product": _type("id handle onlineStoreUrl"),
    "Fulfillment": _type(
        "id legacyResourceId name status createdAt updatedAt deliveredAt estimatedDeliveryAt",
        trackingInfo="*FulfillmentTrackingInfo",
        location="Location",
        fulfillmentLineItems="+FulfillmentLineItem",
    ),
    "FulfillmentTrackingInfo": _type("company number url"),
    "Location": _type("id name", address="LocationAddress"),
    "LocationAddress": _type("address1 address2 city province provinceCode zip countryCode"),
    "FulfillmentLineItem": _type("id quantity", lineItem="LineItem"),
    "Refund": _type(
        "id legacyResourceId createdAt updatedAt note",
        totalRefundedSet="MoneyBag",
        refundLineItems="+RefundLineItem",
    ),
    "RefundLineItem": _type("id quantity", lineItem="LineItem"),
}  # fmt: skip
