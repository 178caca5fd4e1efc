"""Adding a parcel by hand, and following one whose carrier is not connected yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from carriers import registry
from carriers.accounts import routes
from carriers.detect import normalise
from carriers.models import CarrierAccount
from dashboard.attention import open_parcels
from dashboard.carrier_forms import CredentialsForm
from dashboard.doorbell import ask_carriers
from dashboard.form_fields import components, general_error
from dashboard.parcels.carrier_picker import carrier_names
from dashboard.parcels.parcel_form import NewParcelForm
from dashboard.shell import address, go, page
from lib.folding import number_key
from lib.formats import listing
from lib.limits import count
from merchants.access import MerchantRequest, may, member_view, record
from merchants.models import Merchant, Role
from stores.ingest import save_order
from stores.sandbox_orders import is_offered
from tracking.models import Order, Shipment

#: Parcels that a shop adds by hand in a day, each of which may write to somebody; fewer while the
#: shop is so young that it may have been opened for the mails alone.
PER_DAY: Final = 200
PER_FIRST_DAY: Final = 20
_DAY: Final = timedelta(days=1)


@require_http_methods(["GET", "POST"])
@member_view(Role.AGENT)
def add(request: MerchantRequest) -> HttpResponseBase:
    """One form; then the order's page, which also says whose account is missing."""
    form = new_parcel_form(request, posted=request.method == "POST")
    if request.method == "POST" and form.is_valid():
        order = save(request, form)
        if order is not None:
            return go(request, "order", order.pk)
    context = form_context(request, form) | {
        "crumbs": [{"label": _("Orders"), "url": address(request, "orders")}],
        "sandbox": sandbox_action(request),
    }
    status = 400 if form.is_bound else 200
    return page(request, "parcel_add.html", context, current="orders", status=status)


@require_POST
@member_view(Role.AGENT)
def detected(request: MerchantRequest) -> HttpResponseBase:
    """The carrier's part of the form again, for the number as it is typed by now."""
    form = new_parcel_form(request, posted=True)
    number = str(request.POST.get("tracking_number", ""))[:80]
    chosen, before = request.POST.get("carrier", ""), request.POST.get("detected", "")
    language = get_language() or "en"
    found = [
        registry.name_of(one.slug, language=language)
        for one in form.candidates(number, str(request.POST.get("country", "")))
        if one.slug in registry.CARRIERS
    ]
    best = found[0] if found and len(normalise(number)) > 4 else ""
    # What somebody typed stays; what we filled in follows the number.
    value = best if chosen in {"", before} else str(chosen)
    context = carrier_context(form, value=value, found=found if best else [], best=best)
    return TemplateResponse(request, "dashboard/_detected.html", context)


def new_parcel_form(request: MerchantRequest, *, posted: bool) -> NewParcelForm:
    connected = CarrierAccount.objects.filter(is_active=True).values_list("carrier", flat=True)
    data = request.POST if posted else None
    return NewParcelForm(data, merchant=request.merchant, connected=tuple(connected))


def form_context(request: MerchantRequest, form: NewParcelForm) -> dict[str, Any]:
    """What `dashboard/_parcel_form.html` takes."""
    fields = {one["name"]: one for one in components(form)}
    names = ("country", "city", "email")
    later = ("customer_name", "phone", "language", "order_number")
    return carrier_context(form, value=str(fields["carrier"]["value"]), found=[], best="") | {
        "number_field": fields["tracking_number"],
        "fields": [fields[name] for name in names],
        "more_fields": [fields[name] for name in later],
        "more_open": any(fields[name]["error"] for name in later),
        "form_error": general_error(form),
        "detect_url": address(request, "parcel_detect"),
        "carrier_names": carrier_names(request),
        "submit": _("Follow this parcel"),
    }


def carrier_context(
    form: NewParcelForm, *, value: str, found: list[str], best: str
) -> dict[str, Any]:
    """What `dashboard/_detected.html` takes; `found` and `best` are carriers' names."""
    field = next(one for one in components(form) if one["name"] == "carrier")
    words = ""
    if found:
        words = _("Looks like %(carrier)s.") % {"carrier": found[0]}
    if len(found) > 1:
        others = {"carriers": listing(found[1:3], get_language() or "en")}
        words = f"{words} {_('It could also be %(carriers)s.') % others}"
    return {"carrier_field": field | {"value": value}, "detected": best, "found": words}


