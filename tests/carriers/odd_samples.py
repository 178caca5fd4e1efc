"""Samples whose stated expectation is wrong or contradicts the file. They must be readable."""

from __future__ import annotations

from typing import Final

ODD: Final[dict[str, str]] = {
    "bpost/1.xml": "states in transit, which is its first scan; the last is U01, distributed",
    "canadapost/14.xml": "states delayed; the last scan is waiting at the post office",
    "dhl_express/7.xml": "the promised day is stated in UTC; at the destination it is the 4th",
    "dhl_poland/1.xml": "every status is the word 'string', yet 'delivered' is stated",
    "dpd/1.xml": "states out for delivery; the last scan is back at the depot, not delivered",
    "fedex/10.json": "an outage of FedEx's: the account and the number are right",
    "fedex/11.json": "an outage of FedEx's: the account and the number are right",
    "fedex/4.json": "a signature document, filed as tracking of 17 events",
    "geodis/1.json": "states delivered; SOL/REO closes it because it goes back to the sender",
    "gls/10.json": "not tracking: a part of the list of event codes",
    "gls/8.json": "not tracking: where a parcel shop is",
    "gls_consumer/2.json": "out for delivery is stated, but the last scan is the delivery",
    "hay_post/1.json": "states in transit; the one state is of the second the order was made in",
    "nationex/1.json": "says data received, in transit and nobody there, all at once",
    "purolator/2.xml": "counts the same scan, written twice, as two",
}
