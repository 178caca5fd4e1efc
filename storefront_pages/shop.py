"""The shop around every page: who it is, where its pages are, what `shop_base.html` takes."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from help_texts.shown import BannerWords
from merchants.looks import in_language
from merchants.models import Brand, Merchant
from storefront_pages.languages import switch
from storefront_pages.look_facts import look_facts
from storefront_pages.reach import web_address
from storefront_pages.style import OWN, style_version


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a shop's pages are: under /p/<merchant>/, at the root of its own domain, or under a
    path of its own site; there `prefix` stands before the addresses of our scripts, too."""

    root: str
    #: The host that was asked, with its port; "" where no browser asks.
    host: str = ""
    prefix: str = ""
    #: Scheme and host for whole addresses, where a path alone is no answer.
    origin: str = ""

    @property
    def lookup(self) -> str:
        return self.root

    def page(self, token: str) -> str:
        return f"{self.root}t/{token}/"

    @property
    def questions(self) -> str:
        return f"{self.root}faq/"

    def style(self, brand_version: int) -> str:
        return f"{self.root}style/{style_version(brand_version)}.css"

    def logo(self, brand_version: int) -> str:
        return f"{self.root}logo/{brand_version}"

    def icon(self, brand_version: int) -> str:
        return f"{self.root}icon/{brand_version}"

    def font(self, digest: str) -> str:
        return f"{self.root}font/{digest}.woff2"


def addresses(request: HttpRequest, merchant: Merchant) -> Addresses:
    """Addresses as this visitor sees them; `domains.py` marks a merchant's own host, `own_path.py`
    a path of its own site."""
    path: str = getattr(request, "own_path", "")
    if path:
        at = urlsplit(merchant.page_root)
        origin = f"{at.scheme}://{at.netloc}" if at.netloc else ""
        return Addresses(path, at.netloc, prefix=path.rstrip("/"), origin=origin)
    host = request.get_host()
    if getattr(request, "own_domain", None):
        return Addresses("/", host, origin=f"{request.scheme}://{host}")
    return Addresses(f"/p/{merchant.slug}/", host, origin=settings.BASE_URL)


def brand_facts(brand: Brand | None) -> dict[str, Any]:
    """What the shell needs of a brand row; the same keys as `Stamp.brand`."""
    return {} if brand is None else look_facts(brand) | {"version": brand.version}


def shell(
    merchant: Merchant,
    brand: dict[str, Any],
    where: Addresses,
    *,
    language: str,
    today: date,
    banner: BannerWords | None = None,
) -> dict[str, Any]:
    """The context of `shop_base.html` with the shop's notice, without `live` and `etag`.

    `today` is the reader's date: a notice ends with its last day. While a `banner` stands, it has
    the notice's place: there is one line above everything, and not two.
    """
    version = brand.get("version") or 0
    logo = where.logo(version) if brand.get("logo_type") else ""
    return {
        "brand": {
            "name": merchant.name,
            "prefix": where.prefix,
            "logo_url": logo,
            "icon_url": where.icon(version) if brand.get("icon_type") else logo,
            "home_url": web_address(merchant.store_url) or where.lookup,
            "css_url": where.style(version),
            "font_url": _font_url(brand, where),
            "scheme": brand.get("scheme") or "light dark",
            "tagline": in_language(brand, "tagline", language),
        },
        "share": _share(merchant, brand, version),
        "banner": asdict(banner) if banner else _notice(brand, language, today),
        "languages": switch(merchant, language),
        "header": _links(brand.get("header_links"), language),
        "footer": [
            *_links(brand.get("footer_links"), language),
            {"label": _("Find another order"), "url": where.lookup},
            {"label": _("Questions"), "url": where.questions},
        ],
    }


def _font_url(brand: dict[str, Any], where: Addresses) -> str:
    """The own font, to be fetched beside the sheet that names it; "" without one."""
    digest = brand.get("own_font_digest") if brand.get("font") == OWN else ""
    return where.font(str(digest)) if digest else ""


def _share(merchant: Merchant, brand: dict[str, Any], version: int) -> dict[str, str]:
    """What messengers show beside a link: the shop and nothing of the order.

    The picture's address is whole, as they want it, and on our own host wherever the page is.
    """
    has_image = bool(brand.get("share_image_type"))
    ours = f"{settings.BASE_URL}/p/{merchant.slug}/"
    return {
        "title": _("Follow your order from %(shop)s") % {"shop": merchant.name},
        "text": _("Where it is and when it comes."),
        "image": f"{ours}share/{version}" if has_image else "",
    }


def _notice(brand: dict[str, Any], language: str, today: date) -> dict[str, str] | None:
    """The shop's own line above everything, until its last day is over."""
    until = brand.get("notice_until")
    text = in_language(brand, "notice", language)
    if not text or (until and today > date.fromisoformat(until)):
        return None
    return {"text": text, "tone": "quiet"}


def _links(rows: object, language: str) -> list[dict[str, str]]:
    """The merchant's own links, as far as they are links of the web."""
    found = []
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, dict):
            labels = row.get("labels")
            own = labels.get(language) if isinstance(labels, dict) else ""
            label, url = str(own or row.get("label", "")), web_address(str(row.get("url", "")))
            if label and url:
                found.append({"label": label, "url": url})
    return found
