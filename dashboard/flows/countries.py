"""Countries as people type them: names in their language or in English, or codes."""

from __future__ import annotations

from functools import lru_cache

from django.utils.translation import get_language

from dashboard.setup.country import countries, is_country
from lib.folding import fold


def country_codes(text: str) -> tuple[list[str], list[str]]:
    """The codes that a list with commas means, and what in it is no country."""
    codes: list[str] = []
    unknown: list[str] = []
    for part in text.replace("،", ",").split(","):
        typed = part.strip()
        if not typed:
            continue
        code = typed.upper() if is_country(typed.upper()) else _named(typed)
        (codes if code else unknown).append(code or typed)
    return list(dict.fromkeys(codes)), unknown


def _named(typed: str) -> str:
    for language in dict.fromkeys((get_language() or "en", "en")):
        found = _by_name(language).get(fold(typed))
        if found:
            return found
    return ""


@lru_cache(maxsize=8)
def _by_name(language: str) -> dict[str, str]:
    return {fold(name): code for code, name in countries(language)}
