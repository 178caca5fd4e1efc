"""The addresses of orders' pages, for a whole list at once."""

from __future__ import annotations

from collections.abc import Sequence

from merchants.models import Merchant
from tracking.links import link_for, page_url
from tracking.models import Link, Order, Recipient


def tracking_urls(orders: Sequence[Order], *, merchant: Merchant) -> dict[int, str]:
    """The buyer's link of each order, by order id; `recipients` should be prefetched."""
    live = Link.objects.filter(
        merchant=merchant,
        order_id__in=[order.pk for order in orders],
        revoked_at__isnull=True,
        by_lookup=False,
    ).order_by("-pk")
    by_recipient = {(link.order_id, link.recipient_id): link for link in live}
    found: dict[int, str] = {}
    for order in orders:
        buyer = _buyer(order)
        key = (order.pk, buyer.pk if buyer else None)
        link = by_recipient.get(key) or link_for(order=order, recipient=buyer)
        found[order.pk] = page_url(link, merchant=merchant)
    return found


def _buyer(order: Order) -> Recipient | None:
    return next((who for who in order.recipients.all() if who.role == Recipient.Role.BUYER), None)
