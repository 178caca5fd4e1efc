"""What the demonstration's shops sell: names, prices, drawings. Pure data."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final


@dataclass(frozen=True, slots=True)
class Product:
    """One thing to buy. Names and stories by language; the drawing is `img/shop/<slug>.svg`."""

    slug: str
    price: Decimal
    names: dict[str, str]
    stories: dict[str, str]

    @property
    def drawing(self) -> str:
        """Path of the drawing below the static files' root."""
        return f"img/shop/{self.slug}.svg"

    def name(self, language: str) -> str:
        return self.names.get(language) or self.names["en"]

    def story(self, language: str) -> str:
        return self.stories.get(language) or self.stories["en"]


def _product(slug: str, price: str, name: tuple[str, str], story: tuple[str, str]) -> Product:
    """`name` and `story` in English and Arabic."""
    return Product(
        slug=slug,
        price=Decimal(price),
        names=dict(zip(("en", "ar"), name, strict=True)),
        stories=dict(zip(("en", "ar"), story, strict=True)),
    )


_NOOR: Final = (
    _product(
        "brass-lamp", "349.00",
        ("Brass table lamp", "مصباح طاولة نحاسي"),
        ("Spun brass and a linen shade. Warm light for a quiet corner, with a dimmer on the cord.",
         "نحاس مشكّل وغطاء من الكتان. ضوء دافئ لركن هادئ، مع مفتاح لتخفيف الإضاءة على السلك."),
    ),
    _product(
        "oud-candle", "95.00",
        ("Oud candle", "شمعة العود"),
        ("Oud, amber and a little smoke, poured by hand. Burns for about forty hours.",
         "عود وعنبر ولمسة من الدخان، مصبوبة يدويًا. تدوم نحو أربعين ساعة."),
    ),
    _product(
        "ceramic-vase", "189.00",
        ("Ceramic vase, tall", "مزهرية خزفية طويلة"),
        ("Thrown in one piece and left unglazed outside, so that it keeps the colour of sand.",
         "مشكّلة قطعة واحدة، وسطحها الخارجي بلا طلاء ليحتفظ بلون الرمل."),
    ),
    _product(
        "cotton-throw", "140.00",
        ("Cotton throw", "غطاء قطني"),
        ("Woven cotton with a knotted fringe. Light enough for an evening on the balcony.",
         "قطن منسوج بأهداب معقودة، خفيف لأمسية على الشرفة."),
    ),
)  # fmt: skip

_KESTREL: Final = (
    _product(
        "field-boots", "189.00",
        ("Field boots", "حذاء للمشي"),
        ("Oiled leather on a stitched sole that any cobbler can renew.",
         "جلد مزيّت ونعل مخيط يمكن لأي إسكافي تجديده."),
    ),
    _product(
        "waxed-jacket", "240.00",
        ("Waxed jacket, moss", "سترة مشمّعة بلون الطحلب"),
        ("Waxed cotton, deep pockets, a corduroy collar. Rain runs off it for years.",
         "قطن مشمّع وجيوب عميقة وياقة مخملية. يتحمل المطر لسنوات."),
    ),
    _product(
        "canvas-holdall", "160.00",
        ("Canvas holdall", "حقيبة سفر من القماش"),
        ("Three days’ worth of clothes, one shoulder strap, no wheels.",
         "تتسع لملابس ثلاثة أيام، بحزام كتف واحد ومن دون عجلات."),
    ),
    _product(
        "wool-scarf", "55.00",
        ("Wool scarf", "وشاح صوفي"),
        ("Lambswool from the Borders, woven wide enough to be a blanket on the train.",
         "صوف حملان من جنوب اسكتلندا، عريض بما يكفي ليكون غطاءً في القطار."),
    ),
)  # fmt: skip

#: For a merchant that signed up a moment ago: prices for a currency like the dollar.
_EVERYDAY: Final = (
    _product(
        "stoneware-mug", "24.00",
        ("Stoneware mug", "كوب خزفي"),
        ("Holds a generous coffee and keeps it warm. Speckled glaze, no two alike.",
         "يتسع لقهوة وفيرة ويحفظ دفئها. طلاء مرقّط، ولا يتشابه كوبان."),
    ),
    _product(
        "tote-bag", "32.00",
        ("Canvas tote", "حقيبة قماشية"),
        ("Heavy cotton, long handles, one inside pocket for the keys.",
         "قطن متين ومقبضان طويلان وجيب داخلي للمفاتيح."),
    ),
    _product(
        "notebook", "18.00",
        ("Thread-bound notebook", "دفتر مخيط"),
        ("Opens flat, takes ink well, and has a ribbon to find the page again.",
         "ينفتح مسطحًا ويناسب الحبر، وفيه شريط للعودة إلى الصفحة."),
    ),
)  # fmt: skip

_BY_SHOP: Final = {"noor": ("AED", _NOOR), "kestrel": ("GBP", _KESTREL)}

#: What a dollar's worth is about, so that prices look like prices; not a rate of exchange.
_LEVELS: Final = {
    "AED": "4", "SAR": "4", "QAR": "4", "KWD": "0.3", "BHD": "0.4", "OMR": "0.4", "JOD": "0.7",
    "EGP": "50", "INR": "80", "JPY": "150", "KRW": "1400", "CNY": "7", "TRY": "40", "SEK": "10",
}  # fmt: skip


def goods_of(slug: str, currency: str) -> tuple[Product, ...]:
    """What the shop of this merchant sells, with prices in its currency."""
    own_currency, own = _BY_SHOP.get(slug, ("", ()))
    if own and own_currency == currency:
        return own
    level = Decimal(_LEVELS.get(currency, "1"))
    return tuple(
        Product(
            product.slug,
            (product.price * level).quantize(Decimal("0.1")),
            product.names,
            product.stories,
        )
        for product in own or _EVERYDAY
    )
