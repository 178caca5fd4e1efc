"""Which IANA zone a place keeps, where its country (or state) settles it.

Countries with several zones are left out unless the state or city decides; a guess
between zones would be an assumed time dressed as a known one.
Source: the IANA time zone database (zone1970.tab).
"""

from __future__ import annotations

from typing import Final

from carriers.updates import Place

_COUNTRIES: Final = {
    # The Gulf and the Levant
    "AE": "Asia/Dubai", "SA": "Asia/Riyadh", "KW": "Asia/Kuwait", "QA": "Asia/Qatar",
    "BH": "Asia/Bahrain", "OM": "Asia/Muscat", "YE": "Asia/Aden", "IQ": "Asia/Baghdad",
    "JO": "Asia/Amman", "LB": "Asia/Beirut", "SY": "Asia/Damascus", "EG": "Africa/Cairo",
    "TR": "Europe/Istanbul", "IR": "Asia/Tehran", "IL": "Asia/Jerusalem",
    # Africa
    "MA": "Africa/Casablanca", "DZ": "Africa/Algiers", "TN": "Africa/Tunis",
    "LY": "Africa/Tripoli", "SD": "Africa/Khartoum", "ET": "Africa/Addis_Ababa",
    "KE": "Africa/Nairobi", "TZ": "Africa/Dar_es_Salaam", "UG": "Africa/Kampala",
    "NG": "Africa/Lagos", "GH": "Africa/Accra", "CI": "Africa/Abidjan", "SN": "Africa/Dakar",
    "ZA": "Africa/Johannesburg", "ZW": "Africa/Harare", "ZM": "Africa/Lusaka",
    "MU": "Indian/Mauritius",
    # Asia
    "IN": "Asia/Kolkata", "PK": "Asia/Karachi", "BD": "Asia/Dhaka", "LK": "Asia/Colombo",
    "NP": "Asia/Kathmandu", "AF": "Asia/Kabul", "MV": "Indian/Maldives", "CN": "Asia/Shanghai",
    "HK": "Asia/Hong_Kong", "MO": "Asia/Macau", "TW": "Asia/Taipei", "JP": "Asia/Tokyo",
    "KR": "Asia/Seoul", "SG": "Asia/Singapore", "MY": "Asia/Kuala_Lumpur", "TH": "Asia/Bangkok",
    "VN": "Asia/Ho_Chi_Minh", "KH": "Asia/Phnom_Penh", "PH": "Asia/Manila",
    "GE": "Asia/Tbilisi", "AM": "Asia/Yerevan", "AZ": "Asia/Baku", "UZ": "Asia/Tashkent",
    # Europe (Spain, Portugal with their islands apart are left to the city)
    "GB": "Europe/London", "IE": "Europe/Dublin", "FR": "Europe/Paris", "BE": "Europe/Brussels",
    "NL": "Europe/Amsterdam", "LU": "Europe/Luxembourg", "DE": "Europe/Berlin",
    "AT": "Europe/Vienna", "CH": "Europe/Zurich", "LI": "Europe/Vaduz", "IT": "Europe/Rome",
    "MT": "Europe/Malta", "SM": "Europe/San_Marino", "DK": "Europe/Copenhagen",
    "SE": "Europe/Stockholm", "NO": "Europe/Oslo", "FI": "Europe/Helsinki",
    "IS": "Atlantic/Reykjavik", "EE": "Europe/Tallinn", "LV": "Europe/Riga",
    "LT": "Europe/Vilnius", "PL": "Europe/Warsaw", "CZ": "Europe/Prague",
    "SK": "Europe/Bratislava", "HU": "Europe/Budapest", "SI": "Europe/Ljubljana",
    "HR": "Europe/Zagreb", "BA": "Europe/Sarajevo", "RS": "Europe/Belgrade",
    "ME": "Europe/Podgorica", "MK": "Europe/Skopje", "AL": "Europe/Tirane",
    "GR": "Europe/Athens", "CY": "Asia/Nicosia", "BG": "Europe/Sofia", "RO": "Europe/Bucharest",
    "MD": "Europe/Chisinau", "UA": "Europe/Kyiv",
    # The Americas and Oceania, single-zone countries
    "CO": "America/Bogota", "PE": "America/Lima", "VE": "America/Caracas",
    "UY": "America/Montevideo", "PY": "America/Asuncion", "BO": "America/La_Paz",
    "PA": "America/Panama", "CR": "America/Costa_Rica", "GT": "America/Guatemala",
    "DO": "America/Santo_Domingo", "PR": "America/Puerto_Rico", "JM": "America/Jamaica",
    "NZ": "Pacific/Auckland",
}  # fmt: skip

#: States that keep one zone as a whole; the split ones (Florida, Texas, Ontario …) are left out.
_STATES: Final = {
    "US": {
        "America/New_York": "CT DC DE GA MA MD ME NC NH NJ NY OH PA RI SC VA VT WV",
        "America/Chicago": "AL AR IA IL LA MN MO MS OK WI",
        "America/Denver": "CO MT NM UT WY",
        "America/Phoenix": "AZ",
        "America/Los_Angeles": "CA NV WA",
        "Pacific/Honolulu": "HI",
    },
    "CA": {
        "America/Toronto": "QC",
        "America/Winnipeg": "MB",
        "America/Regina": "SK",
        "America/Edmonton": "AB",
        "America/Halifax": "NS NB PE",
    },
    "AU": {
        "Australia/Sydney": "NSW ACT",
        "Australia/Melbourne": "VIC",
        "Australia/Brisbane": "QLD",
        "Australia/Adelaide": "SA",
        "Australia/Hobart": "TAS",
        "Australia/Darwin": "NT",
    },
}

_CITIES: Final = {
    ("ES", "madrid"): "Europe/Madrid",
    ("ES", "barcelona"): "Europe/Madrid",
    ("ES", "vitoria"): "Europe/Madrid",
    ("PT", "lisbon"): "Europe/Lisbon",
    ("PT", "porto"): "Europe/Lisbon",
    ("AU", "sydney"): "Australia/Sydney",
    ("AU", "melbourne"): "Australia/Melbourne",
    ("ID", "jakarta"): "Asia/Jakarta",
    ("KZ", "almaty"): "Asia/Almaty",
    ("MX", "mexico city"): "America/Mexico_City",
    ("BR", "sao paulo"): "America/Sao_Paulo",
    ("CA", "toronto"): "America/Toronto",
    ("CA", "mississauga"): "America/Toronto",
}

_ZONE_OF_STATE: Final = {
    (country, state): zone
    for country, zones in _STATES.items()
    for zone, states in zones.items()
    for state in states.split()
}


def zone_name(place: Place) -> str:
    """The IANA name of the place's zone; empty where country, state and city do not settle it."""
    city = place.city.partition(",")[0].strip().casefold()
    return (
        _COUNTRIES.get(place.country)
        or _ZONE_OF_STATE.get((place.country, place.region.upper()))
        or _CITIES.get((place.country, city))
        or ""
    )
