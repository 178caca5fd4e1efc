"""Our own apps at the platforms, as the operator registered them."""

from __future__ import annotations

from django.conf import settings

from stores.base import Way
from stores.registry import get
from stores.shop import App


def app_of(platform: str) -> App:
    """Our app there; an empty one where the operator has none."""
    return App(*settings.STORE_APPS.get(platform, ()))


def ways_of(platform: str) -> tuple[Way, ...]:
    """The ways that are open here: consent and installation need an app of ours."""
    return tuple(
        way for way in get(platform).ways if way not in {"oauth", "install"} or app_of(platform)
    )
