"""A Shopify address and ours, both ways, so that our own change is known when it comes back.

https://shopify.dev/docs/api/admin-graphql/latest/input-objects/MailingAddressInput
Shopify has two lines and no field for a landmark, a district, a Makani number or a Saudi National
Address. They are note attributes, so that they can be read again, and they are repeated at the
end of the second line, because that is what is printed on labels.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from carriers.shapes import text
from lib.folding import fold
from stores.payload import country_of, joined
from stores.providers.shopify_notes import PLACES, Notes, part_of
from stores.vocabulary import Address

_LONGEST_LINE: Final = 255
#: ISO 3166-2:AE, without which Shopify refuses an address there.
_EMIRATES: Final = {
    "abu dhabi": "AZ", "ajman": "AJ", "dubai": "DU", "fujairah": "FU", "ras al khaimah": "RK",
    "ras al-khaimah": "RK", "sharjah": "SH", "umm al quwain": "UQ", "umm al-quwain": "UQ",
    "ابو ظبي": "AZ", "ابوظبي": "AZ", "عجمان": "AJ", "دبي": "DU", "الفجيره": "FU",
    "راس الخيمه": "RK", "الشارقه": "SH", "ام القيوين": "UQ",
}  # fmt: skip
_CODE: Final = re.compile(r"[A-Z0-9]{1,4}")


def read_address(values: Mapping[str, Any], notes: Notes) -> Address | None:
    """An address of an order in REST's shape; None without a country."""
    code = country_of(values.get("country_code"), values.get("country"))
    if not code:
        return None
    return Address(
        country=code,
        name=text(values.get("name"))
        or joined(values.get("first_name"), values.get("last_name"))
        or text(values.get("company")),
        line1=text(values.get("address1")),
        line2=_without_places(text(values.get("address2")), _printed(notes)),
        landmark=notes.landmark,
        city=text(values.get("city")),
        region=text(values.get("province")),
        postcode=text(values.get("zip")),
        phone=text(values.get("phone")),
        district=notes.district,
        makani=notes.makani,
        national_address=notes.national_address,
        what3words=notes.what3words,
        pin=notes.pin,
    )


def mailing_address(address: Address, before: Mapping[str, Any]) -> dict[str, str]:
    """The `MailingAddressInput`; `before` is the order's `shippingAddress` as it stands."""
    first, _, last = address.name.partition(" ")
    line2 = ", ".join(filter(None, [address.line2, _printed(address)]))
    said = {
        "firstName": first if last else "",
        "lastName": last or first,
        "address1": address.line1,
        "address2": line2[:_LONGEST_LINE],
        "city": address.city,
        "zip": address.postcode,
        "phone": address.phone,
        "countryCode": address.country,
    }
    province = _province(address, before)
    return said | ({"provinceCode": province} if province else {})


def attributes_with(address: Address, before: list[tuple[str, str]]) -> list[dict[str, str]] | None:
    """The order's attributes with the parts of this address; None where nothing changes.

    Shopify takes the whole list or none: what others wrote is kept as it is.
    """
    ours = [(PLACES[part], value) for part, value in _places(address).items() if value]
    others = [(name, value) for name, value in before if part_of(name) not in PLACES]
    if sorted(ours + others) == sorted(before):
        return None
    return [{"key": name, "value": value} for name, value in others + ours]


def _places(address: Address) -> dict[str, str]:
    pin = ", ".join(f"{degrees:.6f}" for degrees in address.pin) if address.pin else ""
    return {name: pin if name == "pin" else getattr(address, name) for name in PLACES}


def _printed(place: Address | Notes) -> str:
    """What a courier needs to read on a label, and Shopify has no line for."""
    makani = f"Makani {place.makani}" if place.makani else ""
    return ", ".join(filter(None, [place.landmark, place.district, makani, place.national_address]))


def _without_places(line: str, printed: str) -> str:
    if not printed or not line.endswith(printed):
        return line
    return line.removesuffix(printed).rstrip(", ")


def _province(address: Address, before: Mapping[str, Any]) -> str:
    """Shopify wants its own code. The known one stays unless another region is named."""
    region = fold(address.region)
    if address.country == "AE":
        emirate = _EMIRATES.get(region) or _EMIRATES.get(fold(address.city), "")
        if emirate:
            return emirate
    stays = text(before.get("countryCodeV2")).upper() == address.country
    if stays and (not region or region == fold(text(before.get("province")))):
        return text(before.get("provinceCode"))
    return address.region if _CODE.fullmatch(address.region) else ""
