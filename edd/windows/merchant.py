"""The shop's own promise, as long as it can be kept. Pure."""

from __future__ import annotations

from edd.vocabulary import Estimate, Parcel, Rules
from edd.windows.carrier import carriers_own
from edd.windows.configuration import configured, soonest
from edd.windows.days import Days


def promised_by_shop(parcel: Parcel, rules: Rules, days: Days) -> Estimate | None:
    """What the shopper was told at the checkout; None once that has become impossible.

    It has where the parcel cannot come by then any more, where the carrier names a later day,
    and where the carrier reports a delay that reaches beyond it.
    """
    promise = parcel.promise
    if promise is None or (promise.first is not None and promise.first > promise.last):
        return None
    possible = soonest(parcel, rules, days)
    carrier = carriers_own(parcel, rules, days)
    if carrier is not None:
        possible = max(possible, carrier.first)
    elif parcel.sub_status.startswith("delay."):
        possible = max(possible, configured(parcel, rules, days).last)
    if promise.last < possible:
        return None
    first = max(promise.first or possible, days.today)
    return days.estimate(min(first, promise.last), promise.last, "merchant", ("promised:",))
