"""The brand editor's sentences: how colours read, what the draft changes, who saved it."""

from __future__ import annotations

from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from dashboard.block_words import blocks_in_words
from dashboard.brand_form import AUTOMATIC, FONTS, SCHEMES
from dashboard.clock import Clock
from lib.languages import OWN_NAMES
from lib.sentences import joined
from merchants.looks import Difference, Saved
from merchants.models import BrandDraft
from storefront_pages.readings import Reading

_FIELDS: Final[dict[str, Promise]] = {
    "name": gettext_lazy("Name of the shop"),
    "support_email": gettext_lazy("E-mail for questions"),
    "support_phone": gettext_lazy("Phone for questions"),
    "page_root": gettext_lazy("Address of the pages at your own site"),
    "logo": gettext_lazy("Logo"),
    "accent": gettext_lazy("Your colour"),
    "background": gettext_lazy("Background"),
    "icon": gettext_lazy("Icon of the browser’s tab"),
    "share_image": gettext_lazy("Picture of shared links"),
    "own_font": gettext_lazy("Your own font"),
    "scheme": gettext_lazy("Light or dark"),
    "font": gettext_lazy("Font"),
    "radius": gettext_lazy("Corners"),
    "tagline": gettext_lazy("Closing line"),
    "notice": gettext_lazy("Notice"),
    "notice_until": gettext_lazy("Last day of the notice"),
    "header_links": gettext_lazy("Links at the top"),
    "footer_links": gettext_lazy("Links at the foot"),
    "social_links": gettext_lazy("Social networks"),
    "app_links": gettext_lazy("Apps"),
    "hide_carrier": gettext_lazy("Do not name the carrier"),
    "hide_origin": gettext_lazy("Do not say where parcels come from"),
    "blocks": gettext_lazy("Parts of the page, in order"),
}
_PICTURES: Final[dict[str, str]] = {
    "image/svg+xml": "SVG", "image/png": "PNG", "image/webp": "WebP",
    "image/jpeg": "JPEG",
}  # fmt: skip


def draft_facts(draft: BrandDraft, found: list[Difference], clock: Clock) -> dict[str, Any]:
    """For the bar above the editor: whether there is a draft, and what it changes."""
    if not found:
        return {"sentence": _("Everything here is published."), "rows": []}
    sentence = ngettext(
        "Draft, not yet published: %(n)s change", "Draft, not yet published: %(n)s changes",
        len(found),
    ) % {"n": len(found)}  # fmt: skip
    by = draft.saved_by
    when = clock.pair(draft.saved_at)["time"]
    saved = (
        _("Saved %(when)s by %(who)s") % {"when": when, "who": by.name or by.email} if by else ""
    )
    return {"sentence": sentence, "saved": saved, "rows": [_row(one) for one in found]}


def overtaken(saved: Saved) -> str:
    """What is said to whoever saved over somebody else; "" where nobody was there."""
    if not saved.overtook:
        return ""
    if saved.by is not None:
        return _("%(who)s changed the draft meanwhile. What you typed stands now.") % {
            "who": saved.by.name or saved.by.email
        }
    return _("The draft was changed or published meanwhile. What you typed stands now.")


def contrast_rows(found: list[Reading], *, follows_night: bool) -> list[dict[str, Any]]:
    """For `components/contrast.html`: a sentence and the swatches it speaks of.

    `follows_night`: pages are dark by night, where the merchant's background is not shown.
    """
    return [
        {
            "label": _LABELS[one.use],
            "sentence": _sentence(one, follows_night=follows_night),
            "is_corrected": one.is_corrected,
            "before": _swatch(one, one.before),
            "after": _swatch(one, one.after),
        }
        for one in found
    ]


_LABELS: Final[dict[str, Promise]] = {
    "light": gettext_lazy("Links and words, by day"),
    "dark": gettext_lazy("Links and words, by night"),
    "line_light": gettext_lazy("Lines and dots, by day"),
    "line_dark": gettext_lazy("Lines and dots, by night"),
    "button": gettext_lazy("Buttons"),
    "background": gettext_lazy("Background"),
}


def _sentence(one: Reading, *, follows_night: bool) -> str:
    ratios = {"before": _ratio(one.before_ratio), "after": _ratio(one.after_ratio)}
    if one.use == "button":
        words = (
            _("White words on your colour read at %(after)s.")
            if one.text == "#ffffff"
            else _("Black words on your colour read at %(after)s.")
        )
    elif one.use == "background":
        words = (
            _("Our palest words would read at %(before)s on it. We use this shade, %(after)s.")
            if one.is_corrected
            else _("Our palest words read at %(after)s on it.")
        )
        if follows_night:
            words = joined(words, _("By night the page is dark grey."))
    elif one.use in {"line_light", "line_dark"}:
        words = _(
            "Your colour is seen at %(before)s on this background. We use this shade, %(after)s, "
            "for lines and dots."
        )
    elif one.is_corrected:
        words = _(
            "Your colour reads at %(before)s on this background. We use this shade, %(after)s, "
            "for links and words."
        )
    else:
        words = _("Your colour reads at %(after)s on this background and is used as it is.")
    return words % ratios


def _ratio(value: float) -> str:
    # Rounded down: 4.49 is not 4.5. Held together, and left to right in any text.
    return f"\u2066{int(value * 10) / 10}\u00a0:\u00a01\u2069"


def _swatch(one: Reading, colour: str) -> dict[str, str]:
    """The letters and the ground of a swatch, and the colour that it is about."""
    ink, ground = (one.text, colour) if one.text else (colour, one.surface)
    return {"ink": ink, "ground": ground, "name": colour}


def _row(one: Difference) -> dict[str, str]:
    name, _colon, language = one.field.partition(":")
    label = str(_FIELDS[name])
    if language:
        label = f"{label} ({OWN_NAMES.get(language, language)})"
    return {"field": label, "before": _value(name, one.before), "after": _value(name, one.after)}


def _value(name: str, text: str) -> str:
    """One side of a change as people know it."""
    if name in {"logo", "icon", "share_image"}:
        return _("another picture") if text == "new" else _PICTURES.get(text, text)
    if name == "own_font":
        return _("another file") if text == "new" else "WOFF2" if text else ""
    if name == "font":
        return str(dict(FONTS).get(text, text)).partition(":")[0]
    if name == "scheme":
        return str(dict(SCHEMES)[text or AUTOMATIC]).partition(":")[0]
    if name == "blocks":
        return blocks_in_words(text.split(", "))
    if name in {"hide_carrier", "hide_origin"}:
        return pgettext("a switch", "on") if text else pgettext("a switch", "off")
    return text
