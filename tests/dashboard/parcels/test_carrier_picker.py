"""The carrier of a parcel is named; an aggregator's thousands are named too."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from carriers.base import HubCourier
from carriers.couriers import keep_couriers
from carriers.models import CarrierAccount
from merchants.models import Merchant, Role
from merchants.scope import merchant_scope
from tests import factories
from tests.dashboard.conftest import SignIn
from tracking.models import Shipment

NUMBER = {"tracking_number": "59000123456789", "country": "AE", "language": "en"}
URL = "/app/noor/orders/new/"


@pytest.fixture
def hub(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        CarrierAccount.objects.create(merchant=merchant, carrier="aftership")
    found = [HubCourier("nova-poshta", "Nova Poshta"), HubCourier("nova-express", "Nova Express")]
    keep_couriers("aftership", found, now=timezone.now())


def error(client: Any, carrier: str) -> str:
    response = client.post(URL, NUMBER | {"carrier": carrier})
    assert response.status_code == 400
    words: str = response.context["carrier_field"]["error"]
    return words


def test_aggregators_carrier_is_followed_by_its_name(
    merchant: Merchant, sign_in: SignIn, hub: None
) -> None:
    page = sign_in(Role.AGENT).post(URL, NUMBER | {"carrier": "nova poshta"}, follow=True)
    with merchant_scope(merchant.pk):
        assert Shipment.objects.get().carrier == "nova_poshta"
    said = [str(one) for one in page.context["messages"]]
    assert said == ["59000123456789 is followed now, with Nova Poshta."]
    assert page.context["panels"] == []


def test_own_carrier_through_an_aggregator_waits_for_no_account(
    merchant: Merchant, sign_in: SignIn, hub: None
) -> None:
    page = sign_in(Role.ADMIN).post(URL, NUMBER | {"carrier": "Aramex"}, follow=True)
    assert page.context["panels"] == []


def test_carrier_whom_nobody_can_ask_yet_is_said_to_wait(
    merchant: Merchant, sign_in: SignIn
) -> None:
    page = sign_in(Role.AGENT).post(URL, NUMBER | {"carrier": "Evri"}, follow=True)
    said = [str(one) for one in page.context["messages"]]
    assert said == ["59000123456789 is kept. It waits for Evri."]


def test_name_that_decides_nothing_is_answered_in_words(
    merchant: Merchant, sign_in: SignIn, hub: None
) -> None:
    client = sign_in(Role.AGENT)
    assert error(client, "nova") == (
        "“nova” stands in several names, such as Nova Express and Nova Poshta. Write all of it."
    )
    assert error(client, "Nova Posta") == (
        "No carrier is called “Nova Posta”. Close to it: Nova Poshta."
    )
    assert error(client, "zzzzqqq") == (
        "Neither we nor your aggregator know a carrier called “zzzzqqq”."
    )


def test_what_was_typed_stays_on_the_form(merchant: Merchant, sign_in: SignIn) -> None:
    page = sign_in(Role.AGENT).post(URL, NUMBER | {"carrier": "zzzzqqq"})
    assert page.context["carrier_field"]["value"] == "zzzzqqq"


def test_carriers_the_shop_ships_with_are_offered_first(
    merchant: Merchant, sign_in: SignIn
) -> None:
    with merchant_scope(merchant.pk):
        factories.shipment(merchant, carrier="smsa", now=timezone.now())
    page = sign_in(Role.AGENT).get(URL)
    names, url = page.context["carrier_names"]["names"], page.context["carrier_names"]["url"]
    assert names[0] == "SMSA Express"
    assert names.count("SMSA Express") == 1
    assert "AfterShip" not in names
    assert (url, len(names) > 40) == ("", True)
    assert '<datalist id="carrier-names">' in page.content.decode()


def test_aggregators_carriers_are_offered_while_one_types(
    merchant: Merchant, sign_in: SignIn, hub: None
) -> None:
    client = sign_in(Role.AGENT)
    url = client.get(URL).context["carrier_names"]["url"]
    assert url == "/app/noor/carriers/names/"
    assert client.get(url, {"p7-carrier": "posh"}).context["names"] == ["Nova Poshta"]
    assert client.get(url, {"carrier": "purol"}).context["names"] == ["Purolator"]
