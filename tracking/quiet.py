"""Orders whose people are not written to: other apps register why, whoever writes asks.

A marketplace forbids messages to its buyers; the order's page works all the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

Rule = Callable[[str], str]
"""Why nobody is written to about an order of this source (`Order.source`), in words to be
translated; "" where they may be."""

_RULES: Final[dict[str, Rule]] = {}


def register(name: str, rule: Rule) -> None:
    """Called from an app's AppConfig.ready; a second registration replaces the first."""
    _RULES[name] = rule


def why_quiet(source: str) -> str:
    """The first reason that a rule gives; in the merchant's scope."""
    return next(filter(None, (rule(source) for rule in _RULES.values())), "")
