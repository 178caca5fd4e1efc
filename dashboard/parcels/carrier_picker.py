"""Naming a carrier on a form: a text with suggestions, read by `carriers.finding`.

An aggregator serves thousands of carriers, more than a select can hold. What is offered at
once are our own and those that the shop ships with; while one types, the aggregator's too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Final

from django import forms
from django.http import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from carriers import registry
from carriers.couriers import served_by
from carriers.finding import Found, find_carrier, hubs_among, own_carriers
from dashboard.shell import address
from lib.folding import fold
from lib.formats import listing
from merchants.access import MerchantRequest, member_view
from merchants.models import Role
from tracking.candidates import UNKNOWN_CARRIER, connected
from tracking.models import Shipment

#: So many of the newest parcels say whom the shop ships with.
_RECENT: Final = 500
#: Of an aggregator's carriers at most so many are suggested.
_SUGGESTED: Final = 30


class CarrierField(forms.CharField):
    """A carrier's name; cleaned, our slug for it. Only in the merchant's scope."""

    default_error_messages: ClassVar = {"required": gettext_lazy("Name the carrier.")}

    def __init__(self, **rest: Any) -> None:
        attrs = {"autocomplete": "off", "list": "carrier-names"}
        label = gettext_lazy("Carrier")
        super().__init__(max_length=120, label=label, widget=forms.TextInput(attrs), **rest)

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        if not text:
            return ""
        hubs = hubs_among(connected())
        found = find_carrier(text, hubs=hubs, language=get_language() or "en")
        if not found.slug:
            raise forms.ValidationError(_refusal(text, found, has_hub=bool(hubs)))
        return found.slug


def carrier_names(request: MerchantRequest) -> dict[str, Any]:
    """For `dashboard/_carrier_names.html`: names to choose from, and where further ones are."""
    accounts = connected()
    return {
        "names": suggestions("", accounts),
        "url": address(request, "carrier_names") if hubs_among(accounts) else "",
    }


@require_safe
@member_view(Role.AGENT)
def names(request: MerchantRequest) -> HttpResponseBase:
    """The suggestions for what is typed by now; the field's name differs from form to form."""
    typed = next((str(text) for key, text in request.GET.items() if key.endswith("carrier")), "")
    context = {"names": suggestions(typed.strip()[:120], connected())}
    return TemplateResponse(request, "dashboard/_carrier_options.html", context)


def suggestions(words: str, accounts: Sequence[str]) -> list[str]:
    """Names that hold the words: of those the shop ships with, ours, then aggregators'."""
    language = get_language() or "en"
    recent = Shipment.objects.order_by("-pk").values_list("carrier", flat=True)[:_RECENT]
    used = dict.fromkeys(slug for slug in recent if slug != UNKNOWN_CARRIER)
    own = [one.slug for one in own_carriers() if one.base_url or not one.is_asked]
    hubs = hubs_among(accounts)
    mine = dict.fromkeys([*used, *(slug for slug in accounts if slug not in hubs), *own])
    found = [registry.name_of(slug, language=language) for slug in mine]
    if not words:
        return found
    folded = fold(words)
    found = [name for name in found if folded in fold(name)]
    served = served_by(hubs, words=words, limit=_SUGGESTED) if hubs else []
    return list(dict.fromkeys([*found, *(one.name for one in served if one.slug not in mine)]))


def _refusal(text: str, found: Found, *, has_hub: bool) -> str:
    words = {"typed": text, "names": listing(list(found.near), get_language() or "en")}
    if found.is_shared:
        return _("“%(typed)s” stands in several names, such as %(names)s. Write all of it.") % words
    if found.near:
        return _("No carrier is called “%(typed)s”. Close to it: %(names)s.") % words
    if has_hub:
        return _("Neither we nor your aggregator know a carrier called “%(typed)s”.") % words
    return _("We know no carrier called “%(typed)s”. An aggregator follows thousands more.") % words
