"""Whose parcel this is, as far as can be told when it comes in.

One ranking for everybody who asks (`ranked`): a form, the API, the ingest. Where it leaves
several carriers, the parcel keeps them, and `tracking.undecided` lets their answers decide.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from carriers import registry
from carriers.carrier_names import FAMILIES
from carriers.detect import Candidate, detect, shape
from carriers.models import CarrierAccount
from tracking.models import Shipment

UNKNOWN_CARRIER: Final = "unknown"
#: At most so many carriers are asked whose parcel it is.
MOST_ASKED: Final = 3
#: Candidates this much less likely than the best one are not asked.
_CLOSE: Final = 0.35
#: Below this nothing is known that would keep the merchant's other carriers from being asked.
_TELLING: Final = 0.5
#: From so many parcels the history of a merchant is read.
_RECENT: Final = 500


@dataclass(frozen=True, slots=True)
class Chosen:
    """Whose parcel it is taken for. `candidates`: who is asked, best first; empty when settled."""

    carrier: str
    candidates: tuple[str, ...] = ()


def ranked(
    number: str,
    *,
    country: str = "",
    origin: str = "",
    named: str = "",
    accounts: Sequence[str] | None = None,
    chooser: Chooser | None = None,
) -> list[Candidate]:
    """Whose number this may be, by everything this merchant's rows say; in its scope.

    `accounts`: the carriers it has accounts with, where the caller knows them already.
    `chooser`: what was read of its rows, where many numbers are asked about.
    """
    chooser = chooser or Chooser(accounts)
    own = chooser.own
    alone = detect(number, country=country, origin=origin, own=own, named=named)
    if len(alone) < 2:
        return alone
    history = chooser.shares(number)
    return detect(number, country=country, origin=origin, own=own, named=named, history=history)


def connected() -> list[str]:
    """The carriers this merchant has active accounts with."""
    rows = CarrierAccount.objects.filter(is_active=True).order_by("carrier")
    return list(rows.values_list("carrier", flat=True).distinct())


class Chooser:
    """What a merchant's rows say about whose parcels it sends, read once; in its scope."""

    def __init__(self, accounts: Sequence[str] | None = None) -> None:
        self.own = connected() if accounts is None else accounts

    @cached_property
    def _recent(self) -> list[tuple[str, str]]:
        """Shape and carrier of the newest few hundred parcels that their carrier knew."""
        known = Shipment.objects.filter(last_event_at__isnull=False, watch__candidates=[])
        recent = known.order_by("-pk").values_list("number_key", "carrier")[:_RECENT]
        return [(shape(key), carrier) for key, carrier in recent]

    def shares(self, number: str) -> dict[str, float]:
        """Carrier → share of the merchant's recent parcels with a number of the same shape."""
        wanted = shape(number)
        counts = Counter(carrier for form, carrier in self._recent if form == wanted)
        total = counts.total()
        return {carrier: count / total for carrier, count in counts.items()}

    def choose(self, *, number: str, carrier: str, country: str, origin: str, named: str) -> Chosen:
        """The parcel's carrier: the one that was told, or the likeliest.

        A told carrier without an account may be asked about through its family: the unified
        API answers for DHL Express.
        """
        if carrier and carrier not in FAMILIES:
            return Chosen(carrier)
        if carrier:
            family = [one for one in (carrier, *FAMILIES[carrier]) if one in registry.CARRIERS]
            is_settled = carrier in self.own or len(family) < 2
            return Chosen(carrier, () if is_settled else tuple(family))
        found = ranked(number, country=country, origin=origin, named=named, chooser=self)
        return _likeliest(found, self.own)


def _likeliest(found: Sequence[Candidate], own: Sequence[str]) -> Chosen:
    known = [one for one in found if _carries(one.slug)]
    close = [one.slug for one in known if one.confidence > known[0].confidence - _CLOSE]
    close = sorted(_askable(close, own), key=lambda slug: slug not in own)[:MOST_ASKED]
    if not known and (not found or found[0].confidence < _TELLING):
        # No form of ours fits: whoever the merchant ships with may still know the number.
        close = [one for one in own if _carries(one)][:MOST_ASKED]
    likeliest = found[0].slug if found else UNKNOWN_CARRIER
    best = close[0] if known else likeliest
    is_open = len(close) > 1 or (bool(close) and close[0] != best)
    return Chosen(best, tuple(close) if is_open else ())


def _askable(close: Sequence[str], own: Sequence[str]) -> list[str]:
    """Those that the merchant can ask, directly or through a hub; all where it can ask none."""
    if any(slug in registry.CARRIERS and registry.get(slug).is_hub for slug in own):
        return list(close)
    return [slug for slug in close if slug in own] or list(close)


def _carries(slug: str) -> bool:
    """Whether it is a carrier that can be asked: no hub, and no fleet that only pushes."""
    adapter = registry.CARRIERS.get(slug)
    return adapter is not None and adapter.is_asked and not adapter.is_hub


def entries(slugs: Sequence[str]) -> list[dict[str, Any]]:
    """Candidates as `Watch.candidates` keeps them, before anybody was asked."""
    return [{"slug": slug, "said": "", "why": ""} for slug in slugs]
