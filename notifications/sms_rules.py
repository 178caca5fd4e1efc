"""What a text message may be in a country: one table of country × provider × kind.

From public guidelines as of 2026 (Twilio's country guidelines, TRAI's TCCCPR for India, the
telecom authorities of the UAE and Saudi Arabia, the FCC's TCPA rules); they change, so the operator
corrects a row without a release (`manage.py sms_rules`). Our own texts carry no link anywhere.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from functools import lru_cache
from importlib.resources import files
from typing import Final

ANY: Final = "*"
SERVICE: Final = "service"
PROMOTION: Final = "promotion"
KINDS: Final = (SERVICE, PROMOTION)
#: How somebody ends it: an answer, or not by SMS at all (one-way countries).
STOPS: Final = ("reply", "none")
SENDERS: Final = ("any", "registered", "number")

_LINK: Final = re.compile(r"https?://|www\.|\b[\w-]+\.(?:com|net|org|ly|me|co|shop|store)\b", re.I)

Key = tuple[str, str, str]
"""Country (ISO 3166, or ANY), provider's slug (or ANY), kind."""


@dataclass(frozen=True, slots=True)
class SmsRule:
    """One row. Hours are local; None: at any hour. `prefix` is what a sender begins with;
    `is_registered`: only texts that were registered before may be sent."""

    first: time | None = None
    last: time | None = None
    may_link: bool = True
    sender: str = "any"
    prefix: str = ""
    stop: str = "reply"
    is_registered: bool = False
    note: str = ""


def rule_for(
    country: str, provider: str, kind: str, *, own: Mapping[Key, SmsRule] | None = None
) -> SmsRule:
    """The row that counts: the operator's `own` before ours, the more exact one first."""
    keys: Sequence[Key] = (
        (country, provider, kind),
        (country, ANY, kind),
        (country, provider, SERVICE),
        (country, ANY, SERVICE),
        (ANY, provider, kind),
        (ANY, ANY, kind),
    )
    tables = (own or {}, table())
    return next(rows[key] for key in keys for rows in tables if key in rows)


@lru_cache(maxsize=1)
def table() -> Mapping[Key, SmsRule]:
    """Our own rows."""
    text = files("notifications").joinpath("sms_rules.csv").read_text("utf-8")
    return {
        (row["country"], row["provider"], row["kind"]): SmsRule(
            first=_time(row["first"]),
            last=_time(row["last"]),
            may_link=row["link"] == "yes",
            sender=row["sender"],
            prefix=row["prefix"],
            stop=row["stop"],
            is_registered=row["registered"] == "yes",
            note=row["note"],
        )
        for row in csv.DictReader(text.splitlines())
    }


def _time(text: str) -> time | None:
    return time.fromisoformat(text) if text else None


def has_link(text: str) -> bool:
    """Whether a filter would take something in it for an address."""
    return bool(_LINK.search(text))
