"""Who and what the demonstration shows: two shops, brands, shoppers, parcels. Pure data."""

from __future__ import annotations

from dataclasses import dataclass

PASSWORD = "homeward-demo"  # noqa: S105 - the demonstration listens on this machine only


@dataclass(frozen=True, slots=True)
class Shopper:
    """Somebody who ordered; `language` is what they read."""

    name: str
    email: str
    phone: str
    city: str
    country: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Parcel:
    """One parcel's journey on the sandbox server; `live` steps play while you watch.

    `hub`: who tells about it, where that is not its carrier. An own fleet's scenarios are
    pushed instead (`demo.pushes`).
    """

    carrier: str
    scenario: str
    played_until: str | None = None
    gap_seconds: float = 30.0
    hub: str = ""


@dataclass(frozen=True, slots=True)
class Purchase:
    """One order: (title, quantity, price) lines, its parcels, cash to pay at the door."""

    shopper: Shopper
    items: tuple[tuple[str, int, str], ...]
    parcels: tuple[Parcel, ...] = ()
    cod: str = ""
    #: Made anew at every start, so that something always moves.
    live: bool = False


@dataclass(frozen=True, slots=True)
class Shop:
    """One merchant with everything it needs."""

    slug: str
    name: str
    country: str
    zone: str
    currency: str
    city: str
    languages: tuple[str, ...]
    language: str
    accent: str
    font: str
    radius: int
    tagline: str
    logo: str
    carriers: tuple[str, ...]
    channels: tuple[str, ...]
    platform: str
    shop_domain: str
    support_email: str
    support_phone: str
    first_number: int
    purchases: tuple[Purchase, ...]


