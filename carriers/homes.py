"""Where carriers are at home, and whose post an S10 number's country stands for."""

from __future__ import annotations

from typing import Final

_GULF: Final = ("AE", "SA", "KW", "QA", "BH", "OM")
_GERMANY: Final = ("DE", "AT")

#: Where a carrier delivers by itself. Worldwide carriers (UPS, FedEx, DHL Express) have no entry.
HOMES: Final[dict[str, frozenset[str]]] = {
    slug: frozenset(countries)
    for slug, countries in {
        "allied_express": ("AU",),
        "amazon_shipping": ("US", "GB", "DE", "FR", "IT", "ES", "IN", "CA"),
        "aramex": (*_GULF, "JO", "LB", "EG", "IQ", "MA"),
        "aramex_anz": ("AU", "NZ"),
        "australiapost": ("AU",),
        "bluedart": ("IN",),
        "bpost": ("BE",),
        "canadapost": ("CA",),
        "canpar": ("CA",),
        "chronopost": ("FR",),
        "cj_logistics": ("KR",),
        "delhivery": ("IN",),
        "dhl_parcel_de": _GERMANY,
        "dhl_poland": ("PL",),
        "dicom": ("CA",),
        "dpd": ("DE", "AT", "GB", "FR", "BE", "NL", "LU", "PL", "CZ", "SK", "HU", "CH", "IE", "PT",
                "ES", "IT", "EE", "LV", "LT", "SI", "HR", "RO"),
        "dtdc": ("IN",),
        "ekart": ("IN",),
        "emirates_post": ("AE",),
        "evri": ("GB",),
        "gls": ("DE", "AT", "BE", "NL", "LU", "FR", "IT", "ES", "PT", "DK", "FI", "PL", "CZ", "SK",
                "HU", "SI", "HR", "RO", "IE"),
        "gofo": ("US",),
        "hanjin": ("KR",),
        "hermes": _GERMANY,
        "imile": (*_GULF, "JO", "MA", "MX", "BR", "ZA", "TR"),
        "india_post": ("IN",),
        "inpost": ("PL", "GB", "FR", "IT"),
        "japan_post": ("JP",),
        "jtexpress": (*_GULF[:2], "EG", "ID", "MY", "SG", "TH", "VN", "PH", "KH", "CN", "MX", "BR"),
        "laposte": ("FR", "MC"),
        "lasership": ("US",),
        "lotte": ("KR",),
        "naqel": ("SA", "AE", "BH", "KW", "OM", "JO"),
        "nationex": ("CA",),
        "old_dominion": ("US",),
        "ontrac": ("US",),
        "postnord": ("SE", "DK", "NO", "FI"),
        "purolator": ("CA",),
        "roadie": ("US",),
        "royalmail": ("GB",),
        "sagawa": ("JP",),
        "sendle": ("AU", "US", "CA"),
        "sf_express": ("CN", "HK", "MO", "TW"),
        "shadowfax": ("IN",),
        "smsa": ("SA", "AE", "BH", "KW", "JO", "EG"),
        "speedee": ("US",),
        "spl": ("SA",),
        "tnt": ("GB", "IT", "FR", "DE", "BE", "NL"),
        "usps": ("US", "PR"),
        "veho": ("US",),
        "xpressbees": ("IN",),
        "yamato": ("JP",),
        "yodel": ("GB",),
    }.items()
}  # fmt: skip

#: The post that an S10 number's country stands for; elsewhere it is `post_<country>`.
POSTS: Final = {
    "US": "usps", "GB": "royalmail", "CA": "canadapost", "DE": "dhl_parcel_de", "FR": "laposte",
    "AU": "australiapost", "BE": "bpost", "AM": "hay_post", "SE": "postnord", "DK": "postnord",
    "SA": "spl", "AE": "emirates_post", "IN": "india_post", "NL": "postnl", "CH": "swiss_post",
    "JP": "japan_post",
}  # fmt: skip
