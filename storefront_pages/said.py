"""What we wrote to this shopper about this order: a small page, and a feed for the shop’s app."""

from __future__ import annotations

import hashlib
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from lib import formats, limits
from merchants.scope import merchant_scope
from notifications.answers.topics import PAGE_CODE
from notifications.channels.registry import label_of
from notifications.consent import INBOX
from notifications.models import Message
from notifications.triggers import TRIGGERS
from storefront_pages import languages
from storefront_pages.preferences import Held, held_by
from storefront_pages.shop import shell
from storefront_pages.views import private, shop_today

#: Looks at one link's feed in a minute.
LOOKS_A_LINK: Final = (60, 60)
_MOST: Final = 100
_TOLD: Final = (Message.State.SENT, Message.State.DELIVERED)


@require_safe
@private
def feed(request: HttpRequest, token: str, merchant: str = "") -> HttpResponse:
    """The messages of the feed, newest first, as JSON; 304 where nothing is new, 429 with
    Retry-After for too many looks."""
    held = held_by(request, token, merchant, ends=True)
    if isinstance(held, HttpResponse):
        return JsonResponse({"error": "There is no such order."}, status=404)
    limit, seconds = LOOKS_A_LINK
    window = limits.count(f"feed:{held.marked.link_id}", limit=limit, seconds=seconds)
    if window.is_over:
        response: HttpResponse = JsonResponse({"error": "Too many requests."}, status=429)
        response.headers["Retry-After"] = str(window.seconds_left)
        return response
    with merchant_scope(held.merchant.pk):
        rows = list(_said(held).filter(channel=INBOX)[:_MOST])
    etag = _etag(rows)
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponseNotModified()
    else:
        response = JsonResponse({"order": held.order.number, "messages": [_entry(r) for r in rows]})
    response.headers["ETag"] = etag
    # A shop's own pages may read it: the token is the authority, and no cookie counts here.
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
@private
def messages(request: HttpRequest, token: str, merchant: str = "") -> HttpResponse:
    """Everything that this person was told about this order, each thing once."""
    held = held_by(request, token, merchant, ends=True)
    if isinstance(held, HttpResponse):
        return held
    language = held.language(request)
    with merchant_scope(held.merchant.pk), translation.override(language):
        context = shell(
            held.merchant, held.marked.brand, held.where, language=language,
            today=shop_today(held.merchant),
        ) | {
            "order_number": held.order.number,
            "page_url": held.where.page(token),
            "messages": _once(list(_said(held)[:_MOST]), held.marked.zone, language),
        }  # fmt: skip
        response = render(request, "storefront/messages.html", context)
    response.headers["Cache-Control"] = "no-store"
    languages.speak(response, request, language=language, path=held.where.root)
    return response


def _said(held: Held) -> QuerySet[Message]:
    """What went out to this person, newest first; in the merchant's scope."""
    person = held.recipient()
    return (
        Message.objects.filter(order_id=held.order.pk, recipient=person, state__in=_TOLD)
        .exclude(purpose=Message.Purpose.TEST)
        .exclude(topic=PAGE_CODE)
        .exclude(text="")
        .defer("html")
        .order_by("-created_at", "-pk")
    )


def _once(rows: list[Message], zone: ZoneInfo, language: str) -> list[dict[str, Any]]:
    """One line a piece of news, with the channels that told it."""
    found: dict[tuple[int, str], dict[str, Any]] = {}
    for row in rows:
        at = (row.sent_at or row.created_at).astimezone(zone)
        line = found.setdefault(
            (row.change_id, row.topic),
            {
                "title": _title(row),
                "text": row.text,
                "language": row.language,
                "time": formats.day_and_time(at, language),
                "iso": at.isoformat(timespec="seconds"),
                "channels": [],
            },
        )
        if row.channel != INBOX:
            line["channels"].append(label_of(row.channel))
    return list(found.values())


def _title(row: Message) -> str:
    trigger = TRIGGERS.get(row.topic)
    return str(trigger.label) if trigger else row.subject


def _entry(row: Message) -> dict[str, Any]:
    return {
        "id": row.pk,
        "topic": row.topic,
        "language": row.language,
        "title": row.subject,
        "text": row.text,
        "at": (row.sent_at or row.created_at).isoformat(timespec="seconds"),
    }


def _etag(rows: list[Message]) -> str:
    text = repr([(row.pk, row.subject, row.text) for row in rows])
    return f'"{hashlib.blake2b(text.encode(), digest_size=12).hexdigest()}"'
