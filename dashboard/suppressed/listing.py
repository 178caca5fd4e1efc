"""Not written to: the list, one address's standing, and a file of it."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dashboard.clock import Clock, clock_for
from dashboard.message_log import message_tabs
from dashboard.shell import address, page
from lib import csv_cells, formats
from merchants.access import MerchantRequest, may, member_view, record
from merchants.models import Role
from notifications.channels.registry import label_of
from notifications.models import Suppression
from notifications.suppressions import find, masked, newest, reason_of

PAGE: Final = 50
_LONGEST: Final = 254


@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Role.VIEWER)
def suppressions(request: MerchantRequest) -> HttpResponseBase:
    """Newest first, fifty a page. A post asks about one address: so it stands in no log."""
    asked = ""
    if request.method == "POST" and may(request.role, Role.AGENT):
        asked = request.POST.get("address", "").replace("\0", "").strip()[:_LONGEST]
    before = request.GET.get("before", "")
    is_page = not asked and before.isascii() and before.isdigit() and len(before) < 19
    if asked:
        found = list(find(asked, merchant=request.merchant))
    else:
        found = list(newest(before=int(before) if is_page else None)[: PAGE + 1])
    base = address(request, "suppressions")
    is_more = not asked and len(found) > PAGE
    shows_whole = may(request.role, Role.ADMIN)
    clock = clock_for(request.merchant)
    context = {
        "views": message_tabs(request, "suppressed"),
        "sentence": _sentence(),
        "rows": [_row(request, one, clock, shows_whole=shows_whole) for one in found[:PAGE]],
        "asked": asked,
        "can_ask": may(request.role, Role.AGENT),
        "is_masked": not shows_whole,
        "empty": _("We know of no reason not to write to this address.")
        if asked
        else _("Everybody may be written to."),
        "empty_action": {"label": _("The whole list"), "url": base} if asked else None,
        "base_url": base,
        "add_url": address(request, "suppression_add") if shows_whole else "",
        "csv_url": address(request, "suppressions_csv") if shows_whole else "",
        "newest_url": base if is_page else "",
        "older_url": f"{base}?before={found[PAGE - 1].pk}" if is_more else "",
    }
    return page(request, "suppressions.html", context, current="messages")


@require_safe
@member_view(Role.ADMIN)
def suppressions_csv(request: MerchantRequest) -> HttpResponseBase:
    """The whole list with whole addresses; that it was taken is written down."""
    rows = newest()
    lines = [csv_cells.line(("channel", "address", "reason", "since"))]
    lines += [_line(one) for one in rows.iterator()]
    record(
        merchant=request.merchant, user=request.user, action="suppressions.downloaded",
        addresses=len(lines) - 1,
    )  # fmt: skip
    text = csv_cells.BYTE_ORDER_MARK + "".join(lines)
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="not-written-to.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _line(row: Suppression) -> str:
    return csv_cells.line(
        (row.channel, row.address, row.reason, row.at.isoformat(timespec="seconds"))
    )


def _row(
    request: MerchantRequest, row: Suppression, clock: Clock, *, shows_whole: bool
) -> dict[str, Any]:
    remove = address(request, "suppression_remove", row.pk) if shows_whole else ""
    return {
        "address": row.address if shows_whole else masked(row.address),
        "channel": label_of(row.channel),
        "reason": reason_of(row),
        "remove_url": remove,
        **clock.pair(row.at),
    }


def _sentence() -> str:
    count = newest().count()
    words = ngettext(
        "%(n)s address is not written to, because its owner does not want it or it reaches nobody.",
        "%(n)s addresses are not written to, because their owners do not want it or they reach "
        "nobody.",
        count,
    )
    return words % {"n": formats.number(count, get_language() or "en")}


def crumbs(request: MerchantRequest) -> list[dict[str, str]]:
    """The way back, for the pages below the list."""
    return [{"label": _("Not written to"), "url": address(request, "suppressions")}]
