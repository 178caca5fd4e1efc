"""The shop around every page: who it is, where its pages are, what `shop_base.html` takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from merchants.models import Brand, Merchant
from storefront_pages.languages import switch
from storefront_pages.reach import web_address
from storefront_pages.style import style_version


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a shop's pages are: under /p/<merchant>/, or at the root of its own domain."""

    root: str

    @property
    def lookup(self) -> str:
        return self.root

    def page(self, token: str) -> str:
        return f"{self.root}t/{token}/"

    def style(self, brand_version: int) -> str:
        return f"{self.root}style/{style_version(brand_version)}.css"

    def logo(self, brand_version: int) -> str:
        return f"{self.root}logo/{brand_version}"


def addresses(request: HttpRequest, merchant: Merchant) -> Addresses:
    """Addresses as this visitor sees them; `domains.py` marks a merchant's own host."""
    own = getattr(request, "own_domain", None)
    return Addresses("/" if own else f"/p/{merchant.slug}/")


def brand_facts(brand: Brand | None) -> dict[str, Any]:
    """What the shell needs of a brand row; the same keys as `Stamp.brand`."""
    if brand is None:
        return {}
    return {
        "version": brand.version,
        "logo_type": brand.logo_type,
        "footer_links": brand.footer_links,
    }


def shell(
    merchant: Merchant, brand: dict[str, Any], where: Addresses, *, language: str
) -> dict[str, Any]:
    """The context of `shop_base.html`, without `live` and `etag`."""
    version = brand.get("version") or 0
    logo = where.logo(version) if brand.get("logo_type") else ""
    return {
        "brand": {
            "name": merchant.name,
            "logo_url": logo,
            "icon_url": logo,
            "home_url": web_address(merchant.store_url) or where.lookup,
            "css_url": where.style(version),
        },
        "languages": switch(merchant, language),
        "footer": [
            *_links(brand.get("footer_links")),
            {"label": _("Find another order"), "url": where.lookup},
        ],
    }


def _links(rows: object) -> list[dict[str, str]]:
    """The merchant's own links, as far as they are links of the web."""
    found = []
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, dict):
            label, url = str(row.get("label", "")), web_address(str(row.get("url", "")))
            if label and url:
                found.append({"label": label, "url": url})
    return found
