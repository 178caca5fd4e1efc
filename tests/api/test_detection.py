"""Whose number it is, asked by a program."""

from __future__ import annotations

from typing import Any

from carriers.models import CarrierAccount
from merchants.models import Merchant
from merchants.scope import merchant_scope
from tests.api.conftest import Program
from tracking.models import Watch

NUMBER = "231200021009"


def slugs(program: Program, **said: Any) -> list[str]:
    response = program.post("carriers/detect/", {"tracking_number": NUMBER} | said)
    return [one["slug"] for one in response.json()["results"]]


def test_candidates_come_with_confidence_and_why(program: Program) -> None:
    response = program.post("carriers/detect", {"tracking_number": "1Z 5R89 3903 5756 7127"})
    assert response.json() == {
        "results": [
            {
                "slug": "ups",
                "name": "UPS",
                "confidence": 0.95,
                "why": "1Z and 16 characters and the check digit fits",
                "has_adapter": True,
            }
        ]
    }


def test_everything_known_ranks(program: Program, merchant: Merchant) -> None:
    assert slugs(program, country="SA")[0] == "smsa"
    assert slugs(program, country="SA", carrier_name="أرامكس")[0] == "aramex"
    with merchant_scope(merchant.pk):
        CarrierAccount.objects.create(merchant=merchant, carrier="aramex")
    assert slugs(program, country="SA")[0] == "aramex"


def test_nobodys_number_has_no_candidates(program: Program) -> None:
    response = program.post("carriers/detect/", {"tracking_number": "NX77-ORDER"})
    assert (response.status_code, response.json()) == (200, {"results": []})


def test_mistakes_are_named(program: Program) -> None:
    response = program.post("carriers/detect/", {"tracking_number": "--", "land": "SA"})
    assert response.status_code == 400
    assert {one["field"] for one in response.json()["errors"]} == {"land"}


def test_parcel_says_who_may_carry_it(program: Program, merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        for slug in ("aramex", "smsa"):
            CarrierAccount.objects.create(merchant=merchant, carrier=slug)
    order = program.post(
        "orders/",
        {"number": "1", "destination": {"country": "SA"},
         "shipments": [{"tracking_number": NUMBER}]},
    ).json()  # fmt: skip
    (parcel,) = order["shipments"]
    assert (parcel["carrier"], parcel["carrier_candidates"]) == ("smsa", ["smsa", "aramex"])


def test_field_that_was_missing_is_sent_with_the_parcel(
    program: Program, merchant: Merchant
) -> None:
    order = program.post("orders/", {"number": "1", "destination": {"country": "SA"}}).json()
    parcel = {"order": order["id"], "carrier": "smsa", "tracking_number": NUMBER}
    program.post("shipments/", parcel)
    with merchant_scope(merchant.pk):
        Watch.objects.update(result="needs_field", problem="SMSA Express needs the postcode")
    waiting = program.get("shipments/").json()["results"][0]["freshness"]
    program.post("shipments/", parcel | {"extra": {"postcode": "21577"}})
    with merchant_scope(merchant.pk):
        assert Watch.objects.get().result == ""
    assert (waiting["ask_result"], waiting["problem"]) == (
        "needs_field", "SMSA Express needs the postcode",
    )  # fmt: skip
