"""Amazon's marketplaces by the Selling Partner API: orders and parcels, by time of change.

https://developer-docs.amazon.com/sp-api/docs/website-authorization-workflow (consent on Seller
Central, `spapi_oauth_code`), https://developer-docs.amazon.com/sp-api/docs/connecting-to-the-selling-partner-api
(Login with Amazon: a long-lived refresh token, access for an hour),
https://developer-docs.amazon.com/sp-api/reference/searchorders (0.0056 calls a second, 20 at once;
packages with tracking; personal data by role, without a restricted token),
https://developer-docs.amazon.com/sp-api/reference/getmarketplaceparticipations.

One connection is one marketplace. Amazon notifies queues, not addresses: there are no webhooks. Its
buyers may be written to only through Amazon. Orders of other channels that Amazon fulfils (MCF) are
not among these.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import Any, ClassVar, Final
from urllib.parse import urlencode

from carriers.base import Proven
from carriers.shapes import mappings, text
from stores.base import Limits, Secret, Store, StoreError, Way
from stores.payload import instant, need_text, part
from stores.providers.amazon_markets import MARKETS, Market
from stores.providers.amazon_orders import read_order
from stores.providers.amazon_writes import confirm
from stores.shop import (
    App,
    Grant,
    Page,
    ParcelNews,
    Shop,
    ShopChange,
    ShopFacts,
    Window,
    WriteKind,
    page_of,
)
from stores.talk import Answer, Call, ShopError, Talk
from stores.vocabulary import Ignored, OrderUpdate

LOGIN: Final = "https://api.amazon.com"
_ORDERS: Final = "/orders/2026-01-01/orders"
_DATA: Final = ("PROCEEDS", "FULFILLMENT", "PACKAGES")
_PERSONAL: Final = ("BUYER", "RECIPIENT")
#: Amazon refuses windows that end later than two minutes ago.
_BEHIND: Final = timedelta(minutes=2, seconds=10)
_MARGIN: Final = timedelta(minutes=2)
#: The documented rate of `searchOrders`, for a refusal that does not name it.
_SEARCHES_A_SECOND: Final = 0.0056
#: Rates below have a burst, and no answer says what is left of it: they are waited for only when
#: Amazon says that it is used up.
_SLOW: Final = 0.1


class Amazon(Store):
    slug: ClassVar[str] = "amazon"
    name: ClassVar[str] = "Amazon"
    documentation: ClassVar[str] = (
        "https://developer-docs.amazon.com/sp-api/reference/orders-v2026-01-01"
    )
    proven: ClassVar[Proven] = "documented"
    ways: ClassVar[tuple[Way, ...]] = ("oauth", "keys")
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("refresh_token", "Refresh token"),
        Secret("client_id", "Client identifier of your app", secret=False),
        Secret("client_secret", "Client secret of your app"),
    )
    shop_label: ClassVar[str] = "Marketplace"
    shop_example: ClassVar[str] = "amazon.ae"
    limits: ClassVar[Limits] = Limits(per_second=2.0)

    has_api: ClassVar[bool] = True
    writes: ClassVar[frozenset[WriteKind]] = frozenset({"parcel"})
    first_writes: ClassVar[tuple[WriteKind, ...]] = ()
    usual_statuses: ClassVar[Mapping[str, str]] = {"unshipped": "confirmed"}
    may_message_buyers: ClassVar[bool] = False

    def read_order(self, values: Mapping[str, Any]) -> OrderUpdate | Ignored:
        return read_order(values)

    # --- connecting -------------------------------------------------------------------
    def shop_name(self, typed: str) -> str:
        domain = super().shop_name(typed).removeprefix("www.").removeprefix("sellercentral.")
        if domain not in MARKETS:
            raise StoreError("This is no marketplace of Amazon that we know.")
        return domain

    def base_url(self, shop: Shop) -> str:
        return shop.api_url or _market(shop).endpoint

    def authorization(self, shop: Shop) -> Mapping[str, str]:
        return _proof(shop.credentials.get("access_token", ""))

    def consent_url(self, app: App, *, name: str, state: str, back: str, challenge: str) -> str:
        asked = {
            "application_id": app.listing_id or app.client_id,
            "state": state,
            "redirect_uri": back,
        }
        market = MARKETS[self.shop_name(name)]
        return f"{market.seller_central}/apps/authorize/consent?{urlencode(asked)}"

    def exchange(self, shop: Shop, grant: Grant) -> Talk[dict[str, str]]:
        asked = {
            "grant_type": "authorization_code",
            "code": grant.params.get("spapi_oauth_code", ""),
            "redirect_uri": grant.back,
        }
        tokens = yield from _tokens(shop, asked)
        seller = {"seller": grant.params.get("selling_partner_id", "")}
        return {**tokens, **seller, **(yield from _personal(shop, tokens))}

    def is_expiring(self, shop: Shop) -> bool:
        until = instant(shop.credentials.get("expires_at"))
        return self.can_renew(shop) and (until is None or until <= shop.now + _MARGIN)

    def refresh(self, shop: Shop) -> Talk[dict[str, str]]:
        asked = {
            "grant_type": "refresh_token",
            "refresh_token": shop.credentials.get("refresh_token", ""),
        }
        tokens = yield from _tokens(shop, asked)
        found = {**shop.credentials, **tokens}
        if not found.get("personal_data"):
            found |= yield from _personal(shop, tokens)
        return found

    def look(self, shop: Shop) -> Talk[ShopFacts]:
        market = _market(shop)
        answer = yield Call("GET", "/sellers/v1/marketplaceParticipations")
        for row in mappings(answer.mapping().get("payload")):
            said = part(row, "marketplace")
            if text(said.get("id")) == market.market_id:
                return ShopFacts(
                    name=text(row.get("storeName")) or f"Amazon ({market.domain})",
                    country=market.country,
                    currency=text(said.get("defaultCurrencyCode")),
                )
        raise ShopError(f"This seller does not sell at {market.domain}", kind="refused")

    # --- orders -------------------------------------------------------------------------
    def page(self, shop: Shop, window: Window, cursor: str) -> Talk[Page]:
        """The cursor keeps the window's end beside Amazon's token: all filters must stay."""
        end, _, token = cursor.partition("|")
        until = end or _stamp(min(window.until, shop.now - _BEHIND))
        since = _stamp(window.since)
        if since >= until:
            return Page()
        name = "created" if window.by == "created" else "lastUpdated"
        params = (
            (f"{name}After", since),
            (f"{name}Before", until),
            ("marketplaceIds", _market(shop).market_id),
            ("maxResultsPerPage", "100"),
            *((("paginationToken", token),) if token else ()),
        )
        answer = yield from _ask(shop, _ORDERS, params)
        following = text(part(answer.mapping(), "pagination").get("nextToken"))
        return page_of(
            answer.listing("orders"),
            self.read_order,
            next=f"{until}|{following}" if following else "",
        )

    def order(self, shop: Shop, external_id: str) -> Talk[OrderUpdate | Ignored | None]:
        values = yield from _order(shop, external_id)
        return None if values is None else self.read_order(values)

    # --- writing ------------------------------------------------------------------------
    def write(self, shop: Shop, change: ShopChange) -> Talk[str]:
        if not isinstance(change, ParcelNews):
            raise ShopError("Amazon has no place for it", kind="refused")
        values = yield from _order(shop, change.order_id)
        if values is None:
            raise ShopError("Amazon knows this order no more", kind="refused")
        return (yield from confirm(values, change, _market(shop)))

    def rest(self, answer: Answer, cost: float) -> float:
        """What Amazon names is calls a second."""
        rate = _rate(answer)
        return 1 / rate if rate >= _SLOW else 0.0


def _market(shop: Shop) -> Market:
    market = MARKETS.get(shop.name)
    if market is None:
        raise ShopError("This is no marketplace of Amazon that we know", kind="refused")
    return market


def _proof(token: str) -> dict[str, str]:
    return {"x-amz-access-token": token, "user-agent": "Homeward/1.0 (Language=Python)"}


def _ask(shop: Shop, path: str, params: tuple[tuple[str, str], ...]) -> Talk[Answer]:
    """Ask for orders, with personal data where we may; without, when Amazon takes the role away.
    Raises ShopError("rate_limited") with the wait that Amazon's rate means."""
    wants = (*_DATA, *_PERSONAL) if shop.credentials.get("personal_data") else _DATA
    for wanted in dict.fromkeys((wants, _DATA)):
        answer = yield Call(
            "GET",
            path,
            params=(*params, ("includedData", ",".join(wanted))),
            readable=frozenset({403, 404, 429}),
        )
        if answer.status == 429:
            raise ShopError(
                "Amazon says we ask too fast (429)",
                kind="rate_limited",
                http_status=429,
                retry_after=1 / (_rate(answer) or _SEARCHES_A_SECOND),
            )
        if answer.status != 403:
            return answer
    raise ShopError("Amazon lets us read no orders (403)", kind="credentials", http_status=403,
                    raw=answer.body[:20_000])  # fmt: skip


