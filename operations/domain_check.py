"""Caddy's question before it fetches a certificate: is this host one of ours?

Without it anybody could point names at us and make us ask for certificates until the
authority refuses us. https://caddyserver.com/docs/caddyfile/options#on-demand-tls
"""

from __future__ import annotations

import re
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from lib import limits
from operations.inside import comes_from_inside
from storefront_pages.domains import verified_domain

#: So many unknown names a minute are answered with 404, further ones with 429; a name that we
#: know is never held up.
UNKNOWN_A_MINUTE: Final = 120
_HOST: Final = re.compile(r"(?=.{4,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]+")


@require_safe
def domain_check(request: HttpRequest) -> HttpResponse:
    """200 for our own host and for a merchant's verified domain, nothing else; never a body."""
    if not comes_from_inside(request):
        return HttpResponse(status=404)
    host = request.GET.get("domain", "").lower().rstrip(".")
    if _is_ours(host):
        return HttpResponse(status=200)
    used = limits.count("domain-check", limit=UNKNOWN_A_MINUTE, seconds=60)
    return HttpResponse(status=429 if used.is_over else 404)


def _is_ours(host: str) -> bool:
    if not _HOST.fullmatch(host):
        return False
    ours = {settings.BASE_HOST.split(":")[0].lower(), *settings.OUR_HOSTS}
    return host in ours or verified_domain(host) is not None
