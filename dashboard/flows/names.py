"""What the slugs in a merchant's rules are called, and what may be chosen in them."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from carriers.registry import name_of
from dashboard.dates.main_lane import recent_parcels
from dashboard.flows.sentence import Names
from lib import formats
from notifications.rules import Ruling
from notifications.texts import LANGUAGES
from stores.models import StoreConnection


def names_for(rules: Iterable[Ruling], language: str, *, carriers: Iterable[str] = ()) -> Names:
    """The names of all that these rules speak of, and of all stores; `carriers`: further ones.
    In the merchant's scope."""
    spoken = {slug for rule in rules for slug in rule.conditions.get("carriers", ())}
    territories = formats.locale_of(language).territories
    return Names(
        language=language,
        stores=_stores(),
        carriers={slug: name_of(slug, language=language) for slug in {*spoken, *carriers}},
        countries={str(code): str(name) for code, name in territories.items() if len(code) == 2},
        languages={code: formats.language_name(code, language) for code in LANGUAGES},
    )


def carriers_in_use() -> list[str]:
    """Those of the newest parcels; in the merchant's scope."""
    return sorted({one.carrier for one in recent_parcels()})


def _stores() -> dict[str, str]:
    found = {
        f"{row.platform}:{row.pk}": row.name
        for row in StoreConnection.objects.filter(is_active=True).order_by("pk")
    }
    return found | {"api": _("The API"), "form": _("This dashboard")}
