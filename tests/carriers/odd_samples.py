"""Samples whose stated expectation is wrong or contradicts the file. They must be readable."""

from __future__ import annotations

from typing import Final

#: Files that their manifest calls tracking or webhook, and that are neither.
NOT_TRACKING: Final[dict[str, str]] = {
    "gls/8.json": "where a parcel shop is",
    "gls/10.json": "a part of the list of event codes",
    "fedex/4.json": "a signature document",
    "fedex/10.json": "an outage: unavailable, whatever the number",
    "fedex/11.json": "an outage: unavailable, whatever the number",
    "17track/12.json": "a document about API v1 around an invented push, not a push",
}

ODD: Final[dict[str, str]] = {
    "australiapost/1.json": "states no scan for its first parcel, whose article holds eight",
    "sendle/1.json": "states the day it was delivered as the promise; none was given",
    "17track/4.json": "the stated day is the window's end; it begins on 2026-07-08",
    "asendia_us/1.json": "holds the milestone Delivered (s10), is stated as in transit",
    "bluedart/1.json": "its scan codes P and I are invented, and stay unknown",
    "bpost/1.xml": "states in transit, which is its first scan; the last is U01, distributed",
    "canadapost/14.xml": "states delayed; the last scan is waiting at the post office",
    "dhl_express/7.xml": "the promised day is stated in UTC; at the destination it is the 4th",
    "dhl_poland/1.xml": "every status is the word 'string', yet 'delivered' is stated",
    "dpd/1.xml": "states out for delivery; the last scan is back at the depot, not delivered",
    "geodis/1.json": "states delivered; SOL/REO closes it because it goes back to the sender",
    "gls_consumer/2.json": "out for delivery is stated, but the last scan is the delivery",
    "nationex/1.json": "says data received, in transit and nobody there, all at once",
    "purolator/2.xml": "counts the same scan, written twice, as two",
    "roadie/1.json": "both hold delivery_confirmed, are stated by their first event",
    "shipengine/1.json": "status DE (delivered), is stated as in transit",
    "hay_post/1.json": "states in transit; the one state is of the second the order was made in",
}
