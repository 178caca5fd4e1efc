"""The five steps: skipped, resumed, done; the look, the message to oneself, the open question."""

from __future__ import annotations

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from merchants.models import Brand, Merchant, Role
from merchants.scope import merchant_scope
from notifications.models import Message
from notifications.rules import rules_of, topics_on
from tests import factories
from tests.dashboard.test_settings import PNG
from tracking.models import Order


@pytest.fixture
def begun(db: None) -> Merchant:
    """A shop whose set-up has begun."""
    return factories.merchant(
        sends_own_confirmations=None, setup_ended_at=None, setup_steps={"shop": "done"}
    )


@pytest.fixture
def client(begun: Merchant) -> Client:
    made = Client()
    made.force_login(factories.user(begun))
    return made


def setup_todo(client: Client) -> list[str]:
    todos = client.get("/app/noor/").context["todos"]
    return [one["sentence"] for one in todos if one["icon"] == "list-checks"]


def states(client: Client, step: str) -> list[str]:
    return [one["state"] for one in client.get(f"/app/noor/setup/{step}/").context["steps"]]


def test_home_asks_to_finish_and_leads_to_the_open_step(client: Client) -> None:
    assert setup_todo(client) == ["Finish setting up: 1 of 5"]
    assert client.get("/app/noor/setup/").headers["Location"] == "/app/noor/setup/look/"


def test_skipped_step_stays_open_and_is_come_back_to(client: Client) -> None:
    response = client.post("/app/noor/setup/look/skip/")
    assert response.headers["Location"] == "/app/noor/setup/carrier/"
    assert client.get("/app/noor/setup/").headers["Location"] == "/app/noor/setup/carrier/"
    assert setup_todo(client) == ["Finish setting up: 1 of 5"]
    for step in ("carrier", "store"):
        client.post(f"/app/noor/setup/{step}/skip/")
    assert client.get("/app/noor/setup/").headers["Location"] == "/app/noor/setup/message/"


def test_skipping_what_was_done_takes_nothing_back(client: Client) -> None:
    client.post("/app/noor/setup/look/", {"accent": "#0a5c4a", "tagline": ""})
    client.post("/app/noor/setup/look/skip/")
    assert states(client, "carrier") == ["done", "done", "current", "next", "next"]


def test_what_was_done_elsewhere_counts(client: Client, begun: Merchant) -> None:
    with merchant_scope(begun.pk):
        factories.order(begun)
    assert setup_todo(client) == ["Finish setting up: 2 of 5"]


def test_skipping_the_last_step_is_the_end(client: Client) -> None:
    response = client.post("/app/noor/setup/message/skip/")
    assert response.headers["Location"] == "/app/noor/setup/done/"
    assert setup_todo(client) == []


def test_set_up_can_be_put_away(client: Client) -> None:
    assert client.post("/app/noor/setup/dismiss/").headers["Location"] == "/app/noor/"
    assert setup_todo(client) == []
    assert client.get("/app/noor/").context["setup_url"] == ""


def test_agent_is_not_asked_to_set_up(begun: Merchant) -> None:
    client = Client()
    client.force_login(factories.user(begun, role=Role.AGENT))
    assert setup_todo(client) == []
    assert client.get("/app/noor/setup/look/").status_code == 403


def test_unknown_step_is_not_there(client: Client) -> None:
    assert client.get("/app/noor/setup/world/").status_code == 404
    assert client.post("/app/noor/setup/world/skip/").status_code == 404


def test_look_is_live_at_once(client: Client, begun: Merchant) -> None:
    upload = SimpleUploadedFile("logo.png", PNG)
    data = {"accent": "#0A5C4A", "tagline": "From Dubai", "logo_file": upload}
    response = client.post("/app/noor/setup/look/", data)
    with merchant_scope(begun.pk):
        brand = Brand.objects.get()
    assert response.headers["Location"] == "/app/noor/setup/carrier/"
    assert (brand.accent, brand.tagline, brand.logo_type, brand.version) == (
        "#0a5c4a", "From Dubai", "image/png", 2,
    )  # fmt: skip


@pytest.mark.parametrize("data", [{"accent": "red"}, {"accent": "#fff;}"}, {}])
def test_wrong_look_is_refused(client: Client, begun: Merchant, data: dict[str, str]) -> None:
    assert client.post("/app/noor/setup/look/", data).status_code == 400
    with merchant_scope(begun.pk):
        assert Brand.objects.get().version == 1


