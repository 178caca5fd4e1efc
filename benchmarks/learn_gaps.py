"""`python -m benchmarks.learn_gaps`: write `tracking/gap_priors.csv` anew.

Learned from one half of the parcels with every scan (`benchmarks.journeys.fedex`); the other
half is what `benchmarks.polling_policy` judges the file on.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable
from typing import Final

from benchmarks import journeys
from lib.vocabulary import Status
from tracking.gaps import Gap
from tracking.hazards import PRIORS, Hazard, factors, learn_priors, product

#: Stages that few or none of the journeys have: the shape of another, so much of its rate. Our
#: judgement: customs take days, a parcel at a pickup point waits for its shopper, who has days.
LIKE: Final = {
    Status.PENDING: (Status.INFO_RECEIVED, 0.5),
    Status.CUSTOMS: (Status.IN_TRANSIT, 0.5),
    Status.AVAILABLE_FOR_PICKUP: (Status.OUT_FOR_DELIVERY, 0.2),
    Status.ATTEMPT_FAILED: (Status.IN_TRANSIT, 1.0),
    Status.EXCEPTION: (Status.IN_TRANSIT, 0.5),
    Status.RETURNING: (Status.IN_TRANSIT, 0.25),
}
#: Which half teaches.
TEACHES: Final = 0


def priors(gaps: Iterable[Gap]) -> dict[str, Hazard]:
    """Tables of every stage that may be asked about; empty without gaps."""
    found = learn_priors(gaps)
    for stage, (model, share) in LIKE.items():
        if stage.value not in found and model.value in found:
            ages, hours, weekdays = factors(found[model.value])
            found[stage.value] = product([age * share for age in ages], hours, weekdays)
    return found


def main() -> int:
    samples = journeys.folder()
    if samples is None:
        print("set HOMEWARD_SAMPLES to the folder of recorded journeys", file=sys.stderr)
        return 2
    teaching = [one for one in journeys.fedex(samples) if journeys.part(one.name, 2) == TEACHES]
    found = priors(gap for journey in teaching for gap in journey.gaps)
    with PRIORS.open("w", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        for stage in sorted(found):
            for kind, numbers in zip(
                ("age", "hour", "weekday"), factors(found[stage]), strict=True
            ):
                rows.writerow([stage, kind, *(f"{number:.3g}" for number in numbers)])
    print(f"{len(found)} stages from {len(teaching)} parcels")
    return 0


if __name__ == "__main__":
    sys.exit(main())
