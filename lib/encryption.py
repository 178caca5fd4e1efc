"""Secrets at rest: Fernet with key rotation (ENCRYPTION_KEYS, newest first)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class CannotDecrypt(ValueError):
    """The stored secret was encrypted with a key that is no longer configured."""


@lru_cache(maxsize=1)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def seal(values: Mapping[str, str]) -> str:
    """Encrypt named secrets for one database column."""
    text = json.dumps(dict(values), sort_keys=True, ensure_ascii=False)
    return _box(tuple(settings.ENCRYPTION_KEYS)).encrypt(text.encode()).decode()


def unseal(sealed: str) -> dict[str, str]:
    """Decrypt what `seal` made; an empty column is no secrets. Raises CannotDecrypt."""
    if not sealed:
        return {}
    try:
        text = _box(tuple(settings.ENCRYPTION_KEYS)).decrypt(sealed.encode())
    except InvalidToken as error:
        raise CannotDecrypt("no configured key opens this secret") from error
    values: dict[str, str] = json.loads(text)
    return values