def _logo(mark: str, name: str, ink: str, font: str) -> str:
    """A mark with the shop's name beside it."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="40" viewBox="0 0 200 40">'
        f'<g fill="none" stroke="{ink}" stroke-width="2.5" stroke-linecap="round"'
        f' stroke-linejoin="round">{mark}</g><text x="46" y="27" font-size="20"'
        f' font-family="{font}" font-weight="600" fill="{ink}">{name}</text></svg>'
    )


_LAMP = '<path d="M13 8h14l5 13H8z"/><path d="M20 21v11"/><path d="M13 34h14"/><path d="M27 21v5"/>'
_BIRD = (
    '<path d="M5 24c8 2 13-1 16-7 2-5 6-7 11-6l3 3-5 1c0 10-8 17-19 17"/><path d="M12 31l-2 4"/>'
)

SARA = Shopper("سارة المنصوري", "sara@shopper.example", "+971501234567", "Dubai", "AE", "ar")
OMAR = Shopper("Omar Haddad", "omar.haddad@shopper.example", "+971552345678", "Abu Dhabi", "AE")
NOURA = Shopper("نورة القحطاني", "noura@shopper.example", "+966503456789", "Riyadh", "SA", "ar")
FAHAD = Shopper("فهد العتيبي", "fahad@shopper.example", "+966544567890", "Jeddah", "SA", "ar")
PRIYA = Shopper("Priya Nair", "priya.nair@shopper.example", "+971565678901", "Sharjah", "AE")
LAYLA = Shopper("ليلى حسن", "layla@shopper.example", "+971506789012", "Al Ain", "AE", "ar")
ANNA = Shopper("Anna Becker", "anna.becker@shopper.example", "+4915112345678", "Berlin", "DE")
TOM = Shopper("Tom Ashworth", "tom.ashworth@shopper.example", "+447700900123", "Leeds", "GB")
MEGAN = Shopper("Megan Price", "megan.price@shopper.example", "+447700900456", "Cardiff", "GB")
JACK = Shopper("Jack Rivera", "jack.rivera@shopper.example", "+12125550123", "New York", "US")
CLAIRE = Shopper("Claire Dubois", "claire.dubois@shopper.example", "+33612345678", "Lyon", "FR")

NOOR = Shop(
    slug="noor",
    name="Noor Home",
    country="AE",
    zone="Asia/Dubai",
    currency="AED",
    city="Dubai",
    languages=("en", "ar"),
    language="en",
    accent="#0f6b62",
    font="system",
    radius=14,
    tagline="Light for quiet rooms",
    logo=_logo(_LAMP, "Noor Home", "#0f6b62", "Avenir Next, Segoe UI, sans-serif"),
    carriers=("aramex", "smsa", "sandbox", "own_fleet"),
    channels=("whatsapp", "sms"),
    platform="shopify",
    shop_domain="noor-home.myshopify.com",
    support_email="care@noor.example",
    support_phone="+97145550100",
    first_number=1041,
    purchases=(
        Purchase(
            SARA,
            (("Brass table lamp", 1, "349.00"), ("Linen shade, sand", 1, "120.00")),
            (Parcel("aramex", "happy", "at_depot", 25),),
            cod="469.00",
            live=True,
        ),
        Purchase(
            OMAR,
            (("Oud candle", 2, "95.00"),),
            (Parcel("sandbox", "happy", "departed_hub", 30),),
            live=True,
        ),
        Purchase(
            NOURA, (("Woven pendant light", 1, "560.00"),), (Parcel("smsa", "out_for_delivery"),)
        ),
        Purchase(
            FAHAD,
            (("Marble tray", 1, "210.00"),),
            (Parcel("smsa", "customs", "customs_information", 9000),),
        ),
        Purchase(
            PRIYA,
            (("Reading lamp, black", 1, "275.00"), ("Bulb, warm white", 4, "18.00")),
            (
                Parcel("aramex", "happy", "arrived_destination_hub", 9000),
                Parcel("aramex", "delivered"),
            ),
        ),
        Purchase(
            LAYLA,
            (("Cotton throw", 2, "140.00"),),
            (Parcel("aramex", "attempt_open"),),
            cod="280.00",
        ),
        Purchase(
            OMAR,
            (("Ceramic vase, tall", 1, "189.00"),),
            (Parcel("sandbox", "late", "arrived_destination_hub", 40),),
            live=True,
        ),
        Purchase(
            NOURA, (("Floor lamp, oak", 1, "890.00"),), (Parcel("sandbox", "ready_for_pickup"),)
        ),
        Purchase(SARA, (("Incense burner", 1, "160.00"),), (Parcel("aramex", "delivered"),)),
        Purchase(PRIYA, (("Wall sconce", 2, "230.00"),), (Parcel("sandbox", "label_only"),)),
        Purchase(FAHAD, (("Wool rug, small", 1, "640.00"),), (Parcel("sandbox", "return"),)),
        Purchase(LAYLA, (("Paper lantern", 3, "45.00"),), (Parcel("sandbox", "silent"),)),
        Purchase(
            SARA,
            (("Bedside lamp, clay", 1, "215.00"),),
            (Parcel("sandbox", "attempt_open", gap_seconds=15),),
            live=True,
        ),
        Purchase(OMAR, (("Dimmer switch", 1, "85.00"),), live=True),
        Purchase(
            PRIYA,
            (("Terrazzo side table", 1, "420.00"),),
            (Parcel("own_fleet", "van"),),
            cod="420.00",
        ),
        Purchase(OMAR, (("Glass carafe", 1, "75.00"),), (Parcel("own_fleet", "ghost"),)),
        Purchase(LAYLA, (("Desk lamp, white", 1, "195.00"),), (Parcel("aramex", "unknown_code"),)),
    ),
)

KESTREL = Shop(
    slug="kestrel",
    name="Kestrel & Co.",
    country="GB",
    zone="Europe/London",
    currency="GBP",
    city="London",
    languages=("en",),
    language="en",
    accent="#b0452b",
    font="serif",
    radius=4,
    tagline="Made to be walked in",
    logo=_logo(_BIRD, "Kestrel &amp; Co.", "#b0452b", "Georgia, serif"),
    carriers=("ups", "dhl_universal", "sandbox", "ship24"),
    channels=("sms",),
    platform="woocommerce",
    shop_domain="kestrel.example",
    support_email="hello@kestrel.example",
    support_phone="+442079460100",
    first_number=20418,
    purchases=(
        Purchase(
            TOM,
            (("Field boots, size 43", 1, "189.00"),),
            (Parcel("ups", "attempt", "at_depot", 30),),
            live=True,
        ),
        Purchase(
            ANNA,
            (("Waxed jacket, moss", 1, "240.00"),),
            (Parcel("dhl_universal", "happy", "customs_started", 9000),),
        ),
        Purchase(MEGAN, (("Merino socks", 3, "14.00"),), (Parcel("ups", "out_for_delivery"),)),
        Purchase(JACK, (("Canvas holdall", 1, "160.00"),), (Parcel("ups", "lost"),)),
        Purchase(CLAIRE, (("Walking stick, ash", 1, "48.00"),), (Parcel("ups", "out_of_order"),)),
        Purchase(MEGAN, (("Leather balm", 2, "12.50"),), (Parcel("ups", "duplicates"),)),
        Purchase(TOM, (("Wool scarf", 1, "55.00"),), (Parcel("ups", "unknown_code"),)),
        Purchase(
            TOM,
            (("Shoe trees, cedar", 1, "32.00"),),
            (Parcel("evri", "happy", "at_depot", 9000, hub="ship24"),),
        ),
        Purchase(
            MEGAN,
            (("Leather gloves, size 8", 1, "69.00"),),
            (Parcel("sandbox", "attempt_open", gap_seconds=15),),
            live=True,
        ),
    ),
)

SHOPS = (NOOR, KESTREL)
