"""What is said at Amazon: that a parcel of the merchant's own left, once.

https://developer-docs.amazon.com/sp-api/reference/confirmshipment (Orders API v0; the newer version
has no such call). Amazon then charges the buyer and tells them, so that nothing is said unless the
merchant wants it, and nothing that Amazon has already.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from carriers.shapes import mappings, text
from lib.folding import number_key
from lib.vocabulary import PHYSICAL, Status
from stores.payload import part, pieces, rows
from stores.providers.amazon_markets import Market
from stores.providers.amazon_orders import is_amazons, status_of
from stores.shop import ParcelNews
from stores.talk import Answer, Call, ShopError, Talk

NO: Final = frozenset({400, 403, 404, 413, 415})
#: Amazon's codes of carriers; another one is "Other", with its name.
_CARRIERS: Final = {
    "aramex": "Aramex",
    "bluedart": "BlueDart",
    "delhivery": "Delhivery",
    "dhl_express": "DHL",
    "dhl_universal": "DHL",
    "dpd": "DPD",
    "dtdc": "DTDC",
    "evri": "Evri",
    "fedex": "FedEx",
    "gls": "GLS",
    "india_post": "India Post",
    "royalmail": "Royal Mail",
    "smsa": "SMSA",
    "ups": "UPS",
    "usps": "USPS",
    "yodel": "Yodel",
}
_AWAITED: Final = frozenset({"unshipped", "partially_shipped"})


def confirm(values: Mapping[str, Any], news: ParcelNews, market: Market) -> Talk[str]:
    """Confirm the parcel of this order (`values` as Amazon has it now) with all that Amazon still
    waits for: which piece is in which parcel is not said. Raises ShopError("refused")."""
    if Status(news.status) not in PHYSICAL:
        return "The parcel has not left yet."
    if is_amazons(values):
        raise ShopError("Amazon sends this order itself", kind="refused")
    packages = mappings(values.get("packages"))
    key = number_key(news.tracking_number)
    if key in {number_key(text(row.get("trackingNumber"))) for row in packages}:
        return "Amazon has this parcel already."
    lines = _unshipped(values)
    if status_of(values) not in _AWAITED or not lines:
        raise ShopError("Amazon waits for no parcel of this order", kind="refused")
    code = _CARRIERS.get(news.carrier, "Other")
    detail: dict[str, Any] = {
        "packageReferenceId": str(len(packages) + 1),
        "carrierCode": code,
        "trackingNumber": news.tracking_number,
        "shipDate": news.at.isoformat(),
        "orderItems": lines,
    }
    if code == "Other":
        detail["carrierName"] = news.carrier_name or "Other"
    answer = yield Call(
        "POST",
        f"/orders/v0/orders/{news.order_id}/shipmentConfirmation",
        json={"marketplaceId": market.market_id, "packageDetail": detail},
        readable=NO,
    )
    if answer.status in NO:
        raise refused(answer)
    return "Amazon has the parcel."


def refused(answer: Answer) -> ShopError:
    """Amazon's own words."""
    try:
        errors = mappings(answer.mapping().get("errors"))
    except ShopError:
        errors = []
    said = text(errors[0].get("message")) if errors else ""
    words = f"Amazon says: {said[:250]}" if said else f"Amazon says no ({answer.status})"
    return ShopError(words, kind="refused", http_status=answer.status, raw=answer.body[:20_000])


def _unshipped(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = [
        (text(row.get("orderItemId")), part(row, "fulfillment").get("quantityUnfulfilled"))
        for row in rows(values, "orderItems")
    ]
    return [
        {"orderItemId": line, "quantity": pieces(count)}
        for line, count in found
        if line and count is not None and pieces(count)
    ]
