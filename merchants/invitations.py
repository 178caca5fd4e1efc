"""Somebody is invited to a shop, and accepts: until then the membership opens no door.

An invitation says nothing of who has an account. Its link is proved by the membership alone, so
neither a sign-up with the same address nor a new password ends it: acceptance does, or removal.
"""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from merchants.accounts import choose_password
from merchants.models import Membership, Merchant, Role, User


def invite(
    *, merchant: Merchant, email: str, name: str, role: Role, language: str
) -> tuple[Membership, bool]:
    """The membership of whoever reads this mailbox, and whether it is new; pending when it is."""
    with transaction.atomic():
        # No password and no name: only the holder of the link gives the account either.
        user, _is_new = User.objects.get_or_create(
            email=email.strip().lower(),
            defaults={"language": language, "verified_at": None, "password": make_password(None)},
        )
        return Membership.objects.get_or_create(
            merchant=merchant,
            user=user,
            defaults={"role": role, "invited_name": name, "accepted_at": None},
        )


def accept(member: Membership, *, password: str = "", now: datetime) -> bool:
    """The invited person comes in; False where that happened already, or the invitation is gone.

    `password` is for whose address was not proved yet: the link proves it, and whatever
    somebody else chose for this address before is worth nothing from then on.
    """
    with transaction.atomic():
        pending = Membership.objects.filter(pk=member.pk, accepted_at__isnull=True)
        if not pending.update(accepted_at=now):
            return False
        if member.user.verified_at is None:
            member.user.name = member.invited_name or member.user.name
            member.user.save(update_fields=["name"])
            choose_password(member.user, password, now=now)
    return True
