"""What a browser keeps of an entered code: a signed word for one page, for half an hour.

In it are two ids of ours and nothing of anybody. It is sent back to this one page's path alone,
and not with what another site posts (SameSite), so no form elsewhere can act by it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse

from notifications.models import PageCode
from storefront_pages.access import Tier
from storefront_pages.stamps import Stamp

COOKIE: Final = "proof"
SECONDS: Final = 1800
_SALT: Final = "homeward.page-proof"


def keep_proof(response: HttpResponse, request: HttpRequest, code: PageCode, *, path: str) -> None:
    """Let this browser see more of the page at this path from now on."""
    response.set_cookie(
        COOKIE,
        TimestampSigner(salt=_SALT).sign(f"{code.link_id}-{code.pk}"),
        max_age=SECONDS,
        path=path,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


def forget_proof(response: HttpResponse, *, path: str) -> None:
    """Somebody else sits before this browser next."""
    response.delete_cookie(COOKIE, path=path, samesite="Lax")


def proved(request: HttpRequest, marked: Stamp) -> Stamp:
    """The stamp as this browser may see it: with the highest tier where it holds the word."""
    if COOKIE not in request.COOKIES:
        return marked
    try:
        word = TimestampSigner(salt=_SALT).unsign(request.COOKIES[COOKIE], max_age=SECONDS)
    except BadSignature:
        return marked
    if word.partition("-")[0] != str(marked.link_id):
        return marked
    return replace(marked, access=replace(marked.access, tier=Tier.CODE))
