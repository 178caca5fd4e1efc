"""The goods a shop sells: the only writer of `Product`.

Orders name goods (`collect`), a file or a person says more (`put`, `change`), and nightly it is
counted which go together (`pair`). What a person or a file said, orders change no more.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import combinations
from typing import Any, Final

from django.db.models import Q

from merchants.models import Merchant
from merchants.page_version import pages_changed
from selling.keys import product_key
from selling.models import Collected, Paired, Product
from tracking.models import OrderItem

#: Goods that one shop may have; what orders name beyond them is left out.
MOST_PRODUCTS: Final = 20_000
#: Lines are written by several processes at once, so a lower number may become visible later.
_AGAIN: Final = 2_000
#: What is counted: orders of so long, so many of them at most, with so many lines at most.
_COUNTED: Final = timedelta(days=180)
_MOST_LINES: Final = 100_000
_MOST_IN_ORDER: Final = 30
#: So many orders must have two goods together, so many companions are kept.
_LEAST_TOGETHER: Final = 3
_MOST_COMPANIONS: Final = 6
_BATCH: Final = 1_000
_EVERY: Final = timedelta(hours=23)


@dataclass(frozen=True, slots=True)
class Listed:
    """A product as a file or a person lists it; None and "" are "not said"."""

    title: str
    sku: str = ""
    external_id: str = ""
    titles: Mapping[str, str] | None = None
    url: str = ""
    image_url: str = ""
    price: Decimal | None = None
    currency: str = ""
    lasts_days: int | None = None
    goes_with: tuple[str, ...] | None = None

    @property
    def key(self) -> str:
        return product_key(sku=self.sku, title=self.title)


@dataclass(frozen=True, slots=True)
class Put:
    """What became of a list: how many were new, and how many were known."""

    new: int
    known: int


def put(*, merchant: Merchant, listed: Sequence[Listed], now: datetime) -> Put:
    """Add these goods, or say more of those that are there; in the merchant's scope.

    What is not said stays as it was. Of two lines about one product the later counts.
    """
    latest = {one.key: one for one in listed}
    known = {one.key: one for one in Product.objects.filter(key__in=list(latest))}
    for key, one in latest.items():
        row = known.get(key)
        if row is not None:
            for name, value in _said(one).items():
                setattr(row, name, value)
            row.is_kept, row.updated_at = True, now
    new = [
        Product(merchant=merchant, key=key, is_kept=True, updated_at=now, **_said(one))
        for key, one in latest.items()
        if key not in known
    ]
    Product.objects.bulk_create(new, batch_size=_BATCH)
    Product.objects.bulk_update(known.values(), [*_COLUMNS, "is_kept", "updated_at"], _BATCH)
    pages_changed(merchant.pk)
    return Put(new=len(new), known=len(known))


def change(*, product: Product, listed: Listed, is_on: bool, now: datetime) -> None:
    """Make it what the form says, empty fields included; its key stays."""
    values: dict[str, Any] = {name: getattr(listed, name) for name in _COLUMNS}
    values |= {
        "titles": dict(listed.titles or {}),
        "goes_with": [key for key in listed.goes_with or () if key != product.key],
        "sku": product.sku,
    }
    Product.objects.filter(pk=product.pk).update(
        **values, is_on=is_on, is_kept=True, updated_at=now
    )
    pages_changed(product.merchant_id)


def remove(*, product: Product) -> None:
    """It goes; an order that names it brings it back."""
    product.delete()
    pages_changed(product.merchant_id)


def keys_of(words: Iterable[str]) -> dict[str, str]:
    """Which products people mean by SKUs or titles: word to key; unknown words are left out."""
    asked = {
        word: (product_key(sku=word, title=""), product_key(sku="", title=word)) for word in words
    }
    wanted = [key for pair in asked.values() for key in pair]
    meant = Product.objects.filter(Q(key__in=wanted) | Q(title__in=list(asked)))
    known = dict(meant.order_by("-sold").values_list("key", "title"))
    by_title = {title: key for key, title in known.items()}
    found = {
        word: next((key for key in pair if key in known), by_title.get(word, ""))
        for word, pair in asked.items()
    }
    return {word: key for word, key in found.items() if key}


def lasting() -> dict[str, int]:
    """How many days each product lasts, by key, as far as it runs out; in scope."""
    rows = Product.objects.filter(is_on=True, lasts_days__isnull=False)
    return dict(rows.values_list("key", "lasts_days"))


def collect(*, now: datetime, limit: int = 20_000) -> int:
    """Read new lines of all merchants' orders into their catalogues: how many lines.

    In `every_merchant`. Goods that a person or a file described stay as they are.
    """
    mark, _ = Collected.objects.select_for_update().get_or_create(pk=1)
    lines = OrderItem.objects.filter(pk__gt=mark.last_item - _AGAIN).order_by("pk")
    found = list(lines.select_related("order")[: limit + _AGAIN])
    if not found or found[-1].pk == mark.last_item:
        return 0
    by_merchant: dict[int, dict[str, OrderItem]] = defaultdict(dict)
    for line in found:
        by_merchant[line.merchant_id][product_key(sku=line.sku, title=line.title)] = line
    for merchant_id, lines_by_key in by_merchant.items():
        _learn(merchant_id, lines_by_key, now=now)
    mark.last_item = found[-1].pk
    mark.save(update_fields=["last_item"])
    return len(found)


def _learn(merchant_id: int, lines: Mapping[str, OrderItem], *, now: datetime) -> None:
    known = {
        one.key: one for one in Product.objects.filter(merchant_id=merchant_id, key__in=list(lines))
    }
    room = MOST_PRODUCTS - Product.objects.filter(merchant_id=merchant_id).count()
    new = [
        Product(
            merchant_id=merchant_id, key=key, sku=line.sku, title=line.title, url=line.url,
            image_url=line.image_url, price=line.price, currency=line.order.currency,
            updated_at=now,
        )
        for key, line in lines.items()
        if key not in known
    ]  # fmt: skip
    Product.objects.bulk_create(new[: max(room, 0)], batch_size=_BATCH, ignore_conflicts=True)
    changed = [row for key, row in known.items() if _renewed(row, lines[key])]
    for row in changed:
        row.updated_at = now
    Product.objects.bulk_update(changed, [*_OF_LINES, "updated_at"], _BATCH)


def _renewed(row: Product, line: OrderItem) -> bool:
    """Take what the line says and the row does not; whether anything changed."""
    if row.is_kept:
        return False
    said = {
        "title": line.title, "url": line.url, "image_url": line.image_url, "price": line.price,
        "currency": line.order.currency,
    }  # fmt: skip
    fresh = {name: value for name, value in said.items() if value and value != getattr(row, name)}
    for name, value in fresh.items():
        setattr(row, name, value)
    return bool(fresh)


def pair(*, merchant: Merchant, now: datetime) -> int:
    """Count anew how often goods were bought, and which together: how many goods changed.

    In the merchant's scope.
    """
    lines = OrderItem.objects.filter(order__placed_at__gte=now - _COUNTED, quantity__gt=0)
    newest = lines.order_by("-pk").values_list("order_id", "sku", "title")[:_MOST_LINES]
    orders: dict[int, set[str]] = defaultdict(set)
    for order_id, sku, title in newest:
        orders[order_id].add(product_key(sku=sku, title=title))
    sold = Counter(key for keys in orders.values() for key in keys)
    companions = together(orders.values())
    changed = []
    for row in Product.objects.iterator(chunk_size=_BATCH):
        counted = (sold[row.key], list(companions.get(row.key, ())))
        if counted != (row.sold, row.bought_with):
            row.sold, row.bought_with = counted
            changed.append(row)
    Product.objects.bulk_update(changed, ["sold", "bought_with"], _BATCH)
    if changed:
        pages_changed(merchant.pk)
    Paired.objects.update_or_create(merchant=merchant, defaults={"at": now})
    return len(changed)


def to_pair(*, now: datetime, limit: int) -> list[int]:
    """Shops whose goods were not counted for a day; in `every_merchant`."""
    lately = Paired.objects.filter(at__gt=now - _EVERY).values("merchant_id")
    waiting = Product.objects.exclude(merchant_id__in=lately)
    return list(
        waiting.order_by("merchant_id").values_list("merchant_id", flat=True).distinct()[:limit]
    )


def together(orders: Iterable[set[str]]) -> dict[str, tuple[str, ...]]:
    """What is bought together, by key, the most frequent first; pure.

    An order of very many lines says nothing about any two of them.
    """
    times: Counter[tuple[str, str]] = Counter()
    for keys in orders:
        if len(keys) <= _MOST_IN_ORDER:
            times.update(combinations(sorted(keys), 2))
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for (one, other), n in times.items():
        if n >= _LEAST_TOGETHER:
            found[one].append((-n, other))
            found[other].append((-n, one))
    return {
        key: tuple(other for _, other in sorted(others)[:_MOST_COMPANIONS])
        for key, others in found.items()
    }


_COLUMNS: Final = (
    "title", "sku", "external_id", "titles", "url", "image_url", "price", "currency",
    "lasts_days", "goes_with",
)  # fmt: skip
_OF_LINES: Final = ("title", "url", "image_url", "price", "currency")


def _said(one: Listed) -> dict[str, Any]:
    """The columns that the list speaks of."""
    values = {name: getattr(one, name) for name in _COLUMNS}
    found = {name: value for name, value in values.items() if value not in (None, "")}
    if one.titles is not None:
        found["titles"] = dict(one.titles)
    if one.goes_with is not None:
        found["goes_with"] = [key for key in one.goes_with if key != one.key]
    return found
