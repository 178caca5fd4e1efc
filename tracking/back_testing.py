"""One run of a back-test: the orders are read, walked through, and the figures kept."""

from __future__ import annotations

import gzip
import io
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
from celery.exceptions import SoftTimeLimitExceeded

from edd.backtest.reading import Unreadable, parse
from edd.backtest.report import first_day, last_day, report, scorable
from edd.backtest.walking import walk
from edd.rules import load_rules
from edd.vocabulary import Rules
from merchants.scope import every_merchant, merchant_scope
from tracking.back_tests import HISTORY, Hold, Lost, claim
from tracking.models import BackTest
from tracking.past_orders import MOST, PastOrders, count_parcels, past_orders

log = logging.getLogger("homeward.back_tests")

#: Fewer delivered orders than this say nothing that holds.
FEWEST: Final = 200
#: Shares of the bar: until everything is read, and until everything is predicted.
_READ, _WALKED = 0.1, 0.97
_Doing = BackTest.Doing
_State = BackTest.State


@dataclass(frozen=True, slots=True)
class TooFew(Exception):
    """Not enough delivered orders to score."""

    found: int


def work(test_id: int, *, now: datetime) -> None:
    """Claim a run and do it. Whoever is killed leaves it to another worker, who begins anew."""
    with every_merchant("back-tests of all merchants are one queue"):
        claimed = claim(test_id, now=now)
    if claimed is None:
        return
    test, hold = claimed
    try:
        _run(test, hold)
    except Lost:
        log.warning("back-test %d was taken over by another worker", test.pk)


def _run(test: BackTest, hold: Hold) -> None:
    try:
        results = _results(test, hold)
    except Unreadable as fault:
        about = {"row": fault.row, "column": fault.column, "value": fault.value}
        hold.end(_State.FAILED, problem=fault.code, about=about)
    except TooFew as few:
        hold.end(_State.FAILED, problem="too_few", about={"found": few.found, "needed": FEWEST})
    except SoftTimeLimitExceeded:
        hold.end(_State.FAILED, problem="too_long")
    else:
        hold.end(_State.DONE, progress=100, results=results)


def _results(test: BackTest, hold: Hold) -> dict[str, Any]:
    with merchant_scope(test.merchant_id):
        rules = load_rules(test.merchant_id)
    past = _of_file(test, rules) if test.upload is not None else _of_rows(test, rules, hold)
    if past is None:
        raise TooFew(0)
    first, last = first_day(past.orders, months=test.months), last_day(past.orders)
    which = scorable(past.orders, first=first, last=last)
    if which.sum() < FEWEST:
        raise TooFew(int(which.sum()))
    hold.tell(_Doing.WALKING, _READ)
    at_order, at_hand_over = walk(
        past.orders,
        start=first,
        progress=lambda share: hold.tell(_Doing.WALKING, _READ + (_WALKED - _READ) * share),
    )
    hold.tell(_Doing.SCORING, _WALKED)
    found = report(
        past.orders, at_order, at_hand_over,
        which=which, carrier_said=past.carrier_said, places=past.countries,
    )  # fmt: skip
    return found | {
        "level": rules.level,
        "first": str(first),
        "last": str(last),
        "looked_at": len(past.orders.parcels),
        "is_cut": past.is_cut,
        "by_country": test.upload is None,
    }


def _of_file(test: BackTest, rules: Rules) -> PastOrders:
    """Raises Unreadable."""
    body = io.BytesIO(bytes(test.upload or b""))
    with gzip.open(body, "rt", encoding="utf-8-sig", newline="") as lines:
        orders = parse(lines, home=rules.country, most=MOST)
    count = len(orders.parcels)
    nothing = np.zeros(count, dtype=np.int64)
    return PastOrders(orders, nothing, orders.to_region, is_cut=count >= MOST)


def _of_rows(test: BackTest, rules: Rules, hold: Hold) -> PastOrders | None:
    since = hold.began - HISTORY
    with merchant_scope(test.merchant_id):
        whole = min(max(count_parcels(since=since), 1), MOST)
    return past_orders(
        test.merchant_id,
        rules,
        since=since,
        heard=lambda count: hold.tell(_Doing.READING, _READ * count / whole),
    )
