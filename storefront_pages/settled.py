"""What the shop decided about an order that went wrong: money back, or a parcel instead."""

from __future__ import annotations

from django.utils.translation import gettext as _

from lib import formats
from lib.vocabulary import Status
from storefront_pages.story import Parcel, Story

#: Where a decision is the answer to "what happens now".
_ENDED_BADLY = frozenset(
    {
        Status.RETURNING,
        Status.RETURNED,
        Status.LOST_OR_DESTROYED,
        Status.CANCELLED,
        Status.EXPIRED,
    }
)


def settled_facts(story: Story) -> list[dict[str, str]]:
    """Lines under the heading, each {icon, text}."""
    found = []
    shop, currency = story.merchant.name, story.order.currency
    for refund in story.settled.refunds if currency else ():
        words = {"shop": shop, "amount": formats.money(refund.amount, currency, story.tag)}
        if refund.at is None:
            text = _("%(shop)s gave you back %(amount)s") % words
        else:
            words["day"] = formats.weekday_date(story.local(refund.at).date(), story.tag)
            text = _("%(shop)s gave you back %(amount)s on %(day)s") % words
        found.append({"icon": "banknote", "text": text})
    if story.settled.again:
        words = {"shop": shop, "number": story.settled.again}
        text = _("%(shop)s is sending it again as order %(number)s") % words
        found.append({"icon": "package", "text": text})
    return found


def settled_lead(story: Story, parcel: Parcel | None) -> str:
    """What happens next once that is decided; "" before, and where the parcel is well."""
    status = parcel.status if parcel is not None else story.status
    if status not in _ENDED_BADLY:
        return ""
    if story.settled.again:
        return _("You need to do nothing. The new order has a page of its own.")
    if story.settled.refunds:
        return _("You need to do nothing. Your bank may take some days to show the money.")
    return ""
