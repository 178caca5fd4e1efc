"""The log of messages: narrowed, searched, and why some were not sent."""

from __future__ import annotations

import re

import pytest

from merchants.models import Merchant
from merchants.scope import merchant_scope
from notifications.models import Message, Rule
from tests.dashboard.conftest import SignIn
from tracking.models import Change, Order

PATH = "/app/noor/messages/"


@pytest.fixture
def log(shop: Merchant) -> Merchant:
    """Beside the failed one of `shop`: one planned by a rule of its own, one skipped."""
    with merchant_scope(shop.pk):
        own = Rule.objects.create(merchant=shop, trigger="delivered", name="Riyadh")
        for number, values in (
            ("1043", {"state": "planned", "topic": "delivered", "rule": f"rule:{own.pk}"}),
            ("1044", {"state": "skipped", "topic": "packed", "reason_code": "seen",
                      "channel": "sms", "to": "+971501234567"}),
        ):  # fmt: skip
            order = Order.objects.get(number=number)
            Message.objects.create(
                **{
                    "merchant": shop, "order": order, "language": "en", "to": "a@shopper.example",
                    "change": Change.objects.filter(order=order).order_by("pk")[0],
                    "recipient": order.recipients.get(), **values,
                }
            )  # fmt: skip
    return shop


def orders(html: str) -> list[str]:
    return re.findall(r'<a class="plain" href="[^"]+"><bdi>(\d+)</bdi>', html)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["1044", "1043", "1042"]),
        ("state=planned", ["1043"]),
        ("state=problem", ["1042"]),
        ("channel=sms", ["1044"]),
        ("topic=delivered", ["1043"]),
        ("reason=seen&days=30", ["1044"]),
        ("reason=nonsense", ["1044", "1043", "1042"]),
    ],
)
def test_log_is_narrowed(log: Merchant, sign_in: SignIn, query: str, found: list[str]) -> None:
    assert orders(sign_in().get(f"{PATH}?{query}").content.decode()) == found


def test_log_is_narrowed_to_a_rule_of_ones_own(log: Merchant, sign_in: SignIn) -> None:
    with merchant_scope(log.pk):
        slug = Message.objects.get(state="planned").rule
    assert orders(sign_in().get(PATH, {"rule": slug}).content.decode()) == ["1043"]


@pytest.mark.parametrize(
    ("sought", "found"),
    [("#1043", ["1043"]), ("050 123 4567", ["1044"]), ("A@shopper.example", ["1043"]),
     ("nobody@shopper.example", [])],
)  # fmt: skip
def test_search_takes_a_number_or_an_address(
    log: Merchant, sign_in: SignIn, sought: str, found: list[str]
) -> None:
    answer = sign_in().post(f"{PATH}search/", {"q": sought})
    assert answer.status_code == 200
    assert orders(answer.content.decode()) == found


def test_reasons_are_counted_and_lead_to_their_messages(log: Merchant, sign_in: SignIn) -> None:
    client = sign_in()
    html = client.get(PATH).content.decode()
    assert "2 messages were not sent in the last 30 days." in html
    (url,) = re.findall(r'<a href="([^"]+)">The shopper had seen it</a>', html)
    assert orders(client.get(url.replace("&amp;", "&")).content.decode()) == ["1044"]


def test_message_shows_the_ways_before_and_after_it(log: Merchant, sign_in: SignIn) -> None:
    with merchant_scope(log.pk):
        first = Message.objects.get(state="failed")
        second = Message.objects.get(channel="sms")
        Message.objects.filter(pk=second.pk).update(
            falls_back_from=first, state="delivered", segments=2, cost="0.10",
            cost_currency="USD", attempts=3,
        )  # fmt: skip
    client = sign_in()
    for one in (first, second):
        html = client.get(f"{PATH}{one.pk}/").content.decode()
        chain = html[html.index("One way after the other") :]
        assert [f"/messages/{pk}/" in chain for pk in (first.pk, second.pk)] == [True, True]
    facts = html[html.index("How it went") : html.index("One way after the other")]
    assert re.findall(r"<bdi>([^<]+)</bdi>", facts) == ["3", "2", "$\xa00.10"]
