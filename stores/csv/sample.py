"""A file to begin with: every usual column, two orders, one of them in two parcels. Pure."""

from __future__ import annotations

from typing import Final

_ENGLISH: Final = (
    ("Order number", "Order date", "Customer name", "Email", "Phone", "Language", "Address",
     "Landmark", "City", "Country", "Product", "SKU", "Quantity", "Price", "Total", "Currency",
     "Payment method", "COD amount", "Carrier", "Tracking number"),
    ("1001", "2026-11-25 14:30", "Sara Al Mansoori", "sara@shopper.example", "+971501234567", "en",
     "Villa 14, Street 22, Jumeirah 1", "Opposite the pharmacy", "Dubai", "United Arab Emirates",
     "Brass lamp", "LAMP-1", "1", "149.00", "209.00", "AED", "Cash on delivery", "209.00", "Aramex",
     "3456789012"),
    ("1001", "", "", "", "", "", "", "", "", "", "Oud candle", "OUD-3", "2", "30.00", "", "", "",
     "", "SMSA", "290000123456"),
    ("1002", "2026-11-26 09:05", "Omar Haddad", "omar@shopper.example", "+966551234567", "ar",
     "King Fahd Road 3", "", "Riyadh", "Saudi Arabia", "Stoneware mug", "MUG-2", "4", "20.00",
     "80.00", "SAR", "Card", "", "", ""),
)  # fmt: skip
_ARABIC: Final = (
    ("رقم الطلب", "تاريخ الطلب", "اسم العميل", "البريد الإلكتروني", "رقم الجوال", "اللغة",
     "العنوان", "أقرب معلم", "المدينة", "الدولة", "اسم المنتج", "رمز المنتج", "الكمية", "السعر",
     "الإجمالي",
     "العملة", "طريقة الدفع", "مبلغ التحصيل", "شركة الشحن", "رقم التتبع"),
    ("1001", "2026-11-25 14:30", "سارة المنصوري", "sara@shopper.example", "+971501234567", "ar",
     "فيلا 14، شارع 22، جميرا 1", "مقابل الصيدلية", "دبي", "الإمارات العربية المتحدة",
     "مصباح نحاسي", "LAMP-1", "1", "149.00", "209.00", "AED", "الدفع عند الاستلام", "209.00",
     "أرامكس", "3456789012"),
    ("1001", "", "", "", "", "", "", "", "", "", "شمعة عود", "OUD-3", "2", "30.00", "", "", "", "",
     "سمسا", "290000123456"),
    ("1002", "2026-11-26 09:05", "عمر حداد", "omar@shopper.example", "+966551234567", "ar",
     "طريق الملك فهد 3", "", "الرياض", "المملكة العربية السعودية", "كوب خزفي", "MUG-2", "4",
     "20.00", "80.00", "SAR", "بطاقة", "", "", ""),
)  # fmt: skip

#: Header and rows by language.
SAMPLE_ROWS: Final = {"en": _ENGLISH, "ar": _ARABIC}
