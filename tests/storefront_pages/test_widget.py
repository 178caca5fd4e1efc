"""The date for a shop's own pages: who may ask, what is answered, and what when nothing answers."""

from __future__ import annotations

import json
import threading
import time as clock
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from edd import quote_counts
from edd.models import DateRules, HandlingRule, LaneDays
from edd.quotes import window_of_quote
from edd.rules_at_hand import RULES
from help_texts.models import Banner
from lib import at_hand, errands, near_limits
from merchants import publishable
from merchants.models import Merchant, PublishableKey
from merchants.page_version import pages_changed
from merchants.scope import merchant_scope
from storefront_pages import widget_answers, widget_gate
from storefront_pages.widget_door import DOORS
from tests import databases

#: The budget is 50 ms; a busy machine may take its time, but waits out no lock (2 s).
IN_TIME = 0.5
SHOP = "https://noor.example"


@pytest.fixture(autouse=True)
def new_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As a process begins, without the thread for errands."""
    monkeypatch.setattr(errands, "begin", lambda: None)
    forget()
    yield
    forget()


def forget() -> None:
    DOORS.forget()
    RULES.forget()
    widget_answers.forget()
    near_limits.forget()
    quote_counts.hand_over()


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Readings happen in the test's own transaction, whose rows no other thread sees."""
    monkeypatch.setattr(at_hand, "_submit", lambda work: work())


@pytest.fixture
def key(merchant: Merchant, at_once: None) -> str:
    return issue(merchant).key


def issue(merchant: Merchant, **rest: Any) -> PublishableKey:
    values = {"origins": [SHOP], "fallback": "usual", "by": None}
    return publishable.issue(merchant=merchant, **(values | rest))


def ask(key: str, *, headers: dict[str, str] | None = None, **query: Any) -> Any:
    return Client().get(f"/w/{key}/estimate", {"country": "SA"} | query, headers=headers or {})


def test_answer_carries_the_shops_banner_until_its_day_is_over(
    key: str, merchant: Merchant
) -> None:
    with merchant_scope(merchant.pk):
        Banner.objects.create(
            merchant=merchant, texts={"en": "Busy", "ar": "ازدحام"}, tone="wait", places=["widget"],
            first=date(2026, 11, 1), last=date(2026, 11, 9), countries=["SA"],
        )  # fmt: skip
        pages_changed(merchant.pk)
    ask(key)
    door = DOORS.get(key).value  # type: ignore[union-attr]
    assert door is not None
    # Ten seconds before midnight in Dubai, and at midnight.
    late = datetime(2026, 11, 9, 19, 59, 50, tzinfo=UTC)
    over = late + timedelta(seconds=10)

    def said(country: str, language: str, now: datetime) -> Any:
        question = widget_answers.Ask(country=country)
        made = widget_answers.answer(door, question, language=language, now=now)
        assert made is not None
        return json.loads(made.body)["banner"], made.seconds_left(now)

    assert said("SA", "ar", late) == ({"text": "ازدحام", "tone": "wait"}, 10)
    assert said("AE", "en", late)[0] is None
    assert said("SA", "ar", over)[0] is None


# --- what is answered -----------------------------------------------------------------------


def test_answer_is_a_date_in_words_and_numbers(key: str) -> None:
    response = ask(key, city="Riyadh", carrier="aramex", lang="en")
    said = response.json()
    assert response.status_code == 200
    assert sorted(said) == [
        "banner", "date", "direction", "freshness", "html", "language", "level", "order_by",
        "order_within_seconds", "place", "quote", "source", "text", "window", "words", "zone",
    ]  # fmt: skip
    assert (said["zone"], said["level"], said["source"], said["place"]) == (
        "Asia/Riyadh", 90, "configuration", "Riyadh, Saudi Arabia",
    )  # fmt: skip
    assert said["text"].startswith("Order ")
    assert said["text"].endswith(said["window"])
    by = datetime.fromisoformat(said["order_by"])
    assert by.utcoffset() == timedelta(hours=3)
    left = (by - datetime.now(UTC)).total_seconds() - said["order_within_seconds"]
    assert -60 < left < 60


def test_sentence_is_in_the_language_asked_else_the_browsers_else_the_shops(
    key: str, merchant: Merchant
) -> None:
    arabic = {"Accept-Language": "ar-SA,en;q=0.5"}
    found = [
        ask(key, lang="en", headers=arabic).json()["language"],
        ask(key, headers=arabic).json()["language"],
        ask(key, headers={"Accept-Language": "fr"}).json()["language"],
    ]
    assert found == ["en", "ar", "en"]
    assert ask(key, lang="ar", city="Riyadh").json()["place"].endswith("، المملكة العربية السعودية")


