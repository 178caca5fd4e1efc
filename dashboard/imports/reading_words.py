"""How a file is read, in words, and the choices that a person has."""

from __future__ import annotations

from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dashboard.imports.state_words import rows_words
from dashboard.setup.country import countries
from lib.formats import number
from stores.csv.encodings import ENCODINGS
from stores.csv.presets import PRESETS
from stores.csv.settings import Settings
from stores.models import OrderImport

_DELIMITERS: Final[dict[str, Promise]] = {
    ",": gettext_lazy("Comma"),
    ";": gettext_lazy("Semicolon"),
    "\t": gettext_lazy("Tab"),
    "|": gettext_lazy("Vertical bar"),
}


def found_words(job: OrderImport, settings: Settings, language: str) -> str:
    """ "240 rows in 15 columns. Recognised as an export of Flipkart." """
    count = len(settings.headers)
    columns = ngettext("%(n)s column", "%(n)s columns", count) % {"n": number(count, language)}
    words = {"rows": rows_words(job.rows, language), "columns": columns}
    sentence = _("%(rows)s in %(columns)s.") % words
    preset = PRESETS.get(settings.preset)
    if preset is not None:
        named = _("Recognised as an export of %(name)s.") % {"name": preset.name}
        return f"{sentence} {named}"
    if settings.is_ours:
        return f"{sentence} {_('Refused rows that come back mended.')}"
    return sentence


def choices_of(settings: Settings, language: str) -> dict[str, Any]:
    """What the fields beside the columns take: value and options of each."""
    days = {True: "day", False: "month", None: ""}
    return {
        "encoding": settings.encoding,
        "encodings": [{"value": key, "label": name} for key, name in ENCODINGS.items()],
        "encoding_word": ENCODINGS.get(settings.encoding, settings.encoding),
        "delimiter": settings.delimiter,
        "delimiters": [{"value": key, "label": name} for key, name in _DELIMITERS.items()],
        "delimiter_word": _DELIMITERS[settings.delimiter],
        "header_row": settings.header_row,
        "country": settings.country,
        "countries": [{"value": code, "label": name} for code, name in countries(language)],
        "currency": settings.currency,
        "source_name": settings.source_name,
        "undated": settings.undated,
        "days": days[settings.day_first],
        "day_options": [
            {"value": "day", "label": _("Day first: 25/11/2026")},
            {"value": "month", "label": _("Month first: 11/25/2026")},
        ],
        "decimals": "comma" if settings.decimal_comma else "point",
        "decimal_options": [
            {"value": "point", "label": "1,299.50"},
            {"value": "comma", "label": "1.299,50"},
        ],
    }
