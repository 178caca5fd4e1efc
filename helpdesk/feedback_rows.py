"""How people found a delivery and the shop, in words: for desk and dashboard."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from carriers.registry import name_of
from helpdesk.told import Clock
from lib.mark_words import MARK_LABELS
from tracking.feedback import LOW
from tracking.models import Feedback, Recipient

_WHO: Final[dict[str, Lazy]] = {
    Recipient.Role.BUYER: pgettext_lazy("who judged a delivery", "Buyer"),
    Recipient.Role.RECEIVER: pgettext_lazy("who judged a delivery", "Receiver"),
    Recipient.Role.FRONT_DESK: pgettext_lazy("who judged a delivery", "Front desk"),
}


def feedback_rows(found: Iterable[Feedback], clock: Clock, *, acts: bool) -> list[dict[str, Any]]:
    """What `desk/_feedback.html` takes, in the order given. The words are for who may act."""
    return [
        {
            "sentence": sentence(one, clock.language),
            "who": str(_WHO[one.role]),
            "words": one.words if acts else "",
            "lang": one.language,
            "tone": "act" if one.mark <= LOW else "quiet",
            **clock.pair(one.given_at),
        }
        for one in found
    ]


def sentence(one: Feedback, language: str) -> str:
    """ "Aramex: 4 of 5, good"."""
    words = {"mark": one.mark, "label": MARK_LABELS[one.mark]}
    if one.shipment is None:
        return _("The shop: %(mark)s of 5, %(label)s") % words
    carrier = name_of(one.shipment.carrier, language=language)
    return _("%(carrier)s: %(mark)s of 5, %(label)s") % (words | {"carrier": carrier})
