"""What the DNS says about a name: TXT records, and where a CNAME leads. No guessing on silence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

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
        try:
            found = self._resolver.resolve(name, "TXT")
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return ()
        except dns.exception.DNSException as error:
            raise NoAnswer(str(error)[:200]) from error
        return [b"".join(row.strings).decode("utf-8", "replace") for row in found]
