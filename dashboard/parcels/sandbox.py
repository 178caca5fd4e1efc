"""The scenario picker: a parcel that is late, held at customs, attempted, at one's own address."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from carriers.base import CarrierError
from carriers.sandbox.scenarios import SCENARIOS
from dashboard.doorbell import ask_carriers
from dashboard.form_fields import components, general_error
from dashboard.parcels.scenario_words import scenario_cards
from dashboard.setup import country as countries
from dashboard.shell import address, go, page
from edd.zones import destination_zone
from lib.limits import count
from merchants.access import MerchantRequest, member_view, record
from merchants.models import Role
from stores.sandbox_orders import SandboxParcel, is_offered, make_sandbox_order
from stores.vocabulary import Person
from tracking.models import Order

#: Parcels a shop may invent in an hour: each may lead to a few mails.
_PER_HOUR: Final = (30, 3600)


class ScenarioForm(forms.Form):
    """Which story, where to, and who is told."""

    scenario = forms.ChoiceField(choices=[(name, story.title) for name, story in SCENARIOS.items()])
    country = forms.ChoiceField(label=gettext_lazy("Destination"))
    city = forms.CharField(
        label=gettext_lazy("City"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("Left open, the country’s main city."),
    )
    email = forms.EmailField(
        label=gettext_lazy("Messages go to"),
        max_length=254,
        help_text=gettext_lazy("Your own address: you are the customer."),
        widget=forms.EmailInput(attrs={"dir": "ltr", "autocomplete": "email"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = countries.countries(get_language() or "en")
        self.fields["country"].choices = list(names)  # type: ignore[attr-defined]


def scenario_form(request: MerchantRequest, *, posted: bool) -> ScenarioForm:
    initial = {
        "scenario": "late",
        "country": request.merchant.country,
        "email": request.user.email,
    }
    return ScenarioForm(request.POST if posted else None, initial=initial)


def picker_context(form: ScenarioForm) -> dict[str, Any]:
    """What `dashboard/_scenarios.html` takes."""
    first, more = scenario_cards(str(form["scenario"].value() or ""))
    return {
        "scenarios": first,
        "more_scenarios": more,
        "more_open": any(card["checked"] for card in more),
        "scenario_error": " ".join(str(error) for error in form["scenario"].errors),
        "fields": [one for one in components(form) if one["name"] != "scenario"],
        "form_error": general_error(form),
    }


def make(request: MerchantRequest, form: ScenarioForm) -> Order | None:
    """The order that was asked for, asked about at once; None with the reason in the form."""
    limit, seconds = _PER_HOUR
    if count(f"sandbox:{request.merchant.pk}", limit=limit, seconds=seconds).is_over:
        form.add_error(None, _("Enough test parcels for this hour. Try again later."))
        return None
    typed, merchant = form.cleaned_data, request.merchant
    wanted = SandboxParcel(
        scenario=typed["scenario"],
        country=typed["country"],
        city=typed["city"].strip() or _main_city(typed["country"]),
        from_city=_main_city(merchant.country),
        customer=Person(name=request.user.name, email=typed["email"]),
        language=merchant.default_language,
    )
    try:
        order = make_sandbox_order(merchant=merchant, wanted=wanted, now=timezone.now())
    except CarrierError:
        form.add_error(None, _("The sandbox does not answer just now. Try again in a minute."))
        return None
    record(
        merchant=merchant, user=request.user, action="parcel.invented", subject=order.number,
        scenario=wanted.scenario,
    )  # fmt: skip
    ask_carriers()
    return order


def _main_city(country: str) -> str:
    return countries.main_city(destination_zone(country)) or country


@require_http_methods(["GET", "POST"])
@member_view(Role.AGENT)
def sandbox_parcel(request: MerchantRequest) -> HttpResponseBase:
    """The picker on a page of its own, reached from orders and carriers."""
    if not is_offered():
        raise Http404
    form = scenario_form(request, posted=request.method == "POST")
    if request.method == "POST" and form.is_valid():
        order = make(request, form)
        if order is not None:
            words = _("Made. The carrier’s first scans arrive within seconds.")
            messages.success(request, words)
            return go(request, "order", order.pk)
    context = picker_context(form) | {
        "title": _("Make a test parcel"),
        "sentence": _("An invented order on the sandbox carrier. You are its customer."),
        "crumbs": [{"label": _("Orders"), "url": address(request, "orders")}],
        "submit": _("Make this parcel"),
    }
    status = 400 if form.is_bound else 200
    return page(request, "sandbox_parcel.html", context, current="orders", status=status)
