"""How a message would look, for the dashboard: the merchant's brand, an invented parcel."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext, override

from carriers.registry import name_of
from lib.headlines import HeadlineState
from lib.vocabulary import ORDER_MILESTONES, Milestone, Status
from merchants.models import Brand, Look, Merchant
from notifications.rendering import LOGO_CID, Line, Own, Rendered, Telling, render
from notifications.telling import look_of

_STATUS: Final[dict[Milestone, Status]] = {
    Milestone.SHIPPED: Status.PICKED_UP,
    Milestone.IN_TRANSIT: Status.IN_TRANSIT,
    Milestone.OUT_FOR_DELIVERY: Status.OUT_FOR_DELIVERY,
    Milestone.DELIVERED: Status.DELIVERED,
    Milestone.DELAYED: Status.IN_TRANSIT,
    Milestone.ATTEMPT_FAILED: Status.ATTEMPT_FAILED,
}


def render_preview(
    *,
    merchant: Merchant,
    milestone: Milestone,
    language: str,
    now: datetime,
    own: Own | None = None,
    carrier: str = "aramex",
    brand: Look | None = None,
) -> Rendered:
    """A message as a shopper of this merchant would get it today; in the merchant's scope.

    `own` is text being edited; None takes ours. `brand` is a look being edited; None takes what
    is published. The logo is inside the HTML as a data URI,
    so that the page that shows it needs nothing else.
    """
    brand = brand or Brand.objects.filter(merchant_id=merchant.pk).first()
    with override(language):
        items = (Line(gettext("Linen cushion cover"), 2), Line(gettext("Table lamp"), 1))
        name = gettext("Layla Haddad")
    on_parcel = milestone not in ORDER_MILESTONES
    rendered = render(
        Telling(
            topic=milestone,
            language=language,
            look=look_of(merchant, brand),
            state=_state(milestone, merchant, carrier, language=language, now=now),
            order_number="1042",
            link=f"{settings.BASE_URL}/p/{merchant.slug}/",
            recipient_name=name,
            carrier=name_of(carrier, language=language) if on_parcel else "",
            tracking_number="47218830956" if on_parcel else "",
            items=items,
            own=own or Own(),
        )
    )
    return replace(rendered, html=with_logo(rendered.html, brand))


def with_logo(html: str, brand: Look | None) -> str:
    """A message's HTML with its logo inside, for showing it outside a mail program."""
    if brand is None or not brand.logo:
        return html
    data = b64encode(bytes(brand.logo)).decode()
    return html.replace(f"cid:{LOGO_CID}", f"data:{brand.logo_type};base64,{data}")


def _state(
    milestone: Milestone, merchant: Merchant, carrier: str, *, language: str, now: datetime
) -> HeadlineState:
    local = now.astimezone(ZoneInfo(merchant.zone))
    today = local.date()
    if milestone in ORDER_MILESTONES:
        return HeadlineState(Status.PENDING, today, order_milestone=milestone)
    is_out = milestone is Milestone.OUT_FOR_DELIVERY
    return HeadlineState(
        status=_STATUS[milestone],
        today=today,
        carrier=name_of(carrier, language=language),
        first=today if is_out else today + timedelta(days=2),
        last=today if is_out else today + timedelta(days=4),
        was_first=today - timedelta(days=1),
        was_last=today,
        is_late=milestone is Milestone.DELAYED,
        delivered_at=local.replace(hour=15, minute=40),
        attempt_on=today,
    )
