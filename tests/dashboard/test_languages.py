"""Languages: which ones pages speak, what stands in, and where own texts are written in each."""

from __future__ import annotations

from typing import Any

from django.test import Client

from dashboard.languages.names import both_names, order_languages
from dashboard.languages.tabs import by_language
from dashboard.languages.words import message_words, reader_words, spoken_words, stand_in_words
from merchants.models import Merchant
from merchants.scope import merchant_scope
from selling.models import Promotion
from storefront_pages.languages import offered
from tests.dashboard.conftest import SignIn

URL = "/app/noor/settings/languages/"


def choose(client: Client, *codes: str, own: str = "en", which: str = "some") -> Any:
    return client.post(URL, {"which": which, "languages": codes, "own": own})


def speaks(merchant: Merchant, *codes: str) -> None:
    Merchant.objects.filter(pk=merchant.pk).update(languages=codes, default_language=codes[0])
    merchant.refresh_from_db()


def test_shop_chooses_its_languages(merchant: Merchant, sign_in: SignIn) -> None:
    response = choose(sign_in(), "fr", "ar", "pl", own="fr")
    merchant.refresh_from_db()
    assert (response.status_code, offered(merchant)) == (303, ["fr", "ar", "pl"])


def test_all_of_them_stay_possible(merchant: Merchant, sign_in: SignIn) -> None:
    speaks(merchant, "en", "ar")
    choose(sign_in(), "en", "ar", which="all")
    merchant.refresh_from_db()
    assert (merchant.languages, len(offered(merchant))) == ([], 40)


def test_choosing_none_is_said_and_keeps_what_was(merchant: Merchant, sign_in: SignIn) -> None:
    speaks(merchant, "en", "ar")
    response = choose(sign_in())
    merchant.refresh_from_db()
    assert (response.status_code, response.context["error"], merchant.languages) == (
        400, "Choose at least one language.", ["en", "ar"],
    )  # fmt: skip


def test_list_has_both_names_and_what_is_chosen_first(merchant: Merchant, sign_in: SignIn) -> None:
    speaks(merchant, "en", "pl")
    context = sign_in().get(URL).context
    rows = [(row["code"], row["name"], row["own"]) for row in context["rows"]]
    assert len(rows) == 40
    assert rows[:3] == [
        ("en", "English", "English"), ("pl", "Polish", "Polski"), ("ar", "Arabic", "العربية"),
    ]  # fmt: skip
    assert context["chosen"] == "English and Polish"
    assert [row["has_messages"] for row in context["rows"][:3]] == [True, False, True]


def test_own_texts_follow_when_the_own_language_changes(
    merchant: Merchant, sign_in: SignIn
) -> None:
    speaks(merchant, "en", "ar")
    with merchant_scope(merchant.pk):
        Promotion.objects.create(
            merchant=merchant, title="New lamps", translations={"ar": {"title": "مصابيح جديدة"}}
        )
    choose(sign_in(), "en", "ar", own="ar")
    with merchant_scope(merchant.pk):
        found = Promotion.objects.get()
    assert (found.title, found.translations) == ("مصابيح جديدة", {"en": {"title": "New lamps"}})


def test_words_say_what_pages_and_messages_speak(merchant: Merchant) -> None:
    speaks(merchant, "pl")
    assert spoken_words(merchant) == "Your pages speak Polish."
    assert message_words(merchant) == (
        "We do not write messages in Polish. They go in English."
    )  # fmt: skip
    speaks(merchant, "fr", "pl", "cs")
    assert spoken_words(merchant) == "Your pages speak French, Polish, and Czech."
    assert message_words(merchant) == (
        "We do not write messages in Polish and Czech. They go in French."
    )  # fmt: skip
    assert reader_words(merchant) == "Where we write no messages in it, they go in French."
    speaks(merchant, "en", "pt-br")  # who reads it is written to in Portuguese
    assert message_words(merchant) == ""


def test_words_of_a_shop_that_speaks_all(merchant: Merchant) -> None:
    Merchant.objects.filter(pk=merchant.pk).update(languages=[])
    merchant.refresh_from_db()
    assert spoken_words(merchant) == "Your pages speak all 40 languages, English first."
    assert message_words(merchant) == (
        "Messages are written in 16 of the languages. Customers of the others get them in English."
    )


