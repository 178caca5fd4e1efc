"""Installing our app in a Shopify shop: nobody else's answer is believed."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from stores.base import StoreError
from stores.our_apps import ways_of
from stores.providers.shopify import Shopify
from stores.providers.shopify_consent import signature
from stores.shop import App
from tests.stores.shopify_shop import SHOP

APP = App("app-1", "hush")


def signed(**changed: str) -> dict[str, str]:
    """What Shopify sends the merchant back with."""
    host = base64.b64encode(b"admin.shopify.com/store/noor").decode().rstrip("=")
    params = {"code": "code-1", "shop": SHOP, "state": "s", "timestamp": "1", "host": host}
    params |= changed
    return params | {"hmac": signature(APP.client_secret, params)}


def test_published_vector_is_reproduced(samples: Path) -> None:
    vectors = json.loads((samples / "signature_vectors.json").read_text())
    (vector,) = [one for one in vectors if one["name"] == "shopify oauth callback"]
    params = vector["params"] | {"hmac": vector["expected"]}
    assert signature(vector["secret"], params) == vector["expected"]
    app = App("id", vector["secret"])
    assert Shopify().is_grant(app, params, name="some-shop.myshopify.com") is True


def test_odd_characters_are_escaped_in_the_signature() -> None:
    assert signature("k", {"a=b": "1&2%"}) == signature("k", {"a=b": "1&2%", "hmac": "x"})
    assert signature("k", {"a": "1&b=2"}) != signature("k", {"a": "1", "b": "2"})


def test_signed_answer_of_the_right_shop_is_a_grant() -> None:
    assert Shopify().is_grant(APP, signed(), name=SHOP) is True
    own_page = base64.urlsafe_b64encode(f"{SHOP}/admin".encode()).decode()
    assert Shopify().is_grant(APP, signed(host=own_page), name=SHOP) is True


@pytest.mark.parametrize(
    "params",
    [
        signed() | {"code": "code-2"},
        signed() | {"hmac": ""},
        {name: value for name, value in signed().items() if name != "hmac"},
        signed(shop="other.myshopify.com"),
        signed(shop="noor.myshopify.com.evil.example"),
        signed(host=base64.b64encode(b"evil.example/store/noor").decode()),
        signed(host="%%%"),
        signed(code=""),
    ],
)
def test_anything_else_is_none(params: dict[str, str]) -> None:
    assert Shopify().is_grant(APP, params, name=SHOP) is False


def test_without_an_app_nothing_is_a_grant() -> None:
    params = {"shop": SHOP, "code": "c"}
    forged = params | {"hmac": signature("", params)}
    assert Shopify().is_grant(App(), forged, name=SHOP) is False


def test_merchant_is_sent_to_their_own_shop_for_an_offline_token() -> None:
    url = urlsplit(
        Shopify().consent_url(APP, name=SHOP, state="s", back="https://h.example/b", challenge="")
    )
    assert (url.scheme, url.netloc, url.path) == ("https", SHOP, "/admin/oauth/authorize")
    assert dict(parse_qsl(url.query)) == {
        "client_id": "app-1",
        "scope": ",".join(Shopify.scopes),
        "redirect_uri": "https://h.example/b",
        "state": "s",
    }


@pytest.mark.parametrize(
    "typed",
    [
        "noor",
        " Noor.myshopify.com ",
        "https://noor.myshopify.com/admin/orders",
        "https://admin.shopify.com/store/noor?x=1",
        "https://admin.shopify.com/store/noor/orders",
    ],
)
def test_shop_is_known_however_it_is_typed(typed: str) -> None:
    assert Shopify().shop_name(typed) == SHOP


@pytest.mark.parametrize(
    "typed",
    ["noor.example", "https://evil.example/noor.myshopify.com", "noor.myshopify.com.evil.example",
     "noor@evil.example", "no or", "-noor"],
)  # fmt: skip
def test_other_hosts_are_no_shop(typed: str) -> None:
    with pytest.raises(StoreError):
        Shopify().shop_name(typed)


def test_both_ways_are_open_with_an_app_and_one_without(settings: object) -> None:
    settings.STORE_APPS = {}  # type: ignore[attr-defined]
    assert ways_of("shopify") == ("by_hand",)
    settings.STORE_APPS = {"shopify": ("app-1", "hush")}  # type: ignore[attr-defined]
    assert ways_of("shopify") == ("oauth", "by_hand")