def save(request: MerchantRequest, form: NewParcelForm) -> Order | None:
    """The order with this parcel: a new one, or the one that follows the number already.

    None where the shop added too many today, which the form then says.
    """
    typed, now = form.cleaned_data, timezone.now()
    key = number_key(typed["tracking_number"])
    same = open_parcels().filter(number_key=key)
    known = (same if form.is_guess else same.filter(carrier=typed["carrier"])).first()
    words = {"number": typed["tracking_number"]}
    if known is not None:
        messages.info(request, _("%(number)s was followed already.") % words)
        return Order.objects.get(pk=known.order_id)
    most = _most(request.merchant, now=now)
    seconds = int(_DAY.total_seconds())
    if count(f"parcels:{request.merchant.pk}", limit=most, seconds=seconds).is_over:
        form.add_error(None, _too_many(most))
        return None
    before = Order.objects.filter(source="form").count()
    order = save_order(
        merchant=request.merchant,
        source="form",
        update=form.update(numbered=f"P-{1001 + before}"),
        now=now,
    ).order
    carrier = order.shipments.filter(number_key=key).latest("pk").carrier
    words["carrier"] = registry.name_of(carrier, language=get_language() or "en")
    record(
        merchant=request.merchant, user=request.user, action="parcel.added",
        subject=f"{order.number} · {typed['tracking_number']}", carrier=carrier,
    )  # fmt: skip
    ask_carriers()
    if unreached(carrier, merchant_id=request.merchant.pk):
        messages.info(request, _("%(number)s is kept. It waits for %(carrier)s.") % words)
    else:
        messages.success(request, _("%(number)s is followed now, with %(carrier)s.") % words)
    return order


def _most(merchant: Merchant, *, now: datetime) -> int:
    return PER_FIRST_DAY if now - merchant.created_at < _DAY else PER_DAY


def _too_many(most: int) -> str:
    words = _(
        "This shop reached its limit for parcels by hand today (%(most)s). This one is not added"
        " yet: add it tomorrow, or connect a store, whose orders come by themselves."
    )
    return words % {"most": most}


def unconnected(slugs: Sequence[str], *, merchant_id: int) -> list[str]:
    """Those of these carriers that could be asked, had the merchant an account or a hub's."""
    askable = [slug for slug in dict.fromkeys(slugs) if _is_connectable(slug)]
    if not askable:
        return []
    found = routes([merchant_id], askable)
    return [slug for slug in askable if found.find(merchant_id, slug) is None]


def unreached(slug: str, *, merchant_id: int) -> bool:
    """Whether nobody can be asked about parcels of this carrier yet."""
    is_ours = slug in registry.CARRIERS and not _is_connectable(slug)
    return not is_ours and routes([merchant_id], [slug]).find(merchant_id, slug) is None


def _is_connectable(slug: str) -> bool:
    return slug in registry.CARRIERS and bool(registry.get(slug).base_url)


def connect_panels(
    request: MerchantRequest, parcels: list[Shipment], *, onward: str, is_primary: bool = False
) -> list[dict[str, Any]]:
    """For `dashboard/_connect_parcel.html`: an account form for each carrier that is missing.

    `onward` is where the person wants to be afterwards; `is_primary` where the page has no
    other primary button.
    """
    waiting = [one.carrier for one in parcels if one.last_event_at is None]
    panels = []
    for slug in unconnected(waiting, merchant_id=request.merchant.pk):
        carrier = registry.CARRIERS[slug]
        form = CredentialsForm(carrier, is_new=True)
        panels.append(
            {
                "name": registry.name_of(slug, language=get_language() or "en"),
                "numbers": [one.tracking_number for one in parcels if one.carrier == slug],
                "url": address(request, "carrier_connect", slug),
                "next": onward,
                "fields": [
                    one for one in components(form) if str(one["name"]).startswith("secret_")
                ],
                "documentation": carrier.documentation,
                "is_primary": is_primary,
                "may_connect": may(request.role, Role.ADMIN),
            }
        )
    return panels


def sandbox_action(request: MerchantRequest) -> dict[str, str] | None:
    """The way to the scenario picker, where there is a sandbox."""
    if not is_offered() or not may(request.role, Role.AGENT):
        return None
    return {"label": _("Make a test parcel"), "url": address(request, "sandbox_parcel")}
