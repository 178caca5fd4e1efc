"""What every carrier's adapter is, and the one error that carries a decision.

An adapter translates: `request` says what to ask, `parse` says what the answer means.
It never saves, sends, schedules or sleeps. The I/O, tokens, limits and time-outs are in
`carriers.fetch`. No Django.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree
from defusedxml import DefusedXmlException

from carriers.answers import AnswerOptions, Instruction, Verdict
from carriers.updates import TrackingUpdate

Proven = Literal["recorded", "documented", "unproven"]
"""How we know a reply's shape: real answers kept, the vendor's documents, or neither."""

Kind = Literal[
    "not_found", "credentials", "rate_limited", "unavailable", "unreadable", "bad_request"
]


class CarrierError(Exception):
    """A carrier could not be asked or did not answer with tracking.

    `permanent`: asking again unchanged cannot help (bad credentials, refused number).
    `retry_after`: seconds the carrier asked us to wait, where it said so.
    `kind` is for people and metrics; nothing decides by it but `not_found`, which is
    the normal answer for a new label.
    """

    def __init__(
        self,
        message: str,
        *,
        kind: Kind,
        permanent: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.kind: Kind = kind
        self.permanent = permanent
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Ask:
    """One parcel to ask about: its number and the extra fields this carrier `needs`.

    For a hub also `courier_code`, who carries it in the hub's own words ("" to let the hub
    find out), and `registration`, the hub's own id for it ("" where it has none).
    """

    number: str
    extra: Mapping[str, str] = field(default_factory=dict)
    courier_code: str = ""
    registration: str = ""


@dataclass(frozen=True, slots=True)
class HttpCall:
    """An HTTP request as plain values; `path` is joined to the account's base URL.

    `host` (such as "https://api.amazon.com") takes the place of the carrier's own address,
    for token servers that live elsewhere; an account's own address beats both.
    """

    method: Literal["GET", "POST", "PUT", "DELETE"]
    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    json: Any = None
    form: Mapping[str, str] | None = None
    body: bytes | None = None
    host: str = ""


@dataclass(frozen=True, slots=True)
class Registered:
    """One parcel that a carrier or hub follows from now on, and will push news about.

    `registration` is its id there. `problem` is one sentence when this parcel was refused.
    """

    number: str
    registration: str = ""
    courier_code: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class HubCourier:
    """A carrier that a hub serves: the hub's own code for it, and its name."""

    code: str
    name: str
    countries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Token:
    """An access token and how many seconds it may be used."""

    value: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Secret:
    """One thing a merchant types in to connect this carrier.

    `made_by_us`: nothing is typed; we make a signing secret, show it once, and the other
    side signs with it.
    """

    name: str
    label: str
    secret: bool = True
    optional: bool = False
    made_by_us: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """How fast one set of credentials may ask. None where the vendor names no limit.

    `per_parcel_per_day`: how often the vendor lets one parcel be fetched in a day.
    """

    per_second: float | None = None
    per_hour: int | None = None
    per_day: int | None = None
    per_parcel_per_day: int | None = None
    concurrent: int = 10


class Reader:
    """What can read a vendor's tracking answers. Alone, it is for answers that we are handed but
    may not ask for: a retired format, or the private address of a consumer app."""

    slug: ClassVar[str]
    name: ClassVar[str]
    documentation: ClassVar[str] = ""
    proven: ClassVar[Proven] = "unproven"

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """What an answer means, one update a parcel, events oldest first.

        Raises CarrierError(kind="unreadable") when the bytes are not this carrier's
        answer, and other kinds for answers that refuse the whole call.
        """
        raise NotImplementedError

    def read_push(self, body: bytes) -> list[TrackingUpdate]:
        """Read the carrier's own webhook; the same shape as an answer unless overridden."""
        return self.parse(body)


