"""A mark and words after a delivery: parse, hand over, show.

What `storefront_pages.asking` says of tokens and CSRF holds here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from helpdesk.cases import open_case
from helpdesk.models import Case
from storefront_pages.access import Part
from storefront_pages.asking import parcel_of, posted
from storefront_pages.feedback_block import FORM, PART, SHOP
from storefront_pages.stamps import Stamp
from storefront_pages.typed import Typed
from storefront_pages.views import private
from tracking.feedback import LONGEST, LOW, MARKS, Given, opens_cases, take
from tracking.models import Feedback


@csrf_exempt
@private
def feedback(request: HttpRequest, token: str, merchant: str = "") -> HttpResponse:
    """One tap, which counts at once, or words to one that was made."""
    return posted(request, token, merchant, _take, need=Part.FEEDBACK, form=FORM)


def _take(
    marked: Stamp, typed_in: Mapping[str, str], now: datetime
) -> tuple[Typed | None, str]:  # fmt: skip
    about, words = typed_in.get("about", ""), typed_in.get("words", "")
    shipment = None if about == SHOP else parcel_of(marked, about)
    if shipment is None and about != SHOP:
        return None, PART
    if len(words) > LONGEST:
        error = _("Please keep it under %(n)s letters.") % {"n": LONGEST}
        return Typed(FORM, typed_in, {"words": error}), ""
    assert marked.order is not None
    given = take(
        order=marked.order,
        shipment=shipment,
        role=marked.role,
        mark=_mark(typed_in.get("mark", "")),
        words=words,
        language=get_language() or "",
        now=now,
    )
    if given is not None:
        _raise_hand(given, words, now=now)
    return None, PART


def _mark(text: str) -> int | None:
    return next((mark for mark in MARKS if str(mark) == text), None)


def _raise_hand(given: Given, words: str, *, now: datetime) -> None:
    """A low mark is somebody's business, where the shop wants that; words to it join the case."""
    row = given.feedback
    if row.mark > LOW or not (given.is_low_now or words) or not opens_cases():
        return
    told = [_sentence(row)] if given.is_low_now else []
    for text in [*told, *([words] if words else [])]:
        open_case(
            order=row.order,
            kind=Case.Kind.CONCERN,
            text=text,
            shipment=row.shipment,
            now=now,
        )


def _sentence(row: Feedback) -> str:
    """The mark as words of the shopper's, in the active language."""
    if row.shipment is None:
        return _("I give the shop %(mark)s of 5.") % {"mark": row.mark}
    return _("I give the delivery %(mark)s of 5.") % {"mark": row.mark}
