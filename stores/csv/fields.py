"""What a column can hold, and what shops call it. Pure.

Names are compared folded (`lib.folding`), so case, accents, Arabic letter forms, blanks and
underscores do not matter. English names are those of Shopify's, WooCommerce's and Amazon's order
exports and of couriers' upload sheets in the Gulf; the Korean ones are Naver's and Coupang's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from lib.folding import fold

Kind = Literal[
    "text", "number_text", "email", "phone", "country", "language", "amount", "currency",
    "quantity", "time", "day", "tracking", "carrier", "degrees", "pin", "tags",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a column can hold; `names` are what headers call it."""

    key: str
    group: Literal["order", "customer", "address", "item", "payment", "parcel"]
    kind: Kind
    names: tuple[str, ...]


_ALL: Final = (
    Field("order_number", "order", "number_text", (
        "order number", "order no", "order no.", "order", "order #", "order id", "name", "number",
        "reference", "order reference", "order ref", "رقم الطلب", "الطلب", "رقم الطلبية",
        "주문번호",
    )),
    Field("external_id", "order", "number_text", (
        "external id", "shop order id", "internal id", "id", "order key", "معرف الطلب", "المعرف",
    )),
    Field("placed_at", "order", "time", (
        "placed at", "order date", "date", "created at", "created", "order placed", "ordered on",
        "purchase date", "order creation date", "order time", "date created", "paid at",
        "تاريخ الطلب", "التاريخ", "وقت الطلب", "تاريخ الإنشاء", "주문일시", "주문일", "결제일",
    )),
    Field("store_status", "order", "text", (
        "status", "order status", "order state", "fulfillment status", "state of order",
        "حالة الطلب", "الحالة", "주문상태",
    )),
    Field("promised_first", "order", "day", (
        "promised from", "promised delivery from", "earliest delivery date",
        "delivery promised from", "أول يوم موعود للتوصيل", "الوعد من",
    )),
    Field("promised_last", "order", "day", (
        "promised by", "promised to", "promised date", "promised delivery date", "promise date",
        "promise", "latest delivery date", "delivery promise", "deliver by", "deliver by date",
        "تاريخ التوصيل الموعود", "موعد التوصيل الموعود", "الوعد حتى",
    )),
    Field("language", "order", "language", (
        "language", "locale", "customer language", "اللغة", "لغة العميل",
    )),
    Field("tags", "order", "tags", ("tags", "labels", "وسوم", "الوسوم", "علامات")),
    Field("customer_name", "customer", "text", (
        "customer name", "customer", "buyer name", "buyer", "billing name", "client name",
        "full name", "اسم العميل", "العميل", "اسم المشتري", "اسم الزبون", "구매자명", "주문자명",
    )),
    Field("customer_first_name", "customer", "text", (
        "first name", "customer first name", "billing first name", "الاسم الأول",
    )),
    Field("customer_last_name", "customer", "text", (
        "last name", "customer last name", "billing last name", "surname", "family name",
        "اسم العائلة", "الاسم الأخير",
    )),
    Field("customer_email", "customer", "email", (
        "email", "e mail", "e-mail", "customer email", "buyer email", "billing email",
        "email address", "البريد الإلكتروني", "الإيميل", "البريد", "이메일",
    )),
    Field("customer_phone", "customer", "phone", (
        "phone", "mobile", "telephone", "customer phone", "phone number", "mobile number",
        "buyer phone", "buyer phone number", "billing phone", "contact number", "whatsapp",
        "رقم الجوال", "الجوال", "رقم الهاتف", "الهاتف", "هاتف العميل", "رقم الموبايل", "الموبايل",
        "구매자연락처", "구매자전화번호",
    )),
    Field("recipient_name", "address", "text", (
        "recipient name", "recipient", "receiver name", "receiver", "shipping name", "ship to name",
        "consignee", "consignee name", "deliver to", "اسم المستلم", "المستلم",
        "수취인명", "수취인이름", "받는사람",
    )),
    Field("recipient_phone", "address", "phone", (
        "recipient phone", "receiver phone", "shipping phone", "consignee phone",
        "recipient phone number", "consignee mobile", "ship phone number", "جوال المستلم",
        "هاتف المستلم", "رقم المستلم", "수취인연락처1", "수취인연락처", "수취인전화번호",
    )),
    Field("line1", "address", "text", (
        "address", "address 1", "address line 1", "street", "street address", "shipping address",
        "shipping address1", "shipping address 1", "shipping street", "delivery address",
        "ship address 1", "consignee address", "العنوان", "عنوان الشحن", "عنوان التوصيل", "الشارع",
        "배송지", "통합배송지", "기본배송지", "주소", "수취인 주소",
    )),
    Field("line2", "address", "text", (
        "address 2", "address line 2", "shipping address2", "shipping address 2", "apartment",
        "unit", "ship address 2", "building", "تفاصيل العنوان", "الشقة", "المبنى", "상세배송지",
        "상세주소",
    )),
    Field("landmark", "address", "text", (
        "landmark", "nearest landmark", "near", "علامة مميزة", "أقرب معلم", "معلم قريب", "المعلم",
    )),
    Field("district", "address", "text", (
        "district", "area", "neighborhood", "neighbourhood", "town", "الحي", "المنطقة السكنية",
    )),
    Field("city", "address", "text", (
        "city", "shipping city", "ship city", "destination city", "emirate", "المدينة",
        "مدينة الشحن",
    )),
    Field("region", "address", "text", (
        "region", "state", "province", "shipping province", "shipping state", "ship state",
        "state/province", "المنطقة", "الإمارة", "المحافظة",
    )),
    Field("postcode", "address", "number_text", (
        "postcode", "postal code", "zip", "zip code", "pin code", "pincode", "shipping zip",
        "shipping postcode", "ship postal code", "الرمز البريدي", "우편번호",
    )),
    Field("country", "address", "country", (
        "country", "shipping country", "ship country", "destination country", "country code",
        "الدولة", "البلد", "국가",
    )),
    Field("makani", "address", "number_text", ("makani", "makani number", "مكاني", "رقم مكاني")),
    Field("national_address", "address", "text", (
        "national address", "short address", "saudi national address", "spl address",
        "العنوان الوطني", "العنوان المختصر",
    )),
    Field("pin", "address", "pin", (
        "pin", "location", "coordinates", "gps", "lat lng", "map pin", "الموقع", "الإحداثيات",
    )),
    Field("latitude", "address", "degrees", ("latitude", "lat", "خط العرض")),
    Field("longitude", "address", "degrees", ("longitude", "lng", "lon", "long", "خط الطول")),
    Field("item_title", "item", "text", (
        "item", "item name", "item title", "product", "product name", "product title",
        "lineitem name", "line item", "description", "title", "اسم المنتج", "المنتج", "الصنف",
        "상품명",
    )),
    Field("item_variant", "item", "text", (
        "variant", "variation", "variation name", "option", "options", "الخيار", "النوع",
        "옵션정보",
    )),
    Field("item_sku", "item", "number_text", (
        "sku", "item sku", "product sku", "lineitem sku", "seller sku", "product code", "item code",
        "رمز المنتج", "رقم المنتج", "옵션관리코드", "판매자 상품코드",
    )),
    Field("item_quantity", "item", "quantity", (
        "quantity", "qty", "item quantity", "lineitem quantity", "quantity purchased", "units",
        "pieces", "الكمية", "العدد", "수량",
    )),
    Field("item_price", "item", "amount", (
        "price", "unit price", "item price", "lineitem price", "product price", "سعر المنتج",
        "السعر", "سعر الوحدة", "상품가격",
    )),
    Field("item_id", "item", "number_text", (
        "item id", "line id", "line item id", "order item id", "order-item-id", "معرف الصنف",
        "상품주문번호",
    )),
    Field("total", "payment", "amount", (
        "total", "order total", "grand total", "total amount", "amount", "order amount",
        "total price", "المجموع", "الإجمالي", "إجمالي الطلب", "المبلغ", "총 주문금액",
    )),
    Field("currency", "payment", "currency", ("currency", "currency code", "العملة", "통화")),
    Field("payment_method", "payment", "text", (
        "payment method", "payment", "payment type", "payment gateway", "payment method title",
        "طريقة الدفع", "الدفع", "결제수단",
    )),
    Field("cod_amount", "payment", "amount", (
        "cod amount", "cod", "cash on delivery", "amount to collect", "collect amount", "cod value",
        "cash to collect", "مبلغ الدفع عند الاستلام", "الدفع عند الاستلام", "مبلغ التحصيل",
    )),
    Field("carrier", "parcel", "carrier", (
        "carrier", "courier", "shipping company", "courier name", "shipping carrier",
        "shipping provider", "carrier name", "tracking company", "delivery company",
        "شركة الشحن", "الناقل", "شركة التوصيل", "택배사", "택배사명",
    )),
    Field("tracking_number", "parcel", "tracking", (
        "tracking number", "tracking no", "tracking no.", "tracking", "tracking id", "awb",
        "awb number", "waybill", "waybill number", "tracking code", "consignment number",
        "رقم التتبع", "رقم الشحنة", "رقم البوليصة", "بوليصة الشحن", "송장번호", "운송장번호",
    )),
    Field("service", "parcel", "text", (
        "service", "shipping method", "shipping service", "service level", "delivery option",
        "طريقة الشحن", "خدمة الشحن",
    )),
    Field("shipped_at", "parcel", "time", (
        "shipped at", "ship date", "shipped date", "dispatch date", "shipping date", "fulfilled at",
        "shipped on", "dispatched on", "تاريخ الشحن", "발송일", "발송처리일",
    )),
)  # fmt: skip

FIELDS: Final = {field.key: field for field in _ALL}

#: One of them must be a column, or nothing could be known again.
IDENTIFYING: Final = ("order_number", "external_id")


def header_key(header: str) -> str:
    """A header for comparing: folded, and what joins words is a blank."""
    folded = fold(header).replace("_", " ").replace("-", " ").replace(".", " ")
    return " ".join(folded.split())


#: Folded name → the field it names.
BY_NAME: Final = {header_key(name): field.key for field in _ALL for name in field.names} | {
    header_key(field.key): field.key for field in _ALL
}
