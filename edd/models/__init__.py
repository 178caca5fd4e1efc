"""What is kept about dates: rules, what was learned, and how dates were kept."""

from edd.models.calendars import MerchantDayRule, OperatorDayRule
from edd.models.disruptions import MerchantDisruption, OperatorDisruption
from edd.models.learned import Clock, Learned, OwnEffects, OwnNode, PooledNode
from edd.models.ledger import Calibration, DateScore, Guarded
from edd.models.quotes import QuoteCount
from edd.models.rules import DateRules, HandlingRule, LaneDays

__all__ = [
    "Calibration",
    "Clock",
    "DateRules",
    "DateScore",
    "Guarded",
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
