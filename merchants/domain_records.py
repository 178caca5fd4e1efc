"""The two records that a shop's own domain needs, and what the DNS says of them.

Both are needed. A TXT record with the shop's token proves whose the name is, but brings nobody to
us. A CNAME to our host brings readers, but proves nothing: names go on leading to us after their
shop left (a "dangling" record), and with the CNAME as proof any other shop could claim such a name
and show its own pages there.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Protocol

from django.conf import settings

from lib.domain_names import is_suffix
from merchants.models import Domain

_PROOF: Final = "homeward="
_SEEN: Final = 300
Finding = Domain.Finding


class Dns(Protocol):
    """Answers of the DNS (`lib.dns_lookup.Lookup`)."""

    def txt(self, name: str) -> Sequence[str]: ...

    def cname(self, name: str) -> str: ...

    def addresses(self, name: str) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class Found:
    """What stands in the DNS: whether the name leads to us, and every TXT value beside it."""

    points: Domain.Finding
    points_seen: str
    texts: tuple[str, ...]

    def proves(self, token: str) -> bool:
        """Whether the shop with this token was let in by whoever owns the name."""
        return proof_value(token) in self.texts

    def proof(self, token: str) -> tuple[Domain.Finding, str]:
        """What to say of the TXT record of this token's shop."""
        if self.proves(token):
            return Finding.FOUND, ""
        return (Finding.OTHER if self.texts else Finding.MISSING), _listed(self.texts)


def proof_name(host: str) -> str:
    """The name of the TXT record."""
    return f"_homeward.{host}"


def proof_value(token: str) -> str:
    """The value of the TXT record."""
    return f"{_PROOF}{token}"


def can_be_reached() -> bool:
    """Whether domains can lead to us at all: a machine without a name in the DNS has none."""
    with suppress(ValueError):
        ipaddress.ip_address(settings.PAGES_HOST)
        return False
    return not is_suffix(settings.PAGES_HOST)


def look_up(host: str, *, dns: Dns) -> Found:
    """Ask for both. Raises lib.dns_lookup.NoAnswer."""
    # The DNS answers in any order.
    texts = tuple(sorted(one.strip() for one in dns.txt(proof_name(host))))
    points, seen = _pointing(host, dns=dns)
    return Found(points, seen, texts)


def _pointing(host: str, *, dns: Dns) -> tuple[Domain.Finding, str]:
    """By CNAME, or by addresses that are all ours (a whole domain, ALIAS, a chain of names): one
    that is not would lead some of the readers elsewhere."""
    target = dns.cname(host)
    if target and target == settings.PAGES_HOST:
        return Finding.FOUND, ""
    there = set(dns.addresses(host))
    ours = {*settings.PAGES_ADDRESSES, *dns.addresses(settings.PAGES_HOST)}
    if there and there <= ours:
        return Finding.FOUND, ""
    seen = _listed([target] if target else sorted(there))
    return (Finding.OTHER if seen else Finding.MISSING), seen


def _listed(values: Sequence[str]) -> str:
    return " · ".join(values)[:_SEEN]
