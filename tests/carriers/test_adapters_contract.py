"""Every registered carrier against every recorded reply, and what it says of itself."""

from __future__ import annotations

import csv
import json
import random
import re
from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.registry import CARRIERS, READERS
from lib.vocabulary import Status
from tests.carriers.odd_samples import NOT_TRACKING, ODD
from tests.carriers.sound import check_update
from tracking.reading import state_of

_MOVING: set[Status | None] = {Status.IN_TRANSIT, Status.CUSTOMS, Status.PICKED_UP}

#: The sources' words for a parcel's state, and what each may be in ours.
MEANS: dict[str, set[Status | None]] = {
    "delivered": {Status.DELIVERED},
    "out_for_delivery": {Status.OUT_FOR_DELIVERY},
    "in_transit": _MOVING,
    "en_route": _MOVING | {Status.OUT_FOR_DELIVERY},
    "InTransit": _MOVING,
    "In Transit/UD": _MOVING,
    "picked_up": {Status.PICKED_UP},
    "pickup scheduled": {Status.INFO_RECEIVED},
    "pre_transit": {Status.INFO_RECEIVED},
    "shipping(pre-transit)": {Status.INFO_RECEIVED},
    "ready_for_pickup": {Status.AVAILABLE_FOR_PICKUP},
    "delayed": {Status.IN_TRANSIT, Status.EXCEPTION, Status.CUSTOMS},
    "exception": {Status.EXCEPTION, Status.ATTEMPT_FAILED, Status.CUSTOMS, Status.IN_TRANSIT},
    "Exception": {Status.EXCEPTION, Status.RETURNING, Status.RETURNED, Status.LOST_OR_DESTROYED},
    "on_hold": {Status.EXCEPTION, Status.CUSTOMS},
    "delivery_failed": {Status.ATTEMPT_FAILED, Status.EXCEPTION},
    "delivery_attempt_failed": {Status.ATTEMPT_FAILED},
    "delivery_failed (NDR: consignee unavailable, still forward leg UD)": {Status.ATTEMPT_FAILED},
    "Pending": {None, Status.PENDING},
}


def recorded(samples: Path) -> list[dict[str, str]]:
    manifest = samples / "replies" / "MANIFEST.tsv"
    with manifest.open(newline="", encoding="utf-8") as lines:
        return [
            row
            for row in csv.DictReader(lines, delimiter="\t")
            if row["carrier"] in READERS
            and row["kind"] in {"tracking", "webhook"}
            and row["file"] not in NOT_TRACKING
        ]


def statuses_of(stated: str) -> list[str]:
    """One a parcel; a status may itself hold a comma."""
    return [stated] if stated in MEANS else re.split("[;,]", stated)


def test_order_and_repetition_change_no_state(samples: Path) -> None:
    shuffle = random.Random(4).shuffle
    for row in recorded(samples):
        carrier = READERS[row["carrier"]]
        read = carrier.read_push if row["kind"] == "webhook" else carrier.parse
        try:
            updates = read((samples / "replies" / row["file"]).read_bytes())
        except CarrierError:
            continue
        for update in updates:
            mixed = [*update.events, *update.events]
            shuffle(mixed)
            assert state_of(mixed) == state_of(update.events), row["file"]


def test_recorded_replies_parse_as_their_sources_state(samples: Path) -> None:
    rows = recorded(samples)
    assert rows
    refused: dict[str, str] = {}
    for row in rows:
        carrier = READERS[row["carrier"]]
        body = (samples / "replies" / row["file"]).read_bytes()
        read = carrier.read_push if row["kind"] == "webhook" else carrier.parse
        try:
            updates = read(body)
        except CarrierError as error:
            refused[row["file"]] = error.kind
            continue
        for update in updates:
            check_update(update)
        if row["file"] in ODD:
            continue
        stated = zip(
            updates,
            statuses_of(row["expected_status"]),
            re.split("[;,]", row["expected_delivered"]),
            re.split("[;,]", row["expected_events"]),
            strict=False,
        )
        for update, status, delivered, count in stated:
            last = state_of(update.events).status if update.events else None
            assert not status or last in MEANS[status], row["file"]
            assert not delivered or (last is Status.DELIVERED) == (delivered == "True"), row["file"]
            assert not count or len(update.events) == int(count), row["file"]
        promised = re.split("[;,]", row["expected_edd"])[0]
        if promised:
            assert updates[0].edd is not None
            assert updates[0].edd.first.isoformat() == promised[:10]
    assert "unreadable" not in refused.values(), refused


@pytest.mark.parametrize("slug", CARRIERS)
def test_every_carrier_describes_itself(slug: str) -> None:
    carrier = CARRIERS[slug]

    assert carrier.slug == slug
    assert carrier.name
    assert carrier.proven in {"recorded", "documented", "unproven"}
    assert carrier.batch_size >= 1
    assert all(len(code) == 2 and code.isupper() for code in carrier.countries)
    assert len({secret.name for secret in carrier.secrets}) == len(carrier.secrets)


@pytest.mark.parametrize("slug", [slug for slug, one in CARRIERS.items() if one.is_asked])
def test_request_holds_the_number_and_only_declared_secrets(slug: str) -> None:
    carrier = CARRIERS[slug]
    credentials = {secret.name: f"value-of-{secret.name}" for secret in carrier.secrets}

    extra = dict.fromkeys(carrier.needs, "12345")
    call = carrier.request([Ask("NUMBER12345", extra)], credentials, "a-token")

    sent = json.dumps([call.path, dict(call.params), call.json, str(call.body), call.form])
    assert sent.count("NUMBER12345") == 1
    assert call.path.startswith("/")
