"""A number for text messages is added: typed, proved by a code that goes to it, agreed to.

What `storefront_pages.asking` says of CSRF tokens holds here. Such a number opens nothing: codes
that show the address go only where the shop said (`notifications.page_codes`).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from lib.phones import e164, masked_phone
from merchants.scope import merchant_scope
from notifications.consent import choose, preference_of
from notifications.page_codes import (
    Asked,
    Purpose,
    pending,
    phone_way,
    reachable,
    send_code,
    take_code,
)
from notifications.text_limits import SMS
from storefront_pages import languages
from storefront_pages.code_limits import wait_to_enter, wait_to_send, wait_words
from storefront_pages.code_page import Problem, wrong_words
from storefront_pages.doorbell import send_messages
from storefront_pages.looking import note_deed
from storefront_pages.preferences import Held, framed, held_by, texts_go
from storefront_pages.views import no_page, private
from stores.own_phone import take_phone
from tracking.models import Recipient

_LONGEST = 40


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@private
def phone(request: HttpRequest, token: str, merchant: str = "") -> HttpResponse:
    """The field for the number, then the one for its code; 303 after each deed."""
    held = held_by(request, token, merchant, ends=True)
    if isinstance(held, HttpResponse):
        return held
    now, language = datetime.now(UTC), held.language(request)
    with merchant_scope(held.merchant.pk), translation.override(language):
        person = held.recipient()
        if person is None or not texts_go(held):
            return no_page(request, held.merchant)
        asked = Asked(held.merchant, held.order, person, held.marked.link_id, language)
        response = _done(request, held, asked, now=now)
    response.headers["Cache-Control"] = "no-store"
    languages.speak(response, request, language=language, path=held.where.root)
    return response


def _done(request: HttpRequest, held: Held, asked: Asked, *, now: datetime) -> HttpResponse:
    if request.method != "POST":
        return _form(request, held, asked, now=now)
    if request.POST.get("do") == "send":
        problem = _send(request, held, asked, now=now)
        onward = f"{request.path}?sent=1"
    else:
        problem = _enter(request, held, asked, now=now)
        onward = f"{held.where.page(held.token)}preferences/?saved=1"
    if problem is not None:
        return _form(request, held, asked, now=now, problem=problem)
    response: HttpResponse = redirect(onward)
    response.status_code = 303
    return response


def _send(request: HttpRequest, held: Held, asked: Asked, *, now: datetime) -> Problem | None:
    typed = request.POST.get("phone", "")[:_LONGEST]
    number = e164(typed, country=asked.order.country or asked.merchant.country)
    if not number:
        return Problem(_("Enter a phone number with 6 to 15 digits, such as 050 123 4567."))
    wait = wait_to_send(request, held.marked, to=number)
    if wait:
        return Problem(wait_words(wait), wait)
    if not reachable(asked.merchant, [phone_way(number)]):
        return Problem(_("This address is closed to our messages."))
    send_code(asked=asked, way=phone_way(number), purpose=Purpose.PHONE, now=now)
    send_messages()
    return None


def _enter(request: HttpRequest, held: Held, asked: Asked, *, now: datetime) -> Problem | None:
    wait = wait_to_enter(request, held.marked)
    if wait:
        return Problem(wait_words(wait), wait)
    typed = request.POST.get("code", "")[:_LONGEST]
    taken = take_code(link_id=asked.link_id, purpose=Purpose.PHONE, typed=typed, now=now)
    if taken is None:
        return Problem(wrong_words())
    with transaction.atomic():
        take_phone(recipient=asked.recipient, order=asked.order, number=taken.to, now=now)
        _use_it(asked, now=now)
    note_deed(request, held.marked)
    return None


def _use_it(asked: Asked, *, now: datetime) -> None:
    """Whoever had chosen channels before has now chosen this one too."""
    person = Recipient.objects.select_related("order").get(pk=asked.recipient.pk)
    chosen = preference_of(person)
    if chosen is not None:
        choose(
            recipient=person, channels={*chosen.channels, SMS}, language=chosen.language,
            is_muted=False, now=now,
        )  # fmt: skip


def _form(
    request: HttpRequest, held: Held, asked: Asked, *, now: datetime, problem: Problem | None = None
) -> HttpResponse:
    waiting = pending(link_id=asked.link_id, purpose=Purpose.PHONE, now=now)
    context: dict[str, Any] = framed(held, language=asked.language) | {
        "action": request.path,
        "preferences_url": f"{held.where.page(held.token)}preferences/",
        "sent_to": masked_phone(waiting.to) if waiting else "",
        "phone": request.POST.get("phone", "")[:_LONGEST],
        "error": problem.words if problem else "",
    }
    status = problem.status if problem else 200
    response = render(request, "storefront/phone.html", context, status=status)
    if problem and problem.wait:
        response.headers["Retry-After"] = str(problem.wait)
    return response
