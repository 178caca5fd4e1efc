"""Which peaks concern this shop: those of its own country and of where its parcels go."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from dashboard.shell import address
from edd.day_rules import day_rules
from help_texts.peaks import Peak
from help_texts.suggesting import untaken
from merchants.access import MerchantRequest, may
from merchants.models import Merchant, Role
from tracking.models import Order

#: The newest orders, whose countries count.
_ORDERS: Final = 500


def peaks_of(merchant: Merchant, *, today: date) -> list[Peak]:
    """The coming peaks without a banner; in the merchant's scope."""
    newest = Order.objects.order_by("-placed_at", "-pk").values_list("country", flat=True)
    countries = {merchant.country, *newest[:_ORDERS]} - {""}
    return untaken(countries, today=today, rules=day_rules(merchant.pk))


def ready_banners(request: MerchantRequest, *, today: date) -> list[dict[str, Any]]:
    """The thing to do of the home page (`components/todo.html`) while a peak comes; for those
    who may take its banner."""
    if not may(request.role, Role.ADMIN):
        return []
    near = [one for one in peaks_of(request.merchant, today=today) if one.is_near(today)]
    if not near:
        return []
    words = ngettext(
        "%(n)s banner is ready for the next weeks",
        "%(n)s banners are ready for the next weeks",
        len(near),
    )
    return [
        {
            "tone": "quiet",
            "icon": "megaphone",
            "count": len(near),
            "url": address(request, "banners"),
            "action": pgettext("to do", "Look"),
            "sentence": words % {"n": len(near)},
            "detail": _("Shoppers who know why a parcel takes longer do not ask."),
        }
    ]