def test_what_stands_in_is_said_where_there_are_several() -> None:
    assert [stand_in_words(codes) for codes in (["en"], ["fr", "en"])] == [
        "", "Where a language is left empty, customers read your text in French.",
    ]  # fmt: skip


def test_order_languages_begin_with_the_shops_own(merchant: Merchant) -> None:
    speaks(merchant, "fr", "ar")
    found = order_languages(merchant)
    assert found[:3] == [
        ("fr", "French · Français"), ("ar", "Arabic · العربية"), ("bn", "Bangla · বাংলা"),
    ]  # fmt: skip
    assert (len(found), both_names("en")) == (40, "English")


def test_many_languages_are_folded_behind_the_own_one() -> None:
    fields = [
        {"name": code, "value": code == "ar", "error": ""} for code in ("en", "ar", "fr", "pl")
    ]
    found = by_language(fields)
    assert ([one["name"] for one in found["open"]], found["summary"], found["said"]) == (
        ["en"], "In 3 other languages", "1 written",
    )  # fmt: skip
    assert by_language(fields[:3])["more"] == []


def test_editor_has_a_field_for_each_chosen_language(merchant: Merchant, sign_in: SignIn) -> None:
    speaks(merchant, "fr", "pl", "zh-hans", "pt-br")
    client = sign_in()
    context = client.get("/app/noor/settings/brand/").context
    notices = context["sections"]["notices"]
    names = [one["name"] for one in [*notices["open"], *notices["more"]]]
    assert names == ["notice_fr", "notice_pl", "notice_zh-hans", "notice_pt-br"]
    assert [one["value"] for one in context["preview"]["languages"]] == [
        "fr", "pl", "zh-hans", "pt-br",
    ]  # fmt: skip


def test_editor_of_a_shop_that_speaks_all_has_the_dashboards_languages(
    merchant: Merchant, sign_in: SignIn
) -> None:
    Merchant.objects.filter(pk=merchant.pk).update(languages=[])
    context = sign_in().get("/app/noor/settings/brand/").context
    notices = context["sections"]["notices"]
    assert [one["name"] for one in notices["open"]] == ["notice_en", "notice_ar"]
    assert (len(context["preview"]["languages"]), context["preview"]["is_long"]) == (40, True)


def test_preview_speaks_any_chosen_language_and_mail_the_one_that_is_written(
    merchant: Merchant, sign_in: SignIn
) -> None:
    speaks(merchant, "en", "pl")
    client = sign_in()
    page = client.get("/app/noor/settings/brand/page/?lang=pl&state=delivered")
    mail = client.get("/app/noor/settings/brand/preview/?lang=pl&state=delivered")
    assert [b'lang="pl"' in page.content, b'lang="en"' in mail.content] == [True, True]


def test_disruption_is_said_in_the_shops_languages(merchant: Merchant, sign_in: SignIn) -> None:
    speaks(merchant, "fr", "pl")
    tabs = sign_in().get("/app/noor/dates/disruptions/new/").context["sentences"]
    assert [(tab["code"], tab["fields"][0]["name"]) for tab in tabs] == [
        ("fr", "sentence_fr"), ("pl", "sentence_pl"),
    ]  # fmt: skip


def test_set_up_keeps_what_was_chosen_elsewhere(merchant: Merchant, sign_in: SignIn) -> None:
    speaks(merchant, "fr", "pl", "ar")
    client = sign_in()
    fields = client.get("/app/noor/setup/shop/").context["country_fields"]
    (found,) = (one for one in fields if one["name"] == "languages")
    assert (found["value"], found["options"][0]["label"]) == (
        "fr,pl,ar", "French, then Polish and Arabic",
    )  # fmt: skip
    typed = {"shop_name": "Noor", "country": "AE", "country_was": "AE", "languages": "fr,*"}
    response = client.post("/app/noor/setup/shop/", typed)
    merchant.refresh_from_db()
    assert (response.status_code, merchant.languages, merchant.default_language) == (303, [], "fr")


def test_message_to_oneself_goes_in_a_language_that_is_written(
    merchant: Merchant, sign_in: SignIn
) -> None:
    speaks(merchant, "pl", "fr")
    fields = sign_in().get("/app/noor/setup/message/").context["fields"]
    (found,) = (one for one in fields if one["name"] == "language")
    assert (found["value"], found["options"][0]["label"], found["help"]) == (
        "en", "French · Français", "We do not write messages in Polish. They go in English.",
    )  # fmt: skip
