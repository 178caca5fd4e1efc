"""Noon, and Namshi through it: orders that a seller's own warehouse fulfils (FBPI).

https://noon-docs.noonpartners.dev/docs/api-reference/fbpi/fbpi-service-list-fbpi-orders (pages of
50 by time of creation), …/fbpi-service-get-fbpi-order, …/fbpi-service-get-fbpi-order-customer-data
(name and city in Latin letters, no street and no phone), and
https://noon-docs.noonpartners.dev/docs/fbpi/guides/webhook-order-data (events name an order).

A key file of an API user signs the log-in; the session's cookies are good for 30 days. Air waybills
can be asked for only by the number that the seller's system gave a shipment: parcels come another
way (a file, the API). An event carries headers that the seller chose when adding our address, and
is signed by nothing else. Orders fulfilled by Noon, and those of sellers without an integration
warehouse, are not to be had: they come as a file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Final

from carriers.base import Proven
from carriers.shapes import text
from lib.signing import new_token
from lib.web_tokens import signed_rs256
from stores.base import Headers, Limits, Secret, Store, StoreError, Way
from stores.payload import amount, country_of, instant, need_text, part, read_object, rows
from stores.shop import Page, Shop, ShopFacts, Window, page_of
from stores.talk import Answer, Call, ShopError, Talk
from stores.vocabulary import Address, Fetch, Ignored, Item, OrderUpdate, Person, Reading

_EVENT: Final = "FBPI::ORDER_SYNC"
#: Noon refuses requests that do not say whose they are.
_AGENT: Final = {"user-agent": "Homeward/1.0", "accept": "application/json"}
_SESSION: Final = timedelta(days=29)
#: No list can be asked by time of change: the sweep that passes a quarter of the day looks at the
#: state of orders so old.
_RECENT: Final = timedelta(days=14)
_QUARTER: Final = 6 * 3600
_WAREHOUSE: Final = re.compile(r"[A-Z0-9_-]{3,40}")
#: Between cookies that came in several headers; a comma in a date has no "=" behind it.
_COOKIES: Final = re.compile(r",\s*(?=[^;,=\s]+=)")


class Noon(Store):
    slug: ClassVar[str] = "noon"
    name: ClassVar[str] = "noon"
    documentation: ClassVar[str] = "https://noon-docs.noonpartners.dev/docs/fbpi/setup/order-flow"
    proven: ClassVar[Proven] = "documented"
    ways: ClassVar[tuple[Way, ...]] = ("keys",)
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("key_file", "Key file of the API user"),
        Secret("secret", "Value of the header X-Homeward-Key", made_by_us=True),
    )
    shop_label: ClassVar[str] = "Warehouse code"
    shop_example: ClassVar[str] = "W00012345AE"
    api_url: ClassVar[str] = "https://noon-api-gateway.noon.partners"
    limits: ClassVar[Limits] = Limits(per_second=1.0)

    topics: ClassVar[tuple[str, ...]] = (_EVENT,)
    signature_header: ClassVar[str] = "x-homeward-key"
    has_api: ClassVar[bool] = True
    usual_statuses: ClassVar[Mapping[str, str]] = {"acknowledged": "confirmed"}
    may_message_buyers: ClassVar[bool] = False

    # --- webhooks ---------------------------------------------------------------------
    def sign(self, body: bytes, secret: str) -> str:
        """The header's value, as the seller entered it at Noon."""
        return secret

    def topic(self, headers: Headers, body: bytes = b"") -> str:
        return text(_event(body).get("event_type"))[:60]

    def unique_key(self, *, headers: Headers, body: bytes) -> str:
        given = text(part(_event(body), "metadata").get("message_id"))
        return given if 0 < len(given) <= 100 else super().unique_key(headers=headers, body=body)

    def read(self, topic: str, body: bytes) -> Reading:
        if topic != _EVENT:
            return Ignored(f"We do not need the topic {topic or '(none)'}.")
        return Fetch(need_text(part(read_object(body), "payload"), "order_nr"))

    def read_order(self, values: Mapping[str, Any]) -> OrderUpdate | Ignored:
        """An order as Noon lists it; `customer` beside it where it was asked for."""
        lines = rows(values, "items")
        customer = part(values, "customer")
        person = Person(name=_name(customer))
        country = country_of(values.get("customer_country_code"), values.get("mp_country_code"))
        where = Address(
            country=country,
            name=person.name,
            city=text(customer.get("city")),
            region=text(customer.get("administrative_division")),
        )
        return OrderUpdate(
            external_id=need_text(values, "fbpi_order_nr"),
            number=text(values.get("mp_order_nr")),
            placed_at=instant(values.get("order_created_at"), utc=True),
            customer=person,
            destination=where if country else None,
            items=tuple(_item(row) for row in lines),
            currency=text(values.get("currency_code")).upper()[:3],
            shop_status=_status(lines),
        )

    # --- connecting -------------------------------------------------------------------
    def shop_name(self, typed: str) -> str:
        code = typed.strip().upper()
        if not _WAREHOUSE.fullmatch(code):
            raise StoreError("A warehouse at noon is known by a code such as W00012345AE.")
        return code

    def authorization(self, shop: Shop) -> Mapping[str, str]:
        return {**_AGENT, "cookie": shop.credentials.get("access_token", "")}

    def is_expiring(self, shop: Shop) -> bool:
        until = instant(shop.credentials.get("expires_at"))
        return until is None or until <= shop.now

    def can_renew(self, shop: Shop) -> bool:
        return bool(shop.credentials.get("key_file"))

    def refresh(self, shop: Shop) -> Talk[dict[str, str]]:
        """Log in: a token signed with the seller's key, against cookies."""
        key_id, key, project = _key_file(shop)
        claims = {"sub": key_id, "iat": int(shop.now.timestamp()), "jti": new_token()}
        try:
            token = signed_rs256(claims, key)
        except ValueError as error:
            raise ShopError("The key file’s private key cannot be read", kind="credentials",
                            ) from error  # fmt: skip
        answer = yield Call(
            "POST",
            "/identity/public/v1/api/login",
            json={"token": token, "default_project_code": project},
            headers=_AGENT,
            plain=True,
        )
        cookies = _cookies(answer)
        if not cookies:
            raise ShopError("noon let us in, and gave no session", kind="unreadable")
        until = (shop.now + _SESSION).isoformat()
        return {**shop.credentials, "access_token": cookies, "expires_at": until}

    def look(self, shop: Shop) -> Talk[ShopFacts]:
        """Noon names no cheaper question that also proves the warehouse."""
        yield _list(shop, shop.now - timedelta(minutes=1), shop.now, "")
        return ShopFacts(external_id=shop.name)

    # --- orders -------------------------------------------------------------------------
    def page(self, shop: Shop, window: Window, cursor: str) -> Talk[Page]:
        is_deep = window.by == "updated" and _passes_a_quarter(window)
        since = window.since - _RECENT if is_deep else window.since
        answer = yield _list(shop, since, window.until, cursor)
        new: list[Mapping[str, Any]] = []
        known: list[Mapping[str, Any]] = []
        for row in answer.listing("orders"):
            at = instant(row.get("order_created_at"), utc=True)
            if at is None or window.since <= at:
                customer = yield from _customer(text(row.get("fbpi_order_nr")))
                new.append({**row, "customer": customer})
            else:
                known.append(row)
        found, again = page_of(new, self.read_order), page_of(known, self.read_order)
        ended = [one for row in (*new, *known) if (one := _ended(row, shop.now)) is not None]
        return Page(
            (*found.orders, *again.orders, *ended),
            found.unread + again.unread,
            text(answer.mapping().get("next_token")),
        )

    def order(self, shop: Shop, external_id: str) -> Talk[OrderUpdate | Ignored | None]:
        path = f"/fbpi/v1/fbpi-order/{external_id}/get"
        answer = yield Call("GET", path, readable=frozenset({404}))
        if answer.status == 404:
            return None
        values = {**answer.mapping(), "customer": (yield from _customer(external_id))}
        found = self.read_order(values)
        ended = _ended(values, shop.now)
        if ended is not None and isinstance(found, OrderUpdate):
            return replace(found, cancelled_at=ended.cancelled_at)
        return found

    def refusal(self, answer: Answer) -> ShopError | None:
        """Noon's envelope of an error, also where the status is good."""
        if answer.status >= 300 or b'"error"' not in answer.body:
            return None
        try:
            error = part(answer.mapping(), "error")
        except ShopError:
            return None
        words = text(error.get("message")) or text(error.get("code"))
        return ShopError(f"noon says: {words[:250]}", kind="refused") if words else None


