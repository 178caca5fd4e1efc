"""Goods come from orders and lists; what people said stays; what goes together is counted."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from merchants.models import Merchant
from merchants.scope import every_merchant, merchant_scope
from selling.catalogue import Listed, collect, keys_of, pair, put, to_pair, together
from selling.models import Product
from selling.tasks import collect_products, pair_products
from tests import factories
from tests.factories import NOW
from tracking.models import OrderItem


def buy(merchant: Merchant, *titles: str, sku: str = "", **fields: object) -> None:
    order = factories.order(merchant)
    order.items.all().delete()
    for title in titles:
        OrderItem.objects.create(merchant=merchant, order=order, title=title, sku=sku, **fields)


def collected() -> int:
    with every_merchant("a test"):
        return collect(now=NOW)


def test_orders_name_goods(merchant: Merchant, other: Merchant) -> None:
    with merchant_scope(merchant.pk):
        buy(merchant, "Oud candle", sku="OC-1", price=Decimal("95"), url="https://noor.example/oud")
        buy(merchant, "OUD  candle")
    with merchant_scope(other.pk):
        buy(other, "Rug")
    assert collected() == 3
    assert collected() == 0
    with merchant_scope(merchant.pk):
        rows = Product.objects.order_by("key").values_list("key", "price", "currency")
        assert list(rows) == [
            ("s:oc-1", Decimal("95.000"), "AED"),
            ("t:oud candle", None, "AED"),
        ]
    with merchant_scope(other.pk):
        assert [one.title for one in Product.objects.all()] == ["Rug"]


def test_newer_order_says_more_but_nothing_less(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        buy(merchant, "Lamp", sku="L", image_url="https://noor.example/l.jpg")
    collected()
    with merchant_scope(merchant.pk):
        buy(merchant, "Lamp, brass", sku="l")
    collected()
    with merchant_scope(merchant.pk):
        lamp = Product.objects.get()
        assert (lamp.title, lamp.image_url) == ("Lamp, brass", "https://noor.example/l.jpg")


def test_order_does_not_overwrite_what_a_list_said(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        put(merchant=merchant, listed=[Listed("Our lamp", sku="L")], now=NOW)
        buy(merchant, "LMP-BRS-01", sku="L")
    collected()
    with merchant_scope(merchant.pk):
        assert Product.objects.get().title == "Our lamp"


def test_list_adds_and_changes_only_what_it_says(scope: Merchant) -> None:
    first = put(
        merchant=scope,
        listed=[Listed("Oil", sku="O", url="https://noor.example/oil", lasts_days=60)],
        now=NOW,
    )
    again = put(merchant=scope, listed=[Listed("Argan oil", sku="o"), Listed("Soap")], now=NOW)
    oil = Product.objects.get(key="s:o")
    assert (first.new, again.new, again.known) == (1, 1, 1)
    assert (oil.title, oil.lasts_days, oil.url) == ("Argan oil", 60, "https://noor.example/oil")


def test_people_name_goods_by_sku_or_title(scope: Merchant) -> None:
    put(merchant=scope, listed=[Listed("Oil", sku="O-1"), Listed("Soap")], now=NOW)
    found = keys_of(["o-1", "SOAP", "Oil", "Rug"])
    assert found == {"o-1": "s:o-1", "SOAP": "t:soap", "Oil": "s:o-1"}


def test_goods_of_three_orders_go_together() -> None:
    orders = [{"a", "b"}, {"a", "b", "c"}, {"a", "b"}, {"a", "c"}]
    assert together(orders) == {"a": ("b",), "b": ("a",)}


def test_what_is_bought_together_is_counted_once_a_day(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        for _ in range(3):
            buy(merchant, "Lamp", "Bulb")
    collected()
    with every_merchant("a test"):
        assert to_pair(now=NOW, limit=9) == [merchant.pk]
    with merchant_scope(merchant.pk):
        before = Merchant.objects.get(pk=merchant.pk).page_version
        assert pair(merchant=merchant, now=NOW) == 2
        lamp = Product.objects.get(key="t:lamp")
        assert (lamp.sold, lamp.bought_with) == (3, ["t:bulb"])
        assert Merchant.objects.get(pk=merchant.pk).page_version == before + 1
        assert pair(merchant=merchant, now=NOW) == 0
    with every_merchant("a test"):
        assert to_pair(now=NOW + timedelta(hours=1), limit=9) == []
        assert to_pair(now=NOW + timedelta(days=1), limit=9) == [merchant.pk]


def test_tasks_do_all_shops(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        buy(merchant, "Lamp")
    assert (collect_products(), pair_products(), pair_products()) == (1, 1, 0)
