"""Owners and admins hear of gaps: one mail each, and no more than two a day about a store.

`Gap.tells` says that there is something to tell; gaps of one store that wait are told together.
They are claimed before anything is sent, and given back when not one mail could leave.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import override

from dashboard.clock import Clock
from dashboard.feed_words import gap_story
from dashboard.people.account_mail import NotSent, send
from merchants.models import Membership, Role
from merchants.scope import every_merchant, merchant_scope
from stores.models import Gap, StoreConnection

_AGAIN: Final = timedelta(hours=12)


def tell_owners(*, now: datetime) -> int:
    """Tell what is to be told; how many stores were told of."""
    with every_merchant("what is to be told waits in one queue"):
        waiting = Gap.objects.filter(tells=True, told_at__isnull=True)
        stores = sorted(set(waiting.values_list("merchant_id", "store_id")))
    return sum(_tell(merchant_id, store_id, now=now) for merchant_id, store_id in stores)


def _tell(merchant_id: int, store_id: int, *, now: datetime) -> bool:
    with merchant_scope(merchant_id):
        store = StoreConnection.objects.select_related("merchant").get(pk=store_id)
        told = Gap.objects.filter(store=store, told_at__gt=now - _AGAIN)
        if told.filter(closed_at__isnull=False).exists():
            return False
        gaps = list(
            Gap.objects.select_for_update(skip_locked=True)
            .filter(store=store, tells=True, told_at__isnull=True)
            .order_by("silent_since", "pk")
        )
        ids = [gap.pk for gap in gaps]
        Gap.objects.filter(pk__in=ids).update(told_at=now)
    if not gaps:
        return False
    people = Membership.objects.filter(
        merchant_id=merchant_id, role__in=[Role.OWNER, Role.ADMIN], accepted_at__isnull=False
    )
    sent = 0
    for member in people.select_related("user").order_by("pk"):
        sent += _send(member, gaps, store, now=now)
    if not sent:
        with merchant_scope(merchant_id):
            Gap.objects.filter(pk__in=ids).update(told_at=None)
    return bool(sent)


def _send(member: Membership, gaps: list[Gap], store: StoreConnection, *, now: datetime) -> bool:
    language = member.user.language or "en"
    clock = Clock(now, ZoneInfo(store.merchant.zone), language)
    with override(language):
        story = gap_story(gaps, store, clock)
    refused = gaps[-1].closed_at is None
    try:
        send(
            "feed_refused" if refused else "feed_recovered",
            to=member.user.email,
            path=reverse("dashboard:store_feed", args=[store.merchant.slug, store.pk]),
            language=language,
            shop=store.name,
            story=story,
        )
    except NotSent:
        return False
    return True
