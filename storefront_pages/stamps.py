"""What answers "has this page changed?": the link, its shop, its order and their versions.

All of it is one message to the database. Most looks at a page find nothing new, and then this
is all that is asked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from edd.zones import destination_zone
from lib.vocabulary import TERMINAL
from merchants.models import Merchant
from storefront_pages.access import BY_LINK, Access, Part, Tier, holder_of
from storefront_pages.banners import shops_day
from storefront_pages.edition import edition
from storefront_pages.look_facts import LOOK_COLUMNS
from storefront_pages.rows import columns, decoded, made, width
from tracking.models import Order


@dataclass(frozen=True, slots=True)
class Stamp:
    """A link's order, its shop, and what tells one version of the page from the next.

    `brand` has what `shop.brand_facts` has; empty for a merchant without a brand.
    `recipient` (id, name, language) and `role` are empty where the link is the order's own.
    `next_ask_at` is when the carrier is asked next, for any parcel of the order. `order` is None
    when it is gone.
    """

    link_id: int
    merchant: Merchant
    order: Order | None
    brand: dict[str, Any]
    recipient_language: str
    next_ask_at: datetime | None
    versions: tuple[object, ...]
    #: Carriers of the order's parcels whose feed is dead, and since when.
    outages: tuple[tuple[str, datetime], ...] = ()
    recipient: int | None = None
    role: str = ""
    recipient_name: str = ""
    access: Access = BY_LINK
    #: When this link ends, where it has an end of its own; and when all of the order's do.
    until: datetime | None = None
    ends: datetime | None = None

    def opens(self, *, now: datetime) -> bool:
        """Whether the link leads to the order's page still."""
        if self.until is not None and self.until <= now:
            return False
        has_ended = self.ends is not None and self.ends <= now
        return not has_ended or self.access.may(Part.AFTER_THE_END)

    @property
    def zone(self) -> ZoneInfo:
        """The clock of the destination."""
        order = self.order
        assert order is not None
        return ZoneInfo(destination_zone(order.country, order.region, order.city))

    def etag(self, *, language: str, now: datetime) -> str:
        """Weak, because compression changes the bytes. The day is in it ("expected today"), and
        so is the shop's, with which a banner ends."""
        assert self.order is not None
        days = (now.astimezone(self.zone).date(), shops_day(self.merchant, now))
        text = repr((self.order.pk, self.access.key, self.versions, language, *days, edition()))
        return f'W/"{hashlib.blake2b(text.encode(), digest_size=12).hexdigest()}"'


_LOOK: Final = ", ".join(f"'{name}', b.{name}" for name in LOOK_COLUMNS)
#: Two statements in one message, which PostgreSQL runs as one transaction: the first sets the
#: scope of the merchant that the link names (and nobody's for no link), the second reads in it.
#: It is `merchants.scope` without its three round trips of BEGIN, setting and COMMIT.
#:
#: What hangs on the order are subqueries, not joins: PostgreSQL plans them one by one, where it
#: would weigh every order of the joins, for twice the time that everything else takes.
_SQL: Final = f"""
SELECT set_config('rls.current_tenant', coalesce((SELECT l.merchant_id::text
  FROM tracking_link l WHERE l.token = %(token)s AND l.revoked_at IS NULL), ''), true),
 set_config('rls.is_admin', 'false', true);
SELECT l.id, l.by_lookup, l.until,
 (SELECT jsonb_build_object('version', b.version, {_LOOK})
  FROM merchants_brand b WHERE b.merchant_id = l.merchant_id),
 (SELECT jsonb_build_array(r.id, r.role, r.language, r.name)
  FROM tracking_recipient r WHERE r.id = l.recipient_id),
 (SELECT jsonb_agg(jsonb_build_array(s.version, s.status, s.status_at,
   (SELECT jsonb_build_array(w.asked_at, w.next_ask_at)
    FROM tracking_watch w WHERE w.shipment_id = s.id)) ORDER BY s.id)
  FROM tracking_shipment s WHERE s.merchant_id = l.merchant_id AND s.order_id = l.order_id),
 (SELECT jsonb_agg(jsonb_build_array(x.carrier, x.since) ORDER BY x.carrier)
  FROM tracking_outage x WHERE x.closed_at IS NULL AND x.carrier IN (SELECT s.carrier
   FROM tracking_shipment s WHERE s.merchant_id = l.merchant_id AND s.order_id = l.order_id)),
 (SELECT jsonb_build_array(
   (SELECT jsonb_agg(jsonb_build_array(r.id, r.amount) ORDER BY r.id) FROM tracking_refund r
    WHERE r.merchant_id = l.merchant_id AND r.order_id = l.order_id),
   (SELECT max(a.number) FROM tracking_order a
    WHERE a.merchant_id = l.merchant_id AND a.replaces = o.external_id AND a.replaces <> ''
     AND a.source = o.source AND a.cancelled_at IS NULL))::text),
 {columns(Merchant, "m")}, {columns(Order, "o")}
FROM tracking_link l
JOIN merchants_merchant m ON m.id = l.merchant_id
LEFT JOIN tracking_order o ON o.merchant_id = l.merchant_id AND o.id = l.order_id
WHERE l.token = %(token)s AND l.revoked_at IS NULL AND m.slug = %(slug)s
"""  # noqa: S608 - column names of ours


