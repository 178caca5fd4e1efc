"""A quote: the date told before an order, for a place and a way to send it.

A quote is sealed, not stored: its text carries what was said under our signature, so that a
product page costs no row, and an order that names its quote is tied to exactly what the shopper
was shown. It holds dates and a place no finer than a region; nothing of a person.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from django.core.signing import BadSignature, Signer

from edd.before_order import BeforeOrder, before_order
from edd.estimate import Rules
from edd.handling import folded
from edd.zones import destination_zone
from lib.folding import number_key

#: Of a postcode no more is taken: it leads to a district, not to a door.
PREFIX: Final = 3
#: How long before an order its quote may have been given.
KEPT: Final = timedelta(days=90)
#: How much later than the order a quote may be, for clocks that differ.
_SLACK: Final = timedelta(hours=1)
_SALT: Final = "edd.quote"


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked for. `country` is ISO 3166-1 alpha-2; everything else may be empty.

    `prefix` are the first characters of a postcode (see `prefix_of`). `warehouse`, `tags` and
    `skus` choose among the merchant's rules of handling; `from_country` is the warehouse's.
    """

    country: str
    region: str = ""
    city: str = ""
    prefix: str = ""
    carrier: str = ""
    service: str = ""
    warehouse: str = ""
    from_country: str = ""
    tags: tuple[str, ...] = ()
    skus: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Quote:
    """An answer: the window in `promise`, at `level` per cent, given at `made_at`.

    `source` is the promise's, or "fallback" where the merchant's own rules could not be read.
    """

    ask: Ask
    promise: BeforeOrder
    level: int
    source: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class QuotedWindow:
    """What a sealed quote said: both days included, local dates of `zone`."""

    first: date
    last: date
    zone: str
    level: int
    source: str
    country: str
    region: str
    carrier: str
    service: str
    made_at: datetime


class NotAQuote(ValueError):
    """A text that is no quote of this merchant, or none for this order; the message says why."""


def prefix_of(postcode: str) -> str:
    """The part of a postcode that we take: "110 001" gives "110", "sw1a 1aa" gives "SW1"."""
    return number_key(postcode)[:PREFIX]


def quote(
    rules: Rules,
    ask: Ask,
    *,
    now: datetime,
    placed_at: datetime | None = None,
    level: int | None = None,
    fallback: bool = False,
) -> Quote:
    """The quote given at `now` for an order placed then, or at `placed_at`. Pure.

    `level` is in per cent; without one it is the merchant's.
    """
    own = replace(rules, level=level or rules.level, country=ask.from_country or rules.country)
    promise = before_order(
        own,
        country=ask.country,
        zone=destination_zone(ask.country, ask.region, ask.city),
        carrier=ask.carrier,
        service=ask.service,
        now=placed_at or now,
        region=ask.region,
        prefix=ask.prefix,
        warehouse=folded(ask.warehouse),
        tags=tuple(folded(tag) for tag in ask.tags),
        skus=tuple(folded(sku) for sku in ask.skus),
    )
    source = "fallback" if fallback else promise.source
    return Quote(ask=ask, promise=promise, level=own.level, source=source, made_at=now)


def seal(given: Quote, *, merchant_id: int) -> str:
    """The quote as a text that an order can name; `window_of_quote` reads it."""
    return Signer(salt=_SALT).sign_object(
        [
            merchant_id,
            given.promise.first.toordinal(),
            given.promise.last.toordinal(),
            given.promise.zone,
            given.level,
            given.source,
            given.ask.country,
            given.ask.region,
            given.ask.carrier,
            given.ask.service,
            int(given.made_at.timestamp()),
        ]
    )


def window_of_quote(
    sealed: str, *, merchant_id: int, country: str, placed_at: datetime
) -> QuotedWindow:
    """What the shopper was shown who placed this merchant's order for `country` then.

    Raises NotAQuote for a text that we did not seal for this merchant, for another country,
    or given after the order or more than `KEPT` before it.
    """
    try:
        owner, *said = Signer(salt=_SALT).unsign_object(sealed)
        window = _read(said)
    except (BadSignature, ValueError, TypeError) as error:
        # ValueError, TypeError: signed by us, but in the shape of another version.
        raise NotAQuote("This is no quote of ours.") from error
    if owner != merchant_id:
        raise NotAQuote("This is no quote of ours.")
    if window.country != country:
        raise NotAQuote(f"This quote was for {window.country}, the order goes to {country}.")
    if not placed_at - KEPT <= window.made_at <= placed_at + _SLACK:
        raise NotAQuote(
            f"This quote was given on {window.made_at:%Y-%m-%d}; the order must be placed within"
            f" {KEPT.days} days after that."
        )
    return window


def _read(said: list[Any]) -> QuotedWindow:
    first, last, zone, level, source, country, region, carrier, service, at = said
    return QuotedWindow(
        date.fromordinal(first),
        date.fromordinal(last),
        zone,
        level,
        source,
        country,
        region,
        carrier,
        service,
        datetime.fromtimestamp(at, UTC),
    )


def shape(given: Quote, *, rules_at: datetime | None, stale: bool = False) -> dict[str, Any]:
    """The quote as programs read it, the same in the API and for the widget.

    `rules_at` is when the merchant's rules were read, None where they were not; `stale` that
    they should have been read since, and could not be.
    """
    promise = given.promise
    return {
        "date": {
            "from": promise.first.isoformat(),
            "to": promise.last.isoformat(),
            "by": promise.last.isoformat(),
        },
        "zone": promise.zone,
        "level": given.level,
        "order_by": promise.order_by.isoformat(),
        "order_within_seconds": int(promise.order_within.total_seconds()),
        "source": given.source,
        "freshness": {
            "rules_at": _instant(rules_at) if rules_at else None,
            "valid_until": _instant(promise.order_by),
            "stale": stale,
        },
    }


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
