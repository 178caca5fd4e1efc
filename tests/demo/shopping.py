"""A visitor of the demonstration's shop, for its tests."""

from __future__ import annotations

from typing import Any

from django.test import Client

#: What the checkout is filled with for a shopper in the Emirates, as a browser posts it.
TYPED = {
    "name": "Mariam Saeed",
    "email": "mariam@shopper.example",
    "phone": "050 111 2233",
    "country": "AE",
    "city": "Dubai",
    "line1": "Marina Walk 12, apartment 803",
    "landmark": "Opposite the tram stop",
    "postcode": "",
    "language": "ar",
    "payment": "cash",
}


def shop(path: str = "", slug: str = "noor") -> str:
    return f"/demo/shop/{slug}/{path}"


def put_in_cart(client: Client, product: str, quantity: int = 1, slug: str = "noor") -> Any:
    posted = {"product": product, "quantity": quantity, "do": "add"}
    return client.post(shop("cart/", slug), posted)


def check_out(client: Client, slug: str = "noor", **changed: str) -> Any:
    return client.post(shop("checkout/", slug), TYPED | changed)
