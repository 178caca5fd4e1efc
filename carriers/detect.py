"""Which carrier a tracking number may belong to, best first. Pure.

Numbers are ambiguous (12 digits fit FedEx, Purolator, Aramex, SMSA, GLS …), so this ranks. A
format says how much it tells by itself (`number_formats.telling`) and by its check digit; what
else is known of the parcel then multiplies the odds, each kind of evidence by its own factor
below. Whoever must be sure asks the candidates (`tracking.undecided`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from babel import Locale

from carriers.carrier_names import FAMILIES, slug_of
from carriers.check_digits import BY_CHANCE
from carriers.homes import HOMES, POSTS
from carriers.number_formats import FORMATS, NumberFormat

MOST: Final = 5
#: The store named it; the merchant has an account; it delivers where the parcel goes; it collects
#: where the parcel starts; it neither delivers nor collects there.
_NAMED: Final = 25.0
_OWN: Final = 6.0
_HOME: Final = 5.0
_ORIGIN: Final = 1.5
_ABROAD: Final = 0.2
#: A whole history of such parcels with one carrier; a tenth of it counts a tenth as much.
_HISTORY: Final = 20.0
#: What the last mile's partner is to the carrier whose barcode it is.
_PARTNER: Final = 0.3

_DHL: Final = frozenset({"dhl_express", "dhl_ecommerce", "dhl_parcel_de", "dhl_poland"})
_NOT_COUNTRIES: Final = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """One possible carrier: `confidence` from 0 to 1, `why` in plain words."""

    slug: str
    confidence: float
    why: str


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a parcel beside its number."""

    country: str
    origin: str
    own: Collection[str]
    named: frozenset[str]
    history: Mapping[str, float]


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


def shape(number: str) -> str:
    """The number with every digit a 9: parcels of one carrier often share it.

    Letters stay where they lead ("1Z…", "JD…"), and become A behind the first four characters.
    """
    plain = normalise(number)
    return "".join(
        "9" if letter.isdigit() else letter if place < 4 else "A"
        for place, letter in enumerate(plain)
    )


def detect(
    number: str,
    *,
    country: str = "",
    origin: str = "",
    own: Collection[str] = (),
    named: str = "",
    history: Mapping[str, float] | None = None,
) -> list[Candidate]:
    """At most five carriers that the number may belong to, best first; empty when none fits.

    `country` and `origin`: ISO alpha-2, where it goes and comes from. `own`: slugs the merchant
    has accounts with. `named`: the carrier's or service's name as the store wrote it, or a slug.
    `history`: slug → share (0 to 1) of this merchant's parcels of this shape. All of these move
    carriers up and down; they add none whose numbers look otherwise.
    """
    known = _Known(country.upper(), origin.upper(), own, _named(named), history or {})
    best: dict[str, Candidate] = {}
    for candidate in _fitting(normalise(number)):
        moved = _moved(candidate, known)
        held = best.get(moved.slug)
        if held is None or moved.confidence > held.confidence:
            best[moved.slug] = moved
    return sorted(best.values(), key=lambda c: (-c.confidence, c.slug))[:MOST]


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
            country = plain[-2:]
            slug, why = POSTS.get(country, f"post_{country.lower()}"), f"{why} ({country})"
        if fmt.check is not None:
            # Half of the doubt goes where one number in ten fits by chance, less for one in seven.
            sure += (1 - sure) * min(5 / BY_CHANCE.get(fmt.check, 10), 0.8)
            why += " and the check digit fits"
        if fmt.is_length_only:
            why += "; only the length speaks for it"
        yield Candidate(slug, sure, why)
        if slug in _DHL:
            yield Candidate("dhl_universal", sure - 0.01, f"{why}; one of DHL's")
        for partner in fmt.partners:
            words = f"{why}; it hands parcels over under such a barcode"
            yield Candidate(partner, sure * _PARTNER, words)


def _named(name: str) -> frozenset[str]:
    """The slugs that a store's word stands for: a carrier, and whoever else may answer for it."""
    slug = slug_of(name)
    return frozenset({slug, *FAMILIES.get(slug, ())} if slug else ())


def _moved(candidate: Candidate, known: _Known) -> Candidate:
    slug, why = candidate.slug, candidate.why
    odds = candidate.confidence / (1 - candidate.confidence)
    country, origin, homes = known.country, known.origin, HOMES.get(slug)
    if homes and country in homes:
        odds, why = odds * _HOME, f"{why}; at home in {country}"
    elif homes and country and origin not in homes:
        odds, why = odds * _ABROAD, f"{why}; not at home in {country}"
    if homes and origin in homes:
        odds *= _ORIGIN
    if slug in known.own:
        odds, why = odds * _OWN, f"{why}; one of the merchant's carriers"
    if slug in known.named:
        odds, why = odds * _NAMED, f"{why}; named for this parcel"
    share = known.history.get(slug, 0.0)
    if share:
        odds, why = odds * (1 + _HISTORY * share), f"{why}; {share:.0%} of such parcels were its"
    return Candidate(slug, round(min(odds / (1 + odds), 0.99), 3), why)


def _is_country(code: str) -> bool:
    return code in Locale("en").territories and code not in _NOT_COUNTRIES
