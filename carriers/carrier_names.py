"""Carriers as shops write them, and our slugs. No Django.

Shop systems let people type a carrier's name or pick it from the platform's list. The names are
those of Shopify's list of tracking companies and of WooCommerce's shipment tracking providers, and
the carriers' own, in the scripts that they write them in. Slugs without an adapter name the
carrier, and the parcel waits for one.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_NAMES: Final = {
    "allied_express": ("allied express", "allied express transport"),
    "amazon_shipping": ("amazon", "amazon shipping", "amazon logistics", "amazon logistics uk",
                        "amzl", "swiship"),
    "aramex": ("aramex", "aramex international", "aramex uae", "aramex ksa", "ارامكس", "آرامكس"),
    "aramex_anz": ("aramex australia", "aramex new zealand", "aramex au", "aramex nz",
                   "fastway", "fastway australia", "fastway couriers", "fastway nz"),
    "asendia": ("asendia", "asendia uk", "asendia de", "asendia hong kong"),
    "asendia_us": ("asendia usa", "asendia us"),
    "australiapost": ("australia post", "auspost", "startrack", "star track"),
    "bluedart": ("blue dart", "bluedart", "bluedart express"),
    "bpost": ("bpost", "bpost international", "bpost be", "belgian post"),
    "canadapost": ("canada post", "postes canada"),
    "canpar": ("canpar", "canpar express"),
    "chronopost": ("chronopost", "chronopost international"),
    "cj_logistics": ("cj logistics", "cj korea express", "cj대한통운", "대한통운", "cj 대한통운"),
    "delhivery": ("delhivery", "ecom express", "ecomexpress", "ecom express limited"),
    "dhl_ecommerce": ("dhl ecommerce", "dhl ecommerce asia", "dhl ecommerce solutions",
                      "dhl ecommerce us", "dhl us", "dhl global mail", "dhl ecommerce americas"),
    "dhl_express": ("dhl express", "dhl express uae", "dhl worldwide express",
                    "dhl international", "دي اتش ال اكسبرس", "dhl国际快递", "dhlエクスプレス"),
    "dhl_parcel_de": ("dhl paket", "dhl germany", "dhl de", "dhl intraship", "intraship",
                      "deutsche post", "deutsche post dhl", "dhl parcel de", "dhl warenpost",
                      "dhl kleinpaket"),
    "dhl_poland": ("dhl poland", "dhl pl", "dhl parcel polska", "dhl polska"),
    "dhl_universal": ("dhl", "dhl parcel", "دي اتش ال", "دي إتش إل", "دي ايتش ال", "敦豪"),
    "dicom": ("dicom", "dicom express", "gls canada", "dicom gls"),
    "dpd": ("dpd", "dpd de", "dpd germany", "dpd local", "dpd uk", "dpd co uk", "dpd at",
            "dpd cz", "dpd ie", "dpd nl", "dpd pl", "dpd ro", "dpd france"),
    "dtdc": ("dtdc", "dtdc express", "dtdc india"),
    "ekart": ("ekart", "ekart logistics", "flipkart ekart"),
    "emirates_post": (
        "emirates post", "emirates post group", "emirates post group epg", "emiratespost", "epg",
        "7x", "بريد الامارات",
    ),
    "evri": ("evri", "evri international", "hermes uk", "myhermes", "hermes world uk"),
    "fedex": ("fedex", "federal express", "fedex express", "fedex ground", "fedex sameday",
              "fedex smartpost", "fedex home delivery", "fedex international", "فيديكس", "فيدكس",
              "联邦快递", "フェデックス", "페덱스"),
    "fourpx": ("4px", "4px express", "4px worldwide express", "递四方", "遞四方"),
    "geodis": ("geodis", "geodis calberson", "calberson", "france express"),
    "gls": ("gls", "gls de", "gls germany", "gls italy", "gls uk", "gls parcel",
            "general logistics systems", "gls spain", "gls france", "gls netherlands"),
    "gofo": ("gofo", "gofo express", "cirro"),
    "hanjin": ("hanjin", "hanjin express", "한진택배", "한진"),
    "hermes": ("hermes", "hermes de", "hermes germany", "hermesworld", "hermes germany gmbh"),
    "imile": ("imile", "imile delivery", "ايمايل", "اي مايل", "آي مايل"),
    "india_post": ("india post", "indiapost", "speed post", "indian post"),
    "inpost": ("inpost", "inpost paczkomaty", "paczkomaty"),
    "japan_post": ("japan post", "japan post en", "japan post ja", "yu pack", "日本郵便",
                   "ゆうパック", "ゆうパケット", "郵便局"),
    "jtexpress": ("j&t", "j&t express", "j & t express", "j&t express ksa", "jt express",
                  "jnt express", "jtexpress", "جي اند تي", "جي اند تي اكسبرس", "极兔", "极兔速递"),
    "landmark": ("landmark", "landmark global"),
    "laposte": ("la poste", "colissimo", "la poste colissimo", "laposte", "lettre suivie"),
    "lasership": ("lasership", "laser ship"),
    "locate2u": ("locate2u",),
    "lotte": ("lotte", "lotte global logistics", "lotte logistics", "롯데택배", "롯데글로벌로지스"),
    "nationex": ("nationex",),
    "naqel": ("naqel", "naqel express", "ناقل", "ناقل اكسبرس"),
    "old_dominion": ("old dominion", "old dominion freight line", "odfl"),
    "ontrac": ("ontrac", "on trac"),
    "parcelone": ("parcel one", "parcelone"),
    "post_cn": ("china post", "中国邮政", "china ems"),
    "postnl": ("postnl", "post nl"),
    "postnord": ("postnord", "post nord", "postnord se", "postnord sverige", "postnord dk",
                 "postnord no", "postnord sverige ab", "portal postnord", "postnord denmark"),
    "purolator": ("purolator", "purolator courier"),
    "quiqup": ("quiqup",),
    "roadie": ("roadie",),
    "royalmail": ("royal mail", "royalmail", "parcelforce", "parcel force"),
    "sagawa": ("sagawa", "sagawa en", "sagawa ja", "sagawa express", "佐川急便", "佐川"),
    "sandbox": ("sandbox express",),
    "seko": ("seko", "seko logistics", "omniparcel"),
    "sendle": ("sendle",),
    "sf_express": ("sf express", "s f express", "sf international", "shunfeng", "顺丰", "顺丰速运",
                   "順豐", "順豐速運", "顺丰快递"),
    "shadowfax": ("shadowfax",),
    "shipa": ("shipa", "shipa delivery"),
    "shipbob": ("shipbob",),
    "shiprocket": ("shiprocket",),
    "smsa": ("smsa", "smsa express", "smsaexpress", "smsa ksa", "سمسا", "سمسا اكسبرس",
             "سمسا اكسبريس"),
    "speedee": ("spee dee", "speedee", "spee dee delivery"),
    "spl": ("spl", "saudi post", "spl saudi post", "saudi post spl", "spl online", "سبل",
            "البريد السعودي"),
    "spring": ("spring", "spring gds", "spring global delivery solutions"),
    "swiss_post": ("swiss post", "schweizerische post", "la poste suisse"),
    "tnt": ("tnt", "tnt express", "tnt international", "tnt express consignment"),
    "ups": ("ups", "united parcel service", "ups express", "ups freight", "ups ground",
            "ups mail innovations", "ups next day air", "ups ready", "ups surepost", "ups germany",
            "ups netherlands", "ups se", "يو بي اس", "يو بي إس"),
    "usps": ("usps", "united states postal service", "us postal service", "u s p s",
             "usps priority mail", "us post"),
    "veho": ("veho", "veho tech"),
    "xpressbees": ("xpressbees", "xpress bees", "xpressbees logistics"),
    "yamato": ("yamato", "yamato en", "yamato ja", "yamato transport", "kuroneko yamato",
               "ヤマト運輸", "クロネコヤマト", "ヤマト", "宅急便"),
    "yodel": ("yodel", "yodel direct"),
    "yunexpress": ("yunexpress", "yun express", "云途", "云途物流"),
    "zajel": ("zajel", "زاجل"),
    "zoom2u": ("zoom2u",),
}  # fmt: skip

#: Who may answer for a carrier's parcels too: a company's other networks and its common API.
FAMILIES: Final = {
    "asendia": ("asendia_us",),
    "asendia_us": ("asendia",),
    "chronopost": ("laposte",),
    "dhl_ecommerce": ("dhl_universal",),
    "dhl_express": ("dhl_universal",),
    "dhl_parcel_de": ("dhl_universal",),
    "dhl_poland": ("dhl_universal",),
    "dhl_universal": ("dhl_express", "dhl_parcel_de", "dhl_ecommerce", "dhl_poland"),
    "laposte": ("chronopost",),
    "lasership": ("ontrac",),
    "ontrac": ("lasership",),
}

_LETTERS: Final = str.maketrans("أإآٱىةؤئ®™©", "اااايهوي   ", "ـ")
#: From here on, scripts (Hangul, kana, Han) that put no blanks between words.
_NO_BLANKS: Final = "\u1100"


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.translate(_LETTERS)).casefold()
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(re.split(r"[^\w&]+|_+", plain)).strip()


_SLUGS: Final = {_folded(name): slug for slug, names in _NAMES.items() for name in names} | {
    slug.replace("_", " "): slug for slug in _NAMES
}
_LONGEST_FIRST: Final = sorted(_SLUGS, key=len, reverse=True)


def slug_of(name: str) -> str:
    """Our slug of a carrier's name in any usual spelling ("DHL Express", "سمسا"); else empty.

    A service behind the name does not matter: "FedEx® 2Day Freight" is FedEx.
    """
    folded = _folded(name[:100])
    if not folded:
        return ""
    found = _SLUGS.get(folded)
    if found is None:
        found = next((_SLUGS[known] for known in _LONGEST_FIRST if _leads(known, folded)), "")
    return found


def slug_of_exact(name: str) -> str:
    """The same for a name that is known as it stands: "DPD Romania" is not DPD."""
    return _SLUGS.get(_folded(name[:100]), "")


def _leads(known: str, folded: str) -> bool:
    return folded.startswith(known if known[-1] >= _NO_BLANKS else f"{known} ")


#: A merchant's own drivers: pushed through the API, never asked.
OWN_FLEET: Final = "own_fleet"

#: Every slug that a shop's name can lead to, and the own fleet.
NAMED: Final = frozenset({*_NAMES, OWN_FLEET})
