"""What every store's adapter is. Verification lives here and cannot be forgotten. No Django.

An adapter translates: which header holds what, and what a payload means. It never saves,
sends or sleeps; `stores.ingest` writes, `hooks` answers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import ClassVar, Final, final

from carriers.base import Secret
from lib.signing import hmac_base64, same
from stores.payload import StoreError
from stores.vocabulary import Reading

__all__ = ["Headers", "Secret", "Store", "StoreError"]

Headers = Mapping[str, str]
"""Request headers by lower-case name."""

#: The secrets that sign. During a rotation both are valid.
SIGNING: Final = ("secret", "previous_secret")
_LONGEST_KEY: Final = 100


class Store:
    """Base of every adapter. One instance a platform, stateless, shared by all merchants."""

    slug: ClassVar[str]
    name: ClassVar[str]
    documentation: ClassVar[str] = ""
    topics: ClassVar[tuple[str, ...]] = ()
    #: Topics that the platform sends to one address for all shops.
    app_topics: ClassVar[tuple[str, ...]] = ()
    secrets: ClassVar[tuple[Secret, ...]] = ()
    signature_header: ClassVar[str]
    topic_header: ClassVar[str]
    key_header: ClassVar[str]
    shop_header: ClassVar[str] = ""
    #: Only headers that begin so are kept with a stored delivery.
    kept_headers: ClassVar[tuple[str, ...]] = ()

    @final
    def verify(self, *, body: bytes, headers: Headers, secrets: Mapping[str, str]) -> bool:
        """Whether one of the signing secrets signed exactly these bytes.

        False without a signature and without a secret: an empty secret signs nothing.
        """
        given = headers.get(self.signature_header, "")
        keys = [secrets[name] for name in SIGNING if secrets.get(name)]
        # Every key is tried, so that the time taken does not tell which one is in use.
        return any([same(given, self.sign(body, key)) for key in keys]) if given else False  # noqa: C419

    def sign(self, body: bytes, secret: str) -> str:
        """The signature this platform would send: base64 of HMAC-SHA256 unless overridden."""
        return hmac_base64(body, secret)

    def is_ping(self, *, body: bytes, headers: Headers) -> bool:
        """Whether this is the platform's unsigned try of the address, which holds no data."""
        return False

    def topic(self, headers: Headers) -> str:
        """The topic as the platform names it, or empty."""
        return headers.get(self.topic_header, "").strip().lower()[:60]

    def shop(self, headers: Headers) -> str:
        """The platform's name of the shop, as the (unsigned) header gives it."""
        return headers.get(self.shop_header, "").strip().lower() if self.shop_header else ""

    def unique_key(self, *, headers: Headers, body: bytes) -> str:
        """What makes a delivery the same as an earlier one: the platform's id, else the content."""
        given = headers.get(self.key_header, "").strip()
        if given and len(given) <= _LONGEST_KEY:
            return given
        return hashlib.sha256(self.topic(headers).encode() + b"\n" + body).hexdigest()

    def read(self, topic: str, body: bytes) -> Reading:
        """What a verified body means. Raises StoreError that says what cannot be read, where."""
        raise NotImplementedError
