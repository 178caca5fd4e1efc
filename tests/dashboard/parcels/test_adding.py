"""A parcel by hand: recognised, kept, followed; and what waits for a carrier's account."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from carriers.fetch import Fetcher
from carriers.models import CarrierAccount
from carriers.number_check import problem_of
from carriers.sandbox.running import running_sandbox
from dashboard.parcels import adding
from dashboard.parcels.number_words import explain
from lib.encryption import seal
from merchants.models import AuditEntry, Merchant, Role
from merchants.scope import merchant_scope
from tests.dashboard.conftest import SignIn
from tracking.models import Order, Recipient, Shipment, Watch
from tracking.poll_plan import WITHOUT_ACCOUNT
from tracking.polling import poll_round

ARAMEX = {"tracking_number": "4721 8830 956", "country": "AE", "language": "en"}
UPS = ARAMEX | {"tracking_number": "1Z999AA10123456784"}
URL = "/app/noor/orders/new/"


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tasks that were asked for."""
    asked: list[str] = []
    monkeypatch.setattr("dashboard.doorbell._ring", lambda task: asked.append(task.name))
    return asked


def test_number_alone_is_a_parcel_with_its_carrier(merchant: Merchant, sign_in: SignIn) -> None:
    response = sign_in(Role.AGENT).post(URL, UPS)
    with merchant_scope(merchant.pk):
        parcel = Shipment.objects.select_related("order").get()
        action = AuditEntry.objects.get().action
    assert response.headers["Location"] == f"/app/noor/orders/{parcel.order_id}/"
    assert (parcel.carrier, parcel.order.source, action) == ("ups", "form", "parcel.added")
    assert (parcel.order.number, parcel.order.country) == ("P-1001", "AE")


def test_everything_typed_is_kept(merchant: Merchant, sign_in: SignIn) -> None:
    more = {
        "carrier": "smsa", "city": "Al Ain", "email": "huda@x.example", "phone": "+971501234567",
        "customer_name": "Huda", "language": "ar", "order_number": "77",
    }  # fmt: skip
    sign_in(Role.AGENT).post(URL, ARAMEX | more)
    with merchant_scope(merchant.pk):
        order, buyer = Order.objects.get(), Recipient.objects.get()
        assert Shipment.objects.get().carrier == "smsa"
    assert (order.number, order.city, order.language) == ("77", "Al Ain", "ar")
    assert (buyer.name, buyer.email, buyer.phone) == ("Huda", "huda@x.example", "+971501234567")


def test_second_number_of_an_order_joins_it(merchant: Merchant, sign_in: SignIn) -> None:
    client = sign_in(Role.AGENT)
    for parcel in (UPS, ARAMEX):
        client.post(URL, parcel | {"order_number": "77"})
    with merchant_scope(merchant.pk):
        assert (Order.objects.count(), Shipment.objects.count()) == (1, 2)


def test_number_that_is_followed_already_makes_nothing(merchant: Merchant, sign_in: SignIn) -> None:
    client = sign_in(Role.AGENT)
    first, second = (client.post(URL, UPS).headers["Location"] for _ in range(2))
    with merchant_scope(merchant.pk):
        assert (Order.objects.count(), Shipment.objects.count()) == (1, 1)
    assert first == second


def test_number_of_a_parcel_that_arrived_begins_anew(merchant: Merchant, sign_in: SignIn) -> None:
    client = sign_in(Role.AGENT)
    client.post(URL, UPS)
    with merchant_scope(merchant.pk):
        Shipment.objects.update(status="delivered")
    client.post(URL, UPS)
    with merchant_scope(merchant.pk):
        assert Order.objects.count() == 2


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("1234#678", "“#” in place 5 cannot be part of a tracking number."),
        ("12", "This has 2 letters and digits; tracking numbers have at least 5."),
        ("ABCDEFG", "A tracking number has digits; this one has none."),
        (
            "1Z999AA10123456785",
            "This looks like a number of UPS, but its check digit does not fit: one character is"
            " wrong. Compare it with the label.",
        ),
    ],
)
def test_bad_number_says_what_and_where(
    merchant: Merchant, sign_in: SignIn, number: str, words: str
) -> None:
    response = sign_in(Role.AGENT).post(URL, ARAMEX | {"tracking_number": number})
    assert response.status_code == 400
    assert response.context["number_field"]["error"] == words
    assert explain(problem_of(number)) == words  # type: ignore[arg-type]


def test_who_names_the_carrier_is_believed(merchant: Merchant, sign_in: SignIn) -> None:
    odd = {"tracking_number": "1Z999AA10123456785", "carrier": "ups"}
    assert sign_in(Role.AGENT).post(URL, ARAMEX | odd).status_code == 303


def test_number_nobody_prints_asks_for_the_carrier(merchant: Merchant, sign_in: SignIn) -> None:
    response = sign_in(Role.AGENT).post(URL, ARAMEX | {"tracking_number": "X1X2X3X4X5"})
    assert response.context["carrier_field"]["error"] == (
        "We do not recognise this number. Choose the carrier."
    )


def detect(client: Any, **typed: str) -> tuple[str, str]:
    context = client.post(f"{URL}carrier/", {"country": "AE"} | typed).context
    return context["carrier_field"]["value"], context["found"]


def test_carrier_is_recognised_while_typing(merchant: Merchant, sign_in: SignIn) -> None:
    client = sign_in(Role.AGENT)
    assert detect(client, tracking_number="1Z999AA10123456784") == ("UPS", "Looks like UPS.")
    assert detect(client, tracking_number="1Z") == ("", "")


