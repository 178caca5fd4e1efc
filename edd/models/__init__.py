"""What is kept about dates: a merchant's rules, and what was learned."""

from edd.models.quotes import QuoteCount
from edd.models.rules import DateRules, HandlingRule, LaneDays

__all__ = ["DateRules", "HandlingRule", "LaneDays", "QuoteCount"]
