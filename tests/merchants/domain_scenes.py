"""A shop's own domain with a DNS server of this machine that tests write records into."""

from __future__ import annotations

from merchants.domain_records import proof_name, proof_value
from merchants.models import Domain

HOST = "track.noor.example"
OURS = "pages.homeward.example"

Records = dict[str, list[str]]


def lead(zone: Records, host: str = HOST, *, to: str = OURS) -> None:
    """Set the CNAME."""
    zone[f"CNAME {host}"] = [to]


def let_in(zone: Records, *domains: Domain) -> None:
    """Set the TXT records of these claims of one name, and no other's."""
    zone[proof_name(domains[0].host)] = [proof_value(one.token) for one in domains]
