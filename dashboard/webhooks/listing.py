"""All endpoints of a merchant, with their health."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponseBase
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboard.clock import clock_for
from dashboard.shell import address, page
from dashboard.webhooks.words import endpoint_row, name_of, program_tabs
from lib.formats import listing
from merchants.access import MerchantRequest, may, member_view
from merchants.models import Role
from notifications.models import WebhookEndpoint
from notifications.webhooks.endpoints import endpoints
from notifications.webhooks.health import health_of, state_of

_WORST_FIRST = ("down", "slow", "unknown", "ok", "off")


@require_safe
@member_view(Role.VIEWER)
def webhooks(request: MerchantRequest) -> HttpResponseBase:
    """What fails first; what we switched off is before what the merchant did."""
    clock = clock_for(request.merchant)
    found = sorted(endpoints().order_by("pk"), key=_worst_first)
    health = health_of(found, now=clock.now)
    add = {
        "label": _("Add an endpoint"),
        "url": address(request, "webhook_new"),
        "icon": "plus",
    }
    context = {
        "tabs": program_tabs(request, "webhooks"),
        "sentence": _sentence(found),
        "action": add if may(request.role, Role.ADMIN) else None,
        "endpoints": [endpoint_row(request, one, health[one.pk], clock) for one in found],
        "empty": _("No endpoint yet. Your programs can hear of each step as it happens."),
        "docs_url": "/api/docs/",
    }
    return page(request, "webhooks/listing.html", context, current="webhooks")


def _worst_first(endpoint: WebhookEndpoint) -> tuple[bool, int]:
    return not endpoint.stopped_for, _WORST_FIRST.index(state_of(endpoint))


def _sentence(found: Sequence[WebhookEndpoint]) -> str:
    """The answer the page opens with."""
    bad = [name_of(one) for one in found if one.stopped_for or state_of(one) in {"down", "slow"}]
    if bad:
        return _("Look at %(names)s") % {"names": listing(bad, get_language() or "en")}
    on = sum(one.is_on for one in found)
    if not on:
        return _("What happens to orders and parcels, told to your own programs.")
    return ngettext(
        "%(n)s endpoint hears what happens", "%(n)s endpoints hear what happens", on
    ) % {"n": on}  # fmt: skip
