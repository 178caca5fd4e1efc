"""MyDHL API, DHL Express's own name for the JSON that `dhl_express` asks for.

https://developer.dhl.com/api-reference/dhl-express-mydhl-api. Nothing is asked under this
name: a merchant connects DHL Express, which is the same account.
"""

from __future__ import annotations

from typing import ClassVar

from carriers.base import Proven, Reader
from carriers.providers.dhl_express import from_json
from carriers.updates import TrackingUpdate


class MyDhl(Reader):
    slug: ClassVar[str] = "mydhl"
    name: ClassVar[str] = "MyDHL API"
    documentation: ClassVar[str] = "https://developer.dhl.com/api-reference/dhl-express-mydhl-api"
    proven: ClassVar[Proven] = "documented"

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update a shipment."""
        return from_json(body)
