"""Which clock a parcel's destination keeps.

One zone a country where it has one; else by state or city, as far as they say; else the
capital's. Source: `zone.tab` of the IANA time zone database (the `tzdata` package).
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Final

#: Where a country with several zones has its government (or most of its people).
_MAIN: Final = {
    "AR": "America/Argentina/Buenos_Aires", "AU": "Australia/Sydney", "BR": "America/Sao_Paulo",
    "CA": "America/Toronto", "CD": "Africa/Kinshasa", "CL": "America/Santiago",
    "CN": "Asia/Shanghai", "CY": "Asia/Nicosia", "DE": "Europe/Berlin", "EC": "America/Guayaquil",
    "ES": "Europe/Madrid", "FM": "Pacific/Pohnpei", "GL": "America/Nuuk", "ID": "Asia/Jakarta",
    "KI": "Pacific/Tarawa", "KZ": "Asia/Almaty", "MH": "Pacific/Majuro", "MN": "Asia/Ulaanbaatar",
    "MX": "America/Mexico_City", "MY": "Asia/Kuala_Lumpur", "NZ": "Pacific/Auckland",
    "PF": "Pacific/Tahiti", "PG": "Pacific/Port_Moresby", "PS": "Asia/Hebron",
    "PT": "Europe/Lisbon", "RU": "Europe/Moscow", "UA": "Europe/Kyiv", "US": "America/New_York",
    "UZ": "Asia/Tashkent", "VN": "Asia/Ho_Chi_Minh",
}  # fmt: skip

#: States and provinces by the zone most of their people keep.
_STATES: Final = {
    "US": {
        "America/Chicago": "AL AR IA IL KS LA MN MO MS ND NE OK SD TN TX WI",
        "America/Denver": "CO ID MT NM UT WY",
        "America/Phoenix": "AZ",
        "America/Los_Angeles": "CA NV OR WA",
        "America/Anchorage": "AK",
        "Pacific/Honolulu": "HI",
    },
    "CA": {
        "America/St_Johns": "NL",
        "America/Halifax": "NB NS PE",
        "America/Winnipeg": "MB",
        "America/Regina": "SK",
        "America/Edmonton": "AB NT",
        "America/Vancouver": "BC",
        "America/Whitehorse": "YT",
    },
    "AU": {
        "Australia/Melbourne": "VIC",
        "Australia/Brisbane": "QLD",
        "Australia/Adelaide": "SA",
        "Australia/Hobart": "TAS",
        "Australia/Darwin": "NT",
        "Australia/Perth": "WA",
    },
    "BR": {
        "America/Manaus": "AM RO RR MT MS",
        "America/Rio_Branco": "AC",
    },
    "MX": {
        "America/Tijuana": "BC BCN",
        "America/Hermosillo": "SON SO",
        "America/Mazatlan": "SIN BCS NAY",
        "America/Cancun": "ROO QR",
    },
    "ES": {"Atlantic/Canary": "GC TF CN"},
    "PT": {"Atlantic/Azores": "20", "Atlantic/Madeira": "30"},
}

_ZONE_OF_STATE: Final = {
    (country, state): zone
    for country, zones in _STATES.items()
    for zone, states in zones.items()
    for state in states.split()
}

_NAMES: Final = {
    ("US", "california"): "America/Los_Angeles", ("US", "washington"): "America/Los_Angeles",
    ("US", "oregon"): "America/Los_Angeles", ("US", "nevada"): "America/Los_Angeles",
    ("US", "los angeles"): "America/Los_Angeles", ("US", "san francisco"): "America/Los_Angeles",
    ("US", "seattle"): "America/Los_Angeles", ("US", "texas"): "America/Chicago",
    ("US", "illinois"): "America/Chicago", ("US", "chicago"): "America/Chicago",
    ("US", "houston"): "America/Chicago", ("US", "dallas"): "America/Chicago",
    ("US", "colorado"): "America/Denver", ("US", "arizona"): "America/Phoenix",
    ("US", "hawaii"): "Pacific/Honolulu", ("US", "alaska"): "America/Anchorage",
    ("CA", "british columbia"): "America/Vancouver", ("CA", "alberta"): "America/Edmonton",
    ("CA", "vancouver"): "America/Vancouver", ("CA", "calgary"): "America/Edmonton",
    ("CA", "nova scotia"): "America/Halifax", ("CA", "manitoba"): "America/Winnipeg",
    ("AU", "western australia"): "Australia/Perth", ("AU", "perth"): "Australia/Perth",
    ("AU", "queensland"): "Australia/Brisbane", ("AU", "brisbane"): "Australia/Brisbane",
    ("AU", "south australia"): "Australia/Adelaide", ("AU", "adelaide"): "Australia/Adelaide",
    ("ID", "bali"): "Asia/Makassar", ("ID", "makassar"): "Asia/Makassar",
    ("ID", "papua"): "Asia/Jayapura", ("ES", "las palmas"): "Atlantic/Canary",
    ("ES", "tenerife"): "Atlantic/Canary", ("BR", "manaus"): "America/Manaus",
    ("BR", "amazonas"): "America/Manaus", ("MX", "tijuana"): "America/Tijuana",
    ("RU", "vladivostok"): "Asia/Vladivostok", ("RU", "novosibirsk"): "Asia/Novosibirsk",
    ("RU", "yekaterinburg"): "Asia/Yekaterinburg",
}  # fmt: skip


@lru_cache(maxsize=4096)
def destination_zone(country: str, region: str = "", city: str = "") -> str:
    """The IANA zone of a destination; "UTC" only for a country nobody has heard of.

    `region` may be a code ("CA", "US-CA") or a name.
    """
    if not (region or city):
        return _MAIN.get(country) or _zones_of_countries().get(country, ("UTC",))[0]
    code = region.upper().removeprefix(f"{country}-")
    return (
        _ZONE_OF_STATE.get((country, code))
        or _NAMES.get((country, region.strip().casefold()))
        or (_NAMES.get((country, city.strip().casefold())) if not region else None)
        or destination_zone(country)
    )


def zones_of(country: str) -> tuple[str, ...]:
    """All zones of a country, the capital's first; empty for a country nobody has heard of."""
    known = _zones_of_countries().get(country, ())
    main = destination_zone(country)
    return tuple(sorted(known, key=lambda zone: (zone != main, zone)))


@lru_cache(maxsize=1)
def _zones_of_countries() -> dict[str, tuple[str, ...]]:
    """The zones of each country in the table's order."""
    found: dict[str, tuple[str, ...]] = {}
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    for line in table.splitlines():
        if line and not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            found[country] = (*found.get(country, ()), zone)
    return found
