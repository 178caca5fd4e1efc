"""Which carrier a tracking number may belong to, best first.

Numbers are ambiguous (12 digits fit FedEx, Aramex, SMSA and Purolator): this ranks, and
whoever knows the carrier's name from the store passes it as `preferred`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from babel import Locale

from carriers.number_formats import FORMATS, NumberFormat, mod7

#: Carriers whose home decides between numbers that look alike.
_HOMES: Final = {
    "aramex": frozenset({"AE", "SA", "KW", "QA", "BH", "OM", "JO", "LB", "EG", "IQ"}),
    "smsa": frozenset({"SA"}),
    "purolator": frozenset({"CA"}),
    "canadapost": frozenset({"CA"}),
    "canpar": frozenset({"CA"}),
    "usps": frozenset({"US"}),
    "old_dominion": frozenset({"US"}),
    "yodel": frozenset({"GB"}),
}

#: The post that an S10 number's country stands for; elsewhere it is `post_<country>`.
_POSTS: Final = {
    "US": "usps", "GB": "royalmail", "CA": "canadapost", "DE": "dhl_parcel_de", "FR": "laposte",
    "AU": "australiapost", "BE": "bpost", "AM": "hay_post", "SE": "postnord", "DK": "postnord",
    "SA": "spl", "AE": "emirates_post", "IN": "india_post", "NL": "postnl", "CH": "swiss_post",
}  # fmt: skip

_DHL: Final = frozenset({"dhl_express", "dhl_ecommerce", "dhl_parcel_de"})
_UNPROVEN: Final = frozenset({"aramex", "smsa"})
_NOT_COUNTRIES: Final = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """One possible carrier: `confidence` from 0 to 1, `why` in plain words."""

    slug: str
    confidence: float
    why: str


def normalise(number: str) -> str:
    """Capital letters and Western digits only: no blanks, dashes, dots or invisible marks.

    Arabic-Indic, Persian and full-width digits become Western ones.
    """
    letters = []
    for letter in unicodedata.normalize("NFKC", number).upper():
        digit = unicodedata.decimal(letter, None)
        if digit is not None:
            letters.append(str(digit))
        elif letter.isascii() and letter.isalnum():
            letters.append(letter)
        elif unicodedata.category(letter)[0] not in "ZPC":
            letters.append(letter)  # a letter of another script: keep it, so that nothing fits
    return "".join(letters)


def detect(number: str, *, country: str = "", preferred: Sequence[str] = ()) -> list[Candidate]:
    """At most five carriers that the number may belong to, best first; empty when none fits.

    `country` (ISO alpha-2, the destination or the merchant's own) and `preferred` (slugs
    the store named or the merchant connected) move carriers up; they add none.
    """
    plain = normalise(number)
    best: dict[str, Candidate] = {}
    for candidate in _fitting(plain):
        candidate = _moved(candidate, country.upper(), preferred)
        held = best.get(candidate.slug)
        if held is None or candidate.confidence > held.confidence:
            best[candidate.slug] = candidate
    ranked = sorted(best.values(), key=lambda c: (-c.confidence, c.slug))
    return ranked[:5]


def matches(fmt: NumberFormat, plain: str) -> bool:
    """Whether a normalised number has this format, check digit and country included."""
    match = fmt.pattern.fullmatch(plain)
    if match is None:
        return False
    parts = match.groupdict()
    if "cc" in parts and not _is_country(parts["cc"]):
        return False
    if fmt.check is None:
        return True
    serial = parts["s"]
    if fmt.prepend and not serial.startswith(fmt.prepend):
        serial = fmt.prepend + serial
    return fmt.check(serial, parts["c"])


def _fitting(plain: str) -> Iterable[Candidate]:
    for fmt in FORMATS:
        if not matches(fmt, plain):
            continue
        slug, why, sure = fmt.slug, fmt.says, fmt.telling
        if slug == "s10":
            slug, why = (
                _POSTS.get(plain[-2:], f"post_{plain[-2:].lower()}"),
                f"{why} ({plain[-2:]})",
            )
        if fmt.check is not None:
            # One number in ten fits a check digit by chance, one in seven DHL's.
            sure += (1 - sure) * (0.35 if fmt.check is mod7 else 0.5)
            why += " and the check digit fits"
        if slug in _UNPROVEN:
            why += "; only the length speaks for it"
        yield Candidate(slug, round(sure, 3), why)
        if slug in _DHL:
            yield Candidate("dhl_universal", round(sure - 0.01, 3), f"{why}; one of DHL's")


def _moved(candidate: Candidate, country: str, preferred: Sequence[str]) -> Candidate:
    confidence, why = candidate.confidence, candidate.why
    if country and country in _HOMES.get(candidate.slug, ()):
        confidence, why = confidence + (1 - confidence) / 2, f"{why}; at home in {country}"
    if candidate.slug in preferred:
        confidence, why = confidence + (1 - confidence) * 0.8, f"{why}; named for this parcel"
    return Candidate(candidate.slug, round(min(confidence, 0.99), 3), why)


def _is_country(code: str) -> bool:
    return code in Locale("en").territories and code not in _NOT_COUNTRIES
