"""A draft: which column is what, how the file is read, and its first orders as they would be."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dashboard.clock import clock_for
from dashboard.doorbell import carry_on_import
from dashboard.imports.field_words import FIELD_WORDS, field_groups
from dashboard.imports.preview import preview_rows
from dashboard.imports.problem_words import file_words
from dashboard.imports.reading_words import choices_of, found_words
from dashboard.imports.state_words import rows_words
from dashboard.setup.country import is_country
from dashboard.shell import address, go, page
from merchants.access import MerchantRequest, member_view, record
from merchants.models import Role
from stores.csv.drafts import (
    NotReady,
    dates_are_numbers,
    decide,
    is_order_of_days_open,
    preview,
    start,
    tell_days,
    understand,
)
from stores.csv.encodings import ENCODINGS
from stores.csv.fields import FIELDS, IDENTIFYING
from stores.csv.problems import FileProblem
from stores.csv.reading import DELIMITERS
from stores.csv.settings import Settings
from stores.models import OrderImport

_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_DAYS: Final = {"day": True, "month": False}


def draft_page(request: MerchantRequest, job: OrderImport) -> HttpResponseBase:
    """Columns, choices and preview in one page."""
    settings = Settings.from_json(job.settings)
    clock = clock_for(request.merchant)
    orders = preview(job, settings)
    samples = job.found.get("samples", [])
    is_open = is_order_of_days_open(job, settings)
    identified = any(settings.column_of(name) is not None for name in IDENTIFYING)
    context: dict[str, Any] = {
        "crumbs": [
            {"label": _("Orders"), "url": address(request, "orders")},
            {"label": _("Import orders"), "url": address(request, "imports")},
        ],
        "title": job.file_name,
        "sentence": found_words(job, settings, clock.language),
        "columns": [
            {
                "name": f"column-{n}",
                "header": header or _("(no name)"),
                "samples": samples[n] if n < len(samples) else [],
                "value": settings.columns.get(n, ""),
            }
            for n, header in enumerate(settings.headers)
        ],
        "groups": field_groups(),
        "choices": choices_of(settings, clock.language),
        "asks_days": dates_are_numbers(job) or is_open,
        "days_open": is_open,
        "identified": identified,
        "preview": preview_rows(orders, clock, home=request.merchant.country),
        "problems": sum(bool(one.problems) for one in orders),
        "shown": len(orders),
        "submit": _("Import %(rows)s") % {"rows": rows_words(job.rows, clock.language)},
        "save_url": address(request, "import_mapping", job.pk),
        "read_url": address(request, "import_read", job.pk),
        "discard_url": address(request, "import_discard", job.pk),
    }
    return page(request, "imports/mapping.html", context, current="orders")


@require_POST
@member_view(Role.ADMIN)
def mapping(request: MerchantRequest, import_id: int) -> HttpResponseBase:
    """Keep what was chosen; start where that was asked for and nothing is open."""
    job = _draft(import_id)
    settings = _chosen(request, job, Settings.from_json(job.settings))
    decide(job, settings)
    if request.POST.get("do") != "start":
        return go(request, "import", job.pk)
    try:
        start(job, now=timezone.now())
    except NotReady as problem:
        messages.error(request, _open_words(problem.code))
        return go(request, "import", job.pk)
    record(merchant=request.merchant, user=request.user, action="import.started",
           subject=job.file_name, rows=job.rows)  # fmt: skip
    carry_on_import(job.pk)
    return go(request, "import", job.pk)


@require_POST
@member_view(Role.ADMIN)
def read_again(request: MerchantRequest, import_id: int) -> HttpResponseBase:
    """Read the file in another encoding, with another delimiter or from another header row."""
    job = _draft(import_id)
    encoding, delimiter = request.POST.get("encoding", ""), request.POST.get("delimiter", "")
    row = request.POST.get("header_row", "")
    try:
        understand(
            job,
            merchant=request.merchant,
            now=timezone.now(),
            encoding=encoding if encoding in ENCODINGS else "",
            delimiter=delimiter if delimiter in DELIMITERS else "",
            header_row=int(row) if row.isascii() and row.isdigit() and len(row) < 4 else 0,
        )
    except FileProblem as problem:
        words = file_words(problem.code, row=problem.row, detail=problem.detail)
        messages.error(request, _("It cannot be read like this: %(why)s") % {"why": words})
    return go(request, "import", job.pk)


@require_POST
@member_view(Role.ADMIN)
def discard(request: MerchantRequest, import_id: int) -> HttpResponseBase:
    """Throw the draft and its file away; nothing was saved of it."""
    job = _draft(import_id)
    record(merchant=request.merchant, user=request.user, action="import.discarded",
           subject=job.file_name)  # fmt: skip
    job.delete()
    messages.success(request, _("The file was thrown away. Nothing of it was saved."))
    return go(request, "imports")


def _draft(import_id: int) -> OrderImport:
    return get_object_or_404(OrderImport, pk=import_id, state=OrderImport.State.DRAFT)


def _open_words(code: str) -> str:
    if code == "no_identity":
        return _("Say which column is the order number; without it no order is known again.")
    return _("Say whether the day or the month comes first: the dates in this file do not tell.")


def _chosen(request: MerchantRequest, job: OrderImport, settings: Settings) -> Settings:
    """The settings with what the form says; what it does not hold stays."""
    typed = request.POST
    columns = _columns(request, settings)
    settings = replace(settings, columns=columns)
    days = typed.get("days", "")
    if days in _DAYS:
        settings = replace(settings, day_first=_DAYS[days])
    else:
        settings = tell_days(job, settings)
    country = typed.get("country", settings.country)
    currency = typed.get("currency", settings.currency).strip().upper()
    return replace(
        settings,
        country=country if not country or is_country(country) else settings.country,
        currency=currency if not currency or _CURRENCY.fullmatch(currency) else settings.currency,
        decimal_comma=typed.get("decimals", "comma" if settings.decimal_comma else "") == "comma",
        undated=_day(typed, settings),
        source_name=_plain(typed.get("source_name", settings.source_name)),
    )


def _columns(request: MerchantRequest, settings: Settings) -> dict[int, str]:
    """Each field once: the first column that claims it has it, and the second is told of."""
    chosen: dict[int, str] = {}
    for n in range(len(settings.headers)):
        key = request.POST.get(f"column-{n}", settings.columns.get(n, ""))
        if key not in FIELDS:
            continue
        if key in chosen.values():
            words = {"field": FIELD_WORDS[key], "column": settings.headers[n]}
            messages.warning(
                request,
                _("“%(field)s” is another column already, so “%(column)s” is left out.") % words,
            )
            continue
        chosen[n] = key
    return chosen


def _day(typed: QueryDict, settings: Settings) -> str:
    try:
        day = date.fromisoformat(typed.get("undated", settings.undated))
    except ValueError:
        return settings.undated
    return min(day, timezone.now().date()).isoformat() if day.year >= 1990 else settings.undated


def _plain(name: str) -> str:
    """A file's shop as part of a source: no colon, no control characters, not too long."""
    return " ".join("".join(c for c in name if c.isprintable() and c != ":").split())[:40]
