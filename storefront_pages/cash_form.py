"""An order to be paid at the door: does it stand? The question on the page, and the answer."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext as _

from lib import formats
from storefront_pages.story import Story
from storefront_pages.typed import Typed
from tracking.cash import is_answerable

#: The form's name, and where it is on the page.
FORM: Final = "cash"
PART: Final = "#cash"


def cash_form(story: Story, typed: Typed, *, action: str) -> dict[str, Any] | None:
    """`cash` of the template; None where nobody asked, or an answer would come too late."""
    seen, order = story.cash, story.order
    if seen is None or not is_answerable(order, (one.status for one in story.parcels)):
        return None
    assert order.cod_amount is not None
    shop = {"shop": story.merchant.name}
    price = {"amount": formats.money(order.cod_amount, order.currency or "USD", story.tag)}
    found: dict[str, Any] = {
        "action": action,
        "title": _("Confirm your order: %(amount)s to pay at the door") % price,
        "answered": seen.confirmed is not None,
        "yes": seen.confirmed is not True,
        "no": seen.confirmed is not False,
    }
    if seen.confirmed is True:
        found["done"] = _("You confirmed the order: %(amount)s to pay at the door.") % price
        found["tone"] = "good"
    elif seen.confirmed is False:
        found["done"] = _("You told %(shop)s that you do not want the order any more.") % shop
        found["tone"] = "quiet"
    if typed.form == FORM and typed.errors.get("answer"):
        found["error"] = typed.errors["answer"]
    return found
