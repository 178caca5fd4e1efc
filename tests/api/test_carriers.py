"""The list of carriers: ours, and those of the merchant's aggregators."""

from __future__ import annotations

from django.utils import timezone

from carriers.base import HubCourier
from carriers.couriers import keep_couriers
from carriers.models import CarrierAccount
from carriers.registry import CARRIERS
from merchants.models import Merchant
from merchants.scope import merchant_scope
from tests.api.conftest import Program


def connect_hub(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        CarrierAccount.objects.create(merchant=merchant, carrier="aftership")
    names = ("Nova Poshta", "Aramex", "Österreichische Post")
    couriers = [HubCourier(name.lower(), name, ("UA",)) for name in names]
    keep_couriers("aftership", couriers, now=timezone.now())


def slugs(program: Program, words: str = "") -> list[str]:
    return [one["slug"] for one in program.get(f"carriers/?{words}").json()["results"]]


def test_all_of_ours_are_on_the_first_page(program: Program) -> None:
    answer = program.get("carriers/").json()
    assert [one["slug"] for one in answer["results"]] == sorted(CARRIERS)
    assert (answer["next"], answer["results"][0]["through"]) == (None, None)


def test_part_of_a_name_finds_it(program: Program) -> None:
    assert slugs(program, "q=purol") == ["purolator"]
    assert slugs(program, "q=أرامكس") == ["aramex", "aramex_anz"]
    assert slugs(program, "q=poshta") == []


def test_aggregators_carriers_come_after_ours_with_its_limits(
    program: Program, merchant: Merchant
) -> None:
    connect_hub(merchant)
    assert slugs(program)[-2:] == ["nova_poshta", "osterreichische_post"]
    (nova,) = program.get("carriers/?q=poshta").json()["results"]
    assert (nova["through"], nova["countries"]) == ("aftership", ["UA"])
    assert nova["batch_size"] == CARRIERS["aftership"].batch_size


def test_pages_go_from_ours_to_the_aggregators(program: Program, merchant: Merchant) -> None:
    connect_hub(merchant)
    first = program.get("carriers/?q=post&page_size=5").json()
    found = [one["slug"] for one in first["results"]]
    while first["next"]:
        first = program.get("carriers/?" + first["next"].partition("?")[2]).json()
        found += [one["slug"] for one in first["results"]]
    assert found == slugs(program, "q=post")
    assert found[-1] == "osterreichische_post"


def test_aggregators_carrier_may_be_named_in_an_order(program: Program, merchant: Merchant) -> None:
    parcel = {"tracking_number": "59000123456789", "carrier": "Nova Poshta"}
    order = {"number": "1", "destination": {"country": "UA"}, "shipments": [parcel]}
    refused = program.post("orders/", order)
    connect_hub(merchant)
    taken = program.post("orders/", order).json()
    assert refused.status_code == 400
    assert taken["shipments"][0]["carrier"] == "nova_poshta"
