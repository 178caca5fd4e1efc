"""Whose parcel it is, said by a person; and what its carrier needs, typed in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.utils import timezone

from carriers import registry
from carriers.models import CarrierAccount
from carriers.providers.sandbox import Sandbox
from dashboard.attention import count_orders
from merchants.models import AuditEntry, Merchant, Role
from merchants.scope import merchant_scope
from tests import factories
from tests.dashboard.conftest import SignIn
from tracking.models import Shipment, Watch

NUMBER = "231200021009"


class Choosy(Sandbox):
    """The sandbox, which wants to know more."""

    name: ClassVar[str] = "Choosy Express"
    needs: ClassVar[tuple[str, ...]] = ("postcode", "ship_date")


@pytest.fixture(autouse=True)
def rung(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tasks that were asked for."""
    asked: list[str] = []
    monkeypatch.setattr("dashboard.doorbell._ring", lambda task: asked.append(task.name))
    return asked


@pytest.fixture
def choosy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.CARRIERS, "sandbox", Choosy())


def follow(merchant: Merchant, carrier: str = "aramex", **fields: Any) -> Shipment:
    with merchant_scope(merchant.pk):
        return factories.shipment(
            merchant, carrier=carrier, tracking_number=NUMBER, now=timezone.now(), **fields
        )


def change(client: Any, shipment: Shipment, carrier: str) -> Any:
    url = f"/app/noor/parcels/{shipment.pk}/carrier/"
    return client.post(url, {f"p{shipment.pk}-carrier": carrier})


def page_of(client: Any, shipment: Shipment) -> dict[str, Any]:
    context = client.get(f"/app/noor/orders/{shipment.order_id}/").context
    found: dict[str, Any] = context["parcels"][0]["identity"]
    return found


def said(response: Any) -> list[str]:
    return [str(one) for one in response.context["messages"]]


def test_agent_names_another_carrier(
    merchant: Merchant, sign_in: SignIn, django_capture_on_commit_callbacks: Any, rung: list[str]
) -> None:
    shipment = follow(merchant)
    with merchant_scope(merchant.pk):
        CarrierAccount.objects.create(merchant=merchant, carrier="smsa")
    with django_capture_on_commit_callbacks(execute=True):
        response = change(sign_in(Role.AGENT), shipment, "smsa")
    assert response.headers["Location"] == f"/app/noor/orders/{shipment.order_id}/"
    with merchant_scope(merchant.pk):
        assert Shipment.objects.get(pk=shipment.pk).carrier == "smsa"
        assert Watch.objects.get().next_ask_at <= timezone.now()
        line = AuditEntry.objects.get()
    assert (line.action, line.detail) == ("parcel.carrier_changed", {"carrier": ["aramex", "smsa"]})
    assert rung == ["tracking.poll_due"]


def test_carrier_whose_parcel_is_followed_already_is_refused_in_words(
    merchant: Merchant, sign_in: SignIn
) -> None:
    shipment = follow(merchant, number="1001")
    follow(merchant, "smsa", number="1002")
    response = change(sign_in(Role.AGENT), shipment, "smsa")
    assert (response.status_code, said(response)) == (
        409,
        ["231200021009 is followed with SMSA Express already, in order 1002. Nothing was changed."],
    )
    with merchant_scope(merchant.pk):
        assert Shipment.objects.get(pk=shipment.pk).carrier == "aramex"


def test_no_carrier_is_no_change(merchant: Merchant, sign_in: SignIn) -> None:
    shipment = follow(merchant)
    client = sign_in(Role.AGENT)
    response = change(client, shipment, "nobody")
    words = "We know no carrier called “nobody”. An aggregator follows thousands more."
    assert (response.status_code, said(response)) == (400, [f"Nothing was changed: {words}"])
    empty = change(client, shipment, "")
    assert said(empty) == ["Nothing was changed: Name the carrier."]


def test_page_says_who_is_asked(merchant: Merchant, sign_in: SignIn) -> None:
    shipment = follow(merchant)
    with merchant_scope(merchant.pk):
        said = {"smsa": "not_found", "aramex": ""}
        Watch.objects.update(
            candidates=[{"slug": slug, "said": one, "why": ""} for slug, one in said.items()]
        )
    rows = page_of(sign_in(Role.VIEWER), shipment)["undecided"]
    assert [(row["label"], row["value"]) for row in rows] == [
        ("SMSA Express", "Does not know the number"), ("Aramex", "Asked next"),
    ]  # fmt: skip


def test_page_says_what_the_carrier_needs(
    merchant: Merchant, sign_in: SignIn, choosy: None
) -> None:
    shipment = follow(merchant, "sandbox")
    found = page_of(sign_in(Role.AGENT), shipment)
    assert found["missing"] == "Choosy Express needs the postcode and the day it was shipped"
    assert [(one["label"], one["type"]) for one in found["fields"]] == [
        ("Postcode", "text"), ("Day it was shipped", "date"),
    ]  # fmt: skip


def test_typed_field_is_kept_and_the_carrier_asked(
    merchant: Merchant, sign_in: SignIn, choosy: None
) -> None:
    shipment = follow(merchant, "sandbox")
    with merchant_scope(merchant.pk):
        later = timezone.now() + timedelta(hours=6)
        Watch.objects.update(result="needs_field", next_ask_at=later)
    client, url = sign_in(Role.AGENT), f"/app/noor/parcels/{shipment.pk}/fields/"
    prefix = f"n{shipment.pk}"
    wrong = client.post(url, {f"{prefix}-postcode": "21577", f"{prefix}-ship_date": "soon"})
    right = client.post(url, {f"{prefix}-postcode": "21577", f"{prefix}-ship_date": "2026-03-01"})
    assert (wrong.status_code, right.status_code) == (400, 303)
    with merchant_scope(merchant.pk):
        kept, watch = Shipment.objects.get().extra, Watch.objects.get()
        line = AuditEntry.objects.get()
    assert kept == {"postcode": "21577", "ship_date": "2026-03-01"}
    assert (watch.result, watch.next_ask_at <= timezone.now()) == ("", True)
    # What was typed is personal: the log has only its name.
    assert (line.action, line.detail) == (
        "parcel.field_added", {"fields": "postcode, ship_date"},
    )  # fmt: skip
    assert page_of(client, shipment)["missing"] == ""


def test_lists_show_what_is_missing(merchant: Merchant, sign_in: SignIn, choosy: None) -> None:
    follow(merchant, "sandbox")
    with merchant_scope(merchant.pk):
        Watch.objects.update(result="needs_field")
        assert (count_orders().fields, count_orders().needs) == (1, 1)
    client = sign_in(Role.VIEWER)
    (row,) = client.get("/app/noor/orders/?view=fields").context["orders"]
    assert row["missing"] == "Choosy Express needs the postcode and the day it was shipped"
    todos = client.get("/app/noor/").context["todos"]
    assert "1 order whose carrier needs more than the number" in [one["sentence"] for one in todos]
