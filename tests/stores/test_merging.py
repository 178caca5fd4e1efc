"""Merging: in any order and any number of times, the same order comes out."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from merchants.models import Merchant
from stores.ingest import Refused, Saved, save_order, save_orders
from stores.saying import COLUMNS, LINE
from stores.vocabulary import (
    Address,
    Consent,
    FulfilmentUpdate,
    Item,
    OrderUpdate,
    Origin,
    Person,
    Refund,
    TimeWish,
)
from tests.factories import NOW
from tracking.models import (
    Change,
    Order,
    OrderItem,
    Outbox,
    Recipient,
    Shipment,
    ShipmentItem,
    Watch,
)
from tracking.models import Consent as ConsentRow
from tracking.models import Refund as RefundRow

BEGIN = NOW - timedelta(hours=20)

# --- updates of one shop about one order, each of another moment -------------------------------

_texts = st.sampled_from(["", "", "A", "B"])
_people = st.builds(
    Person,
    name=st.sampled_from(["", "Sara", "Sara B"]),
    email=st.sampled_from(["", "sara@shopper.example"]),
    phone=st.sampled_from(["", "+971501234567", "٠٥٠٧٦٥٤٣٢١"]),
    language=st.sampled_from(["", "ar", "en"]),
)
_addresses = st.none() | st.builds(
    Address,
    country=st.sampled_from(["AE", "SA"]),
    name=st.sampled_from(["", "Omar", "Sara"]),
    line1=st.sampled_from(["Street 4", "Corniche 9"]),
    city=st.sampled_from(["Dubai", "Riyadh"]),
    landmark=_texts,
    postcode=_texts,
    district=_texts,
    phone=st.sampled_from(["", "0501"]),
    pin=st.sampled_from([None, (25.1, 55.2), (25.2, 55.3)]),
)
_items = st.lists(
    st.builds(
        Item,
        title=st.sampled_from(["Lamp", "Shade"]),
        quantity=st.integers(0, 3),
        external_id=st.sampled_from(["l1", "l2"]),
        sku=_texts,
        price=st.sampled_from([None, Decimal(60), Decimal("59.5")]),
        url=st.sampled_from(["", "https://noor.example/lamp"]),
    ),
    max_size=2,
    unique_by=lambda item: item.external_id,
)
_contents = st.dictionaries(
    st.sampled_from(["l1", "l2"]), st.integers(1, 3), min_size=1, max_size=2
)


@st.composite
def _fulfilments(draw: Any) -> tuple[FulfilmentUpdate, ...]:
    """Each number has its carrier; each fulfilment one or two numbers, and says what is inside."""
    found: list[FulfilmentUpdate] = []
    for name in draw(st.sets(st.sampled_from(["f1", "f2"]))):
        numbers = draw(st.sets(st.sampled_from([f"{name}000{n}" for n in range(3)]), min_size=1,
                               max_size=2))  # fmt: skip
        withdrawn = draw(st.integers(0, 4)) == 0
        found += [
            FulfilmentUpdate(number, "aramex", external_id=name, withdrawn=withdrawn,
                             contents=tuple(draw(_contents).items()))
            for number in sorted(numbers)
        ]  # fmt: skip
    return tuple(found)


@st.composite
def _updates(draw: Any, least: int = 2, most: int = 4) -> list[OrderUpdate]:
    hours = draw(st.lists(st.integers(1, 15), min_size=least, max_size=most, unique=True))
    return [_one(draw, BEGIN + timedelta(hours=hour)) for hour in hours]


def _one(draw: Any, at: datetime | None) -> OrderUpdate:
    return OrderUpdate(
        external_id="77",
        number=draw(st.sampled_from(["", "#77", "#77-b"])),
        placed_at=draw(st.sampled_from([None, BEGIN])),
        customer=draw(_people),
        destination=draw(_addresses),
        items=tuple(draw(_items)),
        parcels=draw(_fulfilments()),
        total=draw(st.sampled_from([None, Decimal(99), Decimal("149.5")])),
        payment_method=draw(_texts),
        ship_from=draw(st.sampled_from([None, Origin("Al Quoz", country="AE")])),
        shop_status=draw(st.sampled_from(["", "open", "picked"])),
        tags=draw(st.sampled_from([(), ("vip",)])),
        wish=draw(st.sampled_from([None, TimeWish(note="after six")])),
        consents=tuple(
            Consent("sms", "marketing", given, "shop")
            for given in draw(st.sampled_from([(), (True,), (False,)]))
        ),
        refunds=tuple(
            Refund("r1", amount) for amount in draw(st.sampled_from([(), (Decimal(5),)]))
        ),
        is_gift=draw(st.booleans()),
        updated_at=at,
        partial=draw(st.integers(0, 3)) == 0,
    )


# --- what comes out ---------------------------------------------------------------------------


def standing(source: str = "shopify:1") -> dict[str, Any]:
    """Everything of the orders but ids, places in lists, and what we did when."""
    found: dict[str, Any] = {}
    for order in Order.objects.filter(source=source).order_by("external_id"):
        mine = Shipment.objects.filter(order=order).exclude(status="cancelled")
        found[order.external_id] = {
            **{name: getattr(order, name) for name in (*COLUMNS, "status")},
            "lines": sorted(
                tuple(str(getattr(line, name)) for name in LINE)
                for line in OrderItem.objects.filter(order=order)
            ),
            "people": sorted(
                Recipient.objects.filter(order=order)
                .exclude(role="receiver", name="", phone="")
                .values_list("role", "name", "email", "phone", "language")
            ),
            "parcels": sorted(
                mine.values_list("number_key", "carrier", "external_id", "status", "edd_last")
            ),
            "contents": sorted(
                ShipmentItem.objects.filter(shipment__in=mine).values_list(
                    "shipment__number_key", "item__external_id", "quantity"
                )
            ),
            "refunds": sorted(
                RefundRow.objects.filter(order=order).values_list("external_id", "amount")
            ),
            "consents": sorted(
                ConsentRow.objects.filter(order=order).values_list("channel", "given", "at")
            ),
        }
    return found


class _Undo(Exception):
    pass


def outcome(merchant: Merchant, updates: list[OrderUpdate]) -> dict[str, Any]:
    """What these updates come to, one after the other; nothing stays."""
    found: dict[str, Any] = {}
    try:
        with transaction.atomic():
            for said in updates:
                save_order(merchant=merchant, source="shopify:1", update=said, now=NOW)
            found = standing()
            raise _Undo
    except _Undo:
        return found


_quick = settings(
    max_examples=20,
    # Shrinking against a database takes minutes; the difference says what broke.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@_quick
@given(data=st.data())
def test_any_order_and_duplication_gives_the_same(scope: Merchant, data: st.DataObject) -> None:
    updates = data.draw(_updates())
    in_order = sorted(updates, key=lambda said: str(said.updated_at))
    shuffled = data.draw(st.permutations(updates))
    again = shuffled + data.draw(st.lists(st.sampled_from(updates), max_size=3))
    found = _differences(outcome(scope, again), outcome(scope, in_order))
    assert not found, found


def _differences(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """What differs, so that a failure can be read."""
    flat = [
        {(pk, part): value for pk, parts in one.items() for part, value in parts.items()}
        for one in (first, second)
    ]
    return {
        name: (flat[0].get(name), flat[1].get(name))
        for name in flat[0].keys() | flat[1].keys()
        if flat[0].get(name) != flat[1].get(name)
    }


@_quick
@given(data=st.data())
def test_many_at_once_come_to_the_same_as_one_by_one(scope: Merchant, data: st.DataObject) -> None:
    updates = [
        replace(said, external_id=data.draw(st.sampled_from(["1", "2", "3"])))
        for said in data.draw(_updates(4, 9))
    ]
    outcomes = []
    for together in (True, False):
        try:
            with transaction.atomic():
                if together:
                    save_orders(merchant=scope, source="shopify:1", updates=updates, now=NOW)
                else:
                    for said in updates:
                        save_order(merchant=scope, source="shopify:1", update=said, now=NOW)
                outcomes.append(standing() | {"changes": _changes()})
                raise _Undo
        except _Undo:
            pass
    found = _differences(*outcomes)
    assert not found, found


def _changes() -> dict[str, Any]:
    """What was written into the outbox, by order."""
    rows = Change.objects.filter(shipment=None).order_by("order__external_id", "key")
    told = Outbox.objects.count()
    return {
        "all": list(rows.values_list("order__external_id", "key", "at", "announce")),
        "turns": told,
    }


# --- rules, one by one ------------------------------------------------------------------------


def said(**fields: Any) -> OrderUpdate:
    return OrderUpdate(**({"external_id": "77", "number": "#77", "placed_at": BEGIN} | fields))


def save(merchant: Merchant, update: OrderUpdate, *, now: datetime = NOW) -> Saved:
    return save_order(merchant=merchant, source="shopify:1", update=update, now=now)


def parcels() -> list[tuple[str, str]]:
    return list(Shipment.objects.order_by("pk").values_list("tracking_number", "status"))


def test_corrected_number_is_the_same_parcel(scope: Merchant) -> None:
    save(scope, said(parcels=(FulfilmentUpdate("11122233344", "aramex", external_id="f"),)))
    before = Shipment.objects.get()
    Watch.objects.update(result="not_found", next_ask_at=None, failures=3)
    save(scope, said(parcels=(FulfilmentUpdate("55566677788", "aramex", external_id="f"),)))
    after = Shipment.objects.get()
    assert (after.pk, after.tracking_number) == (before.pk, "55566677788")
    watch = Watch.objects.get()
    assert (watch.result, watch.failures, watch.next_ask_at) == ("", 0, NOW)


def test_number_that_somebody_scanned_stays_beside_the_new_one(scope: Merchant) -> None:
    save(scope, said(parcels=(FulfilmentUpdate("11122233344", "aramex", external_id="f"),)))
    Shipment.objects.update(last_event_at=NOW)
    save(scope, said(parcels=(FulfilmentUpdate("55566677788", "aramex", external_id="f"),)))
    assert parcels() == [("11122233344", "pending"), ("55566677788", "pending")]


def test_fulfilment_with_two_numbers_keeps_both(scope: Merchant) -> None:
    one = FulfilmentUpdate("11122233344", "aramex", external_id="f")
    two = FulfilmentUpdate("55566677788", "aramex", external_id="f")
    save(scope, said(parcels=(one, two)))
    save(scope, said(parcels=(one, two)))
    assert [number for number, _ in parcels()] == ["11122233344", "55566677788"]


def test_withdrawn_parcel_ends_and_goes_on_when_it_is_shipped_again(scope: Merchant) -> None:
    parcel = FulfilmentUpdate("11122233344", "aramex", external_id="f")
    save(scope, said(parcels=(parcel,)))
    order = save(scope, said(parcels=(replace(parcel, withdrawn=True),))).order
    assert (parcels(), order.status) == ([("11122233344", "cancelled")], "pending")
    assert Watch.objects.get().next_ask_at is None
    save(scope, said(parcels=(parcel,)))
    assert parcels() == [("11122233344", "pending")]
    assert Watch.objects.get().next_ask_at == NOW


def test_contents_may_be_told_before_their_line(scope: Merchant) -> None:
    parcel = FulfilmentUpdate("11122233344", "aramex", contents=(("l1", 2),))
    save(scope, said(parcels=(parcel,), partial=True))
    assert ShipmentItem.objects.count() == 0
    save(scope, said(items=(Item("Lamp", 2, "l1"),)))
    assert ShipmentItem.objects.get().quantity == 2


def test_newest_contents_replace_even_with_lines_that_are_not_known_yet(scope: Merchant) -> None:
    parcel = FulfilmentUpdate("11122233344", "aramex", contents=(("l1", 1),))
    save(scope, said(items=(Item("Lamp", 2, "l1"),), parcels=(parcel,)))
    save(scope, said(parcels=(replace(parcel, contents=(("l2", 1),)),)))
    assert ShipmentItem.objects.count() == 0


def test_lines_of_one_name_without_ids_stay_two(scope: Merchant) -> None:
    twice = said(items=(Item("Lamp", 1), Item("Lamp", 2)))
    save(scope, twice)
    save(scope, twice)
    assert list(OrderItem.objects.values_list("title", "quantity")) == [("Lamp", 1), ("Lamp", 2)]


def test_what_says_nothing_new_changes_nothing(scope: Merchant) -> None:
    full = said(
        customer=Person("Sara", "sara@shopper.example", "٠٥٠١٢٣٤٥٦٧"),
        destination=Address("AE", name="Omar", line1="Street 4", city="Dubai", phone="0501"),
        items=(Item("Lamp", 2, "l1", price=Decimal("60.1234")),),
        parcels=(FulfilmentUpdate("11122233344", "aramex", contents=(("l1", 2),)),),
        refunds=(Refund("r1", Decimal("5.5")),),
        consents=(Consent("sms", "tracking", True, "shop"),),
        updated_at=BEGIN,
    )
    first = save(scope, full)
    before = Order.objects.get().updated_at
    again = save(scope, full, now=NOW + timedelta(hours=1))
    assert (first.changed, again.changed) == (True, False)
    assert Order.objects.get().updated_at == before
    assert Order.objects.get().customer_phone == "0501234567"


def test_consent_follows_the_newest_word(scope: Merchant) -> None:
    for hours, given_it in ((2, True), (3, False), (1, True)):
        at = BEGIN + timedelta(hours=hours)
        save(scope, said(consents=(Consent("sms", "marketing", given_it, "shop", at),)))
    row = ConsentRow.objects.get()
    assert (row.given, row.at) == (False, BEGIN + timedelta(hours=3))


def test_language_comes_from_order_then_buyer_then_country(scope: Merchant) -> None:
    where = Address("DE")
    for number, fields in enumerate(({"language": "fr"}, {"customer": Person(language="ar")}, {})):
        save(scope, said(external_id=str(number), destination=where, **fields))
    assert list(Recipient.objects.order_by("pk").values_list("language", flat=True)) == [
        "fr", "ar", "de",
    ]  # fmt: skip


def test_receiver_is_kept_apart_and_leaves_when_it_is_the_buyer_again(scope: Merchant) -> None:
    home = Address("AE", name="Omar", line1="Street 4", city="Dubai", phone="0501")
    save(scope, said(customer=Person("Sara", phone="+971501234567"), destination=home))
    rows = Recipient.objects.order_by("pk").values_list("role", "name", "phone")
    assert list(rows.all()) == [("buyer", "Sara", "+971501234567"), ("receiver", "Omar", "0501")]
    save(scope, said(destination=replace(home, name="SARA", phone="050 123 4567")))
    assert list(rows.all())[1] == ("receiver", "", "")


def test_one_bad_order_loses_none_of_the_others(scope: Merchant) -> None:
    updates = [said(external_id=str(n), number=f"#{n}") for n in range(7)]
    updates[3] = replace(updates[3], customer=Person("Sa\0ra"))
    found = save_orders(merchant=scope, source="csv", updates=updates, now=NOW)
    assert [isinstance(one, Refused) for one in found] == [n == 3 for n in range(7)]
    assert Order.objects.count() == 6


def test_new_orders_take_a_handful_of_statements(
    scope: Merchant, django_assert_max_num_queries: Any
) -> None:
    updates = [
        said(
            external_id=str(n), items=(Item("Lamp", 1, "l1"),),
            parcels=(FulfilmentUpdate(f"1112223{n:04}", "aramex", contents=(("l1", 1),)),),
        )
        for n in range(300)
    ]  # fmt: skip
    with django_assert_max_num_queries(26):
        save_orders(merchant=scope, source="csv", updates=updates, now=NOW)
    with django_assert_max_num_queries(14):
        save_orders(merchant=scope, source="csv", updates=updates, now=NOW)
    assert (Order.objects.count(), Shipment.objects.count()) == (300, 300)
