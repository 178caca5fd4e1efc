"""ShipBob: connected, asked, told by webhooks whose secret it hands out once, written back to."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from inbox.models import Delivery
from lib.encryption import seal
from merchants.models import Merchant
from merchants.scope import merchant_scope
from stores import setting_up, sweeping, wanted, writing
from stores.connect import hook_path_of
from stores.leaving import begin_leaving, leave
from stores.line import Line
from stores.models import ApiState, StoreConnection, StoreWrite, WantedOrder
from stores.providers import shipbob
from stores.providers.shipbob import ShipBob
from stores.providers.shipbob_talks import MORE, SURE
from stores.shop import AddressChange, App, Grant
from stores.talk import Answer, ShopError
from stores.vocabulary import Address
from tests.factories import NOW
from tests.hooks.posting import post
from tests.stores.playing import Played, Said
from tests.stores.shipbob_played import (
    BASE,
    SECRET,
    TOKEN,
    ShipBobPlayed,
    order,
    packed,
    shipment,
)
from tests.stores.whole_way import backfill, connect, hook_address, reload, standard_headers
from tracking.models import Order, Shipment

Play = Callable[[ShipBobPlayed], Played]


@pytest.fixture
def partner() -> ShipBobPlayed:
    return ShipBobPlayed()


@pytest.fixture
def api(partner: ShipBobPlayed, play: Play, settings: Any) -> Played:
    running = play(partner)
    settings.STORE_API_URLS = {"shipbob": running.url}
    return running


def connected(merchant: Merchant) -> StoreConnection:
    return connect(merchant, "shipbob", credentials={"access_token": TOKEN})


def numbers(merchant: Merchant) -> list[str]:
    with merchant_scope(merchant.pk):
        return sorted(Order.objects.values_list("external_id", flat=True))


# --- connecting ---------------------------------------------------------------------------
def test_token_becomes_orders_in_the_database(
    merchant: Merchant, partner: ShipBobPlayed, api: Played
) -> None:
    partner.orders = {7001: order(status="Fulfilled", shipments=[packed()])}
    found = connected(merchant)
    assert (found.api_state, found.external_id, found.name) == ("working", "9", "ShipBob")
    assert backfill(found).state == "done"
    with merchant_scope(merchant.pk):
        made, parcel = Order.objects.get(), Shipment.objects.get()
    assert (made.source, made.number, made.city) == (found.source, "#2001", "Dubai")
    assert made.packed_at == parcel.shipped_by_store_at
    assert (parcel.carrier, parcel.tracking_number, parcel.external_id) == (
        "aramex", "34567890123", "8801",
    )  # fmt: skip


def test_usual_statuses_confirm_an_order(
    merchant: Merchant, partner: ShipBobPlayed, api: Played
) -> None:
    partner.orders = {7001: order()}
    backfill(connected(merchant))
    with merchant_scope(merchant.pk):
        made = Order.objects.get()
    assert (made.confirmed_at is not None, made.packed_at) == (True, None)


def test_refused_token_must_be_connected_again(merchant: Merchant, api: Played) -> None:
    found = connect(merchant, "shipbob", credentials={"access_token": "old"})
    assert found.api_state == ApiState.REFUSED


def test_consent_page_is_asked_with_our_state() -> None:
    url = ShipBob().consent_url(
        App("client-1", "s"), name="", state="st-1", back="https://h.example/b", challenge=""
    )
    asked = parse_qs(urlsplit(url).query)
    assert url.startswith("https://auth.shipbob.com/connect/integrate?")
    assert (asked["state"], asked["response_mode"], asked["client_id"]) == (
        ["st-1"], ["query"], ["client-1"],
    )  # fmt: skip
    assert "offline_access" in asked["scope"][0].split()


def test_grant_and_its_renewal_are_each_good_once(
    merchant: Merchant, partner: ShipBobPlayed, api: Played, settings: Any
) -> None:
    settings.STORE_APPS = {"shipbob": ("client-1", "app-secret")}
    grant = Grant({"code": "c-1"}, "https://h.example/back")
    found = connect(merchant, "shipbob", credentials=setting_up.grant_credentials(grant))
    assert (found.api_state, found.credentials["access_token"]) == ("working", "access-1")
    later = NOW + timedelta(minutes=58)
    assert Line(found, doing="test").hold(ShipBob().look, now=later).external_id == "9"
    fresh = reload(found).credentials
    # The renewed pair is saved, beside the secret of the webhooks.
    assert fresh["access_token"] == partner.token
    assert fresh["refresh_token"] == partner.refresh_token
    assert fresh["secret"] == SECRET
    partner.refresh_token = "used-elsewhere"
    with pytest.raises(ShopError):
        Line(reload(found), doing="test").hold(ShipBob().look, now=later + timedelta(hours=1))
    assert reload(found).api_state == ApiState.REFUSED


# --- orders ---------------------------------------------------------------------------------
def test_history_of_four_pages_goes_on_after_a_failure(
    merchant: Merchant, partner: ShipBobPlayed, api: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shipbob, "_PAGE", 2)
    partner.orders = {
        number: order(number, order_number=str(number)) for number in range(7001, 7008)
    }
    found = connected(merchant)
    with merchant_scope(merchant.pk):
        StoreConnection.objects.filter(pk=found.pk).update(swept_until=NOW)
    seen = 0

    def answer(asked: Any) -> Said:
        nonlocal seen
        seen += asked.path == f"{BASE}/order"
        return Said({}, 500) if seen == 3 else partner(asked)

    api.handler = answer
    first = backfill(found)
    assert (first.state, first.found) == ("running", 4)
    with merchant_scope(merchant.pk):
        StoreConnection.objects.filter(pk=found.pk).update(paused_until=None)
    assert backfill(found).state == "done"
    assert len(numbers(merchant)) == 7


def test_sweep_has_no_end_so_that_changing_orders_stay_in_it(
    merchant: Merchant, partner: ShipBobPlayed, api: Played
) -> None:
    found = connected(merchant)
    assert sweeping.sweep(found.pk, now=NOW).is_done is True
    asked = api.calls("GET", f"{BASE}/order")[-1].query
    assert ("LastUpdateStartDate" in asked, "LastUpdateEndDate" in asked) == (True, False)


def test_allowance_is_honoured() -> None:
    rest = ShipBob().rest
    assert rest(Answer(200, {"x-remaining-calls": "7"}, b""), 1) == 0.0
    assert rest(Answer(200, {"x-remaining-calls": "0"}, b""), 1) == 1.0
    assert rest(Answer(429, {"x-retry-after": "25"}, b""), 1) == 25.0


def test_refused_haste_is_put_off_as_long_as_shipbob_says(
    merchant: Merchant, partner: ShipBobPlayed, api: Played
) -> None:
    found = connected(merchant)
    api.handler = lambda asked: Said({"statusCode": 429}, 429, {"x-retry-after": "25"})
    assert backfill(found).due_at == NOW + timedelta(seconds=25)
    assert reload(found).paused_until == NOW + timedelta(seconds=25)


# --- webhooks -------------------------------------------------------------------------------
def test_subscription_hands_out_the_secret_that_signs(
    client: Client,
    merchant: Merchant,
    partner: ShipBobPlayed,
    api: Played,
    django_capture_on_commit_callbacks: Any,
) -> None:
    found = connected(merchant)
    assert found.credentials["secret"] == SECRET
    assert [hook["topic"] for hook in found.hooks] == [*SURE, *MORE]
    partner.orders = {7001: order(shipments=[packed()])}
    body = json.dumps(packed()).encode()
    headers = standard_headers(body, secret=SECRET) | {"X-Webhook-Topic": "order.shipped"}
    path = hook_path_of(found)
    with django_capture_on_commit_callbacks(execute=True):
        answers = [post(client, path, body, headers).status_code for _ in range(2)]
        forged = post(client, path, body.replace(b"7001", b"7002"), headers).status_code
    assert (answers, forged) == ([200, 200], 401)
    with merchant_scope(merchant.pk):
        assert Delivery.objects.count() == 1
        wish = WantedOrder.objects.get()
    wanted.fetch(wish.pk, now=NOW)
    assert numbers(merchant) == ["7001"]


def test_version_that_takes_fewer_topics_gets_those(
    merchant: Merchant, partner: ShipBobPlayed, api: Played
) -> None:
    partner.allows = set(SURE)
    assert [hook["topic"] for hook in connected(merchant).hooks] == list(SURE)
    assert [sorted(row["topics"]) for row in partner.hooks.values()] == [sorted(SURE)]


def others(count: int) -> dict[str, dict[str, Any]]:
    return {f"x-{n}": {"id": f"x-{n}", "url": f"https://else.example/{n}", "topics": list(SURE)}
            for n in range(count)}  # fmt: skip


def mine(partner: ShipBobPlayed) -> list[dict[str, Any]]:
    return [row for row in partner.hooks.values() if not row["id"].startswith("x-")]


def test_subscription_is_mended_and_taken_away_and_others_stay(
    merchant: Merchant, partner: ShipBobPlayed, api: Played, settings: Any
) -> None:
    partner.hooks = others(3)
    found = connected(merchant)
    assert sweeping.sweep(found.pk, now=NOW, repair=True).mended == ()
    mine(partner)[0]["enabled"] = False
    assert {hook.mended for hook in sweeping.sweep(found.pk, now=NOW, repair=True).mended} == {
        "switched on"
    }
    settings.BASE_URL = "https://moved.example"
    assert {hook.mended for hook in sweeping.sweep(found.pk, now=NOW, repair=True).mended} == {
        "moved"
    }
    assert [row["url"] for row in mine(partner)] == [hook_address(found)]
    begin_leaving(connection=reload(found), now=NOW)
    leave(found.pk, now=NOW)
    assert partner.hooks == others(3)


def test_subscription_whose_secret_is_unknown_is_made_anew(
    merchant: Merchant, partner: ShipBobPlayed, api: Played
) -> None:
    found = connected(merchant)
    before = mine(partner)[0]["id"]
    with merchant_scope(merchant.pk):
        found.secrets = seal({"access_token": TOKEN})
        found.save(update_fields=["secrets"])
    hooks = Line(reload(found), doing="t").hold(
        lambda shop: ShipBob().ensure_hooks(shop, hook_address(found)), now=NOW
    )
    assert {hook.secret for hook in hooks} == {SECRET}
    assert before not in partner.hooks


# --- writing back ---------------------------------------------------------------------------
NEW = Address(country="AE", name="Omar Haddad", line1="Villa 9", district="Al Majaz",
              city="Sharjah", phone="+971501112222")  # fmt: skip


def written(merchant: Merchant, change: AddressChange) -> StoreWrite:
    with merchant_scope(merchant.pk):
        row = writing.queue_write(order=Order.objects.get(), change=change, key="k", now=NOW)
        assert row is not None
    writing.write(row.pk, now=NOW)
    with merchant_scope(merchant.pk):
        return StoreWrite.objects.get(pk=row.pk)


def test_address_goes_to_the_shipments_that_still_wait(
    merchant: Merchant, partner: ShipBobPlayed, api: Played
) -> None:
    partner.orders = {7001: order(shipments=[packed(), shipment(id=8802, status="OnHold")])}
    backfill(connected(merchant))
    row = written(merchant, AddressChange("7001", NEW))
    assert (row.state, row.answer) == ("done", "ShipBob took the new address.")
    (sent,) = api.calls("PUT", f"{BASE}/shipment")
    assert sent.path == f"{BASE}/shipment/8802:updateAddress"
    assert sent.json() == {
        "recipient_name": "Omar Haddad", "street_address1": "Villa 9",
        "street_address2": "Al Majaz", "city": "Sharjah", "country_code": "AE",
        "phone_number": "+971501112222",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("shipments", "city", "problem"),
    [
        ([packed()], "Sharjah", "ShipBob has packed this order already"),
        ([shipment()], "Atlantis", "ShipBob says no: Unknown city"),
    ],
)
def test_refused_address_says_why(
    merchant: Merchant,
    partner: ShipBobPlayed,
    api: Played,
    shipments: list[dict[str, Any]],
    city: str,
    problem: str,
) -> None:
    partner.orders = {7001: order(shipments=shipments)}
    backfill(connected(merchant))
    row = written(merchant, AddressChange("7001", replace(NEW, city=city)))
    assert (row.state, row.problem) == ("failed", problem)
