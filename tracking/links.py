"""Opaque links to one order's page. `storefront_pages.stamps` finds a page by them."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet

from lib.signing import new_token
from merchants.models import Merchant
from tracking.models import Link, Order, Recipient


def link_for(*, order: Order, recipient: Recipient | None = None) -> Link:
    """The live link of this recipient (or of the order itself), made when there is none."""
    return _live(order, recipient, by_lookup=False).first() or _make(order, recipient)


def link_by_lookup(*, order: Order, recipient: Recipient | None, until: datetime) -> Link:
    """A link for somebody who looked the order up, good until about then (at most a day less)."""
    live = _live(order, recipient, by_lookup=True).filter(until__gt=until - timedelta(days=1))
    return live.first() or _make(order, recipient, by_lookup=True, until=until)


def revoke_links(*, order: Order, now: datetime) -> int:
    """Close every link to this order's page; returns how many. The next message has a new one."""
    live = Link.objects.filter(merchant_id=order.merchant_id, order_id=order.pk, revoked_at=None)
    return live.update(revoked_at=now)


def _live(order: Order, recipient: Recipient | None, *, by_lookup: bool) -> QuerySet[Link]:
    return Link.objects.filter(
        merchant_id=order.merchant_id,
        order_id=order.pk,
        recipient_id=recipient.pk if recipient else None,
        by_lookup=by_lookup,
        revoked_at__isnull=True,
    )


def _make(
    order: Order,
    recipient: Recipient | None,
    *,
    by_lookup: bool = False,
    until: datetime | None = None,
) -> Link:
    return Link.objects.create(
        token=new_token(),
        merchant_id=order.merchant_id,
        order_id=order.pk,
        recipient_id=recipient.pk if recipient else None,
        by_lookup=by_lookup,
        until=until,
    )


def page_path(link: Link, *, merchant: Merchant) -> str:
    """The page's path on our own host."""
    return f"/p/{merchant.slug}/t/{link.token}/"


def page_url(link: Link, *, merchant: Merchant) -> str:
    """The page's whole address for a shopper, under the shop's own name where it has one."""
    return f"{pages_root(merchant)}t/{link.token}/"


def pages_root(merchant: Merchant) -> str:
    """Where shoppers find this shop's pages, the look-up itself: the path of its own site, else its
    own domain, else our host."""
    if merchant.page_root:
        return merchant.page_root
    if merchant.links_host:
        return domain_root(merchant.links_host)
    return our_root(merchant)


def domain_root(host: str) -> str:
    """The look-up on a shop's own domain, which reaches us as our own host does."""
    ours = urlsplit(settings.BASE_URL)
    port = f":{ours.port}" if ours.port else ""
    return f"{ours.scheme}://{host}{port}/"


def our_root(merchant: Merchant) -> str:
    """The look-up on our host; it is there whatever else a shop has."""
    return f"{settings.BASE_URL}/p/{merchant.slug}/"
