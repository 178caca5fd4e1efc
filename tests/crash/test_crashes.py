"""Nothing is lost when anything is killed, with real processes. The table goes to
`.homeward/crash-table.md`."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.test import Client

from merchants.models import Role
from merchants.scope import merchant_scope
from notifications.models import Message
from tests import factories
from tests.crash.shopping import Shopping, as_text, open_shop
from tests.crash.stack import ROOT, running_stack

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]

RUNS = int(os.environ.get("CRASH_RUNS", "4"))
TABLE = ROOT / ".homeward" / "crash-table.md"


@pytest.fixture
def shopping() -> Iterator[Shopping]:
    """A shop whose providers take a moment, so that a kill often falls inside a send."""
    with running_stack(latency=0.05) as stack:
        yield open_shop(stack)


def work(shopping: Shopping, *, orders: int, scans: int) -> None:
    for _ in range(orders):
        shopping.buy()
    for _ in range(scans):
        shopping.scan()


def keep(name: str, table: dict[str, dict[str, int]]) -> None:
    text = f"### {name}\n\n{as_text(table)}\n"
    print(f"\n{text}")
    TABLE.parent.mkdir(exist_ok=True)
    with Path(TABLE).open("a") as file:
        file.write(f"{text}\n")


def assert_promise(table: dict[str, dict[str, int]]) -> None:
    """Lost: never. Twice: never where the provider can be asked, nor by the browser."""
    assert {name: row["lost"] for name, row in table.items()} == {
        "email": 0, "sms": 0, "webpush": 0,
    }  # fmt: skip
    assert (table["sms"]["twice"], table["sms"]["uncertain"]) == (0, 0)
    assert table["webpush"]["twice"] == 0


def test_worker_killed_at_random_moments_loses_nothing(shopping: Shopping) -> None:
    """SIGKILL, RUNS times: all of a worker, and one of the processes of its pool, in turns."""
    TABLE.unlink(missing_ok=True)
    stack = shopping.stack
    for run in range(RUNS):
        victim = stack.workers[0]
        stack.wait_until_up(victim)
        whole = run % 2 == 0
        if whole:
            stack.start_worker()  # it starts while the other still works
        work(shopping, orders=2, scans=2)
        time.sleep(random.uniform(0.0, 1.5))
        (stack.kill if whole else stack.kill_a_child)(victim)
    stack.wait_until_up(stack.workers[0])
    if not stack.wait(shopping.is_settled, seconds=20):
        shopping.let_time_pass()
    assert stack.wait(shopping.is_settled, seconds=90), shopping.what_is_open()
    table = shopping.table()
    keep(f"Worker killed {RUNS} times", table)
    assert table["sms"]["due"] == RUNS * 4
    assert_promise(table)


def test_flushed_broker_loses_nothing(shopping: Shopping) -> None:
    broker = redis.Redis.from_url(settings.REDIS_URL)
    for _ in range(8):
        work(shopping, orders=2, scans=2)
        broker.flushall()
        time.sleep(random.uniform(0.0, 0.6))
        broker.flushall()
    broker.close()
    assert shopping.stack.wait(shopping.is_settled, seconds=60), shopping.what_is_open()
    table = shopping.table()
    keep("Broker flushed 16 times", table)
    assert_promise(table)
    assert {row["twice"] + row["uncertain"] for row in table.values()} == {0}


def test_restarted_database_loses_nothing(shopping: Shopping) -> None:
    if "homeward" not in str(settings.DATABASES["default"]["HOST"]):
        pytest.skip("PostgreSQL is not the embedded one; it is not ours to restart")
    for _ in range(4):
        work(shopping, orders=2, scans=2)
        time.sleep(random.uniform(0.2, 1.2))
        shopping.stack.restart_postgres()
    if not shopping.stack.wait(shopping.is_settled, seconds=30):
        shopping.let_time_pass()
    assert shopping.stack.wait(shopping.is_settled, seconds=90), shopping.what_is_open()
    table = shopping.table()
    keep("PostgreSQL restarted 4 times, as after a power cut", table)
    assert_promise(table)


def test_provider_cut_off_after_it_accepted(shopping: Shopping) -> None:
    """Each provider takes some messages and hangs up instead of saying so."""
    shopping.stack.post.hang_ups = 3
    shopping.stack.phones.fail("cut", for_requests=10)
    work(shopping, orders=6, scans=6)
    assert shopping.stack.wait(shopping.is_settled, seconds=120), shopping.what_is_open()
    time.sleep(2)  # nothing is due after the last tries, which may still be on their way
    table = shopping.table()
    keep("Providers cut off after they had accepted", table)
    assert_promise(table)
    # How often depends on who met which hang-up (and on a claim that ran out on a slow machine);
    # that each of these mails says what may have happened to it does not.
    assert shopping.stack.post.hung_up_on
    assert (
        shopping.doubtful_mails() >= shopping.stack.post.hung_up_on | shopping.mails_there_twice()
    )
    assert table["sms"]["found"] + table["webpush"]["uncertain"] == 10
    shown_as_uncertain(shopping, table["webpush"]["uncertain"])


def shown_as_uncertain(shopping: Shopping, count: int) -> None:
    """The merchant sees them among those that did not arrive, in words."""
    client = Client()
    client.force_login(factories.user(shopping.merchant, role=Role.VIEWER))
    html = client.get("/app/noor/messages/?state=problem").content.decode()
    assert html.partition("<tbody")[2].count("Uncertain") == count
    with merchant_scope(shopping.merchant.pk):
        assert Message.objects.filter(state="uncertain", due_at__isnull=True).count() == count
