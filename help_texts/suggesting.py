"""Banners that are ready to be taken: the peaks that come, in the shop's languages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.translation import override

from edd.calendars import DayRule
from help_texts.models import Banner
from help_texts.peaks import Peak, coming
from help_texts.writing import BannerValues, save_banner
from merchants.models import Merchant, User

_EVERYWHERE = [place.value for place in Banner.Place]


def untaken(countries: Iterable[str], *, today: date, rules: Sequence[DayRule]) -> list[Peak]:
    """The coming peaks that have no banner yet; in the merchant's scope."""
    taken = {*Banner.objects.exclude(peak="").values_list("peak", flat=True)}
    return [peak for peak in coming(countries, today=today, rules=rules) if peak.key not in taken]


def ready(peak: Peak, *, languages: Iterable[str], today: date) -> BannerValues:
    """The banner of a peak as it would be: our text in these languages, with its end."""
    texts = {}
    for language in languages:
        with override(language):
            texts[language] = str(peak.kind.text)
    return BannerValues(
        texts=texts,
        tone=Banner.Tone.WAIT,
        first=peak.begins(today),
        last=peak.ends,
        places=_EVERYWHERE,
        countries=peak.countries,
    )


def take(
    *, merchant: Merchant, by: User, peak: Peak, languages: Iterable[str], today: date
) -> Banner:
    """Make the peak's banner; a second click finds the one that the first made."""
    found = Banner.objects.filter(peak=peak.key).first()
    values = ready(peak, languages=languages, today=today)
    return found or save_banner(merchant=merchant, by=by, banner=None, values=values, peak=peak.key)
