"""The answer whether an order that is paid at the door stands: parse, hand over, show.

What `storefront_pages.asking` says of tokens and CSRF holds here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from storefront_pages.access import Part
from storefront_pages.asking import posted
from storefront_pages.cash_form import FORM, PART
from storefront_pages.stamps import Stamp
from storefront_pages.typed import Typed
from storefront_pages.views import private
from stores.cash_answers import answer_cash

_ANSWERS: Final = {"yes": True, "no": False}


@csrf_exempt
@private
def cash(request: HttpRequest, token: str, merchant: str = "") -> HttpResponse:
    """What the shopper said of an order to be paid at the door."""
    return posted(request, token, merchant, _take, need=Part.CONFIRM_CASH, form=FORM)


def _take(
    marked: Stamp, typed_in: Mapping[str, str], now: datetime
) -> tuple[Typed | None, str]:  # fmt: skip
    confirmed = _ANSWERS.get(typed_in.get("answer", ""))
    if confirmed is None:
        return Typed(FORM, typed_in, {"answer": _("Please choose one of the two answers.")}), ""
    assert marked.order is not None
    answer_cash(order=marked.order, confirmed=confirmed, now=now)
    return None, PART
