"""What a page offers, and that it offers nothing to somebody who waits or worries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from helpdesk.models import Case
from lib import near_limits
from merchants.models import Merchant
from merchants.scope import merchant_scope
from selling import counting
from selling.catalogue import Listed, put
from selling.models import Promotion
from selling.promoting import Draft, change, make
from selling.tasks import write_counts
from storefront_pages.promotion import promotion, seen_mark
from storefront_pages.stamps import stamp
from storefront_pages.story import Story, load
from tests.factories import NOW
from tests.storefront_pages import scenes
from tracking.links import link_for
from tracking.models import CashQuestion, Order, Recipient, Shipment
from tracking.outages import declare

SHOP = "https://noor.example"
AUTUMN = Draft("offer", title="Autumn light", url=f"{SHOP}/autumn")


@pytest.fixture(autouse=True)
def nothing_counted() -> Iterator[None]:
    counting.forget()
    near_limits.forget()
    yield
    counting.forget()
    near_limits.forget()


def told(
    merchant: Merchant, order: Order, *, language: str = "en", now: datetime = NOW, role: str = ""
) -> Story:
    recipient = Recipient.objects.get(order=order, role=role) if role else None
    merchant.refresh_from_db()
    found = stamp(link_for(order=order, recipient=recipient).token, merchant_slug=merchant.slug)
    assert found is not None
    return load(stamp=found, language=language, now=now)


def offer(merchant: Merchant, draft: Draft = AUTUMN) -> Promotion:
    return make(merchant=merchant, draft=draft, now=NOW)


def shown(merchant: Merchant, order: Order, **how: Any) -> dict[str, Any]:
    story = told(merchant, order, **how)
    with translation.override(story.language):
        return dict(promotion(story) or {})


@pytest.mark.parametrize(
    ("scene", "stage"),
    [
        (scenes.placed, "before"),
        (scenes.confirmed, "before"),
        (scenes.shipped, "on_its_way"),
        (scenes.in_transit, "on_its_way"),
        (scenes.out, "at_the_door"),
        (scenes.pickup, "at_the_door"),
        (scenes.delivered, "delivered"),
        (scenes.two_of_three, "on_its_way"),
    ],
)
def test_calm_order_is_offered_something_at_its_stage(
    scope: Merchant, scene: scenes.Scene, stage: str
) -> None:
    made = offer(scope)
    order = scene(scope)
    assert seen_mark(told(scope, order)) == f"{made.pk}.{stage}"
    assert shown(scope, order)["title"] == "Autumn light"


@pytest.mark.parametrize(
    "scene",
    [
        scenes.late, scenes.attempt_failed, scenes.customs, scenes.returning, scenes.lost,
        scenes.cancelled,
    ],
)  # fmt: skip
def test_order_in_trouble_is_offered_nothing(scope: Merchant, scene: scenes.Scene) -> None:
    offer(scope)
    assert shown(scope, scene(scope)) == {}


Trouble = Callable[[Order], object]


def _set(**fields: object) -> Trouble:
    return lambda order: Shipment.objects.filter(order=order).update(**fields)


def _open_case(order: Order) -> None:
    Case.objects.create(merchant=order.merchant, order=order, kind="concern")


def _held(order: Order) -> None:
    Order.objects.filter(pk=order.pk).update(hold="out_of_stock")


@pytest.mark.parametrize(
    "trouble",
    [
        _set(delayed=True), _set(will_be_late=True), _set(stalled=True), _set(disputed=True),
        _set(return_leg=True), _set(action_required=True), _set(status="exception"),
        _set(status="returned"), _set(status="expired"), _set(edd_last=date(2026, 11, 11)),
        _open_case, _held, lambda _: declare(carrier="aramex", now=NOW),
    ],
)  # fmt: skip
def test_trouble_ends_the_offer(scope: Merchant, trouble: Trouble) -> None:
    offer(scope)
    order = scenes.in_transit(scope)
    assert shown(scope, order) != {}
    trouble(order)
    assert shown(scope, order) == {}


def test_closed_case_does_not(scope: Merchant) -> None:
    offer(scope)
    order = scenes.in_transit(scope)
    Case.objects.create(merchant=scope, order=order, kind="concern", state="closed")
    assert shown(scope, order) != {}


def test_parcel_that_is_late_silences_the_whole_order(scope: Merchant) -> None:
    offer(scope)
    order = scenes.two_of_three(scope)
    last = Shipment.objects.filter(order=order).latest("pk")
    Shipment.objects.filter(pk=last.pk).update(delayed=True)
    assert shown(scope, order) == {}


def test_question_about_cash_comes_first(scope: Merchant) -> None:
    offer(scope)
    order = scenes.order(scope, cod_amount="90.00")
    question = CashQuestion.objects.create(merchant=scope, order=order, asked_at=NOW)
    assert shown(scope, order) == {}
    CashQuestion.objects.filter(pk=question.pk).update(confirmed=True)
    assert shown(scope, order) != {}


def test_shop_that_promised_an_earlier_day_is_late(scope: Merchant) -> None:
    offer(scope)
    assert shown(scope, scenes.order(scope, promised_last=date(2026, 11, 11))) == {}


def test_words_are_the_readers_else_the_shops(scope: Merchant) -> None:
    made = offer(scope)
    order = scenes.in_transit(scope)
    english = shown(scope, order, language="ar")
    assert (english["title"], english["lang"]) == ("Autumn light", "en")
    arabic = {"ar": {"title": "ضوء الخريف", "text": "", "button": "إلى المتجر"}}
    draft = Draft("offer", title="Autumn light", url=f"{SHOP}/a", translations=arabic)
    change(promotion=made, draft=draft, now=NOW)
    found = shown(scope, order, language="ar")
    assert (found["title"], found["lang"], found["button"]) == ("ضوء الخريف", "", "إلى المتجر")


def test_what_goes_with_the_order_is_shown(scope: Merchant) -> None:
    bulb = Listed("Bulb", url=f"{SHOP}/bulb", image_url=f"{SHOP}/b.jpg", titles={"ar": "مصباح"})
    put(merchant=scope, listed=[bulb, Listed("Brass lamp", goes_with=("t:bulb",))], now=NOW)
    made = offer(scope, Draft("goes_with"))
    order = scenes.in_transit(scope)
    [good] = shown(scope, order, language="ar")["goods"]
    assert (good["title"], good["image"]) == ("مصباح", f"{SHOP}/b.jpg")
    assert good["url"].startswith(f"/go/{made.pk}/on_its_way/")
    assert shown(scope, order)["title"] == "Goes well with your order"


def test_receiver_learns_nothing_of_what_was_bought(scope: Merchant) -> None:
    put(
        merchant=scope,
        listed=[Listed("Bulb", url=SHOP), Listed("Brass lamp", goes_with=("t:bulb",))],
        now=NOW,
    )
    offer(scope, Draft("goes_with"))
    offer(scope, Draft("offer", title="For lamps", url=SHOP, bought=("brass lamp",)))
    order = scenes.in_transit(scope)
    Recipient.objects.create(merchant=scope, order=order, role="receiver", name="Layla")
    assert shown(scope, order, role="buyer") != {}
    assert shown(scope, order, role="receiver") == {}


def test_running_low_comes_after_delivery(scope: Merchant) -> None:
    put(merchant=scope, listed=[Listed("Brass lamp", url=SHOP, lasts_days=30)], now=NOW)
    offer(scope, Draft("runs_out"))
    order = scenes.delivered(scope)
    assert shown(scope, order) == {}
    assert shown(scope, order, now=NOW + timedelta(days=24))["title"] == "Running low?"


def page_of(merchant: Merchant, draft: Draft = AUTUMN) -> tuple[str, Promotion]:
    with merchant_scope(merchant.pk):
        made = offer(merchant, draft)
        order = scenes.confirmed(merchant)
        return scenes.path(merchant, order), made


def test_page_shows_one_and_links_through_us(client: Client, merchant: Merchant) -> None:
    path, made = page_of(merchant)
    with merchant_scope(merchant.pk):
        offer(merchant, Draft("offer", title="Second", url=SHOP))
    page = client.get(path).content.decode()
    assert page.count('class="section promo') == 1
    assert f'href="/p/noor/go/{made.pk}/before/"' in page
    assert f'data-mark="{made.pk}.before"' in page
    assert SHOP not in page


def counts(merchant: Merchant) -> dict[int, counting.Counted]:
    counting.hand_over()
    write_counts()
    with merchant_scope(merchant.pk):
        return dict(counting.sums(since=date(2020, 1, 1)))


def test_click_leads_to_the_stored_address_and_is_counted(
    client: Client, merchant: Merchant
) -> None:
    _, made = page_of(merchant)
    answer = client.get(f"/p/noor/go/{made.pk}/before/?to=https://evil.example")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{SHOP}/autumn")
    assert (answer.headers["Referrer-Policy"], answer.cookies) == ("no-referrer", {})
    assert counts(merchant) == {made.pk: counting.Counted(0, 1)}


@pytest.mark.parametrize("how", ["program", "prefetch", "head"])
def test_no_click_by_a_program(client: Client, merchant: Merchant, how: str) -> None:
    _, made = page_of(merchant)
    headers = {
        "program": {"User-Agent": "Googlebot/2.1"}, "prefetch": {"Sec-Purpose": "prefetch"},
        "head": {},
    }[how]  # fmt: skip
    call = client.head if how == "head" else client.get
    assert call(f"/p/noor/go/{made.pk}/before/", headers=headers).status_code == 303
    assert counts(merchant) == {}


@pytest.mark.parametrize("how", ["other shop", "gone", "stage", "product", "no shop"])
def test_no_way_where_nothing_is_stored(
    client: Client, merchant: Merchant, other: Merchant, how: str
) -> None:
    _, made = page_of(merchant)
    path = {
        "other shop": f"/p/other/go/{made.pk}/before/",
        "gone": f"/p/noor/go/{made.pk + 99}/before/",
        "stage": f"/p/noor/go/{made.pk}/never/",
        "product": f"/p/noor/go/{made.pk}/before/{made.pk + 99}/",
        "no shop": f"/p/nobody/go/{made.pk}/before/",
    }[how]
    assert client.get(path).status_code == 404


def test_clicks_of_one_address_are_limited(client: Client, merchant: Merchant) -> None:
    _, made = page_of(merchant)
    answers = {client.get(f"/p/noor/go/{made.pk}/before/").status_code for _ in range(601)}
    assert answers == {303, 429}
    assert counts(merchant) == {made.pk: counting.Counted(0, 20)}


def test_beacon_counts_a_view_once_it_says_so(client: Client, merchant: Merchant) -> None:
    path, made = page_of(merchant)
    client.get(path)
    assert counts(merchant) == {}
    client.post(f"{path}seen/?promotion={made.pk}.before")
    client.post(f"{path}seen/")
    for rubbish in ("", "x.before", f"{made.pk}.never", "9" * 30 + ".before"):
        client.post(f"{path}seen/?promotion={rubbish}")
    assert counts(merchant) == {made.pk: counting.Counted(1, 0)}
