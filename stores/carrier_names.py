"""Carriers as shops write them, and our slugs. No Django.

Shop systems let people type a carrier's name or pick it from the platform's list. The
names are those of Shopify's and WooCommerce's pick lists and of the carriers' own
websites; slugs without an adapter name the carrier, and the parcel waits for one.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_NAMES: Final = {
    "aramex": ("aramex", "aramex international", "aramex uae", "aramex ksa", "ارامكس"),
    "aramex_anz": ("aramex australia", "aramex new zealand", "fastway australia"),
    "australiapost": ("australia post", "auspost", "startrack"),
    "bluedart": ("blue dart", "bluedart", "bluedart express"),
    "bpost": ("bpost", "bpost international"),
    "canadapost": ("canada post", "postes canada"),
    "chronopost": ("chronopost",),
    "cj_logistics": ("cj logistics", "cj korea express", "cj대한통운", "대한통운"),
    "colissimo": ("colissimo",),
    "delhivery": ("delhivery",),
    "dhl_universal": (
        "dhl", "dhl express", "dhl express uae", "dhl worldwide express", "dhl ecommerce",
        "dhl ecommerce asia", "dhl ecommerce solutions", "dhl us", "dhl intraship", "dhl paket",
        "dhl parcel", "dhl parcel de", "dhl germany", "dhl global mail", "دي اتش ال",
    ),
    "dpd": ("dpd", "dpd de", "dpd germany", "dpd local", "dpd uk"),
    "dtdc": ("dtdc", "dtdc express", "dtdc india"),
    "ekart": ("ekart", "ekart logistics"),
    "emirates_post": ("emirates post", "emiratespost", "epg", "بريد الامارات"),
    "evri": ("evri", "hermes uk", "myhermes"),
    "fedex": ("fedex", "federal express", "fedex express", "fedex ground", "fedex sameday"),
    "gls": ("gls", "gls de", "gls germany", "gls italy", "gls uk"),
    "hermes": ("hermes", "hermes de", "hermesworld"),
    "imile": ("imile", "imile delivery", "ايمايل"),
    "india_post": ("india post", "indiapost"),
    "inpost": ("inpost",),
    "jtexpress": ("j&t", "j&t express", "jt express", "jnt express", "jtexpress", "جي اند تي"),
    "lasership": ("lasership", "ontrac"),
    "laposte": ("la poste",),
    "naqel": ("naqel", "naqel express", "ناقل", "ناقل اكسبرس"),
    "postnord": ("postnord", "post nord", "postnord se", "postnord sverige"),
    "purolator": ("purolator",),
    "quiqup": ("quiqup",),
    "royalmail": ("royal mail", "royalmail"),
    "sandbox": ("sandbox express",),
    "sendle": ("sendle",),
    "shipa": ("shipa", "shipa delivery"),
    "smsa": ("smsa", "smsa express", "smsaexpress", "smsa ksa", "سمسا", "سمسا اكسبرس"),
    "spl": ("spl", "saudi post", "spl saudi post", "saudi post spl", "سبل", "البريد السعودي"),
    "tnt": ("tnt", "tnt express", "tnt international"),
    "ups": (
        "ups", "united parcel service", "ups express", "ups freight", "ups ground",
        "ups mail innovations", "ups next day air", "ups ready", "ups surepost",
    ),
    "usps": ("usps", "united states postal service", "us postal service", "u s p s"),
    "zajel": ("zajel", "زاجل"),
}  # fmt: skip

_LETTERS: Final = str.maketrans("أإآٱىةؤئ", "اااايهوي")


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.translate(_LETTERS)).casefold()
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(re.split(r"[^\w&]+|_+", plain)).strip()


_SLUGS: Final = {_folded(name): slug for slug, names in _NAMES.items() for name in names}
_OWN: Final = {slug.replace("_", " "): slug for slug in _NAMES}


def slug_of(name: str) -> str:
    """Our slug of a carrier's name in any usual spelling ("DHL Express", "سمسا"); else empty."""
    folded = _folded(name)
    return _SLUGS.get(folded) or _OWN.get(folded, "")


#: A merchant's own drivers: pushed through the API, never asked.
OWN_FLEET: Final = "own_fleet"

#: Every slug that a shop's name can lead to, and the own fleet.
NAMED: Final = frozenset({*_NAMES, OWN_FLEET})
