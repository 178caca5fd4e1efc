"""What shoppers read of a disruption: somebody's own sentence, else ours for its cause."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext, override

from edd.disruptions import Disruption
from edd.regions import region_key, region_name
from lib.formats import locale_of
from lib.sentences import joined
from lib.words import place_name

#: Why, in the order in which a form offers it.
CAUSES: Final[dict[str, Promise]] = {
    "strike": gettext_lazy("A strike"),
    "weather": gettext_lazy("The weather"),
    "peak": gettext_lazy("A peak season"),
    "holiday": gettext_lazy("A backlog after holidays"),
    "customs": gettext_lazy("A delay at customs"),
    "other": gettext_lazy("Something else"),
}

#: {place} is a region or a country. Of each pair the first is for parcels to anywhere.
_SENTENCES: Final[dict[str, tuple[Promise, Promise]]] = {
    "strike": (
        gettext_lazy("Parcels are delayed by a strike."),
        gettext_lazy("Parcels to {place} are delayed by a strike."),
    ),
    "weather": (
        gettext_lazy("Parcels are delayed by the weather."),
        gettext_lazy("Parcels to {place} are delayed by the weather."),
    ),
    "peak": (
        gettext_lazy("Very many parcels are on their way, and they take longer than usual."),
        gettext_lazy(
            "Very many parcels are on their way to {place}, and they take longer than usual."
        ),
    ),
    "holiday": (
        gettext_lazy("After the holidays parcels take longer than usual."),
        gettext_lazy("After the holidays parcels to {place} take longer than usual."),
    ),
    "customs": (
        gettext_lazy("Parcels wait longer than usual at customs."),
        gettext_lazy("Parcels to {place} wait longer than usual at customs."),
    ),
    "other": (
        gettext_lazy("Parcels take longer than usual just now."),
        gettext_lazy("Parcels to {place} take longer than usual just now."),
    ),
}

#: Countries that an English sentence does not name without an article.
_WITH_THE: Final = frozenset({"AE", "BS", "DO", "GB", "KM", "MV", "NL", "PH", "US"})


def sentence(disruption: Disruption, language: str) -> str:
    """What a shopper who reads this language is told."""
    return disruption.sentences.get(language, "").strip() or default_sentence(disruption, language)


def default_sentence(disruption: Disruption, language: str) -> str:
    """Our words: why parcels are late, and how many days the date has been given."""
    with override(language):
        place = place_of(disruption, language)
        anywhere, there = _SENTENCES.get(disruption.cause, _SENTENCES["other"])
        why = str(there).format(place=place) if place else str(anywhere)
        added = ngettext(
            "We have added %(days)s working day to the date.",
            "We have added %(days)s working days to the date.",
            disruption.days,
        )  # fmt: skip
        return joined(why, added % {"days": disruption.days})


def place_of(disruption: Disruption, language: str) -> str:
    """Where it is, in the active language, which is `language`; "" for everywhere."""
    country, region = disruption.to_country, disruption.to_region
    if region:
        known = region_name(country, key := region_key(country, region))
        return place_name(region if known == key else known)
    return country_in_words(country, language) if country else ""


def country_in_words(country: str, language: str) -> str:
    """A country as it stands in a sentence: "the United Arab Emirates"."""
    name = str(locale_of(language).territories.get(country, country))
    return f"the {name}" if language == "en" and country in _WITH_THE else name


def cause_label(cause: str) -> str:
    """The cause in a word or two, in the active language."""
    return str(CAUSES.get(cause, CAUSES["other"]))
