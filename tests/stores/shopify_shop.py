"""A Shopify shop, played from its documentation: consent, tokens, GraphQL with its costs, webhooks.

https://shopify.dev/docs/api/admin-graphql/2026-10 and …/access-tokens/offline-access-tokens.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

from stores.providers.shopify import Shopify
from tests.stores.graph_played import Document, Field, Refusal, cost, picked
from tests.stores.playing import Asked, Said

CLIENT_ID, CLIENT_SECRET = "app-1", "hush"
SHOP = "noor.myshopify.com"
BUCKET, RESTORED_A_SECOND = 2_000.0, 100.0


def money(amount: str) -> dict[str, Any]:
    return {"shopMoney": {"amount": amount, "currencyCode": "AED"}}


def order_node(number: int, *, at: datetime, **fields: Any) -> dict[str, Any]:
    """A paid order of one lamp, as the API would give it whole."""
    place = {
        "name": "Omar Haddad", "firstName": "Omar", "lastName": "Haddad", "company": None,
        "address1": "Building 12, Street 4", "address2": "Flat 7", "city": "Dubai",
        "province": "Dubai", "provinceCode": "DU", "zip": None, "countryCodeV2": "AE",
        "phone": "+971507654321",
    }  # fmt: skip
    node: dict[str, Any] = {
        "id": f"gid://shopify/Order/{number}",
        "name": f"#{number}",
        "note": None,
        "createdAt": at.isoformat(),
        "processedAt": at.isoformat(),
        "updatedAt": at.isoformat(),
        "cancelledAt": None,
        "cancelReason": None,
        "email": "sara@shopper.example",
        "phone": None,
        "customerLocale": "ar-AE",
        "currencyCode": "AED",
        "tags": ["vip"],
        "displayFinancialStatus": "PAID",
        "displayFulfillmentStatus": "UNFULFILLED",
        "paymentGatewayNames": ["shopify_payments"],
        "customerAcceptsMarketing": True,
        "totalPriceSet": money("120.00"),
        "totalOutstandingSet": money("0.00"),
        "customAttributes": [],
        "shippingAddress": place,
        "billingAddress": place,
        "customer": {
            "firstName": "Sara", "lastName": "Al Mansoori", "locale": "ar",
            "defaultEmailAddress": {"emailAddress": "sara@shopper.example",
                                    "marketingState": "SUBSCRIBED",
                                    "marketingUpdatedAt": "2026-10-01T08:00:00Z"},
            "defaultPhoneNumber": {"phoneNumber": "+971501234567",
                                   "marketingState": "NOT_SUBSCRIBED",
                                   "marketingUpdatedAt": None},
        },
        "fulfillmentOrders": [
            {"status": "OPEN", "fulfillmentHolds": [],
             "assignedLocation": {"name": "Jebel Ali", "address1": "Gate 4",
             "city": "Dubai", "province": "Dubai", "zip": None, "countryCode": "AE"}},
        ],
        "lineItems": [line_node(number * 10, "Brass lamp", 2)],
        "fulfillments": [],
        "refunds": [],
    }  # fmt: skip
    return node | fields


def line_node(number: int, name: str, quantity: int, **fields: Any) -> dict[str, Any]:
    node = {
        "id": f"gid://shopify/LineItem/{number}",
        "name": name,
        "sku": name.upper(),
        "quantity": quantity,
        "currentQuantity": quantity,
        "originalUnitPriceSet": money("60.00"),
        "image": {"url": f"https://cdn.shopify.example/{number}.jpg"},
        "product": {"onlineStoreUrl": f"https://noor.example/products/{number}"},
    }
    return node | fields


def parcel_node(
    number: int, tracking: str, *, at: datetime, lines: Mapping[int, int], **fields: Any
) -> dict[str, Any]:
    address = {"address1": "Gate 4", "city": "Dubai", "province": "Dubai", "countryCode": "AE"}
    node = {
        "id": f"gid://shopify/Fulfillment/{number}",
        "status": "SUCCESS",
        "createdAt": at.isoformat(),
        "updatedAt": at.isoformat(),
        "trackingInfo": [{"company": "Aramex", "number": tracking, "url": None}],
        "location": {"name": "Jebel Ali", "address": address},
        "fulfillmentLineItems": _inside(lines),
    }
    return node | fields


def refund_node(number: int, amount: str, *, at: datetime, lines: Mapping[int, int]) -> Any:
    return {
        "id": f"gid://shopify/Refund/{number}",
        "createdAt": at.isoformat(),
        "note": "it broke on the way",
        "totalRefundedSet": money(amount),
        "refundLineItems": _inside(lines),
    }


def _inside(lines: Mapping[int, int]) -> list[dict[str, Any]]:
    return [
        {"quantity": count, "lineItem": {"id": f"gid://shopify/LineItem/{line}"}}
        for line, count in lines.items()
    ]


class ShopifyShop:
    """The shop itself: orders, subscriptions, tokens, and the bucket of points."""

    def __init__(self, *, start: datetime) -> None:
        self.clock = start
        self.orders: dict[str, dict[str, Any]] = {}
        self.hooks: dict[str, dict[str, Any]] = {}
        self.codes = {"code-1"}
        self.tokens: set[str] = {"token-1"}
        self.refresh_tokens: set[str] = set()
        self.scopes = set(Shopify.scopes)
        self.points = BUCKET
        self.events: list[dict[str, Any]] = []
        self.costs: list[int] = []
        self.operations: list[str] = []
        self._made = self._renewed = 1

    def sell(self, number: int, *, at: datetime | None = None, **fields: Any) -> dict[str, Any]:
        node = order_node(number, at=at or self.clock, **fields)
        self.orders[node["id"]] = node
        return node

    def tracked(self, tracking: str, **fields: Any) -> dict[str, Any]:
        """A shop that ships at once: one order with one parcel."""
        parcel = parcel_node(901, tracking, at=self.clock, lines={50010: 2})
        return self.sell(5001, fulfillments=[parcel], **fields)

    def __call__(self, asked: Asked) -> Said:
        if asked.path == "/admin/oauth/access_token":
            return self._token(dict(parse_qsl(asked.body.decode())))
        if asked.path != "/admin/api/2026-10/graphql.json":
            return Said({"errors": "Not Found"}, 404)
        if asked.headers.get("x-shopify-access-token") not in self.tokens:
            words = "[API] Invalid API key or access token (unrecognized login or wrong password)"
            return Said({"errors": words}, 401)
        return self._graph(asked.json())

    # --- tokens ---------------------------------------------------------------------
    def _token(self, said: Mapping[str, str]) -> Said:
        """Codes are good once; a refresh token is replaced when it is used."""
        ours = (said.get("client_id"), said.get("client_secret"))
        if ours != (CLIENT_ID, CLIENT_SECRET):
            return Said({"error": "invalid_client"}, 401)
        if said.get("grant_type") == "refresh_token":
            good, key = self.refresh_tokens, said.get("refresh_token", "")
        else:
            good, key = self.codes, said.get("code", "")
        if key not in good:
            return Said({"error": "invalid_request"}, 400)
        good.discard(key)
        self._renewed += 1
        token = f"token-{self._renewed}"
        self.tokens = {token}
        answer: dict[str, Any] = {"access_token": token, "scope": ",".join(sorted(self.scopes))}
        if said.get("expiring") == "1" or said.get("grant_type"):
            refresh = f"refresh-{self._renewed}"
            self.refresh_tokens = {refresh}
            answer |= {"expires_in": 3600, "refresh_token": refresh,
                       "refresh_token_expires_in": 7_776_000}  # fmt: skip
        return Said(answer)

    # --- GraphQL --------------------------------------------------------------------
    def _graph(self, body: Mapping[str, Any]) -> Said:
        document = Document(body["query"], body["variables"])
        root = "Query" if document.kind == "query" else "Mutation"
        try:
            points = cost(document.fields, root)
        except Refusal as error:
            return Said(
                {"errors": [{"message": str(error), "extensions": {"code": "undefinedField"}}]}
            )
        if points > 1_000:
            return self._error("MAX_COST_EXCEEDED", points)
        if points > self.points:
            refused = self._error("THROTTLED", points)
            self.points = BUCKET  # whoever waits as told finds it full
            return refused
        self.costs.append(points)
        self.operations.append(document.name)
        found = {field.name: self._answer_to(field) for field in document.fields}
        data = picked(found, document.fields)
        return Said({"data": data, "extensions": {"cost": self._cost(points)}})

    def _answer_to(self, field: Field) -> Any:
        name = re.sub(r"([A-Z])", r"_\1", field.name).lower()
        return getattr(self, f"_do_{name}")(field.args)

    def _error(self, code: str, points: int) -> Said:
        error = {"message": code.title(), "extensions": {"code": code}}
        return Said({"errors": [error], "extensions": {"cost": self._cost(points)}})

    def _cost(self, points: int) -> dict[str, Any]:
        return {
            "requestedQueryCost": points,
            "actualQueryCost": None,
            "throttleStatus": {"maximumAvailable": BUCKET, "currentlyAvailable": self.points,
                               "restoreRate": RESTORED_A_SECOND},
        }  # fmt: skip

    def _do_shop(self, args: Any) -> Any:
        return {"name": "Noor Home", "myshopifyDomain": SHOP, "currencyCode": "AED",
                "ianaTimezone": "Asia/Dubai",
                "billingAddress": {"countryCodeV2": "AE"}}  # fmt: skip

    def _do_current_app_installation(self, args: Any) -> Any:
        return {"accessScopes": [{"handle": scope} for scope in sorted(self.scopes)]}

    def _do_orders_count(self, args: Any) -> Any:
        return {"count": len(self._window(args["query"])), "precision": "EXACT"}

    def _do_orders(self, args: Any) -> Any:
        return self._window(args["query"])

    def _window(self, query: str) -> list[dict[str, Any]]:
        found = re.fullmatch(r"(\w+)_at:>='([^']+)' \1_at:<'([^']+)'", query)
        assert found is not None, query
        name = f"{found[1]}At"
        since, until = (datetime.fromisoformat(found[part]) for part in (2, 3))
        inside = [
            order for order in self.orders.values()
            if since <= datetime.fromisoformat(order[name]) < until
        ]  # fmt: skip
        return sorted((self._whole(one) for one in inside), key=lambda one: one[name])

    def _whole(self, order: Mapping[str, Any]) -> dict[str, Any]:
        return {**order, "fulfillmentsCount": {"count": len(order["fulfillments"])}}

    def _do_order(self, args: Any) -> Any:
        known = self.orders.get(args["id"])
        return self._whole(known) if known else None

    def _do_fulfillment(self, args: Any) -> Any:
        return self._part("fulfillments", args["id"])

    def _do_refund(self, args: Any) -> Any:
        return self._part("refunds", args["id"])

    def _part(self, kind: str, wanted: str) -> Any:
        every = (row for order in self.orders.values() for row in order[kind])
        return next((row for row in every if row["id"] == wanted), None)

    def _do_webhook_subscriptions(self, args: Any) -> Any:
        return list(self.hooks.values())

    def _do_webhook_subscription_create(self, args: Any) -> Any:
        topic, uri = args["topic"], args["webhookSubscription"]["uri"]
        if any((row["topic"], row["uri"]) == (topic, uri) for row in self.hooks.values()):
            return _said_no("Address for this topic has already been taken")
        self._made += 1
        row = {"id": f"gid://shopify/WebhookSubscription/{self._made}", "topic": topic, "uri": uri}
        self.hooks[row["id"]] = row
        return {"webhookSubscription": row, "userErrors": []}

    def _do_webhook_subscription_update(self, args: Any) -> Any:
        self.hooks[args["id"]]["uri"] = args["webhookSubscription"]["uri"]
        return {"webhookSubscription": self.hooks[args["id"]], "userErrors": []}

    def _do_webhook_subscription_delete(self, args: Any) -> Any:
        return {
            "deletedWebhookSubscriptionId": self.hooks.pop(args["id"])["id"], "userErrors": [],
        }  # fmt: skip

    def _do_fulfillment_event_create(self, args: Any) -> Any:
        event = args["fulfillmentEvent"]
        if self._part("fulfillments", event["fulfillmentId"]) is None:
            return _said_no("Fulfillment does not exist.")
        self.events.append(event)
        return {"fulfillmentEvent": {"id": "1", "status": event["status"]}, "userErrors": []}

    def _do_order_update(self, args: Any) -> Any:
        said = args["input"]
        order = self.orders[said["id"]]
        address = said.get("shippingAddress")
        if address is not None and not address.get("provinceCode"):
            return _said_no("Province can't be blank")
        if address is not None:
            order["shippingAddress"] = {
                **order["shippingAddress"], **address, "countryCodeV2": address["countryCode"],
                "name": f"{address['firstName']} {address['lastName']}".strip(),
            }  # fmt: skip
        for name in ("note", "customAttributes"):
            if name in said:
                order[name] = said[name]
        self._touch(order)
        return {"order": order, "userErrors": []}

    def _do_tags_add(self, args: Any) -> Any:
        order = self.orders[args["id"]]
        order["tags"] = sorted({*order["tags"], *args["tags"]})
        self._touch(order)
        return {"node": order, "userErrors": []}

    def _do_tags_remove(self, args: Any) -> Any:
        order = self.orders[args["id"]]
        order["tags"] = [tag for tag in order["tags"] if tag not in args["tags"]]
        self._touch(order)
        return {"node": order, "userErrors": []}

    def _touch(self, order: dict[str, Any]) -> None:
        self.clock += timedelta(seconds=1)
        order["updatedAt"] = self.clock.isoformat()


def _said_no(words: str) -> dict[str, Any]:
    return {"userErrors": [{"field": None, "message": words}]}