def test_logo_that_is_none_says_why(client: Client) -> None:
    data = {"accent": "#0a5c4a", "logo_file": SimpleUploadedFile("logo.png", b"GIF89a")}
    response = client.post("/app/noor/setup/look/", data)
    assert response.context["fields"][0]["error"] == "This is no PNG, SVG or WebP."


def test_pale_colour_is_said_to_be_moved_and_previewed(client: Client) -> None:
    part = client.post("/app/noor/setup/tone/", {"accent": "#ffe680", "tagline": "Hi"}).context
    assert part["tone"]["text"].startswith("This colour is too pale")
    assert part["tone"]["before"] == "#ffe680"
    page = client.get(part["preview_url"])
    assert page.headers["Content-Security-Policy"].startswith("sandbox allow-scripts")


def test_readable_colour_is_said_to_be_fine(client: Client) -> None:
    part = client.post("/app/noor/setup/tone/", {"accent": "#0a5c4a"}).context
    assert (part["tone"]["text"], part["tone"]["after"]) == (
        "This colour can be read as it is.", "",
    )  # fmt: skip


def test_placed_and_confirmed_are_off_until_answered(client: Client, begun: Merchant) -> None:
    on = []
    for answer in (None, "yes", "no", "perhaps"):
        if answer:
            client.post("/app/noor/messages/confirmations/", {"sends_own": answer})
        begun.refresh_from_db()
        with merchant_scope(begun.pk):
            on.append("placed" in topics_on(rules_of(begun), channel="email"))
    assert on == [False, False, True, True]


def test_question_is_asked_on_home_and_under_messages_until_answered(client: Client) -> None:
    home = [one["url"] for one in client.get("/app/noor/").context["todos"]]
    asked = client.get("/app/noor/messages/").context["confirmations"]["answered"]
    client.post("/app/noor/messages/confirmations/", {"sends_own": "no"})
    answered = client.get("/app/noor/messages/").context["confirmations"]["answered"]
    assert "/app/noor/messages/#confirmations" in home
    assert (asked, answered) == ("", "no")
    assert "/app/noor/messages/#confirmations" not in [
        one["url"] for one in client.get("/app/noor/").context["todos"]
    ]


def test_answer_leads_back_to_where_it_was_asked(client: Client) -> None:
    data = {"sends_own": "no", "next": "/app/noor/setup/message/"}
    there = client.post("/app/noor/messages/confirmations/", data).headers["Location"]
    data["next"] = "https://evil.example/"
    elsewhere = client.post("/app/noor/messages/confirmations/", data).headers["Location"]
    assert (there, elsewhere) == ("/app/noor/setup/message/", "/app/noor/messages/")


def test_message_goes_to_oneself_and_says_so(client: Client) -> None:
    data = {"milestone": "delivered", "language": "ar"}
    page = client.post("/app/noor/setup/message/", data, follow=True)
    (sent,) = mail.outbox
    said = [str(one) for one in page.context["messages"]]
    assert sent.to == ["Owner <owner@noor.example>"]
    assert said == ["Sent to owner@noor.example; it is in your mailbox within a minute."]
    assert page.context["was_sent"] is True


def test_message_about_an_order_is_a_row_of_purpose_test(client: Client, begun: Merchant) -> None:
    parcel = {"tracking_number": "1Z999AA10123456784", "country": "AE", "language": "en"}
    client.post("/app/noor/orders/new/", parcel)
    data = {"milestone": "out_for_delivery", "language": "en"}
    for _ in range(2):
        client.post("/app/noor/setup/message/", data)
    with merchant_scope(begun.pk):
        rows = list(Message.objects.order_by("pk").values_list("purpose", "sequence", "to"))
        pk = Order.objects.get().pk
    page = client.get(f"/app/noor/orders/{pk}/").context
    assert page["order"]["sentence"].endswith("customer not told yet")
    assert rows == [("test", 1, "owner@noor.example"), ("test", 2, "owner@noor.example")]


def test_message_is_shown_before_it_is_sent(client: Client) -> None:
    page = client.get("/app/noor/setup/message/?milestone=delivered&language=ar")
    shown = client.get(page.context["mail_url"])
    assert '<html lang="ar" dir="rtl"' in shown.content.decode()
    assert shown.headers["Content-Security-Policy"].startswith("sandbox;")


def test_end_shows_where_everything_is(client: Client) -> None:
    page = client.get("/app/noor/setup/done/").context
    assert page["page_url"] == "http://127.0.0.1:8000/p/noor/"
    assert (page["desk_url"], page["is_asked"]) == ("/desk/noor/", True)
