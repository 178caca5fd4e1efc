"""Fills the demonstration, the way a merchant would: connect, receive orders, follow parcels.

Run at every start. What exists is found again; purchases marked `live` are made anew, so
that something always moves.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

import httpx

from carriers.base import Carrier
from carriers.carrier_names import OWN_FLEET
from carriers.models import CarrierAccount
from carriers.registry import get
from carriers.sandbox.remote import Begun, begun
from demo import offers
from demo.catalogue import PASSWORD, SHOPS, Parcel, Purchase, Shop
from demo.help_texts import write_help_texts
from lib.signing import new_token, new_webhook_secret
from merchants.access import find_api_key, issue_api_key
from merchants.models import Brand, Membership, Merchant, PublishableKey, Role, User
from merchants.publishable import issue, origin_of
from merchants.scope import merchant_scope
from notifications.models import Calm, ChannelSetting, MessagePrice, WhatsAppTemplate
from notifications.texts import LANGUAGES
from notifications.triggers import TRIGGERS
from notifications.whatsapp.registering import want
from stores.connect import connect_store, hook_path_of
from stores.ingest import save_order
from stores.models import StoreConnection
from stores.vocabulary import Address, FulfilmentUpdate, Item, OrderUpdate, Person
from tracking.carrier_accounts import connect_account
from tracking.links import link_for, page_path
from tracking.models import Order

#: Roles a visitor can log in with; owner first.
_PEOPLE = ((Role.OWNER, "owner"), (Role.AGENT, "agent"), (Role.VIEWER, "viewer"))


@dataclass(frozen=True, slots=True)
class Seeded:
    """What `.homeward/demo.json` says of one merchant."""

    slug: str
    users: list[dict[str, str]]
    api_key: str
    tracking_urls: list[str]
    hooks: dict[str, dict[str, str]]
    shop_url: str

    def as_json(self) -> dict[str, Any]:
        return {
            "slug": self.slug,
            "users": self.users,
            "api_key": self.api_key,
            "tracking_urls": self.tracking_urls,
            "hooks": self.hooks,
            "shop_url": self.shop_url,
        }


def seed(
    *, sandbox_url: str, base_url: str, known_keys: Mapping[str, str], now: datetime
) -> Iterator[Seeded]:
    """Make or find every shop; `known_keys` are API keys by slug that an earlier start issued."""
    for shop in SHOPS:
        merchant, is_new = open_shop(shop)
        with merchant_scope(merchant.pk):
            stores = {connection.platform: connection for connection in _stores(merchant, shop)}
            _carriers(merchant, shop, sandbox_url)
            _channels(merchant, shop)
            offers.fill(merchant, base_url=base_url, now=now)
            write_help_texts(merchant, now=now)
            moving: list[int] = []
            for index, purchase in enumerate(shop.purchases):
                if is_new or purchase.live:
                    order = _buy(
                        merchant, shop, stores[shop.platform], index, purchase, sandbox_url, now=now
                    )
                    moving += [order.pk] if purchase.live and purchase.parcels else []
            urls = [base_url + path for path in _page_paths(merchant, moving)]
            hooks = {
                platform: {
                    "url": base_url + hook_path_of(connection),
                    "secret": connection.credentials["secret"],
                }
                for platform, connection in stores.items()
            }
        _page_key(merchant, base_url)
        key = _api_key(merchant, known_keys.get(shop.slug, ""), now=now)
        users = [
            {"email": f"{name}@{shop.slug}.example", "password": PASSWORD, "role": role.value}
            for role, name in _PEOPLE
        ]
        shop_url = f"{base_url}/demo/shop/{shop.slug}/"
        yield Seeded(shop.slug, users, key, urls, hooks, shop_url)


def _api_key(merchant: Merchant, earlier: str, *, now: datetime) -> str:
    """The key of an earlier start while it opens the door; the database may be a new one."""
    known = find_api_key(earlier, now=now) if earlier else None
    if known is not None and known.merchant_id == merchant.pk:
        return earlier
    return issue_api_key(merchant=merchant, name="Demonstration", by=None)[1]


def _page_key(merchant: Merchant, base_url: str) -> None:
    """A key for the shop's pages, which stand on our own address here."""
    if not PublishableKey.objects.filter(merchant=merchant, revoked_at=None).exists():
        origins = [origin_of(base_url), origin_of(merchant.store_url)]
        issue(merchant=merchant, origins=origins, fallback="usual", by=None)


