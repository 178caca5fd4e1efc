"""How we write to this shopper: chosen by the link, obeyed by what is written afterwards."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from merchants.models import Domain, Merchant
from merchants.scope import merchant_scope
from notifications.compose import compose_due
from notifications.consent import preference_of
from notifications.groups import GROUPS
from notifications.models import Message, Preference, PushSubscription
from notifications.sandbox.running import RunningPhones
from tests import factories
from tests.notifications.conftest import hear
from tests.notifications.phones import pointed_at_phones, switch_on
from tracking import outbox
from tracking.links import link_for, page_path
from tracking.models import Recipient, Shipment
from tracking.outbox import NewChange


@pytest.fixture
def phones(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningPhones]:
    with pointed_at_phones(settings) as running:
        monkeypatch.setenv("OUTBOUND_ALLOW", running.host)
        yield running


@pytest.fixture
def parcel(merchant: Merchant, phones: RunningPhones) -> Shipment:
    with merchant_scope(merchant.pk):
        switch_on(merchant, "sms", "whatsapp")
        return factories.shipment(merchant)


@pytest.fixture
def path(merchant: Merchant, parcel: Shipment) -> str:
    with merchant_scope(merchant.pk):
        link = link_for(order=parcel.order, recipient=Recipient.objects.get())
        return page_path(link, merchant=merchant)


def told(merchant: Merchant, parcel: Shipment) -> dict[str, tuple[str, str]]:
    """State and language by channel of what the next scan causes."""
    with merchant_scope(merchant.pk):
        hear(parcel, (0, "out.on_vehicle"), now=timezone.now())
    compose_due(now=timezone.now())
    with merchant_scope(merchant.pk):
        # What is overtaken meanwhile is skipped; of each channel the one that waits counts.
        rows = Message.objects.order_by("state")
        return {row.channel: (row.state, row.language) for row in rows}


def test_page_shows_addresses_only_as_far_as_their_owner_needs(client: Client, path: str) -> None:
    html = client.get(f"{path}preferences/").content.decode()
    assert ("s•••@shopper.example" in html, "•••• 4567" in html) == (True, True)
    assert ("sara@shopper.example" in html, "501234567" in html) == (False, False)


def test_of_two_that_ring_one_phone_the_first_is_used(merchant: Merchant, parcel: Shipment) -> None:
    assert told(merchant, parcel) == {"email": ("waiting", "en"), "whatsapp": ("waiting", "en")}


def test_choice_of_channel_and_language_is_obeyed(
    client: Client, merchant: Merchant, parcel: Shipment, path: str
) -> None:
    answer = client.post(f"{path}preferences/", {"sms": "on", "language": "ar"})
    assert (answer.status_code, answer["Location"]) == (
        303, f"{path}preferences/?saved=1&lang=ar",
    )  # fmt: skip
    assert told(merchant, parcel) == {
        "email": ("skipped", "ar"),
        "sms": ("waiting", "ar"),
        "whatsapp": ("skipped", "ar"),
    }


def kinds(merchant: Merchant) -> tuple[list[str], list[int], bool]:
    with merchant_scope(merchant.pk):
        row = Preference.objects.get()
        return row.muted_topics, row.muted_orders, row.wants_marketing


def test_kinds_of_messages_are_kept_as_topics(
    client: Client, merchant: Merchant, parcel: Shipment, path: str
) -> None:
    on = ["email", "about_day", "about_trouble", "about_steps", "mute_order", "offers"]
    posted = {"kinds": "1", "language": "en"} | dict.fromkeys(on, "on")
    client.post(f"{path}preferences/", posted)
    assert kinds(merchant) == (["feedback", "goodwill", "refund"], [parcel.order_id], True)
    html = client.get(f"{path}preferences/").content.decode()
    checked = set(re.findall(r'name="(\w+)" value="on" checked', html))
    assert checked == set(on)


def test_muted_kind_is_not_told(
    client: Client, merchant: Merchant, parcel: Shipment, path: str
) -> None:
    client.post(
        f"{path}preferences/",
        {"kinds": "1", "email": "on", "about_steps": "on", "language": "en"},
    )
    assert told(merchant, parcel)["email"] == ("skipped", "en")
    with merchant_scope(merchant.pk):
        assert set(Message.objects.values_list("reason_code", flat=True)) == {"muted"}


def test_muted_order_is_quiet_and_the_next_one_is_not(
    client: Client, merchant: Merchant, parcel: Shipment, path: str
) -> None:
    every = {f"about_{group.slug}": "on" for group in GROUPS}
    client.post(
        f"{path}preferences/",
        {"kinds": "1", "email": "on", "mute_order": "on", "language": "en"} | every,
    )
    assert told(merchant, parcel)["email"] == ("skipped", "en")
    with merchant_scope(merchant.pk):
        Message.objects.all().delete()
        later = factories.shipment(merchant, number="#77")
    assert told(merchant, later)["email"] == ("waiting", "en")


def test_form_that_did_not_ask_for_kinds_mutes_none(
    client: Client, merchant: Merchant, path: str
) -> None:
    client.post(f"{path}preferences/", {"email": "on", "language": "en"})
    assert kinds(merchant) == ([], [], False)


def test_offers_are_off_until_somebody_wants_them(client: Client, path: str) -> None:
    html = client.get(f"{path}preferences/").content.decode()
    assert 'name="offers" value="on" checked' not in html
    assert 'name="about_day" value="on" checked' in html


def test_silence_is_obeyed_and_said(
    client: Client, merchant: Merchant, parcel: Shipment, path: str
) -> None:
    client.post(f"{path}preferences/", {"email": "on", "mute": "on", "language": "en"})
    assert {state for state, _ in told(merchant, parcel).values()} == {"skipped"}


def test_next_order_of_the_same_person_follows_the_choice(
    client: Client, merchant: Merchant, path: str
) -> None:
    client.post(f"{path}preferences/", {"sms": "on", "language": "en"})
    with merchant_scope(merchant.pk):
        later = factories.shipment(merchant, number="#77")
    assert told(merchant, later)["sms"] == ("waiting", "en")


def test_another_shop_is_not_bound_by_it(
    client: Client, merchant: Merchant, other: Merchant, path: str
) -> None:
    client.post(f"{path}preferences/", {"mute": "on", "language": "en"})
    with merchant_scope(other.pk):
        parcel = factories.shipment(other)
    assert told(other, parcel) == {"email": ("waiting", "en")}


def test_choice_made_after_a_message_was_written_still_stops_it(
    client: Client, merchant: Merchant, parcel: Shipment, path: str
) -> None:
    from notifications.deliver import deliver_due

    told(merchant, parcel)
    client.post(f"{path}preferences/", {"email": "on", "language": "en"})
    deliver_due(clock=timezone.now)
    with merchant_scope(merchant.pk):
        states = dict(Message.objects.values_list("channel", "state"))
    assert states == {"email": "sent", "whatsapp": "skipped"}


@pytest.mark.parametrize("page", ["preferences/", "unsubscribe/", "push/"])
def test_unknown_link_has_no_choices(client: Client, merchant: Merchant, page: str) -> None:
    answer = client.post(f"/p/noor/t/unknown/{page}", data="{}", content_type="application/json")
    assert answer.status_code == 404


def test_too_many_changes_are_refused(client: Client, path: str) -> None:
    answers = [client.post(f"{path}preferences/", {"language": "en"}) for _ in range(31)]
    assert (answers[0].status_code, answers[-1].status_code) == (303, 429)
    assert "Too many tries" in answers[-1].content.decode()
    assert answers[-1].headers["Retry-After"].isdecimal()


def test_choice_works_on_the_shops_own_domain(
    client: Client, merchant: Merchant, path: str
) -> None:
    Domain.objects.create(host="track.noor.example", merchant=merchant, verified_at=timezone.now())
    own = path.removeprefix("/p/noor")
    answer = client.get(f"{own}preferences/", headers={"host": "track.noor.example"})
    assert answer.status_code == 200


def test_answer_to_a_question_reaches_even_the_muted(
    client: Client, merchant: Merchant, parcel: Shipment, path: str
) -> None:
    client.post(f"{path}preferences/", {"mute": "on", "language": "en"})
    with merchant_scope(merchant.pk):
        change = NewChange(
            merchant.pk, parcel.order_id, None, "order", "case:1:1", timezone.now(),
            data={"event": "closed", "words": "Your money is on its way.", "words_language": "en"},
        )  # fmt: skip
        outbox.write([change], now=timezone.now())
    compose_due(now=timezone.now())
    with merchant_scope(merchant.pk):
        rows = list(Message.objects.order_by("channel"))
    assert [(row.channel, row.state) for row in rows] == [
        ("email", "waiting"), ("whatsapp", "waiting"),
    ]  # fmt: skip
    assert all("Your money is on its way." in row.text for row in rows)


def test_shopper_without_address_mutes_only_oneself(
    client: Client, merchant: Merchant, parcel: Shipment, path: str
) -> None:
    with merchant_scope(merchant.pk):
        Recipient.objects.update(email="", phone="")
        client.post(f"{path}preferences/", {"mute": "on", "language": "en"})
        later = factories.shipment(merchant, number="#77")
        Recipient.objects.update(email="", phone="")
        people = {row.order_id: preference_of(row) for row in Recipient.objects.all()}
    assert (people[parcel.order_id] is not None, people[later.order_id]) == (True, None)


def test_one_phone_is_one_person_however_it_is_written(
    client: Client, merchant: Merchant, parcel: Shipment, path: str
) -> None:
    with merchant_scope(merchant.pk):
        Recipient.objects.update(email="", phone="050 123 4567")
    client.post(f"{path}preferences/", {"mute": "on", "language": "en"})
    with merchant_scope(merchant.pk):
        later = factories.shipment(merchant, number="#77")
        Recipient.objects.filter(order=later.order).update(email="", phone="+971501234567")
        assert preference_of(Recipient.objects.get(order=later.order)) is not None


def subscribe(client: Client, path: str, content: Any) -> Any:
    return client.post(f"{path}push/", data=content, content_type="application/json")


def test_browser_subscribes_and_unsubscribes(
    client: Client, merchant: Merchant, path: str, phones: RunningPhones
) -> None:
    browser = phones.device("sara")
    assert [subscribe(client, path, browser).status_code for _ in range(2)] == [201, 200]
    with merchant_scope(merchant.pk):
        assert PushSubscription.objects.count() == 1
    taken_back = client.delete(f"{path}push/", data=browser, content_type="application/json")
    assert taken_back.status_code == 204
    with merchant_scope(merchant.pk):
        assert PushSubscription.objects.count() == 0


def test_subscribing_adds_to_an_earlier_choice(
    client: Client, merchant: Merchant, path: str, phones: RunningPhones
) -> None:
    client.post(f"{path}preferences/", {"email": "on", "language": "en"})
    subscribe(client, path, phones.device("sara"))
    with merchant_scope(merchant.pk):
        assert Preference.objects.get().channels == ["email", "webpush"]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"endpoint": "http://evil.example/x"}, "endpoint: must be an https address"),
        ({"endpoint": "javascript:1"}, "endpoint: must be an https address"),
        ({"endpoint": 7}, "endpoint: must be an https address"),
        ({"keys": {"p256dh": "x", "auth": "y"}},
         "keys.p256dh: must be 65 bytes in URL-safe base64"),
        ({"keys": None}, "body: must be PushSubscription.toJSON()"),
    ],
)  # fmt: skip
def test_bad_subscription_is_refused_with_the_reason(
    client: Client, path: str, phones: RunningPhones, change: dict[str, Any], error: str
) -> None:
    answer = subscribe(client, path, phones.device("sara") | change)
    assert (answer.status_code, answer.json()) == (422, {"error": error})


def test_too_many_browsers_are_refused(client: Client, path: str, phones: RunningPhones) -> None:
    codes = [subscribe(client, path, phones.device(f"b{n}")).status_code for n in range(11)]
    assert codes == [201] * 10 + [422]


def test_worker_is_served_at_the_root_of_the_pages(client: Client, merchant: Merchant) -> None:
    answer = client.get("/p/noor/push-worker.js")
    assert (answer.status_code, answer["Content-Type"]) == (
        200, "text/javascript; charset=utf-8",
    )  # fmt: skip
