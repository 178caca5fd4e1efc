"""`manage.py sms_rules`: what a text message may be where, and the operator's corrections.

sms_rules                       every row, the operator's marked
sms_rules AE                    what counts there
sms_rules set AE --kind promotion --hours 09:00-20:00 [--provider twilio] [--link no]
          [--sender registered] [--prefix AD-] [--stop none] [--registered yes] [--note "…"]
sms_rules remove AE --kind promotion [--provider twilio]
"""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lib.formats import locale_of
from notifications.models import OperatorSmsRule
from notifications.sms_rules import ANY, KINDS, SENDERS, STOPS, Key, SmsRule, rule_for, table
from notifications.text_limits import operators_rules

_YES_NO = ("yes", "no")


class Command(BaseCommand):
    help = "\n".join(__doc__.splitlines())

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("words", nargs="*", help="COUNTRY, set COUNTRY, or remove COUNTRY")
        parser.add_argument("--provider", default=ANY, help="a provider's slug; none: any")
        parser.add_argument("--kind", choices=KINDS, default=KINDS[0])
        parser.add_argument("--hours", default=None, help='"09:00-20:00", or "any"')
        parser.add_argument("--link", choices=_YES_NO)
        parser.add_argument("--sender", choices=SENDERS)
        parser.add_argument("--prefix", default=None, help="what the sender begins with")
        parser.add_argument("--stop", choices=STOPS)
        parser.add_argument("--registered", choices=_YES_NO, help="only registered texts")
        parser.add_argument("--note", default=None)

    def handle(self, *args: Any, words: list[str], **options: Any) -> None:
        own = operators_rules()
        if not words:
            for key in sorted({*table(), *own}):
                self._say(key, own.get(key) or table()[key], is_own=key in own)
        elif words[0] == "set":
            self._set(_country(words), own, options)
        elif words[0] == "remove":
            found = OperatorSmsRule.objects.filter(
                country=_country(words), provider=options["provider"], kind=options["kind"]
            )
            if not found.delete()[0]:
                raise CommandError("There is no such row of yours.")
            self.stdout.write("Removed; our own row counts again.")
        else:
            country = _country(["", *words])
            for kind in KINDS:
                rule = rule_for(country, options["provider"], kind, own=own)
                self._say((country, options["provider"], kind), rule, is_own=False)

    def _set(self, country: str, own: dict[Key, SmsRule], options: dict[str, Any]) -> None:
        provider, kind = options["provider"], options["kind"]
        rule = replace(rule_for(country, provider, kind, own=own), **_changed(options))
        OperatorSmsRule.objects.update_or_create(
            country=country, provider=provider, kind=kind,
            defaults={
                "first": rule.first, "last": rule.last, "may_link": rule.may_link,
                "sender": rule.sender, "prefix": rule.prefix, "stop": rule.stop,
                "is_registered": rule.is_registered, "note": rule.note,
            },
        )  # fmt: skip
        self._say((country, provider, kind), rule, is_own=True)

    def _say(self, key: Key, rule: SmsRule, *, is_own: bool) -> None:
        country, provider, kind = key
        hours = f"{rule.first:%H:%M}–{rule.last:%H:%M}" if rule.first and rule.last else "any hour"
        parts = [
            f"{country} {provider} {kind}:", hours, "links" if rule.may_link else "no links",
            f"sender {rule.sender}{f' {rule.prefix}…' if rule.prefix else ''}",
            "STOP by answer" if rule.stop == "reply" else "one-way",
            "registered texts only" if rule.is_registered else "",
            "(yours)" if is_own else "", rule.note,
        ]  # fmt: skip
        self.stdout.write("  ".join(part for part in parts if part))


def _country(words: list[str]) -> str:
    code = words[1].upper() if len(words) > 1 else ""
    if len(code) != 2 or code not in locale_of("en").territories:
        raise CommandError(f"{code or 'Nothing'} is no country; write two letters, such as AE.")
    return code


def _changed(options: dict[str, Any]) -> dict[str, Any]:
    """The fields that were given, as values of a rule. Raises CommandError."""
    found: dict[str, Any] = {}
    if options["hours"] is not None:
        found |= _hours(options["hours"])
    for name, field in (("link", "may_link"), ("registered", "is_registered")):
        if options[name] is not None:
            found[field] = options[name] == "yes"
    for name in ("sender", "prefix", "stop", "note"):
        if options[name] is not None:
            found[name] = options[name]
    return found


def _hours(text: str) -> dict[str, time | None]:
    if text == "any":
        return {"first": None, "last": None}
    first, _, last = text.partition("-")
    try:
        return {"first": time.fromisoformat(first), "last": time.fromisoformat(last)}
    except ValueError as error:
        raise CommandError(f'{text} are no hours; write "09:00-20:00" or "any".') from error
