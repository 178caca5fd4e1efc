"""How an adapter speaks with a shop's API without doing any I/O. No Django.

A dialogue is a generator: it yields a `Call`, is sent the `Answer`, and returns what it found.
`stores.line` carries the calls, within the shop's limits and with its credentials. A test drives
the same generator by hand, or against a local server that plays the platform.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

T = TypeVar("T")

Trouble = Literal["credentials", "rate_limited", "unavailable", "unreadable", "refused"]
"""Why a call came to nothing. "refused": the shop understood, and says no to this one thing."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `path` stands behind the shop's own address, or is a whole https address.

    `params` and `form` may repeat a name. `readable` are statuses beside 2xx that the dialogue
    reads itself (a 404 that says "no such order"). `cost` is what the call takes of the shop's
    allowance, in its own units. `plain`: without the shop's credentials (a token request).
    """

    method: str
    path: str
    params: tuple[tuple[str, str], ...] = ()
    json: Any = None
    form: tuple[tuple[str, str], ...] | None = None
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    readable: frozenset[int] = frozenset()
    cost: float = 1.0
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `headers` by lower-case name."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON, an empty one as None. Raises ShopError("unreadable")."""
        if not self.body.strip():
            return None
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise ShopError("The shop’s answer is not JSON", kind="unreadable") from error

    def mapping(self) -> dict[str, Any]:
        """The body as a JSON object. Raises ShopError("unreadable")."""
        found = self.json()
        if not isinstance(found, dict):
            raise ShopError("The shop’s answer is not an object", kind="unreadable")
        return found

    def listing(self, name: str = "") -> list[dict[str, Any]]:
        """A list of objects: the body itself, or the one under `name`; None is no row.

        Raises ShopError("unreadable") for another shape.
        """
        found = self.mapping().get(name) if name else self.json()
        if found is None:
            return []
        if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
            raise ShopError("The shop’s answer is not a list of objects", kind="unreadable")
        return found


class ShopError(Exception):
    """A call that came to nothing; the message says what happened, for the merchant.

    Never holds an address or a body: they may hold personal data. `retry_after` in seconds
    where the shop named them. `answer` is the bad answer itself, where one came.
    """

    def __init__(
        self,
        message: str,
        *,
        kind: Trouble,
        http_status: int | None = None,
        retry_after: float | None = None,
        raw: bytes = b"",
        answer: Answer | None = None,
    ) -> None:
        super().__init__(message)
        self.kind: Trouble = kind
        self.http_status = http_status
        self.retry_after = retry_after
        self.raw = raw
        self.answer = answer

    @property
    def passes(self) -> bool:
        """Whether the same call may succeed later without anybody doing anything."""
        return self.kind in {"rate_limited", "unavailable"}


Talk = Generator[Call, Answer, T]
"""A dialogue that ends with a T. Raises ShopError for answers it cannot go on with."""


def said(value: T) -> Talk[T]:
    """A dialogue that needs no call: its result is known."""
    yield from ()
    return value
