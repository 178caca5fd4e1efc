"""A look's texts when the shop's own language becomes another.

What a look says in the shop's own language stands in its columns, the rest by language beside
them. What is missing in the new language stays where it is: something has to stand in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from merchants.look_texts import TRANSLATED
from merchants.models import Look

#: Lists of links, whose words are in the shop's own language, with others by language beside.
_LINKS: Final = ("header_links", "footer_links")


def turned(look: Look, *, before: str, after: str) -> dict[str, Any]:
    """The columns as they are once `after` is the shop's own language, where it was `before`."""
    own = {name: str(getattr(look, name)) for name in TRANSLATED}
    own, translations = turned_texts(own, look.translations, before=before, after=after)
    links = {
        name: [_turned_link(one, before, after) for one in getattr(look, name)] for name in _LINKS
    }
    return {**own, "translations": translations, **links}


def turned_texts(
    own: Mapping[str, str],
    translations: Mapping[str, Mapping[str, str]],
    *,
    before: str,
    after: str,
) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """Texts in the shop's own language and by language, turned the same way."""
    others = {code: dict(texts) for code, texts in translations.items()}
    found = others.pop(after, {})
    if said := {name: text for name, text in own.items() if text}:
        others[before] = others.get(before, {}) | said
    return {name: found.get(name) or text for name, text in own.items()}, others


def _turned_link(link: Mapping[str, Any], before: str, after: str) -> dict[str, Any]:
    by_language = {code: {"label": label} for code, label in (link.get("labels") or {}).items()}
    label = {"label": str(link.get("label", ""))}
    own, others = turned_texts(label, by_language, before=before, after=after)
    labels = {code: one["label"] for code, one in others.items()}
    return {**link, **own, "labels": labels}
