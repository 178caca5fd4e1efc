"""The page's forms: answers to a failed attempt and cases, posted by whoever has the link."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from helpdesk.cases import close_case, open_case, write_to_shopper
from helpdesk.models import Case
from merchants.models import Domain, Merchant
from merchants.scope import merchant_scope
from storefront_pages import asking
from storefront_pages.shop_page import shop_page
from tests import factories
from tests.storefront_pages import scenes
from tracking.answers import settle
from tracking.models import Change, DeliveryAnswer, Order, Shipment

Post = Callable[..., HttpResponse]


@pytest.fixture
def at_door(merchant: Merchant) -> tuple[str, Order]:
    """A page whose carrier waits for an answer."""
    return page_of(merchant, scenes.attempt_failed)


def page_of(merchant: Merchant, scene: scenes.Scene) -> tuple[str, Order]:
    with merchant_scope(merchant.pk):
        order = scene(merchant)
        return scenes.path(merchant, order), order


def first_day(page: str) -> str:
    return re.findall(r'name="day" value="([^"]+)"', page)[0]


def heading(client: Client, path: str, language: str = "en") -> str:
    page = client.get(path, {"lang": language}).content.decode()
    return re.findall(r"<h1>([^<]*)</h1>", page)[0]


def wish(client: Client, path: str, **values: str) -> Any:
    return client.post(f"{path}answer/", {"parcel": "1", "do": "wish", **values})


def answers(merchant: Merchant) -> list[DeliveryAnswer]:
    with merchant_scope(merchant.pk):
        return list(DeliveryAnswer.objects.order_by("pk"))


def cases(merchant: Merchant) -> list[Case]:
    with merchant_scope(merchant.pk):
        return list(Case.objects.order_by("pk"))


def test_day_is_passed_on_and_the_page_says_so(
    client: Client, merchant: Merchant, at_door: tuple[str, Order]
) -> None:
    path, _ = at_door
    day = first_day(client.get(path, {"lang": "en"}).content.decode())
    response = wish(client, path, day=day, part="evening")
    assert (response.status_code, response.headers["Location"]) == (303, path)
    (answer,) = answers(merchant)
    assert (str(answer.day), answer.part_of_day, answer.by_hand) == (day, "evening", True)
    said = heading(client, path)
    assert said.startswith("Noor Home has your wish: ")
    assert said.endswith(" in the evening. It is passed on to the carrier next")
    assert heading(client, path, "ar").startswith("وصل طلبك إلى متجر Noor Home: ")


def test_answer_of_the_carrier_is_said(
    client: Client, merchant: Merchant, at_door: tuple[str, Order]
) -> None:
    path, _ = at_door
    wish(client, path, landmark="The pharmacy")
    with merchant_scope(merchant.pk):
        agent = factories.user(merchant)
        settle(
            answer=DeliveryAnswer.objects.get(), agreed=False, words="No such street", by=agent,
            now=datetime.now(UTC),
        )  # fmt: skip
    page = client.get(path, {"lang": "en"}).content.decode()
    assert "<h1>Aramex could not agree to this: a landmark</h1>" in page
    assert "Aramex says: “\u2068No such street\u2069”. Please choose another time below." in page
    assert page.count('name="day"') > 1


def test_second_click_makes_one(
    client: Client, merchant: Merchant, at_door: tuple[str, Order]
) -> None:
    path, _ = at_door
    codes = [wish(client, path, landmark="The pharmacy").status_code for _ in range(2)]
    assert (codes, len(answers(merchant))) == ([303, 303], 1)


def test_nobody_came_is_taken_and_another_time_can_still_be_chosen(
    client: Client, merchant: Merchant, at_door: tuple[str, Order]
) -> None:
    path, _ = at_door
    client.post(f"{path}answer/", {"parcel": "1", "do": "nobody_came"})
    assert heading(client, path) == "You told us that nobody came. We are asking the carrier"
    page = client.get(path, {"lang": "en"}).content.decode()
    assert ("Nobody came or called</button>" in page, 'name="day"' in page) == (False, True)


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({}, "Choose a day, or tell the courier below how to find you."),
        ({"part": "evening"}, "Choose a day, or tell the courier below how to find you."),
        ({"day": "2020-01-01"}, "This day is not possible any more. Please choose another one."),
        ({"day": "gestern"}, "This day is not possible any more. Please choose another one."),
        ({"phone": "call me"}, "Enter a phone number with 6 to 15 digits, such as 050 123 4567."),
        ({"address": "x" * 256}, "Please keep it under 255 letters."),
        ({"words": "x" * 501}, "Please keep it under 500 letters."),
    ],
)
def test_what_is_wrong_stands_beside_the_field(
    client: Client, merchant: Merchant, at_door: tuple[str, Order], values: dict[str, str],
    error: str,
) -> None:  # fmt: skip
    path, _ = at_door
    response = wish(client, path, landmark="", **values)
    page = response.content.decode()
    assert (response.status_code, page.count(error), answers(merchant)) == (422, 1, [])
    assert response.headers["Cache-Control"] == "no-store"
    assert "data-live" not in page


def test_page_holds_nothing_that_was_typed(
    client: Client, merchant: Merchant, at_door: tuple[str, Order]
) -> None:
    path, _ = at_door
    wish(client, path, address="Villa 99", landmark="The mosque", phone="0507654321", words="Ring")
    client.post(f"{path}case/", {"kind": "concern", "parcel": "1", "text": "My secret matter"})
    page = client.get(path, {"lang": "en"}).content.decode()
    typed = ("Villa 99", "The mosque", "0507654321", "Ring", "My secret matter")
    assert [word for word in typed if word in page] == []


def test_not_received_is_a_case_and_disputes_the_parcel(client: Client, merchant: Merchant) -> None:
    path, _ = page_of(merchant, scenes.delivered)
    response = client.post(f"{path}case/", {"kind": "not_received", "parcel": "1", "text": ""})
    assert response.headers["Location"] == f"{path}#cases"
    (case,) = cases(merchant)
    with merchant_scope(merchant.pk):
        parcel = Shipment.objects.get()
    assert (case.kind, case.shipment_id, parcel.disputed) == ("not_received", parcel.pk, True)
    page = client.get(path, {"lang": "en"}).content.decode()
    assert "Noor Home has received your message." in page
    assert "Report it as not received" not in page


def test_shopper_follows_a_case_to_its_outcome(client: Client, merchant: Merchant) -> None:
    path, _ = page_of(merchant, scenes.late)
    client.post(f"{path}case/", {"kind": "concern", "parcel": "1", "text": "I need it on Monday"})
    etags = [client.get(path).headers["ETag"]]
    agent, (case,) = factories.user(merchant), cases(merchant)
    now = datetime.now(UTC)
    with merchant_scope(merchant.pk):
        write_to_shopper(case=case, text="We hurry", language="en", by=agent, now=now)
    page = client.get(path, {"lang": "en"})
    assert ("Being worked on" in page.content.decode(), "We hurry" in page.content.decode()) == (
        True, True,
    )  # fmt: skip
    etags.append(client.get(path).headers["ETag"])
    with merchant_scope(merchant.pk):
        close_case(case=case, outcome="resent", text="It is new", language="en", by=agent, now=now)
    etags.append(client.get(path).headers["ETag"])
    page = client.get(path, {"lang": "en"})
    assert "A new parcel was sent" in page.content.decode()
    assert len(set(etags)) == 3


def test_empty_and_long_words_are_refused(client: Client, merchant: Merchant) -> None:
    path, _ = page_of(merchant, scenes.late)
    for text, error in (("", "Please write a few words."), ("x" * 1001, "under 1000 letters")):
        response = client.post(f"{path}case/", {"kind": "concern", "parcel": "1", "text": text})
        assert (response.status_code, error in response.content.decode()) == (422, True)
    assert cases(merchant) == []


def test_order_without_a_parcel_takes_a_case(client: Client, merchant: Merchant) -> None:
    path, order = page_of(merchant, scenes.placed)
    client.post(f"{path}case/", {"kind": "address", "text": "Villa 15"})
    (case,) = cases(merchant)
    assert (case.order_id, case.shipment_id) == (order.pk, None)
    assert (
        "Noor Home has received your message." in client.get(path, {"lang": "en"}).content.decode()
    )


@pytest.mark.parametrize("place", ["0", "2", "x", "", "٣", "99999999999999999999"])
def test_parcel_that_is_not_there_is_no_error(
    client: Client, merchant: Merchant, at_door: tuple[str, Order], place: str
) -> None:
    path, _ = at_door
    response = client.post(f"{path}answer/", {"parcel": place, "do": "nobody_came"})
    assert (response.status_code, answers(merchant)) == (303, [])


@pytest.mark.parametrize("part", ["answer", "case"])
def test_too_many_posts_are_told_to_wait(
    client: Client, merchant: Merchant, at_door: tuple[str, Order], part: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(asking, "POSTS_A_LINK", (1, 3600))
    path, _ = at_door
    posted = {"parcel": "1", "do": "wish", "kind": "concern", "text": "Hello"}
    codes = [client.post(f"{path}{part}/", posted) for _ in range(2)]
    assert codes[1].status_code == 429
    assert int(codes[1].headers["Retry-After"]) > 0
    assert "Too many tries. Please try again in" in codes[1].content.decode()


@pytest.mark.parametrize("part", ["answer", "case"])
def test_unknown_link_posts_nothing(client: Client, merchant: Merchant, part: str) -> None:
    assert client.post(f"/p/noor/t/nosuchtoken/{part}/", {"do": "wish"}).status_code == 404
    assert client.get(f"/p/noor/t/nosuchtoken/{part}/").status_code == 404


def test_looking_at_a_form_address_leads_to_the_page(
    client: Client, at_door: tuple[str, Order]
) -> None:
    path, _ = at_door
    assert client.get(f"{path}answer/").headers["Location"] == path
    assert client.put(f"{path}answer/").status_code == 405


def test_forms_need_no_cookie_and_no_csrf_token(
    merchant: Merchant, at_door: tuple[str, Order]
) -> None:
    path, _ = at_door
    client = Client(enforce_csrf_checks=True)
    response = wish(client, path, landmark="The pharmacy")
    assert (response.status_code, dict(client.cookies)) == (303, {})


def test_forms_work_on_a_shops_own_domain(
    client: Client, merchant: Merchant, at_door: tuple[str, Order]
) -> None:
    Domain.objects.create(
        host="track.noor.example", merchant=merchant, verified_at=datetime.now(UTC)
    )
    token = at_door[0].split("/")[-2]
    host = {"HTTP_HOST": "track.noor.example"}
    page = client.get(f"/t/{token}/", {"lang": "en"}, **host).content.decode()
    assert f'action="/t/{token}/answer/#attempt"' in page
    posted = {"parcel": "1", "do": "wish", "landmark": "The pharmacy"}
    response = client.post(f"/t/{token}/answer/", posted, **host)
    assert response.headers["Location"] == f"/t/{token}/"
    assert len(answers(merchant)) == 1


def test_page_with_cases_and_answers_takes_four_queries(
    client: Client, merchant: Merchant, at_door: tuple[str, Order]
) -> None:
    path, order = at_door
    wish(client, path, landmark="The pharmacy")
    with merchant_scope(merchant.pk):
        for n in range(3):
            open_case(order=order, kind="concern", text=f"Matter {n}", now=datetime.now(UTC))
        shop_page(merchant)  # read once a process, not once a page
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    asked = [query["sql"] for query in queries if "FROM" in query["sql"]]
    assert len(asked) == 4, asked


def test_change_of_a_case_holds_no_words_of_the_shopper(client: Client, merchant: Merchant) -> None:
    path, _ = page_of(merchant, scenes.placed)
    client.post(f"{path}case/", {"kind": "address", "text": "Villa 15, my street"})
    with merchant_scope(merchant.pk):
        change = Change.objects.get(kind="order")
    assert ("Villa" in repr(change.data), change.data["event"]) == (False, "opened")


@pytest.mark.parametrize(
    ("path", "typed", "anchor"),
    [
        ("feedback/", {"about": "1", "mark": "4", "words": "x" * 1001}, "feedback"),
        ("case/", {"kind": "concern", "text": ""}, "concern"),
        ("answer/", {"do": "away", "parcel": "1"}, "away"),
        ("answer/", {"do": "wish", "parcel": "1"}, "attempt"),
    ],
)
def test_what_is_wrong_is_where_the_post_leads(
    client: Client, merchant: Merchant, path: str, typed: dict[str, str], anchor: str
) -> None:
    scene = {
        "feedback": scenes.delivered, "attempt": scenes.attempt_failed,
    }.get(anchor, scenes.out)  # fmt: skip
    with merchant_scope(merchant.pk):
        page = scenes.path(merchant, scene(merchant))
    if anchor == "feedback":
        client.post(f"{page}{path}", {"about": "1", "mark": "4"})
    answer = client.post(f"{page}{path}", typed)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert f'action="{page}{path}#{anchor}"' in html
    assert html.index(f'id="{anchor}"') < html.index('class="field__error"')
    assert 'role="alert"' not in html
