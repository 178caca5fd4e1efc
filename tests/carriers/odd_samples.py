"""Samples whose stated expectation is wrong or contradicts the file. They must be readable."""

from __future__ import annotations

from typing import Final

ODD: Final[dict[str, str]] = {
    "bpost/1.xml": "states in transit, which is its first scan; the last is U01, distributed",
    "dhl_express/7.xml": "the promised day is stated in UTC; at the destination it is the 4th",
    "dhl_poland/1.xml": "every status is the word 'string', yet 'delivered' is stated",
    "dpd/1.xml": "states out for delivery; the last scan is back at the depot, not delivered",
    "geodis/1.json": "states delivered; SOL/REO closes it because it goes back to the sender",
    "gls/8.json": "not tracking: where a parcel shop is",
    "gls/10.json": "not tracking: a part of the list of event codes",
    "gls_consumer/2.json": "out for delivery is stated, but the last scan is the delivery",
    "hay_post/1.json": "states in transit; the one state is of the second the order was made in",
}