class Carrier(Reader):
    """Base of every adapter. One instance a carrier, stateless, shared by all merchants."""

    #: A hub follows parcels of many carriers (an aggregator); everybody else carries its own.
    is_hub: ClassVar[bool] = False
    name_ar: ClassVar[str] = ""
    countries: ClassVar[tuple[str, ...]] = ()
    website: ClassVar[str] = ""
    #: The IANA zone of naive times whose place settles none: a guess, and said to be one.
    home_zone: ClassVar[str] = ""
    push: ClassVar[bool] = False
    #: What a push is answered with (J&T wants its own words); always with 200.
    push_reply: ClassVar[bytes] = b""
    #: Parcels are registered before anything is known or pushed (`register_request`).
    registers: ClassVar[bool] = False
    #: How many parcels one registration takes. A hub answers nothing about other parcels; a
    #: carrier only pushes no news of them, so it is polled when a registration fails.
    registration_batch: ClassVar[int] = 1
    batch_size: ClassVar[int] = 1
    limits: ClassVar[Limits] = Limits()
    #: Fields beside the number without which it answers nothing: "postcode", "phone",
    #: "country", "ship_date" …; `Ask.extra` holds them by these names.
    needs: ClassVar[tuple[str, ...]] = ()
    secrets: ClassVar[tuple[Secret, ...]] = ()
    base_url: ClassVar[str] = ""
    #: A number that is nobody's (or the vendor's own for trying), to see whether a key works;
    #: `test_extra` holds the fields it `needs` for it.
    test_number: ClassVar[str] = "HOMEWARD000000"
    test_extra: ClassVar[Mapping[str, str]] = {}
    #: Whether it can be asked at all; a merchant's own fleet only pushes.
    is_asked: ClassVar[bool] = True
    #: Statuses beside 2xx with a readable answer (many carriers say "unknown number" in a 404).
    readable_statuses: ClassVar[frozenset[int]] = frozenset()
    #: What it takes from a shopper after a failed attempt; None: it has no API for that.
    answers: ClassVar[AnswerOptions | None] = None

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        """What to send for these parcels (at most `batch_size`)."""
        raise NotImplementedError

    def token_request(self, credentials: Mapping[str, str]) -> HttpCall | None:
        """How to get an access token; None where the carrier needs none. Cached by `fetch`."""
        return None

    def parse_token(self, body: bytes) -> Token:
        """Read the token answer (OAuth 2 client credentials unless overridden)."""
        data = read_json(body)
        if not isinstance(data, dict) or not data.get("access_token"):
            raise CarrierError("The token answer has no access_token", kind="unreadable")
        try:
            seconds = float(data.get("expires_in") or 3600)
        except (TypeError, ValueError):
            seconds = 3600.0
        return Token(value=str(data["access_token"]), seconds=seconds)

    def register_request(
        self,
        asks: Sequence[Ask],
        credentials: Mapping[str, str],
        token: str | None,
        *,
        callback: str,
    ) -> HttpCall:
        """How to register these parcels (at most `registration_batch`), where it `registers`.

        `callback` is the secret address that news shall be pushed to, for vendors that want
        it with each parcel.
        """
        raise NotImplementedError

    def wants_registration(self, credentials: Mapping[str, str]) -> bool:
        """Whether this account can register parcels at all (asked only where `registers`)."""
        return True

    def parse_registration(self, body: bytes) -> list[Registered]:
        """What became of a registration; one that was there before counts as registered."""
        raise NotImplementedError

    def is_genuine_push(
        self, body: bytes, headers: Mapping[str, str], credentials: Mapping[str, str]
    ) -> bool:
        """Whether a push that came to the account's secret address also proves itself.

        `headers` have lower-case names. Compared in constant time. True where the vendor
        signs nothing: then the secret address is the only proof.
        """
        return True

    def couriers_request(self, credentials: Mapping[str, str], token: str | None) -> HttpCall:
        """How to ask a hub for the carriers it serves."""
        raise NotImplementedError

    def parse_couriers(self, body: bytes) -> list[HubCourier]:
        """The carriers a hub serves."""
        raise NotImplementedError

    def answer_request(
        self, instruction: Instruction, credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        """How to hand over a shopper's answer; asked only of a carrier that has `answers`.

        The request must name `instruction.key`, so that a repetition changes nothing.
        """
        raise NotImplementedError

    def answer_question(
        self, key: str, credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        """How to ask what became of the instruction with this key."""
        raise NotImplementedError

    def parse_answer(self, body: bytes) -> Verdict:
        """What the carrier says to either; raises CarrierError(kind="unreadable")."""
        raise NotImplementedError


def read_json(body: bytes) -> Any:
    """JSON, or CarrierError(kind="unreadable") that says what came instead."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise CarrierError(f"Expected JSON, got {_glance(body)}", kind="unreadable") from error


def read_xml(body: bytes) -> Element:
    """XML without entities or external references, or CarrierError(kind="unreadable")."""
    try:
        root: Element = defusedxml.ElementTree.fromstring(body)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        # LookupError: the document declares an encoding that does not exist.
        raise CarrierError(f"Expected XML, got {_glance(body)}", kind="unreadable") from error
    return root


def _glance(body: bytes) -> str:
    text = body[:40].decode("utf-8", "replace").strip()
    if not text:
        return "an empty answer"
    return "an HTML page" if text.lower().startswith(("<!doctype html", "<html")) else repr(text)
