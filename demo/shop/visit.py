"""What one visitor does in one shop, kept in the session: nothing of it is in an address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.http import HttpRequest

from demo.shop.goods import Product, goods_of
from demo.shop.people import COUNTRIES, shopper_of
from merchants.models import Merchant

_KEY: Final = "demo_shop"
MOST_OF_ONE: Final = 9


@dataclass(frozen=True, slots=True)
class Line:
    """So many of one product."""

    product: Product
    quantity: int

    @property
    def total(self) -> Decimal:
        return self.product.price * self.quantity


class Visit:
    """Cart, place and last order of one visitor at one merchant. Every change is kept at once."""

    def __init__(self, request: HttpRequest, merchant: Merchant) -> None:
        self._session = request.session
        self._slug = merchant.slug
        self._goods = {
            product.slug: product for product in goods_of(merchant.slug, merchant.currency)
        }
        kept = self._session.get(_KEY, {}).get(merchant.slug, {})
        self._home = merchant.country if merchant.country in COUNTRIES else COUNTRIES[0]
        self._kept: dict[str, Any] = dict(kept)

    @property
    def goods(self) -> tuple[Product, ...]:
        return tuple(self._goods.values())

    def product(self, slug: str) -> Product | None:
        return self._goods.get(slug)

    @property
    def lines(self) -> list[Line]:
        cart: Mapping[str, int] = self._kept.get("cart", {})
        return [
            Line(self._goods[slug], quantity)
            for slug, quantity in cart.items()
            if slug in self._goods
        ]

    @property
    def pieces(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def total(self) -> Decimal:
        return sum((line.total for line in self.lines), Decimal(0))

    def put(self, product: Product, quantity: int) -> None:
        """Have so many of it in the cart; none takes it out."""
        cart = {line.product.slug: line.quantity for line in self.lines}
        cart[product.slug] = min(max(quantity, 0), MOST_OF_ONE)
        self._keep(cart={slug: count for slug, count in cart.items() if count})

    def add(self, product: Product, quantity: int) -> None:
        has = next((line.quantity for line in self.lines if line.product == product), 0)
        self.put(product, has + max(quantity, 1))

    @property
    def country(self) -> str:
        """Where to, until the checkout knows better: the shop's own country."""
        return str(self._kept.get("country") or self._home)

    def city(self, language: str) -> str:
        return str(self._kept.get("city") or shopper_of(self.country, language).city)

    def go_to(self, country: str, city: str = "") -> None:
        """Deliver to another place; without a city, to the one its invented shopper lives in."""
        if country in COUNTRIES:
            self._keep(country=country, city=city)

    @property
    def order_id(self) -> str:
        """The shop's own, opaque id of what this visitor bought last; empty before."""
        return str(self._kept.get("order", ""))

    def bought(self, order_id: str) -> None:
        """The cart became this order."""
        self._keep(cart={}, order=order_id, number="")

    @property
    def tracking_number(self) -> str:
        """The number under which the last order was handed over; empty before."""
        return str(self._kept.get("number", ""))

    def handed_over(self, tracking_number: str) -> None:
        self._keep(number=tracking_number)

    def _keep(self, **changed: Any) -> None:
        self._kept |= changed
        # A whole new value: the session notices no change inside of an old one.
        self._session[_KEY] = {**self._session.get(_KEY, {}), self._slug: dict(self._kept)}
