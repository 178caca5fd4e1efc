"""Fragment search: what finds an order, and what never does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction

from helpdesk.search import find_orders, fragments
from merchants.models import Merchant
from merchants.scope import every_merchant, merchant_scope
from tests import factories
from tests.factories import NOW
from tracking.models import Order


def _sara(merchant: Merchant, **fields: object) -> Order:
    return factories.order(merchant, number="#1042", **fields)


def _raw(*parts: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT search_orders(%s, 20)", [list(parts)])
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.parametrize(
    "query",
    [
        "1042", "#1042", "104", "١٠٤٢", "sara@shop", "SHOPPER.example", "mansoori", "Sara Al",
        "al sara", "123 4567", "050 123 4567", "00971501234567", "+971 50 123", "dubai 1042",
    ],
)  # fmt: skip
def test_order_is_found_by_any_part(scope: Merchant, query: str) -> None:
    wanted = _sara(scope)
    factories.order(
        scope,
        number="#7777",
        customer_name="Omar Haddad",
        customer_email="omar@elsewhere.example",
        customer_phone="+962 79 555 0000",
        city="Amman",
    )
    assert find_orders(query) == [wanted.pk]


def test_arabic_letter_forms_do_not_matter(scope: Merchant) -> None:
    wanted = _sara(scope, customer_name="أحمد العليّ")
    assert find_orders("احمد العلي") == [wanted.pk]


@pytest.mark.parametrize("query", ["mansori", "sarra", "Sara Mansouri"])
def test_misspelt_name_finds_the_like(scope: Merchant, query: str) -> None:
    wanted = _sara(scope)
    factories.order(scope, number="#7777", customer_name="Omar Haddad", customer_email="", city="")
    assert find_orders(query) == [wanted.pk]


def test_wrong_digit_finds_nothing(scope: Merchant) -> None:
    _sara(scope)
    assert find_orders("1043") == []


def test_tracking_number_is_found_whole_and_in_part(scope: Merchant) -> None:
    parcel = factories.shipment(scope, tracking_number="1Z 999 AA1 0123456784")
    factories.shipment(scope, tracking_number="JD0002000300040")
    assert find_orders("1z999aa10123456784") == [parcel.order_id]
    assert find_orders("1Z 999 AA1") == [parcel.order_id]


def test_whole_number_comes_first_then_the_newest(scope: Merchant) -> None:
    exact = _sara(scope, placed_at=NOW - timedelta(days=9))
    older = factories.order(scope, number="#10421", placed_at=NOW - timedelta(days=5))
    newer = factories.order(scope, number="#10422", placed_at=NOW - timedelta(days=1))
    assert find_orders("1042") == [exact.pk, newer.pk, older.pk]
    assert find_orders("1042", limit=2) == [exact.pk, newer.pk]


@pytest.mark.parametrize("query", ["", "  ", "a", "%%%", "___", "\\\\\\", "' OR 1=1 --"])
def test_signs_find_nothing(scope: Merchant, query: str) -> None:
    _sara(scope)
    assert find_orders(query) == []


def test_underscore_is_an_ordinary_sign(scope: Merchant) -> None:
    wanted = _sara(scope, customer_email="sara_m@shopper.example")
    factories.order(scope, number="#7777", customer_email="sara.m@shopper.example")
    assert find_orders("sara_m@") == [wanted.pk]


def test_short_number_is_found_whole(scope: Merchant) -> None:
    wanted = factories.order(scope, number="#7")
    factories.order(scope, number="#77")
    assert find_orders("7") == [wanted.pk]


def test_short_words_that_nothing_contains_find_nothing(scope: Merchant) -> None:
    _sara(scope)
    assert (_raw("xq", "zq"), _raw(), _raw("")) == ([], [], [])


def test_changed_order_is_found_by_its_new_words_only(scope: Merchant) -> None:
    order = _sara(scope)
    Order.objects.filter(pk=order.pk).update(search_text="layla")
    assert (find_orders("layla"), find_orders("mansoori")) == ([order.pk], [])


def test_deleted_order_is_no_longer_found(scope: Merchant) -> None:
    order = _sara(scope)
    Order.objects.filter(pk=order.pk).delete()
    assert _raw("mansoori") == []


def test_other_merchants_orders_are_never_found(merchant: Merchant, other: Merchant) -> None:
    with merchant_scope(other.pk):
        theirs = _sara(other)
        assert _raw("mansoori") == [theirs.pk]
    with merchant_scope(merchant.pk):
        assert (find_orders("1042"), find_orders("mansori")) == ([], [])
        assert (_raw("mansoori"), _raw("mansori"), _raw("1042")) == ([], [], [])


def test_search_without_scope_is_refused(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        _sara(merchant)
    with pytest.raises(ProgrammingError, match="needs a merchant in scope"), transaction.atomic():
        _raw("mansoori")
    with (
        pytest.raises(ProgrammingError, match="needs a merchant in scope"),
        every_merchant("test: seeing every merchant's rows is not a merchant's scope"),
        transaction.atomic(),
    ):
        _raw("mansoori")


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM tracking_order_search",
        "DELETE FROM tracking_order_search",
        "INSERT INTO tracking_order_search VALUES (1, 1, now(), 'x')",
        "UPDATE tracking_order_search SET merchant_id = 1",
    ],
)
def test_application_may_not_touch_the_searched_table(scope: Merchant, statement: str) -> None:
    _sara(scope)
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_fragments_keep_what_narrows() -> None:
    assert fragments("Sara AL-mansoori") == ["sara", "al-mansoori"]
    assert fragments("(050) 123-4567") == ["501234567"]
    assert fragments("al ma") == ["al ma"]
    assert fragments("ab") == []
