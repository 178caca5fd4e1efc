"""Connecting a shop."""

from __future__ import annotations

import pytest

from inbox.models import Door
from merchants.models import Merchant
from stores.connect import (
    CannotConnect,
    connect_store,
    disconnect_store,
    hook_path_of,
    rotate_secret,
)
from stores.models import StoreConnection
from tests.factories import NOW


def connect(merchant: Merchant, **fields: str) -> StoreConnection:
    values = {"platform": "shopify", "name": "Noor", "secret": "s3cret", "external_id": ""}
    return connect_store(merchant=merchant, **(values | fields))


def test_connection_has_an_address_and_a_sealed_secret(merchant: Merchant) -> None:
    made = connect(merchant, external_id="https://Noor.myshopify.com/admin")
    door = Door.objects.get(merchant=merchant)
    assert hook_path_of(made) == f"/hooks/store/shopify/{door.token}/"
    assert (made.external_id, door.external_id) == ("noor.myshopify.com", "noor.myshopify.com")
    assert made.credentials == {"secret": "s3cret"}
    assert made.secrets.count("s3cret") == 0


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"platform": "carrot"}, "We cannot connect 'carrot' yet."),
        ({"secret": " "}, "The webhook secret is empty: nothing could be verified."),
    ],
)
def test_what_cannot_be_connected_is_said(
    merchant: Merchant, fields: dict[str, str], words: str
) -> None:
    with pytest.raises(CannotConnect) as error:
        connect(merchant, **fields)
    assert str(error.value) == words


def test_shop_is_connected_once(merchant: Merchant) -> None:
    connect(merchant, external_id="noor.myshopify.com")
    with pytest.raises(CannotConnect):
        connect(merchant, external_id="noor.myshopify.com")


def test_rotation_keeps_the_old_secret_once(merchant: Merchant) -> None:
    made = connect(merchant)
    rotate_secret(connection=made, secret="second")
    rotate_secret(connection=made, secret="third")
    assert made.credentials == {"secret": "third", "previous_secret": "second"}


def test_disconnected_shop_has_no_address_and_no_secret(merchant: Merchant) -> None:
    made = connect(merchant)
    disconnect_store(connection=made, now=NOW)
    assert (hook_path_of(made), made.credentials, made.is_active) == ("", {}, False)
