"""The ways of single platforms, as a merchant walks them, and who may hear from us."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.test import Client

from hooks.tasks import process_waiting
from merchants.models import AuditEntry, Merchant
from merchants.scope import merchant_scope
from stores.connect import connect_api
from stores.models import StoreConnection
from tests.dashboard.shops.test_connecting import connection, text
from tests.factories import NOW
from tests.stores.salla_shop import APP, MERCHANT, event, signed

CONNECT = "/app/noor/stores/connect"


def type_noon(owner: Client) -> Any:
    typed = {"shop": "W00088442AE", "secret_key_file": '{"key_id": "k"}', "store_name": ""}
    return owner.post(f"{CONNECT}/noon/?way=keys", typed, follow=True)


def told(owner: Client, code: str) -> None:
    """Salla tells of the installation, then of the code typed in the app's settings there."""
    tokens = {"access_token": "a", "refresh_token": "r", "expires": NOW.timestamp() + 86400}
    for name, data in (
        ("app.store.authorize", tokens),
        ("app.settings.updated", {"id": 7001, "settings": {"homeward_code": code}}),
    ):
        body = event(name, data, when=NOW)
        owner.post("/hooks/store/salla/", data=body, content_type="application/json",
                   headers=signed(body, APP[2]))  # fmt: skip
    process_waiting()


def test_code_shown_here_and_typed_at_salla_connects(
    owner: Client, merchant: Merchant, settings: Any
) -> None:
    settings.STORE_APPS = {"salla": APP}
    page = owner.post(f"{CONNECT}/salla/", {"store_name": "Cups"}).content.decode()
    assert "In Salla’s app store install our app." in html.unescape(page)
    code = re.search(r"<code[^>]*>([^<]+)</code>", page)
    assert code is not None
    told(owner, code[1])
    store = connection(merchant)
    assert (store.platform, store.name, store.external_id) == ("salla", "Cups", str(MERCHANT))


def test_state_survives_salla_s_dropping_of_hyphens(owner: Client, settings: Any) -> None:
    settings.STORE_APPS = {"salla": APP}
    page = owner.post(f"{CONNECT}/salla/?way=oauth", {"store_name": ""}).content.decode()
    link = re.search(r'href="(https://accounts\.salla\.sa/[^"]+)"', page)
    assert link is not None
    state = parse_qs(urlsplit(html.unescape(link[1])).query)["state"][0]
    assert re.fullmatch(r"[0-9a-f]{32,}", state)


def test_noon_s_secret_is_shown_once_beside_where_it_belongs(owner: Client) -> None:
    page = html.unescape(text(type_noon(owner)))
    assert "Signing secret, shown only now: whsec_" in page
    assert "Give it a header named X-Homeward-Key" in page
    assert re.search(r"/hooks/store/noon/\S+", page)
    assert "whsec_" not in text(owner.get("/app/noor/stores/"))


def test_noon_s_new_key_file_keeps_the_header_s_value(owner: Client, merchant: Merchant) -> None:
    type_noon(owner)
    before = connection(merchant)
    page = owner.post(
        f"/app/noor/stores/{before.pk}/again/", {"secret_key_file": '{"key_id": "n"}'}, follow=True
    )
    after = connection(merchant)
    assert "shown only now" not in text(page)
    assert after.credentials == before.credentials | {"key_file": '{"key_id": "n"}'}


def test_warehouse_that_is_connected_shows_no_secret(owner: Client) -> None:
    type_noon(owner)
    page = text(type_noon(owner))
    assert "W00088442AE is connected already." in page
    assert "shown only now" not in page


def amazon(merchant: Merchant) -> StoreConnection:
    return connect_api(
        merchant=merchant, platform="amazon", name="", shop="amazon.ae",
        credentials={"refresh_token": "r"}, now=NOW,
    )  # fmt: skip


def test_buyers_of_a_marketplace_hear_from_us_when_the_merchant_says_so(
    owner: Client, merchant: Merchant
) -> None:
    store = amazon(merchant)
    assert (store.may_message, store.writes) == (False, [])
    page = f"/app/noor/stores/{store.pk}/settings/"
    owner.post(page, {"part": "buyers", "may_message": "on"})
    assert connection(merchant).may_message is True
    assert re.search(r'name="may_message"[^>]* checked', owner.get(page).content.decode())
    owner.post(page, {"part": "buyers"})
    assert connection(merchant).may_message is False
    with merchant_scope(merchant.pk):
        assert AuditEntry.objects.filter(action="store.messages_changed").count() == 2
