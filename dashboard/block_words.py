"""The parts of the shopper's page as merchants know them: one line a block."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from storefront_pages.blocks import arranged

BLOCK_NAMES: Final[dict[str, Promise]] = {
    "progress": pgettext_lazy("part of the page", "The way so far, in steps"),
    "parcels": pgettext_lazy("part of the page", "Parcels and what is in them"),
    "timeline": pgettext_lazy("part of the page", "Every scan, newest first"),
    "map": pgettext_lazy("part of the page", "A map of the stops"),
    "details": pgettext_lazy("part of the page", "Address and proof of delivery, with a code"),
    "promotion": pgettext_lazy("part of the page", "Your promotions"),
    "faq": pgettext_lazy("part of the page", "Questions and answers"),
    "feedback": pgettext_lazy("part of the page", "How was it?"),
    "social": pgettext_lazy("part of the page", "Your social networks"),
    "apps": pgettext_lazy("part of the page", "Your apps"),
}


def block_rows(chosen: object) -> list[dict[str, Any]]:
    """For the list in the editor: {slug, name, is_shown, may_go}, in the merchant's order."""
    return [
        {
            "slug": block.slug,
            "name": BLOCK_NAMES[block.slug],
            "is_shown": is_shown,
            "may_go": block.may_go,
        }
        for block, is_shown in arranged(chosen)
    ]


def blocks_in_words(chosen: Sequence[str]) -> str:
    """The order as one line: "Questions and answers, …; left out: Your apps"."""
    found = block_rows(list(chosen))
    shown = [str(row["name"]) for row in found if row["is_shown"]]
    hidden = [str(row["name"]) for row in found if not row["is_shown"]]
    text = " · ".join(shown)
    if not hidden:
        return text
    return _("%(shown)s; left out: %(hidden)s") % {"shown": text, "hidden": " · ".join(hidden)}
