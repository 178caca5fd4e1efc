"""Address: where the shop's pages are, its own domains, and adding one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from dashboard.clock import Clock, clock_for
from dashboard.domains.words import record_rows, refusal_words, standing
from dashboard.form_fields import components
from dashboard.shell import address, go, page
from dashboard.shop_tabs import shop_tabs, tabs_label
from lib.domain_names import NotADomain, shown
from merchants.access import MerchantRequest, member_view
from merchants.domain_records import can_be_reached
from merchants.domains import MOST, Refused, claim, domains_of
from merchants.models import Domain, Merchant, Role
from tracking.links import domain_root, our_root, pages_root


class DomainForm(forms.Form):
    """One name, typed in any way."""

    domain = forms.CharField(
        label=gettext_lazy("Your domain"),
        max_length=300,
        widget=forms.TextInput(
            attrs={"dir": "ltr", "autocomplete": "off", "placeholder": "track.shop.example"}
        ),
    )


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def domains(request: MerchantRequest) -> HttpResponseBase:
    """Where the pages are, each domain with its records, and a form for another."""
    clock = clock_for(request.merchant)
    form = DomainForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _add(request, form, clock):
        return go(request, "domains")
    found = domains_of(request.merchant.pk)
    context: dict[str, Any] = {
        "views": shop_tabs(request, "domains"),
        "views_label": tabs_label(),
        "sentence": _("Where customers find your pages."),
        "places": _places(request, found),
        "rule": _(
            "Links in messages lead to the path of your own site if there is one, else to your own "
            "domain, else to our address. Links that were sent before go on working at our address."
        ),
        "path_url": f"{address(request, 'brand')}#f-page_root",
        "domains": [_card(request, one, clock) for one in found],
        "can_add": can_be_reached() and len(found) < MOST,
        "can_be_reached": can_be_reached(),
        "fields": components(form),
    }
    status = 400 if form.is_bound else 200
    return page(request, "domains/domains.html", context, current="domains", status=status)


def _add(request: MerchantRequest, form: DomainForm, clock: Clock) -> bool:
    """Take the name down; False where it is refused, which the form then says."""
    typed = form.cleaned_data["domain"]
    try:
        domain = claim(merchant=request.merchant, text=typed, by=request.user, now=clock.now)
    except NotADomain as refused:
        form.add_error("domain", refusal_words(refused.fault))
    except Refused as refused:
        form.add_error("domain", refusal_words(refused.why))
    else:
        words = _("%(domain)s is on your list. Set the two records now.")
        messages.success(request, words % {"domain": shown(domain.host)})
        return True
    return False


def _places(request: MerchantRequest, found: list[Domain]) -> list[dict[str, Any]]:
    """Addresses at which the pages answer, the one that messages have first."""
    merchant: Merchant = request.merchant
    rows = [(domain_root(one.host), _("Your own domain")) for one in found if one.verified_at]
    if merchant.page_root:
        rows.insert(0, (merchant.page_root, _("A path of your own site")))
    rows.append((our_root(merchant), _("Our address")))
    used = pages_root(merchant)
    places = [{"url": url, "what": what, "is_used": url == used} for url, what in rows]
    return sorted(places, key=lambda one: not one["is_used"])


def _card(request: MerchantRequest, domain: Domain, clock: Clock) -> dict[str, Any]:
    connected = bool(domain.verified_at and not domain.failing_since)
    may_lead = bool(domain.verified_at and domain.is_right)
    leads = domain.host == request.merchant.links_host
    return {
        "name": shown(domain.host),
        "host": domain.host,
        "standing": standing(domain, clock),
        "records": record_rows(domain),
        "is_connected": connected,
        "checked": clock.pair(domain.checked_at),
        "check_url": address(request, "domain_check", domain.pk),
        "prefer_url": address(request, "domain_prefer", domain.pk)
        if may_lead and not leads
        else "",
        "remove_url": address(request, "domain_remove", domain.pk),
    }
