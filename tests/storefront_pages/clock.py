"""The tests' instant, wherever a page asks for now."""

from __future__ import annotations

from datetime import datetime

import pytest

from storefront_pages import asking, code_page, views
from tests.factories import NOW


class Clock(datetime):
    """Always the same moment."""

    @classmethod
    def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
        return NOW


def stop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be NOW on the page, in its forms, and where a code is entered."""
    for module in (views, asking, code_page):
        monkeypatch.setattr(module, "datetime", Clock)
