"""Whether mail in a merchant's own name will be believed: SPF, DKIM and DMARC of its domain.

RFC 7208 (SPF), RFC 6376 (DKIM), RFC 7489 (DMARC). A signature or a return address counts for DMARC
only where it is aligned with the sender's domain, so the key is looked for at exactly that domain.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final, Protocol

from notifications.channels.base import Account
from notifications.channels.esps import ESPS

#: RFC 7208, 4.6.4: more lookups than these make the record an error.
_MOST_LOOKUPS: Final = 10
_SPF: Final = "v=spf1"
_DMARC: Final = "v=DMARC1"


class Finding(Enum):
    """What is the matter with one record."""

    FINE = "fine"
    NOT_NEEDED = "not_needed"
    MISSING = "missing"
    TWICE = "twice"
    NOT_INCLUDED = "not_included"
    TOO_MANY_LOOKUPS = "too_many_lookups"
    REVOKED = "revoked"
    NO_SELECTOR = "no_selector"
    UNREADABLE = "unreadable"


_GOOD: Final = frozenset({Finding.FINE, Finding.NOT_NEEDED})


@dataclass(frozen=True, slots=True)
class Check:
    """One of the three: `name` is "spf", "dkim" or "dmarc"; `host` and `record` what to publish
    (the record is empty where the provider shows it), `seen` what stands there now."""

    name: str
    finding: Finding
    host: str
    record: str = ""
    seen: str = ""

    @property
    def is_good(self) -> bool:
        return self.finding in _GOOD


class Dns(Protocol):
    """Answers for TXT records (`lib.dns_lookup.Lookup`)."""

    def txt(self, name: str) -> Sequence[str]: ...


def check_domain(account: Account, domain: str, *, dns: Dns) -> list[Check]:
    """The three checks. Raises lib.dns_lookup.NoAnswer."""
    esp = ESPS.get(account.provider)
    include = esp.spf if esp else ""
    selectors = tuple(esp.selectors) if esp else ()
    own = account.config.get("dkim_selector", "").strip()
    if account.provider == "scaleway" and not own:
        own = account.config.get("project_id", "")
    return [
        _spf(domain, include, dns=dns),
        _dkim(domain, (own,) if own else selectors, dns=dns),
        _dmarc(domain, dns=dns),
    ]


def _spf(domain: str, include: str, *, dns: Dns) -> Check:
    found = _starting(dns.txt(domain), _SPF)
    wanted = f"include:{include}" if include else ""
    record = f"{_SPF} {wanted} ~all"
    if len(found) > 1:
        return Check("spf", Finding.TWICE, domain, seen=" | ".join(found))
    if not include:
        # The provider's own return address carries its own record.
        return Check("spf", Finding.NOT_NEEDED, domain, seen=found[0] if found else "")
    if not found:
        return Check("spf", Finding.MISSING, domain, record)
    names, lookups = _includes(found[0], dns=dns)
    if lookups > _MOST_LOOKUPS:
        return Check("spf", Finding.TOO_MANY_LOOKUPS, domain, seen=found[0])
    if include in names:
        return Check("spf", Finding.FINE, domain, seen=found[0])
    return Check("spf", Finding.NOT_INCLUDED, domain, _with(found[0], wanted), found[0])


def _includes(record: str, *, dns: Dns) -> tuple[set[str], int]:
    """Every name that the record includes, directly or through others, and how many lookups a
    receiver needs for all of it."""
    names: set[str] = set()
    lookups, waiting = 0, [record]
    while waiting and lookups <= _MOST_LOOKUPS:
        for term in waiting.pop().lower().split():
            name = term.lstrip("+?~-")
            if name.startswith(("include:", "redirect=")):
                lookups += 1
                target = name.replace("redirect=", "include:").removeprefix("include:")
                if target not in names and lookups <= _MOST_LOOKUPS:
                    names.add(target)
                    waiting += _starting(dns.txt(target), _SPF)[:1]
            elif name.partition(":")[0].partition("/")[0] in {"a", "mx", "ptr", "exists"}:
                lookups += 1
    return names, lookups


def _with(record: str, term: str) -> str:
    """The record with one more term, before what ends it."""
    words = record.split()
    at = next((i for i, word in enumerate(words) if word.lower().lstrip("+?~-") == "all"), None)
    at = len(words) if at is None else at
    return " ".join([*words[:at], term, *words[at:]])


def _dkim(domain: str, selectors: Sequence[str], *, dns: Dns) -> Check:
    if not selectors:
        return Check("dkim", Finding.NO_SELECTOR, f"…._domainkey.{domain}")
    hosts = [f"{selector}._domainkey.{domain}" for selector in selectors]
    for host in hosts:
        keys = [record for record in dns.txt(host) if _tag(record, "p") is not None]
        if keys:
            key = _tag(keys[0], "p")
            finding = Finding.FINE if key else Finding.REVOKED
            return Check("dkim", finding, host, seen=keys[0])
    return Check("dkim", Finding.MISSING, hosts[0])


def _dmarc(domain: str, *, dns: Dns) -> Check:
    """The policy of the domain, else of a parent: RFC 7489 asks the organisation's domain."""
    own = f"_dmarc.{domain}"
    for host in _parents(domain):
        found = _starting(dns.txt(f"_dmarc.{host}"), _DMARC)
        if len(found) > 1:
            return Check("dmarc", Finding.TWICE, f"_dmarc.{host}", seen=" | ".join(found))
        if found:
            policy = (_tag(found[0], "p") or "").lower()
            fine = policy in {"none", "quarantine", "reject"}
            finding = Finding.FINE if fine else Finding.UNREADABLE
            return Check("dmarc", finding, f"_dmarc.{host}", seen=found[0])
    return Check("dmarc", Finding.MISSING, own, f"{_DMARC}; p=none")


def _parents(domain: str) -> Iterable[str]:
    labels = domain.split(".")
    return (".".join(labels[i:]) for i in range(max(1, len(labels) - 1)))


def _starting(records: Iterable[str], mark: str) -> list[str]:
    """The records of this version: the mark is a word of its own."""
    return [
        one for one in records
        if one.lower().startswith(mark.lower()) and one[len(mark) : len(mark) + 1] in {"", " ", ";"}
    ]  # fmt: skip


def _tag(record: str, name: str) -> str | None:
    """The value of "name=value" among tags with semicolons between; None where it is not there."""
    for part in record.split(";"):
        key, mark, value = part.partition("=")
        if mark and key.strip().lower() == name:
            return "".join(value.split())
    return None
