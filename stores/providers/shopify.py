"""Shopify: webhooks, the GraphQL Admin API, and our app's installation.

https://shopify.dev/docs/api/webhooks (topics, headers),
https://shopify.dev/docs/api/admin-graphql/2026-10 (orders, fulfilments, write-back),
https://shopify.dev/docs/apps/build/privacy-law-compliance (the three mandatory topics).

Parts: `shopify_consent` (installing), `shopify_graph` (speaking), `shopify_pages` (asking for
orders), `shopify_orders` (reading them), `shopify_hooks`, `shopify_writing`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import Any, ClassVar, Final, Literal

from carriers.base import Proven
from carriers.shapes import decimal, text
from stores.base import Limits, Secret, Store, StoreError, Way
from stores.payload import need_text, part, read_object, rows
from stores.providers import shopify_consent, shopify_hooks
from stores.providers.shopify_graph import ask, gid, seconds_to_rest, trouble_in
from stores.providers.shopify_orders import read_fulfilment, read_order, read_refund
from stores.providers.shopify_pages import COUNT, ORDER, orders_page, rest_of
from stores.providers.shopify_shapes import as_webhook
from stores.providers.shopify_writing import (
    write_address,
    write_note,
    write_parcel,
    write_tags,
)
from stores.shop import (
    AddressChange,
    App,
    Grant,
    Hook,
    Page,
    ParcelNews,
    Shop,
    ShopChange,
    ShopFacts,
    Tags,
    Window,
    WriteKind,
    page_of,
)
from stores.talk import Answer, ShopError, Talk
from stores.vocabulary import ComplianceRequest, Ignored, OrderUpdate, Reading, Uninstalled

_ORDERS: Final = frozenset({"orders/create", "orders/updated", "orders/cancelled"})
_FULFILMENTS: Final = frozenset({"fulfillments/create", "fulfillments/update"})
_REFUNDS: Final = "refunds/create"
_UNINSTALLED: Final = "app/uninstalled"
#: As many orders as surely cost less than a query may: later pages know better.
_FIRST_PAGE: Final = 4
_LOOK: Final = """
query Look {
  shop { name myshopifyDomain currencyCode ianaTimezone billingAddress { countryCodeV2 } }
  currentAppInstallation { accessScopes { handle } }
}"""


class Shopify(Store):
    slug: ClassVar[str] = "shopify"
    name: ClassVar[str] = "Shopify"
    documentation: ClassVar[str] = "https://shopify.dev/docs/api/webhooks"
    proven: ClassVar[Proven] = "documented"
    ways: ClassVar[tuple[Way, ...]] = ("oauth", "by_hand")
    secrets: ClassVar[tuple[Secret, ...]] = (Secret("secret", "Webhook signing secret"),)
    shop_label: ClassVar[str] = "Your shop’s name at Shopify"
    shop_example: ClassVar[str] = "noor.myshopify.com"
    scopes: ClassVar[tuple[str, ...]] = (
        "write_orders",
        "write_fulfillments",
        "read_customers",
        "read_products",
        "read_locations",
        "read_merchant_managed_fulfillment_orders",
        "read_third_party_fulfillment_orders",
    )
    limits: ClassVar[Limits] = Limits(per_second=4.0)
    topics: ClassVar[tuple[str, ...]] = (*sorted(_ORDERS), *sorted(_FULFILMENTS), _REFUNDS)
    app_topics: ClassVar[tuple[str, ...]] = (
        "customers/data_request",
        "customers/redact",
        "shop/redact",
    )
    signature_header: ClassVar[str] = "x-shopify-hmac-sha256"
    topic_header: ClassVar[str] = "x-shopify-topic"
    key_header: ClassVar[str] = "x-shopify-webhook-id"
    shop_header: ClassVar[str] = "x-shopify-shop-domain"
    kept_headers: ClassVar[tuple[str, ...]] = ("x-shopify-",)
    has_api: ClassVar[bool] = True
    makes_hooks: ClassVar[bool] = True
    writes: ClassVar[frozenset[WriteKind]] = frozenset({"parcel", "address", "tags", "note"})
    #: Work has begun, and everything is packed and labelled.
    usual_statuses: ClassVar[Mapping[str, str]] = {
        "in_progress": "confirmed",
        "partial": "confirmed",
        "fulfilled": "packed",
    }

    # --- webhooks ---------------------------------------------------------------------
    def read(self, topic: str, body: bytes) -> Reading:
        values = read_object(body)
        if topic in _ORDERS:
            return read_order(values)
        if topic in _FULFILMENTS:
            return read_fulfilment(values)
        if topic == _REFUNDS:
            return read_refund(values)
        if topic == _UNINSTALLED:
            return Uninstalled(need_text(values, "myshopify_domain").lower())
        if topic == "shop/redact":
            return ComplianceRequest("erase_shop", shop=_shop(values))
        if topic == "customers/redact":
            return _about_person("erase", values, "orders_to_redact")
        if topic == "customers/data_request":
            return _about_person("export", values, "orders_requested")
        return Ignored(f"We do not need the topic {topic or '(none)'}.")

    def read_order(self, values: Mapping[str, Any]) -> OrderUpdate | Ignored:
        is_graph = text(values.get("id")).startswith("gid://")
        return read_order(as_webhook(values) if is_graph else values)

    # --- connecting -------------------------------------------------------------------
    def shop_name(self, typed: str) -> str:
        return shopify_consent.shop_name(typed)

    def base_url(self, shop: Shop) -> str:
        return shop.api_url or f"https://{shop.name}"

    def authorization(self, shop: Shop) -> Mapping[str, str]:
        return {"x-shopify-access-token": shop.credentials.get("access_token", "")}

    def consent_url(self, app: App, *, name: str, state: str, back: str, challenge: str) -> str:
        return shopify_consent.consent_url(app, self.scopes, name=name, state=state, back=back)

    def is_grant(self, app: App, params: Mapping[str, str], *, name: str) -> bool:
        return shopify_consent.is_grant(app, params, name=name)

    def exchange(self, shop: Shop, grant: Grant) -> Talk[dict[str, str]]:
        return shopify_consent.exchange(shop, grant)

    def is_expiring(self, shop: Shop) -> bool:
        return shopify_consent.is_expiring(shop)

    def refresh(self, shop: Shop) -> Talk[dict[str, str]]:
        return shopify_consent.refresh(shop)

    def look(self, shop: Shop) -> Talk[ShopFacts]:
        said = yield from ask(_LOOK)
        granted = {
            text(row.get("handle"))
            for row in rows(part(said, "currentAppInstallation"), "accessScopes")
        }
        lacking = [scope for scope in self.scopes if scope not in granted]
        if lacking:
            words = f"Shopify did not give us these permissions: {', '.join(lacking)}"
            raise ShopError(words, kind="refused")
        about = part(said, "shop")
        return ShopFacts(
            external_id=text(about.get("myshopifyDomain")).lower(),
            name=text(about.get("name")),
            country=text(part(about, "billingAddress").get("countryCodeV2")).upper(),
            currency=text(about.get("currencyCode")).upper(),
            time_zone=text(about.get("ianaTimezone")),
        )

    def ensure_hooks(self, shop: Shop, hook_url: str) -> Talk[tuple[Hook, ...]]:
        return shopify_hooks.ensure((*self.topics, _UNINSTALLED), hook_url)

    def remove_hooks(self, shop: Shop, hook_url: str) -> Talk[None]:
        return shopify_hooks.remove(hook_url)

    # --- orders -----------------------------------------------------------------------
    def page(self, shop: Shop, window: Window, cursor: str) -> Talk[Page]:
        """`cursor` is Shopify's own, behind the number of orders that this page may have."""
        since, until = (
            moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
            for moment in (window.since, window.until)
        )
        query = f"{window.by}_at:>='{since}' {window.by}_at:<'{until}'"
        size, _, after = cursor.partition(" ")
        total = None if cursor else (yield from _count(query))
        found, fits = yield from orders_page(
            int(size or _FIRST_PAGE), after, query, f"{window.by.upper()}_AT"
        )
        whole: list[Mapping[str, Any]] = []
        for node in rows(found, "nodes"):
            try:
                whole.append((yield from rest_of(node)))
            except StoreError:
                whole.append(node)  # `page_of` says what is odd about it
        about = part(found, "pageInfo")
        has_more = about.get("hasNextPage") is True
        following = f"{fits} {text(about.get('endCursor'))}" if has_more else ""
        return page_of(whole, self.read_order, next=following, total=total)

    def order(self, shop: Shop, external_id: str) -> Talk[OrderUpdate | Ignored | None]:
        node = part((yield from ask(ORDER, id=gid("Order", external_id))), "order")
        return self.read_order((yield from rest_of(node))) if node else None

    def write(self, shop: Shop, change: ShopChange) -> Talk[str]:
        if isinstance(change, ParcelNews):
            return write_parcel(change)
        if isinstance(change, AddressChange):
            return write_address(change)
        return write_tags(change) if isinstance(change, Tags) else write_note(change)

    def refusal(self, answer: Answer) -> ShopError | None:
        return trouble_in(answer)

    def rest(self, answer: Answer, cost: float) -> float:
        return seconds_to_rest(answer)


def _count(query: str) -> Talk[int | None]:
    said = part((yield from ask(COUNT, query=query)), "ordersCount")
    count = decimal(said.get("count"))
    return int(count) if count is not None and said.get("precision") == "EXACT" else None


def _shop(values: Mapping[str, Any]) -> str:
    return need_text(values, "shop_domain").lower()


def _about_person(
    demand: Literal["export", "erase"], values: Mapping[str, Any], order_list: str
) -> ComplianceRequest:
    person = part(values, "customer")
    listed = values.get(order_list)
    if listed is not None and not isinstance(listed, list):
        raise StoreError(f"{order_list}: expected a list of order ids")
    return ComplianceRequest(
        demand,
        shop=_shop(values),
        email=text(person.get("email")),
        phone=text(person.get("phone")),
        order_ids=tuple(filter(None, (text(number) for number in listed or []))),
    )
