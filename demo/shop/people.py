"""Who shops in the demonstration: invented people with believable addresses. Pure data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Shopper:
    """What the checkout is filled with, so that one click is enough."""

    name: str
    email: str
    phone: str
    city: str
    line1: str
    landmark: str = ""
    postcode: str = ""


#: By country and the language they read. Phone numbers are of ranges kept for fiction where a
#: country has such; the mail domain is reserved and reaches nobody.
_PEOPLE: Final = {
    ("AE", "en"): Shopper(
        "Mariam Saeed", "mariam@shopper.example", "+971501112233", "Dubai",
        "Marina Walk 12, apartment 803", "Opposite the tram stop"),
    ("AE", "ar"): Shopper(
        "مريم سعيد", "mariam@shopper.example", "+971501112233", "دبي",
        "ممشى المارينا 12، شقة 803", "مقابل محطة الترام"),
    ("SA", "en"): Shopper(
        "Reem Al Harbi", "reem@shopper.example", "+966501112233", "Riyadh",
        "Olaya Street 214, villa 6", "Behind the green pharmacy"),
    ("SA", "ar"): Shopper(
        "ريم الحربي", "reem@shopper.example", "+966501112233", "الرياض",
        "شارع العليا 214، فيلا 6", "خلف الصيدلية الخضراء"),
    ("GB", "en"): Shopper(
        "Alice Hartley", "alice@shopper.example", "+447700900321", "Bristol",
        "14 Clifton Row", "", "BS8 1AB"),
    ("DE", "en"): Shopper(
        "Jonas Keller", "jonas@shopper.example", "+491713920012", "Hamburg",
        "Lindenallee 7", "", "20259"),
    ("US", "en"): Shopper(
        "Dana Whitfield", "dana@shopper.example", "+12125550147", "New York",
        "310 West 85th Street, apartment 4C", "", "10024"),
    ("IN", "en"): Shopper(
        "Kavya Menon", "kavya@shopper.example", "+919800011122", "Bengaluru",
        "24 Lavelle Road, second floor", "Next to the bakery", "560001"),
    ("FR", "en"): Shopper(
        "Camille Laurent", "camille@shopper.example", "+33639980012", "Lyon",
        "18 rue des Tanneurs", "", "69002"),
    ("KW", "en"): Shopper(
        "Dalal Al Rashid", "dalal@shopper.example", "+96550011223", "Kuwait City",
        "Salmiya, block 4, street 12, house 9", "Facing the mosque"),
}  # fmt: skip

COUNTRIES: Final = tuple(dict.fromkeys(country for country, _language in _PEOPLE))


def shopper_of(country: str, language: str) -> Shopper:
    """Somebody of this country, in this language where we invented one."""
    return _PEOPLE.get((country, language)) or _PEOPLE[country, "en"]
