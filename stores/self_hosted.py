"""What shops share that run on their owner's server: an address of their own, and its pitfalls.

Such a shop is named by its address without `https://`: a host, and the folder it is installed in
if any ("noor.example/shop"). It is only ever spoken to by https, unless this machine plays it.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar, Final
from urllib.parse import urlsplit

from carriers.shapes import mapping, text
from stores.base import Store
from stores.payload import StoreError
from stores.played import is_played, scheme_of
from stores.shop import Shop
from stores.talk import Answer, ShopError

#: Pages that people copy the address of, behind which the shop's own address ends.
_INSIDE: Final = re.compile(
    r"/(?:wp-admin|wp-login\.php|wp-json|wc-auth|index\.php|rest|api|admin[^/]*)(?:/.*)?$", re.I
)
_HOST: Final = re.compile(r"(?=.{4,200}$)[a-z0-9](?:[a-z0-9-]*\.)+[a-z0-9-]{2,}(?::\d{1,5})?")
_FOLDER: Final = re.compile(r"[\w.~/%-]*")
_LONGEST_SAYING: Final = 200


class SelfHosted(Store):
    shop_label: ClassVar[str] = "Address of the shop"
    shop_example: ClassVar[str] = "shop.example.com"

    def shop_name(self, typed: str) -> str:
        """Host and folder. Raises StoreError for what is no address, and one with a password."""
        wanted = typed.strip()
        try:
            parts = urlsplit(wanted if "://" in wanted else f"https://{wanted}")
            host = (parts.hostname or "").encode("idna").decode("ascii").lower()
            port = f":{parts.port}" if parts.port not in (None, 443, 80) else ""
        except (ValueError, UnicodeError) as error:
            raise StoreError("This is not the address of a shop.") from error
        if parts.username or parts.password:
            raise StoreError("Enter the address without a name and password.")
        is_host = _HOST.fullmatch(host + port) or is_played(host + port)
        if parts.scheme not in {"http", "https"} or not is_host:
            raise StoreError("This is not the address of a shop.")
        if not _FOLDER.fullmatch(parts.path):
            raise StoreError("This is not the address of a shop.")
        folder = _INSIDE.sub("", parts.path.rstrip("/")).rstrip("/")
        return f"{host}{port}{folder}"[:255]

    def base_url(self, shop: Shop) -> str:
        return shop.api_url or f"{scheme_of(shop.name)}://{shop.name}"

    def refusal(self, answer: Answer) -> ShopError | None:
        """A page for people where data was asked for. Such pages come with status 200."""
        if not 200 <= answer.status < 300 or not _is_page(answer):
            return None
        words = (
            "The shop answered with a web page instead of data. A security plug-in, a maintenance"
            " page, a log-in or a warning of PHP stands in the way."
        )
        return ShopError(
            words, kind="unreadable", http_status=answer.status, raw=answer.body[:2000]
        )


def _is_page(answer: Answer) -> bool:
    start = answer.body[:400].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html", b"<br", b"<b>", b"<h1", b"<script"))


def saying(answer: Answer, *names: str) -> str:
    """What the shop says itself, by the first of these fields that holds words; or its status.

    Only for answers about our own request: they may not repeat what people typed.
    """
    try:
        said: Any = answer.json()
    except ShopError:
        said = None
    found = next(filter(None, (text(mapping(said).get(name)) for name in names)), "")
    return found[:_LONGEST_SAYING] or f"status {answer.status}"


def no(answer: Answer, words: str) -> ShopError:
    """The shop understood, and does not want it."""
    return ShopError(words, kind="refused", http_status=answer.status, raw=answer.body[:2000])


def split_name(name: str) -> tuple[str, str]:
    """First and last name, for platforms that keep them apart; a single word is the first."""
    first, _, last = name.strip().rpartition(" ")
    return (first, last) if first else (last, "")
