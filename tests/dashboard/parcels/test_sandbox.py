"""The scenario picker against a sandbox that really runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from carriers.fetch import Fetcher
from carriers.models import CarrierAccount
from carriers.sandbox.running import RunningSandbox, running_sandbox
from carriers.sandbox.scenarios import SCENARIOS
from dashboard.parcels.scenario_words import COMMON, WORDS
from merchants.models import AuditEntry, Merchant, Role
from merchants.scope import merchant_scope
from stores.sandbox_orders import played_until
from tests.dashboard.conftest import SignIn
from tracking.models import Order, Recipient, Shipment
from tracking.polling import poll_round

URL = "/app/noor/orders/sandbox/"
WANTED = {"scenario": "late", "country": "SA", "city": "", "email": "me@noor.example"}


@pytest.fixture
def sandbox(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningSandbox]:
    with running_sandbox() as server:
        settings.SANDBOX_URL = server.url
        monkeypatch.setenv("OUTBOUND_ALLOW", server.host)
        yield server


def made(merchant: Merchant) -> Shipment:
    with merchant_scope(merchant.pk):
        return Shipment.objects.select_related("order").get()


def test_words_are_the_catalogues_own() -> None:
    told = {name: (story.title, story.story) for name, story in SCENARIOS.items()}
    assert {name: (str(title), str(story)) for name, (title, story) in WORDS.items()} == told
    assert set(COMMON) - set(SCENARIOS) == set()


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_story_can_be_made_and_asked_about(
    merchant: Merchant, sign_in: SignIn, sandbox: RunningSandbox, scenario: str
) -> None:
    response = sign_in(Role.AGENT).post(URL, WANTED | {"scenario": scenario})
    parcel = made(merchant)
    fetcher = Fetcher(allow=[sandbox.host])
    poll_round(fetcher, now=timezone.now())
    fetcher.close()
    assert response.headers["Location"] == f"/app/noor/orders/{parcel.order_id}/"
    assert made(merchant).last_event_at is not None


def test_parcel_goes_where_it_was_wanted_and_tells_oneself(
    merchant: Merchant, sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    sign_in(Role.AGENT).post(URL, WANTED)
    parcel = made(merchant)
    told = sandbox.parcel("sandbox", parcel.tracking_number)
    with merchant_scope(merchant.pk):
        buyer, account = Recipient.objects.get(), CarrierAccount.objects.get()
        entry = AuditEntry.objects.get()
    assert (told["origin"], told["destination"]) == (
        {"city": "Dubai", "country": "AE"}, {"city": "Riyadh", "country": "SA"},
    )  # fmt: skip
    assert (told["scenario"], told["played_until"]) == ("late", "arrived_destination_hub")
    assert (buyer.email, account.base_url) == ("me@noor.example", f"{sandbox.url}/sandbox")
    assert (parcel.order.source, parcel.order.city) == ("form", "Riyadh")
    assert (entry.action, entry.detail) == ("parcel.invented", {"scenario": "late"})


def test_account_is_made_once(merchant: Merchant, sign_in: SignIn, sandbox: RunningSandbox) -> None:
    client = sign_in(Role.AGENT)
    for _ in range(2):
        client.post(URL, WANTED)
    with merchant_scope(merchant.pk):
        assert (CarrierAccount.objects.count(), Order.objects.count()) == (1, 2)


@pytest.mark.parametrize(
    ("scenario", "until"),
    [("silent", None), ("label_only", None), ("delivered", None), ("customs", "customs_started"),
     ("attempt_open", "out_for_delivery"), ("out_for_delivery", "at_depot")],
)  # fmt: skip
def test_last_part_of_a_story_is_played_live(scenario: str, until: str | None) -> None:
    assert played_until(scenario) == until


def test_sandbox_that_does_not_answer_saves_nothing(
    merchant: Merchant, sign_in: SignIn, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SANDBOX_URL = "http://127.0.0.1:9"
    monkeypatch.setenv("OUTBOUND_ALLOW", "127.0.0.1:9")
    response = sign_in(Role.AGENT).post(URL, WANTED)
    assert response.context["form_error"] == (
        "The sandbox does not answer just now. Try again in a minute."
    )
    with merchant_scope(merchant.pk):
        assert (Order.objects.count(), CarrierAccount.objects.count()) == (0, 0)


def test_private_address_is_refused_unless_allowed(
    merchant: Merchant, sign_in: SignIn, sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUTBOUND_ALLOW", "")
    assert sign_in(Role.AGENT).post(URL, WANTED).status_code == 400
    assert sandbox.calls()["recent"] == []


@pytest.mark.parametrize("wrong", [{"scenario": "x"}, {"country": "EU"}, {"email": "me"}])
def test_wrong_wish_is_refused(
    merchant: Merchant, sign_in: SignIn, sandbox: RunningSandbox, wrong: dict[str, str]
) -> None:
    assert sign_in(Role.AGENT).post(URL, WANTED | wrong).status_code == 400


def test_without_a_sandbox_nothing_is_offered(
    merchant: Merchant, sign_in: SignIn, settings: Any
) -> None:
    settings.SANDBOX_URL = ""
    client = sign_in(Role.ADMIN)
    assert client.get(URL).status_code == 404
    assert client.get("/app/noor/orders/").context["sandbox"] is None
    assert client.get("/app/noor/setup/carrier/").context["is_offered"] is False


def test_picker_is_reached_from_orders_and_carriers(
    merchant: Merchant, sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    client = sign_in(Role.ADMIN)
    shown = [client.get(f"/app/noor/{page}/").context["sandbox"]["url"] for page in
             ("orders", "carriers")]  # fmt: skip
    assert shown == [URL, URL]


def test_set_up_step_shows_the_parcel_and_its_page(
    merchant: Merchant, sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    client = sign_in(Role.ADMIN)
    response = client.post("/app/noor/setup/carrier/", WANTED)
    page = client.get("/app/noor/setup/carrier/").context
    link = page["made"]["url"].removeprefix("http://127.0.0.1:8000")
    assert response.headers["Location"] == "/app/noor/setup/carrier/"
    assert (page["submit"], page["next_url"]) == ("", "/app/noor/setup/store/")
    assert client.get(link).status_code == 200


def test_too_many_in_an_hour_are_refused(
    merchant: Merchant, sign_in: SignIn, sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.parcels.sandbox._PER_HOUR", (1, 3600))
    client = sign_in(Role.AGENT)
    assert [client.post(URL, WANTED).status_code for _ in range(2)] == [303, 400]
