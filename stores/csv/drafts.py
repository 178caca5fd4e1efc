"""A file between upload and start: how it is to be read, tried on its first orders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final
from zoneinfo import ZoneInfo

from merchants.models import Merchant
from stores.csv.building import Built, build, completed, order_key
from stores.csv.fields import FIELDS, IDENTIFYING
from stores.csv.reading import Record, records
from stores.csv.settings import Settings
from stores.csv.suggesting import by_header, headers_key, remembered, suggest
from stores.csv.survey import Survey, survey
from stores.csv.uploads import read_again
from stores.models import ImportMapping, OrderImport

PREVIEWED: Final = 20
#: Orders without a date count as placed so long ago: history is not announced.
_UNDATED: Final = timedelta(days=3)
#: Rows of the beginning in which the previewed orders are looked for.
_LOOKED_THROUGH: Final = 400
_TIMES: Final = tuple(field.key for field in FIELDS.values() if field.kind in {"time", "day"})
#: What is remembered beside the mapping: it belongs to whoever writes such files.
_CHOICES: Final = ("day_first", "decimal_comma", "country", "currency", "source_name")


class NotReady(ValueError):
    """The import cannot start. `code`: "no_identity" or "day_or_month"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def understand(
    job: OrderImport,
    *,
    merchant: Merchant,
    now: datetime,
    encoding: str = "",
    delimiter: str = "",
    header_row: int = 0,
) -> Settings:
    """Look at the whole file and suggest how to read it; in the merchant's scope.

    What is given is a person's word. Raises FileProblem, and leaves the draft as it was.
    """
    found = survey(
        lambda: read_again(job), encoding=encoding, delimiter=delimiter, header_row=header_row
    )
    settings = _suggested(found, merchant, now)
    job.settings = settings.as_json()
    job.rows = found.rows
    job.problem, job.problem_row = "", 0
    job.found = {
        "samples": [column.samples for column in found.columns],
        "dates": [dict(column.dates) for column in found.columns],
    }
    job.save(update_fields=["settings", "found", "rows", "problem", "problem_row"])
    return settings


def _suggested(found: Survey, merchant: Merchant, now: datetime) -> Settings:
    today = now.astimezone(ZoneInfo(merchant.zone)).date()
    settings = Settings(
        encoding=found.encoding,
        delimiter=found.delimiter,
        header_row=found.header_row,
        headers=found.headers,
        decimal_comma=found.decimal_comma,
        country=merchant.country,
        currency=merchant.currency,
        zone=merchant.zone,
        undated=(today - _UNDATED).isoformat(),
        is_ours=found.is_ours,
    )
    columns, preset = suggest(found, settings)
    if preset is not None:
        settings = replace(
            settings,
            preset=preset.slug,
            country=preset.country or settings.country,
            currency=preset.currency or settings.currency,
            source_name=preset.name,
        )
    settings = replace(settings, columns=columns)
    settings = replace(settings, day_first=_told(settings, [c.dates for c in found.columns]))
    return _as_last_time(settings)


def _as_last_time(settings: Settings) -> Settings:
    kept = ImportMapping.objects.filter(headers_key=headers_key(settings.headers)).first()
    if kept is None:
        return settings
    choices = {name: kept.choices[name] for name in _CHOICES if name in kept.choices}
    # What this file proves about its dates is more than what another one needed.
    if settings.day_first is not None:
        choices.pop("day_first", None)
    return replace(settings, columns=remembered(settings.headers, kept.columns), **choices)


def _told(settings: Settings, dates: list[Mapping[str, int]]) -> bool | None:
    """Whether the day comes first, where the columns with times prove it; else None."""
    proven = Counter[str]()
    for column, key in settings.columns.items():
        if key in _TIMES:
            proven.update(dates[column])
    if proven["day"] and not proven["month"]:
        return True
    return False if proven["month"] and not proven["day"] else None


def is_order_of_days_open(job: OrderImport, settings: Settings) -> bool:
    """Whether a person must say if the day or the month comes first."""
    if settings.day_first is not None:
        return False
    dates = job.found.get("dates", [])
    timed = [column for column, key in settings.columns.items() if key in _TIMES]
    return any(dates[column].get("either", 0) for column in timed if column < len(dates))


def dates_are_numbers(job: OrderImport) -> bool:
    """Whether any column has dates such as 03/04/2026."""
    return any(job.found.get("dates", []))


def tell_days(job: OrderImport, settings: Settings) -> Settings:
    """After the mapping changed: what the columns that are times now prove."""
    dates: list[Mapping[str, int]] = job.found.get("dates", [])
    return replace(settings, day_first=_told(settings, dates))


def decide(job: OrderImport, settings: Settings) -> None:
    """Keep how a person wants the draft to be read, for it and for files with the same headers."""
    job.settings = settings.as_json()
    job.save(update_fields=["settings"])
    choices: dict[str, Any] = {name: getattr(settings, name) for name in _CHOICES}
    ImportMapping.objects.update_or_create(
        merchant_id=job.merchant_id,
        headers_key=headers_key(settings.headers),
        defaults={"columns": by_header(settings.headers, settings.columns), "choices": choices},
    )


def preview(job: OrderImport, settings: Settings) -> list[Built]:
    """The first orders as they would be saved, or what keeps them out; saves nothing."""
    below = rows_below(read_again(job), settings)
    orders: dict[str, list[Record]] = {}
    for record in islice(below, _LOOKED_THROUGH):
        # A row that names no order stands for itself, to be shown with its problem.
        key = order_key(record.cells, settings) or f"\n{record.number}"
        if key in orders or len(orders) < PREVIEWED:
            orders.setdefault(key, []).append(record)
    built = [build(rows, settings) for rows in orders.values()]
    return [
        replace(one, update=completed(one.update, settings)) if one.update else one for one in built
    ]


def rows_below(chunks: Iterable[bytes], settings: Settings) -> Iterator[Record]:
    """The rows below the header that hold something."""
    found = records(chunks, encoding=settings.encoding, delimiter=settings.delimiter)
    return (one for one in found if one.number > settings.header_row and not one.is_blank)


def start(job: OrderImport, *, now: datetime) -> None:
    """Queue the draft. Raises NotReady; a draft that runs already is left alone."""
    settings = Settings.from_json(job.settings)
    if all(settings.column_of(name) is None for name in IDENTIFYING):
        raise NotReady("no_identity")
    if is_order_of_days_open(job, settings):
        raise NotReady("day_or_month")
    OrderImport.objects.filter(pk=job.pk, state=OrderImport.State.DRAFT).update(
        state=OrderImport.State.READING, started_at=now, due_at=now, found={}
    )
