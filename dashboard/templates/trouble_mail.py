"""Owners and admins hear of texts that could not be used: at most one mail a day for a shop.

Claimed before anything is sent, and given back when not one mail could leave.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.urls import reverse
from django.utils.translation import ngettext, override

from dashboard.people.account_mail import NotSent, send
from merchants.models import Membership, Merchant, Role
from merchants.scope import every_merchant, merchant_scope
from notifications.models import Template

_AGAIN: Final = timedelta(days=1)


def tell_of_broken_texts(*, now: datetime) -> int:
    """Tell what is to be told; how many shops were told."""
    with every_merchant("what is to be told waits in one queue"):
        waiting = Template.objects.exclude(problem="").filter(problem_told_at__isnull=True)
        shops = sorted(set(waiting.values_list("merchant_id", flat=True)))
    return sum(_tell(merchant_id, now=now) for merchant_id in shops)


def _tell(merchant_id: int, *, now: datetime) -> bool:
    with merchant_scope(merchant_id):
        if Template.objects.filter(problem_told_at__gt=now - _AGAIN).exists():
            return False
        ids = list(
            Template.objects.select_for_update(skip_locked=True)
            .exclude(problem="")
            .filter(problem_told_at__isnull=True)
            .values_list("pk", flat=True)
        )
        Template.objects.filter(pk__in=ids).update(problem_told_at=now)
    if not ids:
        return False
    merchant = Merchant.objects.get(pk=merchant_id)
    people = Membership.objects.filter(
        merchant_id=merchant_id, role__in=[Role.OWNER, Role.ADMIN], accepted_at__isnull=False
    )
    sent = sum(_send(one, merchant, len(ids)) for one in people.select_related("user"))
    if not sent:
        with merchant_scope(merchant_id):
            Template.objects.filter(pk__in=ids).update(problem_told_at=None)
    return bool(sent)


def _send(member: Membership, merchant: Merchant, texts: int) -> bool:
    language = member.user.language or "en"
    with override(language):
        story = ngettext(
            "%(n)s of your texts could not be used, so our words went to your customers instead. "
            "No message was lost. The editor says what is wrong with it.",
            "%(n)s of your texts could not be used, so our words went to your customers instead. "
            "No message was lost. The editor says what is wrong with them.",
            texts,
        ) % {"n": texts}
    try:
        send(
            "texts_broken",
            to=member.user.email,
            path=reverse("dashboard:templates", args=[merchant.slug]),
            language=language,
            shop=merchant.name,
            story=story,
        )
    except NotSent:
        return False
    return True
