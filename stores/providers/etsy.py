"""Etsy: receipts by API, polled; its webhooks where the operator set them up.

https://developers.etsy.com/documentation: /essentials/authentication (OAuth 2 with PKCE; refresh
tokens rotate), /essentials/requests (x-api-key is keystring:shared secret),
/essentials/rate-limits, /essentials/webhooks (one address for all shops of an app, made in Etsy's
portal; Standard Webhooks with a secret of its own), /reference#tag/Shop-Receipt.

Etsy writes to its buyers itself, and forbids others to: it mails them for each tracking number that
it is given, so it is given only those that it does not have.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar, Final
from urllib.parse import quote, urlencode

from carriers.base import Limits, Proven
from carriers.shapes import mappings, text
from lib.folding import number_key
from lib.vocabulary import Status
from stores.base import Headers, StandardWebhooks, Way
from stores.paging import Reached
from stores.payload import StoreError, instant, need_text, read_object, rows, seconds
from stores.providers import etsy_orders as reading
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
from stores.vocabulary import Fetch, Ignored, OrderUpdate, Reading

_CONSENT: Final = "https://www.etsy.com/oauth/connect"
_API: Final = "/v3/application"
_PAGE: Final = 100
_RECEIPT: Final = re.compile(r"/receipts/(\d{1,20})(?:[/?].*)?$")
#: A parcel that never goes, or comes back, is nothing to mail a buyer about.
_NOT_SENT: Final = frozenset(
    {Status.CANCELLED, Status.RETURNING, Status.RETURNED, Status.LOST_OR_DESTROYED}
)


class Etsy(StandardWebhooks):
    slug: ClassVar[str] = "etsy"
    name: ClassVar[str] = "Etsy"
    documentation: ClassVar[str] = "https://developers.etsy.com/documentation"
    proven: ClassVar[Proven] = "documented"
    ways: ClassVar[tuple[Way, ...]] = ("oauth",)
    scopes: ClassVar[tuple[str, ...]] = ("transactions_r", "transactions_w", "shops_r")
    api_url: ClassVar[str] = "https://api.etsy.com"
    #: Etsy counts by app, over all shops; its answers say what is left of the day.
    limits: ClassVar[Limits] = Limits(per_second=5)
    asked_every: ClassVar[timedelta] = timedelta(minutes=10)
    app_topics: ClassVar[tuple[str, ...]] = (
        "order.paid", "order.canceled", "order.shipped", "order.delivered",
    )  # fmt: skip
    has_api: ClassVar[bool] = True
    writes: ClassVar[frozenset[WriteKind]] = frozenset({"parcel"})
    usual_statuses: ClassVar[Mapping[str, str]] = {"paid": "confirmed"}
    may_message_buyers: ClassVar[bool] = False

    # --- webhooks -----------------------------------------------------------------------
    def topic(self, headers: Headers, body: bytes = b"") -> str:
        return _said(body, "event_type").lower()[:60]

    def shop(self, headers: Headers, body: bytes = b"") -> str:
        return _said(body, "shop_id")

    def read(self, topic: str, body: bytes) -> Reading:
        values = read_object(body)
        if topic not in self.app_topics:
            return Ignored(f"We do not need the topic {topic or '(none)'}.")
        found = _RECEIPT.search(need_text(values, "resource_url"))
        if found is None:
            raise StoreError("resource_url: expected the address of a receipt")
        return Fetch(found[1])

    def read_order(self, values: Mapping[str, Any]) -> OrderUpdate | Ignored:
        return reading.read_receipt(values)

    # --- connecting -----------------------------------------------------------------------
    def authorization(self, shop: Shop) -> Mapping[str, str]:
        token = shop.credentials.get("access_token", "")
        return {
            "Authorization": f"Bearer {token}",
            "x-api-key": f"{shop.app.client_id}:{shop.app.client_secret}",
        }

    def consent_url(self, app: App, *, name: str, state: str, back: str, challenge: str) -> str:
        asked = {
            "response_type": "code",
            "client_id": app.client_id,
            "redirect_uri": back,
            "scope": " ".join(self.scopes),
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return f"{_CONSENT}?{urlencode(asked, quote_via=quote)}"

    def exchange(self, shop: Shop, grant: Grant) -> Talk[dict[str, str]]:
        code = grant.params.get("code", "")
        return (yield from _tokens(
            shop, ("grant_type", "authorization_code"), ("code", code),
            ("redirect_uri", grant.back), ("code_verifier", grant.verifier),
        ))  # fmt: skip

    def is_expiring(self, shop: Shop) -> bool:
        end = instant(shop.credentials.get("expires_at"), utc=True)
        renewable = bool(shop.credentials.get("refresh_token"))
        return renewable and end is not None and end <= shop.now + timedelta(minutes=5)

    def refresh(self, shop: Shop) -> Talk[dict[str, str]]:
        token = shop.credentials.get("refresh_token", "")
        fresh = yield from _tokens(shop, ("grant_type", "refresh_token"), ("refresh_token", token))
        return {**shop.credentials, **fresh}

    def look(self, shop: Shop) -> Talk[ShopFacts]:
        me = (yield Call("GET", f"{_API}/users/me")).mapping()
        shop_id = text(me.get("shop_id"))
        if not shop_id:
            raise ShopError("This Etsy account has no shop", kind="refused")
        values = (yield Call("GET", f"{_API}/shops/{quote(shop_id, safe='')}")).mapping()
        return ShopFacts(
            external_id=shop_id,
            name=text(values.get("shop_name")),
            country=text(values.get("shop_location_country_iso")),
            currency=text(values.get("currency_code")),
        )

    # --- orders -----------------------------------------------------------------------------
    def page(self, shop: Shop, window: Window, cursor: str) -> Talk[Page]:
        is_history = window.by == "created"
        bound, sort = ("created", "created") if is_history else ("last_modified", "updated")
        reached = Reached.read(cursor, window)
        asked = {
            f"min_{bound}": int(reached.since.timestamp()),
            f"max_{bound}": int(window.until.timestamp()),
            "sort_on": sort,
            "sort_order": "asc",
            "limit": _PAGE,
            "offset": reached.skipped,
        }
        params = tuple((name, str(value)) for name, value in asked.items())
        answer = yield Call("GET", _receipts(shop), params=params)
        found = answer.listing("results")
        yield from _add_listings(found)
        times = [reading.moment(row, "created" if is_history else "updated") for row in found]
        after = reached.after(times) if len(found) == _PAGE else ""
        return page_of(found, self.read_order, next=after)

    def order(self, shop: Shop, external_id: str) -> Talk[OrderUpdate | Ignored | None]:
        answer = yield Call("GET", _receipt(shop, external_id), readable=frozenset({404}))
        if answer.status == 404:
            return None
        found = answer.mapping()
        yield from _add_listings([found])
        return self.read_order(found)

    # --- writing back -----------------------------------------------------------------------------
    def write(self, shop: Shop, change: ShopChange) -> Talk[str]:
        if not isinstance(change, ParcelNews):
            raise ShopError("Etsy has no place for this", kind="refused")
        if change.status in _NOT_SENT:
            return "Etsy has no place for this news."
        receipt = _receipt(shop, change.order_id)
        values = (yield Call("GET", receipt)).mapping()
        known = {number_key(text(row.get("tracking_code"))) for row in rows(values, "shipments")}
        if number_key(change.tracking_number) in known:
            return "Etsy has this number already."
        if text(values.get("status")).lower() == "canceled":
            raise ShopError("The order was cancelled on Etsy", kind="refused")
        said = {"tracking_code": change.tracking_number}
        carrier = change.carrier_name or "other"
        answer = yield Call(
            "POST", f"{receipt}/tracking", json={**said, "carrier_name": carrier},
            readable=frozenset({400}),
        )  # fmt: skip
        if answer.status == 400:
            # A carrier that Etsy does not know goes by this name.
            yield Call("POST", f"{receipt}/tracking", json={**said, "carrier_name": "other"})
        return "Etsy has the tracking number and told the buyer."

    def rest(self, answer: Answer, cost: float) -> float:
        """A second where this one is used up; an hour where the day is."""
        if answer.headers.get("x-remaining-today", "").strip() == "0":
            return 3600.0
        return 1.0 if answer.headers.get("x-remaining-this-second", "").strip() == "0" else 0.0


def _said(body: bytes, name: str) -> str:
    try:
        return text(read_object(body).get(name))
    except StoreError:
        return ""


def _tokens(shop: Shop, *asked: tuple[str, str]) -> Talk[dict[str, str]]:
    """PKCE needs no secret here; Etsy's refresh tokens are good once, for 90 days."""
    answer = yield Call(
        "POST", "/v3/public/oauth/token", form=(*asked, ("client_id", shop.app.client_id)),
        plain=True,
    )  # fmt: skip
    values = answer.mapping()
    lasts = seconds(values.get("expires_in")) or 3600.0
    return {
        "access_token": need_text(values, "access_token"),
        "refresh_token": need_text(values, "refresh_token"),
        "expires_at": (shop.now + timedelta(seconds=lasts)).isoformat(),
    }


