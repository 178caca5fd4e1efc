"""The date before the order: what a product page, a cart and a checkout may say.

The same calculation as for a parcel that was ordered this moment, so that the page after the
purchase says the same. It holds until the warehouse's next cut-off, which is told with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from edd.dispatch import dispatch_of
from edd.estimate import Parcel, Rules, Source, estimate
from edd.rules import load_rules
from edd.zones import destination_zone
from lib.vocabulary import Status
from merchants.models import Merchant


@dataclass(frozen=True, slots=True)
class BeforeOrder:
    """A delivery window, both days included, in local dates of the destination's `zone`.

    Who orders before `order_by` (an aware instant, in that zone) is promised this window;
    `order_within` is the time left. `why` is for `edd.reasons.explain`.
    """

    first: date
    last: date
    zone: str
    order_by: datetime
    order_within: timedelta
    why: tuple[str, ...]
    source: Source = "configuration"


def promise_before_order(
    *,
    merchant: Merchant,
    country: str,
    city: str = "",
    region: str = "",
    carrier: str = "",
    service: str = "",
    now: datetime,
) -> BeforeOrder:
    """The window for an order placed now; call it in the merchant's scope.

    `country` is ISO 3166-1 alpha-2. Without a carrier the destination's own working week
    counts, and the days that are usual on such a lane.
    """
    return before_order(
        load_rules(merchant.pk),
        country=country,
        zone=destination_zone(country, region, city),
        carrier=carrier,
        service=service,
        now=now,
        region=region or city,
    )


def before_order(
    rules: Rules,
    *,
    country: str,
    zone: str,
    carrier: str,
    service: str,
    now: datetime,
    region: str = "",
    prefix: str = "",
    warehouse: str = "",
    tags: tuple[str, ...] = (),
    skus: tuple[str, ...] = (),
) -> BeforeOrder:
    """The same from rules at hand. Pure.

    `prefix` is the beginning of the postcode; `warehouse`, `tags` and `skus` are folded
    (`edd.handling.folded`), and what handling may depend on.
    """
    parcel = Parcel(
        placed_at=now,
        status=Status.PENDING,
        carrier=carrier,
        service=service,
        from_country=rules.country,
        to_country=country,
        to_zone=zone,
        to_region=region,
        to_prefix=prefix,
        warehouse=warehouse,
        tags=tags,
        skus=skus,
    )
    made = estimate(parcel, rules, now=now)
    assert made is not None  # a parcel that is still to be packed always has a window
    order_by = _next_cut_off(parcel, rules, now)
    return BeforeOrder(
        first=made.first,
        last=made.last,
        zone=made.zone,
        order_by=order_by.astimezone(ZoneInfo(made.zone)),
        order_within=order_by - now.astimezone(UTC),
        why=made.why,
        source=made.source,
    )


def _next_cut_off(parcel: Parcel, rules: Rules, now: datetime) -> datetime:
    """The next moment, in UTC, after which an order waits for another working day."""
    local = now.astimezone(ZoneInfo(rules.zone))
    return dispatch_of(parcel, rules).next_cut_off(local).astimezone(UTC)
