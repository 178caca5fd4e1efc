"""`manage.py disruption [list|add|end]`: days for all merchants' parcels, while a strike lasts."""

from __future__ import annotations

import json
from argparse import ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from carriers import registry
from edd.disruption_rows import Wanted, as_disruption, end, switch_on_for_all
from edd.disruption_words import CAUSES, sentence
from edd.disruptions import MOST_DAYS
from edd.models import OperatorDisruption
from edd.regions import region_name
from lib.formats import locale_of
from lib.languages import spoken
from tracking.models import Slowness
from tracking.slowness_watch import open_slowness

_LANGUAGES = ("en", "ar")


class Command(BaseCommand):
    help = (
        "List what adds days to dates of all merchants, and where the network was seen to be slow;"
        " add a disruption (it starts and ends by itself, and parcels follow within the minute);"
        " end one."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("do", nargs="?", choices=["list", "add", "end"], default="list")
        parser.add_argument("id", nargs="?", type=int, help="which one to end")
        parser.add_argument("--json", action="store_true", help="answer as JSON")
        parser.add_argument("--days", type=int, help=f"business days to add, 1 to {MOST_DAYS}")
        parser.add_argument("--from", dest="starts", type=_day, help="its first day, YYYY-MM-DD")
        parser.add_argument("--to", dest="ends", type=_day, help="its last day")
        parser.add_argument("--carrier", default="", help="a carrier's slug; left out: all")
        parser.add_argument("--service", default="")
        parser.add_argument("--origin", default="", help="the country parcels come from")
        parser.add_argument("--country", default="", help="the country they go to")
        parser.add_argument("--region", default="", help="a region of it, by code or name")
        parser.add_argument("--cause", choices=list(CAUSES), default="other")
        for language in _LANGUAGES:
            parser.add_argument(f"--{language}", default="", help="what shoppers read instead")
        parser.add_argument(
            "--say", nargs=2, action="append", default=[], metavar=("LANGUAGE", "TEXT"),
            help="the same in any language of shoppers' pages: --say fr '…'",
        )  # fmt: skip
        parser.add_argument("--note", default="", help="why, for whoever asks later")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["do"] == "add":
            row = switch_on_for_all(_wanted(options), note=options["note"], now=timezone.now())
            self._say(row, as_json=options["json"])
        elif options["do"] == "end":
            self._say(_ended(options["id"]), as_json=options["json"])
        else:
            self._list(as_json=options["json"])

    def _say(self, row: OperatorDisruption, *, as_json: bool) -> None:
        self.stdout.write(json.dumps(_row(row), indent=2) if as_json else _line(row))

    def _list(self, *, as_json: bool) -> None:
        rows = list(OperatorDisruption.objects.order_by("-pk")[:20])
        slow = list(open_slowness())
        if as_json:
            found = {
                "disruptions": [_row(row) for row in rows],
                "slow": [_slow_row(one) for one in slow],
            }
            self.stdout.write(json.dumps(found, indent=2))
            return
        for row in rows:
            self.stdout.write(_line(row))
        for one in slow:
            self.stdout.write(_slow_line(one))
        if not rows and not slow:
            self.stdout.write("No disruption was ever switched on, and nothing is slow.")


def _wanted(options: dict[str, Any]) -> Wanted:
    """What was asked for. Raises CommandError in words for what cannot be."""
    days, starts, ends = options["days"], options["starts"], options["ends"]
    if days is None or starts is None or ends is None:
        raise CommandError("Say --days, --from and --to.")
    if not 1 <= days <= MOST_DAYS:
        raise CommandError(f"--days is a number from 1 to {MOST_DAYS}.")
    if ends < starts:
        raise CommandError("It ends before it begins.")
    carrier, origin, country = (options[name] for name in ("carrier", "origin", "country"))
    if carrier and carrier not in registry.CARRIERS:
        raise CommandError(f"There is no carrier {carrier!r}; see manage.py carriers.")
    for code in (origin, country):
        if code and not (len(code) == 2 and code in locale_of("en").territories):
            raise CommandError(f"There is no country {code!r}: two capital letters, as in AE.")
    if options["region"] and not country:
        raise CommandError("A region needs its --country.")
    return Wanted(
        days=days, starts=starts, ends=ends, carrier=carrier, service=options["service"],
        from_country=origin, to_country=country, to_region=options["region"],
        cause=options["cause"],
        sentences=_sentences(options),
    )  # fmt: skip


def _sentences(options: dict[str, Any]) -> dict[str, str]:
    """What shoppers read instead of our words, by language. Raises CommandError."""
    found = {code: str(options[code]) for code in _LANGUAGES if options[code]}
    for tag, text in options["say"]:
        code = spoken(tag)
        if not code:
            raise CommandError(f"Shoppers' pages do not speak {tag!r}.")
        found[code] = text
    return found


def _ended(number: int | None) -> OperatorDisruption:
    row = OperatorDisruption.objects.filter(pk=number or 0).first()
    if row is None:
        raise CommandError("There is no such disruption; see manage.py disruption list.")
    now = timezone.now()
    end(row, today=now.date(), now=now)
    return row


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no day: YYYY-MM-DD") from None


def _state(row: OperatorDisruption, *, today: date) -> str:
    if row.withdrawn_at is not None:
        return "taken back"
    if today < row.starts:
        return "planned"
    return "over" if today > row.ends else "running"


def _where(row: OperatorDisruption | Slowness) -> str:
    """The parcels that are meant; a slow carrier's come from anywhere, with any service."""
    service, origin = "", ""
    if isinstance(row, OperatorDisruption):
        service, origin = row.service, row.from_country
    parts = (
        row.carrier or "any carrier",
        service,
        f"from {origin}" if origin else "",
        f"to {row.to_country}" if row.to_country else "to anywhere",
        region_name(row.to_country, row.to_region) if row.to_region else "",
    )
    return " ".join(part for part in parts if part)


def _line(row: OperatorDisruption) -> str:
    state = _state(row, today=timezone.now().date())
    note = f"  {row.note}" if row.note else ""
    return (
        f"{row.pk:>4}  {state:<10} +{row.days} days  {row.starts} to {row.ends}  {_where(row)}"
        f"  ({row.cause}){note}"
    )


def _row(row: OperatorDisruption) -> dict[str, Any]:
    return {
        "id": row.pk,
        "state": _state(row, today=timezone.now().date()),
        "days": row.days,
        "from": str(row.starts),
        "to": str(row.ends),
        "carrier": row.carrier,
        "service": row.service,
        "origin": row.from_country,
        "country": row.to_country,
        "region": row.to_region,
        "cause": row.cause,
        "note": row.note,
        "sentences": {
            code: sentence(as_disruption(row), code)
            for code in dict.fromkeys((*_LANGUAGES, *row.sentences))
        },
        "parcels_follow_at": row.due_at.isoformat() if row.due_at else None,
    }


def _slow_line(one: Slowness) -> str:
    return (
        f"slow  since {one.since}  {_where(one)}: {one.late:.0%} of {one.parcels} parcels late,"
        f" usually {one.usual:.0%}; {one.merchants} merchants; +{one.days} days would keep dates"
    )


def _slow_row(one: Slowness) -> dict[str, Any]:
    return {
        "carrier": one.carrier,
        "country": one.to_country,
        "region": one.to_region,
        "since": str(one.since),
        "late": round(one.late, 4),
        "usual": round(one.usual, 4),
        "parcels": one.parcels,
        "merchants": one.merchants,
        "days": one.days,
    }
