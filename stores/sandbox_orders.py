"""Parcels to try things with: invented orders whose parcels travel on the sandbox carrier."""

from __future__ import annotations

import secrets
import string
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.conf import settings
from django.utils.translation import gettext, override

from carriers.models import CarrierAccount
from carriers.registry import get
from carriers.sandbox.remote import Wanted, register
from carriers.sandbox.scenarios import SCENARIOS
from lib.encryption import seal
from merchants.models import Merchant
from stores.ingest import save_order
from stores.vocabulary import Address, FulfilmentUpdate, Item, OrderUpdate, Person
from tracking.models import Order

SLUG: Final = "sandbox"
#: Seconds between two scans of the part of a journey that is played while one watches.
LIVE_GAP_SECONDS: Final = 20.0
#: Where the live part of a journey begins: its last step of the past. What a scenario is named
#: for then happens before one's eyes, and is told by a message.
_LIVE_AFTER: Final = {
    "happy": "at_depot",
    "slow": "at_depot",
    "customs": "customs_started",
    "attempt": "out_for_delivery",
    "return": "out_for_delivery",
}


@dataclass(frozen=True, slots=True)
class SandboxParcel:
    """What somebody wants to see, and where it goes. `scenario` is a key of SCENARIOS."""

    scenario: str
    country: str
    city: str
    from_city: str
    customer: Person
    language: str


def is_offered() -> bool:
    """Whether a sandbox runs beside this installation."""
    return bool(settings.SANDBOX_URL)


def make_sandbox_order(*, merchant: Merchant, wanted: SandboxParcel, now: datetime) -> Order:
    """An order with one parcel on the sandbox carrier, in the merchant's scope.

    The merchant's sandbox account is made where there is none. Raises CarrierError when the
    sandbox does not answer; nothing is saved then.
    """
    number = _number()
    began = register(
        settings.SANDBOX_URL,
        Wanted(
            carrier=SLUG,
            number=number,
            scenario=wanted.scenario,
            from_city=wanted.from_city,
            from_country=merchant.country,
            to_city=wanted.city,
            to_country=wanted.country,
            played_until=played_until(wanted.scenario),
            live_gap_seconds=LIVE_GAP_SECONDS,
            registered_at=now,
        ),
    )
    _account(merchant)
    placed_at = min(began.at, now) - timedelta(hours=5)
    update = _order(merchant, wanted, number, placed_at, promised=began.promised)
    return save_order(merchant=merchant, source="form", update=update, now=now).order


def played_until(scenario: str) -> str | None:
    """The step up to which a journey lies in the past; None where all of it does.

    Silence is measured from the last scan, so silent parcels have nothing left to play.
    """
    story = SCENARIOS[scenario]
    if story.silent_hours is not None or len(story.steps) < 2:
        return None
    return _LIVE_AFTER.get(scenario, story.steps[-2].name)


def _account(merchant: Merchant) -> None:
    """The merchant's account with the sandbox, whose address may have moved since."""
    base_url = f"{settings.SANDBOX_URL}/{SLUG}"
    needed = {secret.name: "sandbox" for secret in get(SLUG).secrets}
    CarrierAccount.objects.update_or_create(
        merchant=merchant,
        carrier=SLUG,
        name="",
        defaults={"base_url": base_url, "paused_until": None, "is_active": True},
        create_defaults={"base_url": base_url, "secrets": seal(needed)},
    )


def _number() -> str:
    digits = "".join(secrets.choice(string.digits) for _ in range(12))
    return f"1Z{secrets.choice('ABCDEFGH')}{digits[:3]}W0{digits[:10]}"


def _order(
    merchant: Merchant,
    wanted: SandboxParcel,
    number: str,
    placed_at: datetime,
    *,
    promised: date | None,
) -> OrderUpdate:
    """The order as a shop would tell it; it promised what the carrier promises at pick-up."""
    with override(wanted.language):
        items = (
            Item(gettext("Linen cushion cover"), 2, external_id="1"),
            Item(gettext("Table lamp"), 1, external_id="2"),
        )
    return OrderUpdate(
        external_id=f"sandbox-{number}",
        number=f"S-{1001 + Order.objects.filter(source='form').count()}",
        placed_at=placed_at,
        customer=wanted.customer,
        destination=Address(wanted.country, name=wanted.customer.name, city=wanted.city),
        items=items,
        promised_first=promised,
        promised_last=promised,
        parcels=(FulfilmentUpdate(tracking_number=number, carrier=SLUG),),
        currency=merchant.currency,
        ship_from_country=merchant.country,
        language=wanted.language,
    )
