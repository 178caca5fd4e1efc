"""What a courier needs, per country. An exclamation mark says that it must be there.

The Emirates and Qatar have no postcodes: area, landmark and phone lead there. Saudi Arabia has
had carriers refuse parcels without a National Address since 1 January 2026. In India nothing
moves without the six-digit PIN. Elsewhere the postcode sorts and the street finds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lib.addresses.parts import Level, Need
from lib.addresses.postcodes import has_postcodes

_RULES: Final = {
    "AE": "area! city! phone! spot",
    "SA": "national_address! city! phone! district postcode spot",
    "KW": "city! street! phone! district spot",
    "BH": "city! street! phone! district spot",
    "QA": "city! street! phone! district spot",
    "OM": "area! city! phone! postcode spot",
    "EG": "street! city! phone! district region spot",
    "JO": "area! city! phone! spot",
    "IQ": "area! city! phone! spot",
    "LB": "area! city! phone! spot",
    "YE": "area! city! phone! spot",
    "LY": "area! city! phone! spot",
    "SD": "area! city! phone! spot",
    "IN": "street! city! postcode! phone! region spot",
    "PK": "street! city! phone! postcode spot",
    "BD": "street! city! phone! postcode spot",
    "US": "street! city! region! postcode! phone",
    "CA": "street! city! region! postcode! phone",
    "AU": "street! city! region! postcode! phone",
    "BR": "street! city! region! postcode! phone district",
    "MX": "street! city! region! postcode! phone district",
    "GB": "street! city! postcode! phone",
    "JP": "street! postcode! phone! city region",
    "KR": "street! city! postcode! phone!",
    "CN": "street! city! region! phone! postcode district",
    "SG": "street! postcode! phone",
    "HK": "area! phone! city",
    "MO": "area! phone! city",
}
_WITH_POSTCODES: Final = "street! city! postcode! phone"
_WITHOUT: Final = "street! city! phone! spot"


def needs_of(country: str, *, own: Mapping[str, str] | None = None) -> dict[Need, Level]:
    """The needs in this country, what must be there first. `own`: a merchant's levels by need.

    A need that the country does not have cannot be added: nobody could answer it.
    """
    usual = _WITH_POSTCODES if has_postcodes(country) else _WITHOUT
    found = {}
    for word in _RULES.get(country, usual).split():
        need = Need(word.rstrip("!"))
        level = Level.MUST if word.endswith("!") else Level.HELPS
        found[need] = Level((own or {}).get(need, level))
    return dict(sorted(found.items(), key=lambda pair: pair[1] is not Level.MUST))


#: Countries with a rule of their own, in the order in which they are shown.
COUNTRIES: Final = tuple(_RULES)
