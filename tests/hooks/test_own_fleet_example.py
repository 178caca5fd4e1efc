"""The example of docs/api.md, run as it stands there: what it sends is believed."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from carriers import registry
from carriers.updates import Cash
from lib.signing import new_webhook_secret
from merchants.models import Merchant
from merchants.scope import merchant_scope
from tests import factories
from tests.hooks.posting import post
from tracking.carrier_accounts import connect_account, push_address
from tracking.details import read_details
from tracking.models import Event, Shipment

API = Path(__file__).resolve().parents[2] / "docs" / "api.md"
#: Takes the place of `curl` and shows what it was given, one argument after another.
CURL = '#!/bin/sh\nprintf "%s\\0" "$@"\n'


def arguments(folder: Path, **environment: str) -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", API.read_text(), re.DOTALL)
    (script,) = (block for block in blocks if "webhook-signature" in block)
    curl = folder / "curl"
    curl.write_text(CURL)
    curl.chmod(0o755)
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        env={"PATH": path, **environment}, capture_output=True, check=True, text=True,
    )  # fmt: skip
    return done.stdout.split("\0")


def test_example_of_the_documentation_is_believed(
    merchant: Merchant,
    client: Client,
    tmp_path: Path,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    secret = new_webhook_secret()
    with merchant_scope(merchant.pk):
        account = connect_account(
            merchant=merchant,
            carrier=registry.get("own_fleet"),
            secrets={"signing_secret": secret},
        )
        placed_at = datetime(2026, 2, 28, tzinfo=UTC)
        factories.shipment(
            merchant, carrier="own_fleet", tracking_number="VAN-17", placed_at=placed_at
        )
        address = push_address(account)
    given = arguments(tmp_path, SECRET=secret, ADDRESS=address)
    sent = [given[n + 1].split(": ", 1) for n, word in enumerate(given) if word == "-H"]
    headers = {name: value for name, value in sent if name != "Content-Type"}
    body = given[given.index("--data-binary") + 1].encode()
    path = "/hooks/" + address.partition("/hooks/")[2]
    with django_capture_on_commit_callbacks(execute=True):
        assert address in given
        assert post(client, path, body, headers).status_code == 200
    assert post(client, path, body + b" ", headers).status_code == 401
    with merchant_scope(merchant.pk):
        scans = list(Event.objects.values_list("sub_status", "source", "city"))
        details = read_details(Shipment.objects.get().details)
    assert scans == [("out.on_vehicle", "push", "Dubai")]
    assert details.cash == Cash(Decimal("249.50"), "AED")
    assert details.courier is not None
    assert details.courier.name == "Yousef"


@pytest.mark.parametrize("name", ["proof", "courier", "cash", "edd", "pieces", "events"])
def test_documentation_names_every_part_of_a_parcel(name: str) -> None:
    assert f"| `{name}` |" in API.read_text()
