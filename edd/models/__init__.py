"""What is kept about dates: a merchant's rules, and what was learned."""

from edd.models.disruptions import MerchantDisruption, OperatorDisruption
from edd.models.rules import DateRules, HandlingRule, LaneDays

__all__ = ["DateRules", "HandlingRule", "LaneDays", "MerchantDisruption", "OperatorDisruption"]
