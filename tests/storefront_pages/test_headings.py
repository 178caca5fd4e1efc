"""What each state reads like, in both languages; the words are the design's."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client

from merchants.models import Merchant
from merchants.scope import merchant_scope
from tests.storefront_pages import clock, scenes, states
from tests.storefront_pages.scenes import Scene

READINGS: list[tuple[Scene, str, str]] = [
    (scenes.placed, "We have your order", "استلمنا طلبك"),
    (scenes.confirmed, "Confirmed. We are preparing it", "تم تأكيد طلبك، وجارٍ تجهيزه"),
    (scenes.packed, "Packed and waiting for the courier", "طلبك جاهز وبانتظار شركة الشحن"),
    (scenes.shipped, "Handed to Aramex", "سلّمنا شحنتك إلى أرامكس"),
    (
        scenes.in_transit,
        "On its way, expected Thu 12 – Sat 14 Nov",
        "شحنتك في الطريق إليك، ونتوقع وصولها بين الخميس 12 والسبت 14 نوفمبر",
    ),
    (
        scenes.silent,
        "No new scan since Monday, which is usual on this route",
        "لا تحديث جديد منذ يوم الاثنين، وهذا معتاد في هذا المسار",
    ),
    (
        scenes.late,
        "Later than we said: was Tue 10, now Thu 12 – Sat 14 Nov. We are sorry",
        "ستتأخر شحنتك عن الموعد الذي أبلغناك به: كان الثلاثاء 10، وأصبح بين الخميس 12 "
        "والسبت 14 نوفمبر. نعتذر عن التأخير",
    ),
    (
        scenes.feed_down,
        "No updates from Aramex since 9:00 am. That does not mean your parcel has stopped",
        "لم تصلنا تحديثات من أرامكس منذ الساعة 9:00 ص، ولا يعني ذلك أن شحنتك توقفت",
    ),
    (
        scenes.out,
        "Out for delivery, expected today",
        "خرجت شحنتك للتوصيل، ونتوقع وصولها اليوم",
    ),
    (
        scenes.attempt_failed,
        "Aramex says it could not deliver today. Choose another time, or tell us if nobody came",
        "أبلغتنا أرامكس بأنها لم تتمكن من تسليم شحنتك اليوم. يمكنك اختيار موعد آخر، أو إبلاغنا "
        "إن لم يأتِ أحد",
    ),
    (scenes.pickup, "Ready to collect", "شحنتك جاهزة للاستلام"),
    (
        scenes.customs,
        "Customs needs a document from you",
        "تطلب الجمارك منك مستندًا لإتمام التخليص",
    ),
    (
        scenes.delivered,
        "Delivered on Thursday at 11:30 am",
        "تم تسليم شحنتك يوم الخميس الساعة 11:30 ص",
    ),
    (scenes.returning, "Going back to the shop", "شحنتك في طريق العودة إلى المتجر"),
    (
        scenes.lost,
        "We believe this parcel is lost, and we are sorry. Here is what happens now",
        "نعتقد أن شحنتك قد فُقدت، ونعتذر عن ذلك. إليك الخطوات التالية",
    ),
    (
        scenes.two_of_three,
        "2 of 3 parcels delivered, the next is expected tomorrow",
        "وصلت 2 من 3 من شحناتك، ونتوقع وصول التالية غدًا",
    ),
    (scenes.cancelled, "This order was cancelled", "أُلغي هذا الطلب"),
    (states.on_hold, "Noor Home has put the order on hold", "علَّق Noor Home طلبك مؤقتًا"),
    (
        states.out_of_stock,
        "Something in the order is out of stock",
        "أحد منتجات طلبك غير متوفر حاليًا",
    ),
    (
        states.silent_too_long,
        "No new scan since Tue 3 Nov, which is longer than usual",
        "لا تحديث جديد منذ الثلاثاء 3 نوفمبر، وهذه مدة أطول من المعتاد",
    ),
    (
        states.pickup_point,
        "Ready to collect at Aramex Point, Al Barsha until Sun 15 Nov",
        "شحنتك جاهزة للاستلام من Aramex Point, Al Barsha حتى الأحد 15 نوفمبر",
    ),
]


@pytest.fixture(autouse=True)
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    clock.stop(monkeypatch)


def read(client: Client, merchant: Merchant, scene: Scene, language: str) -> str:
    with merchant_scope(merchant.pk):
        path = scenes.path(merchant, scene(merchant))
    response = client.get(path, headers={"Accept-Language": language})
    assert response.status_code == 200
    return response.content.decode()


def heading(page: str) -> str:
    found = re.findall(r"<h1>(.*?)</h1>", page)
    assert len(found) == 1
    return html.unescape(found[0])


@pytest.mark.parametrize(
    ("scene", "english", "arabic"), READINGS, ids=[scene.__name__ for scene, _, _ in READINGS]
)
def test_heading_reads_as_the_design_says(
    client: Client, merchant: Merchant, scene: Scene, english: str, arabic: str
) -> None:
    assert heading(read(client, merchant, scene, "en")) == english
    assert heading(read(client, merchant, scene, "ar")) == arabic


def texts(page: str, css: str) -> list[str]:
    """The text of every element with this class, tags removed."""
    found = re.findall(rf'<(\w+) class="{css}[^"]*"[^>]*>(.*?)</\1>', page, re.DOTALL)
    return [" ".join(html.unescape(re.sub(r"<[^>]+>", "", inner)).split()) for _, inner in found]


def test_moved_date_says_what_it_was(client: Client, merchant: Merchant) -> None:
    def earlier(shop: Merchant) -> object:
        made = scenes.parcel(shop, scenes.scan(5, "transit.generic"))
        scenes.window(made, 13, 14, was=(16, 17))
        return made.order

    page = read(client, merchant, earlier, "en")  # type: ignore[arg-type]
    assert texts(page, "window__was") == ["was Mon 16 – Tue 17 Nov"]
    assert texts(page, "window__now") == ["Expected Fri 13 – Sat 14 Nov"]


def test_window_never_starts_in_the_past(client: Client, merchant: Merchant) -> None:
    def begun(shop: Merchant) -> object:
        made = scenes.parcel(shop, scenes.scan(5, "transit.generic"))
        scenes.window(made, 9, 13)
        return made.order

    page = read(client, merchant, begun, "en")  # type: ignore[arg-type]
    assert heading(page) == "On its way, expected Thu 12 – Fri 13 Nov"


def test_passed_window_is_late_without_a_date(client: Client, merchant: Merchant) -> None:
    def passed(shop: Merchant) -> object:
        made = scenes.parcel(shop, scenes.scan(5, "transit.generic"))
        scenes.window(made, 9, 10)
        made.refresh_from_db()
        made.delayed = True
        made.save(update_fields=["delayed"])
        return made.order

    page = read(client, merchant, passed, "en")  # type: ignore[arg-type]
    assert heading(page) == "Later than we said. We are sorry"
    assert texts(page, "window__was") == ["was Mon 9 – Tue 10 Nov"]
    assert texts(page, "answer__lead") == [
        "There is no new date yet. It appears here as soon as there is one."
    ]


def test_cash_on_delivery_is_a_fact_with_the_code_advice(
    client: Client, merchant: Merchant
) -> None:
    page = read(client, merchant, scenes.out, "en")
    assert texts(page, "fact") == [
        "To pay on delivery: AED\xa0149.00".replace("\xa0", " "),
        "Give the code only once you hold the parcel",
    ]


def test_unreadable_update_is_said_as_such(client: Client, merchant: Merchant) -> None:
    page = read(client, merchant, scenes.unreadable, "en")
    assert texts(page, "answer__lead") == ["The carrier sent an update we cannot read yet."]
    assert texts(page, "event__what") == ["The carrier sent an update we cannot read yet"]


def test_failed_attempt_asks_for_another_time(client: Client, merchant: Merchant) -> None:
    page = read(client, merchant, scenes.attempt_failed, "en")
    assert re.findall(r'<button class="btn btn--primary[^"]*" type="submit">([^<]*)<', page) == [
        "Send to the shop"
    ]


def test_without_a_way_to_the_shop_there_is_no_button(client: Client, merchant: Merchant) -> None:
    page = read(client, merchant, scenes.lost, "en")
    assert re.findall(r'class="btn btn--primary', page) == []


@pytest.mark.parametrize(
    "scene", [states.returned_and_refunded, states.lost_and_replaced, states.damaged]
)
def test_where_nothing_is_to_be_done_there_is_no_button(
    client: Client, merchant: Merchant, scene: Scene
) -> None:
    Merchant.objects.update(support_email="care@noor.example")
    page = read(client, merchant, scene, "en")
    assert "do nothing" in page or "need not do anything" in page
    assert re.findall(r'class="btn btn--primary', page) == []


def rail(page: str) -> list[tuple[str, str]]:
    return re.findall(r'rail__step is-(\w+)"[^>]*>.*?rail__label">([^<]*)<', page, re.DOTALL)


def test_rail_shows_the_incident(client: Client, merchant: Merchant) -> None:
    page = read(client, merchant, scenes.attempt_failed, "en")
    steps = rail(page)
    assert steps == [
        ("done", "Ordered"),
        ("done", "Confirmed"),
        ("done", "Packed"),
        ("done", "Shipped"),
        ("done", "On its way"),
        ("incident", "Delivery attempt failed"),
        ("next", "Delivered"),
    ]


def test_lateness_is_a_step_of_the_rail(client: Client, merchant: Merchant) -> None:
    page = read(client, merchant, scenes.late, "en")
    steps = rail(page)
    assert steps[4:6] == [("done", "On its way"), ("incident", "Delayed")]


def test_scan_has_the_local_time_of_its_place(client: Client, merchant: Merchant) -> None:
    from zoneinfo import ZoneInfo

    def scanned(shop: Merchant) -> object:
        event = scenes.scan(4, "transit.generic", zone=ZoneInfo("Europe/London"))
        return scenes.parcel(shop, event).order

    page = read(client, merchant, scanned, "en")  # type: ignore[arg-type]
    times = re.findall(r'event__meta">.*?<time datetime="([^"]*)">([^<]*)<', page)
    assert times == [("2026-11-12T04:00:00+00:00", "Thu 12 Nov, 4:00 am")]


def test_carriers_own_words_keep_their_language(client: Client, merchant: Merchant) -> None:
    def scanned(shop: Merchant) -> object:
        return scenes.parcel(
            shop, scenes.scan(4, "transit.generic", description="قيد النقل", language="ar")
        ).order

    page = read(client, merchant, scanned, "en")  # type: ignore[arg-type]
    assert re.findall(r"<blockquote.*?</blockquote>", page) == [
        '<blockquote dir="auto" lang="ar"><bdi>قيد النقل</bdi></blockquote>'
    ]


def test_place_is_written_in_the_readers_script(client: Client, merchant: Merchant) -> None:
    page = read(client, merchant, scenes.in_transit, "ar")
    assert set(re.findall(r'event__meta"><bdi>([^<]*)</bdi>', page)) == {"دبي"}


def test_page_says_how_fresh_it_is(client: Client, merchant: Merchant) -> None:
    page = read(client, merchant, scenes.in_transit, "en")
    assert texts(page, "fresh__line") == [
        "Last scan by Aramex: 7:00 am.",
        "Checked 11:48 am.",
        "Next look 12:18 pm.",
    ]


def test_number_the_carrier_does_not_know_is_said_calmly(
    client: Client, merchant: Merchant
) -> None:
    from tracking.models import Watch

    def new(shop: Merchant) -> object:
        made = scenes.parcel(shop)
        Watch.objects.filter(shipment=made).update(result="not_found", failures=2)
        return made.order

    page = read(client, merchant, new, "en")  # type: ignore[arg-type]
    assert texts(page, "answer__lead") == [
        "The carrier does not know the number yet. That is usual until its first scan."
    ]
