"""Scans that were set aside: the list with its filters, and the click that settles one."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from carriers import registry
from dashboard.clock import Clock, clock_for
from dashboard.shell import address, go, page
from dashboard.sign_in import local_path
from helpdesk.held import STATES, held_rows, rule_posted
from lib.words import DOUBTS, doubt_label
from merchants.access import MerchantRequest, may, member_view
from merchants.models import Role
from tracking.models import Event, Ruling
from tracking.quarantine import waiting

PAGE: Final = 25
_VIEWS: Final = ("", Ruling.RELEASED.value, Ruling.REJECTED.value)


@require_safe
@member_view(Role.VIEWER)
def quarantine(request: MerchantRequest) -> HttpResponseBase:
    """Newest first; by what became of them, by carrier, by reason."""
    asked = {name: request.GET.get(name, "") for name in ("state", "carrier", "reason")}
    if "\0" in "".join(asked.values()):
        asked = dict.fromkeys(asked, "")
    view = asked["state"] if asked["state"] in _VIEWS else ""
    rows = _filtered(view, asked["carrier"], asked["reason"])
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows.select_related("shipment__order", "ruled_by").order_by("-pk")[: PAGE + 1])
    base = address(request, "quarantine")
    kept = urlencode({name: value for name, value in asked.items() if value})
    here = f"{base}?{kept}" if kept else base
    clock = clock_for(request.merchant)
    context = {
        "crumbs": [{"label": _("Carriers"), "url": address(request, "carriers")}],
        "sentence": _sentence(waiting().count()),
        "views": [_tab(base, one, current=one == view) for one in _VIEWS],
        "filters": _filters(asked, clock),
        "filters_action": base,
        "keep": [{"name": "state", "value": view}] if view else [],
        "clear_url": _view_url(base, view) if asked["carrier"] or asked["reason"] else "",
        "rows": _rows(request, found[:PAGE], clock),
        "here": here,
        "empty": _("Nothing here. Doubtful scans appear by themselves; nobody is told of them."),
        "newest_url": here if before else "",
        "older_url": f"{base}?before={found[PAGE - 1].pk}&{kept}".rstrip("&")
        if len(found) > PAGE
        else "",
    }  # fmt: skip
    return page(request, "quarantine.html", context, current="carriers")


@require_POST
@member_view(Role.AGENT)
def rule_scan(request: MerchantRequest, event_id: int) -> HttpResponseBase:
    """A doubted scan counts, or is left out for good."""
    order_id, is_new = rule_posted(request, event_id)
    if not is_new:
        words = _("Somebody was quicker, or the doubt is gone: nothing was changed.")
    elif request.POST["do"] == Ruling.RELEASED:
        words = _("Counted. The parcel was read again.")
    else:
        words = _("Left out for good, also when the carrier repeats it.")
    messages.success(request, words)
    onward = local_path(request, request.POST.get("next", ""))
    if not onward:
        return go(request, "order", order_id)
    response = redirect(onward)
    response.status_code = 303
    return response


def _filtered(view: str, carrier: str, reason: str) -> QuerySet[Event]:
    rows = Event.objects.filter(ruling=view) if view else waiting()
    if carrier:
        rows = rows.filter(shipment__carrier=carrier)
    if reason:
        rows = rows.filter(**{"ruled_for" if view else "quarantined": reason})
    return rows


def _rows(request: MerchantRequest, found: list[Event], clock: Clock) -> list[dict[str, Any]]:
    url = address(request, "scan_rule", 0).replace("/0/", "/{id}/")
    rows = held_rows(found, clock, url=url, acts=may(request.role, Role.AGENT))
    return [
        row
        | {
            "order": event.shipment.order.number,
            "order_url": address(request, "order", event.shipment.order_id),
            "explain_url": address(request, "scan", event.pk),
        }
        for row, event in zip(rows, found, strict=True)
    ]


def _sentence(count: int) -> str:
    if not count:
        return _("No scan waits for your word")
    return ngettext(
        "%(n)s scan waits for your word", "%(n)s scans wait for your word", count
    ) % {"n": count}  # fmt: skip


def _tab(base: str, view: str, *, current: bool) -> dict[str, Any]:
    return {
        "label": str(STATES[view][2]),
        "url": _view_url(base, view),
        "current": current,
        "count": None,
    }


def _view_url(base: str, view: str) -> str:
    return f"{base}?state={view}" if view else base


def _filters(asked: dict[str, str], clock: Clock) -> list[dict[str, Any]]:
    doubted = Event.objects.exclude(quarantined="", ruling="")
    slugs = doubted.values_list("shipment__carrier", flat=True).distinct().order_by()
    carriers = [(slug, registry.name_of(slug, language=clock.language)) for slug in slugs]
    return [
        {
            "name": "carrier", "label": _("Carrier"), "value": asked["carrier"],
            "blank": _("Any carrier"),
            "options": [
                {"value": slug, "label": name} for slug, name in sorted(carriers, key=_by_name)
            ],
        },
        {
            "name": "reason", "label": _("Reason"), "value": asked["reason"],
            "blank": _("Any reason"),
            "options": [{"value": str(one), "label": doubt_label(one)} for one in DOUBTS],
        },
    ]  # fmt: skip


def _by_name(pair: tuple[str, str]) -> str:
    return pair[1].casefold()
