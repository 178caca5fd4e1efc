"""What a webhook is before anything is believed of it, and what a check may find."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from inbox.receive import Inbound


@dataclass(frozen=True, slots=True)
class Incoming:
    """One request, read but not understood; `headers` by lower-case name, `token` may be empty.

    `url` is the whole address as the sender was given it: some sign it.
    """

    slug: str
    token: str
    headers: Mapping[str, str]
    body: bytes
    url: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """There is no such address."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The signature is missing or wrong. The address' owner is told, where there is one."""

    merchant_id: int | None = None
    connection_id: int | None = None


@dataclass(frozen=True, slots=True)
class Ping:
    """A platform tries the address, unsigned and without data."""


@dataclass(frozen=True, slots=True)
class Verified:
    """Proven. One entry a connection that it concerns; merchant None: a shop nobody connected.

    `reply` is JSON where the sender wants to read certain words beside the 200.
    """

    deliveries: tuple[tuple[int | None, Inbound], ...]
    reply: bytes = b""


Checked = Unknown | Refused | Ping | Verified