def _passes_a_quarter(window: Window) -> bool:
    first, last = window.since.timestamp(), window.until.timestamp()
    return first // _QUARTER != last // _QUARTER


def _list(shop: Shop, since: datetime, until: datetime, cursor: str) -> Call:
    return Call(
        "POST",
        "/fbpi/v1/fbpi-orders/list",
        params=(("next_token", cursor),) if cursor else (),
        json={
            "warehouse_code": shop.name,
            "created_after": _stamp(since),
            "created_before": _stamp(until),
        },
    )


def _customer(order_id: str) -> Talk[Mapping[str, Any]]:
    """Who bought it; nothing where noon does not say (an order that is over)."""
    path = f"/fbpi/v1/fbpi-order/{order_id}/customer-details/get"
    answer = yield Call("GET", path, readable=frozenset({400, 403, 404}))
    return answer.mapping() if answer.status < 300 else {}


def _ended(values: Mapping[str, Any], now: datetime) -> OrderUpdate | None:
    """Every item was cancelled; noon does not say when. The first time we saw it stays."""
    lines = rows(values, "items")
    if not lines or not all(_is_cancelled(row) for row in lines):
        return None
    number = text(values.get("fbpi_order_nr"))
    return OrderUpdate(number, text(values.get("mp_order_nr")), cancelled_at=now, partial=True)


