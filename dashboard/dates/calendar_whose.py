"""Whose calendar is shown: the warehouse's, or a carrier's in a country that the shop sends to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from carriers.registry import CARRIERS, name_of
from dashboard.order_list import country_name
from edd.calendars import Calendar, delivery_calendar, warehouse_calendar
from edd.rules import load_rules
from edd.vocabulary import Rules
from merchants.access import MerchantRequest
from tracking.candidates import UNKNOWN_CARRIER, connected
from tracking.models import Shipment

WAREHOUSE: Final = "warehouse"
#: So many of the newest parcels say where the shop sends to, and with whom.
_RECENT: Final = 500
_MOST_COUNTRIES: Final = 20


@dataclass(frozen=True, slots=True)
class Whose:
    """A choice among calendars. `of` is "warehouse" or a country; `carrier` a slug or ""."""

    of: str
    country: str
    carrier: str
    rules: Rules
    countries: tuple[str, ...]
    carriers: tuple[str, ...]

    def calendar(self) -> Calendar:
        """The calendar as dates are counted by it."""
        if self.of == WAREHOUSE:
            return warehouse_calendar(
                self.country,
                rest_days=self.rules.rest_days,
                closures=self.rules.closures,
                rules=self.rules.day_rules,
            )
        return delivery_calendar(self.country, self.carrier, rules=self.rules.day_rules)

    @property
    def label(self) -> str:
        """ "The warehouse’s days", "Aramex in Saudi Arabia"."""
        if self.of == WAREHOUSE:
            return _("The warehouse’s days")
        place = country_name(self.country, _language())
        if not self.carrier:
            return _("Deliveries in %(country)s") % {"country": place}
        named = {"carrier": name_of(self.carrier, language=_language()), "country": place}
        return _("%(carrier)s in %(country)s") % named

    @property
    def options(self) -> list[dict[str, str]]:
        places = [(code, country_name(code, _language())) for code in self.countries]
        return [
            {"value": value, "label": label}
            for value, label in ((WAREHOUSE, _("The warehouse")), *places)
        ]

    @property
    def carrier_options(self) -> list[dict[str, str]]:
        """Nothing to choose for the warehouse."""
        if self.of == WAREHOUSE:
            return []
        named = [(slug, name_of(slug, language=_language())) for slug in self.carriers]
        return [{"value": slug, "label": name} for slug, name in named]

    @property
    def form_help(self) -> str:
        """What a word said here is about."""
        if self.of == WAREHOUSE:
            return _("Days when your warehouse is closed, or open against the usual.")
        place = {"country": country_name(self.country, _language())}
        if not self.carrier:
            return (
                _(
                    "What every carrier does in %(country)s. Choose a carrier above to say it of"
                    " one."
                )
                % place
            )
        place["carrier"] = name_of(self.carrier, language=_language())
        return _("What %(carrier)s does in %(country)s.") % place


def chosen(request: MerchantRequest, *, of: str, carrier: str) -> Whose:
    """The calendar asked for; the warehouse's where the wish names none of the shop's."""
    own = request.merchant.country
    recent = list(
        Shipment.objects.order_by("-pk").values_list("order__country", "carrier")[:_RECENT]
    )
    rules = load_rules(request.merchant.pk)
    seen = Counter(country for country, _slug in recent if country)
    lanes = [lane.to_country for lane in rules.lanes if lane.to_country]
    words = [rule.country for rule in rules.day_rules if rule.carrier and rule.country]
    ordered = dict.fromkeys([own, *(code for code, _n in seen.most_common()), *lanes, *words])
    countries = tuple(code for code in ordered if code)[:_MOST_COUNTRIES]
    slugs = dict.fromkeys([*connected(), *(slug for _country, slug in recent)])
    carriers = tuple(sorted(slug for slug in slugs if slug and slug != UNKNOWN_CARRIER))
    is_country = of in countries
    known = carrier if is_country and (carrier in carriers or carrier in CARRIERS) else ""
    return Whose(
        of=of if is_country else WAREHOUSE,
        country=of if is_country else own,
        carrier=known,
        rules=rules,
        countries=countries,
        carriers=carriers,
    )


def _language() -> str:
    return get_language() or "en"