def test_quote_in_the_answer_ties_an_order(key: str, merchant: Merchant) -> None:
    said = ask(key).json()
    window = window_of_quote(
        said["quote"], merchant_id=merchant.pk, country="SA", placed_at=datetime.now(UTC)
    )
    assert [str(window.first), str(window.last)] == [said["date"]["from"], said["date"]["to"]]


def test_goods_that_take_longer_are_known_by_their_sku(key: str, merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        HandlingRule.objects.create(merchant=merchant, kind="sku", match="sofa", handling_days=20)
    soon, late = ask(key).json()["date"], ask(key, sku="SOFA-3").json()["date"]
    assert date.fromisoformat(late["from"]) - date.fromisoformat(soon["from"]) > timedelta(days=15)


def test_of_a_postcode_only_the_beginning_is_kept(key: str) -> None:
    """So the whole one is the same question."""
    first, second = ask(key, postcode="12345"), ask(key, postcode="123")
    assert first.headers["ETag"] == second.headers["ETag"]
    assert b"12345" not in first.content


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"country": ""}, "country"),
        ({"country": "Dubai"}, "country"),
        ({"carrier": "hermes-the-god"}, "carrier"),
        ({"city": "x" * 81}, "city"),
        ({"contry": "AE"}, "contry"),
        ({"sku": [str(n) for n in range(21)]}, "sku"),
    ],
)
def test_wrong_question_is_told_what_and_where(key: str, query: dict[str, Any], field: str) -> None:
    response = ask(key, **query)
    assert (response.status_code, response.headers["Content-Type"]) == (
        400, "application/problem+json",
    )  # fmt: skip
    assert [error["field"] for error in response.json()["errors"]] == [field]


# --- who may ask ----------------------------------------------------------------------------


def test_pages_of_the_shop_may_read_it_and_no_others(key: str) -> None:
    ours, theirs = (ask(key, headers={"Origin": one}) for one in (SHOP, "https://evil.example"))
    assert (ours.status_code, ours.headers["Access-Control-Allow-Origin"]) == (200, SHOP)
    assert theirs.status_code == 403
    assert "Access-Control-Allow-Origin" not in theirs.headers
    assert "Origin" in ours.headers["Vary"]
    assert "Origin" in theirs.headers["Vary"]


def test_program_without_an_origin_is_answered_for_nobody_elses_pages(key: str) -> None:
    response = ask(key)
    assert response.status_code == 200
    assert "Access-Control-Allow-Origin" not in response.headers
    assert "Cookie" not in response.headers["Vary"]


def test_preflight_is_answered(key: str) -> None:
    response = Client().options(f"/w/{key}/estimate", headers={"Origin": SHOP})
    assert (response.status_code, response.headers["Access-Control-Allow-Origin"]) == (204, SHOP)


def test_key_that_is_no_key_is_refused(at_once: None, merchant: Merchant) -> None:
    off, gone = issue(merchant), issue(merchant)
    publishable.change(off, origins=[SHOP], fallback="usual", is_on=False)
    publishable.revoke(gone, now=datetime.now(UTC))
    wrong = [off.key, gone.key, "pk_" + "x" * 32, "pk_", "hw_secret"]
    assert [ask(one).status_code for one in wrong] == [404] * 5


