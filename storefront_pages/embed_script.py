"""The scripts that a shop puts into its pages: `/w/1/date.js`, `/w/1/order.js`.

The number in the address is the version of what a page may rely on: elements, attributes, parts
and events. What keeps to it is served under the same address, so that a theme is edited once.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

#: An address that names the bytes, as our own pages use it; and the one that stands in a theme.
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_A_DAY: Final = "public, max-age=86400, stale-while-revalidate=604800"
_INDENT: Final = re.compile(r"^\s+", re.MULTILINE)
#: Comments as these files have them: a line of its own, or after the code, a space on both sides.
_COMMENT: Final = re.compile(r"^// .*\n| // .*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Script:
    """What is sent: the source without comments and indents, and what it is known by."""

    body: bytes
    packed: bytes
    digest: str


@require_safe
def date_element(request: HttpRequest) -> HttpResponse:
    """<homeward-date>."""
    return _sent(request, script("date"))


@require_safe
def order_element(request: HttpRequest) -> HttpResponse:
    """<homeward-order>."""
    return _sent(request, script("order"))


def script_url(name: str) -> str:
    """Where the script of this element is, for a theme that is edited once."""
    return settings.BASE_URL + reverse(f"widget:{name}_element")


def script_path(name: str) -> str:
    """The same for a page of ours, which is made anew with each release: it names the bytes."""
    return f"{reverse(f'widget:{name}_element')}?v={script(name).digest}"


@lru_cache(maxsize=4)
def script(name: str) -> Script:
    """The script of this element, read once a process."""
    found = finders.find(f"js/embed/{name}.js")
    if not isinstance(found, str):
        raise FileNotFoundError(f"js/embed/{name}.js is not among the static files")
    source = Path(found).read_text(encoding="utf-8")
    body = _COMMENT.sub("", _INDENT.sub("", source)).encode()
    return Script(
        body=body,
        packed=gzip.compress(body, compresslevel=9, mtime=0),
        digest=hashlib.blake2b(body, digest_size=6).hexdigest(),
    )


def _sent(request: HttpRequest, found: Script) -> HttpResponse:
    etag = f'W/"{found.digest}"'
    if etag in request.headers.get("If-None-Match", ""):
        response: HttpResponse = HttpResponseNotModified()
    else:
        packs = "gzip" in request.headers.get("Accept-Encoding", "")
        body = found.packed if packs else found.body
        response = HttpResponse(body, content_type="text/javascript; charset=utf-8")
        if packs:
            response.headers["Content-Encoding"] = "gzip"
    is_named = request.GET.get("v") == found.digest
    response.headers["Cache-Control"] = _FOR_EVER if is_named else _A_DAY
    response.headers["ETag"] = etag
    response.headers["X-Content-Type-Options"] = "nosniff"
    # Any page may load it: it is the same for all, and its key says who may ask what.
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    patch_vary_headers(response, ("Accept-Encoding",))
    return response
