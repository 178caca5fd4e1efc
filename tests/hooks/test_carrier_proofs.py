"""What a carrier proves a push with besides the address, and what it wants to read back."""

from __future__ import annotations

import base64
import hashlib
import json

import pytest
from django.test import Client

from carriers.models import CarrierAccount
from carriers.registry import push_word
from inbox.doors import hook_path, open_door
from inbox.models import Delivery
from lib.encryption import seal
from merchants.models import Merchant
from merchants.scope import merchant_scope
from tests.hooks.posting import post

PROBLEM = "A push came whose signature is missing or wrong"
SHIPROCKET = json.dumps({"awb": "90000000000011", "current_status_id": 17}).encode()
JT = b'{"billCode": "1", "details": [{"scanType": "100", "scanTime": "2026-03-06 09:30:00"}]}'


def opened(merchant: Merchant, carrier: str, secrets: dict[str, str]) -> str:
    with merchant_scope(merchant.pk):
        account = CarrierAccount.objects.create(
            merchant=merchant, carrier=carrier, secrets=seal(secrets)
        )
    door = open_door(
        merchant=merchant, kind="carrier", slug=push_word(carrier), connection_id=account.pk
    )
    return hook_path(door)


@pytest.fixture
def shiprocket(merchant: Merchant) -> str:
    return opened(merchant, "shiprocket", {"push_token": "agreed"})


def test_address_without_the_carriers_name_belongs_to_the_carrier(
    client: Client, merchant: Merchant, shiprocket: str
) -> None:
    assert post(client, shiprocket, SHIPROCKET, {"x-api-key": "agreed"}).status_code == 200
    with merchant_scope(merchant.pk):
        assert Delivery.objects.get().slug == "shiprocket"


def test_carriers_form_may_look_at_its_address(client: Client, shiprocket: str) -> None:
    assert client.get(shiprocket).status_code == 200
    assert client.get(shiprocket.replace("/courier_s/", "/shiprocket/")).status_code == 404


def test_carriers_own_name_is_no_address(client: Client, shiprocket: str) -> None:
    named = shiprocket.replace("/courier_s/", "/shiprocket/")

    assert post(client, named, SHIPROCKET, {"x-api-key": "agreed"}).status_code == 404


def test_wrong_proof_is_refused_and_told_to_the_merchant(
    client: Client, merchant: Merchant, shiprocket: str
) -> None:
    assert post(client, shiprocket, SHIPROCKET, {"x-api-key": "other"}).status_code == 401
    with merchant_scope(merchant.pk):
        assert Delivery.objects.count() == 0
        assert CarrierAccount.objects.get().last_problem == PROBLEM


def test_carrier_reads_the_answer_that_it_wants(client: Client, merchant: Merchant) -> None:
    path = opened(merchant, "jtexpress", {"api_account": "1", "private_key": "k"})
    digest = base64.b64encode(hashlib.md5(JT + b"k", usedforsecurity=False).digest()).decode()
    answer = post(client, path, JT, {"digest": digest})

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    assert answer.json()["code"] == "1"
