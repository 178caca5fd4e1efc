"""Links that prove who reads a mailbox: signed, expiring, good for one use.

Nothing is stored. The proof covers what the use of the link changes (the password, when the
address was verified), so a link that was used, or overtaken, proves nothing any more.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from django.utils.crypto import salted_hmac
from django.utils.http import base36_to_int, int_to_base36

from lib.signing import same
from merchants.models import User


class Purpose(StrEnum):
    """What the holder of a link may do; a link for one is no link for another."""

    CONFIRM = "confirm"
    RESET = "reset"
    JOIN = "join"


LASTS: Final[dict[Purpose, timedelta]] = {
    Purpose.CONFIRM: timedelta(days=3),
    Purpose.RESET: timedelta(hours=2),
    Purpose.JOIN: timedelta(days=7),
}


def make_token(user: User, purpose: Purpose, *, now: datetime) -> str:
    """A URL-safe token for this person and purpose, from now on."""
    stamp = int(now.timestamp())
    return f"{int_to_base36(stamp)}-{_proof(user, purpose, stamp)}"


def find_user(user_id: int, token: str, purpose: Purpose, *, now: datetime) -> User | None:
    """Whose link this is; None for a link that is made up, over, used, or overtaken."""
    stamp_text, _, proof = token.partition("-")
    try:
        stamp = base36_to_int(stamp_text)
    except ValueError:
        return None
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None or not same(proof, _proof(user, purpose, stamp)):
        return None
    age = now.timestamp() - stamp
    return user if 0 <= age <= LASTS[purpose].total_seconds() else None


def _proof(user: User, purpose: Purpose, stamp: int) -> str:
    verified = user.verified_at.isoformat() if user.verified_at else ""
    login = user.last_login.isoformat() if user.last_login else ""
    facts = (str(user.pk), user.email, user.password, verified, login, str(stamp))
    return salted_hmac(
        f"merchants.account_links.{purpose}", "\n".join(facts), algorithm="sha256"
    ).hexdigest()[:48]
