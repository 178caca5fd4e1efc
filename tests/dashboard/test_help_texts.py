"""Questions and banners in the dashboard: written, tried, ordered, taken, removed."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from dashboard.help_texts.peaks import peaks_of
from help_texts.models import Banner, Question, QuestionsPage
from help_texts.peaks import Peak
from merchants.models import AuditEntry, Brand, Merchant, Role
from merchants.page_version import pages_changed
from merchants.scope import merchant_scope
from tests.dashboard.conftest import SignIn

QUESTIONS = "/app/noor/pages/questions/"
BANNERS = "/app/noor/pages/banners/"
ASKED = {
    "question_en": "Gift wrap?", "answer_en": "Yes, {{ order.city }} too.", "question_ar": "",
    "answer_ar": "", "stage": "before", "is_on": "on", "tab": "en",
}  # fmt: skip
SAID = {
    "text_en": "Busy days", "text_ar": "أيام مزدحمة", "first": "2026-11-20", "last": "2026-11-30",
    "tone": "wait", "countries": "ae, SA", "place_page": "on",
}  # fmt: skip


def read(browser: Client, path: str) -> str:
    return unescape(browser.get(path).content.decode())


def test_question_is_written_ordered_and_removed(sign_in: SignIn, merchant: Merchant) -> None:
    browser = sign_in()
    assert "No question of your own yet." in read(browser, QUESTIONS)
    for text in ("First?", "Second?"):
        made = browser.post(f"{QUESTIONS}new/", ASKED | {"question_en": text})
        assert (made.status_code, made.headers["Location"]) == (303, QUESTIONS)
    with merchant_scope(merchant.pk):
        second = Question.objects.get(position=1)
        assert second.texts == {
            "en": {"question": "Second?", "answer": "Yes, {{ order.city }} too."}
        }
    browser.post(f"{QUESTIONS}{second.pk}/move/", {"way": "up"})
    assert re.findall(r">(First\?|Second\?)</a>", read(browser, QUESTIONS)) == ["Second?", "First?"]
    assert "Remove this question?" in read(browser, f"{QUESTIONS}{second.pk}/remove/")
    browser.post(f"{QUESTIONS}{second.pk}/remove/")
    assert "Second?" not in re.findall(r'dir="auto">([^<]+)</a>', read(browser, QUESTIONS))
    with merchant_scope(merchant.pk):
        actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
        assert list(actions) == [
            "question.added", "question.added", "question.moved", "question.removed",
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"answer_en": ""}, "What is the answer?"),
        ({"question_en": ""}, "What is the question?"),
        ({"answer_ar": "نعم"}, "What is the question?"),
        ({"answer_en": "It is {{ order.nmber }}."}, "There is no “order.nmber”."),
        ({"answer_en": "It is {{ order.number."}, "Write names like this: {{ shop.name }}"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_kept(
    sign_in: SignIn, merchant: Merchant, typed: dict[str, str], problem: str
) -> None:
    answer = sign_in().post(f"{QUESTIONS}new/", ASKED | typed)
    assert answer.status_code == 400
    assert problem in unescape(answer.content.decode())
    with merchant_scope(merchant.pk):
        assert Question.objects.count() == 0


def test_tab_with_the_mistake_is_open(sign_in: SignIn) -> None:
    answer = sign_in().post(f"{QUESTIONS}new/", ASKED | {"answer_ar": "نعم"})
    opened = re.findall(r'value="(\w+)" id="tab-\w+" checked', answer.content.decode())
    assert opened == ["ar"]


def test_preview_shows_an_invented_parcels_answers_and_keeps_nothing(
    sign_in: SignIn, merchant: Merchant
) -> None:
    answer = sign_in().post(f"{QUESTIONS}new/", ASKED | {"do": "preview"})
    page = unescape(answer.content.decode())
    assert (answer.status_code, page.count("<p>Yes, Dubai too.</p>")) == (200, 1)
    with merchant_scope(merchant.pk):
        assert Question.objects.count() == 0


def test_ours_are_reworded_left_out_and_shown_again(sign_in: SignIn, merchant: Merchant) -> None:
    browser = sign_in()
    words = {"question_en": "When?", "answer_en": "On {{ date.window }}.", "is_on": "on"}
    assert browser.post(f"{QUESTIONS}ours/when/", words).status_code == 303
    assert "In your words" in read(browser, QUESTIONS)
    browser.post(f"{QUESTIONS}ours/when/switch/", {"is_on": "off"})
    assert "Left out" in read(browser, QUESTIONS)
    browser.post(f"{QUESTIONS}ours/when/switch/", {"is_on": "on"})
    with merchant_scope(merchant.pk):
        row = Question.objects.get(ours="when")
        assert (row.is_on, row.texts["en"]["question"]) == (True, "When?")
    assert browser.get(f"{QUESTIONS}ours/nothing/").status_code == 404


def test_merchant_lets_search_engines_list_the_page(sign_in: SignIn, merchant: Merchant) -> None:
    browser = sign_in()
    browser.post(f"{QUESTIONS}listed/", {"is_listed": "on"})
    with merchant_scope(merchant.pk):
        assert QuestionsPage.objects.get().is_listed


def test_banner_is_written_and_changed(sign_in: SignIn, merchant: Merchant) -> None:
    browser = sign_in()
    assert browser.post(f"{BANNERS}new/", SAID).status_code == 303
    with merchant_scope(merchant.pk):
        row = Banner.objects.get()
    assert (row.countries, row.places, row.tone) == (["AE", "SA"], ["page"], "wait")
    assert row.texts == {"en": "Busy days", "ar": "أيام مزدحمة"}
    days = re.findall(r'type="date" value="([^"]*)"', read(browser, f"{BANNERS}{row.pk}/"))
    assert days == ["2026-11-20", "2026-11-30"]
    browser.post(f"{BANNERS}{row.pk}/", SAID | {"text_en": "Busier days"})
    assert "Busier days" in read(browser, BANNERS)
    browser.post(f"{BANNERS}{row.pk}/remove/")
    assert "No banner yet." in read(browser, BANNERS)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"last": "2026-11-19"}, "The last day is before the first."),
        ({"last": ""}, "This field is required."),
        ({"text_en": ""}, "What shall shoppers read?"),
        ({"countries": "AE, Narnia"}, "“NARNIA” is no country."),
        ({"place_page": ""}, "Choose at least one place where it stands."),
    ],
)
def test_banner_that_cannot_be_is_refused(
    sign_in: SignIn, merchant: Merchant, typed: dict[str, str], problem: str
) -> None:
    wrong = {name: text for name, text in (SAID | typed).items() if text}
    answer = sign_in().post(f"{BANNERS}new/", wrong)
    assert answer.status_code == 400
    assert problem in unescape(answer.content.decode())
    with merchant_scope(merchant.pk):
        assert Banner.objects.count() == 0


def test_peak_is_taken_with_one_click(sign_in: SignIn, merchant: Merchant) -> None:
    browser = sign_in()
    with merchant_scope(merchant.pk):
        peak = peaks_of(merchant, today=timezone.now().date())[0]
    path = f"{BANNERS}ready/{peak.key}/"
    assert path in read(browser, BANNERS)
    taken = browser.post(path)
    assert taken.status_code == 303
    assert path not in read(browser, BANNERS)
    with merchant_scope(merchant.pk):
        row = Banner.objects.get()
    assert taken.headers["Location"] == f"{BANNERS}{row.pk}/"
    assert row.last >= row.first >= timezone.now().date() - timedelta(days=1)


def test_home_says_that_a_banner_is_ready(
    sign_in: SignIn, shop: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ready(role: Role) -> list[int]:
        todos = sign_in(role).get("/app/noor/").context["todos"]
        return [one["count"] for one in todos if one["url"] == BANNERS]

    monkeypatch.setattr(Peak, "is_near", lambda peak, today: peak.kind.slug == "ramadan")
    assert (ready(Role.ADMIN), ready(Role.AGENT)) == ([1], [])
    monkeypatch.setattr(Peak, "is_near", lambda peak, today: False)
    assert ready(Role.OWNER) == []


def test_list_says_how_notice_and_banner_stand_together(
    sign_in: SignIn, merchant: Merchant
) -> None:
    with merchant_scope(merchant.pk):
        Brand.objects.update(notice="Closed on Friday")
    page = read(sign_in(), BANNERS)
    assert "The notice of your look stands when no banner does." in page
    assert "Closed on Friday" in page


def test_viewer_finds_the_pages_and_changes_nothing(sign_in: SignIn, merchant: Merchant) -> None:
    browser = sign_in(Role.VIEWER)
    beside = read(browser, "/app/noor/settings/promotions/")
    assert f'href="{QUESTIONS}"' in beside
    page = read(browser, QUESTIONS)
    assert (f'href="{BANNERS}"' in page, "Move up" in page, "Leave out" in page) == (
        True, False, False,
    )  # fmt: skip


def test_admin_finds_the_pages_beside_the_look(sign_in: SignIn) -> None:
    page = read(sign_in(), "/app/noor/settings/brand/")
    assert [page.count(f'class="tabs__tab" href="{path}"') for path in (QUESTIONS, BANNERS)] == [
        1,
        1,
    ]


def running(merchant: Merchant, **more: object) -> None:
    today = timezone.now().date()
    with merchant_scope(merchant.pk):
        Banner.objects.create(
            merchant=merchant,
            texts={"en": "Eid brings more parcels.", "ar": "طرود العيد كثيرة."},
            first=today - timedelta(days=1),
            last=today + timedelta(days=1),
            **{"places": list(Banner.Place.values), **more},
        )
        pages_changed(merchant.pk)


@pytest.mark.parametrize(
    "path",
    [
        "/app/noor/settings/brand/page/?lang=en",
        "/app/noor/settings/brand/preview/?lang=en&state=placed",
        "/app/noor/setup/preview/?language=en",
        "/app/noor/settings/embed/order/frame/",
    ],
)
def test_previews_show_the_banner_that_stands_now(
    sign_in: SignIn, merchant: Merchant, path: str
) -> None:
    browser = sign_in()
    before = read(browser, path).count("Eid brings more parcels.")
    running(merchant)
    assert (before, read(browser, path).count("Eid brings more parcels.")) == (0, 1)


def test_preview_shows_no_banner_for_other_countries(sign_in: SignIn, merchant: Merchant) -> None:
    running(merchant, countries=["SA"])
    assert "Eid brings" not in read(sign_in(), "/app/noor/settings/brand/page/?lang=en")


def test_banner_that_is_written_is_seen_on_the_page(sign_in: SignIn, merchant: Merchant) -> None:
    browser = sign_in()
    typed = {"text_en": "Rain & storms", "text_ar": "أمطار", "tone": "wait", "do": "preview"}
    shown = {}
    for tab in ("en", "ar"):
        page = unescape(browser.post(f"{BANNERS}new/", typed | {"tab": tab}).content.decode())
        [address] = re.findall(r'<iframe class="help-frame" src="([^"]+)"', page)
        shown[tab] = browser.get(address).content.decode()
    assert "Rain &amp; storms" in shown["en"]
    assert ('<html lang="ar" dir="rtl">' in shown["ar"], "أمطار" in shown["ar"]) == (True, True)
    assert "note--wait" in shown["en"]
    assert "help-frame" not in read(browser, f"{BANNERS}new/")
