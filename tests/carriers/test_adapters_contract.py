"""Every registered carrier against every recorded reply, and against damaged ones."""

from __future__ import annotations

import csv
import json
import random
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carriers.base import Ask, CarrierError, Reader
from carriers.registry import CARRIERS, READERS
from carriers.updates import TrackingUpdate
from lib.vocabulary import SUB_STATUSES, UNKNOWN, Status
from tracking.reading import state_of

FIXTURES = Path(__file__).parent / "fixtures"

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

#: Samples whose stated expectation we do not share, and why. They must be readable all the same.
ODD: dict[str, str] = {
    "australiapost/1.json": "states no scan for its first parcel, whose article holds eight",
    "bpost/1.xml": "states in transit, which is its first scan; the last is U01, distributed",
    "dpd/1.xml": "states out for delivery; the last scan is back at the depot, not delivered",
    "geodis/1.json": "states delivered; SOL/REO closes it because it goes back to the sender",
    "hay_post/1.json": "states in transit; the one state is of the second the order was made in",
    "sendle/1.json": "states the day it was delivered as the promise; none was given",
}


def updates_or_error(carrier: Reader, body: bytes) -> list[TrackingUpdate] | CarrierError:
    try:
        return carrier.parse(body)
    except CarrierError as error:
        return error


def check_update(update: TrackingUpdate) -> None:
    dated = [event.at for event in update.events if event.at is not None]
    assert all(at.utcoffset() is not None for at in dated)
    assert dated == sorted(dated)
    assert [event.at for event in update.events][: len(dated)] == dated
    for event in update.events:
        assert event.sub_status == UNKNOWN or event.sub_status in SUB_STATUSES
        assert event.code or event.description
        assert event.zone_source in {"carrier", "facility", "assumed"}
    if update.edd is not None:
        assert update.edd.first <= update.edd.last
    assert update.events or update.problem


def recorded(samples: Path) -> list[dict[str, str]]:
    manifest = samples / "replies" / "MANIFEST.tsv"
    with manifest.open(newline="", encoding="utf-8") as lines:
        return [
            row
            for row in csv.DictReader(lines, delimiter="\t")
            if row["carrier"] in READERS and row["kind"] in {"tracking", "webhook"}
        ]


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
            re.split("[;,]", row["expected_status"]),
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


@pytest.mark.parametrize("slug", READERS)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"<!DOCTYPE html><html><body>Service unavailable</body></html>",
        b"<html><body>Please sign in</body></html>",
        b"not json at all",
        b"null",
        b"{}",
        b"[null]",
        b'"text"',
        b"17",
        b'{"trackResponse": {"shipment": [{"inquiryNumber"',
        b"[" * 5000,
        b'<?xml version="1.0" encoding="bogus"?><a/>',
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b"\xff\xfe\x00\x01",
        b"{" + b" " * 10_000_000,
        b"<a>" + b"x" * 10_000_000,
    ],
    ids=lambda body: f"{len(body)}:{body[:24]!r}",
)
def test_rubbish_is_unreadable(slug: str, body: bytes) -> None:
    with pytest.raises(CarrierError) as caught:
        READERS[slug].parse(body)

    assert caught.value.kind == "unreadable"
    assert not caught.value.permanent


ODD_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(["2024-01-10T11:00:00", "/Date(99999999999999+9999)/", "99999999", "+99:99"]),
    st.just([]),
    st.just({}),
    st.just([None]),
    st.lists(st.dictionaries(st.text(max_size=3), st.integers(), max_size=2), max_size=2),
)


def broken(draw: st.DrawFn, value: Any) -> Any:
    """The value with some of its parts lost, doubled, unwrapped or swapped for another type."""
    if draw(st.integers(0, 11)) == 0:
        return draw(ODD_VALUES)
    if isinstance(value, dict):
        kept = [key for key in value if draw(st.integers(0, 15))]
        return {key: broken(draw, value[key]) for key in kept}
    if isinstance(value, list):
        parts = [broken(draw, item) for item in value]
        shape = draw(st.integers(0, 9))
        if shape == 0 and parts:
            return parts[0]
        return parts + parts if shape == 1 else parts
    return value


JSON_FIXTURES = sorted(FIXTURES.glob("*/*.json"))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
@pytest.mark.parametrize(
    "fixture", JSON_FIXTURES, ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_damaged_json_never_escapes_as_another_error(fixture: Path, data: st.DataObject) -> None:
    whole = json.loads(fixture.read_bytes())
    draw: Any = data.draw
    body = json.dumps(broken(draw, whole)).encode()

    result = updates_or_error(READERS[fixture.parent.name], body)

    if not isinstance(result, CarrierError):
        for update in result:
            check_update(update)


XML_FIXTURES = sorted(FIXTURES.glob("*/*.xml"))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
@pytest.mark.parametrize(
    "fixture", XML_FIXTURES, ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_damaged_xml_never_escapes_as_another_error(fixture: Path, data: st.DataObject) -> None:
    body = fixture.read_bytes()
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(body)))
        length = data.draw(st.integers(0, 60))
        body = body[:start] + data.draw(st.binary(max_size=4)) + body[start + length :]

    result = updates_or_error(READERS[fixture.parent.name], body)

    if not isinstance(result, CarrierError):
        for update in result:
            check_update(update)
