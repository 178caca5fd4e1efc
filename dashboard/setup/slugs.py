"""A shop's part of its addresses: proposed from its name, free, and no word of ours."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from django.utils.text import slugify

from lib.signing import fingerprint
from merchants.models import Merchant

LONGEST: Final = 50
SHORTEST: Final = 3
_FORM: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

#: Words that are, or may become, addresses of ours, and names that would mislead a shopper.
RESERVED: Final = frozenset({
    "about", "account", "admin", "all", "api", "app", "assets", "billing", "blog", "cart",
    "checkout", "confirm", "connect", "contact", "dashboard", "demo", "desk", "docs", "domains",
    "help",
    "homeward", "hooks", "id", "invite", "join", "language", "legal", "login", "logout", "mail",
    "me", "media", "new", "news", "order", "orders", "p", "page", "pages", "password", "pricing",
    "privacy", "public", "security", "settings", "setup", "shop", "shops", "signin", "signup",
    "static", "status", "support", "system", "t", "team", "terms", "test", "track", "tracking",
    "user", "users", "webhook", "webhooks", "www",
})  # fmt: skip


def problem(slug: str) -> str:
    """What is wrong with it: "form", "short", "reserved", "taken"; "" where it can be had."""
    if len(slug) < SHORTEST:
        return "short"
    if len(slug) > LONGEST or not _FORM.fullmatch(slug):
        return "form"
    if slug in RESERVED:
        return "reserved"
    return "taken" if Merchant.objects.filter(slug=slug).exists() else ""


def propose(name: str) -> str:
    """A free one made of the name; a name without Latin letters gets a neutral one. "" for none."""
    if not name.strip():
        return ""
    plain = slugify(name)[: LONGEST - 4].strip("-")
    if len(plain) < SHORTEST:
        plain = f"shop-{fingerprint(name)[:5]}"
    return next(candidate for candidate in _variants(plain) if not problem(candidate))


def _variants(plain: str) -> Iterable[str]:
    yield plain
    number = 2
    while True:
        yield f"{plain}-{number}"
        number += 1
