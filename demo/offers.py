"""What the demonstration's shops offer on their customers' pages: a promotion each, their goods."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.conf import settings

from demo.shop.goods import goods_of
from merchants.models import Merchant
from selling.catalogue import Listed, put
from selling.keys import product_key
from selling.models import Product, Promotion
from selling.promoting import Draft, make

#: (English, Arabic) heading, text and button of the shop's own offer.
_OFFERS: Final = {
    "noor": (
        ("Warm light for longer evenings", "ضوء دافئ لأمسيات أطول"),
        ("Candles and lamps that go with what you have.", "شموع ومصابيح تنسجم مع ما لديك."),
        ("See the lamps", "إلى المصابيح"),
    ),
    "kestrel": (
        ("Boots last longer when they are fed", "عناية بسيطة تطيل عمر الحذاء"),
        ("Balm, socks and laces for a long winter.", "بلسم وجوارب وأربطة لشتاء طويل."),
        ("See what keeps them well", "إلى مستلزمات العناية"),
    ),
}
#: What lasts how many days, and what goes with what; by the goods' slugs.
_LASTS: Final = {"oud-candle": 60}
_GOES_WITH: Final = {
    "brass-lamp": ("oud-candle", "cotton-throw"),
    "oud-candle": ("brass-lamp", "ceramic-vase"),
    "ceramic-vase": ("oud-candle",),
    "cotton-throw": ("brass-lamp",),
    "field-boots": ("wool-scarf", "canvas-holdall"),
    "waxed-jacket": ("wool-scarf",),
    "wool-scarf": ("waxed-jacket",),
}


def fill(merchant: Merchant, *, base_url: str, now: datetime) -> None:
    """Make them once; what a visitor changes stays. In the merchant's scope."""
    if merchant.slug not in _OFFERS or Product.objects.exists() or Promotion.objects.exists():
        return
    shop = f"{base_url}/demo/shop/{merchant.slug}/"
    goods = {one.slug: one for one in goods_of(merchant.slug, merchant.currency)}
    keys = {slug: product_key(sku="", title=one.name("en")) for slug, one in goods.items()}
    others = [code for code in merchant.languages if code != "en"]
    listed = [
        Listed(
            title=one.name("en"),
            titles={code: one.names[code] for code in others if code in one.names},
            url=f"{shop}goods/{slug}/",
            image_url=f"{base_url}{settings.STATIC_URL}{one.drawing}",
            price=one.price,
            currency=merchant.currency,
            lasts_days=_LASTS.get(slug),
            goes_with=tuple(keys[other] for other in _GOES_WITH.get(slug, ()) if other in keys),
        )
        for slug, one in goods.items()
    ]
    put(merchant=merchant, listed=listed, now=now)
    for draft in (Draft("runs_out"), Draft("goes_with"), _own(merchant, shop)):
        make(merchant=merchant, draft=draft, now=now)


def _own(merchant: Merchant, shop: str) -> Draft:
    english, arabic = (
        dict(zip(("title", "text", "button"), words, strict=True))
        for words in zip(*_OFFERS[merchant.slug], strict=True)
    )
    translations = {"ar": arabic} if "ar" in merchant.languages else {}
    return Draft(
        "offer",
        title=english["title"],
        text=english["text"],
        button=english["button"],
        translations=translations,
        url=shop,
    )
