"""Every carrier we can ask or read, one line each. The only place that lists adapters."""

from __future__ import annotations

from collections.abc import Callable

from carriers.base import Carrier, Reader
from carriers.providers.aftership import AfterShip
from carriers.providers.allied_express import AlliedExpress
from carriers.providers.amazon_shipping import AmazonShipping
from carriers.providers.aramex import Aramex
from carriers.providers.aramex_anz import AramexAnz
from carriers.providers.asendia import Asendia
from carriers.providers.asendia_us import AsendiaUs
from carriers.providers.australiapost import AustraliaPost
from carriers.providers.bluedart import BlueDart
from carriers.providers.boxknight import BoxKnight
from carriers.providers.bpost import Bpost
from carriers.providers.canadapost import CanadaPost
from carriers.providers.canpar import Canpar
from carriers.providers.chronopost import Chronopost
from carriers.providers.cj_logistics import CjLogistics
from carriers.providers.clickpost import ClickPost
from carriers.providers.colissimo import Colissimo
from carriers.providers.delhivery import Delhivery
from carriers.providers.dhl_ecommerce import DhlEcommerce
from carriers.providers.dhl_express import DhlExpress
from carriers.providers.dhl_parcel_de import DhlParcelDe
from carriers.providers.dhl_poland import DhlPoland
from carriers.providers.dhl_universal import DhlUniversal
from carriers.providers.dicom import Dicom
from carriers.providers.dpd import Dpd
from carriers.providers.dtdc import Dtdc
from carriers.providers.easypost import EasyPost
from carriers.providers.easyship import Easyship
from carriers.providers.ecomexpress import EcomExpress
from carriers.providers.ekart import Ekart
from carriers.providers.eshipper import EShipper
from carriers.providers.fedex import FedEx
from carriers.providers.fourpx import FourPx
from carriers.providers.geodis import Geodis
from carriers.providers.gls import Gls
from carriers.providers.hay_post import HayPost
from carriers.providers.hermes import Hermes
from carriers.providers.imile import Imile
from carriers.providers.india_post import IndiaPost
from carriers.providers.jtexpress import JtExpress
from carriers.providers.landmark import Landmark
from carriers.providers.laposte import LaPoste
from carriers.providers.lasership import LaserShip
from carriers.providers.locate2u import Locate2u
from carriers.providers.naqel import Naqel
from carriers.providers.nationex import Nationex
from carriers.providers.own_fleet import OwnFleet
from carriers.providers.parcelone import ParcelOne
from carriers.providers.postnord import PostNord
from carriers.providers.purolator import Purolator
from carriers.providers.quiqup import Quiqup
from carriers.providers.roadie import Roadie
from carriers.providers.royalmail import RoyalMail
from carriers.providers.sandbox import Sandbox
from carriers.providers.seko import Seko
from carriers.providers.seventeen_track import SeventeenTrack
from carriers.providers.sf_express import SfExpress
from carriers.providers.shadowfax import Shadowfax
from carriers.providers.ship24 import Ship24
from carriers.providers.shipbob import ShipBob
from carriers.providers.shipengine import ShipEngine
from carriers.providers.shiprocket import Shiprocket
from carriers.providers.smartkargo import SmartKargo
from carriers.providers.smsa import Smsa
from carriers.providers.spring import Spring
from carriers.providers.teleship import Teleship
from carriers.providers.tnt import Tnt
from carriers.providers.trackingmore import TrackingMore
from carriers.providers.ups import Ups
from carriers.providers.usps import Usps
from carriers.providers.veho import Veho
from carriers.providers.xpressbees import XpressBees
from carriers.providers.yunexpress import YunExpress
from carriers.providers.zoom2u import Zoom2u
from carriers.readers.a1 import A1
from carriers.readers.allied_express_local import AlliedExpressLocal
from carriers.readers.evri import Evri
from carriers.readers.fedex_soap import FedExSoap
from carriers.readers.fedex_web import FedExWeb
from carriers.readers.gls_consumer import GlsConsumer
from carriers.readers.hermes_consumer import HermesConsumer
from carriers.readers.inpost import InPost
from carriers.readers.mydhl import MyDhl
from carriers.readers.newgistics import Newgistics
from carriers.readers.pitney_bowes import PitneyBowes
from carriers.readers.prestige import Prestige
from carriers.readers.sendle import Sendle
from carriers.readers.stamps import Stamps
from carriers.readers.ups_xml import UpsXml
from carriers.readers.usps_international import UspsInternational
from carriers.readers.usps_webtools import UspsWebTools

_ALL: tuple[Carrier, ...] = (
    AfterShip(),
    AlliedExpress(),
    AmazonShipping(),
    Aramex(),
    AramexAnz(),
    Asendia(),
    AsendiaUs(),
    AustraliaPost(),
    BlueDart(),
    BoxKnight(),
    Bpost(),
    CanadaPost(),
    Canpar(),
    Chronopost(),
    CjLogistics(),
    ClickPost(),
    Colissimo(),
    Delhivery(),
    DhlEcommerce(),
    DhlExpress(),
    DhlParcelDe(),
    DhlPoland(),
    DhlUniversal(),
    Dicom(),
    Dpd(),
    Dtdc(),
    EasyPost(),
    Easyship(),
    EcomExpress(),
    Ekart(),
    EShipper(),
    FedEx(),
    FourPx(),
    Geodis(),
    Gls(),
    HayPost(),
    Hermes(),
    Imile(),
    IndiaPost(),
    JtExpress(),
    Landmark(),
    LaPoste(),
    LaserShip(),
    Locate2u(),
    Naqel(),
    Nationex(),
    OwnFleet(),
    ParcelOne(),
    PostNord(),
    Purolator(),
    Quiqup(),
    Roadie(),
    RoyalMail(),
    Sandbox(),
    Seko(),
    SeventeenTrack(),
    SfExpress(),
    Shadowfax(),
    Ship24(),
    ShipBob(),
    ShipEngine(),
    Shiprocket(),
    SmartKargo(),
    Smsa(),
    Spring(),
    Teleship(),
    Tnt(),
    TrackingMore(),
    Ups(),
    Usps(),
    Veho(),
    XpressBees(),
    YunExpress(),
    Zoom2u(),
)

#: Formats we can read but nobody can be asked in: retired, or private to a consumer app.
_READERS: tuple[Reader, ...] = (
    A1(),
    AlliedExpressLocal(),
    Evri(),
    FedExSoap(),
    FedExWeb(),
    GlsConsumer(),
    HermesConsumer(),
    InPost(),
    MyDhl(),
    Newgistics(),
    PitneyBowes(),
    Prestige(),
    Sendle(),
    Stamps(),
    UpsXml(),
    UspsInternational(),
    UspsWebTools(),
)

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
