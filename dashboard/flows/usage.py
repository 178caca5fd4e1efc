"""Usage and cost: per rule and channel of the last 30 days, and month by month by country."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from dashboard.clock import Clock, clock_for
from dashboard.flows.journey import DAYS
from dashboard.message_log import message_tabs, reason_label
from dashboard.order_list import country_name
from dashboard.shell import address, page
from lib import formats
from merchants.access import MerchantRequest, member_view
from merchants.models import Role
from notifications.channels.registry import label_of
from notifications.figures import Figures, Use, by_month, by_rule, total
from notifications.rules import rules_of
from notifications.triggers import TRIGGERS

#: The months that are shown, this one included.
_MONTHS: Final = 6


@require_safe
@member_view(Role.VIEWER)
def message_usage(request: MerchantRequest) -> HttpResponseBase:
    """The tables."""
    clock = clock_for(request.merchant)
    counted = by_rule(since=clock.now - timedelta(days=DAYS))
    uses = by_month(since=_first_month(clock), zone=clock.zone)
    whole = total(counted.values())
    context = {
        "views": message_tabs(request, "usage"),
        "sentence": _sentence(whole, clock.language),
        "rules": _rules(request, counted, clock.language),
        "months": _months(uses, clock),
        "unsent": [
            {"label": reason_label(code), "n": formats.number(n, clock.language)}
            for code, n in whole.unsent.most_common()
        ],
        "rules_csv_url": address(request, "message_rules_csv"),
        "usage_csv_url": address(request, "message_usage_csv"),
        "days": DAYS,
    }
    return page(request, "flows/usage.html", context, current="messages")


@require_safe
@member_view(Role.VIEWER)
def message_rules_csv(request: MerchantRequest) -> HttpResponseBase:
    """Every rule and channel of the last 30 days."""
    clock = clock_for(request.merchant)
    counted = by_rule(since=clock.now - timedelta(days=DAYS))
    rows = [(slug, channel, *_columns(one)) for (slug, channel), one in sorted(counted.items())]
    return _file("rules-30-days.csv", ("rule", "channel", *_HEAD), rows)


@require_safe
@member_view(Role.VIEWER)
def message_usage_csv(request: MerchantRequest) -> HttpResponseBase:
    """Every month, channel and country."""
    clock = clock_for(request.merchant)
    uses = by_month(since=_first_month(clock), zone=clock.zone)
    rows = [(f"{one.month:%Y-%m}", one.channel, one.country, *_columns(one.figures))
            for one in uses]  # fmt: skip
    return _file("messages-by-month.csv", ("month", "channel", "country", *_HEAD), rows)


_HEAD: Final = (
    "planned", "sent", "arrived", "opened", "clicked", "failed", "not_sent", "spared", "parts",
    "cost",
)  # fmt: skip


def _columns(one: Figures) -> tuple[object, ...]:
    cost = " ".join(f"{amount:f} {code}" for code, amount in sorted(one.cost.items()))
    return (
        one.planned, one.sent, one.delivered, one.opened, one.clicked, one.failed, one.not_sent,
        one.spared, one.segments, cost,
    )  # fmt: skip


def _file(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    file = io.StringIO()
    write = csv.writer(file)
    write.writerow(head)
    write.writerows(rows)
    response = HttpResponse(file.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _first_month(clock: Clock) -> datetime:
    back = clock.today.year * 12 + clock.today.month - _MONTHS
    return datetime(back // 12, back % 12 + 1, 1, tzinfo=clock.zone)


def _sentence(whole: Figures, language: str) -> str:
    sent = ngettext(
        "%(n)s message was sent in the last 30 days",
        "%(n)s messages were sent in the last 30 days",
        whole.sent,
    ) % {"n": formats.number(whole.sent, language)}
    spared = ngettext(
        "%(sent)s; %(n)s was spared, because it would have said nothing new.",
        "%(sent)s; %(n)s were spared, because they would have said nothing new.",
        whole.spared,
    )
    return spared % {"sent": sent, "n": formats.number(whole.spared, language)}


def _rules(request: MerchantRequest, counted: Any, language: str) -> list[dict[str, Any]]:
    names = {rule.slug: rule.name or str(rule.trigger.label) for rule in rules_of(request.merchant)}
    order = {slug: place for place, slug in enumerate(names)}
    found = sorted(counted.items(), key=lambda one: (order.get(one[0][0], 999), one[0]))
    return [
        {"label": names.get(slug) or _gone(slug), "channel": label_of(channel)}
        | _shown(figures, language)
        for (slug, channel), figures in found
    ]


def _gone(slug: str) -> str:
    return str(TRIGGERS[slug].label) if slug in TRIGGERS else _("A rule that was deleted")


def _months(uses: Sequence[Use], clock: Clock) -> list[dict[str, Any]]:
    names = formats.locale_of(clock.language).months["format"]["wide"]
    return [
        {
            "month": f"{names[one.month.astimezone(clock.zone).month]} {one.month:%Y}",
            "channel": label_of(one.channel),
            "country": country_name(one.country, clock.language),
        }
        | _shown(one.figures, clock.language)
        for one in uses
    ]


def _shown(one: Figures, language: str) -> dict[str, str]:
    numbers = {
        "planned": one.planned, "sent": one.sent, "delivered": one.delivered,
        "opened": one.opened, "clicked": one.clicked, "failed": one.failed,
        "unsent": one.not_sent, "spared": one.spared, "parts": one.segments,
    }  # fmt: skip
    shown = {name: formats.number(n, language) if n else "–" for name, n in numbers.items()}
    amounts = [formats.money(paid, code, language) for code, paid in sorted(one.cost.items())]
    return shown | {"cost": formats.listing(amounts, language) if amounts else "–"}
