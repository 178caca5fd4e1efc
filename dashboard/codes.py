"""Codes of carriers that we cannot read, and the merchant's own reading of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from carriers import registry
from dashboard.clock import Clock, clock_for
from dashboard.form_fields import components
from dashboard.forms import CodeForm
from dashboard.shell import address, go, page
from dashboard.story_changes import meaning
from helpdesk.scans import trade_words
from merchants.access import MerchantRequest, may, member_view, record
from merchants.models import Role
from tracking.models import CodeOverride, Event
from tracking.remap import place_code, preview

#: Parcels that the preview names.
MOST_SHOWN: Final = 100


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def code(request: MerchantRequest) -> HttpResponseBase:
    """What does this code mean? Its scans are read again, and nobody is messaged."""
    slug, text = request.GET.get("carrier", ""), request.GET.get("code", "")
    if "\0" in slug + text:
        raise Http404  # PostgreSQL cannot even be asked
    scans = Event.objects.filter(shipment__carrier=slug, code=text)
    row = CodeOverride.objects.filter(carrier=slug, code=text).first()
    seen = scans.count()
    if row is None and not seen:
        raise Http404
    form = CodeForm(request.POST or None, initial={"sub_status": row.sub_status if row else ""})
    if request.method == "POST" and form.is_valid():
        sub_status = form.cleaned_data["sub_status"]
        if request.POST.get("confirm") == "yes":
            return _place(request, slug, text, sub_status)
        return _before_and_after(request, slug, text, sub_status)
    clock = clock_for(request.merchant)
    name = registry.name_of(slug, language=clock.language)
    words = list(scans.exclude(description="").values_list("description", flat=True).distinct()[:5])
    context = {
        "crumbs": [{"label": _("Carriers"), "url": address(request, "carriers")}],
        "title": _("What does %(code)s of %(carrier)s mean?") % {"code": text, "carrier": name},
        "sentence": ngettext(
            "%(n)s scan has this code. It is read again; nobody is messaged about the past.",
            "%(n)s scans have this code. They are read again; nobody is messaged about the past.",
            seen,
        ) % {"n": seen},
        "fields": components(form),
        "submit": _("Show what would change"),
        "quotes": words,
    }  # fmt: skip
    status = 400 if form.is_bound else 200
    return page(request, "form.html", context, current="carriers", status=status)


def _before_and_after(
    request: MerchantRequest, slug: str, text: str, sub_status: str
) -> HttpResponseBase:
    """What would change, before it does."""
    found = preview(carrier=slug, code=text, sub_status=sub_status, now=timezone.now())
    clock = clock_for(request.merchant)
    name = registry.name_of(slug, language=clock.language)
    scans = ngettext("%(n)s scan", "%(n)s scans", found.scans) % {"n": found.scans}
    parcels = ngettext("%(n)s parcel", "%(n)s parcels", found.parcels) % {"n": found.parcels}
    moved = ngettext(
        "%(n)s would stand elsewhere", "%(n)s would stand elsewhere", len(found.moved)
    ) % {"n": len(found.moved)}  # fmt: skip
    context = {
        "crumbs": [
            {"label": _("Carriers"), "url": address(request, "carriers")},
            {"label": text, "url": code_link(request, slug, text)},
        ],
        "title": _("%(code)s of %(carrier)s: before and after") % {"code": text, "carrier": name},
        "sentence": _("Nothing is changed yet, and nobody will be messaged."),
        "meaning": trade_words(sub_status),
        "counts": [scans, parcels, moved],
        "moved": [
            {
                "order": one.order_number,
                "url": address(request, "order", one.order_id),
                "number": one.tracking_number,
                "before": trade_words(one.before),
                "after": trade_words(one.after),
            }
            for one in found.moved[:MOST_SHOWN]
        ],
        "more": max(0, len(found.moved) - MOST_SHOWN) + found.left_out,
        "sub_status": sub_status,
        "back_url": code_link(request, slug, text),
    }
    return page(request, "remap.html", context, current="carriers")


def _place(request: MerchantRequest, slug: str, text: str, sub_status: str) -> HttpResponseBase:
    placed = place_code(
        merchant_id=request.merchant.pk,
        carrier=slug,
        code=text,
        sub_status=sub_status,
        author=request.user,
        now=timezone.now(),
    )
    record(
        merchant=request.merchant, user=request.user, action="code.placed",
        subject=f"{registry.name_of(slug)} · {text}",
        meaning=sub_status, version=placed.version, parcels=placed.parcels,
    )  # fmt: skip
    words = ngettext(
        "Saved. %(n)s parcel was read again; nobody was messaged.",
        "Saved. %(n)s parcels were read again; nobody was messaged.",
        placed.parcels,
    )
    messages.success(request, words % {"n": placed.parcels})
    return go(request, "carriers")


def with_place_links(
    request: MerchantRequest, rows: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Each unreadable code with where it can be placed, for who may."""
    allowed = may(request.role, Role.ADMIN)
    if not allowed:
        return [row | {"url": ""} for row in rows]
    return [row | {"url": code_link(request, row["slug"], row["code"])} for row in rows]


def placed_rows(request: MerchantRequest, clock: Clock) -> list[dict[str, Any]]:
    """The corrections in force, newest first."""
    allowed = may(request.role, Role.ADMIN)
    rows = CodeOverride.objects.select_related("author").order_by("-changed_at", "-pk")[:50]
    return [
        {
            "carrier": registry.name_of(row.carrier, language=clock.language),
            "code": row.code,
            "meaning": meaning(row.sub_status),
            "version": row.version,
            "by": (row.author.name or row.author.email) if row.author else "",
            "url": code_link(request, row.carrier, row.code) if allowed else "",
            **clock.pair(row.changed_at),
        }
        for row in rows
    ]


def code_link(request: MerchantRequest, slug: str, code: str) -> str:
    """Where this code can be placed."""
    return f"{address(request, 'code')}?{urlencode({'carrier': slug, 'code': code})}"
