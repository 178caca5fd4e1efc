"""What customers wrote, on the desk: a case, the conversation, the reply within 24 hours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from helpdesk.models import Case, CaseEntry
from helpdesk.queue import worst_first
from merchants.models import AuditEntry, Merchant, Role
from merchants.scope import merchant_scope
from notifications.answers.said import Letter, Media, Said, Spot
from notifications.answers.taking import For, take
from notifications.consent import suppress
from notifications.models import Answer, Message
from notifications.sandbox.running import RunningPhones
from tests import factories
from tests.helpdesk.parcels import scanned
from tests.notifications.phones import pointed_at_phones, switch_on
from tracking.models import Change, DeliveryAnswer, Order, Recipient, Shipment

SARA = "+971501234567"
OMAR = "+971507654321"
_ids = count(1)


@pytest.fixture(autouse=True)
def phones(settings: Any) -> Iterator[RunningPhones]:
    with pointed_at_phones(settings) as running:
        yield running


@pytest.fixture
def enter(merchant: Merchant) -> Callable[[Role], Client]:
    def _enter(role: Role) -> Client:
        client = Client()
        client.force_login(factories.user(merchant, role=role, email=f"{role}@noor.example"))
        return client

    return _enter


@pytest.fixture
def agent(enter: Callable[[Role], Client]) -> Client:
    return enter(Role.AGENT)


@pytest.fixture
def order(merchant: Merchant) -> Order:
    """An order that its buyer was told of by WhatsApp."""
    with merchant_scope(merchant.pk):
        switch_on(merchant, "whatsapp", "sms")
        return factories.order(merchant, number="#1042", language="ar")


def told(order: Order, channel: str = "whatsapp") -> Message:
    change, _ = Change.objects.get_or_create(
        merchant_id=order.merchant_id, order=order, kind="milestone", key="placed",
        defaults={"at": timezone.now()},
    )  # fmt: skip
    return Message.objects.create(
        merchant_id=order.merchant_id, order=order, change=change, channel=channel,
        recipient=Recipient.objects.get(order=order), topic="placed", language=order.language,
        to=SARA if channel != "email" else "sara@shopper.example", state="sent",
        sequence=next(_ids),
    )  # fmt: skip


def wrote(order: Order | None, merchant: Merchant, text: str = "After six?", *,
          channel: str = "whatsapp", hours_ago: float = 0, number: str = SARA,
          **more: Any) -> Answer:  # fmt: skip
    """The customer wrote so long ago."""
    with merchant_scope(merchant.pk):
        message = told(order, channel) if order else None
        said = Said(
            channel=channel,
            number="sara@shopper.example" if channel == "email" else number,
            to="+15550100002",
            text=text,
            provider_id=f"SM{next(_ids)}",
            **more,
        )
        whose = For(merchant.pk, order is not None, message.pk if message else None, "newest")
        at = timezone.now() - timedelta(hours=hours_ago)
        take(said, whose, received_at=at, now=at)
        return Answer.objects.latest("pk")


def post(client: Client, answer: Answer, do: str, **more: str) -> Any:
    return client.post(f"/desk/noor/written/{answer.pk}/", {"do": do, **more})


def story(client: Client, order: Order) -> Any:
    return client.get(f"/desk/noor/orders/{order.pk}/")


def replies(merchant: Merchant) -> list[Message]:
    with merchant_scope(merchant.pk):
        return list(Message.objects.filter(topic="reply").order_by("pk"))


def test_words_open_a_case_and_further_ones_join_it(merchant: Merchant, order: Order) -> None:
    first = wrote(order, merchant, "Where is it?")
    second = wrote(order, merchant, "Hello?")
    with merchant_scope(merchant.pk):
        case = Case.objects.get()
        entries = CaseEntry.objects.order_by("pk").values_list("kind", "text", "answer_id")
        assert (case.kind, case.text, case.by_shopper) == ("other", "Where is it?", True)
        assert list(entries) == [
            ("state", "", first.pk), ("from_shopper", "Hello?", second.pk),
        ]  # fmt: skip
        assert Change.objects.filter(key__startswith="case:").count() == 0


def test_closed_case_stays_closed_and_words_open_another(merchant: Merchant, order: Order) -> None:
    wrote(order, merchant, "Where is it?")
    with merchant_scope(merchant.pk):
        Case.objects.update(state="closed")
    wrote(order, merchant, "And the lamp?")
    with merchant_scope(merchant.pk):
        assert list(Case.objects.order_by("pk").values_list("state", "text")) == [
            ("closed", "Where is it?"), ("open", "And the lamp?"),
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({"text": "", "media": (Media("image/jpeg", "ME1"),)}, "Sent a picture"),
        ({"text": "", "media": (Media("audio/ogg", "ME1"),)}, "Sent a voice note"),
        ({"text": "", "spot": Spot(25.08, 55.14, "Gate 3")}, "Shared a place: Gate 3"),
        ({"text": "x" * 1200}, "x" * 999 + "…"),
    ],
)
def test_case_says_what_has_no_words(
    merchant: Merchant, order: Order, more: dict[str, Any], text: str
) -> None:
    wrote(order, merchant, **more)
    with merchant_scope(merchant.pk):
        assert Case.objects.get().text == text


def test_thanks_open_no_case(merchant: Merchant, order: Order) -> None:
    wrote(order, merchant, "شكرا")
    with merchant_scope(merchant.pk):
        assert Case.objects.count() == 0


def test_story_shows_words_place_and_picture(
    merchant: Merchant, order: Order, agent: Client
) -> None:
    wrote(order, merchant, "أين الطلب؟", hours_ago=3)
    wrote(order, merchant, "", hours_ago=2, spot=Spot(25.08, 55.14, "Gate 3"))
    wrote(order, merchant, "", hours_ago=1, media=(Media("image/jpeg", "ME42"),))
    page = story(agent, order)
    lines = page.context["story"]["written"]["lines"]
    assert (lines[0]["text"], lines[0]["lang"]) == ("أين الطلب؟", "ar")
    html = page.content.decode()
    for part in ("mlat=25.080000", "Shared a place: Gate 3", "Sent a picture", "ME42"):
        assert part in html


def test_viewer_sees_that_somebody_wrote_and_not_what(
    merchant: Merchant, order: Order, enter: Callable[[Role], Client]
) -> None:
    answer = wrote(order, merchant, "My secret", spot=Spot(25.08, 55.14, "Gate 3"))
    viewer = enter(Role.VIEWER)
    for page in (story(viewer, order), viewer.get("/desk/noor/written/")):
        html = page.content.decode()
        assert ("My secret" in html, "Gate 3" in html, SARA in html) == (False, False, False)
    assert post(viewer, answer, "none").status_code == 403


def test_answer_goes_out_by_whatsapp_and_stays_in_the_story_and_the_case(
    merchant: Merchant, order: Order, agent: Client
) -> None:
    answer = wrote(order, merchant, hours_ago=23)
    for _ in range(2):
        response = post(agent, answer, "reply:whatsapp", text="نعم، بعد السادسة", language="ar")
        assert (response.status_code, response["Location"][-8:]) == (303, "#written")
    (sent,) = replies(merchant)
    assert (sent.channel, sent.to, sent.text, sent.language) == (
        "whatsapp", SARA, "نعم، بعد السادسة", "ar",
    )  # fmt: skip
    with merchant_scope(merchant.pk):
        answer.refresh_from_db()
        assert (answer.state, answer.taken_by.email) == ("done", "agent@noor.example")
        case = Case.objects.get()
        entry = case.entries.get(kind="to_shopper")
        assert (case.state, entry.text) == ("waiting", "نعم، بعد السادسة")
        assert AuditEntry.objects.filter(action="written.replied").count() == 1
    lines = story(agent, order).context["story"]["written"]["lines"]
    assert [(line["is_theirs"], line["text"]) for line in lines] == [
        (True, "After six?"), (False, "نعم، بعد السادسة"),
    ]  # fmt: skip


def test_whatsapp_is_refused_after_24_hours_with_the_reason_and_mail_is_offered(
    merchant: Merchant, order: Order, agent: Client
) -> None:
    answer = wrote(order, merchant, hours_ago=24.1)
    response = post(agent, answer, "reply:whatsapp", text="Yes", language="en")
    box = response.context["story"]["written"]["box"]
    assert (response.status_code, box["text"], replies(merchant)) == (422, "Yes", [])
    assert box["error"].startswith(
        "WhatsApp takes an answer only within 24 hours of the customer’s last message; that ended "
    )
    assert [way["channel"] for way in box["open"]] == ["email", "sms"]
    assert [way["channel"] for way in box["closed"]] == ["whatsapp"]


def test_newer_message_opens_the_window_again(
    merchant: Merchant, order: Order, agent: Client
) -> None:
    answer = wrote(order, merchant, hours_ago=30)
    wrote(order, merchant, "👍")
    post(agent, answer, "reply:whatsapp", text="Yes", language="en")
    assert [one.channel for one in replies(merchant)] == ["whatsapp"]


def test_nobody_writes_to_who_said_stop(merchant: Merchant, order: Order, agent: Client) -> None:
    answer = wrote(order, merchant)
    with merchant_scope(merchant.pk):
        suppress(merchant_id=merchant.pk, channel="whatsapp", address=SARA, reason="STOP")
    response = post(agent, answer, "reply:whatsapp", text="Yes", language="en")
    assert (response.status_code, replies(merchant)) == (422, [])
    assert response.context["story"]["written"]["box"]["error"] == (
        "The customer wants nothing by WhatsApp, or it does not arrive."
    )


def test_mail_is_answered_in_its_thread_at_any_time(
    merchant: Merchant, order: Order, agent: Client
) -> None:
    letter = Letter(subject="My order", message_id="<a@x.example>")
    answer = wrote(order, merchant, channel="email", hours_ago=90, letter=letter)
    post(agent, answer, "reply:email", text="Tomorrow.", language="en")
    (sent,) = replies(merchant)
    with merchant_scope(merchant.pk):
        thread = sent.change.data["in_reply_to"]
    assert (sent.subject, thread) == ("Re: My order", "<a@x.example>")
    assert "Tomorrow." in sent.text
    assert "Tomorrow." in sent.html


@pytest.mark.parametrize("text", ["", "x" * 1001])
def test_words_must_be_some_and_not_too_many(
    merchant: Merchant, order: Order, agent: Client, text: str
) -> None:
    answer = wrote(order, merchant)
    assert post(agent, answer, "reply:whatsapp", text=text).status_code == 422
    assert replies(merchant) == []


def test_message_that_needs_no_answer_leaves_the_list(
    merchant: Merchant, order: Order, agent: Client
) -> None:
    answer = wrote(order, merchant)
    assert agent.get("/desk/noor/written/").context["sentence"] == "1 unanswered message"
    post(agent, answer, "none")
    assert agent.get("/desk/noor/written/").context["waiting"] == []


def test_answer_in_the_case_is_an_answer(merchant: Merchant, order: Order, agent: Client) -> None:
    answer = wrote(order, merchant)
    with merchant_scope(merchant.pk):
        case = Case.objects.get()
    agent.post(f"/desk/noor/cases/{case.pk}/", {"do": "write", "text": "Yes", "language": "en"})
    with merchant_scope(merchant.pk):
        answer.refresh_from_db()
        assert answer.state == "done"


def test_list_is_oldest_first_and_names_windows_that_close(
    merchant: Merchant, order: Order, agent: Client
) -> None:
    with merchant_scope(merchant.pk):
        later = factories.order(merchant, number="#2000")
    wrote(later, merchant, "B", hours_ago=1, number=OMAR)
    wrote(order, merchant, "A", hours_ago=22)
    rows = agent.get("/desk/noor/written/").context["waiting"]
    assert [(row["number"], row["window"]["tone"]) for row in rows] == [
        ("#1042", "act"), ("#2000", "good"),
    ]  # fmt: skip
    assert rows[0]["window"]["label"] in {"Closes in 119 minutes", "Closes in 120 minutes"}


def test_queue_puts_a_window_that_closes_first(merchant: Merchant, order: Order) -> None:
    now = timezone.now()
    with merchant_scope(merchant.pk):
        lost = scanned(merchant, (20, "picked_up.accepted"), (1, "lost.declared"), now=now)
        later = factories.order(merchant, number="#2000")
    wrote(later, merchant, hours_ago=2, number=OMAR)
    wrote(order, merchant, hours_ago=22)
    with merchant_scope(merchant.pk):
        lines = worst_first(now=timezone.now(), today=now.date())
    assert [line.order_id for line in lines] == [order.pk, later.pk, lost.order_id]
    assert lines[0].reason == "WhatsApp, waits 22 h · WhatsApp closes soon"


def test_answer_without_an_order_is_given_to_one(
    merchant: Merchant, order: Order, agent: Client
) -> None:
    answer = wrote(None, merchant, "Where is it?")
    rows = agent.get("/desk/noor/written/").context["homeless"]
    assert [row["excerpt"] for row in rows] == ["Where is it?"]
    post(agent, answer, "give", number="9999")
    post(agent, answer, "give", number="1042")
    with merchant_scope(merchant.pk):
        answer.refresh_from_db()
        assert (answer.order_id, answer.found_by, Case.objects.get().text) == (
            order.pk, "person", "Where is it?",
        )  # fmt: skip
    post(agent, answer, "reply:whatsapp", text="Tomorrow", language="en")
    assert [one.to for one in replies(merchant)] == [SARA]


def test_place_becomes_the_pin_before_dispatch(
    merchant: Merchant, order: Order, agent: Client
) -> None:
    answer = wrote(order, merchant, "", spot=Spot(25.0805, 55.1403))
    post(agent, answer, "place")
    with merchant_scope(merchant.pk):
        order.refresh_from_db()
        answer.refresh_from_db()
        assert (order.latitude, order.longitude) == (25.0805, 55.1403)
        assert (answer.used_at is not None, answer.state) == (True, "noted")


def test_place_is_passed_on_to_the_carrier_after_a_failed_attempt(
    merchant: Merchant, agent: Client
) -> None:
    with merchant_scope(merchant.pk):
        parcel = scanned(
            merchant, (20, "picked_up.accepted"), (1, "attempt.nobody_home"), now=timezone.now()
        )
    answer = wrote(parcel.order, merchant, "", spot=Spot(25.0805, 55.1403, "Gate 3"))
    post(agent, answer, "place")
    with merchant_scope(merchant.pk):
        wish = DeliveryAnswer.objects.get()
        assert (wish.landmark, "mlat=25.080500" in wish.words) == ("Gate 3", True)


def test_place_of_a_parcel_on_its_way_is_only_shown(merchant: Merchant, agent: Client) -> None:
    with merchant_scope(merchant.pk):
        parcel = scanned(merchant, (20, "picked_up.accepted"), now=timezone.now())
    answer = wrote(parcel.order, merchant, "", spot=Spot(25.0805, 55.1403))
    assert story(agent, parcel.order).context["story"]["written"]["lines"][0]["use"] == ""
    post(agent, answer, "place")
    with merchant_scope(merchant.pk):
        assert (Shipment.objects.get().order.latitude, DeliveryAnswer.objects.count()) == (None, 0)


def test_shop_whose_marketplace_forbids_it_cannot_answer(
    merchant: Merchant, order: Order, agent: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tracking import quiet

    monkeypatch.setitem(quiet._RULES, "test", lambda _order: "not allowed")
    answer = wrote(order, merchant)
    response = post(agent, answer, "reply:whatsapp", text="Yes", language="en")
    assert response.context["story"]["written"]["box"]["error"] == (
        "The marketplace does not allow it."
    )
    with merchant_scope(merchant.pk):
        assert Message.objects.filter(purpose="answer").count() == 0
