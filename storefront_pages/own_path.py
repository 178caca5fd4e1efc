"""A shop's pages under a path of its own site, through a proxy that the shop runs.

The proxy hands `https://shop.example/tracking/…` on to `/p/<shop>/…` here, with a word that we
signed for this shop and path. With the word every link, form and sheet of the page starts with
that path, and the proxy is believed when it says who asks. Without it, or with a wrong one, the
page is what it always is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse

WORD: Final = "X-Homeward-Path"
#: The shopper's address, as the shop's proxy saw it.
CLIENT: Final = "X-Homeward-Client"
_signer: Final = Signer(salt="storefront_pages.own_path")

GetResponse = Callable[[HttpRequest], HttpResponse]


def word_for(slug: str, page_root: str) -> str:
    """What the proxy of this shop sends along: the shop, its path, and our signature."""
    return _signer.sign(f"{slug}{urlsplit(page_root).path}")


def proxy_lines(slug: str, page_root: str) -> str:
    """What nginx needs to show this shop's pages at `page_root`; "" where there is no such."""
    path = urlsplit(page_root).path
    if not path:
        return ""
    # "^~": such sites often have a rule for all of their .css and .js, which would come first.
    return f"""location ^~ {path} {{
  proxy_pass {settings.BASE_URL}/p/{slug}/;
  proxy_ssl_server_name on;
  proxy_set_header {WORD} "{word_for(slug, page_root)}";
  proxy_set_header {CLIENT} $remote_addr;
  access_log off;
}}
location ^~ {path}static/ {{
  proxy_pass {settings.BASE_URL}/static/;
  proxy_ssl_server_name on;
}}"""


class OwnPath:
    """Marks what comes through a shop's own proxy: `own_path` ("/tracking/"), `client_behind`."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        word = request.headers.get(WORD, "")
        slug, root = _opened(word) if word else ("", "")
        if not root or not request.path_info.startswith(f"/p/{slug}/"):
            return self.get_response(request)
        request.own_path = root  # type: ignore[attr-defined]
        # What the reader's browser asked for: forms and redirects lead to it again.
        request.path = root + request.path_info.removeprefix(f"/p/{slug}/")
        request.client_behind = request.headers.get(CLIENT, "")  # type: ignore[attr-defined]
        response = self.get_response(request)
        # Which of its hosts are https alone is the shop's to say.
        response.headers.pop("Strict-Transport-Security", None)
        return response


def _opened(word: str) -> tuple[str, str]:
    """The shop and the path that the word was signed for; two empty texts for any other."""
    try:
        slug, slash, rest = _signer.unsign(word).partition("/")
    except BadSignature:
        return "", ""
    return slug, slash + rest
