"""How a rule is named in addresses: a trigger's slug for the default, "own-12" for one's own."""

from __future__ import annotations

from django.http import Http404

from notifications.rules import Ruling

_OWN = "own-"


def key_of(rule: Ruling) -> str:
    """The rule's part of an address."""
    pk = rule.slug.partition("rule:")[2]
    return f"{_OWN}{pk}" if pk else rule.slug


def rule_at(key: str, rules: list[Ruling]) -> Ruling:
    """The rule of this address; Http404 where there is none."""
    for rule in rules:
        if key_of(rule) == key:
            return rule
    raise Http404
