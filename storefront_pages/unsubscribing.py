"""The mail program's own "unsubscribe", and the page behind the same address (RFC 8058).

Whoever posts here without naming a deed is a mail program: no more e-mail, at once, without a
cookie or a token but the link's own. A person who opens the address is asked first, because
programs that check links open it too.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from lib import limits
from merchants.scope import merchant_scope
from notifications.consent import choose, preference_of
from notifications.rules import channels_on
from storefront_pages import languages
from storefront_pages.code_limits import wait_words
from storefront_pages.preferences import Held, framed, held_by, refused, wanted
from storefront_pages.views import no_page, private
from tracking.models import Recipient

#: Posts through one link in an hour. The machines that post are a few mailbox providers’, and stand
#: for everybody: so they themselves are not counted.
POSTS_A_LINK: Final = (60, 3600)
_MAIL: Final = "email"
#: What a person's buttons post; anything else is a mail program's one click.
_DEEDS: Final = frozenset({"shop", "shop_back", "order", "order_back"})


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@private
def unsubscribe(request: HttpRequest, token: str, merchant: str = "") -> HttpResponse:
    """204 to a mail program; 303 back to the page to a person."""
    held = held_by(request, token, merchant)
    if isinstance(held, HttpResponse):
        return held
    with merchant_scope(held.merchant.pk):
        person = held.recipient()
        if person is None:
            return no_page(request, held.merchant)
        language = held.language(request)
        with translation.override(language):
            if request.method == "POST":
                response = _posted(request, held, person, language=language)
            else:
                response = _asked(request, held, person, language=language)
    response.headers["Cache-Control"] = "no-store"
    if request.method != "POST":
        languages.speak(response, request, language=language, path=held.where.root)
    return response


def _posted(request: HttpRequest, held: Held, person: Recipient, *, language: str) -> HttpResponse:
    limit, seconds = POSTS_A_LINK
    name = f"unsubscribe:{held.merchant.pk}:{held.marked.link_id}"
    window = limits.count(name, limit=limit, seconds=seconds)
    if window.is_over:
        problem = wait_words(window.seconds_left)
        again = _asked(request, held, person, language=language, problem=problem)
        return refused(again, wait=window.seconds_left)
    deed = request.POST.get("do", "")
    _do(held, person, deed if deed in _DEEDS else "shop")
    if deed not in _DEEDS:
        return HttpResponse(status=204)
    back = redirect(request.path)
    back.status_code = 303
    return back


def _do(held: Held, person: Recipient, deed: str) -> None:
    """Keep one deed; everything else that was chosen stays. Twice changes nothing."""
    chosen = preference_of(person)
    channels = wanted(chosen, channels_on(held.merchant))
    orders = set(chosen.muted_orders if chosen else ())
    is_muted = bool(chosen and chosen.is_muted)
    if deed == "shop":
        channels.discard(_MAIL)
    elif deed == "shop_back":
        channels.add(_MAIL)
        is_muted = False
    elif deed == "order":
        orders.add(held.order.pk)
    else:
        orders.discard(held.order.pk)
    choose(
        recipient=person,
        channels=channels,
        language=chosen.language if chosen else "",
        is_muted=is_muted,
        now=datetime.now(UTC),
        muted_orders=orders,
    )


def _asked(
    request: HttpRequest, held: Held, person: Recipient, *, language: str, problem: str = ""
) -> HttpResponse:
    chosen = preference_of(person)
    channels = wanted(chosen, channels_on(held.merchant))
    context = framed(held, language=language) | {
        "problem": problem,
        "preferences_url": f"{held.where.page(held.token)}preferences/",
        "takes_mail": _MAIL in channels and not (chosen and chosen.is_muted),
        "hears_of_order": not (chosen and held.order.pk in chosen.muted_orders),
    }
    return render(request, "storefront/unsubscribe.html", context)
