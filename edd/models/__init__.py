"""What is kept about dates: rules of merchants and operators, and what was learned."""

from edd.models.calendars import MerchantDayRule, OperatorDayRule
from edd.models.disruptions import MerchantDisruption, OperatorDisruption
from edd.models.learned import Clock, Learned, OwnEffects, OwnNode, PooledNode
from edd.models.quotes import QuoteCount
from edd.models.rules import DateRules, HandlingRule, LaneDays

__all__ = [
    "Clock",
    "DateRules",
    "HandlingRule",
    "LaneDays",
    "Learned",
    "MerchantDayRule",
    "MerchantDisruption",
    "OperatorDayRule",
    "OperatorDisruption",
    "OwnEffects",
    "OwnNode",
    "PooledNode",
    "QuoteCount",
]
