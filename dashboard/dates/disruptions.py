"""The disruption switch: what adds days just now, and the form that switches it on."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dashboard.clock import Clock, clock_for
from dashboard.dates.disruption_form import (
    DisruptionForm,
    fingerprint,
    first_values,
    regions,
)
from dashboard.dates.disruption_rows import (
    disruption_rows,
    effects,
    sentences,
    slowness_hints,
    state_of,
    tells,
    title,
)
from dashboard.dates.tabs import date_tabs
from dashboard.form_fields import components
from dashboard.languages.tabs import tabs
from dashboard.parcels.carrier_picker import carrier_names
from dashboard.shell import address, go, page
from edd.disruption_rows import Wanted, as_disruption, change, end, switch_on
from edd.models import MerchantDisruption
from merchants.access import MerchantRequest, may, member_view, record
from merchants.models import Role
from storefront_pages.languages import written
from tracking.disruption_preview import preview
from tracking.models import Slowness
from tracking.slowness_seen import dismiss
from tracking.slowness_watch import open_slowness


@require_safe
@member_view(Role.VIEWER)
def disruptions(request: MerchantRequest) -> HttpResponseBase:
    """Running, planned and over, the operator's among them."""
    clock = clock_for(request.merchant)
    may_change = may(request.role, Role.ADMIN)
    rows = disruption_rows(request, clock)
    new = {"label": _("Add days"), "url": address(request, "dates_disruption_new"), "icon": "plus"}
    context = {
        "tabs": date_tabs(request, "dates_disruptions"),
        "sentence": _("Days that are added to dates while something holds parcels up."),
        "action": new if may_change else None,
        "hints": slowness_hints(request, clock, may_change=may_change),
        "rows": rows,
        "empty": _(
            "Nothing is disrupted. When a strike or a storm holds parcels up, add days here: pages"
            " say why, and it ends by itself."
        ),
    }
    return page(request, "dates/disruptions.html", context, current="dates")


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def new(request: MerchantRequest) -> HttpResponseBase:
    """Switch one on; `?slow=` begins with what was seen of the network."""
    number = request.GET.get("slow", "")
    is_number = number.isascii() and number.isdigit() and len(number) < 19
    slow = open_slowness().filter(pk=number).first() if is_number else None
    return _form(request, None, slow)


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def edit(request: MerchantRequest, merchantdisruption_id: int) -> HttpResponseBase:
    """Change one that runs or is planned; what is over stays as it was."""
    row = get_object_or_404(MerchantDisruption, pk=merchantdisruption_id)
    if _is_over(row, clock_for(request.merchant)):
        return go(request, "dates_disruptions")
    return _form(request, row, None)


@require_POST
@member_view(Role.ADMIN)
def end_now(request: MerchantRequest, merchantdisruption_id: int) -> HttpResponseBase:
    """No further order gets its days; one that has not run a day never was."""
    row = get_object_or_404(MerchantDisruption, pk=merchantdisruption_id)
    clock = clock_for(request.merchant)
    if not _is_over(row, clock):
        end(row, today=clock.today, now=clock.now)
        record(
            merchant=request.merchant, user=request.user, action="disruption.ended",
            subject=title(as_disruption(row), "en"),
        )  # fmt: skip
        if row.withdrawn_at is not None:
            messages.success(request, _("Taken back. Parcels get their dates back."))
        else:
            messages.success(request, _("Ended. Parcels that were under way keep their days."))
    return go(request, "dates_disruptions")


@require_POST
@member_view(Role.ADMIN)
def slow_dismiss(request: MerchantRequest, slowness_id: int) -> HttpResponseBase:
    """Put the hint away, for the whole shop."""
    slow = get_object_or_404(open_slowness(), pk=slowness_id)
    if dismiss(slow, merchant_id=request.merchant.pk):
        record(
            merchant=request.merchant, user=request.user, action="disruption.dismissed",
            subject=str(slow),
        )  # fmt: skip
    return go(request, "dates_disruptions")


def _is_over(row: MerchantDisruption, clock: Clock) -> bool:
    return state_of(row, today=clock.today).order > 1


def _form(
    request: MerchantRequest, row: MerchantDisruption | None, slow: Slowness | None
) -> HttpResponseBase:
    clock = clock_for(request.merchant)
    found = as_disruption(row) if row else None
    languages = written(request.merchant)
    if request.method != "POST":
        values = first_values(found, slow, today=clock.today)
        form = DisruptionForm(None, today=clock.today, languages=languages, initial=values)
        return _show(request, row, form, None, clock)
    kept = found.sentences if found else None
    form = DisruptionForm(request.POST, today=clock.today, languages=languages, kept=kept)
    if not form.is_valid():
        return _show(request, row, form, None, clock)
    wanted = form.wanted()
    if request.POST.get("seen") != fingerprint(wanted):
        return _show(request, row, form, wanted, clock)
    return _save(request, row, wanted, clock)


def _save(
    request: MerchantRequest, row: MerchantDisruption | None, wanted: Wanted, clock: Clock
) -> HttpResponseBase:
    subject = title(wanted.as_disruption(), "en")
    detail: dict[str, object] = {"days": wanted.days, "from": str(wanted.starts)}
    detail |= {"to": str(wanted.ends), "cause": wanted.cause}
    if row is None:
        switch_on(wanted, merchant_id=request.merchant.pk, author=request.user, now=clock.now)
        action = "disruption.on"
    else:
        before = as_disruption(row)
        names = change(row, wanted, now=clock.now)
        detail = {name: [str(getattr(before, name)), str(getattr(row, name))] for name in names}
        action = "disruption.changed"
    if detail:
        record(
            merchant=request.merchant, user=request.user, action=action, subject=subject, **detail
        )
    messages.success(request, _("Saved. Dates follow within a minute."))
    return go(request, "dates_disruptions")


def _show(
    request: MerchantRequest,
    row: MerchantDisruption | None,
    form: DisruptionForm,
    wanted: Wanted | None,
    clock: Clock,
) -> HttpResponseBase:
    """The form; with `wanted`, what it would do."""
    fields = components(form)
    context: dict[str, Any] = {
        "crumbs": [{"label": _("Disruptions"), "url": address(request, "dates_disruptions")}],
        "title": _("Change a disruption") if row else _("Add days"),
        "fields": {field["name"]: field for field in fields},
        "sentences": tabs(fields, form.languages, open_tab=request.POST.get("tab", "")),
        "carrier_names": carrier_names(request),
        "regions": regions(),
        "save": _("Save") if row else _("Switch on"),
        "looked": None,
    }
    if wanted is not None:
        number = row.pk if row else 0
        touched = preview(
            wanted.as_disruption(number=number),
            merchant_id=request.merchant.pk,
            instead_of=as_disruption(row) if row else None,
            tells=tells(request),
            now=clock.now,
        )
        context["looked"] = {
            "title": title(wanted.as_disruption(), clock.language),
            "when": clock.window(wanted.starts, wanted.ends),
            "effects": effects(touched),
            "sentences": sentences(wanted.as_disruption(), form.languages),
            "seen": fingerprint(wanted),
        }
    status = 400 if form.errors else 200
    return page(request, "dates/disruption.html", context, current="dates", status=status)