def open_shop(shop: Shop) -> tuple[Merchant, bool]:
    """Make the shop with its brand and people, or find it; True when it is new."""
    merchant, is_new = Merchant.objects.get_or_create(
        slug=shop.slug,
        defaults={
            "name": shop.name,
            "country": shop.country,
            "zone": shop.zone,
            "currency": shop.currency,
            "languages": list(shop.languages),
            "default_language": shop.language,
            "store_url": f"https://{shop.shop_domain}",
            "support_email": shop.support_email,
            "support_phone": shop.support_phone,
            "sends_own_confirmations": False,
        },
    )
    if is_new:
        with merchant_scope(merchant.pk):
            Brand.objects.create(
                merchant=merchant,
                accent=shop.accent,
                font=shop.font,
                radius=shop.radius,
                tagline=shop.tagline,
                logo=shop.logo.encode(),
                logo_type="image/svg+xml",
            )
        for role, name in _PEOPLE:
            user = User.objects.create_user(
                email=f"{name}@{shop.slug}.example", password=PASSWORD, name=name.title()
            )
            Membership.objects.create(merchant=merchant, user=user, role=role)
    return merchant, is_new


#: Where a shop of the platform that the merchant does not use would stand.
_OTHER_SHOPS: Final = {
    "shopify": "{slug}-trial.myshopify.com",
    "woocommerce": "woocommerce.{slug}.example",
}


def _stores(merchant: Merchant, shop: Shop) -> list[StoreConnection]:
    """Both platforms' hooks for each shop: one it uses, one to play with."""
    found = list(StoreConnection.objects.order_by("pk"))
    known = {connection.platform for connection in found}
    for platform in ("shopify", "woocommerce"):
        if platform not in known:
            other = _OTHER_SHOPS[platform].format(slug=shop.slug)
            domain = shop.shop_domain if platform == shop.platform else other
            found.append(
                connect_store(
                    merchant=merchant,
                    platform=platform,
                    name=f"{shop.name} on {'Shopify' if platform == 'shopify' else 'WooCommerce'}",
                    secret=f"whsec-{new_token(18)}",
                    external_id=domain,
                )
            )
    return found


def _carriers(merchant: Merchant, shop: Shop, sandbox_url: str) -> None:
    """Accounts on the sandbox server, which plays these carriers; its port may have moved."""
    for slug in shop.carriers:
        carrier = get(slug)
        base_url = f"{sandbox_url}/{slug}" if carrier.is_asked else ""
        known = CarrierAccount.objects.filter(carrier=slug, name="")
        if not known.update(base_url=base_url, paused_until=None):
            connect_account(
                merchant=merchant, carrier=carrier, secrets=_credentials(carrier), base_url=base_url
            )


#: Invented, so that costs are shown; in the shop's currency.
_PRICES: Final = {"sms": Decimal("0.15"), "whatsapp": Decimal("0.08")}


def _channels(merchant: Merchant, shop: Shop) -> None:
    """Which channels the shop uses; a visitor who changed a switch finds it as it was left."""
    # Somebody who tries the demonstration at night wants to see its messages.
    Calm.objects.get_or_create(
        merchant=merchant, defaults={"quiet_from": time(0), "quiet_to": time(0)}
    )
    for channel in shop.channels:
        ChannelSetting.objects.get_or_create(
            merchant=merchant, channel=channel, defaults={"is_on": True}
        )
    for channel, amount in _PRICES.items():
        if channel in shop.channels:
            MessagePrice.objects.get_or_create(
                merchant=merchant,
                channel=channel,
                country="",
                defaults={"amount": amount, "currency": merchant.currency},
            )
    if "whatsapp" in shop.channels and not WhatsAppTemplate.objects.exists():
        loud = [slug for slug, trigger in TRIGGERS.items() if ("whatsapp", "sms") in trigger.ways]
        for language in LANGUAGES[:2]:
            want(merchant=merchant, topics=loud, language=language)


def _credentials(carrier: Carrier) -> dict[str, str]:
    return {
        secret.name: new_webhook_secret() if secret.made_by_us else f"demo-{secret.name}"
        for secret in carrier.secrets
        if not secret.optional
    }


