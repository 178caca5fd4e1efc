"""Adding, changing and removing handling that differs, and days on a lane."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from carriers.registry import name_of
from dashboard.dates.lines import recent_goods
from dashboard.dates.main_lane import recent_parcels
from dashboard.dates.rules_form import HandlingForm, LaneForm
from dashboard.dates.rules_page import say_saved
from dashboard.form_fields import components
from dashboard.parcels.carrier_picker import carrier_names
from dashboard.shell import address, go, page
from edd.models import HandlingRule, LaneDays
from edd.rule_writing import KnownAlready, remove, save_handling, save_lane
from edd.rules import load_rules
from merchants.access import MerchantRequest, member_view, record
from merchants.models import Role

Row = HandlingRule | LaneDays


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def handling_new(request: MerchantRequest) -> HttpResponseBase:
    """One more rule for handling."""
    return _handling(request, None)


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def handling(request: MerchantRequest, handlingrule_id: int) -> HttpResponseBase:
    """Change a rule for handling."""
    return _handling(request, get_object_or_404(HandlingRule, pk=handlingrule_id))


@require_POST
@member_view(Role.ADMIN)
def handling_remove(request: MerchantRequest, handlingrule_id: int) -> HttpResponseBase:
    """The usual handling counts again."""
    return _remove(request, get_object_or_404(HandlingRule, pk=handlingrule_id), "handling")


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def lane_new(request: MerchantRequest) -> HttpResponseBase:
    """Days on one more lane."""
    return _lane(request, None)


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def lane(request: MerchantRequest, lanedays_id: int) -> HttpResponseBase:
    """Change the days on a lane."""
    return _lane(request, get_object_or_404(LaneDays, pk=lanedays_id))


@require_POST
@member_view(Role.ADMIN)
def lane_remove(request: MerchantRequest, lanedays_id: int) -> HttpResponseBase:
    """The usual days count again."""
    return _remove(request, get_object_or_404(LaneDays, pk=lanedays_id), "lane")


def _handling(request: MerchantRequest, row: HandlingRule | None) -> HttpResponseBase:
    form = HandlingForm.showing(row) if row else HandlingForm()
    if request.method == "POST":
        form = HandlingForm(request.POST)
        if form.is_valid() and _saved(
            request, form, row, "handling", problem=_("There is a rule for this already."),
            save=lambda: save_handling(
                merchant_id=request.merchant.pk, rule=form.rule(), row=row
            ),
        ):  # fmt: skip
            return go(request, "dates")
    goods = recent_goods(recent_parcels(), load_rules(request.merchant.pk))
    known = {one.warehouse for one in goods} | {tag for one in goods for tag in one.tags}
    return _form_page(
        request, form, row, "handling",
        title=_("Handling that differs"),
        sentence=_(
            "Of several rules that fit a parcel, the slowest handling and the earliest cut-off"
            " count."
        ),
        known=sorted(known - {""}),
    )  # fmt: skip


def _lane(request: MerchantRequest, row: LaneDays | None) -> HttpResponseBase:
    form = LaneForm(initial=_lane_values(row))
    if request.method == "POST":
        form = LaneForm(request.POST)
        if form.is_valid() and _saved(
            request, form, row, "lane", problem=_("There are days for this lane already."),
            save=lambda: save_lane(merchant_id=request.merchant.pk, lane=form.lane(), row=row),
        ):  # fmt: skip
            return go(request, "dates")
    return _form_page(
        request, form, row, "lane",
        title=_("Days on a lane"),
        sentence=_("From pick-up to delivery. The line that says most about a parcel counts."),
        carrier_names=carrier_names(request),
    )  # fmt: skip


def _lane_values(row: LaneDays | None) -> dict[str, Any]:
    if row is None:
        return {}
    names = ("service", "from_country", "to_country", "fastest", "slowest")
    carrier = name_of(row.carrier, language=get_language() or "en") if row.carrier else ""
    return {name: getattr(row, name) for name in names} | {"carrier": carrier}


def _saved(
    request: MerchantRequest,
    form: HandlingForm | LaneForm,
    row: Row | None,
    kind: str,
    *,
    problem: str,
    save: Callable[[], Row],
) -> bool:
    """Save and write it down; False, with the problem on the form, where it is there already."""
    before = str(row) if row else ""
    try:
        made = save()
    except KnownAlready:
        form.add_error(None, problem)
        return False
    action = f"{kind}.changed" if row else f"{kind}.added"
    record(
        merchant=request.merchant, user=request.user, action=action, subject=str(made),
        **({"rule": [before, str(made)]} if before else {}),
    )  # fmt: skip
    say_saved(request)
    return True


def _remove(request: MerchantRequest, row: Row, kind: str) -> HttpResponseBase:
    remove(row)
    record(merchant=request.merchant, user=request.user, action=f"{kind}.removed", subject=str(row))
    say_saved(request)
    return go(request, "dates")


def _form_page(
    request: MerchantRequest,
    form: HandlingForm | LaneForm,
    row: Row | None,
    kind: str,
    **context: Any,
) -> HttpResponseBase:
    url = address(request, f"dates_{kind}_remove", row.pk) if row else ""
    shown = {
        "crumbs": [{"label": _("Dates"), "url": address(request, "dates")}],
        "fields": components(form),
        "form_error": " ".join(str(error) for error in form.non_field_errors()),
        "remove_url": url,
    }
    status = 400 if form.errors else 200
    return page(request, "dates/line.html", shown | context, current="dates", status=status)
