"""WooCommerce's API, spoken with a shop that is played from its documentation."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from stores.payload import StoreError
from stores.providers import woocommerce as module
from stores.providers.woocommerce import WooCommerce
from stores.shop import App, Window
from stores.vocabulary import Fetch, OrderUpdate
from tests.factories import NOW
from tests.stores.playing import Handler, Played, Said
from tests.stores.talking import Spoken
from tests.stores.woo_server import KEY, SECRET, WooServer, many

Play = Callable[[Handler], Played]
HOOK = "https://homeward.example/hooks/store/woocommerce/tok-en-123/"
CREDENTIALS = {"consumer_key": KEY, "consumer_secret": SECRET, "secret": "hook-secret"}


@pytest.fixture
def server() -> WooServer:
    return WooServer()


@pytest.fixture
def woo(server: WooServer, play: Play) -> Spoken:
    return Spoken(WooCommerce(), play(server), CREDENTIALS)


# --- connecting ---------------------------------------------------------------------------


def test_consent_names_what_we_want_and_where_the_keys_go() -> None:
    url = WooCommerce().consent_url(
        App(), name="noor.example/shop", state="tok-1",
        back="https://homeward.example/acme/stores/", challenge="",
    )  # fmt: skip
    parts = urlsplit(url)
    assert url.startswith("https://noor.example/shop/wc-auth/v1/authorize?")
    assert parse_qs(parts.query) == {
        "app_name": ["Homeward"],
        "scope": ["read_write"],
        "user_id": ["homeward"],
        "return_url": ["https://homeward.example/acme/stores/"],
        "callback_url": ["https://homeward.example/hooks/store/woocommerce/connect/tok-1/"],
    }


def test_posted_keys_are_taken() -> None:
    body = {
        "key_id": 1, "user_id": "homeward", "consumer_key": KEY, "consumer_secret": SECRET,
        "key_permissions": "read_write",
    }  # fmt: skip
    found = WooCommerce().handshake(json.dumps(body).encode())
    assert found == {"consumer_key": KEY, "consumer_secret": SECRET}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"consumer_key": "x"}, "these are not the keys of a WooCommerce shop"),
        ({"key_permissions": "read"}, "the keys may not read and write"),
        ({"consumer_secret": None}, "consumer_secret: expected text or a number, got nothing"),
    ],
)
def test_other_bodies_are_no_keys(changed: dict[str, object], words: str) -> None:
    body = {"consumer_key": KEY, "consumer_secret": SECRET, "key_permissions": "read_write"}
    with pytest.raises(StoreError) as error:
        WooCommerce().handshake(json.dumps({**body, **changed}).encode())
    assert str(error.value) == words


def test_look_learns_the_shop(woo: Spoken) -> None:
    facts = woo.hold(woo.adapter.look(woo.shop))
    assert (facts.name, facts.country, facts.currency, facts.time_zone) == (
        "Noor Oud", "SA", "SAR", "Asia/Riyadh",
    )  # fmt: skip
    assert facts.learned == {"rest": "/wp-json"}


def test_keys_go_to_woocommerce_only(woo: Spoken, play: Play) -> None:
    played = play(WooServer())
    spoken = Spoken(WooCommerce(), played, CREDENTIALS)
    spoken.hold(spoken.adapter.look(spoken.shop))
    carried = [one.query.get("rest_route", one.path) for one in played.asked
               if "authorization" in one.headers]  # fmt: skip
    assert carried == ["/wp-json/wc/v3/orders", "/wp-json/wc/v3/settings/general"]


def test_shop_with_plain_permalinks_is_asked_by_query(woo: Spoken, server: WooServer) -> None:
    server.permalinks = "plain"
    server.sell(7, at=NOW - timedelta(days=1))
    facts = woo.hold(woo.adapter.look(woo.shop))
    assert facts.learned == {"rest": "?rest_route="}
    woo.shop = replace(woo.shop, credentials={**CREDENTIALS, **facts.learned})
    assert [one.external_id for one in woo.orders()] == ["7"]


def test_plain_permalinks_are_named_where_keys_are_not_taken(
    woo: Spoken, server: WooServer
) -> None:
    server.permalinks = "plain"
    woo.shop = replace(woo.shop, credentials={**CREDENTIALS, "consumer_key": "ck_other"})
    problem = woo.refusal(woo.adapter.look(woo.shop))
    assert str(problem).endswith("choose others in Settings, Permalinks")


def test_shop_in_a_folder_has_its_api_there(play: Play) -> None:
    server = WooServer()
    server.folder = "/shop"
    played = play(server)
    spoken = Spoken(WooCommerce(), played, CREDENTIALS, name="noor.example/shop")
    spoken.shop = replace(spoken.shop, api_url=f"{played.url}/shop")
    assert spoken.hold(spoken.adapter.look(spoken.shop)).learned == {"rest": "/wp-json"}


def test_renamed_api_is_found_where_the_shop_says(woo: Spoken, server: WooServer) -> None:
    server.root = "/index.php/api"
    assert woo.hold(woo.adapter.look(woo.shop)).learned == {"rest": "/index.php/api"}


def test_wrong_keys_are_said_with_the_usual_reasons(woo: Spoken) -> None:
    woo.shop = replace(woo.shop, credentials={**CREDENTIALS, "consumer_key": "ck_other"})
    problem = woo.refusal(woo.adapter.look(woo.shop))
    assert (problem.kind, problem.http_status) == ("credentials", 401)
    assert str(problem).startswith("The shop does not know the keys.")


def test_site_without_woocommerce_is_said(woo: Spoken, server: WooServer) -> None:
    server._index = lambda route: Said({"namespaces": ["wp/v2"]})  # type: ignore[method-assign]
    problem = woo.refusal(woo.adapter.look(woo.shop))
    assert str(problem) == "There is no WooCommerce at this address (it needs version 3.5)"


def test_page_of_a_security_plug_in_is_said(woo: Spoken, play: Play) -> None:
    spoken = Spoken(WooCommerce(), play(lambda asked: Said(b"<html>Are you human?")), CREDENTIALS)
    problem = spoken.refusal(spoken.adapter.look(spoken.shop))
    assert problem.kind == "unreadable"
    assert str(problem).startswith("The shop answered with a web page instead of data.")


# --- orders -------------------------------------------------------------------------------


def test_all_pages_are_read_oldest_first(
    woo: Spoken, server: WooServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PAGE", 2)
    many(server, 7, first=NOW - timedelta(days=3))
    pages = woo.pages(Window("created", NOW - timedelta(days=60), NOW))
    assert [[one.external_id for one in page.orders] for page in pages] == [
        ["100"], ["101", "102"], ["103", "104"], ["105", "106"],
    ]  # fmt: skip
    assert {page.total for page in pages} == {7}


def test_orders_that_change_meanwhile_hide_none(
    woo: Spoken, server: WooServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PAGE", 2)
    many(server, 6, first=NOW - timedelta(days=3))
    window = Window("updated", NOW - timedelta(days=60), NOW)
    seen: set[str] = set()
    cursor = ""
    while True:
        page = woo.hold(woo.adapter.page(woo.shop, window, cursor))
        seen |= {order.external_id for order in page.orders}
        # One already read, and one still to come, leave the window.
        for gone in ("100", "105"):
            server.sell(int(gone), at=NOW + timedelta(minutes=1))
        cursor = page.next
        if not cursor:
            break
    assert seen >= {"100", "101", "102", "103", "104"}


def test_window_is_asked_in_utc_without_offset(woo: Spoken, server: WooServer, play: Play) -> None:
    edge = datetime(2026, 11, 11, 6, 0, tzinfo=UTC)
    server.sell(7, at=edge)
    server.sell(8, at=edge - timedelta(seconds=1))
    window = Window("updated", edge, edge + timedelta(hours=1))
    found = [one.external_id for page in woo.pages(window) for one in page.orders]
    assert found == ["7"]


def test_missing_counts_lose_nothing_in_silence(woo: Spoken, server: WooServer) -> None:
    server.hides_counts = True
    window = Window("updated", NOW - timedelta(days=1), NOW)
    problem = woo.refusal(woo.adapter.page(woo.shop, window, ""))
    assert problem.kind == "unreadable"
    assert str(problem).startswith("The shop’s answer lacks WordPress’s headers (X-WP-Total)")


def test_one_odd_order_costs_none_of_its_neighbours(woo: Spoken, server: WooServer) -> None:
    many(server, 3, first=NOW - timedelta(days=1))
    server.orders[101]["line_items"] = "none"
    [page] = woo.pages(Window("updated", NOW - timedelta(days=2), NOW))
    assert [one.external_id for one in page.orders] == ["100", "102"]
    assert [one.why for one in page.unread] == ["line_items: expected a list, got text"]


def test_products_give_links_and_pictures(woo: Spoken, server: WooServer) -> None:
    line = {"id": 31, "name": "Oud", "quantity": 1, "product_id": 93, "image": {"src": ""}}
    server.sell(7, at=NOW - timedelta(days=1), line_items=[line])
    [order] = woo.orders()
    assert (order.items[0].url, order.items[0].image_url) == (
        "https://noor.example/product/93/", "https://noor.example/93.jpg",
    )  # fmt: skip


def test_refunds_come_with_their_lines(woo: Spoken, server: WooServer) -> None:
    server.sell(7, at=NOW - timedelta(days=1), refunds=[{"id": 9, "total": "-40.00"}])
    server.refunds["7"] = [
        {
            "id": 9, "date_created_gmt": "2026-11-11T07:00:00", "amount": "40.00",
            "reason": "Broken",
            "line_items": [
                {"quantity": -2, "meta_data": [{"key": "_refunded_item_id", "value": "31"}]}
            ],
        }
    ]  # fmt: skip
    [order] = woo.orders()
    [refund] = order.refunds
    assert (refund.external_id, refund.amount, refund.reason, refund.lines) == (
        "9", 40, "Broken", (("31", 2),),
    )  # fmt: skip
    assert refund.at == datetime(2026, 11, 11, 7, tzinfo=UTC)


def test_own_fulfilments_are_parcels(woo: Spoken, server: WooServer) -> None:
    meta = [{"key": "_fulfillment_status", "value": "partially_fulfilled"}]
    server.sell(7, at=NOW - timedelta(days=1), meta_data=meta)

    def fulfilment(number: int, waybill: str, **fields: object) -> dict[str, object]:
        rows = {
            "_tracking_number": waybill, "_shipment_provider": "dhl",
            "_items": [{"item_id": 31, "qty": 1}], "_date_fulfilled": "2026-11-11 08:00:00",
        }  # fmt: skip
        listed = [{"key": key, "value": value} for key, value in rows.items()]
        return {"id": number, "is_fulfilled": True, "meta_data": listed, **fields}

    server.fulfillments["7"] = [
        fulfilment(1, "JD01"),
        fulfilment(2, "JD02", is_fulfilled=False),
        fulfilment(3, "JD03", date_deleted="2026-11-11 09:00:00"),
    ]
    [order] = woo.orders()
    parcels = [(one.external_id, one.tracking_number, one.withdrawn, one.contents)
               for one in order.parcels]  # fmt: skip
    assert parcels == [("1", "JD01", False, (("31", 1),)), ("3", "JD03", True, (("31", 1),))]
    assert order.parcels[0].shipped_at == datetime(2026, 11, 11, 8, tzinfo=UTC)


def test_one_order_is_fetched(woo: Spoken, server: WooServer) -> None:
    server.sell(7, at=NOW)
    found = woo.hold(woo.adapter.order(woo.shop, "7"))
    assert isinstance(found, OrderUpdate)
    assert woo.hold(woo.adapter.order(woo.shop, "8")) is None


def test_deleted_order_is_fetched_and_cancelled(woo: Spoken, server: WooServer) -> None:
    assert woo.adapter.read("order.deleted", b'{"id": 7}') == Fetch("7")
    server.sell(7, at=NOW, status="trash")
    found = woo.hold(woo.adapter.order(woo.shop, "7"))
    assert isinstance(found, OrderUpdate)
    assert found.cancelled_at == NOW.replace(microsecond=0)


# --- webhooks -----------------------------------------------------------------------------


def test_webhooks_are_made_with_our_secret(woo: Spoken, server: WooServer) -> None:
    hooks = woo.hold(woo.adapter.ensure_hooks(woo.shop, HOOK))
    assert [(hook.topic, hook.mended) for hook in hooks] == [
        (topic, "made") for topic in WooCommerce.topics
    ]
    assert {(row["delivery_url"], row["secret"], row["status"]) for row in server.hooks.values()} \
        == {(HOOK, "hook-secret", "active")}  # fmt: skip


def test_looking_again_changes_nothing(woo: Spoken, server: WooServer) -> None:
    woo.hold(woo.adapter.ensure_hooks(woo.shop, HOOK))
    before = json.dumps(server.hooks)
    hooks = woo.hold(woo.adapter.ensure_hooks(woo.shop, HOOK))
    assert ([hook.mended for hook in hooks], json.dumps(server.hooks)) == ([""] * 4, before)


@pytest.mark.parametrize("status", ["disabled", "paused"])
def test_webhook_that_was_switched_off_is_switched_on(
    woo: Spoken, server: WooServer, status: str
) -> None:
    woo.hold(woo.adapter.ensure_hooks(woo.shop, HOOK))
    server.hooks[42]["status"] = status
    hooks = woo.hold(woo.adapter.ensure_hooks(woo.shop, HOOK))
    assert [hook.mended for hook in hooks] == ["", "switched on", "", ""]
    assert server.hooks[42]["status"] == "active"


def test_webhook_at_our_earlier_host_is_moved(woo: Spoken, server: WooServer) -> None:
    woo.hold(woo.adapter.ensure_hooks(woo.shop, HOOK.replace("homeward", "old")))
    hooks = woo.hold(woo.adapter.ensure_hooks(woo.shop, HOOK))
    assert [hook.mended for hook in hooks] == ["moved"] * 4
    assert {row["delivery_url"] for row in server.hooks.values()} == {HOOK}


def test_double_is_deleted_and_strangers_stay(woo: Spoken, server: WooServer) -> None:
    other = {"topic": "order.updated", "delivery_url": "https://erp.example/", "status": "active"}
    server.hooks[1] = {"id": 1, **other}
    server.hooks[2] = {"id": 2, "topic": "order.updated", "delivery_url": HOOK, "status": "active"}
    server.hooks[3] = {"id": 3, "topic": "order.updated", "delivery_url": HOOK, "status": "active"}
    woo.hold(woo.adapter.ensure_hooks(woo.shop, HOOK))
    assert (2 in server.hooks, 3 in server.hooks) == (True, False)
    woo.hold(woo.adapter.remove_hooks(woo.shop, HOOK))
    assert list(server.hooks) == [1]


def test_ours_are_found_behind_a_hundred_others(woo: Spoken, server: WooServer) -> None:
    for number in range(1, 131):
        url = HOOK if number == 120 else "https://erp.example/"
        topic = "order.created"
        server.hooks[number] = {
            "id": number, "topic": topic, "delivery_url": url, "status": "active",
        }  # fmt: skip
    hooks = woo.hold(woo.adapter.ensure_hooks(woo.shop, HOOK))
    assert (hooks[0].external_id, hooks[0].mended) == ("120", "")


def test_keys_that_only_read_are_said(woo: Spoken, server: WooServer) -> None:
    server.permission = "read"
    problem = woo.refusal(woo.adapter.ensure_hooks(woo.shop, HOOK))
    assert str(problem) == (
        "The shop refuses the keys: The API key provided does not have write permissions."
    )
