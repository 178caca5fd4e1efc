"""What pages show of the rows: what is on and complete, in the merchant's order, while it runs."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from help_texts.models import Banner, Question
from help_texts.shown import BannerWords, banners_of, questions_of, standing
from help_texts.suggesting import ready, take, untaken
from help_texts.writing import BannerValues, move_question, save_banner, save_ours, save_question
from merchants.models import AuditEntry, Merchant
from tests import factories

TODAY = date(2026, 11, 12)
EN = {"en": {"question": "Why?", "answer": "So."}}


def ask(merchant: Merchant, text: str, **fields: object) -> Question:
    values = {"texts": {"en": {"question": text, "answer": "So."}}} | fields
    return Question.objects.create(merchant=merchant, **values)


def banner(merchant: Merchant, text: str = "Busy", **fields: object) -> Banner:
    values: dict[str, object] = {
        "texts": {"en": text}, "first": TODAY, "last": TODAY, "places": ["page"],
    }  # fmt: skip
    return Banner.objects.create(merchant=merchant, **(values | fields))


def shown(
    merchant: Merchant, *, today: date = TODAY, place: str = "page", language: str = "en",
    country: str = "AE",
) -> BannerWords | None:  # fmt: skip
    return standing(
        banners_of(merchant.pk), place=place, language=language, usual="en", today=today,
        country=country,
    )  # fmt: skip


def test_questions_are_those_that_are_on_and_complete(scope: Merchant) -> None:
    ask(scope, "Second?", position=2)
    ask(scope, "First?", position=1)
    ask(scope, "Off?", is_on=False)
    ask(scope, "No answer?", texts={"en": {"question": "No answer?", "answer": ""}})
    found = questions_of(scope.pk)
    assert [one.said("en", usual="en")[1] for one in found.own] == ["First?", "Second?"]


def test_question_falls_back_to_the_shops_language(scope: Merchant) -> None:
    ask(scope, "Why?")
    (one,) = questions_of(scope.pk).own
    assert one.said("ar", usual="en") == ("en", "Why?", "So.")


def test_ours_are_left_out_and_reworded(scope: Merchant) -> None:
    by = factories.user(scope)
    save_ours(merchant=scope, by=by, ours="when", texts={}, is_on=False)
    save_ours(merchant=scope, by=by, ours="no_scan", texts=EN, is_on=True)
    found = questions_of(scope.pk)
    assert (found.left_out, found.reworded) == ({"when"}, {"no_scan": {"en": ("Why?", "So.")}})


def test_ours_as_they_were_leave_no_row(scope: Merchant) -> None:
    by = factories.user(scope)
    save_ours(merchant=scope, by=by, ours="when", texts=EN, is_on=False)
    save_ours(merchant=scope, by=by, ours="when", texts={}, is_on=True)
    assert Question.objects.count() == 0


def test_new_question_is_last_and_moves_up(scope: Merchant) -> None:
    by = factories.user(scope)
    made = [
        save_question(
            merchant=scope, by=by, question=None, stage="always", is_on=True,
            texts={"en": {"question": name, "answer": "So."}},
        )
        for name in ("a", "b", "c")
    ]  # fmt: skip

    def order() -> list[str]:
        return [one.said("en", usual="en")[1] for one in questions_of(scope.pk).own]

    assert order() == ["a", "b", "c"]
    move_question(merchant=scope, by=by, question=made[2], is_up=True)
    move_question(merchant=scope, by=by, question=made[0], is_up=True)
    assert order() == ["a", "c", "b"]


def test_every_change_ends_kept_pages_and_is_noted(scope: Merchant) -> None:
    by = factories.user(scope)
    save_question(merchant=scope, by=by, question=None, texts=EN, stage="always", is_on=True)
    values = BannerValues({"en": "Busy"}, "quiet", TODAY, TODAY, ["page"])
    save_banner(merchant=scope, by=by, banner=None, values=values)
    version = Merchant.objects.get(pk=scope.pk).page_version
    assert version == scope.page_version + 2
    actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["question.added", "banner.added"]


@pytest.mark.parametrize(("days", "is_shown"), [(-1, False), (0, True), (1, True), (2, False)])
def test_banner_stands_from_its_first_to_its_last_day(
    scope: Merchant, days: int, is_shown: bool
) -> None:
    banner(scope, last=TODAY + timedelta(days=1))
    found = shown(scope, today=TODAY + timedelta(days=days))
    assert (found is not None) == is_shown


@pytest.mark.parametrize(
    ("country", "place", "is_shown"),
    [("SA", "page", True), ("AE", "page", False), ("", "page", False), ("SA", "widget", False)],
)
def test_banner_stands_for_its_countries_in_its_places(
    scope: Merchant, country: str, place: str, is_shown: bool
) -> None:
    banner(scope, countries=["SA"])
    assert (shown(scope, country=country, place=place) is not None) == is_shown


def test_of_several_the_one_that_began_last_stands(scope: Merchant) -> None:
    banner(scope, "Newer")
    banner(scope, "Older", first=TODAY - timedelta(days=5))
    assert shown(scope) == BannerWords("Newer", "quiet")


def test_banner_is_in_the_readers_language_else_in_the_shops(scope: Merchant) -> None:
    banner(scope, texts={"en": "Busy", "ar": "ازدحام"})
    texts = [shown(scope, language=code) for code in ("ar", "fr")]
    assert [one and one.text for one in texts] == ["ازدحام", "Busy"]


def test_peak_is_taken_once_in_the_shops_languages(scope: Merchant) -> None:
    by = factories.user(scope)
    (peak,) = (p for p in untaken(["AE"], today=TODAY, rules=()) if p.kind.slug == "white_friday")
    made = [
        take(merchant=scope, by=by, peak=peak, languages=["en", "ar"], today=TODAY)
        for _ in range(2)
    ]
    assert made[0] == made[1]
    assert made[0].texts == ready(peak, languages=["en", "ar"], today=TODAY).texts
    assert sorted(made[0].texts) == ["ar", "en"]
    assert made[0].texts["ar"] != made[0].texts["en"]
    left = {one.kind.slug for one in untaken(["AE"], today=TODAY, rules=())}
    assert "white_friday" not in left
