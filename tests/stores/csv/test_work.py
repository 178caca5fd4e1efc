"""An import from upload to result: counted, resumed, refused, repeated."""

from __future__ import annotations

from datetime import timedelta

import pytest

from merchants.models import Merchant
from merchants.scope import merchant_scope
from stores.csv import saving
from stores.csv.drafts import NotReady, start
from stores.csv.holding import LEASE
from stores.csv.uploads import TooLarge, keep
from stores.csv.work import _next_size, again, forget, work
from stores.ingest import save_order
from stores.models import ImportPiece, ImportRow, OrderImport
from stores.vocabulary import Item, OrderUpdate, Person
from tests.factories import NOW
from tests.stores.csv.files import (
    BAD,
    OMAR,
    SARA,
    SARA_TOO,
    counts,
    csv_of,
    draft,
    fresh,
    run,
)
from tracking.models import Change, Order, OrderItem, Shipment


def test_file_becomes_orders_with_lines_and_parcels(merchant: Merchant) -> None:
    job = run(merchant, csv_of(SARA, OMAR, SARA_TOO))
    assert (job.state, counts(job)) == ("done", (2, 0, 0, 0))
    assert (job.rows, job.rows_read, job.rows_done) == (3, 3, 3)
    with merchant_scope(merchant.pk):
        sara = Order.objects.get(number="1001")
        assert (sara.source, sara.external_id, sara.city) == ("csv", "1001", "Dubai")
        assert OrderItem.objects.filter(order=sara).count() == 2
        assert list(
            Shipment.objects.filter(order=sara).order_by("pk").values_list("carrier", flat=True)
        ) == ["aramex", "smsa"]


def test_history_is_not_announced(merchant: Merchant) -> None:
    run(merchant, csv_of(SARA, OMAR))
    run(merchant, b"Order,Email\n5001,a@b.example\n")
    with merchant_scope(merchant.pk):
        assert Change.objects.exists()
        assert not Change.objects.filter(announce=True).exists()


def test_good_rows_go_in_and_bad_ones_stay_with_their_reasons(merchant: Merchant) -> None:
    job = run(merchant, csv_of(SARA, BAD, OMAR))
    assert counts(job) == (2, 0, 0, 1)
    with merchant_scope(merchant.pk):
        (row,) = ImportRow.objects.filter(job=job)
        assert (row.number, row.cells) == (3, BAD.split(","))
        assert [one["code"] for one in row.problems] == ["email", "country", "quantity"]
        assert not ImportPiece.objects.exists()


def test_order_with_one_wrong_row_stays_out_as_a_whole(merchant: Merchant) -> None:
    wrong = SARA_TOO.replace("290000123456", "2.9E+11")
    job = run(merchant, csv_of(SARA, OMAR, wrong))
    assert counts(job) == (1, 0, 0, 2)
    with merchant_scope(merchant.pk):
        rows = ImportRow.objects.filter(job=job).order_by("number")
        first = [(row.number, row.problems[0]) for row in rows]
        assert [(number, problem["code"], problem["detail"]) for number, problem in first] == [
            (2, "same_order", "4"),
            (4, "shortened", ""),
        ]


def test_same_file_twice_changes_nothing(merchant: Merchant) -> None:
    run(merchant, csv_of(SARA, OMAR, SARA_TOO))
    with merchant_scope(merchant.pk):
        before = list(Order.objects.order_by("pk").values())
    job = run(merchant, csv_of(SARA, OMAR, SARA_TOO), now=NOW + timedelta(days=1))
    assert counts(job) == (0, 0, 2, 0)
    with merchant_scope(merchant.pk):
        assert list(Order.objects.order_by("pk").values()) == before


def test_same_rows_in_another_file_change_nothing(merchant: Merchant) -> None:
    run(merchant, b"Order,City,Email\n1,Dubai,a@b.example\n")
    job = run(merchant, b"Email;Order;City\na@b.example;1;Dubai\n")
    assert counts(job) == (0, 0, 1, 0)