def _receipts(shop: Shop) -> str:
    return f"{_API}/shops/{quote(shop.name, safe='')}/receipts"


def _receipt(shop: Shop, external_id: str) -> str:
    return f"{_receipts(shop)}/{quote(external_id, safe='')}"


def _add_listings(receipts: Sequence[dict[str, Any]]) -> Talk[None]:
    """Pictures and addresses of what was bought, all in one question."""
    bought = [reading.listing_ids(row) for row in receipts]
    ids = sorted(set().union(*bought))[:_PAGE]
    if not ids:
        return
    answer = yield Call(
        "GET", f"{_API}/listings/batch",
        params=(("listing_ids", ",".join(ids)), ("includes", "Images")),
        readable=frozenset({400, 403, 404}),
    )  # fmt: skip
    if answer.status != 200:
        return
    known = {text(row.get("listing_id")): _listing(row) for row in answer.listing("results")}
    for receipt, mine in zip(receipts, bought, strict=True):
        receipt[reading.LISTINGS] = {one: known[one] for one in mine if one in known}


def _listing(row: Mapping[str, Any]) -> dict[str, str]:
    pictures = mappings(row.get("images"))
    picture = text(pictures[0].get("url_570xN")) if pictures else ""
    return {"url": text(row.get("url")), "image": picture}
