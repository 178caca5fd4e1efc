"""Doubted scans on the dashboard and the desk: shown with a reason, settled by a click."""

from __future__ import annotations

import pytest
from django.utils import timezone

from merchants.models import AuditEntry, Merchant, Role
from merchants.scope import merchant_scope
from tests.dashboard.conftest import SignIn, scanned
from tracking.models import Event, Shipment
from tracking.outages import declare

LIST = "/app/noor/carriers/quarantine/"


@pytest.fixture
def doubted(merchant: Merchant) -> Event:
    """A delivery minutes after the label."""
    with merchant_scope(merchant.pk):
        scanned(
            merchant, (3, "LB", "info.label_created"), (2.9, "OK", "delivered.generic"),
            number="1050",
        )  # fmt: skip
        return Event.objects.select_related("shipment").get(code="OK")


def after(event: Event, merchant: Merchant) -> tuple[str, str]:
    """The ruling, and the parcel's status."""
    with merchant_scope(merchant.pk):
        found = Event.objects.get(pk=event.pk)
        return found.ruling, Shipment.objects.get(pk=event.shipment_id).status


def test_list_shows_what_waits_and_filters(doubted: Event, sign_in: SignIn) -> None:
    client = sign_in(Role.VIEWER)
    rows = client.get(LIST).context["rows"]
    assert [(row["order"], row["doubt"], row["url"]) for row in rows] == [
        ("1050", "Delivered too early", "")
    ]
    for query, count in {
        "carrier=sandbox": 1, "carrier=ups": 0, "reason=ghost_delivery": 1, "reason=in_future": 0,
        "state=released": 0, "state=nonsense": 1, "before=1": 0, "carrier=%00": 1,
    }.items():  # fmt: skip
        assert len(client.get(f"{LIST}?{query}").context["rows"]) == count, query


def test_list_has_pages(merchant: Merchant, sign_in: SignIn) -> None:
    with merchant_scope(merchant.pk):
        for _ in range(13):
            scanned(merchant, (400, "A", "transit.generic"), (300, "B", "transit.generic"))
    client = sign_in()
    first = client.get(LIST + "?carrier=sandbox")
    older = client.get(first.context["older_url"])
    assert (len(first.context["rows"]), len(older.context["rows"])) == (25, 1)
    assert older.context["newest_url"] == LIST + "?carrier=sandbox"


def test_home_leads_to_what_was_set_aside(doubted: Event, sign_in: SignIn) -> None:
    todos = sign_in(Role.VIEWER).get("/app/noor/").context["todos"]
    assert (LIST, 1) in [(one["url"], one.get("count")) for one in todos]


def test_click_counts_the_scan_and_comes_back(
    doubted: Event, merchant: Merchant, sign_in: SignIn
) -> None:
    client = sign_in(Role.AGENT)
    response = client.post(
        f"/app/noor/scans/{doubted.pk}/ruling/", {"do": "released", "next": LIST}
    )
    assert (response.status_code, response.headers["Location"]) == (303, LIST)
    assert after(doubted, merchant) == ("released", "delivered")
    with merchant_scope(merchant.pk):
        assert AuditEntry.objects.get().action == "scan.released"
    row = client.get(LIST + "?state=released").context["rows"][0]
    assert (row["doubt"], row["by"], row["url"]) == ("Delivered too early", "Owner", "")


def test_click_on_the_order_leaves_it_out(
    doubted: Event, merchant: Merchant, sign_in: SignIn
) -> None:
    client = sign_in(Role.AGENT)
    order = f"/app/noor/orders/{doubted.shipment.order_id}/"
    held = client.get(order).context["parcels"][0]["held"]
    response = client.post(held[0]["url"], {"do": "rejected"})
    assert response.headers["Location"] == order
    assert after(doubted, merchant) == ("rejected", "info_received")


def test_strange_word_is_not_found(doubted: Event, merchant: Merchant, sign_in: SignIn) -> None:
    response = sign_in(Role.AGENT).post(f"/app/noor/scans/{doubted.pk}/ruling/", {"do": "x"})
    assert (response.status_code, after(doubted, merchant)[0]) == (404, "")


def test_desk_shows_the_reason_and_takes_the_click(
    doubted: Event, merchant: Merchant, sign_in: SignIn
) -> None:
    client = sign_in(Role.AGENT)
    story = f"/desk/noor/orders/{doubted.shipment.order_id}/"
    held = client.get(story).context["story"]["parcels"][0]["held"]
    response = client.post(held[0]["url"], {"do": "released"})
    assert response.headers["Location"] == f"{story}#scan-{doubted.pk}"
    assert after(doubted, merchant) == ("released", "delivered")


def test_outage_is_said_wherever_its_parcels_are(doubted: Event, sign_in: SignIn) -> None:
    client = sign_in(Role.VIEWER)
    order = doubted.shipment.order_id
    pages = {
        "/app/noor/": "outages", "/app/noor/carriers/": "outages",
        f"/app/noor/orders/{order}/": "outages", f"/desk/noor/orders/{order}/": "story",
    }  # fmt: skip
    declare(carrier="ups", now=timezone.now())

    def said(path: str) -> list[str]:
        found = client.get(path).context[pages[path]]
        return found if isinstance(found, list) else found["outages"]  # type: ignore[no-any-return]

    assert [said(path) for path in pages] == [[], [], [], []]
    declare(carrier="sandbox", now=timezone.now())
    lines = [said(path) for path in pages]
    assert [len(one) for one in lines] == [1, 1, 1, 1]
    assert all(one[0].startswith("Sandbox Express has sent no news") for one in lines), lines


def test_viewer_sees_no_buttons_on_the_desk(doubted: Event, sign_in: SignIn) -> None:
    story = f"/desk/noor/orders/{doubted.shipment.order_id}/"
    context = sign_in(Role.VIEWER).get(story).context
    assert [row["url"] for row in context["story"]["parcels"][0]["held"]] == [""]
