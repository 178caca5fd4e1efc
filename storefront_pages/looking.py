"""Was a page only fetched, or seen? What each request says about it; no request waits for it.

What counts, and for whom, is said in `notifications.seen`.
"""

from __future__ import annotations

import re
import time
from typing import Final

from django.conf import settings
from django.http import HttpRequest

from lib import errands
from notifications import looks
from notifications.looks import Look
from notifications.models import PageView
from storefront_pages.stamps import Stamp

#: What an open page says with each question for news: "1" where somebody is there, else "0".
LOOKING: Final = "X-Looking"
#: Programs that fetch pages, and some that run their scripts too.
_PROGRAMS: Final = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|scan|headless|preview|facebookexternalhit|whatsapp/|telegram"
    r"|embedly|python|curl/|wget|java/|go-http|okhttp|monitor|lighthouse|safelinks|urlcheck",
    re.I,
)
_PHONE: Final = re.compile(r"mobi|iphone|ipod", re.I)
_TABLET: Final = re.compile(r"ipad|tablet|android|silk", re.I)


def note_fetch(request: HttpRequest, marked: Stamp) -> None:
    """The page was asked for: by a browser, by an open page for its news, or by a program.

    Costs no query, so whether somebody of the team asks is only guessed: who is signed in to
    anything here. An open page says that somebody is there only after its beacon was kept.
    """
    looking = request.headers.get(LOOKING)
    if looking == "1":
        note(request, marked, PageView.Proof.BEACON)
    elif looking is None and settings.SESSION_COOKIE_NAME not in request.COOKIES:
        note(request, marked, PageView.Proof.NONE)


def note_deed(request: HttpRequest, marked: Stamp) -> None:
    """Somebody posted a form of the page: that is a look, with or without a script."""
    note(request, marked, PageView.Proof.DEED)


def note(request: HttpRequest, marked: Stamp, proof: PageView.Proof) -> None:
    """Keep this look, unless a program looked."""
    if marked.order is None or is_program(request):
        return
    keep(
        request,
        merchant_id=marked.merchant.pk,
        order_id=marked.order.pk,
        recipient_id=marked.recipient,
        proof=proof,
    )


def keep(
    request: HttpRequest,
    *,
    merchant_id: int,
    order_id: int,
    recipient_id: int | None,
    proof: PageView.Proof,
) -> None:
    """Keep this look for whoever the link is; of the browser only the kind of device."""
    errands.begin()
    looks.note(
        Look(merchant_id, order_id, recipient_id, time.time(), str(proof), device_of(request))
    )


def is_program(request: HttpRequest) -> bool:
    """Whether this is a prefetch, a link's preview, or a program that says so."""
    headers = request.headers
    purpose = " ".join(headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Moz"))
    if "prefetch" in purpose or "preview" in purpose:
        return True
    return bool(_PROGRAMS.search(headers.get("User-Agent", "")))


def device_of(request: HttpRequest) -> str:
    """The coarse kind of device; all that is kept of what the browser says of itself."""
    name = request.headers.get("User-Agent", "")
    if request.headers.get("Sec-CH-UA-Mobile") == "?1" or _PHONE.search(name):
        return PageView.Device.PHONE
    if _TABLET.search(name):
        return PageView.Device.TABLET
    return PageView.Device.COMPUTER if "Mozilla/" in name else PageView.Device.UNKNOWN
