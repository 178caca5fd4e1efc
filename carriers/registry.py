"""Every carrier we can ask or read, one line each. The only place that lists adapters."""

from __future__ import annotations

from carriers.base import Carrier, Reader
from carriers.providers.aramex import Aramex
from carriers.providers.canadapost import CanadaPost
from carriers.providers.canpar import Canpar
from carriers.providers.dhl_universal import DhlUniversal
from carriers.providers.dicom import Dicom
from carriers.providers.fedex import FedEx
from carriers.providers.lasership import LaserShip
from carriers.providers.nationex import Nationex
from carriers.providers.purolator import Purolator
from carriers.providers.sandbox import Sandbox
from carriers.providers.smsa import Smsa
from carriers.providers.ups import Ups
from carriers.providers.usps import Usps
from carriers.readers.a1 import A1
from carriers.readers.fedex_soap import FedExSoap
from carriers.readers.fedex_web import FedExWeb
from carriers.readers.newgistics import Newgistics
from carriers.readers.pitney_bowes import PitneyBowes
from carriers.readers.prestige import Prestige
from carriers.readers.stamps import Stamps
from carriers.readers.ups_xml import UpsXml
from carriers.readers.usps_international import UspsInternational
from carriers.readers.usps_webtools import UspsWebTools

_ALL: tuple[Carrier, ...] = (
    Aramex(),
    CanadaPost(),
    Canpar(),
    DhlUniversal(),
    Dicom(),
    FedEx(),
    LaserShip(),
    Nationex(),
    Purolator(),
    Sandbox(),
    Smsa(),
    Ups(),
    Usps(),
)

#: Formats we can read but nobody can be asked in: retired, or private to a consumer app.
_READERS: tuple[Reader, ...] = (
    A1(),
    FedExSoap(),
    FedExWeb(),
    Newgistics(),
    PitneyBowes(),
    Prestige(),
    Stamps(),
    UpsXml(),
    UspsInternational(),
    UspsWebTools(),
)

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
