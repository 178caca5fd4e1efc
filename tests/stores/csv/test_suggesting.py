"""Columns are recognised by name, by what they hold, by the export, and from last time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from merchants.models import Merchant
from merchants.scope import merchant_scope
from stores.csv.drafts import decide, understand
from stores.csv.suggesting import suggest
from stores.csv.survey import survey
from stores.csv.uploads import keep
from tests.factories import NOW
from tests.stores.csv.files import draft, settings_of
from tests.stores.csv.test_values import SETTINGS

FLIPKART = """Ordered On,Shipment ID,ORDER ITEM ID,Order Id,Order State,Order Type,FSN,SKU,Product,Invoice Amount,Quantity,Buyer name,Ship to name,Address Line 1,City,State,PIN Code,Dispatch by date,Tracking ID
"Nov 02, 2026 10:15:00",S1,'11223344556677,'OD430000000000000001,APPROVED,prepaid,MUGX,MUG-1,Stoneware mug,599,1,Priya Raman,Priya Raman,12 Lake Road,Mumbai,Maharashtra,400001,"Nov 04, 2026",FMPC0000000001
"""  # noqa: E501
SHOPEE = """Order ID,Order Status,Tracking Number*,Shipping Option,Order Creation Date,Product Name,SKU Reference No.,Variation Name,Deal Price,Quantity,Grand Total,Username (Buyer),Receiver Name,Phone Number,Delivery Address,City,Province,Country,Zip Code
261102ABCDEF1,To ship,SPXID0000000001,Standard,2026-11-02 09:00,Tote bag,TOTE,Blue,120,2,240,lina_h,Lina H,+60123456789,12 Jalan Satu,Kuala Lumpur,WP,MY,50000
"""  # noqa: E501
NAVER = """다운로드 받은 파일은 본인의 책임하에 관리하세요
상품주문번호,주문번호,택배사,송장번호,주문일시,주문상태,구매자명,수취인명,상품명,옵션정보,수량,상품가격,수취인연락처1,통합배송지,우편번호,구매자연락처
2026110200000001,2026110200000010,CJ대한통운,650012345678,2026.11.02 10:20,발송대기,김서연,박지훈,머그컵,색상: 파랑,2,12000,010-1234-5678,서울특별시 중구 세종대로 1,04524,010-8765-4321
"""  # noqa: E501


def named(body: str) -> dict[str, str]:
    """Header → field of a file with UTF-8 headers."""
    found = survey(lambda: [body.encode()])
    columns, _ = suggest(found, SETTINGS)
    return {found.headers[column]: key for column, key in columns.items()}


def test_english_and_arabic_headers_are_known() -> None:
    assert named("Order No.,E-mail,AWB Number\n1,a@b.example,3456789012\n") == {
        "Order No.": "order_number", "E-mail": "customer_email", "AWB Number": "tracking_number",
    }  # fmt: skip
    assert named("رقم الطلب,اسم العميل,رقم الجوال,أقرب معلم\n1,سارة,0501234567,مسجد\n") == {
        "رقم الطلب": "order_number", "اسم العميل": "customer_name",
        "رقم الجوال": "customer_phone", "أقرب معلم": "landmark",
    }  # fmt: skip


def test_unknown_headers_are_told_by_what_they_hold() -> None:
    body = "Order,A,B,C,D\n1,sara@x.example,1Z999AA10123456784,+971 50 123 4567,Saudi Arabia\n"
    assert named(body) == {
        "Order": "order_number", "A": "customer_email", "B": "tracking_number",
        "C": "customer_phone", "D": "country",
    }  # fmt: skip


def test_name_is_a_person_unless_it_holds_numbers() -> None:
    assert named("Order,Name\n1,Sara\n")["Name"] == "customer_name"
    assert named("Name,Email\n#1001,a@b.example\n")["Name"] == "order_number"


@pytest.mark.parametrize(
    ("body", "slug", "fields"),
    [
        (FLIPKART, "flipkart", {"order_number", "item_id", "postcode", "tracking_number"}),
        (SHOPEE, "shopee", {"order_number", "tracking_number", "recipient_name", "item_variant"}),
        (NAVER, "naver", {"order_number", "item_id", "carrier", "recipient_phone"}),
    ],
)
def test_export_of_a_marketplace_is_recognised(body: str, slug: str, fields: set[str]) -> None:
    found = survey(lambda: [body.encode()])
    columns, preset = suggest(found, SETTINGS)
    assert preset is not None
    assert (preset.slug, preset.proven) == (slug, False)
    assert fields <= set(columns.values())


def test_mapping_is_remembered_by_the_set_of_headers(merchant: Merchant) -> None:
    job = draft(merchant, b"Order,Odd,Code\n1,x,y\n", country="SA")
    with merchant_scope(merchant.pk):
        decide(job, replace(settings_of(job), columns={0: "order_number", 2: "item_sku"}))
        second = keep(
            merchant=merchant, user=None, file_name="b.csv", chunks=[b"Code;Order;Odd\ny;2;x\n"]
        )
        settings = understand(second, merchant=merchant, now=NOW)
    assert settings.columns == {0: "item_sku", 1: "order_number"}
    assert settings.country == "SA"


def test_another_merchants_mapping_is_not_used(merchant: Merchant, other: Merchant) -> None:
    job = draft(other, b"Order,Odd\n1,x\n", columns={0: "order_number", 1: "landmark"})
    assert settings_of(job).columns[1] == "landmark"
    assert settings_of(draft(merchant, b"Order,Odd\n1,x\n")).columns == {0: "order_number"}


def test_order_of_days_is_told_by_the_whole_column(merchant: Merchant) -> None:
    body = "Order,Date\n" + "1,03/04/2026\n" * 500 + "2,25/04/2026\n"
    assert settings_of(draft(merchant, body.encode())).day_first is True
    assert settings_of(draft(merchant, b"Order,Date\n1,03/04/2026\n")).day_first is None
