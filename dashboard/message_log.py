"""The log of messages: to whom, what, what became of it."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from dashboard.clock import clock_for
from dashboard.message_words import STATES, message_row
from dashboard.setup.message_step import confirmations
from dashboard.shell import address, page
from dashboard.unsent_words import unsent_block
from merchants.access import MerchantRequest, may, member_view
from merchants.models import Role
from notifications.models import Message

PAGE: Final = 50
_PROBLEM: Final = (Message.State.FAILED, Message.State.UNCERTAIN)
_TABS: Final = ("", "problem", "sent", "delivered", "waiting", "skipped")


@require_safe
@member_view(Role.VIEWER)
def messages(request: MerchantRequest) -> HttpResponseBase:
    """Newest first, by state, fifty a page."""
    state = request.GET.get("state", "")
    state = state if state in _TABS else ""
    rows = Message.objects.select_related("order").defer("text", "html", "order__search_text")
    if state == "problem":
        rows = rows.filter(state__in=_PROBLEM)
    elif state:
        rows = rows.filter(state=state)
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows.order_by("-pk")[: PAGE + 1])
    older = f"{_url(request, state)}before={found[PAGE - 1].pk}" if len(found) > PAGE else ""
    clock = clock_for(request.merchant)
    context = {
        "sentence": _("What your customers were told, and what became of it."),
        "views": message_tabs(request, state),
        "confirmations": confirmations(request, address(request, "messages"))
        if may(request.role, Role.ADMIN)
        else None,
        "rows": [
            message_row(request, one, clock)
            | {"order": one.order.number, "subject": one.subject,
               "order_url": address(request, "order", one.order_id)}
            for one in found[:PAGE]
        ],
        "unsent": unsent_block(clock),
        "empty": _("No message here."),
        "newest_url": _url(request, state).rstrip("?&") if before else "",
        "older_url": older,
    }  # fmt: skip
    return page(request, "messages.html", context, current="messages")


def message_tabs(request: MerchantRequest, current: str) -> list[dict[str, Any]]:
    """The log by state, and, for those who may, what is sent at all ("rules")."""
    tabs = [_tab(request, name, current=name == current) for name in _TABS]
    tabs.append(
        {
            "label": _("Vouchers"),
            "url": address(request, "vouchers"),
            "current": current == "vouchers",
            "count": None,
        }
    )
    tabs.append(
        {
            "label": _("Not written to"),
            "url": address(request, "suppressions"),
            "current": current == "suppressed",
            "count": None,
        }
    )
    tabs.append(
        {
            "label": _("Registered texts"),
            "url": address(request, "texts"),
            "current": current == "texts",
            "count": None,
        }
    )
    if may(request.role, Role.ADMIN):
        tabs.append(
            {
                "label": pgettext("of messages", "Texts"),
                "url": address(request, "templates"),
                "current": current == "templates",
                "count": None,
            }
        )
        tabs.append(
            {
                "label": _("Channels"),
                "url": address(request, "channels"),
                "current": current == "channels",
                "count": None,
            }
        )
        tabs.append(
            {
                "label": _("What is sent"),
                "url": address(request, "message_rules"),
                "current": current == "rules",
                "count": None,
            }
        )
        tabs.append(
            {
                "label": _("Customers’ messages"),
                "url": address(request, "answer_settings"),
                "current": current == "answers",
                "count": None,
            }
        )
    return tabs


def _tab(request: MerchantRequest, name: str, *, current: bool) -> dict[str, Any]:
    if name == "problem":
        label = pgettext("messages", "Did not arrive")
    else:
        label = str(STATES[name]) if name else pgettext("messages", "All")
    return {"label": label, "url": _url(request, name).rstrip("?&"), "current": current,
            "count": None}  # fmt: skip


def _url(request: MerchantRequest, state: str) -> str:
    base = address(request, "messages")
    return f"{base}?state={state}&" if state else f"{base}?"
