"""What plug-ins add to a WooCommerce order, by the meta keys that they made public.

Languages: WPML, Weglot, TranslatePress; Polylang for WooCommerce adds `lang` to the order itself.
Delivery days: Iconic's Delivery Slots, Tyche's Order Delivery Date. Addresses: what3words.
Consent: Mailchimp for WooCommerce. Checkout fields have the shapes that WooCommerce gives them
(`_shipping_makani`, `_wc_shipping/acme/makani-number`):
https://developer.woocommerce.com/docs/block-development/extensible-blocks/cart-and-checkout-blocks/additional-checkout-fields/
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

from carriers.shapes import text
from stores.checkout_fields import parts_of
from stores.vocabulary import Consent, TimeWish

_LANGUAGES: Final = (
    "wpml_language",
    "_wpml_language",
    "weglot_language",
    "trp_language",
    "_order_language",
)
_SUBSCRIBED: Final = "mailchimp_woocommerce_is_subscribed"


def field_name(key: str) -> tuple[str, str]:
    """Whose field a meta key is ("shipping", "billing" or ""), and its own name."""
    plain = key.lower().lstrip("_").removeprefix("wc_")
    whose = ""
    for prefix in ("shipping", "billing", "other"):
        if plain.startswith((f"{prefix}_", f"{prefix}/")):
            whose, plain = prefix.replace("other", ""), plain[len(prefix) + 1 :]
    return whose, plain.rpartition("/")[2]


def language(values: Mapping[str, Any], meta: Mapping[str, Any]) -> str:
    """The shopper's language where a multilingual plug-in noted it."""
    said = (*(meta.get(key) for key in _LANGUAGES), values.get("lang"))
    return next(filter(None, map(text, said)), "").replace("_", "-")


def address_parts(source: Mapping[str, Any], meta: Mapping[str, Any], whose: str) -> dict[str, str]:
    """The parts that only plug-ins ask for: of the address itself, of its meta, of the order's."""
    named = [(*field_name(key), value) for key, value in meta.items()]
    own = [(name, value) for owner, name, value in named if owner == whose]
    free = [(name, value) for owner, name, value in named if not owner]
    return parts_of([*source.items(), *own, *free])


def unix(value: object) -> datetime | None:
    """Seconds since 1970 as text or number; the plug-ins store the day's midnight."""
    digits = text(value)
    if not (digits.isascii() and digits.isdecimal()) or not 8 <= len(digits) <= 10:
        return None
    return datetime.fromtimestamp(int(digits), tz=UTC)


def wish(meta: Mapping[str, Any]) -> TimeWish | None:
    """The day that the shopper chose for the delivery."""
    day = text(meta.get("jckwds_date_ymd"))
    if re.fullmatch(r"\d{8}", day, re.ASCII):
        try:
            found = date(int(day[:4]), int(day[4:6]), int(day[6:]))
        except ValueError:
            return None
        return TimeWish(day=found, note=text(meta.get("jckwds_timeslot")))
    stamp = unix(meta.get("_orddd_timestamp") or meta.get("_orddd_lite_timestamp"))
    return TimeWish(day=stamp.date()) if stamp else None


def consents(meta: Mapping[str, Any], *, at: datetime | None) -> tuple[Consent, ...]:
    """What the shopper ticked; `at` is when the order was placed."""
    said = text(meta.get(_SUBSCRIBED))
    if said not in {"0", "1"}:
        return ()
    return (Consent("email", "marketing", said == "1", f"woocommerce:{_SUBSCRIBED}", at),)
