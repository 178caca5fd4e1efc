"""Voucher codes: those a merchant brought, and those made by a pattern."""

from __future__ import annotations

import csv
import secrets
from dataclasses import dataclass
from io import StringIO
from typing import Final

from notifications.models import Voucher, VoucherRule

#: Without what looks alike: 0 and O, 1 and I.
_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
MOST_CODES: Final = 100_000
_LONGEST: Final = 60
#: Fewer free places than this, and codes can be guessed.
LEAST_PLACES: Final = 6


@dataclass(frozen=True, slots=True)
class Uploaded:
    """What became of an upload: how many are new, known already, and the lines that are no code
    (their numbers, from 1)."""

    new: int
    known: int
    broken: tuple[int, ...]


def read_codes(text: str) -> tuple[list[str], tuple[int, ...]]:
    """The codes of a file, one a line or in the first column of a CSV; and the lines that are none.

    A first line that is a heading ("code") is passed over.
    """
    codes: dict[str, None] = {}
    broken: list[int] = []
    for number, row in enumerate(csv.reader(StringIO(text.removeprefix("\ufeff"))), start=1):
        code = row[0].strip() if row else ""
        if not code or (number == 1 and code.casefold() in {"code", "codes", "voucher", "coupon"}):
            continue
        if len(code) > _LONGEST or any(sign.isspace() or not sign.isprintable() for sign in code):
            broken.append(number)
        else:
            codes[code] = None
    return list(codes), tuple(broken)


def add_codes(*, rule: VoucherRule, text: str) -> Uploaded:
    """Put uploaded codes into the rule's pool; known ones stay as they are. In its scope."""
    codes, broken = read_codes(text)
    codes = codes[:MOST_CODES]
    known = set(Voucher.objects.filter(code__in=codes).values_list("code", flat=True))
    fresh = [code for code in codes if code not in known]
    Voucher.objects.bulk_create(
        [Voucher(merchant_id=rule.merchant_id, rule=rule, code=code) for code in fresh],
        batch_size=5000,
        ignore_conflicts=True,
    )
    if fresh:
        VoucherRule.objects.filter(pk=rule.pk).update(stopped_at=None)
    return Uploaded(len(fresh), len(known), broken)


def make_code(pattern: str) -> str:
    """A code of this pattern: every # a random letter or digit."""
    return "".join(secrets.choice(_LETTERS) if sign == "#" else sign for sign in pattern)


def codes_left(rule: VoucherRule) -> int | None:
    """How many uploaded codes wait; None where a pattern makes them."""
    if rule.pattern:
        return None
    return Voucher.objects.filter(rule=rule, given_at__isnull=True).count()
