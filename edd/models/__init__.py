"""What is kept about dates: a merchant's rules, what was learned, how dates were kept."""

from edd.models.ledger import Calibration, DateScore, Guarded
from edd.models.rules import DateRules, HandlingRule, LaneDays

__all__ = ["Calibration", "DateRules", "DateScore", "Guarded", "HandlingRule", "LaneDays"]
