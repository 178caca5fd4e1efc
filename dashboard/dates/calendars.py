"""The next twelve months as they count for dates: the warehouse's days and the carriers'."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dashboard.clock import clock_for
from dashboard.dates.calendar_form import DayForm
from dashboard.dates.calendar_months import legend, months, next_months
from dashboard.dates.calendar_whose import WAREHOUSE, Whose, chosen
from dashboard.dates.calendar_words import REFUSED, opening, rule_line
from dashboard.dates.tabs import date_tabs
from dashboard.form_fields import components, general_error
from dashboard.shell import address, page
from edd import day_rules
from merchants.access import MerchantRequest, member_view, record
from merchants.models import Role


@require_safe
@member_view(Role.VIEWER)
def calendars(request: MerchantRequest) -> HttpResponseBase:
    """One calendar, and what the merchant says beside the usual; whose is in the address."""
    whose = chosen(request, of=request.GET.get("of", ""), carrier=request.GET.get("carrier", ""))
    return _calendar_page(request, whose, None, status=200)


@require_POST
@member_view(Role.ADMIN)
def calendar_add(request: MerchantRequest) -> HttpResponseBase:
    """Keep a word about days: a closure, a weekday, what a carrier does."""
    whose = chosen(request, of=request.POST.get("of", ""), carrier=request.POST.get("carrier", ""))
    form = DayForm(request.POST, whose=whose)
    if form.is_valid():
        rule = form.rule()
        try:
            day_rules.add_for_merchant(merchant_id=request.merchant.pk, rule=rule)
        except day_rules.NotADayRule as error:
            field, words = REFUSED[error.args[0]]
            form.add_error(field, str(words))
        else:
            record(
                merchant=request.merchant, user=request.user, action="days.added",
                subject=whose.label, kind=str(rule.kind), weekday=rule.weekday,
                days=[str(day) for day in (rule.first, rule.last) if day],
            )  # fmt: skip
            messages.success(request, _("Saved. Dates follow with each parcel’s next news."))
            return _back(request, whose)
    return _calendar_page(request, whose, form, status=400)


@require_POST
@member_view(Role.ADMIN)
def calendar_remove(request: MerchantRequest, merchantdayrule_id: int) -> HttpResponseBase:
    """Take a word back: the usual counts again."""
    whose = chosen(request, of=request.POST.get("of", ""), carrier=request.POST.get("carrier", ""))
    removed = day_rules.remove_for_merchant(
        merchant_id=request.merchant.pk, rule_id=merchantdayrule_id
    )
    if removed is None:
        raise Http404
    record(
        merchant=request.merchant, user=request.user, action="days.removed", subject=whose.label,
        kind=str(removed.kind), weekday=removed.weekday,
        days=[str(day) for day in (removed.first, removed.last) if day],
    )  # fmt: skip
    messages.success(request, _("Removed. The usual counts again."))
    return _back(request, whose)


def _calendar_page(
    request: MerchantRequest, whose: Whose, form: DayForm | None, *, status: int
) -> HttpResponseBase:
    clock = clock_for(request.merchant)
    calendar = whose.calendar()
    shown = next_months(calendar, clock)
    form = form or DayForm(whose=whose)
    context = {
        "tabs": date_tabs(request, "dates_calendars"),
        "title": whose.label,
        "sentence": opening(calendar, clock, is_warehouse=whose.of == WAREHOUSE),
        "of": whose.of,
        "carrier": whose.carrier,
        "whose_options": whose.options,
        "carrier_options": whose.carrier_options,
        "months": months(shown, clock, country=whose.country),
        "legend": legend(shown),
        "rules": [
            rule_line(stored, clock) | {"url": address(request, "dates_calendar_remove", stored.id)}
            for stored in day_rules.merchants_rules(request.merchant.pk)
        ],
        "add_url": address(request, "dates_calendar_add"),
        "fields": components(form),
        "form_error": general_error(form),
        "form_help": whose.form_help,
    }
    return page(request, "dates/calendars.html", context, current="dates", status=status)


def _back(request: MerchantRequest, whose: Whose) -> HttpResponse:
    there = f"{address(request, 'dates_calendars')}?of={whose.of}&carrier={whose.carrier}"
    response: HttpResponse = redirect(there)
    response.status_code = 303
    return response
