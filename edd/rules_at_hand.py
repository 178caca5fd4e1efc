"""Merchants' rules, kept in the process for whoever cannot wait for the database."""

from __future__ import annotations

from typing import Final

from edd.estimate import Rules
from edd.rules import load_rules
from lib.at_hand import AtHand
from merchants.scope import merchant_scope


def _read(merchant_id: int) -> Rules:
    with merchant_scope(merchant_id):
        return load_rules(merchant_id)


RULES: Final[AtHand[int, Rules]] = AtHand(_read)
