"""Platforms' privacy demands, answered by machine: export or erase a person, or a whole shop.

https://shopify.dev/docs/apps/build/privacy-law-compliance gives 30 days; we answer at once.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Q

from inbox import privacy as inbox_privacy
from lib.folding import digits
from lib.personal_data import Person, erase_person, export_person
from merchants.scope import every_merchant
from stores import call_privacy
from stores.connect import KIND, disconnect_store
from stores.models import PrivacyRequest, StoreConnection
from stores.payload import StoreError
from stores.vocabulary import ComplianceRequest
from tracking.models import Order

_BATCH: Final = 500


def answer(
    *,
    store: StoreConnection,
    request: ComplianceRequest,
    topic: str,
    delivery_id: int,
    now: datetime,
) -> PrivacyRequest:
    """Do what the platform demands and write down that it was done; in the merchant's scope.

    Raises StoreError when the signed body names another shop than the connection: the
    header that led here is not signed. The same delivery is answered once.
    """
    if store.external_id and request.shop != store.external_id:
        raise StoreError(f"shop_domain: the demand is about {request.shop}, not this shop")
    with transaction.atomic():
        done = PrivacyRequest.objects.filter(store=store, delivery_id=delivery_id).first()
        if done is not None:
            return done
        export: dict[str, Any] | None = None
        if request.demand == "export":
            export = export_person(_person(store, request))
            result = {name: len(rows) for name, rows in export.items()}
        elif request.demand == "erase":
            person = _person(store, request)
            result = erase_person(person)
            result["calls"] += call_privacy.forget_wanted(store, person)
        else:
            result = _erase_shop(store, now=now)
        return PrivacyRequest.objects.create(
            merchant_id=store.merchant_id,
            store=store,
            topic=topic[:40],
            delivery_id=delivery_id,
            received_at=now,
            done_at=now,
            result=result,
            export=export,
        )


def _person(store: StoreConnection, request: ComplianceRequest) -> Person:
    """The person as this shop knows them: their orders of this shop, by id, e-mail or phone.

    Orders of the merchant's other shops stay: the demand is this shop's.
    """
    email, phone = request.email.strip().lower(), digits(request.phone)
    named = Q(external_id__in=request.order_ids)
    if email:
        named |= Q(email_key=email)
    if phone:
        named |= Q(phone_key=phone)
    orders = Order.objects.filter(named, source=store.source)
    found = dict(orders.values_list("pk", "external_id"))
    return Person(
        order_ids=frozenset(found),
        emails=frozenset(filter(None, [email, request.email.strip()])),
        phones=frozenset(filter(None, [request.phone.strip()])),
        external_order_ids=frozenset([*found.values(), *request.order_ids]),
    )


def _erase_shop(store: StoreConnection, *, now: datetime) -> dict[str, int]:
    """Everybody who bought at this shop, every stored payload, and the connection itself."""
    ids = list(
        Order.objects.filter(source=store.source).order_by("pk").values_list("pk", flat=True)
    )
    erased: dict[str, int] = {}
    for start in range(0, len(ids), _BATCH):
        person = Person(order_ids=frozenset(ids[start : start + _BATCH]))
        for name, count in erase_person(person).items():
            erased[name] = erased.get(name, 0) + count
    erased["inbox"] = inbox_privacy.erase_connection(
        kind=KIND, slug=store.platform, connection_id=store.pk
    )
    for name, count in call_privacy.erase_connection(store).items():
        erased[name] = erased.get(name, 0) + count
    if store.is_active:
        disconnect_store(connection=store, now=now)
    return erased


def former_holders(*, platform: str, shop: str) -> list[tuple[int, int]]:
    """(merchant, connection) of those who had this shop connected through our app and left.

    Their orders are still here. Only the app's connections: the platform vouched for the shop.
    """
    with every_merchant("a platform's demand names the shop, not whose it was"):
        former = StoreConnection.objects.filter(
            platform=platform, external_id=shop, is_installed=True, is_active=False
        )
        return list(former.order_by("pk").values_list("merchant_id", "pk")) if shop else []
