"""How soon we know of a change, against flat schedules with the same number of calls.

Real journeys are replayed through `tracking.schedule`; at each moment it sees only what its
own calls have revealed. Flat schedules ask every two or four hours from the label to the
delivery, each parcel at a phase of its own. Ours is brought to their number of calls with
`pressure`, its one knob, and nothing else is fitted to the parcels that it is judged on:

- FedEx, priors: the file that we ship, learned from one half of the parcels, judged on the other.
- FedEx, history: each tenth of the parcels by tables learned from the other nine, without the
  file, which knows half of them.
- Olist: orders of a year by tables learned from what had arrived before it began.
- sandbox: journeys of our own making, each tenth by the other nine; no target, for their hours
  are drawn by chance.

A change is what `tracking` writes one for: a sub-status entered. All scans are in the notes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from benchmarks import journeys, learn_gaps
from benchmarks.journeys import Journey
from benchmarks.measuring import Line, percentile, say
from benchmarks.replaying import (
    Replayed,
    adaptive,
    fitting_pressure,
    flat,
    history,
    merged,
    replay,
)
from benchmarks.sizes import Size
from lib.vocabulary import Status
from tracking.gap_tables import GapTables
from tracking.gaps import gaps_of
from tracking.hazards import shipped_priors
from tracking.schedule import LONGEST

FLAT_HOURS: Final = (2, 4)
#: At most this share of the flat schedule's median delay.
TARGET: Final = 0.5
FOLDS: Final = 10
SANDBOX: Final = "sandbox"
OLIST_JUDGED_FROM: Final = datetime(2018, 1, 1, tzinfo=UTC)

#: Parcels to judge, and the tables that judge them.
Part = tuple[Sequence[Journey], GapTables]


def run(size: Size) -> list[Line]:
    lines: list[Line] = []
    for name, parts in _parts(size):
        for hours in FLAT_HOURS:
            lines.append(_compare(name, parts, hours))
            say(f"{name}, flat {hours} h: {lines[-1].note}")
    return lines


def _parts(size: Size) -> list[tuple[str, list[Part]]]:
    found: list[tuple[str, list[Part]]] = []
    samples = journeys.folder()
    shipped = GapTables(shipped_priors(), {})
    if samples is None:
        say("no journeys: HOMEWARD_SAMPLES names no folder; only the sandbox's are replayed")
    else:
        scanned = journeys.fedex(samples)[: size.policy_parcels]
        unseen = [one for one in scanned if journeys.part(one.name, 2) != learn_gaps.TEACHES]
        if unseen:
            found.append(("FedEx, priors", [(unseen, shipped)]))
            found.append(("FedEx, history", _folds(scanned)))
        if olist := _olist(samples, size.policy_parcels):
            found.append(("Olist", [olist]))
    found.append((SANDBOX, _folds(journeys.played(max(size.policy_parcels // 40, 2)))))
    return found


def _folds(parcels: Sequence[Journey]) -> list[Part]:
    parts: list[Part] = []
    for fold in range(FOLDS):
        judged = [one for one in parcels if journeys.part(one.name, FOLDS) == fold]
        if judged:
            gaps = [
                (one.lane, gap)
                for one in parcels
                if journeys.part(one.name, FOLDS) != fold
                for gap in one.gaps
            ]
            priors = learn_gaps.priors(gap for _, gap in gaps)
            parts.append((judged, GapTables(priors, history(judged[0].carrier, gaps))))
    return parts


def _olist(samples: Any, parcels: int) -> Part | None:
    """Orders of 2018; tables from ten times as many that were placed before, as known then."""
    before: list[Journey] = []
    after: list[Journey] = []
    for one in journeys.olist(samples):
        if one.scans[0].at < OLIST_JUDGED_FROM:
            before.append(one)
        elif journeys.part(one.name, 2) == 0:
            after.append(one)
    if not before or not after:
        return None
    gaps = [
        (one.lane, gap)
        for one in before[:: max(len(before) // (10 * parcels), 1)]
        for gap in gaps_of(one.scans, since=None, until=OLIST_JUDGED_FROM)
    ]
    judged = after[:: max(len(after) // parcels, 1)][:parcels]
    return judged, GapTables(shipped_priors(), history("olist", gaps))


def _compare(name: str, parts: Sequence[Part], hours: int) -> Line:
    rival = merged([replay(parcels, flat(hours)) for parcels, _ in parts])
    pressure, ours = fitting_pressure(_player(parts), rival.per_parcel)
    figure, limit = (60 * percentile(one.changes, 0.5) for one in (ours, rival))
    ratio = figure / limit
    target, met = (f"≤ {TARGET:g}", ratio <= TARGET) if name != SANDBOX else ("", None)
    return Line(
        f"polling_policy: {name}, as flat {hours} h", figure, "min", limit,
        target, met, _note(ours, rival, pressure),
        {"pressure": pressure, "ours": _figures(ours), "flat": _figures(rival)},
    )  # fmt: skip


def _player(parts: Sequence[Part]) -> Callable[[float], Replayed]:
    def play(pressure: float) -> Replayed:
        return merged(
            [replay(parcels, adaptive(tables, pressure=pressure)) for parcels, tables in parts]
        )

    return play


def _figures(played: Replayed) -> dict[str, Any]:
    return {
        "parcels": played.parcels,
        "changes": len(played.changes),
        "scans": len(played.scans),
        "calls_per_parcel": played.per_parcel,
        "changes_p50_hours": percentile(played.changes, 0.5),
        "changes_p90_hours": percentile(played.changes, 0.9),
        "scans_p50_hours": percentile(played.scans, 0.5),
        "scans_p90_hours": percentile(played.scans, 0.9),
        "out_longest_hours": max(played.out, default=None),
    }


def _note(ours: Replayed, rival: Replayed, pressure: float) -> str:
    """Both schedules' figures, ours first."""
    p90, scans, scans90 = (
        f"{percentile(a, share):.2f} against {percentile(b, share):.2f} h"
        for a, b, share in (
            (ours.changes, rival.changes, 0.9),
            (ours.scans, rival.scans, 0.5),
            (ours.scans, rival.scans, 0.9),
        )
    )
    lines = [
        f"{ours.parcels} parcels, {len(ours.changes)} changes, calls a parcel"
        f" {ours.per_parcel:.1f} against {rival.per_parcel:.1f} (pressure {pressure:.2f})",
        f"p90 {p90}; all {len(ours.scans)} scans: median {scans}"
        f" ({percentile(ours.scans, 0.5) / percentile(rival.scans, 0.5):.2f}), p90 {scans90}",
    ]
    if ours.out:
        most = LONGEST[Status.OUT_FOR_DELIVERY].total_seconds() / 60
        lines.append(
            f"known to be out for delivery: at most {60 * max(ours.out):.0f} min"
            f" (target {most:.0f}) against {60 * max(rival.out):.0f}"
        )
    return "\n".join(lines)