def test_one_address_may_ask_so_often(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(widget_gate, "ADDRESS_A_MINUTE", 2)
    answers = [ask(key) for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 60
    assert answers[-1].headers["Cache-Control"] == "no-store"


def test_one_key_may_be_used_so_often(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(widget_gate, "KEY_A_MINUTE", 1)
    assert [ask(key).status_code for _ in range(2)] == [200, 429]


# --- how long it lasts ----------------------------------------------------------------------


def test_answer_may_be_kept_until_the_cut_off_a_minute_at_most(
    key: str, merchant: Merchant
) -> None:
    seconds = int(ask(key).headers["Cache-Control"].removeprefix("public, max-age="))
    assert 0 < seconds <= 60
    door = DOORS.get(key).value  # type: ignore[union-attr]
    assert door is not None
    question = widget_answers.Ask(country="AE")
    just_before = datetime(2026, 11, 9, 9, 59, 50, tzinfo=UTC)  # ten seconds to 14:00 in Dubai
    made = widget_answers.answer(door, question, language="en", now=just_before)
    assert made is not None
    assert (made.seconds_left(just_before), json.loads(made.body)["order_within_seconds"]) == (
        10,
        10,
    )
    after = widget_answers.answer(
        door, question, language="en", now=just_before + timedelta(seconds=10)
    )
    assert after is not None
    assert json.loads(after.body)["date"] != json.loads(made.body)["date"]


def test_who_has_it_already_gets_nothing_again(key: str) -> None:
    tag = ask(key).headers["ETag"]
    again = ask(key, headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)


def test_second_question_costs_no_query(key: str, django_assert_num_queries: Any) -> None:
    ask(key)
    with django_assert_num_queries(0):
        ask(key)
        ask(key, country="AE", city="Dubai")


def test_saved_rules_show_once_the_kept_ones_are_old(
    key: str, merchant: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = ask(key).json()["date"]["from"]
    with merchant_scope(merchant.pk):
        DateRules.objects.create(merchant=merchant, cut_off=time(14), handling_days=9)
    assert ask(key).json()["date"]["from"] == before
    now = clock.monotonic()
    monkeypatch.setattr(at_hand.time, "monotonic", lambda: now + 61)
    assert ask(key).json()["date"]["from"] > before


def test_what_a_process_needs_is_loaded_without_asking_anybody(
    django_assert_num_queries: Any, db: None
) -> None:
    with django_assert_num_queries(0):
        widget_answers.warm(now=datetime.now(UTC))
    assert dict(widget_answers._answers) == {}


# --- when nothing answers -------------------------------------------------------------------


class Locked:
    """Another session holds these tables, as a migration or a hung one does."""

    def __init__(self, *models: Any) -> None:
        self._tables = ", ".join(model._meta.db_table for model in models)
        self._done, self._held = threading.Event(), threading.Event()

    def __enter__(self) -> None:
        self._thread = threading.Thread(target=self._hold)
        self._thread.start()
        assert self._held.wait(5)

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _hold(self) -> None:
        with databases.connected(connection.settings_dict["NAME"]) as cursor:
            cursor.execute("BEGIN")
            cursor.execute(f"LOCK TABLE {self._tables} IN ACCESS EXCLUSIVE MODE")
            self._held.set()
            self._done.wait(20)
            cursor.execute("ROLLBACK")


def timed(key: str) -> tuple[Any, float]:
    started = clock.perf_counter()
    response = ask(key)
    return response, clock.perf_counter() - started


@pytest.fixture
def live_key(transactional_db: None, merchant: Merchant) -> Iterator[str]:
    """A key that other threads see; their connections are closed at the end."""
    Client().get("/healthz")  # what is built once a process
    widget_answers.warm(now=datetime.now(UTC))
    yield issue(merchant).key
    pool = at_hand._pool
    assert pool is not None
    pool.shutdown(wait=True)
    at_hand._forget_pool()


def test_locked_rules_are_replaced_by_the_usual_days_in_time(live_key: str) -> None:
    knows_the_key(live_key)
    with Locked(DateRules, LaneDays):
        response, seconds = timed(live_key)
        again, seconds_again = timed(live_key)
    assert [one.json()["source"] for one in (response, again)] == ["fallback", "fallback"]
    assert response.json()["freshness"]["stale"] is True
    assert response.json()["freshness"]["rules_at"] is None
    assert max(seconds, seconds_again) < IN_TIME


def test_merchant_may_rather_show_nothing(live_key: str, merchant: Merchant) -> None:
    PublishableKey.objects.filter(key=live_key).update(fallback="nothing")
    knows_the_key(live_key)
    with Locked(DateRules):
        response = ask(live_key)
    assert (response.status_code, response.content) == (204, b"")
    assert response.headers["Cache-Control"] == "no-store"


def test_locked_keys_are_answered_with_nothing_in_time(live_key: str) -> None:
    with Locked(PublishableKey):
        response, seconds = timed(live_key)
    assert response.status_code == 204
    assert seconds < IN_TIME


def test_rules_known_before_go_on_being_told_while_the_database_hangs(
    live_key: str, merchant: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    with merchant_scope(merchant.pk):
        LaneDays.objects.create(merchant=merchant, fastest=30, slowest=40)
    said = warm(live_key)
    now = clock.monotonic()
    monkeypatch.setattr(at_hand.time, "monotonic", lambda: now + 61)
    with Locked(DateRules, PublishableKey):
        response, seconds = timed(live_key)
    assert response.json()["date"] == said["date"]
    assert (response.json()["source"], response.json()["freshness"]["stale"]) == (
        "configuration", True,
    )  # fmt: skip
    assert seconds < IN_TIME


def knows_the_key(key: str) -> None:
    """Wait until the process has read whose key it is."""
    until = clock.monotonic() + 5
    while DOORS.get(key) is None and clock.monotonic() < until:
        clock.sleep(0.05)


def warm(key: str) -> Any:
    """Ask until the merchant's own rules answer."""
    for _ in range(50):
        response = ask(key)
        if response.status_code == 200 and response.json()["source"] != "fallback":
            return response.json()
        clock.sleep(0.05)
    raise AssertionError("the rules were never read")
