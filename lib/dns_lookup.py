"""What the DNS says about a name: TXT records, where a CNAME leads, addresses. No guessing on
silence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import dns.exception
import dns.resolver
from django.conf import settings

_SECONDS: Final = 5.0


class NoAnswer(Exception):
    """No resolver answered: nothing is known, and what was known before still counts."""


class Lookup:
    """Asks the resolvers of `DNS_SERVERS` ("192.0.2.1:53, …"), else those of the system."""

    def __init__(self, servers: str | None = None) -> None:
        named = settings.DNS_SERVERS if servers is None else servers
        self._resolver = dns.resolver.Resolver(configure=not named)
        if named:
            pairs = [one.strip().rpartition(":") for one in named.split(",") if one.strip()]
            hosts = [host or port for host, _, port in pairs]
            self._resolver.nameservers = hosts
            self._resolver.nameserver_ports = {
                host: int(port) for host, _, port in pairs if host and port.isdecimal()
            }
        self._resolver.lifetime = _SECONDS

    def txt(self, name: str) -> Sequence[str]:
        """Every TXT record of the name, its strings joined; CNAMEs are followed.

        Raises NoAnswer.
        """
        found = self._ask(name, "TXT")
        return [b"".join(row.strings).decode("utf-8", "replace") for row in found]

    def cname(self, name: str) -> str:
        """The name that this one's own CNAME leads to; "" where it has none. Raises NoAnswer."""
        for row in self._ask(name, "CNAME"):
            return str(row.target.to_text(omit_final_dot=True).lower())
        return ""

    def addresses(self, name: str) -> Sequence[str]:
        """IPv4 and IPv6 addresses of the name; CNAMEs are followed. Raises NoAnswer."""
        return [row.to_text() for kind in ("A", "AAAA") for row in self._ask(name, kind)]

    def _ask(self, name: str, kind: str) -> Sequence[Any]:
        """The records of this kind; none where the name or such a record does not exist."""
        try:
            return list(self._resolver.resolve(name, kind))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return ()
        except dns.exception.DNSException as error:
            raise NoAnswer(str(error)[:200]) from error
