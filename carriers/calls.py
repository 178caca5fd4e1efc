"""What is asked of a carrier and what comes back, as plain values. The I/O is `carriers.fetch`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from carriers.answers import Instruction, Verdict
from carriers.base import Ask, Carrier, CarrierError, HttpCall, Registered
from carriers.updates import TrackingUpdate


@dataclass(frozen=True, slots=True)
class Account:
    """One set of credentials as plain values; `key` identifies it for tokens and lanes.

    `base_url` is empty where the carrier's own address is meant; `concurrent` is how many
    calls may be open at once where the account may have more than the carrier's usual.
    """

    key: str
    base_url: str
    credentials: Mapping[str, str] = field(default_factory=dict)
    concurrent: int = 0

    def address_of(self, carrier: Carrier, call: HttpCall) -> str:
        """Where a call goes: the account's address, else the call's host, else the carrier's."""
        return (self.base_url or call.host or carrier.base_url).rstrip("/") + call.path


@dataclass(frozen=True, slots=True)
class Call:
    """One question: at most `carrier.batch_size` parcels, with one account.

    `after`: seconds from the start of the round, as the account's limits gave it out.
    """

    carrier: Carrier
    account: Account
    asks: tuple[Ask, ...]
    after: float = 0.0

    def read(self, body: bytes) -> Answer:
        return Answer(self, updates=tuple(self.carrier.parse(body)))

    def wanted(self, token: str | None) -> HttpCall:
        return self.carrier.request(self.asks, self.account.credentials, token)


@dataclass(frozen=True, slots=True)
class Registration:
    """Parcels that a carrier or hub is to follow; at most `carrier.registration_batch`."""

    carrier: Carrier
    account: Account
    asks: tuple[Ask, ...]
    callback: str = ""
    after: float = 0.0

    def read(self, body: bytes) -> Answer:
        return Answer(self, registered=tuple(self.carrier.parse_registration(body)))

    def wanted(self, token: str | None) -> HttpCall:
        credentials = self.account.credentials
        return self.carrier.register_request(self.asks, credentials, token, callback=self.callback)


@dataclass(frozen=True, slots=True)
class Listing:
    """Which carriers does this hub serve?"""

    carrier: Carrier
    account: Account

    def wanted(self, token: str | None) -> HttpCall:
        return self.carrier.couriers_request(self.account.credentials, token)


@dataclass(frozen=True, slots=True)
class Errand:
    """A shopper's answer to hand over, or to ask about where the carrier may have it already."""

    carrier: Carrier
    account: Account
    instruction: Instruction
    is_question: bool = False

    def wanted(self, token: str | None) -> HttpCall:
        credentials = self.account.credentials
        if self.is_question:
            return self.carrier.answer_question(self.instruction, credentials, token)
        return self.carrier.answer_request(self.instruction, credentials, token)


@dataclass(frozen=True, slots=True)
class Returned:
    """What an errand came back with: a verdict, or an error."""

    errand: Errand
    verdict: Verdict | None = None
    error: CarrierError | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: updates or registrations, or an error; `raw` is its body, cut."""

    call: Call | Registration
    updates: tuple[TrackingUpdate, ...] = ()
    registered: tuple[Registered, ...] = ()
    error: CarrierError | None = None
    http_status: int | None = None
    raw: bytes = b""
