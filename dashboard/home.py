"""Home: what to do now, worst first."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.conf import settings
from django.db.models import Count, DateField, DateTimeField, F, Func, Q, QuerySet, Value
from django.db.models.functions import Cast, NullIf
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from dashboard.attention import Waiting, count_everything, outages_of_shop
from dashboard.clock import Clock, clock_for
from dashboard.dates.disruption_rows import slowness_hints
from dashboard.domains.todos import domain_todos
from dashboard.help_texts.peaks import ready_banners
from dashboard.setup.beginnings import beginnings
from dashboard.shell import address, page, setup_url
from dashboard.story_changes import change_pill, change_sentence
from helpdesk.outage_lines import outage_lines
from lib import formats
from merchants.access import MerchantRequest, may, member_view
from merchants.models import Role
from tracking.models import Change, Order, Shipment

_MONTH: Final = timedelta(days=30)
_TOLD: Final = (Change.Kind.MILESTONE, Change.Kind.DATE, Change.Kind.FLAG)


@member_view(Role.VIEWER)
def home(request: MerchantRequest) -> HttpResponseBase:
    clock = clock_for(request.merchant)
    waiting = count_everything(now=clock.now)
    is_empty = not Order.objects.exists()
    context = {
        "outages": outage_lines(outages_of_shop(), clock),
        "hints": slowness_hints(request, clock, may_change=may(request.role, Role.ADMIN)),
        "sentence": _("Ready for the first parcel") if is_empty else _sentence(waiting),
        "action": None,
        "todos": [
            *beginnings(request, is_empty=is_empty),
            *todos(request, waiting),
            *domain_todos(request, now=clock.now),
            *([] if is_empty else ready_banners(request, today=clock.today)),
        ],
        "dismiss_url": address(request, "setup_dismiss") if setup_url(request) else "",
        "calm": _("Nothing waits for you. New orders and news from carriers appear by themselves."),
        # Zeros say nothing: figures come with the first order.
        "stats": [] if is_empty else _stats(request, waiting, clock),
        "recent": _recent(request, clock),
        "demo_shop_url": f"/demo/shop/{request.merchant.slug}/" if settings.DEMO else "",
    }
    return page(request, "home.html", context, current="home")


def _sentence(waiting: Waiting) -> str:
    # An order may be in both counts: it is not counted twice.
    needs = waiting.needs or waiting.addresses
    if needs:
        return ngettext(
            "%(n)s order needs you", "%(n)s orders need you", needs
        ) % {"n": needs}  # fmt: skip
    if waiting.on_the_way:
        return ngettext(
            "%(n)s order on its way, none needs you",
            "%(n)s orders on their way, none needs you",
            waiting.on_the_way,
        ) % {"n": waiting.on_the_way}
    return _("Nothing needs you")


_Row = tuple[int, str, str, str, str, str, str]
"""Count, tone, icon, address, verb, sentence with %(n)s, detail."""


def todos(request: MerchantRequest, waiting: Waiting) -> list[dict[str, Any]]:
    """The things to do, worst first; each leads to the list behind its number."""
    rows = (
        *_about_customers(request, waiting),
        *_about_orders(request, waiting),
        *_about_connections(request, waiting),
    )
    found = [
        {
            "tone": tone, "icon": icon, "count": count, "url": url, "action": action,
            "sentence": sentence % {"n": count}, "detail": detail,
        }
        for count, tone, icon, url, action, sentence, detail in rows
        if count
    ]  # fmt: skip
    return sorted(found, key=lambda one: one["tone"] != "act")


def _about_customers(request: MerchantRequest, w: Waiting) -> tuple[_Row, ...]:
    desk = reverse("helpdesk:desk", args=[request.merchant.slug])
    return (
        (w.cases, "act", "message-square-warning", desk, pgettext("to do", "To the desk"),
         ngettext("%(n)s open case", "%(n)s open cases", w.cases),
         _("Customers wait for an answer. The desk shows the worst first.")),
        (w.answers, "act", "forward", desk, pgettext("to do", "Pass on"),
         ngettext("%(n)s answer needs passing on to the carrier",
                  "%(n)s answers need passing on to the carrier", w.answers),
         _("A customer said what should happen after a failed attempt.")),
    )  # fmt: skip


def _about_orders(request: MerchantRequest, w: Waiting) -> tuple[_Row, ...]:
    orders, look = address(request, "orders"), pgettext("to do", "Look")
    return (
        (w.attempts, "act", "user-x", f"{orders}?view=attempts", look,
         ngettext("%(n)s order with a failed delivery attempt",
                  "%(n)s orders with a failed delivery attempt", w.attempts),
         _("The courier tries again when the customer answers.")),
        (w.addresses, "act", "map-pin-off", f"{orders}?view=address", look,
         ngettext("%(n)s order waits with an address that no courier can use",
                  "%(n)s orders wait with addresses that no courier can use", w.addresses),
         _("Customers are asked for what is missing; you can complete it as well.")),
        (w.shop, "act", "circle-alert", f"{orders}?view=shop", look,
         ngettext("%(n)s order waits for you", "%(n)s orders wait for you", w.shop),
         _("The carrier needs something that only the shop can give.")),
        (w.fields, "act", "text-cursor-input", f"{orders}?view=fields",
         pgettext("to do", "Type in"),
         ngettext("%(n)s order whose carrier needs more than the number",
                  "%(n)s orders whose carriers need more than the number", w.fields),
         _("A postcode, a phone number or a day. As soon as it is there, we ask.")),
        (w.shopper, "act", "message-square-warning", f"{orders}?view=shopper", look,
         ngettext("%(n)s order waits for its customer",
                  "%(n)s orders wait for their customers", w.shopper),
         _("A document, a payment, a new time, or a parcel to collect.")),
        (w.late, "wait", "clock", f"{orders}?view=late", look,
         ngettext("%(n)s order is late", "%(n)s orders are late", w.late),
         _("Past the date that was promised first.")),
        (w.likely, "wait", "clock-alert", f"{orders}?view=likely", look,
         ngettext("%(n)s order will probably be late",
                  "%(n)s orders will probably be late", w.likely),
         _("The promised day has not passed yet. Customers are told with the new date.")),
        (w.stalled, "wait", "hourglass", f"{orders}?view=stalled", look,
         ngettext("%(n)s order does not move", "%(n)s orders do not move", w.stalled),
         _("No scan for longer than is usual.")),
        (w.unasked, "wait", "unplug", f"{orders}?view=unasked", look,
         ngettext("%(n)s order with a carrier that is not connected",
                  "%(n)s orders with a carrier that is not connected", w.unasked),
         _("Connect the carrier, and they are asked about at once.")),
    )  # fmt: skip


def _about_connections(request: MerchantRequest, w: Waiting) -> tuple[_Row, ...]:
    carriers, stores = address(request, "carriers"), address(request, "stores")
    look, mend = pgettext("to do", "Look"), pgettext("to do", "Mend")
    return (
        (w.failing_accounts, "act", "plug-zap", carriers, mend,
         ngettext("%(n)s carrier account is failing",
                  "%(n)s carrier accounts are failing", w.failing_accounts),
         _("Parcels keep their place; they are asked about again by themselves.")),
        (w.unknown_codes, "wait", "shield-question-mark", f"{carriers}#unreadable",
         pgettext("to do", "Place"),
         ngettext("%(n)s code of a carrier that we cannot read",
                  "%(n)s codes of carriers that we cannot read", w.unknown_codes),
         _("Say once what a code means, and its parcels are read again.")),
        (w.doubted, "wait", "shield-question-mark", address(request, "quarantine"),
         pgettext("to do", "Decide"),
         ngettext("%(n)s scan was set aside", "%(n)s scans were set aside", w.doubted),
         _("They cannot be right, or belong to another parcel. Nobody was told.")),
        (w.failed_deliveries, "act", "inbox", stores, mend,
         ngettext("%(n)s webhook could not be worked on",
                  "%(n)s webhooks could not be worked on", w.failed_deliveries),
         _("They are kept as they came and can be replayed.")),
        (w.rejecting_stores, "wait", "shield-alert", stores, look,
         ngettext("%(n)s store sent webhooks with a wrong signature",
                  "%(n)s stores sent webhooks with a wrong signature", w.rejecting_stores),
         _("In the last seven days. The secret here and in the shop may differ.")),
        (w.silent_stores, "act", "plug-zap", stores, mend,
         ngettext("%(n)s store is silent and does not answer us",
                  "%(n)s stores are silent and do not answer us", w.silent_stores),
         _("We go on asking; what was missed comes then.")),
        (w.recovered, "wait", "package-check", stores, look,
         ngettext("%(n)s order came back after a shop was silent",
                  "%(n)s orders came back after a shop was silent", w.recovered),
         _("In the last seven days. The store’s page says when and why.")),
        (w.failed_messages, "act", "mail-x", f"{address(request, 'messages')}?state=problem", look,
         ngettext("%(n)s message did not arrive", "%(n)s messages did not arrive",
                  w.failed_messages),
         _("In the last seven days.")),
        (w.stopped_webhooks, "act", "webhook", address(request, "webhooks"), mend,
         ngettext("%(n)s webhook endpoint was switched off because it failed",
                  "%(n)s webhook endpoints were switched off because they failed",
                  w.stopped_webhooks),
         _("Your program hears nothing. Switched on again, it can be sent what it missed.")),
        (w.failing_webhooks, "wait", "webhook", address(request, "webhooks"), look,
         ngettext("%(n)s webhook endpoint is failing", "%(n)s webhook endpoints are failing",
                  w.failing_webhooks),
         _("What it does not take is tried again for three days.")),
        (w.broken_texts, "act", "message-square-warning", address(request, "templates"), mend,
         ngettext("%(n)s text of yours cannot be used", "%(n)s texts of yours cannot be used",
                  w.broken_texts),
         _("Our words go to your customers instead.")),
    )  # fmt: skip


def _stats(request: MerchantRequest, waiting: Waiting, clock: Clock) -> list[dict[str, str]]:
    done = delivered_in_time(since=clock.now - _MONTH).aggregate(
        all=Count("pk"), in_time=Count("pk", filter=Q(local_day__lte=F("promised_last")))
    )
    orders = address(request, "orders")
    share = ""
    if done["all"]:
        percent = (Decimal(100) * done["in_time"] / done["all"]).quantize(Decimal("0.1"))
        share = f"{formats.number(percent, clock.language)} %"
    last_month = pgettext("figures", "last 30 days")
    rows = (
        (_("On their way"), waiting.on_the_way, "", f"{orders}?view=open"),
        (_("Out for delivery"), waiting.out_today, "", f"{orders}?status=out_for_delivery"),
        (_("Delivered"), done["all"], last_month, f"{orders}?status=delivered"),
    )
    stats = [
        {
            "label": label, "value": formats.number(value, clock.language), "detail": detail,
            "url": url, "tone": "",
        }
        for label, value, detail, url in rows
    ]  # fmt: skip
    detail = _("last 30 days, by the first promise") if share else _("nothing delivered yet")
    stats.append(
        {"label": _("On time"), "value": share or "–", "detail": detail, "url": "", "tone": ""}
    )
    return stats


def delivered_in_time(*, since: datetime) -> QuerySet[Shipment]:
    """Parcels delivered since, with the day of delivery at the destination as `local_day`."""
    there = Func(
        NullIf(F("edd_zone"), Value("")),
        F("delivered_at"),
        function="timezone",
        output_field=DateTimeField(),
    )
    delivered: QuerySet[Shipment] = Shipment.objects.filter(
        status="delivered", delivered_at__gte=since, promised_last__isnull=False
    ).annotate(local_day=Cast(there, DateField()))
    return delivered


def _recent(request: MerchantRequest, clock: Clock) -> list[dict[str, str]]:
    changes = (
        Change.objects.filter(kind__in=_TOLD, announce=True)
        .select_related("order", "shipment")
        .order_by("-pk")
    )
    return [
        {
            "sentence": change_sentence(change, clock),
            "order": change.order.number,
            "url": address(request, "order", change.order_id),
            "status": change_pill(change),
            **clock.pair(change.at),
        }
        for change in changes[:8]
    ]
