"""Slow carriers from rows: over all merchants, by region, closed again, suggested to shops."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from edd.disruption_rows import Wanted, switch_on, switch_on_for_all
from edd.models import OperatorDisruption
from merchants.models import Merchant
from merchants.scope import merchant_scope
from tests import factories
from tests.factories import NOW
from tracking.models import Order, Outage, Shipment, Slowness
from tracking.slowness_seen import dismiss, suggestions
from tracking.slowness_watch import Watched, watch

DAY = timedelta(days=1)
TODAY = NOW.date()
#: The last day that is over everywhere at NOW.
LAST = TODAY - 2 * DAY


@pytest.fixture
def shops(merchant: Merchant, other: Merchant) -> list[Merchant]:
    """Three merchants: as few as may be."""
    return [merchant, other, factories.merchant(slug="third", name="Third")]


def parcels(shops: Sequence[Merchant], *days: tuple[date, int, int], **place: str) -> None:
    """Each shop's parcels: promised for this day, so many, and so many of them three days late."""
    to = {"country": "BR", "region": "BA", "city": "Salvador"} | place
    for shop in shops:
        with merchant_scope(shop.pk):
            known = Order.objects.count()
            whens = [(day, n < late) for day, due, late in days for n in range(due)]
            orders = Order.objects.bulk_create(
                Order(
                    merchant=shop, source="api", external_id=str(known + n), number=str(known + n),
                    number_key="", placed_at=NOW, announce_from=NOW, **to,
                )
                for n in range(len(whens))
            )  # fmt: skip
            Shipment.objects.bulk_create(
                _parcel(shop, order, day, 3 if is_late else 0)
                for order, (day, is_late) in zip(orders, whens, strict=True)
            )


def _parcel(shop: Merchant, order: Order, day: date, late: int) -> Shipment:
    came = datetime.combine(day + late * DAY, NOW.time(), tzinfo=NOW.tzinfo)
    is_here = came < NOW
    return Shipment(
        merchant=shop, order=order, carrier="own_fleet", tracking_number=f"{order.pk}",
        number_key=f"{order.pk}", picked_up_at=came - 5 * DAY, promised_last=day,
        edd_last=day, edd_zone="America/Bahia", delivered_at=came if is_here else None,
        status="delivered" if is_here else "in_transit",
    )  # fmt: skip


def history(shops: Sequence[Merchant], *, slow_since: int, **place: str) -> None:
    """Six weeks with one late parcel in fifteen, and the last days with four of five."""
    days = [(LAST - back * DAY, 5, 4 if back < slow_since else 0) for back in range(42)]
    parcels(shops, *days, **place)
    parcels(shops[:1], *((day, 1, 1) for day, _, late in days if not late), **place)


def test_slow_region_is_seen_once_and_closes_by_itself(shops: list[Merchant]) -> None:
    history(shops, slow_since=3)
    history(shops, slow_since=0, region="SP", city="Santos")

    assert watch(now=NOW) == Watched(opened=1)
    row = Slowness.objects.get()
    assert (row.carrier, row.to_country, row.to_region) == ("own_fleet", "BR", "ba")
    assert (row.since, row.seen_on, row.merchants) == (LAST - 2 * DAY, LAST, 3)
    # They come three days late, and days without couriers do not count.
    assert (row.late > 0.7, row.usual < 0.1, row.days in {1, 2, 3}) == (True, True, True)
    assert watch(now=NOW + timedelta(hours=1)) == Watched()

    parcels(shops, *((LAST + ahead * DAY, 5, 0) for ahead in range(1, 5)))
    with_news = NOW + 4 * DAY
    for shop in shops:
        with merchant_scope(shop.pk):
            Shipment.objects.filter(delivered_at=None, promised_last__gt=LAST).update(
                status="delivered", delivered_at=NOW
            )
    assert watch(now=with_news) == Watched(closed=1)
    assert Slowness.objects.get().closed_at == with_news


def test_country_that_is_slow_everywhere_is_said_once(shops: list[Merchant]) -> None:
    history(shops, slow_since=3)
    history(shops, slow_since=3, region="SP", city="Santos")
    assert watch(now=NOW) == Watched(opened=1)
    assert Slowness.objects.get().to_region == ""


def test_two_shops_are_no_network(shops: list[Merchant]) -> None:
    history(shops[:2], slow_since=5)
    assert watch(now=NOW) == Watched()


def test_dead_feed_is_not_taken_for_slowness(shops: list[Merchant]) -> None:
    history(shops, slow_since=3)
    Outage.objects.create(carrier="own_fleet", kind="silent", since=NOW - DAY)
    assert watch(now=NOW) == Watched()


