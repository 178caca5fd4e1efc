"""Speaking with one shop: tokens, pace, failures."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection as database

from lib.encryption import seal
from merchants.models import Merchant
from merchants.scope import merchant_scope
from stores.line import Line
from stores.models import StoreConnection, StoreFailure
from stores.shop import Shop, ShopFacts
from stores.talk import Call, ShopError, Talk
from tests.factories import NOW
from tests.stores.conftest import Connected
from tests.stores.plain_shop import credentials


def renewable(connected: Connected, *, expires_at: str = "2027-01-01T00:00:00+00:00") -> None:
    """Give the connection a refresh token and a token that the shop has forgotten."""
    kept = credentials(access_token="old", refresh_token="refresh-1", expires_at=expires_at)
    with merchant_scope(connected.store.merchant_id):
        StoreConnection.objects.filter(pk=connected.store.pk).update(secrets=seal(kept))


def look(connected: Connected) -> ShopFacts:
    line = Line(connected.fresh(), doing="setup")
    return line.hold(line.adapter.look, now=NOW)


def test_token_that_the_shop_ended_is_renewed(connected: Connected) -> None:
    renewable(connected)
    assert look(connected).name == "Huda’s Cups"
    kept = connected.fresh().credentials
    assert (kept["access_token"], kept["refresh_token"]) == ("token-2", "refresh-2")
    assert connected.fresh().refreshing_until is None


def test_token_near_its_end_is_renewed_before(connected: Connected) -> None:
    renewable(connected, expires_at=(NOW + timedelta(seconds=60)).isoformat())
    look(connected)
    assert [(one.method, one.path) for one in connected.played.asked] == [
        ("POST", "/token"),
        ("GET", "/shop"),
    ]


def test_used_up_refresh_token_needs_somebody(connected: Connected, merchant: Merchant) -> None:
    renewable(connected)
    connected.shop.refresh_tokens.clear()
    with pytest.raises(ShopError) as error:
        look(connected)
    assert str(error.value) == "The shop does not renew our access"
    assert connected.fresh().api_state == "refused"


@pytest.mark.django_db(transaction=True)
def test_two_workers_renew_once(connected: Connected) -> None:
    renewable(connected)
    found: list[str] = []

    def work() -> None:
        try:
            found.append(look(connected).name)
        finally:
            database.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["Huda’s Cups"] * 4
    assert len(connected.played.calls("POST", "/token")) == 1


@pytest.mark.parametrize(
    ("mode", "kind", "words"),
    [
        ("500", "unavailable", "The shop has trouble of its own (500)"),
        ("reset", "unavailable", "No connection to the shop, or it was cut"),
        ("garbage", "unreadable", "The shop’s answer is not JSON"),
        ("html", "unreadable", "The shop’s answer is not JSON"),
    ],
)
def test_trouble_is_kept_with_what_came(
    connected: Connected, merchant: Merchant, mode: str, kind: str, words: str
) -> None:
    # A connection that is cut is opened once more by the client itself.
    connected.played.fail(mode, times=2)  # type: ignore[arg-type]
    with pytest.raises(ShopError) as error:
        look(connected)
    assert (error.value.kind, str(error.value)) == (kind, words)
    with merchant_scope(merchant.pk):
        assert StoreFailure.objects.get().message == words


def test_short_wait_is_waited_out(connected: Connected) -> None:
    connected.played.fail("429")
    assert look(connected).name == "Huda’s Cups"
    assert len(connected.played.asked) == 2


def test_shop_that_failed_is_left_in_peace(connected: Connected) -> None:
    connected.played.fail("500")
    with pytest.raises(ShopError):
        look(connected)
    with pytest.raises(ShopError, match="in peace"):
        look(connected)
    assert len(connected.played.asked) == 1


def test_success_ends_the_trouble(connected: Connected) -> None:
    connected.played.fail("500")
    with pytest.raises(ShopError):
        look(connected)
    line = Line(connected.fresh(), doing="setup")
    line.hold(line.adapter.look, now=NOW + timedelta(minutes=1))
    store = connected.fresh()
    assert (store.api_failures, store.api_problem, store.paused_until) == (0, "", None)


def test_adapter_that_stumbles_over_an_answer_is_no_crash(
    connected: Connected, merchant: Merchant
) -> None:
    def talk(shop: Shop) -> Talk[str]:
        answer = yield Call("GET", "/shop")
        return str(answer.mapping()["no such thing"])

    with pytest.raises(ShopError) as error:
        Line(connected.fresh(), doing="setup").hold(talk, now=NOW)
    assert str(error.value) == "We could not read the shop’s answer (KeyError)"
    with merchant_scope(merchant.pk):
        assert bytes(StoreFailure.objects.get().raw) == b'{"id": "", "name": "Huda\\u2019s Cups"}'


def test_dialogue_without_end_is_ended(
    connected: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stores.line.MOST_CALLS", 3)

    def talk(shop: Shop) -> Talk[None]:
        while True:
            yield Call("GET", "/shop")

    with pytest.raises(ShopError, match="never end"):
        Line(connected.fresh(), doing="setup").hold(talk, now=NOW)
