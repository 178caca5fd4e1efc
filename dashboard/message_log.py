"""The log of messages: to whom, what, what became of it, and why some were not sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_safe

from dashboard.clock import Clock, clock_for
from dashboard.message_filters import Wanted, filter_bar, narrowed, wanted_of
from dashboard.message_words import message_row
from dashboard.setup.message_step import confirmations
from dashboard.shell import address, page
from lib import formats
from merchants.access import MerchantRequest, may, member_view
from merchants.models import Role
from notifications.models import Message
from notifications.reasons import LABELS, Unsent
from notifications.unsent import unsent

PAGE: Final = 50
#: The summary of what was not sent is of these days.
_DAYS: Final = 30


@require_safe
@member_view(Role.VIEWER)
def messages(request: MerchantRequest) -> HttpResponseBase:
    """Newest first, fifty a page, narrowed by what the address says."""
    return log_page(request, wanted_of(request.GET))


def log_page(
    request: MerchantRequest, wanted: Wanted, *, to: Sequence[int] | None = None, sought: str = ""
) -> HttpResponseBase:
    """The page; `to`: only these messages, found by `sought`, which stays out of the address."""
    clock = clock_for(request.merchant)
    rows = narrowed(wanted, now=clock.now)
    if to is not None:
        rows = rows.filter(pk__in=to)
    before = "" if to is not None else request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows.order_by("-pk")[: PAGE + 1])
    base = f"{address(request, 'messages')}?{wanted.query}"
    has_older = len(found) > PAGE and to is None
    context = {
        "sentence": _("What your customers were told, and what became of it."),
        "views": message_tabs(request, "log"),
        "confirmations": confirmations(request, address(request, "messages"))
        if may(request.role, Role.ADMIN)
        else None,
        "filters": filter_bar(wanted),
        "action": address(request, "messages"),
        "clear_url": address(request, "messages") if wanted.query or sought else "",
        "search_url": address(request, "message_search"),
        "sought": sought,
        "unsent": _unsent(request, clock),
        "rows": [_row(request, one, clock) for one in found[:PAGE]],
        "empty": _("No message here."),
        "newest_url": base.rstrip("?&") if before else "",
        "older_url": f"{base}&before={found[PAGE - 1].pk}".replace("?&", "?") if has_older else "",
    }
    return page(request, "messages.html", context, current="messages")


def _row(request: MerchantRequest, message: Message, clock: Clock) -> dict[str, Any]:
    return message_row(request, message, clock) | {
        "order": message.order.number,
        "subject": message.subject,
        "order_url": address(request, "order", message.order_id),
    }


def _unsent(request: MerchantRequest, clock: Clock) -> dict[str, Any] | None:
    """Not sent in the last days, by reason, the most frequent first; None where all went out."""
    counts = unsent(since=clock.now - timedelta(days=_DAYS))
    if not counts:
        return None
    base = address(request, "messages")
    whole = sum(n for _code, n in counts)
    return {
        "sentence": ngettext(
            "%(n)s message was not sent in the last 30 days.",
            "%(n)s messages were not sent in the last 30 days.",
            whole,
        )
        % {"n": formats.number(whole, clock.language)},
        "reasons": [
            {
                "label": reason_label(code),
                "n": formats.number(n, clock.language),
                "url": f"{base}?days={_DAYS}" + (f"&reason={code}" if code else "&state=problem"),
            }
            for code, n in counts
        ],
    }


def reason_label(code: str) -> str:
    """The reason as a heading; older rows have no code."""
    return str(LABELS[Unsent(code)]) if code in set(LABELS) else _("For another reason")


def message_tabs(request: MerchantRequest, current: str) -> list[dict[str, Any]]:
    """The views of what is said: the log, the rules, the try, the figures."""
    tabs = [
        ("log", pgettext("messages", "Log"), "messages", Role.VIEWER),
        ("rules", _("What is sent"), "message_rules", Role.ADMIN),
        ("templates", pgettext("of messages", "Texts"), "templates", Role.ADMIN),
        ("channels", _("Channels"), "channels", Role.ADMIN),
        ("tries", _("Try it out"), "message_tries", Role.VIEWER),
        ("usage", _("Usage and cost"), "message_usage", Role.VIEWER),
        ("suppressed", _("Not written to"), "suppressions", Role.VIEWER),
        ("answers", _("Customers’ messages"), "answer_settings", Role.ADMIN),
        ("texts", _("Registered texts"), "texts", Role.VIEWER),
        ("vouchers", _("Vouchers"), "vouchers", Role.VIEWER),
    ]
    return [
        {"label": label, "url": address(request, route), "current": name == current, "count": None}
        for name, label, route, role in tabs
        if may(request.role, role)
    ]
