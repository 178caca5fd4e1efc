"""Allied Express Local (couriers within a town): the same answers as Allied Express.

https://www.alliedexpress.com.au. Only the address of its test server is known publicly, so
nobody can be asked.
"""

from __future__ import annotations

from typing import ClassVar

from carriers.base import Reader
from carriers.providers.allied_express import read_status
from carriers.updates import TrackingUpdate


class AlliedExpressLocal(Reader):
    slug: ClassVar[str] = "allied_express_local"
    name: ClassVar[str] = "Allied Express Local"

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update, the shipment that was asked for."""
        return [read_status(body)]