def _is_cancelled(row: Mapping[str, Any]) -> bool:
    return _word(row.get("mp_status")) == "cancelled"


def _item(row: Mapping[str, Any]) -> Item:
    """One piece; a cancelled one was taken off the order. Noon names it by the seller's SKU."""
    sku = text(row.get("partner_sku"))
    return Item(
        title=sku,
        quantity=0 if _is_cancelled(row) else 1,
        external_id=text(row.get("mp_item_nr")),
        sku=sku,
        price=amount(row.get("delivered_invoice_price")),
    )


def _status(lines: list[Mapping[str, Any]]) -> str:
    """What all pieces that are still wanted have in common; nothing where they differ."""
    words = {_word(row.get("integration_status")) for row in lines if not _is_cancelled(row)}
    return words.pop() if len(words) == 1 else ""


def _word(value: object) -> str:
    """`INTEGRATION_ITEM_STATUS_SHIPPED` as "shipped"; "unspecified" is nothing said."""
    word = text(value).upper().rpartition("ITEM_STATUS_")[2].lower()
    return "" if word == "unspecified" else word


def _name(customer: Mapping[str, Any]) -> str:
    return f"{text(customer.get('first_name'))} {text(customer.get('last_name'))}".strip()


def _event(body: bytes) -> Mapping[str, Any]:
    try:
        return read_object(body)
    except StoreError:
        return {}


def _key_file(shop: Shop) -> tuple[str, str, str]:
    """Key id, private key and project code. Raises ShopError."""
    try:
        said = json.loads(shop.credentials.get("key_file", ""))
    except (ValueError, RecursionError):
        said = None
    values = said if isinstance(said, dict) else {}
    found = (
        text(values.get("key_id")),
        text(values.get("private_key")),
        text(values.get("project_code")),
    )
    if not all(found):
        raise ShopError("The key file holds no key of an API user", kind="credentials")
    return found


def _cookies(answer: Answer) -> str:
    """`Set-Cookie` headers as one `Cookie` header."""
    pairs = (
        one.partition(";")[0].strip()
        for one in _COOKIES.split(answer.headers.get("set-cookie", ""))
    )
    return "; ".join(pair for pair in pairs if "=" in pair)


def _stamp(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
