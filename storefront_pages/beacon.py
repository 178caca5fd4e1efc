"""Where a page's script says that it was seen (`static/js/seen.js`).

Exempt from CSRF tokens for the reason that `asking` gives; where the browser says that another
site made the request, nothing is kept.
"""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from lib import errands, near_limits
from lib.limits import client_address
from merchants.models import Membership, Merchant
from notifications.models import PageView
from storefront_pages.going import note_seen
from storefront_pages.looking import is_program, keep
from storefront_pages.views import private
from tracking.models import Link

#: Beacons through one link in an hour, and from one address in ten minutes: an office, or a
#: mobile network's many shoppers behind one.
A_LINK: Final = (120, 3600)
AN_ADDRESS: Final = (1_200, 600)
_KEPT: Final = 204
_NOT_KEPT: Final = 202


@csrf_exempt
@require_POST
@private
def beacon(request: HttpRequest, token: str, merchant: str = "") -> HttpResponse:
    """The page stood before somebody's eyes: 204 where that is kept, 202 where it is not.

    A member of the shop's team is no shopper, nor is a program. 404 for a dead link, 429 when it
    comes too often.
    """
    errands.begin()
    own: Merchant | None = getattr(request, "own_domain", None)
    link = _link(token, slug=own.slug if own else merchant)
    if link is None:
        return HttpResponse(status=404)
    if _is_too_often(request, link):
        return HttpResponse(status=429)
    is_ours = request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
    if not is_ours or is_program(request) or _is_team(request, link.merchant_id):
        return HttpResponse(status=_NOT_KEPT)
    keep(
        request,
        merchant_id=link.merchant_id,
        order_id=link.order_id,
        recipient_id=link.recipient_id,
        proof=PageView.Proof.BEACON,
    )
    note_seen(link.merchant, request.GET.get("promotion", ""))
    return HttpResponse(status=_KEPT)


def _link(token: str, *, slug: str) -> Link | None:
    if "\0" in token:
        return None  # PostgreSQL has no such text
    alive = Link.objects.select_related("merchant").filter(token=token, revoked_at__isnull=True)
    return alive.filter(merchant__slug=slug).first()


def _is_too_often(request: HttpRequest, link: Link) -> bool:
    """Both are counted, whatever the first says; without a round trip."""
    counted = ((f"seen:{client_address(request)}", AN_ADDRESS), (f"seen:{link.pk}", A_LINK))
    windows = [
        near_limits.count(name, limit=limit, seconds=seconds) for name, (limit, seconds) in counted
    ]
    return any(window.is_over for window in windows)


def _is_team(request: HttpRequest, merchant_id: int) -> bool:
    """Whether somebody of the shop's team is signed in here. In the demonstration one browser
    plays both the team and the shopper."""
    if settings.DEMO or settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    if not request.user.is_authenticated:
        return False
    members = Membership.objects.filter(user_id=request.user.pk, accepted_at__isnull=False)
    return members.filter(merchant_id=merchant_id).exists()
