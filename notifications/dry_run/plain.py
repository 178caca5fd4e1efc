"""A rule as plain values, to be kept with a try, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from notifications.rules import Ruling
from notifications.triggers import TRIGGERS


def plain(rule: Ruling) -> dict[str, Any]:
    """JSON; the trigger by its slug."""
    values = {one.name: getattr(rule, one.name) for one in fields(rule)}
    values["trigger"] = str(rule.trigger.slug)
    values["ways"] = [list(chain) for chain in rule.ways]
    values["roles"] = list(rule.roles)
    values["conditions"] = dict(rule.conditions)
    return values


def from_plain(values: Mapping[str, Any]) -> Ruling:
    """What `plain` was made of."""
    return Ruling(**{**values, "trigger": TRIGGERS[values["trigger"]]})


def with_rule(rules: list[Ruling], tried: Ruling) -> list[Ruling]:
    """These rules with the tried one in its place, or beside them."""
    if any(one.slug == tried.slug for one in rules):
        return [tried if one.slug == tried.slug else one for one in rules]
    return [*rules, tried]