def _order(shop: Shop, order_id: str) -> Talk[Mapping[str, Any] | None]:
    answer = yield from _ask(shop, f"{_ORDERS}/{order_id}", ())
    return None if answer.status == 404 else part(answer.mapping(), "order")


def _personal(shop: Shop, tokens: Mapping[str, str]) -> Talk[dict[str, str]]:
    """Whether our app has the role to see buyers and recipients: asked for one order, once."""
    since = _stamp(shop.now - timedelta(days=1))
    answer = yield Call(
        "GET",
        f"{shop.api_url or _market(shop).endpoint}{_ORDERS}",
        params=(
            ("createdAfter", since),
            ("marketplaceIds", _market(shop).market_id),
            ("maxResultsPerPage", "1"),
            ("includedData", ",".join(_PERSONAL)),
        ),
        headers=_proof(tokens["access_token"]),
        readable=frozenset({400, 403, 429}),
        plain=True,
    )
    return {"personal_data": "yes"} if answer.status < 300 else {}


def _tokens(shop: Shop, asked: Mapping[str, str]) -> Talk[dict[str, str]]:
    """By our app, or by the merchant's own where its keys were typed."""
    app = {
        "client_id": shop.credentials.get("client_id") or shop.app.client_id,
        "client_secret": shop.credentials.get("client_secret") or shop.app.client_secret,
    }
    answer = yield Call(
        "POST",
        f"{shop.api_url or LOGIN}/auth/o2/token",
        form=tuple({**asked, **app}.items()),
        plain=True,
    )
    said = answer.mapping()
    left = text(said.get("expires_in"))
    seconds = int(left) if left.isdecimal() and len(left) <= 9 else 3600
    found = {
        "access_token": need_text(said, "access_token"),
        "expires_at": (shop.now + timedelta(seconds=seconds)).isoformat(),
    }
    if text(said.get("refresh_token")):
        found["refresh_token"] = text(said.get("refresh_token"))
    return found


def _rate(answer: Answer) -> float:
    """`x-amzn-RateLimit-Limit`, 0 where it is not named."""
    try:
        rate = float(answer.headers.get("x-amzn-ratelimit-limit", ""))
    except ValueError:
        return 0.0
    return rate if isfinite(rate) and rate > 0 else 0.0


def _stamp(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
