"""Outages over all merchants: found from what polling counts, held flags, recovery."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from carriers import registry
from carriers.base import Ask, CarrierError
from carriers.calls import Account, Answer, Call
from carriers.models import CarrierAccount
from carriers.updates import CarrierEvent, TrackingUpdate
from merchants.models import Merchant
from merchants.scope import every_merchant, merchant_scope
from tests import factories
from tests.factories import NOW
from tracking import outbox, pulses
from tracking.ingest import Heard, ingest, review
from tracking.models import CarrierPulse, Change, Outage, Outbox, Shipment, Watch
from tracking.outage_rules import Beat
from tracking.outages import carriers_not_heard, close, declare, open_outages, watch_feeds
from tracking.polling_health import note_answers

MINUTE = timedelta(minutes=1)
CALL = Call(registry.get("sandbox"), Account("1", "http://x.example", {}), (Ask("1"),))


@pytest.fixture
def shops(merchant: Merchant, other: Merchant) -> list[Merchant]:
    """Two merchants with an account each."""
    for shop in (merchant, other):
        with merchant_scope(shop.pk):
            CarrierAccount.objects.create(merchant=shop, carrier="sandbox")
    return [merchant, other]


@pytest.fixture
def probe(monkeypatch: pytest.MonkeyPatch) -> None:
    """A consumer of milestones, so that what is told is seen."""
    monkeypatch.setattr(outbox, "_CONSUMERS", {"probe": frozenset({"milestone"})})


def answered(shops: list[Merchant], kind: str | None, *, minutes: float, calls: int = 10) -> None:
    """Calls of each shop, so many minutes after NOW; all well or all with this error."""
    now = NOW + minutes * MINUTE
    error = CarrierError("HTTP 503", kind=kind) if kind else None  # type: ignore[arg-type]
    answers = [Answer(CALL, error=error)] * calls
    for shop in shops:
        with merchant_scope(shop.pk):
            account = CarrierAccount.objects.get()
            note_answers([(account, one) for one in answers], now=now)
        pulses.add(pulses.beats_of([("sandbox", error)] * calls, {}), now=now)


def look(minutes: float) -> tuple[list[str], list[str]]:
    return watch_feeds(now=NOW + minutes * MINUTE)


def test_counts_of_five_minutes_add_up(db: None) -> None:
    for minutes in (0, 2, 5):
        pulses.add({"ups": Beat(2, 1, 1), "aramex": Beat()}, now=NOW + minutes * MINUTE)
    rows = CarrierPulse.objects.order_by("at").values_list("carrier", "answered", "failed", "news")
    assert list(rows) == [("ups", 4, 2, 2), ("ups", 2, 1, 1)]
    assert pulses.between(NOW, NOW + 5 * MINUTE) == {"ups": Beat(4, 2, 2)}


def test_only_the_carriers_own_troubles_count() -> None:
    kinds = ("unavailable", "unreadable", "credentials", "rate_limited", "bad_request", "not_found")
    calls = [("sandbox", CarrierError("x", kind=kind)) for kind in kinds]  # type: ignore[arg-type]
    assert pulses.beats_of([*calls, ("sandbox", None)], {"sandbox": 4}) == {
        "sandbox": Beat(2, 2, 4)
    }


def test_carrier_that_fails_for_all_is_an_outage_until_it_answers(shops: list[Merchant]) -> None:
    answered(shops, None, minutes=-20)
    answered(shops, "unavailable", minutes=0)
    assert look(1) == (["sandbox"], [])
    outage = Outage.objects.get()
    assert (outage.kind, outage.since) == ("failing", NOW - 15 * MINUTE)
    assert outage.seen == {"calls": 20, "failed": 20, "merchants": 2, "of": 2}
    answered(shops, "unavailable", minutes=6)
    assert look(7) == ([], [])
    answered(shops, None, minutes=20)
    assert look(21) == ([], ["sandbox"])
    assert carriers_not_heard(now=NOW + 60 * MINUTE) == {"sandbox"}
    assert carriers_not_heard(now=NOW + 82 * MINUTE) == frozenset()


def test_one_merchants_account_is_no_outage(shops: list[Merchant]) -> None:
    answered(shops[:1], "unavailable", minutes=0, calls=30)
    assert look(1) == ([], [])
    answered(shops[1:], None, minutes=1, calls=5)
    assert look(2) == ([], [])


def test_refused_credentials_are_no_outage(shops: list[Merchant]) -> None:
    answered(shops, "credentials", minutes=0, calls=30)
    assert look(1) == ([], [])


def test_answers_without_news_against_custom_are_an_outage(db: None) -> None:
    for week in (1, 2):
        pulses.add({"ups": Beat(200, 0, 80)}, now=NOW - timedelta(weeks=week) - 60 * MINUTE)
    pulses.add({"ups": Beat(50, 0, 20)}, now=NOW - 180 * MINUTE)
    pulses.add({"ups": Beat(100)}, now=NOW - 30 * MINUTE)
    assert look(0) == (["ups"], [])
    outage = Outage.objects.get()
    assert (outage.kind, outage.since) == ("silent", NOW - 175 * MINUTE)
    assert outage.seen == {"answers": 100, "expected": 40}
    pulses.add({"ups": Beat(10, 0, 3)}, now=NOW + 10 * MINUTE)
    assert look(12) == ([], ["ups"])


def test_operator_declares_and_only_the_operator_closes(shops: list[Merchant]) -> None:
    declare(carrier="sandbox", now=NOW)
    answered(shops, None, minutes=5)
    assert look(6) == ([], [])
    assert close(carrier="sandbox", now=NOW + 7 * MINUTE) is True
    assert close(carrier="sandbox", now=NOW + 7 * MINUTE) is False
    answered(shops, "unavailable", minutes=10)
    assert look(11) == ([], [])
    answered(shops, "unavailable", minutes=370)
    assert look(371) == (["sandbox"], [])


def test_declaring_confirms_the_outage_that_lasts(shops: list[Merchant]) -> None:
    answered(shops, "unavailable", minutes=0)
    look(1)
    assert declare(carrier="sandbox", now=NOW + 2 * MINUTE).kind == "failing"
    answered(shops, None, minutes=20)
    assert look(21) == ([], [])


def test_parcels_that_waited_are_asked_about_again(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        shipment = factories.shipment(merchant)
        far = NOW + timedelta(hours=6)
        Watch.objects.update(failures=4, next_ask_at=far)
    declare(carrier="sandbox", now=NOW)
    close(carrier="sandbox", now=NOW)
    with every_merchant("test"):
        asked = Watch.objects.get(shipment=shipment).next_ask_at
    assert asked is not None
    assert NOW <= asked < NOW + 10 * MINUTE


# --- what waits -----------------------------------------------------------------------------


def picked_up(merchant: Merchant) -> Shipment:
    shipment = factories.shipment(merchant)
    event = CarrierEvent("PU", "picked_up.accepted", at=NOW - timedelta(hours=9))
    ingest(heard=[Heard(shipment.pk, TrackingUpdate("", (event,)))], source="poll", now=NOW)
    return shipment


def told() -> list[str]:
    return list(Outbox.objects.order_by("pk").values_list("change__key", flat=True))


def test_late_and_stalled_wait_while_the_feed_is_dead(scope: Merchant, probe: None) -> None:
    shipment, later = picked_up(scope), NOW + timedelta(days=12)
    declare(carrier="sandbox", now=NOW)
    review([shipment.pk], now=later)
    shipment.refresh_from_db()
    assert (shipment.delayed, shipment.stalled, told()) == (False, False, ["shipped"])
    assert Watch.objects.get().review_at == later + 15 * MINUTE


def test_what_still_holds_after_the_outage_is_told(scope: Merchant, probe: None) -> None:
    shipment, later = picked_up(scope), NOW + timedelta(days=12)
    declare(carrier="sandbox", now=NOW)
    review([shipment.pk], now=later)
    close(carrier="sandbox", now=later)
    review([shipment.pk], now=later + 30 * MINUTE)
    assert told() == ["shipped"]
    review([shipment.pk], now=later + 61 * MINUTE)
    shipment.refresh_from_db()
    assert (shipment.delayed, shipment.stalled) == (True, True)
    assert told() == ["shipped", "delayed"]


def test_what_was_heard_after_the_outage_is_told_instead(scope: Merchant, probe: None) -> None:
    shipment, later = picked_up(scope), NOW + timedelta(days=12)
    declare(carrier="sandbox", now=NOW)
    review([shipment.pk], now=later)
    close(carrier="sandbox", now=later)
    event = CarrierEvent("OK", "delivered.generic", at=NOW + timedelta(days=2))
    update = TrackingUpdate("", (event,))
    ingest(heard=[Heard(shipment.pk, update)], source="poll", now=later + 20 * MINUTE)
    review([shipment.pk], now=later + 61 * MINUTE)
    assert told() == ["shipped", "delivered"]
    assert not Change.objects.filter(key="delayed").exists()


def test_flag_raised_before_the_outage_stays(scope: Merchant) -> None:
    shipment, later = picked_up(scope), NOW + timedelta(days=12)
    review([shipment.pk], now=later)
    declare(carrier="sandbox", now=later)
    review([shipment.pk], now=later + 30 * MINUTE)
    shipment.refresh_from_db()
    assert (shipment.delayed, shipment.stalled) == (True, True)


def test_carriers_own_word_of_a_delay_does_not_wait(scope: Merchant, probe: None) -> None:
    shipment = picked_up(scope)
    declare(carrier="sandbox", now=NOW)
    event = CarrierEvent("DW", "delay.weather", at=NOW)
    ingest(heard=[Heard(shipment.pk, TrackingUpdate("", (event,)))], source="poll", now=NOW)
    assert told() == ["shipped", "in_transit", "delayed"]


def test_other_carriers_parcels_are_late_as_ever(scope: Merchant, probe: None) -> None:
    shipment = picked_up(scope)
    declare(carrier="ups", now=NOW)
    review([shipment.pk], now=NOW + timedelta(days=12))
    assert told() == ["shipped", "delayed"]


# --- the operator's command -----------------------------------------------------------------


def run(*args: str) -> str:
    out = StringIO()
    call_command("outages", *args, stdout=out)
    return out.getvalue().strip()


def test_command_declares_lists_and_closes(db: None) -> None:
    assert run() == "No outage was ever seen."
    run("declare", "aramex")
    assert [outage.carrier for outage in open_outages()] == ["aramex"]
    assert run("list").startswith("aramex           declared since ")
    run("close", "aramex")
    assert not open_outages().exists()
    with pytest.raises(CommandError):
        run("close", "aramex")
    with pytest.raises(CommandError):
        run("declare", "nobody")
