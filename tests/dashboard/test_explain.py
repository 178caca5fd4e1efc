"""A scan explained: raw payload, rule with its edition or author, what follows."""

from __future__ import annotations

import uuid
import zlib
from typing import Any

import pytest
from django.utils import timezone

from inbox.models import Delivery
from lib.vocabulary import UNKNOWN
from merchants.models import Merchant, Role
from merchants.scope import merchant_scope
from tests.dashboard.conftest import SignIn, scanned
from tracking.models import CodeOverride, Event, OperatorOverride, RawAnswer


@pytest.fixture
def events(merchant: Merchant) -> dict[str, Event]:
    """By code: a pick-up, a code that nobody can read, a ghost."""
    with merchant_scope(merchant.pk):
        scanned(merchant, (30, "PU", "picked_up.accepted"), (2, "ZZ9", UNKNOWN))
        scanned(merchant, (3, "LB", "info.label_created"), (2.9, "OK", "delivered.generic"))
        rows = Event.objects.select_related("shipment")
        return {event.code: event for event in rows}


def explained(event: Event, sign_in: SignIn, role: Role = Role.ADMIN) -> Any:
    return sign_in(role).get(f"/app/noor/scans/{event.pk}/").context


def step(context: Any, label: str) -> tuple[str, str]:
    return next((row["value"], row["why"]) for row in context["steps"] if row["label"] == label)


def test_rule_is_the_adapters_table_with_its_edition(
    events: dict[str, Event], sign_in: SignIn
) -> None:
    context = explained(events["PU"], sign_in)
    name, edition = step(context, "Rule")
    assert (name, len(edition)) == ("The adapter’s own table", len("Edition 3f2a91"))
    assert step(context, "Means")[1] == "picked_up.accepted"
    assert step(context, "Who acts next") == ("Nobody", "")
    assert step(context, "Counts") == ("Yes", "The parcel stands where this scan says")
    assert step(context, "Proves")[0] == "Shipped"


def test_unreadable_and_doubted_scans_say_why_they_do_not_count(
    events: dict[str, Event], sign_in: SignIn
) -> None:
    context = explained(events["ZZ9"], sign_in)
    assert step(context, "Rule")[0] == "No rule"
    assert step(context, "Counts")[0] == "No, it cannot be read"
    doubted = sign_in(Role.VIEWER).get(f"/app/noor/scans/{events['OK'].pk}/").context
    assert step(doubted, "Counts")[0] == "No, it is set aside"
    assert [row["doubt"] for row in doubted["held"]] == ["Delivered too early"]
    assert (doubted["place_url"], doubted["held"][0]["url"]) == ("", "")


def test_corrections_are_named_the_merchants_over_the_operators(
    events: dict[str, Event], merchant: Merchant, sign_in: SignIn
) -> None:
    key = {"carrier": "sandbox", "code": "PU", "sub_status": "picked_up.accepted"}
    OperatorOverride.objects.create(**key, note="Seen in Jeddah")
    client = sign_in(Role.ADMIN)
    url = f"/app/noor/scans/{events['PU'].pk}/"
    name, why = step(client.get(url).context, "Rule")
    assert (name, why.startswith("Version 1, "), why.endswith(" · Seen in Jeddah")) == (
        "The operator’s correction", True, True,
    )  # fmt: skip
    with merchant_scope(merchant.pk):
        CodeOverride.objects.create(merchant=merchant, version=3, **key)
    name, why = step(client.get(url).context, "Rule")
    assert (name, why.startswith("Version 3 by Somebody who left, ")) == ("Your correction", True)


def test_raw_answer_of_a_poll_or_a_webhook_is_shown(
    events: dict[str, Event], merchant: Merchant, sign_in: SignIn
) -> None:
    event, client = events["PU"], sign_in(Role.VIEWER)
    url = f"/app/noor/scans/{event.pk}/"
    assert client.get(url).context["raw"] == ""
    with merchant_scope(merchant.pk):
        pushed = Delivery.objects.create(
            merchant=merchant, kind="carrier", slug="sandbox", unique_key="k", body=b"<b>PU</b>"
        )
        Event.objects.filter(pk=event.pk).update(push_id=pushed.pk)
    response = client.get(url)
    assert response.context["raw"] == "<b>PU</b>"
    assert b"&lt;b&gt;PU&lt;/b&gt;" in response.content
    with merchant_scope(merchant.pk):
        key = uuid.uuid4()
        RawAnswer.objects.create(
            merchant=merchant, id=key, carrier="sandbox", at=timezone.now(),
            body=zlib.compress(b'{"code":"PU"}'),
        )  # fmt: skip
        Event.objects.filter(pk=event.pk).update(poll_id=key)
    assert client.get(url).context["raw"] == '{\n "code": "PU"\n}'


def test_order_leads_to_each_scan(events: dict[str, Event], sign_in: SignIn) -> None:
    order = events["PU"].shipment
    client = sign_in(Role.VIEWER)
    context = client.get(f"/app/noor/orders/{order.order_id}/").context
    urls = [event["explain_url"] for event in context["parcels"][0]["events"]]
    assert [client.get(url).status_code for url in urls] == [200, 200]
