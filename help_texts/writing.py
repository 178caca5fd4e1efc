"""What people do to questions and banners; the only writer of their tables.

All of it in the merchant's scope. Every change is noted in the audit log, and ends the pages that
were kept with what was there before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from help_texts.models import Banner, Question, QuestionsPage
from merchants.access import record
from merchants.models import Merchant, User
from merchants.page_version import pages_changed

TextPairs = Mapping[str, Mapping[str, str]]
"""{language: {"question", "answer"}}"""


@dataclass(frozen=True, slots=True)
class BannerValues:
    """A banner as it is typed."""

    texts: Mapping[str, str]
    tone: str
    first: date
    last: date
    places: Sequence[str]
    countries: Sequence[str] = ()


def save_question(
    *,
    merchant: Merchant,
    by: User,
    question: Question | None,
    texts: TextPairs,
    stage: str,
    is_on: bool,
) -> Question:
    """Keep a question of the merchant's own; a new one comes last."""
    row = question or Question(merchant=merchant, position=_end(merchant))
    row.texts, row.stage, row.is_on = _given(texts), stage, is_on
    row.save()
    _changed(merchant, by, "question.changed" if question else "question.added", title_of(row))
    return row


def save_ours(
    *, merchant: Merchant, by: User, ours: str, texts: TextPairs, is_on: bool
) -> Question | None:
    """Reword one of our questions, or leave it out; None where nothing differs from ours."""
    given = _given(texts)
    row = Question.objects.filter(merchant=merchant, ours=ours).first()
    _changed(merchant, by, "question.ours_changed", ours, is_on=is_on)
    if is_on and not given:
        if row is not None:
            row.delete()
        return None
    row = row or Question(merchant=merchant, ours=ours)
    row.texts, row.is_on = given, is_on
    row.save()
    return row


def remove_question(*, merchant: Merchant, by: User, question: Question) -> None:
    """Remove a question of the merchant's own."""
    _changed(merchant, by, "question.removed", title_of(question))
    question.delete()


def move_question(*, merchant: Merchant, by: User, question: Question, is_up: bool) -> None:
    """Let it change places with its neighbour; at the end of the list nothing happens."""
    rows = list(
        Question.objects.select_for_update()
        .filter(merchant=merchant, ours="")
        .order_by("position", "pk")
    )
    here = next(n for n, row in enumerate(rows) if row.pk == question.pk)
    there = here + (-1 if is_up else 1)
    if not 0 <= there < len(rows):
        return
    rows[here], rows[there] = rows[there], rows[here]
    for position, row in enumerate(rows):
        Question.objects.filter(pk=row.pk).exclude(position=position).update(position=position)
    _changed(merchant, by, "question.moved", title_of(question))


def list_page(*, merchant: Merchant, by: User, is_listed: bool) -> None:
    """Let search engines list the public page of questions, or not."""
    QuestionsPage.objects.update_or_create(merchant=merchant, defaults={"is_listed": is_listed})
    _changed(merchant, by, "questions.listed", "", is_listed=is_listed)


def save_banner(
    *, merchant: Merchant, by: User, banner: Banner | None, values: BannerValues, peak: str = ""
) -> Banner:
    """Keep a banner."""
    row = banner or Banner(merchant=merchant, peak=peak)
    row.texts = {code: text for code, text in values.texts.items() if text}
    row.tone, row.first, row.last = values.tone, values.first, values.last
    row.places, row.countries = list(values.places), list(values.countries)
    row.save()
    action = "banner.changed" if banner else "banner.added"
    _changed(
        merchant, by, action, banner_title(row, merchant.default_language),
        first=row.first.isoformat(), last=row.last.isoformat(),
    )  # fmt: skip
    return row


def remove_banner(*, merchant: Merchant, by: User, banner: Banner) -> None:
    """Remove a banner; it is gone from every page at once."""
    _changed(merchant, by, "banner.removed", banner_title(banner, merchant.default_language))
    banner.delete()


def title_of(question: Question, language: str = "") -> str:
    """The question in this language, else in any."""
    texts = question.texts
    own = texts.get(language) or next(iter(texts.values()), None)
    return str(own.get("question", "")) if own else ""


def banner_title(banner: Banner, language: str) -> str:
    """The banner's text in this language, else in any."""
    return str(banner.texts.get(language) or next(iter(banner.texts.values()), ""))


def _given(texts: TextPairs) -> dict[str, dict[str, str]]:
    """Only languages in which something was said."""
    return {code: dict(one) for code, one in texts.items() if any(one.values())}


def _end(merchant: Merchant) -> int:
    rows = Question.objects.filter(merchant=merchant, ours="").order_by("-position")
    last = rows.values_list("position", flat=True).first()
    return 0 if last is None else last + 1


def _changed(merchant: Merchant, by: User, action: str, subject: str, **detail: Any) -> None:
    record(merchant=merchant, user=by, action=action, subject=subject, **detail)
    pages_changed(merchant.pk)
