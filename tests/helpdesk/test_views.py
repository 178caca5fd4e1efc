"""The desk's pages: who sees what, what they cost, what lands where."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from carriers.updates import NextLeg, TrackingUpdate
from helpdesk.models import Note
from helpdesk.notes import add_note, erase_person, export_person
from lib.personal_data import Person
from merchants.models import AuditEntry, Brand, Merchant, Role
from merchants.scope import merchant_scope
from tests import factories
from tests.helpdesk.parcels import scanned
from tracking.ingest import Heard, ingest
from tracking.links import link_for
from tracking.models import Order, Recipient

HTMX = {"HX-Request": "true"}


@pytest.fixture
def enter(merchant: Merchant) -> Callable[[Role], Client]:
    """A browser that is logged in with this role."""

    def _enter(role: Role) -> Client:
        client = Client()
        client.force_login(factories.user(merchant, role=role, email=f"{role}@noor.example"))
        return client

    return _enter


@pytest.fixture
def failed(merchant: Merchant) -> Order:
    """An order whose delivery failed an hour ago."""
    with merchant_scope(merchant.pk):
        parcel = scanned(
            merchant,
            (20, "picked_up.accepted"),
            (1, "attempt.nobody_home"),
            now=timezone.now(),
            number="#1042",
            line1="Villa 14",
        )
        link_for(order=parcel.order, recipient=Recipient.objects.get(order=parcel.order))
        return parcel.order


def _story(order: Order) -> str:
    return f"/desk/noor/orders/{order.pk}/"


def _numbers(response: object) -> list[str]:
    return [hit["number"] for hit in response.context["hits"]]  # type: ignore[attr-defined]


def test_carrier_that_took_the_parcel_over_is_named(
    merchant: Merchant, failed: Order, enter: Callable[[Role], Client]
) -> None:
    with merchant_scope(merchant.pk):
        parcel = failed.shipments.get()
        update = TrackingUpdate(parcel.tracking_number, next_leg=NextLeg("SMSA", "290000000077"))
        ingest(heard=[Heard(parcel.pk, update)], source="poll", now=timezone.now())
    story = enter(Role.AGENT).get(_story(failed)).context["story"]
    rows = [row for row in story["parcels"][0]["facts"] if row["label"] == "Handed on"]
    assert [(row["value"], row["why"]) for row in rows] == [("SMSA Express", "290000000077")]


def test_member_of_one_shop_is_led_to_it(enter: Callable[[Role], Client]) -> None:
    response = enter(Role.AGENT).get("/desk/")
    assert (response.status_code, response.headers["Location"]) == (302, "/desk/noor/")


def test_member_of_two_shops_chooses(merchant: Merchant, other: Merchant) -> None:
    user = factories.user(merchant)
    user.memberships.create(merchant=other, role=Role.AGENT)
    client = Client()
    client.force_login(user)
    offered = [shop["url"] for shop in client.get("/desk/").context["merchants"]]
    assert offered == ["/desk/noor/", "/desk/other/"]


@pytest.mark.parametrize("path", ["/desk/", "/desk/noor/", "/desk/noor/orders/1/"])
def test_stranger_is_asked_to_log_in(merchant: Merchant, path: str) -> None:
    response = Client().get(path)
    assert response.headers["Location"] == f"/app/login/?next={path}"


def test_desk_shows_the_queue_with_reasons(enter: Callable[[Role], Client], failed: Order) -> None:
    response = enter(Role.AGENT).get("/desk/noor/")
    assert [(hit["number"], hit["match"]) for hit in response.context["hits"]] == [
        ("#1042", "1 failed attempt · The carrier reports that nobody was there")
    ]


def test_suggested_reply_keeps_the_carrier_to_itself_where_the_page_does(
    merchant: Merchant, enter: Callable[[Role], Client], failed: Order
) -> None:
    named = enter(Role.AGENT).get(_story(failed)).context["reply"]["text"]
    with merchant_scope(merchant.pk):
        Brand.objects.update(hide_carrier=True)
    hidden = enter(Role.OWNER).get(_story(failed)).context["reply"]["text"]
    assert ("The carrier says" in named, "The carrier says" in hidden) == (False, True)


def test_search_posts_and_answers_htmx_with_the_results_alone(
    enter: Callable[[Role], Client], failed: Order
) -> None:
    client = enter(Role.AGENT)
    whole = client.post("/desk/noor/", {"q": "sara@shop"})
    part = client.post("/desk/noor/", {"q": "sara@shop"}, headers=HTMX)
    assert (_numbers(whole), _numbers(part)) == (["#1042"], ["#1042"])
    assert (b"<html" in whole.content, b"<html" in part.content) == (True, False)
    assert part.context["hits"][0]["match"] == "sara@shopper.example"


def test_a_query_in_the_address_is_not_read(enter: Callable[[Role], Client], failed: Order) -> None:
    response = enter(Role.AGENT).get("/desk/noor/?q=nobody")
    assert (_numbers(response), response.context["search"]["value"]) == (["#1042"], "")


def test_search_stays_beside_the_opened_order_until_the_desk_is_entered_again(
    enter: Callable[[Role], Client], failed: Order
) -> None:
    client = enter(Role.AGENT)
    client.post("/desk/noor/", {"q": "sara@shop"})
    story = client.get(_story(failed))
    assert story.context["search"]["value"] == "sara@shop"
    assert [(hit["number"], hit["open"]) for hit in story.context["hits"]] == [("#1042", True)]
    client.get("/desk/noor/")
    assert client.get(_story(failed)).context["search"]["value"] == ""


def test_search_while_an_order_is_open_marks_it(
    enter: Callable[[Role], Client], failed: Order
) -> None:
    headers = HTMX | {"HX-Current-URL": f"http://testserver{_story(failed)}"}
    part = enter(Role.AGENT).post("/desk/noor/", {"q": "1042"}, headers=headers)
    assert [hit["open"] for hit in part.context["hits"]] == [True]


def test_story_tells_everything_an_agent_needs(
    enter: Callable[[Role], Client], failed: Order
) -> None:
    response = enter(Role.AGENT).get(_story(failed))
    story = response.context["story"]
    assert story["sentence"] == "One parcel, with a failed attempt, customer not told yet"
    assert [event["sentence"] for event in story["parcels"][0]["events"]] == [
        "Attempt failed (NDR) · The carrier reports that nobody was there",
        "Picked up by the carrier",
    ]
    assert story["parcels"][0]["events"][0]["carrier_words"] == "Shipment scanned"
    assert story["customer"]["detail"] == "sara@shopper.example"
    assert (story["address"]["lines"], story["address"]["phone"]) == (
        ["Villa 14", "Dubai"],
        "+971 50 123 4567",
    )
    assert story["page_url"] in response.context["reply"]["text"]
    assert story["steps"][5]["state"] == "incident"


def test_viewer_reads_the_story_without_contact_data_and_notes(
    merchant: Merchant, enter: Callable[[Role], Client], failed: Order
) -> None:
    with merchant_scope(merchant.pk):
        add_note(order=failed, author=factories.user(merchant), text="Called her back")
    page = enter(Role.VIEWER).get(_story(failed)).content.decode()
    seen = [
        text
        for text in ("#1042", "sara@shopper.example", "123 4567", "Villa 14", "Called her back")
        if text in page
    ]
    assert seen == ["#1042"]


def test_agent_adds_a_note_once_and_sees_it(
    merchant: Merchant, enter: Callable[[Role], Client], failed: Order
) -> None:
    client = enter(Role.AGENT)
    for _ in range(2):
        response = client.post(f"{_story(failed)}notes/", {"text": " Called her back "})
    assert (response.status_code, response.headers["Location"]) == (303, f"{_story(failed)}#notes")
    notes = client.get(_story(failed)).context["story"]["notes"]
    assert [(note["text"], note["by"]) for note in notes] == [("Called her back", "Owner")]
    with merchant_scope(merchant.pk):
        entries = list(AuditEntry.objects.values_list("action", "subject"))
    assert entries == [("note.added", "#1042")]


@pytest.mark.parametrize("text", ["", "   ", "\x00"])
def test_empty_note_is_not_written(
    merchant: Merchant, enter: Callable[[Role], Client], failed: Order, text: str
) -> None:
    enter(Role.AGENT).post(f"{_story(failed)}notes/", {"text": text})
    with merchant_scope(merchant.pk):
        assert Note.objects.count() == 0


def test_viewer_may_not_write_a_note(
    merchant: Merchant, enter: Callable[[Role], Client], failed: Order
) -> None:
    response = enter(Role.VIEWER).post(f"{_story(failed)}notes/", {"text": "x"})
    with merchant_scope(merchant.pk):
        assert (response.status_code, Note.objects.count()) == (403, 0)


def test_another_shops_order_is_not_there(enter: Callable[[Role], Client], other: Merchant) -> None:
    with merchant_scope(other.pk):
        theirs = factories.order(other, number="#9")
    client = enter(Role.OWNER)
    answers = [
        client.get(_story(theirs)).status_code,
        client.post(f"{_story(theirs)}notes/", {"text": "x"}).status_code,
        client.get("/desk/other/").status_code,
        client.post("/desk/other/", {"q": "9"}).status_code,
    ]
    assert answers == [404, 404, 404, 404]


def test_notes_are_handed_over_and_erased_with_the_person(scope: Merchant) -> None:
    order = factories.order(scope)
    kept = factories.order(scope)
    author = factories.user(scope)
    for one in (order, kept):
        add_note(order=one, author=author, text="Asks for the afternoon")
    person = Person(order_ids=frozenset({order.pk}))
    assert [row["text"] for row in export_person(person)] == ["Asks for the afternoon"]
    assert (erase_person(person), erase_person(person)) == (1, 0)
    assert [note.order_id for note in Note.objects.all()] == [kept.pk]


@pytest.mark.parametrize("orders", [1, 30])
@pytest.mark.parametrize(("query", "budget"), [("", 13), ("shopper", 10)])
def test_results_cost_the_same_however_many(
    merchant: Merchant, enter: Callable[[Role], Client], orders: int, query: str, budget: int
) -> None:
    with merchant_scope(merchant.pk):
        for _ in range(orders):
            scanned(merchant, (20, "picked_up.accepted"), (1, "lost.declared"), now=timezone.now())
    client = enter(Role.AGENT)
    client.post("/desk/noor/", {"q": query})
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = client.post("/desk/noor/", {"q": query})
    assert (len(response.context["hits"]), len(queries)) == (orders, budget), [
        query["sql"] for query in queries
    ]


@pytest.mark.parametrize("parcels", [1, 5])
def test_story_costs_the_same_however_many_parcels(
    merchant: Merchant, enter: Callable[[Role], Client], failed: Order, parcels: int
) -> None:
    with merchant_scope(merchant.pk):
        for _ in range(parcels - 1):
            scanned(merchant, (20, "picked_up.accepted"), order=failed, now=timezone.now())
    client = enter(Role.AGENT)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(_story(failed))
    assert (len(response.context["story"]["parcels"]), len(queries)) == (parcels, 35), [
        query["sql"] for query in queries
    ]
