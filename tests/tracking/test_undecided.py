"""Two carriers may have the parcel: both are asked, and the evidence decides."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from carriers.fetch import Fetcher
from carriers.models import CarrierAccount
from carriers.sandbox.running import RunningSandbox, running_sandbox
from carriers.updates import CarrierEvent, Place, TrackingUpdate
from lib.encryption import seal
from merchants.models import Merchant
from merchants.scope import every_merchant, merchant_scope
from tests import factories
from tests.factories import NOW
from tracking.models import Change, Event, Link, Shipment, Watch
from tracking.parcels import add_parcel
from tracking.polling import poll_round, wake
from tracking.undecided import Reply, decide_push, judge, turns

#: In Saudi Arabia this may be SMSA's or Aramex's, and neither prints a check digit.
NUMBER = "231200021009"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[RunningSandbox]:
    with running_sandbox() as server:
        yield server


@pytest.fixture(scope="module")
def fetcher(sandbox: RunningSandbox) -> Iterator[Fetcher]:
    made = Fetcher(allow=[sandbox.host])
    yield made
    made.close()


def connect(merchant: Merchant, *slugs: str, sandbox: RunningSandbox | None = None) -> None:
    for slug in slugs:
        CarrierAccount.objects.create(
            merchant=merchant,
            carrier=slug,
            base_url=sandbox.base_url(slug) if sandbox else "",
            secrets=seal(dict.fromkeys(_SECRETS[slug], "right")),
        )


_SECRETS = {
    "smsa": ("api_key",),
    "aramex": ("username", "password", "account_number", "account_pin", "account_entity",
               "account_country_code"),
    "ups": ("client_id", "client_secret"),
    "sandbox": ("client_id", "client_secret"),
}  # fmt: skip


def follow(merchant: Merchant, number: str = NUMBER, **order: Any) -> Shipment:
    values = {"country": "SA", "city": "Riyadh", "ship_from_country": "SA"} | order
    made = factories.order(merchant, **values)
    return add_parcel(order=made, carrier="", tracking_number=number, now=NOW)[0]


def asked(shipment: Shipment) -> list[tuple[str, str]]:
    return [(one["slug"], one["said"]) for one in Watch.objects.get(shipment=shipment).candidates]


def answer(country: str = "SA", *, hours: float = 5, number: str = NUMBER) -> TrackingUpdate:
    scan = CarrierEvent(
        "DP", "transit.departed_facility", at=NOW - timedelta(hours=hours),
        place=Place(country=country),
    )  # fmt: skip
    return TrackingUpdate(number, (scan,))


NOT_FOUND = TrackingUpdate(NUMBER, not_found=True)


def say(shipment: Shipment, carrier: str, update: TrackingUpdate | None) -> tuple[bool, bool]:
    """A candidate answers: whether it won, and whether the next is asked at once."""
    watch = Watch.objects.get(shipment=shipment)
    judged = judge({watch.pk: Reply(carrier, update, is_failed=update is None)}, now=NOW)
    return watch.pk in judged.won, watch.pk in judged.hurried


def turn(shipment: Shipment) -> str:
    with merchant_scope(shipment.merchant_id):
        watch = Watch.objects.get(shipment=shipment)
    with every_merchant("whose turn it is, in a test"):
        return turns([watch.pk], now=NOW).get(watch.pk, "")


def test_carriers_that_may_have_it_are_kept(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        connect(merchant, "smsa", "aramex")
        shipment = follow(merchant)
        assert (shipment.carrier, asked(shipment)) == ("smsa", [("smsa", ""), ("aramex", "")])


def test_number_that_tells_enough_has_no_other_candidates(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        connect(merchant, "smsa", "aramex", "ups")
        shipment = follow(merchant, "1Z999AA10123456784")
        assert (shipment.carrier, asked(shipment)) == ("ups", [])


def test_named_carrier_is_believed(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        connect(merchant, "smsa", "aramex")
        order = factories.order(merchant, country="SA")
        shipment, _ = add_parcel(order=order, carrier="aramex", tracking_number=NUMBER, now=NOW)
        assert (shipment.carrier, asked(shipment)) == ("aramex", [])


def test_number_nobody_prints_is_asked_of_the_merchants_carriers(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        connect(merchant, "smsa", "aramex")
        shipment = follow(merchant, "NX77-ORDER-1042-B")
        assert shipment.carrier == "unknown"
        assert asked(shipment) == [("aramex", ""), ("smsa", "")]
        assert Watch.objects.get(shipment=shipment).next_ask_at == NOW


def test_common_api_may_answer_for_a_company_without_account(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        order = factories.order(merchant)
        shipment, _ = add_parcel(
            order=order, carrier="dhl_express", tracking_number="3318810025", now=NOW
        )
        assert shipment.carrier == "dhl_express"
        assert asked(shipment) == [("dhl_express", ""), ("dhl_universal", "")]


def test_second_carrier_is_asked_when_the_first_does_not_know(
    merchant: Merchant, sandbox: RunningSandbox, fetcher: Fetcher
) -> None:
    with merchant_scope(merchant.pk):
        connect(merchant, "smsa", "aramex", sandbox=sandbox)
        shipment = follow(merchant, placed_at=NOW - timedelta(days=9))
        link = Link.objects.filter(order_id=shipment.order_id).values_list("token", flat=True)
        before = list(link)
    sandbox.register(
        carrier="aramex", number=NUMBER, scenario="delivered", registered_at=NOW.isoformat(),
        origin={"city": "Jeddah", "country": "SA"},
        destination={"city": "Riyadh", "country": "SA"},
    )  # fmt: skip
    first = poll_round(fetcher, now=NOW)
    with merchant_scope(merchant.pk):
        assert asked(shipment) == [("smsa", "not_found"), ("aramex", "")]
        assert Watch.objects.get(shipment=shipment).next_ask_at == NOW
    second = poll_round(fetcher, now=NOW)
    with merchant_scope(merchant.pk):
        found = Shipment.objects.get(pk=shipment.pk)
        watch = Watch.objects.get(shipment=shipment)
        assert (first.new_events, second.changed) == (0, 1)
        assert (found.carrier, found.status, watch.carrier) == ("aramex", "delivered", "aramex")
        assert (watch.candidates, watch.result, watch.next_ask_at) == ([], "changed", None)
        assert list(link) == before


def test_scans_of_a_loser_are_neither_kept_nor_told(
    merchant: Merchant, sandbox: RunningSandbox, fetcher: Fetcher
) -> None:
    with merchant_scope(merchant.pk):
        connect(merchant, "smsa", sandbox=sandbox)
        shipment = follow(merchant, "231200021010")
        Watch.objects.filter(shipment=shipment).update(
            candidates=[{"slug": "smsa", "said": "", "why": ""}]
        )
    sandbox.register(
        carrier="smsa", number="231200021010", scenario="delivered",
        registered_at=NOW.isoformat(), origin={"city": "Dubai", "country": "AE"},
        destination={"city": "Dubai", "country": "AE"},
    )  # fmt: skip
    poll_round(fetcher, now=NOW)
    with merchant_scope(merchant.pk):
        assert asked(shipment) == [("smsa", "other_parcel")]
        assert (Event.objects.count(), Change.objects.count()) == (0, 0)
        watch = Watch.objects.get(shipment=shipment)
        assert (watch.result, watch.next_ask_at > NOW) == ("not_found", True)


def test_fitting_scans_win_at_once(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        connect(merchant, "smsa", "aramex")
        shipment = follow(merchant)
        assert say(shipment, "smsa", answer("SA")) == (True, False)
        assert Shipment.objects.get(pk=shipment.pk).carrier == "smsa"


def test_likely_scans_wait_until_the_others_were_asked(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        connect(merchant, "smsa", "aramex")
        shipment = follow(merchant)
        assert say(shipment, "smsa", answer("AE")) == (False, True)
    assert turn(shipment) == "aramex"
    with merchant_scope(merchant.pk):
        assert say(shipment, "aramex", NOT_FOUND) == (False, True)
    assert turn(shipment) == "smsa"
    with merchant_scope(merchant.pk):
        assert say(shipment, "smsa", answer("AE")) == (True, False)


def test_fitting_scans_beat_likely_ones(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        connect(merchant, "smsa", "aramex")
        shipment = follow(merchant)
        say(shipment, "smsa", answer("AE"))
        assert say(shipment, "aramex", answer("SA")) == (True, False)
        assert Shipment.objects.get(pk=shipment.pk).carrier == "aramex"


def test_all_say_not_found_and_are_asked_again_later(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        connect(merchant, "smsa", "aramex")
        shipment = follow(merchant)
        assert say(shipment, "smsa", NOT_FOUND) == (False, True)
        assert say(shipment, "aramex", NOT_FOUND) == (False, False)
    assert turn(shipment) == "smsa"
    with merchant_scope(merchant.pk):
        assert say(shipment, "smsa", NOT_FOUND) == (False, True)
        assert asked(shipment) == [("smsa", "not_found"), ("aramex", "")]


def test_who_cannot_be_reached_is_asked_again_before_anybody_wins(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        connect(merchant, "smsa", "aramex")
        shipment = follow(merchant)
        say(shipment, "smsa", answer("AE"))
        assert say(shipment, "aramex", None) == (False, False)
    assert turn(shipment) == "aramex"


def test_only_whose_account_works_has_a_turn(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        connect(merchant, "smsa", "aramex")
        shipment = follow(merchant)
        CarrierAccount.objects.filter(carrier="smsa").update(paused_until=NOW + timedelta(hours=1))
    assert turn(shipment) == "aramex"


def test_winner_had_the_number_before(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        connect(merchant, "smsa", "aramex")
        earlier = factories.order(merchant, country="SA")
        add_parcel(order=earlier, carrier="aramex", tracking_number=NUMBER, now=NOW)
        shipment = follow(merchant)
        say(shipment, "aramex", answer("SA"))
        found = Shipment.objects.get(pk=shipment.pk)
        assert (found.carrier, found.generation) == ("aramex", 2)


def test_push_of_a_candidate_decides(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        connect(merchant, "smsa", "aramex")
        shipment = follow(merchant)
        other = TrackingUpdate(NUMBER, (), destination=Place(country="US"))
        assert decide_push(carrier="smsa", updates=[other], now=NOW) == {}
        won = decide_push(carrier="aramex", updates=[answer("SA")], now=NOW)
        assert won == {NUMBER: shipment.pk}


def test_connecting_a_candidate_asks_it_at_once(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        shipment = follow(merchant)
        later = NOW + timedelta(hours=6)
        Watch.objects.filter(shipment=shipment).update(next_ask_at=later)
        slugs = [slug for slug, _ in asked(shipment)]
        assert ("aramex" in slugs, wake(carrier="aramex", now=NOW)) == (True, 1)


def test_history_ranks_what_looks_alike(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        connect(merchant, "smsa", "aramex")
        for n in range(4):
            one = factories.order(merchant, country="SA")
            add_parcel(order=one, carrier="aramex", tracking_number=f"23120003100{n}", now=NOW)
        Shipment.objects.update(last_event_at=NOW)
        assert follow(merchant).carrier == "aramex"


def test_same_number_of_an_order_stays_the_same_parcel(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        first = follow(merchant)
        connect(merchant, "aramex")
        again, is_new = add_parcel(order=first.order, carrier="", tracking_number=NUMBER, now=NOW)
        assert (again.pk, is_new) == (first.pk, False)
