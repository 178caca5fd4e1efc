""" "I will not be there", before the courier comes: the form, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.utils.translation import gettext as _

from lib import answer_words
from lib.sentences import ended, joined
from storefront_pages.attempt import carrier_says, day_choices, part_choices, submit_words
from storefront_pages.story import Parcel, Story
from tracking.absence import may_be_away
from tracking.answers import options_for

#: The form's name, and where it is on the page.
FORM: Final = "away"
PART: Final = "#away"
_TONES: Final = {"accepted": "good", "refused": "wait"}


def away_form(story: Story, *, carrier_of: Callable[[Parcel], str]) -> dict[str, Any] | None:
    """`away` of the template: for the parcel that comes next; None where none comes soon."""
    coming = [
        n
        for n, one in enumerate(story.parcels)
        if may_be_away(one.shipment, today=story.today)
    ]  # fmt: skip
    if not coming:
        return None
    unsaid = (n for n in coming if not _is_said(story.parcels[n]))
    place = next(unsaid, coming[0])
    parcel = story.parcels[place]
    said = _said(story, parcel, carrier_of(parcel))
    form = {"action": f"{story.page}answer/{PART}", "said": said}
    if _is_said(parcel):
        return form
    options = options_for(parcel.shipment)
    typed = story.typed if story.typed.form == FORM else None
    values = typed.values if typed else {}
    return form | {
        "parcel": str(place + 1),
        "which": _which(story, place),
        "open": typed is not None,
        "days": day_choices(story, parcel, chosen=values.get("day", "")),
        "parts": part_choices(),
        # Nobody can pay at a safe place.
        "kinds": options.parts - {"safe_place"} if story.order.cod_amount else options.parts,
        "values": values,
        "errors": typed.errors if typed else {},
        "problem": typed.errors.get("", "") if typed else "",
        "submit": submit_words(parcel),
    }


def _is_said(parcel: Parcel) -> bool:
    return parcel.absence is not None and parcel.absence.asked.state != "refused"


def _said(story: Story, parcel: Parcel, carrier: str) -> dict[str, str] | None:
    """What was asked for and what became of it, with the carrier's own words."""
    seen = parcel.absence
    if seen is None:
        return None
    sentence = answer_words.sentence(
        seen.asked, carrier=carrier, shop=story.merchant.name, language=story.tag
    )
    if not sentence:
        return None
    text = joined(ended(sentence, story.tag), carrier_says(seen, carrier=carrier))
    return {"text": text, "tone": _TONES.get(seen.asked.state, "moving")}


def _which(story: Story, place: int) -> str:
    if len(story.parcels) < 2:
        return ""
    words = {"n": place + 1, "total": len(story.parcels)}
    return _("This is about parcel %(n)s of %(total)s.") % words
