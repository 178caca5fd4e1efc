"""Owners and admins hear that we switched an endpoint off: one mail each, once.

Claimed before anything is sent, and given back when not one mail could leave.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext, override

from dashboard.people.account_mail import NotSent, send
from dashboard.webhooks.words import name_of
from merchants.models import Membership, Role
from merchants.scope import every_merchant, merchant_scope
from notifications.models import WebhookEndpoint

_MAILS: Final = {
    WebhookEndpoint.Stopped.GONE: "webhook_gone",
    WebhookEndpoint.Stopped.FAILING: "webhook_failing",
}


def tell_owners(*, now: datetime) -> int:
    """Tell what is to be told; of how many endpoints."""
    with every_merchant("what is to be told waits in one queue"):
        waiting = WebhookEndpoint.objects.filter(told_at__isnull=True, removed_at__isnull=True)
        found = list(waiting.exclude(stopped_for="").values_list("merchant_id", "pk"))
    return sum(_tell(merchant_id, pk, now=now) for merchant_id, pk in found)


def _tell(merchant_id: int, pk: int, *, now: datetime) -> bool:
    with merchant_scope(merchant_id):
        mine = WebhookEndpoint.objects.filter(pk=pk).exclude(stopped_for="")
        if not mine.filter(told_at__isnull=True).update(told_at=now):
            return False
        endpoint = mine.select_related("merchant").get()
    people = Membership.objects.filter(
        merchant_id=merchant_id, role__in=[Role.OWNER, Role.ADMIN], accepted_at__isnull=False
    )
    sent = sum(_send(member, endpoint) for member in people.select_related("user").order_by("pk"))
    if not sent:
        with merchant_scope(merchant_id):
            mine.update(told_at=None)
    return bool(sent)


def _send(member: Membership, endpoint: WebhookEndpoint) -> bool:
    language = member.user.language or "en"
    with override(language):
        problem = gettext(endpoint.last_problem) if endpoint.last_problem else ""
    try:
        send(
            _MAILS[WebhookEndpoint.Stopped(endpoint.stopped_for)],
            to=member.user.email,
            path=reverse("dashboard:webhook", args=[endpoint.merchant.slug, endpoint.pk]),
            language=language,
            shop=endpoint.merchant.name,
            endpoint=name_of(endpoint),
            problem=problem,
        )
    except NotSent:
        return False
    return True