def test_said_with_less_is_unchanged_and_with_more_is_merged(merchant: Merchant) -> None:
    run(merchant, csv_of(SARA, OMAR))
    less = run(merchant, b"Order,City\n1001,Dubai\n")
    more = run(merchant, b"Order,Tracking\n1002,290000999999\n")
    assert (counts(less), counts(more)) == ((0, 0, 1, 0), (0, 1, 0, 0))
    with merchant_scope(merchant.pk):
        assert Shipment.objects.filter(order__number="1002").count() == 2


def test_what_is_only_assumed_overwrites_nothing(merchant: Merchant) -> None:
    run(merchant, csv_of(OMAR))
    job = run(merchant, b"Order,Address,City\n1002,King Road 4,Jeddah\n", currency="USD")
    assert counts(job) == (0, 1, 0, 0)
    with merchant_scope(merchant.pk):
        order = Order.objects.get()
        assert (order.line1, order.country, order.currency) == ("King Road 4", "SA", "AED")
        assert str(order.placed_at)[:10] == "2026-11-01"


def test_order_of_a_connected_shop_is_filled_in_not_made_twice(merchant: Merchant) -> None:
    update = OrderUpdate(
        external_id="77", number="#1001", placed_at=NOW - timedelta(days=9),
        customer=Person("Sara", "sara@shopper.example"), items=(Item("Lamp", 1, "l1"),),
    )  # fmt: skip
    with merchant_scope(merchant.pk):
        save_order(merchant=merchant, source="shopify:1", update=update, now=NOW)
    job = run(merchant, csv_of(SARA))
    assert counts(job) == (0, 1, 0, 0)
    with merchant_scope(merchant.pk):
        order = Order.objects.get()
        assert (order.source, order.customer_name, order.city) == ("shopify:1", "Sara", "Dubai")
        assert [line.title for line in OrderItem.objects.all()] == ["Lamp"]
        assert Shipment.objects.get().tracking_number == "3456789012"


def test_other_shops_same_number_of_another_buyer_stays_apart(merchant: Merchant) -> None:
    update = OrderUpdate(external_id="77", number="1001", customer=Person("Z", "z@shopper.example"))
    with merchant_scope(merchant.pk):
        save_order(merchant=merchant, source="shopify:1", update=update, now=NOW)
    assert counts(run(merchant, csv_of(SARA))) == (1, 0, 0, 0)


def test_two_files_with_shops_of_their_own_may_share_numbers(merchant: Merchant) -> None:
    run(merchant, csv_of(SARA), source_name="Flipkart")
    job = run(merchant, csv_of(SARA), source_name="Shopee")
    assert counts(job) == (1, 0, 0, 0)
    with merchant_scope(merchant.pk):
        assert set(Order.objects.values_list("source", flat=True)) == {"csv:Flipkart", "csv:Shopee"}


