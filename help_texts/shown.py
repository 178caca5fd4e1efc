"""Questions and banners as pages show them: rows as values, read once, chosen by day and place.

Nothing here knows a clock: `today` is the shop's day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from help_texts.models import Banner, Question, QuestionsPage

Texts = Mapping[str, tuple[str, str]]
"""Question and answer by language."""


@dataclass(frozen=True, slots=True)
class OwnQuestion:
    """A merchant's question that is switched on."""

    stage: Question.Stage
    texts: Texts

    def said(self, language: str, *, usual: str) -> tuple[str, str, str]:
        """The language, question and answer: in this language, else in the `usual` one, else in
        any."""
        code = next((one for one in (language, usual) if one in self.texts), min(self.texts))
        return (code, *self.texts[code])


@dataclass(frozen=True, slots=True)
class Questions:
    """What a merchant says about questions: its own in its order, and what it changed about ours:
    those left out and those reworded, by their keys."""

    own: tuple[OwnQuestion, ...] = ()
    left_out: frozenset[str] = frozenset()
    reworded: Mapping[str, Texts] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RunningBanner:
    """A banner as values."""

    texts: Mapping[str, str]
    tone: str
    first: date
    last: date
    places: frozenset[str]
    countries: frozenset[str]

    def stands(self, *, place: str, today: date, country: str) -> bool:
        """Whether it is shown there now. `country` is where the parcel goes; "": nobody knows,
        and then only what is for all countries is shown."""
        fits = not self.countries or country in self.countries
        return fits and place in self.places and self.first <= today <= self.last


@dataclass(frozen=True, slots=True)
class BannerWords:
    """One banner as `components/note.html` takes it."""

    text: str
    tone: str


def questions_of(merchant_id: int) -> Questions:
    """What this merchant says about questions; in its scope."""
    own: list[OwnQuestion] = []
    left_out: set[str] = set()
    reworded: dict[str, Texts] = {}
    for row in Question.objects.filter(merchant_id=merchant_id).order_by("position", "pk"):
        texts = _texts(row.texts)
        if not row.ours:
            if row.is_on and texts:
                own.append(OwnQuestion(Question.Stage(row.stage), texts))
        elif not row.is_on:
            left_out.add(row.ours)
        elif texts:
            reworded[row.ours] = texts
    return Questions(tuple(own), frozenset(left_out), reworded)


def banners_of(merchant_id: int) -> tuple[RunningBanner, ...]:
    """This merchant's banners, those that began last before the others; in its scope."""
    rows = Banner.objects.filter(merchant_id=merchant_id).order_by("-first", "-pk")
    return tuple(
        RunningBanner(
            texts={code: str(text) for code, text in row.texts.items() if text},
            tone=row.tone,
            first=row.first,
            last=row.last,
            places=frozenset(row.places),
            countries=frozenset(row.countries),
        )
        for row in rows
    )


def is_listed(merchant_id: int) -> bool:
    """Whether search engines may list the public page of questions."""
    row = QuestionsPage.objects.filter(merchant_id=merchant_id).first()
    return row is not None and row.is_listed


def standing(
    banners: Sequence[RunningBanner],
    *,
    place: str,
    language: str,
    usual: str,
    today: date,
    country: str,
) -> BannerWords | None:
    """The one banner that is shown there now, in this language, else in the `usual` one.

    Of several it is the one that began last: what is said newest counts.
    """
    for one in banners:
        if one.stands(place=place, today=today, country=country):
            text = one.texts.get(language) or one.texts.get(usual)
            text = text or next(iter(one.texts.values()), "")
            if text:
                return BannerWords(text, one.tone)
    return None


def _texts(stored: Mapping[str, Any]) -> Texts:
    """What is complete: a question without an answer is none."""
    pairs = {
        code: (str(one.get("question", "")), str(one.get("answer", "")))
        for code, one in stored.items()
    }
    return {code: pair for code, pair in pairs.items() if all(pair)}
