"""The buyer names who receives the parcel, or takes that back: parse, hand over, show.

What `storefront_pages.asking` says of tokens and CSRF holds here. It makes us write to somebody who
did not ask for it, so it is narrow: the buyer's own link, one receiver an order, few tries an
order and an address, a name without anything that could be an advertisement, and a first message
that says who asked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from lib import limits
from lib.phones import e164
from lib.signing import fingerprint
from notifications.leaving import withdraw
from storefront_pages import languages
from storefront_pages.access import Part
from storefront_pages.asking import posted
from storefront_pages.share_form import FORM, PART, may_share
from storefront_pages.stamps import Stamp
from storefront_pages.typed import Typed
from storefront_pages.views import private
from stores.named_people import share as name_receiver
from stores.named_people import unshare
from tracking.models import Order
from tracking.orders import touch

#: People that one order may name in a day, and orders of a shop that may name one address.
NAMED_AN_ORDER: Final = (3, 86_400)
NAMED_AN_ADDRESS: Final = (5, 86_400)
_LONGEST_NAME: Final = 60
_MARKS: Final = frozenset(" '’-.·")
_ADDRESS_IN_NAME: Final = re.compile(r"\w\.\w{2,}")


@csrf_exempt
@private
def share(request: HttpRequest, token: str, merchant: str = "") -> HttpResponse:
    """A receiver, or nobody any more."""
    return posted(request, token, merchant, _take, need=Part.SHARE, form=FORM)


def _take(
    marked: Stamp, typed_in: Mapping[str, str], now: datetime
) -> tuple[Typed | None, str]:  # fmt: skip
    order = marked.order
    assert order is not None
    if not may_share(order, role=marked.role):
        return None, ""
    if typed_in.get("do") == "take_back":
        gone = unshare(order=order, now=now)
        if gone is not None:
            withdraw(gone)
            touch(order.pk, now=now)
        return None, PART
    errors = _errors(typed_in, country=order.country or marked.merchant.country)
    errors = errors or _too_many(marked, order, typed_in)
    if errors:
        return Typed(FORM, typed_in, errors), ""
    language = typed_in.get("language", "")
    made = name_receiver(
        order=order,
        name=typed_in.get("name", ""),
        email=typed_in.get("email", ""),
        phone=typed_in.get("phone", ""),
        language=language if language in languages.offered(marked.merchant) else "",
        is_surprise="surprise" in typed_in,
        now=now,
    )
    if made is not None:
        touch(order.pk, now=now)
    return None, PART


def _errors(typed_in: Mapping[str, str], *, country: str) -> dict[str, str]:
    """What is wrong, by field; the language must be active."""
    errors = {}
    name, email, phone = (typed_in.get(field, "") for field in ("name", "email", "phone"))
    if not _is_name(name):
        errors["name"] = _("Please write the name alone, in letters.")
    if email and not _is_email(email):
        errors["email"] = _("Enter an e-mail address, such as omar@example.com.")
    if phone and not e164(phone, country=country):
        errors["phone"] = _("Enter a phone number with 6 to 15 digits, such as 050 123 4567.")
    if not email and not phone:
        errors["phone"] = _("A phone number or an e-mail address is needed.")
    return errors


def _is_name(text: str) -> bool:
    """Letters of any script: nothing to click on, to call or to read as a message."""
    if not 0 < len(text) <= _LONGEST_NAME or _ADDRESS_IN_NAME.search(text):
        return False
    return all(letter in _MARKS or unicodedata.category(letter)[0] in "LM" for letter in text)


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254


def _too_many(marked: Stamp, order: Order, typed_in: Mapping[str, str]) -> dict[str, str]:
    """Counts one more; what is said where it was too often."""
    shop = marked.merchant.pk
    country = order.country or marked.merchant.country
    reached = (typed_in.get("email", "").lower(), e164(typed_in.get("phone", ""), country=country))
    counted = [(f"share:{shop}:{order.pk}", NAMED_AN_ORDER)]
    counted += [
        (f"share-to:{shop}:{fingerprint(one)[:24]}", NAMED_AN_ADDRESS) for one in reached if one
    ]
    windows = [
        limits.count(name, limit=limit, seconds=seconds) for name, (limit, seconds) in counted
    ]
    if any(window.is_over for window in windows):
        return {"": _("Too many tries. Please try again tomorrow, or ask the shop.")}
    return {}
