"""Every carrier we can ask or read, one line each. The only place that lists adapters."""

from __future__ import annotations

from carriers.base import Carrier, Reader
from carriers.providers.aramex import Aramex
from carriers.providers.dhl_universal import DhlUniversal
from carriers.providers.sandbox import Sandbox
from carriers.providers.smsa import Smsa
from carriers.providers.ups import Ups

_ALL: tuple[Carrier, ...] = (
    Aramex(),
    DhlUniversal(),
    Sandbox(),
    Smsa(),
    Ups(),
)

#: Formats we can read but nobody can be asked in: retired, or private to a consumer app.
_READERS: tuple[Reader, ...] = ()

CARRIERS: dict[str, Carrier] = {carrier.slug: carrier for carrier in _ALL}
READERS: dict[str, Reader] = {reader.slug: reader for reader in (*_ALL, *_READERS)}


def get(slug: str) -> Carrier:
    """The adapter for a slug. Raises KeyError when there is none."""
    return CARRIERS[slug]


def name_of(slug: str, *, language: str = "en") -> str:
    """The carrier's name as a shopper reads it; the slug itself for a carrier we cannot ask."""
    carrier = CARRIERS.get(slug)
    if carrier is None:
        return slug.replace("_", " ").title()
    return carrier.name_ar if language == "ar" and carrier.name_ar else carrier.name
