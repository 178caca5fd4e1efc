"""The only writer of templates and their versions; everything in the merchant's scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from merchants.models import Merchant, User
from notifications.models import Template, TemplateVersion
from notifications.templates.liquid import cleaned


@dataclass(frozen=True, slots=True)
class Which:
    """One text: what it is about, on which channel, in which language."""

    topic: str
    channel: str
    language: str

    def as_filter(self) -> dict[str, Any]:
        """Its columns."""
        return {"topic": self.topic, "channel": self.channel, "language": self.language}


def template_of(merchant: Merchant, which: Which) -> Template | None:
    """The merchant's own text, where there is one."""
    return Template.objects.filter(merchant_id=merchant.pk, **which.as_filter()).first()


@transaction.atomic
def save(
    *, merchant: Merchant, which: Which, subject: str, body: str, by: User | None, now: datetime
) -> Template:
    """Keep a text that was checked (`templates.checking`), as a version of its own."""
    version = _next(merchant, which)
    subject, body = " ".join(cleaned(subject).split()), cleaned(body)
    row, _ = Template.objects.update_or_create(
        merchant=merchant,
        **which.as_filter(),
        defaults={
            "subject": subject, "body": body, "version": version,
            "problem": "", "problem_at": None, "problem_told_at": None,
        },
    )  # fmt: skip
    _keep(merchant, which, version=version, subject=subject, body=body, by=by, now=now)
    return row


@transaction.atomic
def back_to_ours(*, merchant: Merchant, which: Which, by: User | None, now: datetime) -> None:
    """Ours goes from now on; what the merchant had written stays among the versions."""
    removed, _ = Template.objects.filter(merchant_id=merchant.pk, **which.as_filter()).delete()
    if removed:
        version = _next(merchant, which)
        _keep(merchant, which, version=version, subject="", body="", by=by, now=now)


def versions_of(merchant: Merchant, which: Which) -> Sequence[TemplateVersion]:
    """Newest first."""
    rows = TemplateVersion.objects.filter(merchant_id=merchant.pk, **which.as_filter())
    return list(rows.select_related("by").order_by("-version"))


def note_problem(*, merchant_id: int, which: Which, problem: str, now: datetime) -> None:
    """It could not be used just now, and ours went out."""
    Template.objects.filter(merchant_id=merchant_id, **which.as_filter()).exclude(
        problem=problem[:300]
    ).update(problem=problem[:300], problem_at=now)


def broken(merchant: Merchant) -> Sequence[Template]:
    """Those that could not be used when they were last needed."""
    rows = Template.objects.filter(merchant_id=merchant.pk).exclude(problem="")
    return list(rows.order_by("-problem_at"))


def _next(merchant: Merchant, which: Which) -> int:
    rows = TemplateVersion.objects.filter(merchant_id=merchant.pk, **which.as_filter())
    return int(rows.aggregate(last=Max("version"))["last"] or 0) + 1


def _keep(
    merchant: Merchant,
    which: Which,
    *,
    version: int,
    subject: str,
    body: str,
    by: User | None,
    now: datetime,
) -> None:
    TemplateVersion.objects.create(
        merchant=merchant, **which.as_filter(), version=version, subject=subject, body=body,
        by=by, at=now,
    )  # fmt: skip
