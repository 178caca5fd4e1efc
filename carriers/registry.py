"""Every carrier we can ask or read, one line each. The only place that lists adapters."""

from __future__ import annotations

from collections.abc import Callable

from carriers.base import Carrier, Reader
from carriers.providers.allied_express import AlliedExpress
from carriers.providers.aramex import Aramex
from carriers.providers.aramex_anz import AramexAnz
from carriers.providers.asendia import Asendia
from carriers.providers.australiapost import AustraliaPost
from carriers.providers.bpost import Bpost
from carriers.providers.chronopost import Chronopost
from carriers.providers.colissimo import Colissimo
from carriers.providers.dhl_universal import DhlUniversal
from carriers.providers.dpd import Dpd
from carriers.providers.fourpx import FourPx
from carriers.providers.geodis import Geodis
from carriers.providers.hay_post import HayPost
from carriers.providers.landmark import Landmark
from carriers.providers.laposte import LaPoste
from carriers.providers.locate2u import Locate2u
from carriers.providers.own_fleet import OwnFleet
from carriers.providers.postnord import PostNord
from carriers.providers.royalmail import RoyalMail
from carriers.providers.sandbox import Sandbox
from carriers.providers.seko import Seko
from carriers.providers.sf_express import SfExpress
from carriers.providers.smsa import Smsa
from carriers.providers.spring import Spring
from carriers.providers.tnt import Tnt
from carriers.providers.ups import Ups
from carriers.providers.yunexpress import YunExpress
from carriers.providers.zoom2u import Zoom2u
from carriers.readers.allied_express_local import AlliedExpressLocal
from carriers.readers.evri import Evri
from carriers.readers.inpost import InPost
from carriers.readers.sendle import Sendle

_ALL: tuple[Carrier, ...] = (
    AlliedExpress(),
    Aramex(),
    AramexAnz(),
    Asendia(),
    AustraliaPost(),
    Bpost(),
    Chronopost(),
    Colissimo(),
    DhlUniversal(),
    Dpd(),
    FourPx(),
    Geodis(),
    HayPost(),
    Landmark(),
    LaPoste(),
    Locate2u(),
    OwnFleet(),
    PostNord(),
    RoyalMail(),
    Sandbox(),
    Seko(),
    SfExpress(),
    Smsa(),
    Spring(),
    Tnt(),
    Ups(),
    YunExpress(),
    Zoom2u(),
)

#: Formats we can read but nobody can be asked in: retired, or private to a consumer app.
_READERS: tuple[Reader, ...] = (
    AlliedExpressLocal(),
    Evri(),
    InPost(),
    Sendle(),
)

CARRIERS: dict[str, Carrier] = {carrier.slug: carrier for carrier in _ALL}
READERS: dict[str, Reader] = {reader.slug: reader for reader in (*_ALL, *_READERS)}


def get(slug: str) -> Carrier:
    """The adapter for a slug. Raises KeyError when there is none."""
    return CARRIERS[slug]


#: Names of carriers that only hubs serve: `carriers.couriers` reads them from the database.
_further_names: list[Callable[[str], str]] = []


def name_by(find: Callable[[str], str]) -> None:
    """Called from CarriersConfig.ready: where names stand that are not in the registry."""
    _further_names[:] = [find]


def name_of(slug: str, *, language: str = "en") -> str:
    """The carrier's name as a shopper reads it; the slug in words where nobody knows one."""
    carrier = CARRIERS.get(slug)
    if carrier is None:
        further = next((name for find in _further_names if (name := find(slug))), "")
        return further or slug.replace("_", " ").title()
    return carrier.name_ar if language == "ar" and carrier.name_ar else carrier.name
