"""Does the look-up's refusal take as long for a number that exists as for one that does not?

Two kinds of refusal in an order drawn by lot, through the whole of the request: unknown numbers,
and known ones with a wrong proof. Reported are the means as they leave (with the rest that the view
takes), and of the work before that rest; their difference, and its standard error.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import sqrt
from typing import Final
from unittest.mock import patch

from django.test import Client

from benchmarks import seeding
from benchmarks.measuring import Line, below, say
from benchmarks.sizes import Size
from storefront_pages import lookup, lookup_form, views
from tests import factories
from tests.factories import NOW

_ORDERS: Final = 2_000
#: A difference of so many standard errors and less is noise: chance alone exceeds it once in 370.
_NOISE: Final = 3.0
_LIMITS: Final = ("TRIES_AN_ADDRESS", "TRIES_A_NUMBER", "TRIES_A_SHOP")

Times = tuple[list[float], list[float]]
"""Milliseconds of unknown numbers, and of known ones with a wrong proof."""


def run(size: Size) -> list[Line]:
    """`size.lookups` refusals, half of each kind."""
    shop = factories.merchant(slug="lookups")
    seeding.parcels(shop, _ORDERS, listed=False, now=NOW)
    seeding.settle("tracking_order")
    say(f"asking {size.lookups:,} times")
    answers, work = _asked(shop.slug, size.lookups)
    return [*_lines("answer", answers), *_lines("work before the rest", work, is_target=False)]


def _asked(slug: str, count: int) -> tuple[Times, Times]:
    answers: Times = ([], [])
    work: Times = ([], [])
    client, draw = Client(headers={"host": "127.0.0.1"}), random.Random(8)
    kinds = [n % 2 for n in range(count)]
    draw.shuffle(kinds)
    with _unlimited(), _noting() as worked:
        for is_known in (0, 1) * 5:  # the first ones pay for what is made once
            _ask(client, slug, draw, is_known)
        for is_known in kinds:
            worked.clear()
            answers[is_known].append(_ask(client, slug, draw, is_known))
            work[is_known].append(worked[0] * 1000)
    return answers, work


def _ask(client: Client, slug: str, draw: random.Random, is_known: int) -> float:
    number = f"{'B' if is_known else 'C'}{draw.randrange(1, _ORDERS)}"
    begun = time.perf_counter()
    answer = client.post(f"/p/{slug}/", {"number": number, "proof": "nobody@shopper.example"})
    took = (time.perf_counter() - begun) * 1000
    assert answer.status_code == 422, answer.status_code
    return took


@contextmanager
def _unlimited() -> Iterator[None]:
    patches = [patch.object(lookup_form, name, (10**9, 600)) for name in _LIMITS]
    for one in patches:
        one.start()
    try:
        yield
    finally:
        for one in patches:
            one.stop()


@contextmanager
def _noting() -> Iterator[list[float]]:
    """Seconds of work before each rest."""
    worked: list[float] = []

    def rest(since: float) -> None:
        worked.append(time.monotonic() - since)
        lookup.rest(since)

    with patch.object(views, "rest", rest):
        yield worked


def _lines(what: str, times: Times, *, is_target: bool = True) -> list[Line]:
    unknown, known = times
    difference = statistics.fmean(known) - statistics.fmean(unknown)
    error = sqrt(_variance_of_mean(known) + _variance_of_mean(unknown))
    ratio = abs(difference) / error
    note = f"{difference * 1000:+.1f} µs ± {error * 1000:.1f} µs"
    say(
        f"{what}: unknown {statistics.fmean(unknown):.4f} ms, known with a wrong proof "
        f"{statistics.fmean(known):.4f} ms, difference {note}"
    )
    name = f"lookup_timing: {what}"
    apart = f"{name}, difference in standard errors"
    return [
        Line(f"{name}, unknown number", statistics.fmean(unknown), "ms"),
        Line(f"{name}, wrong proof", statistics.fmean(known), "ms"),
        below(apart, ratio, "SE", _NOISE, note=note)
        if is_target
        else Line(apart, ratio, "SE", note=note),
    ]


def _variance_of_mean(times: Sequence[float]) -> float:
    return statistics.variance(times) / len(times)
