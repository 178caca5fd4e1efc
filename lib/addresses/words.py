"""The check in words: what is missing, why a courier needs it. Lazy, in the active language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lib.addresses.answering import Fault
from lib.addresses.parts import Level, Need, Problem
from lib.addresses.postcodes import EXAMPLES

_LABELS: Final[Mapping[Need, Promise]] = {
    Need.AREA: gettext_lazy("Area or street"),
    Need.STREET: gettext_lazy("Street and building"),
    Need.DISTRICT: gettext_lazy("Area or district"),
    Need.CITY: gettext_lazy("City or town"),
    Need.REGION: gettext_lazy("State or region"),
    Need.POSTCODE: gettext_lazy("Postcode"),
    Need.PHONE: gettext_lazy("Phone number"),
    Need.NATIONAL_ADDRESS: gettext_lazy("National Address"),
    Need.SPOT: gettext_lazy("Landmark or point on the map"),
}
#: Where a need has another name.
_LOCAL_LABELS: Final[Mapping[tuple[Need, str], Promise]] = {
    (Need.CITY, "AE"): gettext_lazy("City or emirate"),
    (Need.POSTCODE, "IN"): gettext_lazy("PIN code"),
    (Need.POSTCODE, "US"): gettext_lazy("ZIP code"),
    (Need.REGION, "US"): pgettext_lazy("of an address", "State"),
    (Need.REGION, "EG"): gettext_lazy("Governorate"),
    (Need.STREET, "KW"): gettext_lazy("Block, street and house"),
    (Need.STREET, "BH"): gettext_lazy("Block, road and building"),
    (Need.STREET, "QA"): gettext_lazy("Zone, street and building"),
}
_REASONS: Final[Mapping[Need, Promise]] = {
    Need.AREA: gettext_lazy("It is how the courier finds the building."),
    Need.STREET: gettext_lazy("Without street and building the courier cannot find the door."),
    Need.DISTRICT: gettext_lazy("Streets often share a name; the district tells them apart."),
    Need.CITY: gettext_lazy("It decides which depot the parcel goes to."),
    Need.REGION: gettext_lazy("The carrier’s label needs it."),
    Need.POSTCODE: gettext_lazy("Parcels are sorted by it."),
    Need.PHONE: gettext_lazy("The courier calls before coming."),
    Need.NATIONAL_ADDRESS: gettext_lazy(
        "Since January 2026 couriers in Saudi Arabia may not take a parcel without it."
    ),
    Need.SPOT: gettext_lazy("With it the courier comes straight to the door."),
}
_LOCAL_REASONS: Final[Mapping[tuple[Need, str], Promise]] = {
    (Need.AREA, "AE"): gettext_lazy(
        "The Emirates have no postcodes: the area is how the courier finds the building."
    ),
    (Need.POSTCODE, "IN"): gettext_lazy("Couriers in India deliver by the six-digit PIN."),
}
_FAULTS: Final[Mapping[Fault, Promise]] = {
    Fault.PLACEHOLDER: gettext_lazy("Please write a few words that help the courier."),
    Fault.PHONE: gettext_lazy("Enter a phone number that the courier can call."),
    Fault.NATIONAL_ADDRESS: gettext_lazy(
        "A short National Address has four letters and four digits, such as RRRD2929."
    ),
    Fault.MAKANI: gettext_lazy("A Makani number has ten digits, such as 12345 67890."),
    Fault.PLACE: gettext_lazy(
        "We cannot read this. Paste the link of your map, or two numbers such as 25.2048, 55.2708."
    ),
    Fault.SHORT_LINK: gettext_lazy(
        "A short link does not say where it leads. Open it, and paste the long address that your "
        "browser then shows."
    ),
    Fault.ELSEWHERE: gettext_lazy("This point is not in the country of the order."),
}
LEVELS: Final[Mapping[Level, Promise]] = {
    Level.MUST: pgettext_lazy("of a part of an address", "Must be there"),
    Level.HELPS: pgettext_lazy("of a part of an address", "Helps"),
    Level.IGNORE: pgettext_lazy("of a part of an address", "Not looked at"),
}


def label(need: Need, country: str = "") -> str:
    """What it is called in this country: "PIN code" in India."""
    return str(_LOCAL_LABELS.get((need, country)) or _LABELS[need])


def reason(need: Need, country: str = "") -> str:
    """Why the courier needs it, in one sentence."""
    return str(_LOCAL_REASONS.get((need, country)) or _REASONS[need])


def problem(need: Need, what: Problem, country: str = "") -> str:
    """What is wrong, in one line: "PIN code is missing"."""
    words = {"part": label(need, country)}
    if what is Problem.PLACEHOLDER:
        return _("%(part)s: only a placeholder was typed") % words
    if what is Problem.IMPOSSIBLE:
        return _("%(part)s: what was typed cannot be right") % words
    return _("%(part)s: missing") % words


def fault(what: Fault, country: str, *, longest: int) -> str:
    """What to do about a field, in one sentence. `longest`: how many letters it takes."""
    if what is Fault.TOO_LONG:
        return _("Please keep it under %(n)s letters.") % {"n": longest}
    if what is Fault.POSTCODE:
        example = EXAMPLES.get(country)
        if example is None:
            return _("This does not look like a postcode of your country.")
        return _("Enter it as in this example: %(example)s.") % {"example": example}
    return str(_FAULTS[what])
