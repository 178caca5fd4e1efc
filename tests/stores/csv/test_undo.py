"""Undo removes what the import made and nobody touched since; the rest stays."""

from __future__ import annotations

from datetime import timedelta

from carriers.updates import CarrierEvent, TrackingUpdate
from merchants.models import Merchant
from merchants.scope import merchant_scope
from stores.csv.undo import Reach, reach, request_undo, still_there
from stores.csv.work import work
from stores.ingest import save_order
from stores.models import OrderImport
from stores.vocabulary import OrderUpdate, Person
from tests.factories import NOW
from tests.stores.csv.files import OMAR, SARA, SARA_TOO, counts, csv_of, fresh, run
from tracking.ingest import Heard, ingest
from tracking.models import Link, Order, Shipment, ShownDate
from tracking.shown import Where, Who, note_shown, seen


def undo(merchant: Merchant, job: OrderImport) -> OrderImport:
    with merchant_scope(merchant.pk):
        assert request_undo(job, now=NOW)
    while work(job.pk, now=NOW):
        pass
    return fresh(job)


def test_untouched_orders_go_with_their_links(merchant: Merchant) -> None:
    job = run(merchant, csv_of(SARA, OMAR, SARA_TOO))
    with merchant_scope(merchant.pk):
        assert reach(job) == Reach(removed=2, kept=0)
    undone = undo(merchant, job)
    assert (undone.state, undone.orders_removed, undone.orders_kept) == ("undone", 2, 0)
    with merchant_scope(merchant.pk):
        assert not Order.objects.exists()
        assert not Link.objects.filter(merchant_id=merchant.pk).exists()


def test_order_whose_date_was_looked_at_goes_with_the_look(merchant: Merchant) -> None:
    job = run(merchant, csv_of(SARA))
    with merchant_scope(merchant.pk):
        looks = seen(Shipment.objects.all(), where=Where.DASHBOARD, who=Who.AGENT)
        note_shown(looks, merchant_id=merchant.pk, now=NOW)
        assert ShownDate.objects.count() == 1
    assert undo(merchant, job).orders_removed == 1
    with merchant_scope(merchant.pk):
        assert not ShownDate.objects.exists()


def test_order_with_a_scan_stays(merchant: Merchant) -> None:
    job = run(merchant, csv_of(SARA, OMAR))
    with merchant_scope(merchant.pk):
        parcel = Shipment.objects.get(order__number="1002")
        event = CarrierEvent(code="PU", sub_status="picked_up.accepted", at=NOW)
        said = TrackingUpdate(parcel.tracking_number, (event,))
        ingest(heard=[Heard(parcel.pk, said)], source="poll", now=NOW)
        assert reach(job) == Reach(removed=1, kept=1)
    undone = undo(merchant, job)
    assert (undone.orders_removed, undone.orders_kept) == (1, 1)
    with merchant_scope(merchant.pk):
        assert [one.order.number for one in still_there(undone)] == ["1002"]


def test_order_that_somebody_changed_stays(merchant: Merchant) -> None:
    job = run(merchant, csv_of(SARA, OMAR))
    with merchant_scope(merchant.pk):
        Order.objects.filter(number="1001").update(line1="Another street 5")
    assert undo(merchant, job).orders_kept == 1


def test_order_that_another_file_added_to_stays_until_that_is_undone(merchant: Merchant) -> None:
    job = run(merchant, csv_of(OMAR))
    later = run(merchant, b"Order,Tracking\n1002,290000999999\n")
    with merchant_scope(merchant.pk):
        assert reach(job) == Reach(removed=0, kept=1)
        assert reach(later) == Reach(removed=0, kept=1)


def test_merged_order_stays_and_is_named(merchant: Merchant) -> None:
    update = OrderUpdate("77", "1001", customer=Person("Sara", "sara@shopper.example"),
                         placed_at=NOW - timedelta(days=3))  # fmt: skip
    with merchant_scope(merchant.pk):
        save_order(merchant=merchant, source="shopify:1", update=update, now=NOW)
    job = run(merchant, csv_of(SARA, OMAR))
    undone = undo(merchant, job)
    assert (undone.orders_removed, undone.orders_kept) == (1, 1)
    with merchant_scope(merchant.pk):
        assert [one.order.number for one in still_there(undone)] == ["1001"]


def test_undone_file_can_be_imported_again(merchant: Merchant) -> None:
    undo(merchant, run(merchant, csv_of(SARA, OMAR)))
    assert counts(run(merchant, csv_of(SARA, OMAR))) == (2, 0, 0, 0)


def test_undo_twice_is_one(merchant: Merchant) -> None:
    job = run(merchant, csv_of(SARA))
    undo(merchant, job)
    with merchant_scope(merchant.pk):
        assert request_undo(fresh(job), now=NOW) is False
