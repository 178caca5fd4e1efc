"""The form that completes an address: parse, hand over, show.

What `storefront_pages.asking` says of tokens and CSRF holds here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from lib.addresses.answering import LONGEST, read_answer
from lib.addresses.words import fault
from storefront_pages.access import Part
from storefront_pages.asking import posted
from storefront_pages.place_form import FORM, PART
from storefront_pages.stamps import Stamp
from storefront_pages.typed import Typed
from storefront_pages.views import private
from stores.address_answers import fill_in
from tracking.address_check import policy_of


@csrf_exempt
@private
def place(request: HttpRequest, token: str, merchant: str = "") -> HttpResponse:
    """What the shopper gave of what the address lacked."""
    return posted(request, token, merchant, _take, need=Part.COMPLETE_ADDRESS, form=FORM)


def _take(
    marked: Stamp, typed_in: Mapping[str, str], now: datetime
) -> tuple[Typed | None, str]:  # fmt: skip
    order = marked.order
    assert order is not None
    if not policy_of().asks:
        return None, ""
    answer = read_answer(typed_in, country=order.country)
    errors = {
        name: fault(what, order.country, longest=LONGEST[name])
        for name, what in answer.faults.items()
    }
    if not errors and not any(typed_in.get(name) for name in LONGEST):
        errors[""] = _("Please fill in what is asked for.")
    if errors:
        return Typed(FORM, typed_in, errors), ""
    fill_in(order=order, parts=answer.parts, now=now)
    return None, PART
