"""Every carrier we can ask or read, one line each. The only place that lists adapters."""

from __future__ import annotations

from carriers.base import Carrier, Reader
from carriers.providers.aramex import Aramex
from carriers.providers.bluedart import BlueDart
from carriers.providers.delhivery import Delhivery
from carriers.providers.dhl_universal import DhlUniversal
from carriers.providers.dtdc import Dtdc
from carriers.providers.ecomexpress import EcomExpress
from carriers.providers.imile import Imile
from carriers.providers.jtexpress import JtExpress
from carriers.providers.naqel import Naqel
from carriers.providers.sandbox import Sandbox
from carriers.providers.shadowfax import Shadowfax
from carriers.providers.shiprocket import Shiprocket
from carriers.providers.smsa import Smsa
from carriers.providers.ups import Ups
from carriers.providers.xpressbees import XpressBees

_ALL: tuple[Carrier, ...] = (
    Aramex(),
    BlueDart(),
    Delhivery(),
    DhlUniversal(),
    Dtdc(),
    EcomExpress(),
    Imile(),
    JtExpress(),
    Naqel(),
    Sandbox(),
    Shadowfax(),
    Shiprocket(),
    Smsa(),
    Ups(),
    XpressBees(),
)

#: Formats we can read but nobody can be asked in: retired, or private to a consumer app.
_READERS: tuple[Reader, ...] = ()

CARRIERS: dict[str, Carrier] = {carrier.slug: carrier for carrier in _ALL}
READERS: dict[str, Reader] = {reader.slug: reader for reader in (*_ALL, *_READERS)}
#: Who pushes, by the word for it in its webhook's address.
PUSHES: dict[str, Carrier] = {one.push_slug or one.slug: one for one in _ALL if one.push}


def get(slug: str) -> Carrier:
    """The adapter for a slug. Raises KeyError when there is none."""
    return CARRIERS[slug]


def push_word(slug: str) -> str:
    """What stands for a carrier in its webhook's address (`inbox.doors.open_door`'s slug)."""
    return get(slug).push_slug or slug


def name_of(slug: str, *, language: str = "en") -> str:
    """The carrier's name as a shopper reads it; the slug itself for a carrier we cannot ask."""
    carrier = CARRIERS.get(slug)
    if carrier is None:
        return slug.replace("_", " ").title()
    return carrier.name_ar if language == "ar" and carrier.name_ar else carrier.name
