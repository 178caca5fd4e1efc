"""People come in: an account is made, its address proved, its password changed."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from merchants.models import User


def register(*, email: str, name: str, password: str, language: str) -> User | None:
    """An account that cannot sign in yet; None where the address is somebody's already.

    Whoever signs up again before the address was proved starts anew: the earlier password
    and the links sent before are worth nothing from then on.
    """
    address = email.strip().lower()
    try:
        with transaction.atomic():
            return User.objects.create_user(
                email=address, password=password, name=name, language=language, verified_at=None
            )
    except IntegrityError:
        pass
    with transaction.atomic():
        user = User.objects.select_for_update().filter(email=address).first()
        if user is None or user.verified_at is not None or not user.is_active:
            return None
        user.set_password(password)
        user.name, user.language = name or user.name, language
        user.save(update_fields=["password", "name", "language"])
    return user


def confirm(user: User, *, now: datetime) -> None:
    """The address is proved to be this person's."""
    User.objects.filter(pk=user.pk, verified_at__isnull=True).update(verified_at=now)
    user.refresh_from_db(fields=["verified_at"])


def choose_password(user: User, password: str, *, now: datetime) -> None:
    """A new password by a link from the mailbox, which proves the address as well.

    Every other session of this person ends: Django ties sessions to the password.
    """
    user.set_password(password)
    user.save(update_fields=["password"])
    confirm(user, now=now)
