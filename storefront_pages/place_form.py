"""What the courier needs to find the door: the form on the page, while nothing is on its way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lib.addresses import words
from lib.addresses.answering import PLACE
from lib.addresses.parts import Need
from lib.addresses.postcodes import EXAMPLES
from lib.sentences import joined
from lib.vocabulary import Status
from storefront_pages.story import Story
from storefront_pages.typed import Typed

#: The form's name, and where it is on the page.
FORM: Final = "place"
PART: Final = "#place"
_BEFORE_PICKUP: Final = frozenset({Status.PENDING, Status.INFO_RECEIVED, Status.CANCELLED})
_STREET: Final = gettext_lazy("Street, building and flat")
#: A field's name for the browser, and whether it is written from left to right in any language.
_KINDS: Final[Mapping[str, tuple[str, bool]]] = {
    "line1": ("address-line1", False),
    "city": ("address-level2", False),
    "region": ("address-level1", False),
    "postcode": ("postal-code", True),
    "phone": ("tel", True),
    "national_address": ("off", True),
    "makani": ("off", True),
    PLACE: ("off", True),
}
_HELP: Final[Mapping[str, Promise]] = {
    "national_address": gettext_lazy("Four letters and four digits, such as RRRD2929."),
    "makani": gettext_lazy("Ten digits, on the plate beside the entrance of buildings in Dubai."),
    PLACE: gettext_lazy("In your map, hold the spot, share it, and paste the link here."),
}
#: Where somebody finds their own: https://splonline.com.sa names it the National Address service.
_OWN: Final = "https://splonline.com.sa/en/national-address-1/"


def place_form(story: Story, typed: Typed, *, action: str) -> dict[str, Any] | None:
    """`place` of the template; None where nothing is asked. No known address is ever in it."""
    seen = story.address
    if seen is None or not seen.asks or not _is_waiting(story):
        return None
    mine = typed if typed.form == FORM else Typed()
    musts = [_asked(need, story.order.country, mine) for need in seen.musts]
    helps = [_asked(need, story.order.country, mine, helps=True) for need in seen.helps]
    if not musts and not helps:
        words_of_thanks = _("Thank you. The courier has all that is needed to find you.")
        return {"done": words_of_thanks} if seen.answered else None
    in_helps = {field["name"] for one in helps for field in one["fields"]}
    return {
        "action": action,
        "title": _title(len(musts)),
        "done": _("Thank you, the shop has it.") if seen.answered else "",
        "musts": musts,
        "helps": helps,
        "helps_open": bool(in_helps & {name for name, error in mine.errors.items() if error}),
        "has_pin": Need.SPOT in {*seen.musts, *seen.helps},
    }


def _is_waiting(story: Story) -> bool:
    if story.order.cancelled_at or story.status is Status.CANCELLED:
        return False
    return all(parcel.status in _BEFORE_PICKUP for parcel in story.parcels)


def _title(musts: int) -> str:
    if not musts:
        return _("Help the courier find you")
    return ngettext(
        "The courier needs one more thing to find you",
        "The courier needs %(n)s more things to find you",
        musts,
    ) % {"n": musts}


def _asked(need: Need, country: str, typed: Typed, *, helps: bool = False) -> dict[str, Any]:
    """One need: why it is asked, and its fields. With one field alone, the reason stands there."""
    why = words.reason(need, country)
    fields = [
        _field(name, label, country, typed, optional=helps)
        for name, label in _fields(need, country)
    ]
    if len(fields) == 1:
        fields[0]["help"] = joined(str(why), fields[0]["help"])
        return {"fields": fields, "find_url": _OWN if need is Need.NATIONAL_ADDRESS else ""}
    enough = _("One of these is enough.")
    return {
        "title": words.label(need, country),
        "reason": joined(str(why), str(enough)),
        "fields": fields,
        "has_pin": need is Need.SPOT,
    }


def _fields(need: Need, country: str) -> list[tuple[str, str]]:
    """Name and label of each field that answers the need."""
    if need is Need.AREA:
        return [("district", _("Area or neighbourhood")), ("line1", str(_STREET))]
    if need is Need.SPOT:
        makani = [("makani", _("Makani number"))] if country == "AE" else []
        return [
            ("landmark", _("A landmark nearby")),
            (PLACE, _("Link or numbers of a point on the map")),
            *makani,
        ]
    name = "line1" if need is Need.STREET else need.value
    return [(name, words.label(need, country))]


def _field(name: str, label: str, country: str, typed: Typed, *, optional: bool) -> dict[str, Any]:
    """One of `components/field.html`."""
    autocomplete, from_left = _KINDS.get(name, ("off", False))
    return {
        "name": name,
        "label": label,
        "type": "tel" if name == "phone" else "text",
        "value": typed.values.get(name, ""),
        "error": typed.errors.get(name, ""),
        "help": str(_HELP.get(name, "")),
        "autocomplete": autocomplete,
        "dir": "ltr" if from_left else "",
        "placeholder": EXAMPLES.get(country, "") if name == "postcode" else "",
        "optional": optional,
    }
