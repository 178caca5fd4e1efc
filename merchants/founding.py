"""A shop begins: the tenant, its look and its owner; and how far its set-up has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from django.conf import settings
from django.db import IntegrityError, transaction

from merchants.access import record
from merchants.looks import OF_SHOP, publish_at_once
from merchants.models import Brand, Membership, Merchant, Role, User
from merchants.scope import merchant_scope

Outcome = Literal["done", "skipped"]

STEPS: Final = ("shop", "look", "carrier", "store", "message")


class SlugTaken(ValueError):
    """Another shop has this address."""


@dataclass(frozen=True, slots=True)
class Founding:
    """What a person says of a new shop. `country` is ISO 3166-1 alpha-2, `zone` IANA's name;
    no `languages` are all of ours."""

    name: str
    slug: str
    country: str
    zone: str
    currency: str
    languages: tuple[str, ...]
    default_language: str
    support_email: str = ""
    support_phone: str = ""
    shows_hijri: bool = False


def may_found(user: User) -> bool:
    """Whether this person may open a shop: anybody where sign-up is open, else owners of one."""
    if settings.SIGNUP_OPEN:
        return True
    owned = Membership.objects.filter(user=user, role=Role.OWNER, accepted_at__isnull=False)
    return owned.exists()


def found_merchant(*, founder: User, said: Founding) -> Merchant:
    """The shop, owned by its founder, with its first step of the set-up done. Raises SlugTaken."""
    try:
        with transaction.atomic():
            merchant = Merchant.objects.create(
                **_values(said), slug=said.slug, languages=list(said.languages),
                default_language=said.default_language, setup_steps={"shop": "done"},
                setup_ended_at=None,
            )  # fmt: skip
            Membership.objects.create(merchant=merchant, user=founder, role=Role.OWNER)
    except IntegrityError as error:
        raise SlugTaken(said.slug) from error
    with merchant_scope(merchant.pk):
        Brand.objects.create(merchant=merchant)
        record(merchant=merchant, user=founder, action="merchant.founded", subject=merchant.name)
    return merchant


def change_merchant(*, merchant: Merchant, by: User, said: Founding) -> None:
    """The same facts, said again. The address stays: links to parcels are made of it. So do the
    languages, which `merchants.languages` changes.

    Name and contacts belong to the look too: a draft of it must not bring the old ones back.
    """
    values = _values(said)
    look: dict[str, Any] = {name: values.pop(name) for name in OF_SHOP if name in values}
    Merchant.objects.filter(pk=merchant.pk).update(**values)
    publish_at_once(merchant=merchant, by=by, values=look)
    merchant.refresh_from_db()


def note_step(*, merchant: Merchant, step: str, outcome: Outcome) -> None:
    """Remember what became of a step; what is done is never un-done by skipping it."""
    with transaction.atomic():
        held = Merchant.objects.select_for_update().only("setup_steps").get(pk=merchant.pk)
        if held.setup_steps.get(step) == "done" and outcome == "skipped":
            return
        steps = held.setup_steps | {step: outcome}
        Merchant.objects.filter(pk=merchant.pk).update(setup_steps=steps)
    merchant.setup_steps = steps


def end_setup(*, merchant: Merchant, now: datetime) -> None:
    """Nobody is asked to finish the set-up any more."""
    Merchant.objects.filter(pk=merchant.pk, setup_ended_at__isnull=True).update(setup_ended_at=now)
    merchant.setup_ended_at = merchant.setup_ended_at or now


def answer_confirmations(*, merchant: Merchant, sends_own: bool) -> None:
    """Whether the shop writes "placed" and "confirmed" itself."""
    Merchant.objects.filter(pk=merchant.pk).update(sends_own_confirmations=sends_own)
    merchant.sends_own_confirmations = sends_own


def _values(said: Founding) -> dict[str, object]:
    return {
        "name": said.name,
        "country": said.country,
        "zone": said.zone,
        "currency": said.currency,
        "support_email": said.support_email,
        "support_phone": said.support_phone,
        "shows_hijri": said.shows_hijri,
    }
