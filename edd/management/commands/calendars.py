"""`manage.py calendars`: a country's year in words, and the operator's words about it.

calendars AE 2027 [--carrier aramex] [--region …] [--json]
calendars confirm eid_al_fitr AE 2027-03-10 [--last 2027-03-14]
calendars add AE 2026-12-09 [2026-12-10] --name Storm [--kind rest] [--carrier aramex]
calendars add AE --weekday 7 --kind works --carrier aramex
calendars remove 7
calendars rules [AE]
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser

from edd import day_rules
from edd.calendars import (
    FEASTS,
    PARTS,
    Calendar,
    Day,
    DayRule,
    delivery_calendar,
    feasts,
    subdivision,
    warehouse_calendar,
)
from edd.calendars.spans import Span, facts_of, slow, special
from edd.day_rules import StoredRule
from lib.formats import date_range, listing, locale_of, weekday_date

_YEARS: Final = range(2000, 2078)
_UNSURE: Final = {Day.WORKS: "may rest", Day.HALF: "may rest", Day.REST: "not confirmed"}


class Command(BaseCommand):
    help = "\n".join(__doc__.splitlines())

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "words", nargs="+",
            help="COUNTRY [YEAR], confirm FEAST COUNTRY DAY, add COUNTRY FIRST [LAST], remove ID,"
            " or rules [COUNTRY]",
        )  # fmt: skip
        parser.add_argument("--carrier", default="", help="a carrier's slug; none: offices")
        parser.add_argument("--service", default="", help="its service")
        parser.add_argument("--region", default="", help="code or name of a state")
        parser.add_argument("--part", default="", choices=PARTS, help="whose day it is (add)")
        parser.add_argument("--kind", default="rest", choices=list(Day), help="what it is (add)")
        parser.add_argument(
            "--weekday", type=int, default=0, choices=range(8),
            help="1 = Monday: about that day of each week (add)",
        )  # fmt: skip
        parser.add_argument("--name", default="", help="what it is called (add)")
        parser.add_argument("--perhaps", action="store_true", help="the rest may not come (add)")
        parser.add_argument("--last", default="", help="last day of rest as announced (confirm)")
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        verb, *rest = options["words"]
        verbs = {
            "confirm": self._confirm,
            "add": self._add,
            "remove": self._remove,
            "rules": self._rules,
        }
        try:
            if verb in verbs:
                verbs[verb](rest, options)
            else:
                self._year([verb, *rest], options)
        except day_rules.FeastUnknown as error:
            raise CommandError(f"{error}. Known feasts: {', '.join(FEASTS)}.") from error
        except day_rules.NotADayRule as error:
            raise CommandError(_REFUSED[error.args[0]]) from error

    def _year(self, words: list[str], options: dict[str, Any]) -> None:
        country = _country(words[0])
        if len(words) != 2 or not words[1].isdigit() or int(words[1]) not in _YEARS:
            raise CommandError("Say a country and a year: manage.py calendars AE 2027")
        year = int(words[1])
        calendar = _calendar(country, options)
        days = facts_of(calendar, date(year, 1, 1), date(year, 12, 31))
        spans = special(days)
        if options["json"]:
            self._print(
                {
                    "country": country, "year": year, "carrier": options["carrier"],
                    "working_days": sum(day.kind is not Day.REST for day in days),
                    "days": [asdict(span) for span in spans],
                    "slow": [{"first": first, "last": last} for first, last in slow(days)],
                    "feasts": [asdict(one) for one in feasts(country, year)],
                }
            )  # fmt: skip
            return
        whose = options["carrier"] or "offices and warehouses"
        working = sum(day.kind is not Day.REST for day in days)
        self.stdout.write(f"{country} {year}, {whose}: {working} working days")
        self.stdout.write(f"  {_week(calendar, year)}")
        for span in spans:
            self.stdout.write(f"  {_when(span.first, span.last):<30} {_what(span)}")
        for first, last in slow(days):
            self.stdout.write(f"  {_when(first, last):<30} Ramadan, slow")
        self._say_unconfirmed(country, year)

    def _say_unconfirmed(self, country: str, year: int) -> None:
        kept = {
            (stored.rule.name, stored.rule.first)
            for stored in day_rules.operators_rules()
            if stored.rule.country == country
        }
        for one in feasts(country, year):
            near = any(
                name == one.feast and first and abs((first - one.first).days) <= 20
                for name, first in kept
            )
            if not one.sure and not near:
                self.stdout.write(
                    f"{FEASTS[one.feast]} is expected to begin on {weekday_date(one.begins, 'en')}."
                    f" Once it is announced: manage.py calendars confirm {one.feast} {country}"
                    f" {one.begins}"
                )

    def _confirm(self, words: list[str], options: dict[str, Any]) -> None:
        if len(words) != 3:
            raise CommandError("Say it so: manage.py calendars confirm eid_al_fitr AE 2027-03-10")
        kept = day_rules.confirm_feast(
            feast=words[0],
            country=_country(words[1]),
            begins=_day(words[2]),
            last=_day(options["last"]) if options["last"] else None,
        )
        self._say(kept, options)

    def _add(self, words: list[str], options: dict[str, Any]) -> None:
        if len(words) not in {2, 3} and not (len(words) == 1 and options["weekday"]):
            raise CommandError("Say it so: manage.py calendars add AE 2026-12-09 --name Storm")
        first, last = (_day(words[1]), _day(words[-1])) if words[1:] else (None, None)
        rule = DayRule(
            country=_country(words[0]), region=options["region"], carrier=options["carrier"],
            service=options["service"], first=first, last=last, kind=Day(options["kind"]),
            name=options["name"][:80], certain=not options["perhaps"], part=options["part"],
            weekday=options["weekday"],
        )  # fmt: skip
        self._say(day_rules.add_for_all(rule=rule), options)

    def _remove(self, words: list[str], options: dict[str, Any]) -> None:
        if len(words) != 1 or not words[0].isdigit():
            raise CommandError("Say which: manage.py calendars remove 7 (see calendars rules)")
        removed = day_rules.remove_for_all(rule_id=int(words[0]))
        if removed is None:
            raise CommandError(f"There is no rule {words[0]}; see manage.py calendars rules.")
        self._say(StoredRule(int(words[0]), removed), options, verb="Removed")

    def _rules(self, words: list[str], options: dict[str, Any]) -> None:
        found = day_rules.operators_rules(_country(words[0]) if words else "")
        if options["json"]:
            self._print([_plain(stored) for stored in found])
            return
        for stored in found:
            self.stdout.write(f"{stored.id:>5}  {_told(stored.rule)}")
        if not found:
            self.stdout.write("No rules.")

    def _say(self, stored: StoredRule, options: dict[str, Any], *, verb: str = "Kept") -> None:
        if options["json"]:
            self._print(_plain(stored))
            return
        self.stdout.write(f"{verb} as rule {stored.id}: {_told(stored.rule)}")
        self.stdout.write("Dates follow with each parcel's next scan or check.")

    def _print(self, value: object) -> None:
        self.stdout.write(json.dumps(value, default=str, ensure_ascii=False, indent=2))


_REFUSED: Final = {
    "order": "The last day is before the first.",
    "when": "Say the first and the last day.",
    "long": f"Nobody rests longer than {day_rules.LONGEST} days.",
}


def _calendar(country: str, options: dict[str, Any]) -> Calendar:
    rules = tuple(stored.rule for stored in day_rules.operators_rules())
    if options["carrier"]:
        return delivery_calendar(
            country, options["carrier"], options["service"], options["region"], rules
        )
    return warehouse_calendar(country, rules=rules, region=subdivision(country, options["region"]))


def _country(text: str) -> str:
    code = text.upper()
    if code not in locale_of("en").territories or len(code) != 2:
        raise CommandError(f"{text!r} is no country: say its two letters, as in AE.")
    return code


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{text!r} is no day: write 2027-03-10.") from error


def _when(first: date, last: date) -> str:
    return date_range(first, last, "en")


def _week(calendar: Calendar, year: int) -> str:
    names = locale_of("en").days["format"]["wide"]
    rests = calendar.weekly_rest(year)
    if not rests:
        return "Works on all days of the week"
    return "Rests on " + listing([str(names[day - 1]) for day in rests], "en")


def _what(span: Span) -> str:
    kind = {Day.REST: "rest", Day.HALF: "half a day", Day.WORKS: "works"}[span.kind]
    unsure = "" if span.certain else f", {_UNSURE[span.kind]}"
    return f"{FEASTS.get(span.name, span.name)}: {kind}{unsure}"


def _told(rule: DayRule) -> str:
    who = " ".join(
        word for word in (rule.country, rule.region, rule.carrier, rule.service, rule.part) if word
    )
    when = _when(rule.first, rule.last) if rule.first and rule.last else ""
    if rule.weekday:
        day = locale_of("en").days["format"]["wide"][rule.weekday - 1]
        when = f"every {day}, {when}" if when else f"every {day}"
    unsure = "" if rule.certain else ", perhaps"
    year = f" {rule.last.year}" if rule.last else ""
    name = f"{FEASTS.get(rule.name, rule.name)} " if rule.name else ""
    return f"{who}, {when}{year}: {name}({rule.kind}{unsure})"


def _plain(stored: StoredRule) -> dict[str, Any]:
    rule = stored.rule
    return {
        "id": stored.id, "country": rule.country, "region": rule.region, "carrier": rule.carrier,
        "service": rule.service, "part": rule.part, "first": rule.first, "last": rule.last,
        "weekday": rule.weekday, "kind": rule.kind, "name": rule.name, "certain": rule.certain,
    }  # fmt: skip