def stamp(token: str, *, merchant_slug: str) -> Stamp | None:
    """The stamp of the live link with this token, of this merchant; None for no such link.

    A door: it finds out whose link it is and enters that merchant's scope in one, for this
    message alone. In a caller's transaction a savepoint ends it.
    """
    if "\0" in token:
        return None  # PostgreSQL has no such text
    inside = transaction.savepoint() if connection.in_atomic_block else None
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"token": token, "slug": merchant_slug})
        row = cursor.fetchone()
    if inside is not None:
        transaction.savepoint_rollback(inside)
    return None if row is None else _stamp(row)


def _stamp(row: tuple[Any, ...]) -> Stamp:
    link_id, by_lookup, until, brand, whose, parcels, dead, decided = row[:8]
    recipient, role, language, name = decoded(whose) or (None, "", "", "")
    of_merchant, of_order = row[8 : 8 + width(Merchant)], row[8 + width(Merchant) :]
    order = None if of_order[0] is None else made(Order, of_order)
    merchant, facts, stored = made(Merchant, of_merchant), decoded(brand) or {}, decoded(parcels)
    watched = [(version, *_moments(looks)) for version, _, _, looks in stored or ()]
    ends = [_end(status, at) for _, status, at, _ in stored or ()]
    holder = holder_of(role, is_gift=order is not None and order.is_gift)
    outages = [(slug, datetime.fromisoformat(since)) for slug, since in decoded(dead) or ()]
    return Stamp(
        link_id=link_id,
        merchant=merchant,
        order=order,
        brand=facts,
        recipient_language=language,
        next_ask_at=min((after for *_, after in watched if after), default=None),
        versions=(
            order.updated_at if order else None,
            *((version, _minute(asked), _minute(after)) for version, asked, after in watched),
            facts.get("version"),
            *(str(value) for value in of_merchant),  # its name, its contacts, its languages
            *outages,
            decided,  # money back, or another order in its place
        ),
        outages=tuple(outages),
        recipient=recipient,
        role=role,
        recipient_name=name,
        access=Access(Tier.LOOKED_UP if by_lookup else Tier.LINK, holder),
        until=until,
        ends=_ends(order, ends, days=merchant.links_last_days),
    )


def _end(status: str, at: str | None) -> datetime | None:
    """When a parcel came to its end; None for one that has not."""
    return datetime.fromisoformat(at) if at and status in TERMINAL else None


def _ends(
    order: Order | None, ends: Sequence[datetime | None], *, days: int
) -> datetime | None:  # fmt: skip
    """So long after the last parcel's end, or the cancellation of an order without parcels."""
    reached = [end for end in ends if end is not None]
    if order is None or len(reached) < len(ends):
        return None
    last = max(reached, default=order.cancelled_at)
    return last + timedelta(days=days) if last is not None else None


def _moments(looks: list[str | None] | None) -> tuple[datetime | None, datetime | None]:
    """When the carrier was asked, and when it is asked next."""
    asked, after = looks or (None, None)
    return (
        datetime.fromisoformat(asked) if asked else None,
        datetime.fromisoformat(after) if after else None,
    )


def _minute(moment: datetime | None) -> str:
    """The page says minutes, so that a look within the same one changes nothing."""
    return moment.isoformat(timespec="minutes") if moment else ""
