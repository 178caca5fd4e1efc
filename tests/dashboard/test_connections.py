"""Connecting carriers and shops: secrets go in and never come out; failures are shown as text."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from carriers.models import CarrierAccount, CarrierFailure
from dashboard.connections import readable
from inbox.models import Delivery, Outcome
from lib.vocabulary import UNKNOWN
from merchants.models import AuditEntry, Merchant, Role
from merchants.scope import merchant_scope
from stores.models import StoreConnection
from tests.dashboard.conftest import SignIn, scanned
from tracking import outbox
from tracking.models import Change, CodeOverride, Event, Outbox, Shipment, Watch

UPS = {"secret_client_id": "an-id", "secret_client_secret": "a-very-secret-word"}


def actions(merchant: Merchant) -> list[str]:
    with merchant_scope(merchant.pk):
        return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def test_connected_carrier_keeps_its_secret_encrypted(merchant: Merchant, sign_in: SignIn) -> None:
    client = sign_in(Role.ADMIN)
    response = client.post("/app/noor/carriers/connect/ups/", UPS)
    with merchant_scope(merchant.pk):
        account = CarrierAccount.objects.get()
    assert (response.status_code, response.headers["Location"]) == (
        303,
        f"/app/noor/carriers/{account.pk}/",
    )
    assert "a-very-secret-word" not in account.secrets
    assert account.credentials == {"client_id": "an-id", "client_secret": "a-very-secret-word"}
    assert actions(merchant) == ["carrier.connected"]


@pytest.mark.parametrize("place", ["", "credentials/", "remove/"])
def test_secret_is_on_no_page(merchant: Merchant, sign_in: SignIn, place: str) -> None:
    client = sign_in(Role.ADMIN)
    there = client.post("/app/noor/carriers/connect/ups/", UPS).headers["Location"]
    shown = client.get(there + place).content.decode()
    with merchant_scope(merchant.pk):
        assert CarrierAccount.objects.get().secrets not in shown
    assert "a-very-secret-word" not in shown


def test_refused_form_does_not_send_the_secret_back(merchant: Merchant, sign_in: SignIn) -> None:
    typed = UPS | {"secret_client_id": ""}
    response = sign_in(Role.ADMIN).post("/app/noor/carriers/connect/ups/", typed)
    assert response.status_code == 400
    assert "a-very-secret-word" not in response.content.decode()


def test_connecting_asks_about_open_parcels_at_once(merchant: Merchant, sign_in: SignIn) -> None:
    with merchant_scope(merchant.pk):
        parcel = scanned(merchant, carrier="ups", tracking_number="1Z12345E0205271688")
        Watch.objects.update(next_ask_at=timezone.now() + timedelta(hours=6))
    sign_in(Role.ADMIN).post("/app/noor/carriers/connect/ups/", UPS)
    with merchant_scope(merchant.pk):
        assert Watch.objects.get(shipment=parcel).next_ask_at <= timezone.now()


@pytest.mark.parametrize("slug", ["sandbox", "nobody"])
def test_carrier_without_an_address_is_not_offered(
    merchant: Merchant, sign_in: SignIn, slug: str
) -> None:
    assert sign_in(Role.ADMIN).get(f"/app/noor/carriers/connect/{slug}/").status_code == 404


def test_same_name_twice_is_refused(merchant: Merchant, sign_in: SignIn) -> None:
    client = sign_in(Role.ADMIN)
    codes = [client.post("/app/noor/carriers/connect/ups/", UPS).status_code for _ in range(2)]
    assert codes == [303, 400]


def test_account_is_paused_switched_on_and_removed(shop: Merchant, sign_in: SignIn) -> None:
    client = sign_in(Role.ADMIN)
    with merchant_scope(shop.pk):
        account = CarrierAccount.objects.get()
    base = f"/app/noor/carriers/{account.pk}/"
    states = []
    for wanted in ("off", "on"):
        client.post(f"{base}switch/", {"to": wanted})
        with merchant_scope(shop.pk):
            states.append(CarrierAccount.objects.get().is_active)
    client.post(f"{base}remove/")
    with merchant_scope(shop.pk):
        left = (CarrierAccount.objects.count(), CarrierFailure.objects.count())
        parcels = Shipment.objects.count()
    assert (states, left, parcels) == ([False, True], (0, 0), 3)
    assert actions(shop) == ["carrier.paused", "carrier.activated", "carrier.removed"]


def test_raw_body_of_a_failure_is_text(shop: Merchant, sign_in: SignIn) -> None:
    shown = sign_in(Role.VIEWER).get("/app/noor/carriers/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "<script>alert(1)" not in shown


def test_bytes_are_shown_as_they_can_be() -> None:
    assert readable(b"a\x00b\xff\n") == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}\n"
    assert len(readable(b"x" * 50_000)) == 20_002


def test_placed_code_is_read_again_and_nobody_is_told(
    shop: Merchant, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "_CONSUMERS", {"probe": frozenset(Change.Kind.values)})
    client = sign_in(Role.ADMIN)
    url, chosen = (
        "/app/noor/carriers/code/?carrier=sandbox&code=ZZ9",
        {"sub_status": "out.on_vehicle"},
    )
    before = client.post(url, chosen)
    with merchant_scope(shop.pk):
        assert CodeOverride.objects.count() == 0
    assert [(row["order"], row["before"], row["after"]) for row in before.context["moved"]] == [
        ("1043", "Picked up by the carrier", "Out for delivery")
    ]
    response = client.post(url, chosen | {"confirm": "yes"})
    with merchant_scope(shop.pk):
        override = CodeOverride.objects.get()
        parcel = Shipment.objects.get(order__number="1043")
        turns = Outbox.objects.filter(change__shipment=parcel, consumer="probe").count()
        unknown = Event.objects.filter(sub_status=UNKNOWN).count()
    assert response.status_code == 303
    assert (override.code, override.version) == ("ZZ9", 1)
    assert (parcel.status, unknown, turns) == ("out_for_delivery", 0, 0)
    assert client.get("/app/noor/carriers/").context["placed"][0]["code"] == "ZZ9"
    assert actions(shop) == ["code.placed"]


@pytest.mark.parametrize("meaning", ["", "delivered.hopefully"])
def test_meaning_outside_the_vocabulary_is_refused(
    shop: Merchant, sign_in: SignIn, meaning: str
) -> None:
    url = "/app/noor/carriers/code/?carrier=sandbox&code=ZZ9"
    assert sign_in(Role.ADMIN).post(url, {"sub_status": meaning}).status_code == 400


def test_code_nobody_sent_is_not_there(shop: Merchant, sign_in: SignIn) -> None:
    url = "/app/noor/carriers/code/?carrier=sandbox&code=NEVER"
    assert sign_in(Role.ADMIN).get(url).status_code == 404


STORE = {"store_name": "Second", "shop": "https://Second.myshopify.com/admin", "secret": "s3cr3t!x"}


def test_connected_shop_shows_its_address_and_not_its_secret(
    merchant: Merchant, sign_in: SignIn
) -> None:
    client = sign_in(Role.ADMIN)
    there = client.post("/app/noor/stores/connect/shopify/", STORE).headers["Location"]
    page = client.get(there)
    with merchant_scope(merchant.pk):
        store = StoreConnection.objects.get()
    assert (store.external_id, store.credentials) == (
        "second.myshopify.com",
        {"secret": "s3cr3t!x"},
    )
    assert page.context["hook_url"].startswith("http://127.0.0.1:8000/hooks/store/shopify/")
    assert "s3cr3t!x" not in page.content.decode()
    assert actions(merchant) == ["store.connected"]


def test_viewer_does_not_see_the_hook_address(shop: Merchant, sign_in: SignIn) -> None:
    with merchant_scope(shop.pk):
        store = StoreConnection.objects.get()
    page = sign_in(Role.VIEWER).get(f"/app/noor/stores/{store.pk}/")
    assert page.context["hook_url"] == ""
    assert "/hooks/" not in page.content.decode()


@pytest.mark.parametrize("wrong", [{"shop": "not a host"}, {"secret": ""}, {"store_name": ""}])
def test_incomplete_shop_is_refused(
    merchant: Merchant, sign_in: SignIn, wrong: dict[str, str]
) -> None:
    response = sign_in(Role.ADMIN).post("/app/noor/stores/connect/shopify/", STORE | wrong)
    assert response.status_code == 400
    assert STORE["secret"] not in response.content.decode()


def test_shop_connected_twice_is_refused_in_words(merchant: Merchant, sign_in: SignIn) -> None:
    client = sign_in(Role.ADMIN)
    client.post("/app/noor/stores/connect/shopify/", STORE)
    again = client.post("/app/noor/stores/connect/shopify/", STORE)
    assert again.context["form_error"] == "second.myshopify.com is connected already."


def test_new_secret_keeps_the_old_one_valid(shop: Merchant, sign_in: SignIn) -> None:
    with merchant_scope(shop.pk):
        store = StoreConnection.objects.get()
    sign_in(Role.ADMIN).post(f"/app/noor/stores/{store.pk}/secret/", {"secret": "brand-new"})
    with merchant_scope(shop.pk):
        found = StoreConnection.objects.get().credentials
    assert found == {"secret": "brand-new", "previous_secret": "shpss_topsecret"}
    assert actions(shop) == ["store.secret_changed"]


def test_disconnected_shop_forgets_its_secret(shop: Merchant, sign_in: SignIn) -> None:
    with merchant_scope(shop.pk):
        store = StoreConnection.objects.get()
    client = sign_in(Role.ADMIN)
    client.post(f"/app/noor/stores/{store.pk}/disconnect/")
    with merchant_scope(shop.pk):
        found = StoreConnection.objects.get()
    assert (found.is_active, found.secrets) == (False, "")
    assert client.get(f"/app/noor/stores/{store.pk}/").context["hook_url"] == ""


def test_failed_webhook_is_replayed_once(shop: Merchant, sign_in: SignIn) -> None:
    with merchant_scope(shop.pk):
        one = Delivery.objects.get()
    url = f"/app/noor/stores/{one.connection_id}/webhooks/{one.pk}/"
    client = sign_in(Role.ADMIN)
    assert client.get(url).context["body"] == '{"id": 1}'
    client.post(f"{url}replay/")
    client.post(f"{url}replay/")
    with merchant_scope(shop.pk):
        found = Delivery.objects.get()
    assert (found.outcome, found.attempts) == (Outcome.WAITING, 0)
    assert actions(shop) == ["delivery.replayed"]
