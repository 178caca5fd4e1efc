"""Names of hosts as people type them: "https://Track.Noor.example/", "تتبع.متجر.example"."""

from __future__ import annotations

import ipaddress
from contextlib import suppress
from enum import Enum
from typing import Final
from urllib.parse import urlsplit

import idna

#: `_homeward.` must fit before it, in the 253 characters that a name may have.
_LONGEST: Final = 240
#: Second levels under which countries sell names ("com.sa", "co.uk"). They belong to registries:
#: nobody could prove one anyway, so this only says so at once, and a full list of public suffixes
#: (publicsuffix.org) would gain nothing.
_SECOND: Final = frozenset(
    ("ac", "co", "com", "edu", "go", "gob", "gouv", "gov", "ltd", "mil", "ne", "net", "nom", "or",
     "org", "plc", "sch")
)  # fmt: skip


class Fault(Enum):
    """Why a text is no name that a shop may have."""

    UNREADABLE = "unreadable"
    ADDRESS = "address"
    PATH = "path"
    SUFFIX = "suffix"


class NotADomain(ValueError):
    """A text that is no domain; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def domain_name(text: str) -> str:
    """The name as the DNS has it: lower case, punycode, no dot at its end. Raises NotADomain.

    IDNA 2008 with the mappings of UTS #46, as browsers have them.
    """
    given = text.strip()
    try:
        parts = urlsplit(given if "://" in given else f"https://{given}")
        host, path = (parts.hostname or "").rstrip("."), parts.path
    except ValueError as error:
        raise NotADomain(Fault.UNREADABLE) from error
    if "@" in parts.netloc or parts.scheme not in {"http", "https"} or not host:
        raise NotADomain(Fault.UNREADABLE)
    if _is_address(host):
        raise NotADomain(Fault.ADDRESS)
    if path.strip("/") or parts.query or parts.fragment:
        raise NotADomain(Fault.PATH)
    try:
        name = idna.encode(host, uts46=True).decode().lower().rstrip(".")
    except idna.IDNAError as error:
        raise NotADomain(Fault.UNREADABLE) from error
    if _is_address(name):  # digits of other scripts, which UTS #46 maps
        raise NotADomain(Fault.ADDRESS)
    if is_suffix(name):
        raise NotADomain(Fault.SUFFIX)
    if len(name) > _LONGEST:
        raise NotADomain(Fault.UNREADABLE)
    return name


def shown(name: str) -> str:
    """The name in its own letters; as it is where it has none that can be shown."""
    with suppress(idna.IDNAError):
        return idna.decode(name)
    return name


def is_suffix(name: str) -> bool:
    """Whether names are sold under it: "com", "com.sa"."""
    labels = name.split(".")
    if len(labels) == 1:
        return True
    country = len(labels[1]) == 2 or labels[1].startswith("xn--")
    return len(labels) == 2 and country and labels[0] in _SECOND


def is_apex(name: str) -> bool:
    """Whether it is a whole domain as it is sold, "noor.example" or "noor.com.sa": such a name has
    records beside it (SOA, NS, often MX), and a CNAME allows none (RFC 1912, 2.4)."""
    return is_suffix(name.partition(".")[2])


def _is_address(host: str) -> bool:
    with suppress(ValueError):
        ipaddress.ip_address(host)
        return True
    # No top level is a number: such names are spellings of IPv4 addresses.
    return host.rpartition(".")[2].isdecimal()
