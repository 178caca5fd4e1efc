"""Ten thousand changes at once (`CRASH_BURST`; a few hundred in each run), while both workers are
killed three times each and the broker forgets everything once. Nobody is told twice, nobody not at
all."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest
import redis
from django.conf import settings
from django.utils import timezone

from benchmarks import fanout_seeding
from merchants.scope import merchant_scope
from notifications.channels.base import Browser
from notifications.models import Message
from notifications.outcomes import INTERRUPTED
from tests.crash.shopping import Shopping, open_shop
from tests.crash.stack import running_stack
from tests.crash.test_crashes import keep

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]

BURST = int(os.environ.get("CRASH_BURST", "300"))
IS_SMALL = BURST < 1000
KILLS_EACH = 3
#: Of the providers, before and after a message is theirs: most kills fall inside a send.
LATENCY = 0.1 if IS_SMALL else 0.03


@pytest.fixture
def shopping() -> Iterator[Shopping]:
    with running_stack(latency=LATENCY) as stack:
        yield open_shop(stack)


def test_burst_reaches_everybody_once_whatever_is_killed(shopping: Shopping) -> None:
    stack = shopping.stack
    stack.start_worker()
    for worker in stack.workers:
        stack.wait_until_up(worker)
    devices: set[str] = set()
    shop = prepare(shopping, devices)
    kills = KILLS_EACH * 2
    # A small burst comes in as many parts, so that there is work at each kill.
    parts = kills if IS_SMALL else 1
    flush_at = random.randrange(kills)
    for kill in range(kills):
        victim = stack.workers[0]  # the one that has lived longer: they take turns
        stack.wait_until_up(victim)
        if kill < parts:
            fanout_seeding.announce([replace(shop, parcels=shop.parcels[kill::parts])])
        time.sleep(random.uniform(0.3, 2.0) if IS_SMALL else random.uniform(1.0, 10.0))
        if kill == flush_at:
            with redis.Redis.from_url(settings.REDIS_URL) as broker:
                broker.flushall()
        stack.kill(victim)
        stack.start_worker()
    if not stack.wait(lambda: is_over(shopping), seconds=30 + BURST / 40):
        shopping.let_time_pass()
    assert stack.wait(lambda: is_over(shopping), seconds=90 + BURST / 40), shopping.what_is_open()
    check(shopping, devices)


def prepare(shopping: Shopping, devices: set[str]) -> fanout_seeding.Shop:
    """So many parcels that are about to be out for delivery; the names of their browsers."""

    def browser(number: str) -> Browser:
        devices.add(number)
        made = shopping.stack.phones.device(number)
        return Browser(made["endpoint"], made["keys"]["p256dh"], made["keys"]["auth"])

    return fanout_seeding.fill(shopping.merchant, BURST, browser=browser, now=timezone.now())


def is_over(shopping: Shopping) -> bool:
    return not any(shopping.what_is_open()[name] for name in ("turns", "messages"))


def check(shopping: Shopping, devices: set[str]) -> None:
    phones = shopping.stack.phones
    there = {
        "email": shopping.stack.post.taken,
        "sms": Counter(text["body"] for text in phones.texts()),
        "webpush": Counter(note["title"] for name in devices for note in phones.notes(name)),
    }
    mark = {"email": "message_id", "sms": "text", "webpush": "subject"}
    due = {"email": BURST, "sms": BURST, "webpush": len(devices)}
    table: dict[str, dict[str, int]] = {}
    for channel, copies in there.items():
        with merchant_scope(shopping.merchant.pk):
            rows = list(Message.objects.filter(channel=channel))
        count = {row.pk: copies[getattr(row, mark[channel])] for row in rows}
        table[channel] = {
            "due": due[channel],
            "sent": sum(n == 1 for n in count.values()),
            "found": sum("was asked and has it" in row.reason for row in rows),
            "twice": sum(n > 1 for n in count.values()),
            "uncertain": sum(row.state == "uncertain" for row in rows),
            "lost": due[channel]
            - len(rows)
            + sum(count[row.pk] == 0 and row.state != "uncertain" for row in rows),
        }
        # Whoever may have it twice is said to, and nobody has it three times.
        assert max(count.values()) <= (2 if channel == "email" else 1)
        assert all(row.reason == INTERRUPTED for row in rows if count[row.pk] > 1)
    keep(f"{BURST} changes at once, both workers killed {KILLS_EACH} times each", table)
    assert {name: row["lost"] for name, row in table.items()} == dict.fromkeys(table, 0)
    assert (table["sms"]["sent"], table["sms"]["uncertain"]) == (BURST, 0)
