"""USPS Tracking v3 of parcels that leave the United States: read, not asked.

The same address and the same answers as for domestic ones: whoever connects USPS
(`providers/usps.py`) has these as well, so there is no second account to ask with.
"""

from __future__ import annotations

from typing import ClassVar

from carriers.base import Proven, Reader
from carriers.providers.usps import Usps
from carriers.updates import TrackingUpdate


class UspsInternational(Reader):
    slug: ClassVar[str] = "usps_international"
    name: ClassVar[str] = "USPS International"
    documentation: ClassVar[str] = Usps.documentation
    proven: ClassVar[Proven] = "documented"

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        return Usps().parse(body)
