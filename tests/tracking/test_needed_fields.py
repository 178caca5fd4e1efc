"""A carrier that needs more than the number: from the order, or from a person, or not asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest

from carriers import registry
from carriers.fetch import Fetcher
from carriers.models import CarrierAccount
from carriers.providers.sandbox import Sandbox
from carriers.sandbox.running import RunningSandbox, running_sandbox
from lib.encryption import seal
from merchants.models import Merchant
from merchants.scope import merchant_scope
from tests import factories
from tests.factories import NOW
from tracking.models import Shipment, Watch
from tracking.needed_fields import LOOK_AGAIN, extra_for, fill_in, given, in_words, lacking
from tracking.polling import poll_round

NUMBER = "1Z999AA10123456784"


class Choosy(Sandbox):
    """The sandbox, which wants to know the postcode too."""

    name: ClassVar[str] = "Choosy Express"
    needs: ClassVar[tuple[str, ...]] = ("postcode",)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[RunningSandbox]:
    with running_sandbox() as server:
        yield server


@pytest.fixture(scope="module")
def fetcher(sandbox: RunningSandbox) -> Iterator[Fetcher]:
    made = Fetcher(allow=[sandbox.host])
    yield made
    made.close()


@pytest.fixture(autouse=True)
def choosy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.CARRIERS, "sandbox", Choosy())


def connect(merchant: Merchant, sandbox: RunningSandbox) -> None:
    CarrierAccount.objects.create(
        merchant=merchant, carrier="sandbox", base_url=sandbox.base_url("sandbox"),
        secrets=seal({"client_id": "noor", "client_secret": "right"}),
    )  # fmt: skip


def parcel(merchant: Merchant, **fields: Any) -> Shipment:
    made = factories.shipment(merchant, tracking_number=NUMBER, **fields)
    return Shipment.objects.select_related("order__merchant").get(pk=made.pk)


@pytest.mark.parametrize(
    ("need", "value"),
    [
        ("postcode", "21577"),
        ("phone", "+966 50 123 4567"),
        ("country", "SA"),
        ("city", "Jeddah"),
        ("email", "sara@shopper.example"),
        ("ship_date", "2026-11-11"),
        ("door_code", ""),
    ],
)
def test_field_is_taken_from_the_order(merchant: Merchant, need: str, value: str) -> None:
    with merchant_scope(merchant.pk):
        shipment = parcel(
            merchant, country="SA", city="Jeddah", postcode="21577",
            customer_phone="+966 50 123 4567",
        )  # fmt: skip
        # 23:30 in Dubai is another day in UTC.
        shipment.shipped_by_store_at = datetime(2026, 11, 10, 20, 30, tzinfo=UTC)
        assert extra_for((need,), shipment).get(need, "") == value
        assert lacking((need,), shipment) == (() if value else (need,))


def test_what_a_person_typed_goes_before_the_order(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        shipment = parcel(merchant, postcode="21577")
        shipment.extra = {"postcode": "99999"}
        assert extra_for(("postcode",), shipment) == {"postcode": "99999"}


def test_carrier_is_asked_with_the_orders_field(
    merchant: Merchant, sandbox: RunningSandbox, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    request = Choosy.request

    def spied(self: Choosy, asks: Any, *rest: Any) -> Any:
        asked.extend(dict(one.extra) for one in asks)
        return request(self, asks, *rest)

    monkeypatch.setattr(Choosy, "request", spied)
    with merchant_scope(merchant.pk):
        connect(merchant, sandbox)
        shipment = parcel(merchant, postcode="21577")
    poll_round(fetcher, now=NOW)
    with merchant_scope(merchant.pk):
        assert Shipment.objects.get(pk=shipment.pk).extra == {}
    assert asked == [{"postcode": "21577"}]


def test_parcel_that_lacks_a_field_is_not_asked_until_somebody_types_it(
    merchant: Merchant, sandbox: RunningSandbox, fetcher: Fetcher
) -> None:
    with merchant_scope(merchant.pk):
        connect(merchant, sandbox)
        shipment = parcel(merchant)
    assert poll_round(fetcher, now=NOW).asked == 0
    with merchant_scope(merchant.pk):
        watch = Watch.objects.get()
        assert (watch.result, watch.problem, watch.next_ask_at) == (
            "needs_field", "Choosy Express needs the postcode", NOW + LOOK_AGAIN,
        )  # fmt: skip
        fill_in(shipment=shipment, values={"postcode": " 21577 "}, now=NOW)
        assert Shipment.objects.get().extra == {"postcode": "21577"}
        assert Watch.objects.get().next_ask_at == NOW
    assert poll_round(fetcher, now=NOW + timedelta(seconds=1)).asked == 1


def test_candidate_that_lacks_a_field_has_no_turn(
    merchant: Merchant, sandbox: RunningSandbox, fetcher: Fetcher
) -> None:
    with merchant_scope(merchant.pk):
        connect(merchant, sandbox)
        shipment = parcel(merchant)
        Watch.objects.update(candidates=[{"slug": "sandbox", "said": "", "why": ""}])
    assert poll_round(fetcher, now=NOW).asked == 0
    with merchant_scope(merchant.pk):
        assert Watch.objects.get(shipment=shipment).result == "needs_field"


def test_words_name_every_missing_field() -> None:
    assert in_words("sandbox", ("postcode", "phone", "door_code")) == (
        "Choosy Express needs the postcode and the phone number and door code"
    )


class Hub(Sandbox):
    """The sandbox as an aggregator."""

    is_hub: ClassVar[bool] = True


def test_hub_is_told_what_helps_it_and_no_phone(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        shipment = parcel(merchant, postcode="21577", customer_phone="+971 50 123 4567")
        found = given([(shipment.pk, "evri", Hub())])
    assert found.extra == {shipment.pk: {"country": "AE", "postcode": "21577"}}
    assert found.lacking == {}


def test_hub_is_not_asked_without_what_the_carrier_needs(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        shipment = parcel(merchant)
        assert given([(shipment.pk, "sandbox", Hub())]).lacking == {shipment.pk: ("postcode",)}
