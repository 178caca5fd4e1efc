"""Opaque links to one order's page. `storefront_pages.stamps` finds a page by them."""

from __future__ import annotations

from django.conf import settings

from lib.signing import new_token
from merchants.models import Merchant
from tracking.models import Link, Order, Recipient


def link_for(*, order: Order, recipient: Recipient | None = None) -> Link:
    """The live link of this recipient (or of the order itself), made when there is none."""
    found = Link.objects.filter(
        merchant_id=order.merchant_id,
        order_id=order.pk,
        recipient_id=recipient.pk if recipient else None,
        revoked_at__isnull=True,
    ).first()
    return found or Link.objects.create(
        token=new_token(),
        merchant_id=order.merchant_id,
        order_id=order.pk,
        recipient_id=recipient.pk if recipient else None,
    )


def page_path(link: Link, *, merchant: Merchant) -> str:
    """The page's path on our own host."""
    return f"/p/{merchant.slug}/t/{link.token}/"


def page_url(link: Link, *, merchant: Merchant) -> str:
    """The page's whole address for a shopper: under the shop's own path where it has one."""
    root = merchant.page_root or f"{settings.BASE_URL}/p/{merchant.slug}/"
    return f"{root}t/{link.token}/"
