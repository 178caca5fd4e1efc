"""What a merchant copies into a theme, with its own key and addresses filled in.

The texts stand beside this module as they are copied, with `%%NAME%%` where something is filled
in: Liquid, PHP and HTML have every other kind of brace of their own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import override

from lib.formats import is_rtl
from merchants.models import Merchant
from storefront_pages.embed_script import script_url
from storefront_pages.languages import written
from tracking.links import pages_root

_TEXTS: Final = Path(__file__).with_name("texts")
_HOLE: Final = re.compile(r"%%([A-Z_]+)%%")
#: Stands for the token of an order's link, which only the merchant's own programs know.
TOKEN: Final = "TOKEN"  # noqa: S105 - a placeholder that readers replace


@dataclass(frozen=True, slots=True)
class Snippets:
    """The texts of one merchant; `key` is a publishable key, or the word that stands for one."""

    merchant: Merchant
    key: str

    def text(self, name: str, *, language: str = "") -> str:
        """The text of this name, filled in, in the shop's main language where none is said."""
        values = self._values(language or written(self.merchant)[0])
        return _HOLE.sub(lambda hole: values[hole[1]], _read(name)).strip()

    @property
    def lookup_path(self) -> str:
        """The look-up on our own host."""
        return reverse("storefront:lookup", args=[self.merchant.slug])

    @property
    def link(self) -> str:
        """An order's link, with a word where its token stands."""
        return f"{pages_root(self.merchant)}t/{TOKEN}/"

    @property
    def page_host(self) -> str:
        """The origin that the shop's pages are on."""
        return "{0.scheme}://{0.netloc}".format(urlsplit(pages_root(self.merchant)))

    def _values(self, language: str) -> dict[str, str]:
        with override(language):
            return {
                "KEY": self.key,
                "ROOT": pages_root(self.merchant),
                "OUR_ROOT": settings.BASE_URL + self.lookup_path,
                "LINK": self.link,
                "LANGUAGE": language,
                "DIRECTION": "rtl" if is_rtl(language) else "ltr",
                "DATE_SCRIPT": script_url("date"),
                "ORDER_SCRIPT": script_url("order"),
                "TITLE": escape(_("Your order")),
                "NUMBER_LABEL": escape(_("Order or tracking number")),
                "PROOF_LABEL": escape(_("E-mail, phone or postcode")),
                "SUBMIT": escape(_("Show my order")),
            }


@lru_cache(maxsize=32)
def _read(name: str) -> str:
    return (_TEXTS / name).read_text(encoding="utf-8")
