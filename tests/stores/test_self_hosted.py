"""Addresses of shops on their owners' servers, and pages in place of data."""

from __future__ import annotations

import pytest

from stores.payload import StoreError
from stores.self_hosted import SelfHosted, saying, split_name
from stores.shop import Shop
from stores.talk import Answer
from tests.factories import NOW


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("https://Noor.example/", "noor.example"),
        (" noor.example ", "noor.example"),
        ("http://www.noor.example/shop/", "www.noor.example/shop"),
        ("https://noor.example/Shop/wp-admin/admin.php?page=wc", "noor.example/Shop"),
        ("https://noor.example/index.php/admin_1ab2/", "noor.example"),
        ("noor.example/restaurant", "noor.example/restaurant"),
        ("https://noor.example:8443/", "noor.example:8443"),
        ("متجر.example", "xn--pgbep1f.example"),
    ],
)
def test_shop_is_named_by_host_and_folder(typed: str, name: str) -> None:
    assert SelfHosted().shop_name(typed) == name
    assert SelfHosted().base_url(Shop(name, {}, NOW)) == f"https://{name}"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("noor", "This is not the address of a shop."),
        ("ftp://noor.example/", "This is not the address of a shop."),
        ("https://noor.example:port/", "This is not the address of a shop."),
        ("https://noor.example/a b", "This is not the address of a shop."),
        ("https://[::1", "This is not the address of a shop."),
        ("https://me:pw@noor.example/", "Enter the address without a name and password."),
    ],
)
def test_other_things_are_no_shop(typed: str, words: str) -> None:
    with pytest.raises(StoreError) as error:
        SelfHosted().shop_name(typed)
    assert str(error.value) == words


@pytest.mark.parametrize(
    ("status", "body", "is_page"),
    [
        (200, b"<!DOCTYPE html><title>Maintenance</title>", True),
        (200, b"\xef\xbb\xbf\n<html>", True),
        (200, b"<br />\n<b>Warning</b>: Undefined array key in x.php\n[]", True),
        (200, b"[]", False),
        (200, b"", False),
        (200, b'<?xml version="1.0"?><prestashop/>', False),
        (404, b"<html>Not found</html>", False),
    ],
)
def test_page_in_place_of_data_is_trouble(status: int, body: bytes, is_page: bool) -> None:
    trouble = SelfHosted().refusal(Answer(status, {}, body))
    assert (trouble is not None) is is_page


def test_shop_is_quoted_in_its_own_words() -> None:
    answer = Answer(400, {}, b'{"code": "x", "message": "Invalid ID."}')
    assert saying(answer, "text", "message") == "Invalid ID."
    assert saying(Answer(502, {}, b"<html>"), "message") == "status 502"


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Noura Al Saleh", ("Noura Al", "Saleh")),
        ("Noura", ("Noura", "")),
        ("", ("", "")),
    ],
)
def test_names_are_parted(name: str, parts: tuple[str, str]) -> None:
    assert split_name(name) == parts
