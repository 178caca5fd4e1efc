"""Parts of ShipBob's dialogues: access tokens, our webhook subscription, writing back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qs, quote, urlsplit

from carriers.shapes import text
from stores.payload import need_text, part, seconds
from stores.shop import Hook, Mended, Shop
from stores.talk import Answer, Call, ShopError, Talk
from stores.vocabulary import Address

LOGIN: Final = "https://auth.shipbob.com"
VERSION: Final = "/2026-01"
#: What the schema of version 2026-01 names; the pages about webhooks name the others as well.
#: Scans on the way ("tracking.updated") are left out: the parcel's carrier is asked for those.
SURE: Final = (
    "order.shipped",
    "order.shipment.delivered",
    "order.shipment.exception",
    "order.shipment.on_hold",
    "order.shipment.cancelled",
)
MORE: Final = (
    "order.shipment.address.updated",
    "order.shipment.line_item.added",
    "order.shipment.line_item.removed",
    "order.shipment.line_item.updated",
    "order.shipment.shipping_service.updated",
)


def tokens(shop: Shop, *asked: tuple[str, str]) -> Talk[dict[str, str]]:
    """An access token for an hour, and one to renew it with."""
    ours = (("client_id", shop.app.client_id), ("client_secret", shop.app.client_secret))
    url = f"{shop.api_url or LOGIN}/connect/token"
    values = (yield Call("POST", url, form=(*asked, *ours), plain=True)).mapping()
    lasts = seconds(values.get("expires_in")) or 3600.0
    return {
        "access_token": need_text(values, "access_token"),
        "refresh_token": text(values.get("refresh_token")),
        "expires_at": (shop.now + timedelta(seconds=lasts)).isoformat(),
    }


def spoken(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def order_path(external_id: str) -> str:
    return f"{VERSION}/order/{quote(external_id, safe='')}"


def subscriptions(hook_url: str) -> Talk[list[dict[str, Any]]]:
    """Those at our address, wherever this server stood when they were made."""
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        params = (("RecordsPerPage", "100"), *((("Cursor", cursor),) if cursor else ()))
        answer = yield Call("GET", f"{VERSION}/webhook", params=params)
        found += answer.listing("items")
        cursor = _cursor(text(answer.mapping().get("next")))
        if not cursor:
            break
    path = urlsplit(hook_url).path
    return [row for row in found if urlsplit(text(row.get("url"))).path == path]


def _cursor(after: str) -> str:
    """`next` is a cursor, or the next page's address with the cursor in it."""
    return parse_qs(urlsplit(after).query).get("Cursor", [after])[-1]


def subscribe(hook_url: str) -> Talk[dict[str, Any]]:
    wanted = {"url": hook_url, "description": "Homeward"}
    answer = yield Call(
        "POST", f"{VERSION}/webhook", json={**wanted, "topics": list(SURE + MORE)},
        readable=frozenset({400, 422}),
    )  # fmt: skip
    if answer.status in {400, 422}:
        answer = yield Call("POST", f"{VERSION}/webhook", json={**wanted, "topics": list(SURE)})
    return answer.mapping()


def unsubscribe(row: Mapping[str, Any]) -> Talk[None]:
    path = f"{VERSION}/webhook/{quote(need_text(row, 'id'), safe='')}"
    yield Call("DELETE", path, readable=frozenset({404}))


def topics_of(row: Mapping[str, Any]) -> list[str]:
    listed = row.get("topics")
    return [text(topic) for topic in listed] if isinstance(listed, list) else []


def is_whole(row: Mapping[str, Any], hook_url: str) -> bool:
    """Whether a subscription is as we would make it."""
    return (
        row.get("url") == hook_url
        and row.get("enabled") is not False
        and set(topics_of(row)) >= set(SURE)
    )


def hooks_of(row: Mapping[str, Any], *, mended: Mended = "", secret: str = "") -> tuple[Hook, ...]:
    """One subscription as we keep webhooks: one for each topic."""
    identity = need_text(row, "id")
    return tuple(Hook(topic, identity, mended=mended, secret=secret) for topic in topics_of(row))


def why_made(mine: list[dict[str, Any]], hook_url: str) -> Mended:
    if not mine:
        return "made"
    if all(row.get("url") != hook_url for row in mine):
        return "moved"
    return "switched on" if any(row.get("enabled") is False for row in mine) else "made"


def address_fields(address: Address) -> dict[str, str]:
    """ShipBob has two lines for everything that tells a courier where to go."""
    second = ", ".join(filter(None, (address.line2, address.district, address.landmark)))
    said = {
        "recipient_name": address.name,
        "street_address1": address.line1,
        "street_address2": second,
        "city": address.city,
        "state": address.region,
        "zip_code": address.postcode,
        "country_code": address.country,
        "phone_number": address.phone,
    }
    needed = {"street_address1", "city"}
    return {name: value for name, value in said.items() if value or name in needed}


def check_written(answer: Answer) -> None:
    values = answer.mapping()
    error = part(values, "error") or values
    if answer.status >= 400 or values.get("is_success") is False:
        words = text(error.get("message")) or text(error.get("code")) or "no reason given"
        raise ShopError(f"ShipBob says no: {words[:200]}", kind="refused",
                        http_status=answer.status)  # fmt: skip
