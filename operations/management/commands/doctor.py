"""`manage.py doctor`: what is configured, what is missing and what is broken, in words."""

from __future__ import annotations

import sys
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandParser

from operations.findings import Level, look

_MARKS: Final = {Level.OK: "ok    ", Level.LOOK: "look  ", Level.BROKEN: "BROKEN"}


class Command(BaseCommand):
    help = "Say what is configured, missing or broken; exits 1 when something is broken."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("parts", nargs="*", help="look at these only, e.g. beat")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = set(options["parts"])
        found = [one for one in look() if not wanted or one.about in wanted]
        unknown = wanted - {one.about for one in found}
        for finding in found:
            self.stdout.write(f"{_MARKS[finding.level]}  {finding.about:<11} {finding.words}")
        for about in sorted(unknown):
            self.stdout.write(f"BROKEN  {about:<11} nothing of this name could be looked at")
        levels = {finding.level for finding in found}
        if Level.LOOK in levels:
            self.stdout.write("\nA line marked `look` says what to do when you want it.")
        if Level.BROKEN in levels or unknown:
            self.stdout.write("\nA line marked BROKEN says what does not work, and what to do.")
            sys.exit(1)
