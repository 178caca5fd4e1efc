"""The page's forms: what the courier should do, and a case. Parse, hand over, show.

Exempt from CSRF tokens: nobody is logged in, and the page works without cookies and under
`no-referrer`, which hides the origin that a check would need. The link's token in the address is
the authority; who does not know it cannot post. Where a code was entered, the browser keeps its
word from what other sites post (`storefront_pages.proof`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt

from helpdesk.cases import LONGEST, open_case
from lib import limits
from merchants.headers import LOCATES
from merchants.scope import merchant_scope
from storefront_pages import languages
from storefront_pages.access import Part
from storefront_pages.away import FORM as AWAY
from storefront_pages.away import PART as AWAY_PART
from storefront_pages.concerns import KINDS
from storefront_pages.looking import note_deed
from storefront_pages.shop import addresses
from storefront_pages.stamps import Stamp
from storefront_pages.typed import Typed
from storefront_pages.views import opened, page_html, private
from storefront_pages.wishes import read_absence, read_wish
from tracking.answers import take_absence, take_denial, take_wish
from tracking.models import Shipment

#: Posts for one link, and from one address.
POSTS_A_LINK: Final = (12, 3600)
POSTS_AN_ADDRESS: Final = (40, 600)
#: Whether somebody rang up, as the button that was pressed says.
_CALLED: Final = {"yes": True, "no": False}

#: What an act gives: what was wrong, or nothing; and the part of the page to show after it.
Act = Callable[[Stamp, Mapping[str, str], datetime], tuple[Typed | None, str]]


@csrf_exempt
@private
def answer(request: HttpRequest, token: str, merchant: str = "") -> HttpResponse:
    """What the shopper wants of the courier, before one comes or after a failed attempt."""
    return posted(request, token, merchant, _answer, need=Part.ANSWER_ATTEMPT)


@csrf_exempt
@private
def case(request: HttpRequest, token: str, merchant: str = "") -> HttpResponse:
    """A case: not received, something wrong, the address."""
    return posted(request, token, merchant, _case, need=Part.CONCERN)


def posted(
    request: HttpRequest, token: str, slug: str, act: Act, *, need: Part, form: str = "wish"
) -> HttpResponse:
    """303 back to the page, which says what was received; or the page with what is wrong.

    `need` is what it lets somebody do: whose page does not offer it is led back to the page.
    `form` is the one that this is about, where the post names no kind of a case.
    """
    now = datetime.now(UTC)
    marked = opened(request, token, slug, now=now)
    if isinstance(marked, HttpResponse):
        return marked
    assert marked.order is not None
    where = addresses(request, marked.merchant)
    if request.method in {"GET", "HEAD"}:  # a reload, or somebody comes back to this address
        return redirect(where.page(token))
    if request.method == "POST" and not marked.access.may(need):
        refused = redirect(where.page(token))
        refused.status_code = 303
        return refused
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD, POST"})
    wish = marked.recipient_language or marked.order.language
    language = languages.choose(request, marked.merchant, order_language=wish)
    typed_in = {name: _clean(str(value)) for name, value in request.POST.items()}
    with translation.override(language):
        typed, part = _limited(request, marked, typed_in, form) or _in_scope(
            act, marked, typed_in, now
        )
        if typed is None:
            response: HttpResponse = redirect(where.page(token) + part)
            response.status_code = 303
        else:
            html = page_html(marked, where, token, language=language, now=now, typed=typed)
            response = HttpResponse(html, status=429 if typed.wait else 422)
            response.headers["Permissions-Policy"] = LOCATES
            if typed.wait:
                response.headers["Retry-After"] = str(typed.wait)
    if typed is None or not typed.wait:
        note_deed(request, marked)
    response.headers["Cache-Control"] = "no-store"
    languages.speak(response, request, language=language, path=where.root)
    return response


def _in_scope(
    act: Act, marked: Stamp, posted: Mapping[str, str], now: datetime
) -> tuple[Typed | None, str]:
    with merchant_scope(marked.merchant.pk):
        return act(marked, posted, now)


def _limited(
    request: HttpRequest, marked: Stamp, posted: Mapping[str, str], form: str
) -> tuple[Typed, str] | None:
    """What is said to too many posts; both are counted, whatever the first says."""
    counted = (
        (f"ask:{limits.client_address(request)}", POSTS_AN_ADDRESS),
        (f"ask:{marked.merchant.pk}:{marked.link_id}", POSTS_A_LINK),
    )
    windows = [
        limits.count(name, limit=limit, seconds=seconds) for name, (limit, seconds) in counted
    ]
    wait = max((window.seconds_left for window in windows if window.is_over), default=0)
    if not wait:
        return None
    minutes = max(wait // 60, 1)
    words = ngettext(
        "Too many tries. Please try again in %(n)s minute.",
        "Too many tries. Please try again in %(n)s minutes.",
        minutes,
    ) % {"n": minutes}
    kind = posted.get("kind", "")
    return Typed(kind if kind in KINDS else form, posted, {"": words}, wait), ""


def _answer(
    marked: Stamp, posted: Mapping[str, str], now: datetime
) -> tuple[Typed | None, str]:  # fmt: skip
    shipment = parcel_of(marked, posted.get("parcel", ""))
    if shipment is None:
        return None, ""
    assert marked.order is not None
    if posted.get("do") == "nobody_came":
        called = _CALLED.get(posted.get("called", ""))
        take_denial(shipment=shipment, called=called, now=now)
        return None, ""
    if posted.get("do") == AWAY:
        wish, errors = read_absence(posted, shipment, marked.order, now=now)
        if errors:
            return Typed(AWAY, posted, errors), ""
        take_absence(shipment=shipment, wish=wish, now=now)
        return None, AWAY_PART
    wish, errors = read_wish(posted, shipment, marked.order, now=now)
    if errors:
        return Typed("wish", posted, errors), ""
    take_wish(shipment=shipment, wish=wish, now=now)
    return None, ""


def _case(
    marked: Stamp, posted: Mapping[str, str], now: datetime
) -> tuple[Typed | None, str]:  # fmt: skip
    kind, text = posted.get("kind", ""), posted.get("text", "")
    if kind not in KINDS:
        return None, ""
    if not text and kind == "not_received":
        text = _("I did not receive it")
    if not text:
        return Typed(kind, posted, {"text": _("Please write a few words.")}), ""
    if len(text) > LONGEST:
        words = _("Please keep it under %(n)s letters.") % {"n": LONGEST}
        return Typed(kind, posted, {"text": words}), ""
    assert marked.order is not None
    open_case(
        order=marked.order,
        kind=kind,
        text=text,
        shipment=parcel_of(marked, posted.get("parcel", "")),
        now=now,
    )
    return None, "#cases"


def parcel_of(marked: Stamp, place: str) -> Shipment | None:
    """The parcel by its place on the page, from 1; our ids are nobody's business."""
    assert marked.order is not None
    if not (place.isascii() and place.isdigit() and 0 < int(place[:4]) < 1000):
        return None
    rows = Shipment.objects.filter(order_id=marked.order.pk).order_by("pk")
    return rows[int(place[:4]) - 1 : int(place[:4])].first()


def _clean(text: str) -> str:
    """Without NUL, which PostgreSQL refuses, and with one kind of line end."""
    return text.replace("\x00", "").replace("\r\n", "\n").strip()
