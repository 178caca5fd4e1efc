"""A Shopify shop through its API: installed, asked, paced, told; against a server that plays it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from merchants.models import Merchant
from merchants.scope import merchant_scope
from stores.connect import hook_url_of
from stores.line import Line
from stores.models import Pull, StoreFailure
from stores.providers.shopify import Shopify
from stores.pulling import begin_backfill, go_on
from stores.sweeping import sweep
from stores.talk import Answer, ShopError
from tests.factories import NOW
from tests.stores.conftest import Installed
from tests.stores.shopify_shop import (
    SHOP,
)
from tracking.models import Order

LATER = NOW + timedelta(minutes=30)
TOPICS = [*Shopify.topics, "app/uninstalled"]


def pages_of(done: Pull | None) -> Pull:
    assert done is not None
    return done


# --- the whole way ------------------------------------------------------------------------


def test_installed_shop_is_set_up_and_its_history_arrives(
    installed: Installed, merchant: Merchant
) -> None:
    for number in range(1, 14):
        installed.shop.sell(number, at=NOW - timedelta(days=number))
    installed.shop.sell(99, at=NOW - timedelta(days=61))
    store = installed.set_up()
    assert (store.api_state, store.is_installed, store.external_id) == ("working", True, SHOP)
    assert (store.name, store.country, store.currency, store.time_zone) == (
        "Noor Home", "AE", "AED", "Asia/Dubai",
    )  # fmt: skip
    assert [hook["topic"] for hook in store.hooks] == TOPICS
    assert {row["uri"] for row in installed.shop.hooks.values()} == {hook_url_of(store)}
    with merchant_scope(merchant.pk):
        pull = Pull.objects.get()
    done = pages_of(go_on(pull.pk, now=NOW))
    assert (done.state, done.found, done.total) == ("done", 13, 13)
    assert installed.shop.operations.count("Orders") >= 3
    with merchant_scope(merchant.pk):
        assert Order.objects.count() == 13


def test_tokens_are_kept_sealed_and_the_grant_is_gone(installed: Installed) -> None:
    kept = installed.set_up().credentials
    assert (kept["access_token"], kept["refresh_token"]) == ("token-2", "refresh-2")
    assert kept["expires_at"] == (NOW + timedelta(hours=1)).isoformat()
    assert sorted(kept) == ["access_token", "expires_at", "refresh_token", "scope"]


def test_used_code_is_said(installed: Installed) -> None:
    installed.shop.codes.clear()
    store = installed.set_up()
    assert (store.api_state, store.api_problem) == ("refused", "The shop says no (400)")


def test_permission_that_is_lacking_is_named(installed: Installed) -> None:
    installed.shop.scopes.discard("read_locations")
    store = installed.set_up()
    words = "Shopify did not give us these permissions: read_locations"
    assert (store.api_state, store.api_problem) == ("refused", words)


# --- tokens -------------------------------------------------------------------------------


def test_token_is_renewed_before_it_ends_and_its_refresh_token_replaced(
    installed: Installed,
) -> None:
    installed.set_up()
    installed.hold(Shopify().look, now=NOW + timedelta(minutes=56))
    kept = installed.fresh().credentials
    assert (kept["access_token"], kept["refresh_token"]) == ("token-3", "refresh-3")
    assert kept["expires_at"] == (NOW + timedelta(minutes=116)).isoformat()


def test_token_that_shopify_ended_is_renewed_at_once(installed: Installed) -> None:
    installed.set_up()
    installed.shop.tokens.clear()
    assert installed.hold(Shopify().look).name == "Noor Home"


def test_refresh_token_that_was_used_needs_the_merchant(installed: Installed) -> None:
    installed.set_up()
    installed.shop.tokens.clear()
    installed.shop.refresh_tokens.clear()
    with pytest.raises(ShopError) as error:
        installed.hold(Shopify().look)
    assert (error.value.kind, installed.fresh().api_state) == ("credentials", "refused")


def test_answer_that_forgets_the_hour_is_renewed_again(installed: Installed) -> None:
    shop = Line(installed.set_up(), doing="order").shop(now=NOW)
    talk = Shopify().refresh(shop)
    next(talk)
    with pytest.raises(StopIteration) as end:
        talk.send(Answer(200, {}, b'{"access_token": "t"}'))
    assert (end.value.value["refresh_token"], end.value.value["expires_at"]) == (
        "refresh-2",
        (NOW + timedelta(hours=1)).isoformat(),
    )


# --- the allowance ------------------------------------------------------------------------


def test_pages_fill_what_a_query_may_cost_and_never_more(installed: Installed) -> None:
    installed.set_up()
    for number in range(1, 40):
        installed.shop.sell(number, at=NOW + timedelta(minutes=1))
    swept = sweep(installed.store.pk, now=LATER)
    assert (swept.found, swept.is_done, swept.problem) == (39, True, "")
    assert max(installed.shop.costs) <= 1_000


def test_empty_bucket_is_waited_for_as_shopify_says(
    installed: Installed, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed.set_up()
    waited: list[float] = []
    monkeypatch.setattr("stores.line._Pace.rest", lambda self, seconds: waited.append(seconds))
    installed.shop.sell(1)
    installed.shop.points = 15
    found = installed.hold(lambda shop: Shopify().order(shop, "1"))
    assert found.external_id == "1"
    # The question costs 215 points, 15 are left, and 100 come back each second.
    assert {round(seconds, 2) for seconds in waited if seconds} == {2.0}


def test_long_wait_puts_the_work_off(installed: Installed, monkeypatch: pytest.MonkeyPatch) -> None:
    installed.set_up()
    monkeypatch.setattr("tests.stores.shopify_shop.RESTORED_A_SECOND", 1.0)
    installed.shop.points = 0
    with pytest.raises(ShopError) as error:
        installed.hold(lambda shop: Shopify().order(shop, "1"))
    assert error.value.kind == "rate_limited"
    assert (error.value.retry_after or 0) > 15
    assert installed.fresh().paused_until is not None


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("INTERNAL_SERVER_ERROR", "unavailable"),
        ("ACCESS_DENIED", "refused"),
        ("MAX_COST_EXCEEDED", "unreadable"),
    ],
)
def test_error_behind_a_good_status_is_one(code: str, kind: str) -> None:
    body = b'{"data": null, "errors": [{"message": "No.", "extensions": {"code": "%s"}}]}'
    error = Shopify().refusal(Answer(200, {}, body % code.encode()))
    assert error is not None
    assert error.kind == kind


# --- failures -----------------------------------------------------------------------------


def test_history_goes_on_where_it_broke_off(installed: Installed, merchant: Merchant) -> None:
    for number in range(1, 14):
        installed.shop.sell(number, at=NOW - timedelta(days=number))
    installed.set_up()
    with merchant_scope(merchant.pk):
        Pull.objects.all().delete()
        pull = begin_backfill(installed.fresh(), since=NOW - timedelta(days=60), until=NOW, now=NOW)
    first = pages_of(go_on(pull.pk, now=NOW, seconds=-1))
    assert (first.state, first.found) == ("running", 4)
    installed.played.fail("500", times=1)
    broken = pages_of(go_on(pull.pk, now=NOW))
    assert (broken.state, broken.found, broken.failures) == ("running", 4, 1)
    done = pages_of(go_on(pull.pk, now=LATER))
    assert (done.state, done.found, done.created) == ("done", 13, 13)
    with merchant_scope(merchant.pk):
        assert StoreFailure.objects.get().doing == "backfill"


def test_refused_key_needs_the_merchant(installed: Installed) -> None:
    installed.set_up()
    installed.played.fail("401", times=3)
    swept = sweep(installed.store.pk, now=LATER)
    assert swept.problem == "The shop refuses our key (401)"
    assert installed.fresh().api_state == "refused"


def test_odd_order_costs_none_of_its_neighbours(installed: Installed, merchant: Merchant) -> None:
    installed.set_up()
    installed.shop.sell(1, at=NOW + timedelta(minutes=1))
    installed.shop.sell(2, at=NOW + timedelta(minutes=2), refunds=[{"id": None}])
    swept = sweep(installed.store.pk, now=LATER)
    assert (swept.found, swept.is_done) == (1, True)
    with merchant_scope(merchant.pk):
        assert Pull.objects.get(kind="sweep").unread == 1
