"""What came of the look-up's form: the order's page, its status alone, or one sentence."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.http import HttpRequest
from django.utils.translation import gettext as _

from lib import limits
from lib.folding import number_key
from lib.signing import fingerprint
from lib.words import place_name
from merchants.models import Merchant
from storefront_pages.access import Access, Part, Tier
from storefront_pages.lookup import find_by_number, find_order
from tracking.links import link_by_lookup
from tracking.models import Order, Recipient

#: Looks at the form from one address; at one number of one shop, whoever asks; at one shop.
TRIES_AN_ADDRESS: Final = (20, 600)
TRIES_A_NUMBER: Final = (10, 3600)
TRIES_A_SHOP: Final = (900, 600)
_LONGEST_FIELD: Final = 254


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the view answers: `token` of the page that was found, else the form again.

    `context` has keys of `storefront/lookup.html`, or of `storefront/number.html` where a `number`
    alone was enough. `wait` are seconds where there were too many tries.
    """

    token: str = ""
    status: int = 422
    wait: int = 0
    is_number_page: bool = False
    context: dict[str, Any] = field(default_factory=dict)


def read_lookup(request: HttpRequest, shop: Merchant, *, now: datetime) -> Outcome:
    """Read a posted form, count the try and look. In the merchant's scope."""
    number = request.POST.get("number", "").strip()[:_LONGEST_FIELD]
    proof = request.POST.get("proof", "").strip()[:_LONGEST_FIELD]
    typed: dict[str, Any] = {"number": number, "proof": proof}
    errors = {}
    if not number_key(number):
        errors["number"] = _("Enter the order number, for example 1042.")
    if not proof and not shop.shows_by_number:
        errors["proof"] = _("Enter the e-mail, phone number or postcode of the order.")
    if errors:
        return Outcome(context=typed | {"errors": errors})
    wait = _too_many(request, shop, number)
    if wait:
        words = _("Too many tries just now. Please try again in a few minutes.")
        return Outcome(status=429, wait=wait, context=typed | {"error": words})
    return _by_proof(shop, typed, now=now) if proof else _by_number(typed)


def _by_proof(shop: Merchant, typed: dict[str, Any], *, now: datetime) -> Outcome:
    found = find_order(number=typed["number"], proof=typed["proof"])
    if found is None:
        words = _(
            "We found no order with these details. Please check the number, and use the "
            "e-mail, phone number or postcode you ordered with."
        )
        return Outcome(context=typed | {"error": words})
    order = Order.objects.get(pk=found.order_id)
    # Whom a present is for knows where it goes, and is not to read what it is.
    is_gifted = order.is_gift and found.by_postcode
    people = Recipient.objects.filter(order=order, role=Recipient.Role.RECEIVER)
    until = now + timedelta(days=shop.links_last_days)
    recipient = people.first() if is_gifted else None
    return Outcome(token=link_by_lookup(order=order, recipient=recipient, until=until).token)


def _by_number(typed: dict[str, Any]) -> Outcome:
    """Status and city, and nothing that leads further."""
    found = find_by_number(typed["number"])
    if found is None:
        words = _("We found no order with this number. Please check it.")
        return Outcome(context=typed | {"error": words})
    access, order = Access(Tier.NUMBER), Order.objects.get(pk=found)
    shown = {Part.STATUS: order.status, Part.CITY: place_name(order.city)}
    context = {part.value: words for part, words in shown.items() if access.may(part)}
    return Outcome(status=200, is_number_page=True, context=typed | context)


def _too_many(request: HttpRequest, shop: Merchant, number: str) -> int:
    """Seconds to wait, 0 when there is no need. All are counted, whatever the first says."""
    target = fingerprint(number_key(number))[:24]
    counted = (
        (f"lookup:{limits.client_address(request)}", TRIES_AN_ADDRESS),
        (f"lookup:{shop.pk}:{target}", TRIES_A_NUMBER),
        (f"lookup:{shop.pk}", TRIES_A_SHOP),
    )
    windows = [
        limits.count(name, limit=limit, seconds=seconds) for name, (limit, seconds) in counted
    ]
    return max((window.seconds_left for window in windows if window.is_over), default=0)
