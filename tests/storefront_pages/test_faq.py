"""Questions on pages: the merchant's own with the order's answers, ours, and the public page."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from help_texts.models import Banner, Question, QuestionsPage
from help_texts.writing import save_ours, save_question
from merchants.models import Brand, Domain, Merchant
from merchants.page_version import pages_changed
from merchants.scope import merchant_scope
from storefront_pages.linked import linked
from storefront_pages.questions import OURS
from storefront_pages.stamps import stamp
from tests import factories
from tests.factories import NOW
from tests.storefront_pages import scenes


def own(merchant: Merchant, question: str, answer: str = "So.", **fields: object) -> None:
    with merchant_scope(merchant.pk):
        values = {"texts": {"en": {"question": question, "answer": answer}}} | fields
        Question.objects.create(merchant=merchant, **values)
        pages_changed(merchant.pk)


def page_of(client: Client, merchant: Merchant, scene: scenes.Scene) -> str:
    with merchant_scope(merchant.pk):
        path = scenes.path(merchant, scene(merchant))
    return unescape(client.get(f"{path}?lang=en").content.decode())


def asked(page: str) -> list[str]:
    return re.findall(r'<details class="faq"[^>]*><summary>(.*?)<svg', page, re.DOTALL)


def test_own_questions_come_before_ours_with_their_answers(
    client: Client, merchant: Merchant
) -> None:
    own(merchant, "Who brings it?", "{{ parcel.carrier }}. You pay {{ to_pay }}. Ask us.")
    page = page_of(client, merchant, scenes.in_transit)
    assert asked(page)[:2] == ["Who brings it?", "When will it arrive?"]
    assert page.count("<p>Aramex. Ask us.</p>") == 1


@pytest.mark.parametrize(
    ("scene", "stages"),
    [
        (scenes.placed, ["always", "before"]),
        (scenes.in_transit, ["always", "moving"]),
        (scenes.late, ["always", "moving", "late"]),
        (scenes.delivered, ["always", "delivered"]),
        (scenes.returning, ["always", "back"]),
        (scenes.lost, ["always", "back"]),
        (scenes.cancelled, ["always", "back"]),
    ],
)
def test_question_is_shown_in_its_stage(
    client: Client, merchant: Merchant, scene: scenes.Scene, stages: list[str]
) -> None:
    for n, stage in enumerate(Question.Stage.values):
        own(merchant, f"own {stage}", stage=stage, position=n)
    page = page_of(client, merchant, scene)
    found = [one.removeprefix("own ") for one in asked(page) if one.startswith("own ")]
    assert sorted(found) == sorted(stages)


def test_ours_can_be_left_out_and_reworded(client: Client, merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        by = factories.user(merchant)
        save_ours(merchant=merchant, by=by, ours="when", texts={}, is_on=False)
        texts = {"en": {"question": "No scan?", "answer": "Last: {{ scan.last }}."}}
        save_ours(merchant=merchant, by=by, ours="no_scan", texts=texts, is_on=True)
    page = page_of(client, merchant, scenes.in_transit)
    found = asked(page)
    assert ("When will it arrive?" in found, "Why is there no new scan?" in found) == (False, False)
    assert found[1] == "No scan?"
    assert len(re.findall(r"<p>Last: [^<{]+\.</p>", page)) == 1


def test_change_is_on_a_kept_page_at_once(client: Client, merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        path = scenes.path(merchant, scenes.in_transit(merchant))
        by = factories.user(merchant)
    etag = client.get(path).headers["ETag"]
    with merchant_scope(merchant.pk):
        save_question(
            merchant=merchant, by=by, question=None, stage="always", is_on=True,
            texts={"en": {"question": "A new one?", "answer": "Yes."}},
        )  # fmt: skip
    again = client.get(path, headers={"If-None-Match": etag})
    assert (again.status_code, again.content.decode().count("A new one?")) == (200, 1)


def test_nothing_but_links_is_markup(client: Client, merchant: Merchant) -> None:
    own(merchant, "<b>Bold?</b>", "See https://noor.example/a?b=1&c=2. <script>no</script>")
    with merchant_scope(merchant.pk):
        path = scenes.path(merchant, scenes.in_transit(merchant))
    page = client.get(path).content.decode()
    assert page.count('href="https://noor.example/a?b=1&amp;c=2"') == 1
    assert "&lt;script&gt;no&lt;/script&gt;" in page
    assert "&lt;b&gt;Bold?&lt;/b&gt;" in page


@pytest.mark.parametrize("text", ["javascript:alert(1)", "www.noor.example", "a https://", "x@y.z"])
def test_what_is_no_whole_address_is_no_link(text: str) -> None:
    assert linked(text) == text


# --- the public page ------------------------------------------------------------------------


def test_public_page_has_look_up_and_questions_by_stage(client: Client, merchant: Merchant) -> None:
    own(merchant, "Gift wrap?", "Yes. It comes {{ date.window }}.", stage="before")
    page = unescape(client.get("/p/noor/faq/").content.decode())
    assert page.count('<form method="post" action="/p/noor/">') == 1
    assert page.count("<p>Yes.</p>") == 1
    headings = re.findall(r"<h2[^>]*>([^<]+)</h2>", page)
    assert headings == [
        "Where is my order?", "In general", "Before it is sent", "While it is on its way",
        "After it was delivered",
    ]  # fmt: skip


def test_public_page_is_in_the_visitors_language(client: Client, merchant: Merchant) -> None:
    response = client.get("/p/noor/faq/", headers={"Accept-Language": "ar"})
    page = response.content.decode()
    assert page.count('<html lang="ar" dir="rtl">') == 1
    assert response.headers["Content-Language"] == "ar"
    assert {one.strip() for one in response.headers["Vary"].split(",")} >= {
        "Accept-Language", "Cookie",
    }  # fmt: skip


@pytest.mark.parametrize(("is_listed", "robots"), [(False, "noindex"), (True, "all")])
def test_search_engines_list_it_where_the_merchant_wants(
    client: Client, merchant: Merchant, is_listed: bool, robots: str
) -> None:
    with merchant_scope(merchant.pk):
        QuestionsPage.objects.create(merchant=merchant, is_listed=is_listed)
    response = client.get("/p/noor/faq/")
    assert response.headers["X-Robots-Tag"] == robots
    assert response.content.decode().count(f'<meta name="robots" content="{robots}">') == 1


def test_public_page_may_be_kept_and_is_unchanged(client: Client, merchant: Merchant) -> None:
    first = client.get("/p/noor/faq/")
    assert re.fullmatch(r"public, max-age=\d{1,3}", first.headers["Cache-Control"])
    known = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/p/noor/faq/", headers=known).status_code == 304
    own(merchant, "New?")
    assert client.get("/p/noor/faq/", headers=known).status_code == 200


def test_answer_that_sets_a_cookie_is_kept_by_nobody(client: Client, merchant: Merchant) -> None:
    response = client.get("/p/noor/faq/?lang=ar")
    assert response.headers["Cache-Control"] == "private, no-cache"


def test_public_page_stands_on_the_shops_own_domain(client: Client, merchant: Merchant) -> None:
    Domain.objects.create(merchant=merchant, host="track.noor.example", verified_at=NOW)
    response = client.get("/faq/", headers={"host": "track.noor.example"})
    assert (response.status_code, response.content.decode().count('action="/"')) == (200, 1)


def test_crowd_waits(client: Client, merchant: Merchant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storefront_pages.faq_page.LOOKS", (1, 60))
    answers = [client.get("/p/noor/faq/") for _ in range(2)]
    assert [one.status_code for one in answers] == [200, 429]
    assert int(answers[1].headers["Retry-After"]) > 0


def test_no_shop_has_no_page(client: Client, db: None) -> None:
    assert client.get("/p/nobody/faq/").status_code == 404


def test_every_key_of_ours_fits_its_column() -> None:
    assert [key for key in OURS if len(key) > 30] == []


# --- banners --------------------------------------------------------------------------------


def _banner(merchant: Merchant, **fields: object) -> None:
    today = timezone.now().date()
    values: dict[str, object] = {
        "texts": {"en": "Couriers rest over Eid."}, "places": ["page", "lookup"],
        "first": today - timedelta(days=1), "last": today + timedelta(days=1),
    }  # fmt: skip
    with merchant_scope(merchant.pk):
        Banner.objects.create(merchant=merchant, **(values | fields))
        pages_changed(merchant.pk)


NOTE = "<p>Couriers rest over Eid.</p>"


def test_banner_stands_on_order_look_up_and_questions(client: Client, merchant: Merchant) -> None:
    _banner(merchant)
    assert page_of(client, merchant, scenes.in_transit).count(NOTE) == 1
    for path in ("/p/noor/", "/p/noor/faq/"):
        assert client.get(path).content.decode().count(NOTE) == 1


def test_banner_has_the_notices_place_while_it_stands(client: Client, merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        Brand.objects.update(notice="Our notice")
    assert client.get("/p/noor/").content.decode().count("Our notice") == 1
    _banner(merchant)
    page = client.get("/p/noor/").content.decode()
    assert (page.count(NOTE), page.count("Our notice")) == (1, 0)


def test_banner_that_is_over_is_nowhere(client: Client, merchant: Merchant) -> None:
    _banner(merchant, last=timezone.now().date() - timedelta(days=1))
    assert page_of(client, merchant, scenes.in_transit).count(NOTE) == 0


def test_shops_day_is_part_of_what_a_page_is_known_by(merchant: Merchant) -> None:
    """The shop's midnight in Dubai is an afternoon for a parcel in New York."""
    with merchant_scope(merchant.pk):
        order = factories.order(merchant, country="US", region="NY", city="New York")
        token = scenes.path(merchant, order).split("/")[-2]
    marked = stamp(token, merchant_slug="noor")
    assert marked is not None
    before, after = (datetime(2026, 11, 12, 20, minute, tzinfo=UTC) for minute in (0, 1))
    late, midnight = datetime(2026, 11, 12, 19, 59, tzinfo=UTC), before
    etags = {marked.etag(language="en", now=one) for one in (before, after)}
    assert len(etags) == 1
    assert marked.etag(language="en", now=late) != marked.etag(language="en", now=midnight)
    assert late.date() == midnight.date() == date(2026, 11, 12)
