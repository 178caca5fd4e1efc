"""A look as texts, for comparing two of them and for the log of who changed what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from merchants.models import Look

#: What is one text in the shop's language and others by language.
TRANSLATED: Final = ("tagline", "notice")
_PLAIN: Final = ("accent", "background", "scheme", "font", "radius")
_LINKS: Final = ("header_links", "footer_links")
_PLACES: Final = ("social_links", "app_links")
_SWITCHES: Final = ("hide_carrier", "hide_origin")


def texts_of(look: Look) -> dict[str, str]:
    """Everything but the files, by column in the order of the form; translations apart
    ("tagline:ar"). A switch is "on" or empty."""
    found = {name: str(getattr(look, name)) for name in _PLAIN}
    for name in TRANSLATED:
        found[name] = getattr(look, name)
        for language, texts in sorted(look.translations.items()):
            found[f"{name}:{language}"] = str(texts.get(name, ""))
    until: date | None = look.notice_until
    found["notice_until"] = until.isoformat() if until else ""
    for name in _LINKS:
        found[name] = ", ".join(_link(one) for one in getattr(look, name))
    for name in _PLACES:
        found[name] = ", ".join(map(str, getattr(look, name).values()))
    found["blocks"] = ", ".join(map(str, look.blocks))
    for name in _SWITCHES:
        found[name] = "on" if getattr(look, name) else ""
    return found


def _link(one: Mapping[str, Any]) -> str:
    labels = " / ".join([str(one.get("label", "")), *map(str, (one.get("labels") or {}).values())])
    return f"{labels} → {one.get('url', '')}"
