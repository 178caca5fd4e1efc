"""Every carrier we can ask or read, one line each. The only place that lists adapters."""

from __future__ import annotations

from carriers.base import Carrier, Reader
from carriers.providers.aftership import AfterShip
from carriers.providers.amazon_shipping import AmazonShipping
from carriers.providers.aramex import Aramex
from carriers.providers.asendia_us import AsendiaUs
from carriers.providers.boxknight import BoxKnight
from carriers.providers.clickpost import ClickPost
from carriers.providers.dhl_universal import DhlUniversal
from carriers.providers.easypost import EasyPost
from carriers.providers.easyship import Easyship
from carriers.providers.eshipper import EShipper
from carriers.providers.roadie import Roadie
from carriers.providers.sandbox import Sandbox
from carriers.providers.seventeen_track import SeventeenTrack
from carriers.providers.ship24 import Ship24
from carriers.providers.shipbob import ShipBob
from carriers.providers.shipengine import ShipEngine
from carriers.providers.smartkargo import SmartKargo
from carriers.providers.smsa import Smsa
from carriers.providers.teleship import Teleship
from carriers.providers.trackingmore import TrackingMore
from carriers.providers.ups import Ups
from carriers.providers.veho import Veho

_ALL: tuple[Carrier, ...] = (
    AfterShip(),
    AmazonShipping(),
    Aramex(),
    AsendiaUs(),
    BoxKnight(),
    ClickPost(),
    DhlUniversal(),
    EShipper(),
    EasyPost(),
    Easyship(),
    Roadie(),
    Sandbox(),
    SeventeenTrack(),
    Ship24(),
    ShipBob(),
    ShipEngine(),
    SmartKargo(),
    Smsa(),
    Teleship(),
    TrackingMore(),
    Ups(),
    Veho(),
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