def test_killed_worker_loses_a_batch_and_another_goes_on(
    merchant: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stores.csv.work.FIRST", 2)
    rows = [OMAR.replace("1002", str(2000 + n)).replace("290000123457", "") for n in range(6)]
    job = draft(merchant, csv_of(*rows))
    with merchant_scope(merchant.pk):
        start(job, now=NOW)
    calls = []
    save = saving.hand_over

    def killed(**options: object) -> object:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return save(**options)  # type: ignore[arg-type]

    monkeypatch.setattr(saving, "hand_over", killed)
    with pytest.raises(KeyboardInterrupt):
        work(job.pk, now=NOW)
    stopped = fresh(job)
    assert (stopped.state, stopped.orders_new, stopped.rows_done) == ("saving", 1, 1)
    assert work(job.pk, now=NOW) is False  # the claim is still the other's
    work(job.pk, now=NOW + LEASE + timedelta(seconds=30))
    ended = fresh(job)
    assert (ended.state, counts(ended), ended.rows_done) == ("done", (6, 0, 0, 0), 6)


def test_worker_that_was_taken_over_writes_nothing(
    merchant: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = draft(merchant, csv_of(OMAR))
    with merchant_scope(merchant.pk):
        start(job, now=NOW)
    save = saving.hand_over

    def slow(**options: object) -> object:
        OrderImport.objects.filter(pk=job.pk).update(claim=99)
        return save(**options)  # type: ignore[arg-type]

    monkeypatch.setattr(saving, "hand_over", slow)
    assert work(job.pk, now=NOW) is False
    with merchant_scope(merchant.pk):
        assert not Order.objects.exists()


def test_turn_ends_and_the_next_goes_on(
    merchant: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stores.csv.work.FIRST", 2)
    job = draft(merchant, csv_of(OMAR, SARA, SARA_TOO))
    with merchant_scope(merchant.pk):
        start(job, now=NOW)
    assert work(job.pk, now=NOW, turn=0) is True
    later = NOW + timedelta(seconds=1)
    while work(job.pk, now=later, turn=0):
        later += timedelta(seconds=1)
    assert (fresh(job).state, counts(fresh(job))) == ("done", (2, 0, 0, 0))


def test_import_that_never_gets_on_fails_and_can_be_tried_again(
    merchant: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = draft(merchant, csv_of(OMAR))
    with merchant_scope(merchant.pk):
        start(job, now=NOW)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(saving, "hand_over", broken)
    for attempt in range(7):
        try:
            work(job.pk, now=NOW + attempt * timedelta(minutes=5))
        except RuntimeError:
            continue
    assert (fresh(job).state, fresh(job).problem, fresh(job).due_at) == ("failed", "failed", None)
    monkeypatch.undo()
    with merchant_scope(merchant.pk):
        again(job, now=NOW)
    work(job.pk, now=NOW)
    assert (fresh(job).state, counts(fresh(job))) == ("done", (1, 0, 0, 0))


def test_batches_grow_and_shrink_with_the_time_they_take() -> None:
    sizes = [_next_size(100, took=took) for took in (0.0, 2.0, 4.0, 8.0, 600.0)]
    assert sizes == [400, 200, 100, 50, 25]
    assert _next_size(1_900, took=0.1) == 2_000


@pytest.mark.parametrize(
    ("body", "choices", "code"),
    [
        (b"Order,Date\n1,03/04/2026\n", {}, "day_or_month"),
        (b"City,Odd\nDubai,1\n", {"columns": {0: "city"}}, "no_identity"),
    ],
)
def test_what_is_open_must_be_answered_first(
    merchant: Merchant, body: bytes, choices: dict, code: str
) -> None:
    job = draft(merchant, body, **choices)
    with merchant_scope(merchant.pk), pytest.raises(NotReady) as caught:
        start(job, now=NOW)
    assert caught.value.code == code


def test_upload_is_kept_in_pieces_and_too_much_is_refused(
    merchant: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stores.csv.uploads.PIECE", 10)
    monkeypatch.setattr("stores.csv.uploads.MOST", 40)
    with merchant_scope(merchant.pk):
        job = keep(merchant=merchant, user=None, file_name="C:\\x\\a.csv", chunks=[b"x" * 25])
        assert (job.file_name, job.size) == ("a.csv", 25)
        assert ImportPiece.objects.filter(job=job).count() == 3
        with pytest.raises(TooLarge):
            keep(merchant=merchant, user=None, file_name="b.csv", chunks=[b"x" * 41])


def test_old_drafts_and_refused_rows_are_forgotten(merchant: Merchant) -> None:
    job = run(merchant, csv_of(BAD))
    left = draft(merchant, csv_of(OMAR))
    with merchant_scope(merchant.pk):
        OrderImport.objects.filter(pk=left.pk).update(created_at=NOW)
    forget(now=NOW + timedelta(days=91))
    with merchant_scope(merchant.pk):
        assert list(OrderImport.objects.values_list("pk", flat=True)) == [job.pk]
        assert not ImportRow.objects.exists()