def test_connected_carrier_wins_between_numbers_that_look_alike(
    merchant: Merchant, sign_in: SignIn
) -> None:
    client, number = sign_in(Role.AGENT), "290000123456"
    before = detect(client, tracking_number=number, country="SA")[0]
    other, name = ("smsa", "SMSA Express") if before == "Aramex" else ("aramex", "Aramex")
    with merchant_scope(merchant.pk):
        CarrierAccount.objects.create(merchant=merchant, carrier=other)
    assert detect(client, tracking_number=number, country="SA")[0] == name


def test_choice_by_hand_stays_while_typing_on(merchant: Merchant, sign_in: SignIn) -> None:
    client, number = sign_in(Role.AGENT), "1Z999AA10123456784"
    by_hand = detect(client, tracking_number=number, carrier="SMSA", detected="Aramex")
    followed = detect(client, tracking_number=number, carrier="Aramex", detected="Aramex")
    assert (by_hand[0], followed[0]) == ("SMSA", "UPS")


def panels(client: Any, merchant: Merchant) -> list[dict[str, Any]]:
    with merchant_scope(merchant.pk):
        pk = Order.objects.latest("pk").pk
    found: list[dict[str, Any]] = client.get(f"/app/noor/orders/{pk}/").context["panels"]
    return found


def test_parcel_without_an_account_shows_the_form_beside_it(
    merchant: Merchant, sign_in: SignIn
) -> None:
    client = sign_in(Role.ADMIN)
    page = client.post(URL, ARAMEX, follow=True)
    (panel,) = page.context["panels"]
    assert "Connect Aramex to follow this parcel" in page.content.decode()
    assert (panel["name"], panel["url"]) == ("Aramex", "/app/noor/carriers/connect/aramex/")
    assert (panel["may_connect"], len(panel["fields"]) > 2) == (True, True)


def test_agent_is_told_who_can_connect(merchant: Merchant, sign_in: SignIn) -> None:
    client = sign_in(Role.AGENT)
    client.post(URL, ARAMEX)
    assert [panel["may_connect"] for panel in panels(client, merchant)] == [False]


def test_connecting_follows_what_waited_at_once(
    merchant: Merchant,
    sign_in: SignIn,
    rung: list[str],
    django_capture_on_commit_callbacks: Any,
) -> None:
    client, fetcher = sign_in(Role.ADMIN), Fetcher(allow=[])
    client.post(URL, ARAMEX)
    poll_round(fetcher, now=timezone.now())
    with merchant_scope(merchant.pk):
        waits = Watch.objects.get()
    assert waits.result == "no_account"
    assert waits.next_ask_at > timezone.now() + WITHOUT_ACCOUNT - timedelta(minutes=1)
    (panel,) = panels(client, merchant)
    data = {field["name"]: "right" for field in panel["fields"]} | {"next": panel["next"]}
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(panel["url"], data)
    assert (response.status_code, response.headers["Location"]) == (303, panel["next"])
    assert rung == ["tracking.poll_due"]
    assert panels(client, merchant) == []
    with running_sandbox() as server:
        server.register(
            "aramex", "47218830956", "out_for_delivery",
            destination={"city": "Dubai", "country": "AE"},
        )  # fmt: skip
        with merchant_scope(merchant.pk):
            CarrierAccount.objects.update(base_url=server.base_url("aramex"))
        asked = Fetcher(allow=[server.host])
        poll_round(asked, now=timezone.now())
        asked.close()
    fetcher.close()
    with merchant_scope(merchant.pk):
        assert Shipment.objects.get().status == "out_for_delivery"


def test_account_that_is_there_needs_no_panel(merchant: Merchant, sign_in: SignIn) -> None:
    with merchant_scope(merchant.pk):
        CarrierAccount.objects.create(merchant=merchant, carrier="aramex", secrets=seal({}))
    client = sign_in(Role.ADMIN)
    client.post(URL, ARAMEX)
    assert panels(client, merchant) == []


def test_orders_offer_to_add_a_parcel_to_who_may(merchant: Merchant, sign_in: SignIn) -> None:
    shown = [sign_in(role).get("/app/noor/orders/").context["action"] for role in
             (Role.VIEWER, Role.AGENT)]  # fmt: skip
    assert shown[0] is None
    assert shown[1]["url"] == URL


def test_set_up_step_takes_the_same_form(merchant: Merchant, sign_in: SignIn) -> None:
    client = sign_in(Role.ADMIN)
    response = client.post("/app/noor/setup/store/", ARAMEX)
    page = client.get("/app/noor/setup/store/").context
    merchant.refresh_from_db()
    assert response.headers["Location"] == "/app/noor/setup/store/"
    assert [panel["next"] for panel in page["panels"]] == ["/app/noor/setup/store/"]
    assert merchant.setup_steps == {"store": "done"}


@pytest.mark.parametrize(("name", "age"), [("PER_FIRST_DAY", 1), ("PER_DAY", 25)])
@pytest.mark.parametrize("url", [URL, "/app/noor/setup/store/"])
def test_shop_adds_so_many_a_day_and_loses_nothing_typed(
    merchant: Merchant, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch,
    name: str, age: int, url: str,
) -> None:  # fmt: skip
    monkeypatch.setattr(adding, name, 1)
    Merchant.objects.update(created_at=timezone.now() - timedelta(hours=age))
    client = sign_in(Role.ADMIN)
    first, again, second = (client.post(url, typed) for typed in (UPS, UPS, ARAMEX))
    assert [one.status_code for one in (first, again, second)] == [303, 303, 400]
    assert second.context["number_field"]["value"] == ARAMEX["tracking_number"]
    assert second.context["form_error"].startswith("This shop reached its limit")
    with merchant_scope(merchant.pk):
        assert Shipment.objects.count() == 1
