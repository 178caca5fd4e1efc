"""The page where somebody proves to be who the order is for: a code is sent, and entered.

What `storefront_pages.asking` says of CSRF tokens holds here. A code goes to an address that the
shop gave us, chosen by its place in the list: nobody can type one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from merchants.scope import merchant_scope
from notifications.page_codes import (
    Asked,
    CodeWay,
    Purpose,
    pending,
    send_code,
    take_code,
    ways_to,
)
from storefront_pages import languages
from storefront_pages.access import Tier
from storefront_pages.code_limits import wait_to_enter, wait_to_send, wait_words
from storefront_pages.doorbell import send_messages
from storefront_pages.looking import note_deed
from storefront_pages.preferences import Held, framed, held_by
from storefront_pages.proof import forget_proof, keep_proof
from storefront_pages.views import no_page, private

WRONG: Final = 422


@dataclass(frozen=True, slots=True)
class Problem:
    """What is said instead of going on; `wait` are seconds where there were too many."""

    words: str
    wait: int = 0

    @property
    def status(self) -> int:
        return 429 if self.wait else WRONG


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@private
def code(request: HttpRequest, token: str, merchant: str = "") -> HttpResponse:
    """The addresses to choose from, then the field for the code; 303 after each deed."""
    held = held_by(request, token, merchant, ends=True)
    if isinstance(held, HttpResponse):
        return held
    now = datetime.now(UTC)
    language = held.language(request)
    with merchant_scope(held.merchant.pk), translation.override(language):
        person = held.recipient()
        if person is None:
            return no_page(request, held.merchant)
        asked = Asked(held.merchant, held.order, person, held.marked.link_id, language)
        response = _done(request, held, asked, now=now)
    response.headers["Cache-Control"] = "no-store"
    languages.speak(response, request, language=language, path=held.where.root)
    return response


def _done(request: HttpRequest, held: Held, asked: Asked, *, now: datetime) -> HttpResponse:
    if request.method != "POST":
        return _form(request, held, asked, now=now)
    deed = request.POST.get("do", "")
    if deed == "forget":
        response = _back_to(held.where.page(held.token))
        forget_proof(response, path=held.where.page(held.token))
        return response
    if deed == "send":
        problem = _send(request, held, asked, now=now)
        if problem is None:
            return _back_to(f"{request.path}?sent=1")
        return _form(request, held, asked, now=now, problem=problem)
    return _enter(request, held, asked, now=now)


def _send(request: HttpRequest, held: Held, asked: Asked, *, now: datetime) -> Problem | None:
    way = _chosen(request.POST.get("way", ""), ways_to(asked))
    if way is None:
        return Problem(_("Please choose where the code should go."))
    wait = wait_to_send(request, held.marked, to=way.to)
    if wait:
        return Problem(wait_words(wait), wait)
    send_code(asked=asked, way=way, purpose=Purpose.OPEN, now=now)
    send_messages()
    return None


def _enter(request: HttpRequest, held: Held, asked: Asked, *, now: datetime) -> HttpResponse:
    wait = wait_to_enter(request, held.marked)
    if wait:
        return _form(request, held, asked, now=now, problem=Problem(wait_words(wait), wait))
    typed = request.POST.get("code", "")[:40]
    taken = take_code(link_id=asked.link_id, purpose=Purpose.OPEN, typed=typed, now=now)
    if taken is None:
        return _form(request, held, asked, now=now, problem=Problem(wrong_words()))
    page = held.where.page(held.token)
    response = _back_to(f"{page}#details")
    keep_proof(response, request, taken, path=page)
    note_deed(request, held.marked)
    return response


def wrong_words() -> str:
    """What is said to a code that does not fit, whatever the reason."""
    return _("This code does not fit. Check it, or have a new one sent.")


def _chosen(place: str, ways: list[CodeWay]) -> CodeWay | None:
    """The way at this place of the list, from 1."""
    places = {str(nth): way for nth, way in enumerate(ways, start=1)}
    return places.get(place)


def _back_to(path: str) -> HttpResponse:
    response: HttpResponse = redirect(path)
    response.status_code = 303
    return response


def _form(
    request: HttpRequest,
    held: Held,
    asked: Asked,
    *,
    now: datetime,
    problem: Problem | None = None,
) -> HttpResponse:
    waiting = pending(link_id=asked.link_id, purpose=Purpose.OPEN, now=now)
    ways = ways_to(asked)
    masked = {way.to: way.masked for way in ways}
    context: dict[str, Any] = framed(held, language=asked.language) | {
        "action": request.path,
        "is_open": held.marked.access.tier is Tier.CODE,
        "sent_to": masked.get(waiting.to, "") if waiting else "",
        "ways": [
            {"value": str(nth), "label": way.masked, "channel": way.channel, "chosen": nth == 1}
            for nth, way in enumerate(ways, start=1)
        ],
        "error": problem.words if problem else "",
    }
    status = problem.status if problem else 200
    response = render(request, "storefront/code.html", context, status=status)
    if problem and problem.wait:
        response.headers["Retry-After"] = str(problem.wait)
    return response
