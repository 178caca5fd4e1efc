"""The phone page: what one shopper's phone received, as the shopper sees it."""

from __future__ import annotations

import re
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from demo import phones
from demo.phones import Item, Owner
from lib.formats import time_of_day, weekday_date
from merchants.scope import every_merchant, merchant_scope
from notifications.models import PushSubscription
from storefront_pages.push import keep_browser

_LINK: Final = re.compile(r"https?://[^\s<]+")
_BOLD: Final = re.compile(r"\*([^*\n]+)\*")
_LONGEST_ANSWER: Final = 500
_SHOWN: Final = 60


@require_safe
def phone(request: HttpRequest, owner_id: int | None = None) -> HttpResponse:
    """The list of phones, and one of them."""
    everybody = phones.owners()
    chosen = next((owner for owner in everybody if owner.pk == owner_id), None)
    if owner_id is not None and chosen is None:
        raise Http404
    count = ngettext("%(n)s phone", "%(n)s phones", len(everybody)) % {"n": len(everybody)}
    context: dict[str, Any] = {
        "owners": [_owner(owner, current=owner is chosen) for owner in everybody],
        "sentence": count,
        "list_url": "/demo/phone/",
        "phone": _screen(chosen) if chosen else None,
    }
    return render(request, "demo/phone.html", context)


@require_POST
def answer(request: HttpRequest, owner_id: int) -> HttpResponse:
    """The shopper writes back by SMS, WhatsApp or e-mail; by WhatsApp a place or a picture too."""
    owner = _found(owner_id)
    body = request.POST.get("body", "").strip()[:_LONGEST_ANSWER]
    extra = request.POST.get("extra", "")
    channel = request.POST.get("channel", "")
    channel = channel if channel in _NAMES else "sms"
    if channel == "whatsapp" and extra in phones.EXTRAS:
        to = request.POST.get("to", "")
        if not phones.write_back(owner, channel=channel, to=to, body=body, extra=extra):
            messages.error(request, _("The answer did not reach Homeward."))
    elif not body:
        messages.error(request, _("Write something first, for example STOP."))
    elif channel == "mail":
        if not phones.reply_by_mail(owner, body=body):
            messages.error(request, _("The answer did not reach Homeward."))
    elif not phones.write_back(owner, channel=channel, to=request.POST.get("to", ""), body=body):
        messages.error(request, _("The answer did not reach Homeward."))
    return _back(owner)


@require_POST
def allow_notes(request: HttpRequest, owner_id: int) -> HttpResponse:
    """This phone's browser subscribes to every order of its owner."""
    owner = _found(owner_id)
    browser = phones.browser_of(owner)
    if browser is None:
        messages.error(request, _("The push service does not answer."))
    else:
        subscribe(owner, browser)
    return _back(owner)


def subscribe(owner: Owner, browser: dict[str, Any]) -> int:
    """Let this browser hear of all orders of its owner; returns of how many."""
    with every_merchant("a demonstration's shopper may have ordered from several shops"):
        rows = list(phones.recipients_of(owner))
    for row in rows:
        with merchant_scope(row.merchant_id):
            keep_browser(
                recipient=row,
                endpoint=browser["endpoint"],
                p256dh=browser["keys"]["p256dh"],
                auth=browser["keys"]["auth"],
            )
    return len(rows)


def _found(owner_id: int) -> Owner:
    owner = phones.owner_of(owner_id)
    if owner is None:
        raise Http404
    return owner


def _back(owner: Owner) -> HttpResponse:
    response = redirect("phone-of", owner.pk)
    response.status_code = 303
    return response


def _owner(owner: Owner, *, current: bool) -> dict[str, Any]:
    return {
        "name": owner.name or owner.email,
        "shops": " · ".join(owner.shops),
        "url": f"/demo/phone/{owner.pk}/",
        "current": current,
    }


def _screen(owner: Owner) -> dict[str, Any]:
    found = phones.read_phone(owner)
    answers = {item.kind: item.answer_to for item in found.items if item.answer_to}
    if any(item.kind == "mail" for item in found.items):
        answers["mail"] = ""
    with every_merchant("the demonstration's phone shows all its owner's shops"):
        takes_notes = PushSubscription.objects.filter(
            recipient__in=phones.recipients_of(owner), gone_at__isnull=True
        ).exists()
    return {
        "name": owner.name or owner.email,
        "number": owner.number,
        "problem": found.problem,
        # The newest on top, as on a locked screen.
        "items": [_item(item) for item in reversed(found.items[-_SHOWN:])],
        "answers": [
            {"channel": kind, "to": to, "label": _label(kind), "extras": kind == "whatsapp"}
            for kind, to in answers.items()
        ],
        "answer_url": f"/demo/phone/{owner.pk}/answer/",
        "takes_notes": takes_notes,
        "notes_url": f"/demo/phone/{owner.pk}/notes/",
    }


#: The channels that a shopper may answer by; mail has a translated name.
_NAMES: Final = {"sms": "SMS", "whatsapp": "WhatsApp", "mail": ""}
_ICONS: Final = {
    "mail": "mail",
    "sms": "message-square",
    "whatsapp": "message-circle",
    "push": "bell",
}


def _item(item: Item) -> dict[str, Any]:
    language = get_language() or "en"
    day = weekday_date(item.at.date(), language)
    return {
        "kind": item.kind,
        "icon": _ICONS[item.kind],
        "app": _label(item.kind),
        "sender": item.sender,
        "title": item.title,
        "body": _as_html(item),
        "url": item.url,
        "is_theirs": item.is_theirs,
        "time": f"{day}, {time_of_day(item.at, language)}",
        "iso": item.at.isoformat(),
    }


def _label(kind: str) -> str:
    return _NAMES.get(kind) or (_("Mail") if kind == "mail" else _("Browser"))


def _as_html(item: Item) -> SafeString:
    """The text as its app shows it: addresses lead on, and WhatsApp makes *this* bold."""
    text = str(escape(item.text))
    if item.kind == "whatsapp":
        text = _BOLD.sub(r"<strong>\1</strong>", text)
    if item.kind in {"sms", "whatsapp"}:
        text = _LINK.sub(lambda found: f'<a href="{found[0]}"><bdi>{found[0]}</bdi></a>', text)
    return mark_safe(text.replace("\n", "<br>"))  # noqa: S308 - escaped above
