"""Links that prove who reads a mailbox: signed, expiring, good for one use.

Nothing is stored. The proof covers what the use of the link changes (the password, when the
address was verified), so a link that was used, or overtaken, proves nothing any more. An
invitation is proved by the membership alone, and ends with acceptance.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from django.utils.crypto import salted_hmac
from django.utils.http import base36_to_int, int_to_base36

from lib.signing import same
from merchants.models import Membership, User


class Purpose(StrEnum):
    """What the holder of a link may do; a link for one is no link for another."""

    CONFIRM = "confirm"
    RESET = "reset"


LASTS: Final[dict[Purpose, timedelta]] = {
    Purpose.CONFIRM: timedelta(days=3),
    Purpose.RESET: timedelta(hours=2),
}
INVITATION_LASTS: Final = timedelta(days=7)


def make_token(user: User, purpose: Purpose, *, now: datetime) -> str:
    """A URL-safe token for this person and purpose, from now on."""
    stamp = int(now.timestamp())
    return f"{int_to_base36(stamp)}-{_account_proof(user, purpose, stamp)}"


def find_user(user_id: int, token: str, purpose: Purpose, *, now: datetime) -> User | None:
    """Whose link this is; None for a link that is made up, over, used, or overtaken."""
    stamp, proof = _read(token)
    if not _is_fresh(stamp, LASTS[purpose], now=now):
        return None
    user = User.objects.filter(pk=user_id, is_active=True).first()
    return user if user and same(proof, _account_proof(user, purpose, stamp)) else None


def make_invitation(member: Membership, *, now: datetime) -> str:
    """A URL-safe token that lets this pending member in."""
    stamp = int(now.timestamp())
    return f"{int_to_base36(stamp)}-{_invitation_proof(member, stamp)}"


def find_invitation(member_id: int, token: str, *, now: datetime) -> Membership | None:
    """Whose invitation this is; None where it is made up, over, accepted, or taken back."""
    stamp, proof = _read(token)
    if not _is_fresh(stamp, INVITATION_LASTS, now=now):
        return None
    member = (
        Membership.objects.select_related("user", "merchant")
        .filter(pk=member_id, accepted_at__isnull=True, user__is_active=True)
        .first()
    )
    return member if member and same(proof, _invitation_proof(member, stamp)) else None


def _read(token: str) -> tuple[int, str]:
    """When a token was made, and its proof; made before all time where it is none."""
    stamp, _, proof = token.partition("-")
    try:
        return base36_to_int(stamp), proof
    except ValueError:
        return 0, proof


def _is_fresh(stamp: int, lasts: timedelta, *, now: datetime) -> bool:
    return 0 <= now.timestamp() - stamp <= lasts.total_seconds()


def _account_proof(user: User, purpose: Purpose, stamp: int) -> str:
    verified = user.verified_at.isoformat() if user.verified_at else ""
    login = user.last_login.isoformat() if user.last_login else ""
    return _proof(purpose, str(user.pk), user.email, user.password, verified, login, str(stamp))


def _invitation_proof(member: Membership, stamp: int) -> str:
    user = member.user
    return _proof("join", str(member.pk), str(user.pk), user.email, str(stamp))


def _proof(purpose: str, *facts: str) -> str:
    return salted_hmac(
        f"merchants.account_links.{purpose}", "\n".join(facts), algorithm="sha256"
    ).hexdigest()[:48]