@pytest.fixture
def slow(shops: list[Merchant]) -> Slowness:
    """Bahia is slow; the first shop has four parcels on their way there."""
    parcels(shops[:1], (TODAY + DAY, 4, 0))
    parcels(shops[:1], (TODAY + DAY, 2, 0), region="SP", city="Santos")
    return Slowness.objects.create(
        carrier="own_fleet", to_country="BR", to_region="ba", since=LAST, seen_on=LAST,
        late=0.7, usual=0.1, parcels=60, merchants=3, days=3,
    )  # fmt: skip


def seen_by(shop: Merchant) -> list[int]:
    with merchant_scope(shop.pk):
        return [one.parcels for one in suggestions(merchant_id=shop.pk, today=TODAY)]


def test_shop_with_open_parcels_there_sees_it(slow: Slowness, shops: list[Merchant]) -> None:
    assert [seen_by(shop) for shop in shops] == [[4], [], []]


def test_dismissed_it_is_gone_for_that_shop_alone(slow: Slowness, shops: list[Merchant]) -> None:
    parcels(shops[1:2], (TODAY + DAY, 1, 0))
    with merchant_scope(shops[0].pk):
        assert dismiss(slow, merchant_id=shops[0].pk)
        assert not dismiss(slow, merchant_id=shops[0].pk)
    assert [seen_by(shop) for shop in shops[:2]] == [[], [1]]


@pytest.mark.parametrize(("region", "left"), [("Bahia", []), ("", []), ("SP", [4])])
def test_disruption_that_covers_it_answers_it(
    slow: Slowness, shops: list[Merchant], region: str, left: list[int]
) -> None:
    wanted = Wanted(3, TODAY, TODAY + 5 * DAY, to_country="BR", to_region=region)
    with merchant_scope(shops[0].pk):
        switch_on(wanted, merchant_id=shops[0].pk, author=None, now=NOW)
    assert seen_by(shops[0]) == left


def test_operators_disruption_answers_it_for_all(slow: Slowness, shops: list[Merchant]) -> None:
    switch_on_for_all(Wanted(3, TODAY, TODAY + 5 * DAY, carrier="own_fleet"), now=NOW)
    assert seen_by(shops[0]) == []


# --- the operator's command -----------------------------------------------------------------


def said(*words: str) -> str:
    out = StringIO()
    call_command("disruption", *words, stdout=out)
    return out.getvalue()


ADD = (
    "add", "--days", "3", "--from", "2027-01-04", "--to", "2027-01-15", "--carrier", "own_fleet",
    "--country", "BR", "--region", "Bahia", "--cause", "strike",
)  # fmt: skip


def test_operator_adds_lists_and_ends(db: None) -> None:
    assert said() == "No disruption was ever switched on, and nothing is slow.\n"
    added = json.loads(said(*ADD, "--ar", "إضراب", "--json"))
    assert (added["days"], added["region"], added["sentences"]["ar"]) == (3, "Bahia", "إضراب")
    assert "+3 days  2027-01-04 to 2027-01-15  own_fleet to BR Bahia  (strike)" in said("list")
    row = OperatorDisruption.objects.get()
    assert row.due_at is not None
    said("end", str(row.pk))
    row.refresh_from_db()
    assert row.withdrawn_at is not None or row.ends < date(2027, 1, 15)


def test_operator_says_it_in_any_language_of_pages(db: None) -> None:
    added = json.loads(said(*ADD, "--say", "pt-BR", "Greve.", "--say", "pl", "Strajk.", "--json"))
    assert OperatorDisruption.objects.get().sentences == {"pt-br": "Greve.", "pl": "Strajk."}
    assert sorted(added["sentences"]) == ["ar", "en", "pl", "pt-br"]
    with pytest.raises(CommandError, match="do not speak 'xx'"):
        said(*ADD, "--say", "xx", "…")


def test_list_shows_what_is_slow(slow: Slowness) -> None:
    assert said("list") == (
        "slow  since 2026-11-10  own_fleet to BR Bahia: 70% of 60 parcels late, usually 10%;"
        " 3 merchants; +3 days would keep dates\n"
    )
    assert json.loads(said("--json"))["slow"][0]["region"] == "ba"


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("add", "--days", "3"), "Say --days, --from and --to."),
        ((*ADD, "--days", "0"), "--days is a number from 1 to 30."),
        ((*ADD, "--to", "2027-01-01"), "It ends before it begins."),
        ((*ADD, "--carrier", "pigeon"), "There is no carrier 'pigeon'; see manage.py carriers."),
        ((*ADD, "--country", ""), "A region needs its --country."),
        ((*ADD, "--country", "br"), "There is no country 'br': two capital letters, as in AE."),
        (("end",), "There is no such disruption; see manage.py disruption list."),
    ],
)
def test_command_says_what_cannot_be(db: None, words: tuple[str, ...], problem: str) -> None:
    with pytest.raises(CommandError) as error:
        said(*words)
    assert str(error.value) == problem
