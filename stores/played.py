"""Shops that this machine plays for the demonstration and the tests: spoken to without TLS."""

from __future__ import annotations

from django.conf import settings


def is_played(host: str) -> bool:
    """Whether `host` ("127.0.0.1:8000") is one of ours; in production none is."""
    return host in settings.PLAYED_SHOPS


def scheme_of(name: str) -> str:
    """How a shop is spoken to that is named by host and folder: by https, unless we play it."""
    return "http" if is_played(name.partition("/")[0]) else "https"