def _buy(
    merchant: Merchant,
    shop: Shop,
    store: StoreConnection,
    index: int,
    purchase: Purchase,
    sandbox_url: str,
    *,
    now: datetime,
) -> Order:
    """One order with its parcels; the journeys begin on the sandbox server first."""
    count = Order.objects.count() if purchase.live else index
    number = shop.first_number + count
    parcels = [
        _start_journey(shop, purchase, parcel, position, sandbox_url, now=now)
        for position, parcel in enumerate(purchase.parcels)
    ]
    placed_at = min((begun.at for _, begun in parcels), default=now) - timedelta(hours=5)
    if not parcels:
        placed_at = now
    numbers = [tracking_number for tracking_number, _ in parcels]
    promised = max((begun.promised for _, begun in parcels if begun.promised), default=None)
    update = replace(
        _order(shop, purchase, number, numbers, placed_at),
        promised_first=promised,
        promised_last=promised,
    )
    return save_order(merchant=merchant, source=store.source, now=now, update=update).order


def _order(
    shop: Shop, purchase: Purchase, number: int, parcels: list[str], placed_at: datetime
) -> OrderUpdate:
    """The purchase as the shop's platform would tell it."""
    shopper = purchase.shopper
    items = tuple(
        Item(title, quantity, external_id=f"{number}-{line}", price=Decimal(price))
        for line, (title, quantity, price) in enumerate(purchase.items)
    )
    return OrderUpdate(
        external_id=str(9_000_000 + number),
        number=f"#{number}",
        placed_at=placed_at,
        confirmed_at=placed_at + timedelta(minutes=4) if parcels else None,
        customer=Person(shopper.name, shopper.email, shopper.phone, shopper.language),
        destination=Address(shopper.country, name=shopper.name, city=shopper.city),
        items=items,
        parcels=tuple(
            FulfilmentUpdate(
                tracking_number=tracking_number,
                carrier=purchase.parcels[position].carrier,
                external_id=f"{number}-{position}-{purchase.parcels[position].scenario}",
                contents=_contents(items, position, len(parcels)),
            )
            for position, tracking_number in enumerate(parcels)
        ),
        currency=shop.currency,
        total=sum((item.price * item.quantity for item in items if item.price), Decimal(0)),
        cod_amount=Decimal(purchase.cod) if purchase.cod else None,
        payment_method="cash on delivery" if purchase.cod else "card",
        ship_from_country=shop.country,
        language=shopper.language,
    )


def _contents(items: tuple[Item, ...], position: int, parcels: int) -> tuple[tuple[str, int], ...]:
    """Each parcel carries its share of the lines."""
    return tuple(
        (item.external_id, item.quantity)
        for line, item in enumerate(items)
        if line % parcels == position
    )


def _start_journey(
    shop: Shop,
    purchase: Purchase,
    parcel: Parcel,
    position: int,
    sandbox_url: str,
    *,
    now: datetime,
) -> tuple[str, Begun]:
    """Register a parcel with the sandbox; returns its number and how its journey begins.

    An own fleet's parcel is on no server: its scans are pushed.
    """
    number = _number(parcel.carrier)
    if parcel.carrier == OWN_FLEET:
        return number, Begun(now - timedelta(hours=20), promised=None)
    teller = parcel.hub or parcel.carrier
    httpx.post(
        f"{sandbox_url}/control/parcels",
        json={
            "carrier": teller,
            "number": number,
            "scenario": parcel.scenario,
            "origin": {"city": shop.city, "country": shop.country},
            "destination": {"city": purchase.shopper.city, "country": purchase.shopper.country},
            "played_until": parcel.played_until,
            "live_gap_seconds": parcel.gap_seconds,
            "registered_at": now.isoformat(),
        },
        timeout=10,
    ).raise_for_status()
    journey = httpx.get(f"{sandbox_url}/control/parcels/{teller}/{number}", timeout=10).json()
    return number, begun(journey)


def _number(carrier: str) -> str:
    """A number of the form that the carrier uses."""
    digits = "".join(random.choices("0123456789", k=12))  # noqa: S311 - not a secret
    forms = {
        "aramex": f"44{digits[:9]}",
        "smsa": f"2912{digits[:8]}",
        "dhl_universal": f"GM{digits}",
        "evri": f"H0{digits}A7",
        "own_fleet": f"VAN-{digits[:6]}",
    }
    return forms.get(carrier) or f"1Z{random.choice('ABCDEFGH')}{digits[:3]}W0{digits[:10]}"  # noqa: S311


def _page_paths(merchant: Merchant, moving: list[int]) -> list[str]:
    """The pages of every order: those that move while you watch, then the newest."""
    paths = []
    orders = list(Order.objects.order_by("-id").prefetch_related("recipients"))
    orders.sort(key=lambda order: moving.index(order.pk) if order.pk in moving else len(moving))
    for order in orders:
        buyer = next(iter(order.recipients.all()), None)
        paths.append(page_path(link_for(order=order, recipient=buyer), merchant=merchant))
    return paths
