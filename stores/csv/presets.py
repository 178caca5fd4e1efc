"""Marketplaces' own exports, recognised by their headers. Pure.

None of the three marketplaces documents its export's columns publicly: the names below are those
that sellers' public tools read, so each preset is *unproven* against an export of today. A preset
needs only its telling columns; what is named otherwise is left for a person to map.

- Flipkart, Seller Hub → Orders → download: an order is split into order items; ids carry an
  apostrophe. The terms are those of https://seller.flipkart.com/api-docs/order-api-docs/
- Shopee, Seller Centre → My Orders → Export: one row for each item of an order; times are the
  country's own. The terms are those of https://open.shopee.com/
- Naver Smart Store, 발주/발송관리 → 엑셀 다운로드: one row for each product order. The sheet
  has a line of instructions above the headers and a password, so it is saved as CSV by hand.
  The terms are those of https://apicenter.commerce.naver.com/docs/commerce-api/current
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from stores.csv.fields import header_key


@dataclass(frozen=True, slots=True)
class Preset:
    """An export by its headers: those in `telling` must all be there. `country` is where its
    orders go when no column says so; `skips` are columns whose usual reading would be wrong."""

    slug: str
    name: str
    country: str
    currency: str
    telling: tuple[str, ...]
    columns: Mapping[str, str]
    skips: tuple[str, ...] = ()
    proven: bool = False


_ALL: Final = (
    Preset(
        slug="flipkart",
        name="Flipkart",
        country="IN",
        currency="INR",
        telling=("ORDER ITEM ID", "Order Id", "Dispatch by date"),
        columns={
            "Order Id": "order_number",
            "ORDER ITEM ID": "item_id",
            "Ordered On": "placed_at",
            "Order State": "store_status",
            "SKU": "item_sku",
            "Product": "item_title",
            "Quantity": "item_quantity",
            "Selling Price Per Item": "item_price",
            "Buyer name": "customer_name",
            "Ship to name": "recipient_name",
            "Address Line 1": "line1",
            "Address Line 2": "line2",
            "City": "city",
            "State": "region",
            "PIN Code": "postcode",
            "Tracking ID": "tracking_number",
        },
        # An invoice is for one item, so its amount is not the order's.
        skips=("Order Type", "Shipment ID", "Dispatch by date", "FSN", "Invoice Amount"),
    ),
    Preset(
        slug="shopee",
        name="Shopee",
        country="",
        currency="",
        telling=("Order ID", "Order Status", "Username (Buyer)", "Order Creation Date"),
        columns={
            "Order ID": "order_number",
            "Order Status": "store_status",
            "Tracking Number*": "tracking_number",
            "Tracking Number": "tracking_number",
            "Shipping Option": "service",
            "Ship Time": "shipped_at",
            "Order Creation Date": "placed_at",
            "Product Name": "item_title",
            "Variation Name": "item_variant",
            "SKU Reference No.": "item_sku",
            "Deal Price": "item_price",
            "Quantity": "item_quantity",
            "Grand Total": "total",
            "Payment Method": "payment_method",
            "Username (Buyer)": "customer_name",
            "Receiver Name": "recipient_name",
            "Phone Number": "recipient_phone",
            "Delivery Address": "line1",
            "District": "district",
            "City": "city",
            "Province": "region",
            "Country": "country",
            "Zip Code": "postcode",
        },
        skips=("Parent SKU Reference No.", "Original Price", "Town"),
    ),
    Preset(
        slug="naver",
        name="Naver Smart Store",
        country="KR",
        currency="KRW",
        telling=("상품주문번호", "주문번호", "수취인명"),
        columns={
            "주문번호": "order_number",
            "상품주문번호": "item_id",
            "주문일시": "placed_at",
            "주문상태": "store_status",
            "구매자명": "customer_name",
            "구매자연락처": "customer_phone",
            "수취인명": "recipient_name",
            "수취인연락처1": "recipient_phone",
            "통합배송지": "line1",
            "기본배송지": "line1",
            "배송지": "line1",
            "상세배송지": "line2",
            "우편번호": "postcode",
            "상품명": "item_title",
            "옵션정보": "item_variant",
            "옵션관리코드": "item_sku",
            "수량": "item_quantity",
            "상품가격": "item_price",
            "결제수단": "payment_method",
            "택배사": "carrier",
            "송장번호": "tracking_number",
            "발송일": "shipped_at",
        },
        skips=("결제일", "상품번호", "구매자ID", "수취인연락처2"),
    ),
)  # fmt: skip

PRESETS: Final = {preset.slug: preset for preset in _ALL}


def find_preset(headers: Iterable[str]) -> Preset | None:
    """The export that these headers are of; None for anybody's own sheet."""
    known = {header_key(header) for header in headers}
    return next(
        (preset for preset in _ALL if all(header_key(name) in known for name in preset.telling)),
        None,
    )
