from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from carriers.base import Ask, CarrierError
from carriers.providers.ups import Ups
from carriers.providers.ups_codes import CODES, SILENT
from carriers.providers.ups_codes import meaning as meaning_of
from carriers.updates import Cash, DateWindow, NextLeg, PickupPoint, Proof, TrackingUpdate

FIXTURES = Path(__file__).parent / "fixtures" / "ups"


def meaning(letter: str, code: str, number: str) -> str:
    status = {"type": letter, "code": code, "statusCode": number, "description": "x"}
    package = {"trackingNumber": "1Z1", "activity": [{"status": status}]}
    body = json.dumps({"trackResponse": {"shipment": [{"package": [package]}]}})
    (update,) = Ups().parse(body.encode())
    return update.events[0].sub_status


def test_journey_is_read_oldest_first_with_its_repetition_dropped() -> None:
    (update,) = Ups().parse((FIXTURES / "journey.json").read_bytes())

    assert [(e.code, e.sub_status) for e in update.events] == [
        ("M/MP/003", "info.label_created"),
        ("P/PU/038", "picked_up.accepted"),
        ("X/DA/014", "customs.cleared"),
        ("X/48/060", "attempt.nobody_home"),
        ("I/OT/021", "out.on_vehicle"),
        ("D/3H/011", "delivered.neighbour_reception_locker"),
    ]


def test_times_come_from_gmt_then_offset_then_facility() -> None:
    (update,) = Ups().parse((FIXTURES / "journey.json").read_bytes())

    assert [(e.at.isoformat() if e.at else "", e.zone_source) for e in update.events] == [
        ("2026-03-02T00:00:00+01:00", "facility"),
        ("2026-03-02T17:00:00+01:00", "facility"),
        ("2026-03-03T12:00:00+04:00", "carrier"),
        ("2026-03-04T15:10:00+04:00", "carrier"),
        ("2026-03-05T07:05:00+04:00", "carrier"),
        ("2026-03-05T14:30:00+04:00", "carrier"),
    ]


def test_rescheduled_date_beats_the_scheduled_one() -> None:
    (update,) = Ups().parse((FIXTURES / "journey.json").read_bytes())

    assert update.edd == DateWindow(date(2026, 3, 5), date(2026, 3, 5), "Asia/Dubai")
    assert str(update.destination) == "Dubai, AE"
    assert update.service == "UPS Standard"


def test_current_status_alone_makes_one_event() -> None:
    (update,) = Ups().parse((FIXTURES / "current_only.json").read_bytes())

    assert [(e.code, e.sub_status) for e in update.events] == [("011", "delivered.generic")]
    assert update.events[0].at is not None
    assert update.events[0].at.isoformat() == "2026-01-10T10:15:00+03:00"


@pytest.mark.parametrize(
    ("letter", "code", "number", "expected"),
    [
        ("X", "DA", "014", "customs.cleared"),  # good news under the letter of irregularities
        ("X", "RZ", "014", "customs.cleared"),  # the status code beats the broader code
        ("X", "RZ", "012", "customs.started"),
        ("X", "BB", "058", "customs.information_required"),
        ("X", "SR", "003", "customs.cleared"),  # UPS's own sample: code of "label" not believed
        ("X", "A7", "013", "exception.recipient_moved"),  # "exception" is refined by the code
        ("X", "7W", "046", "delay.weather"),
        ("X", "", "092", "customs.started"),
        ("X", "", "013", "exception.other"),
        ("X", "", "", "unknown"),
        ("X", "??", "999", "unknown"),
        ("X", "??", "148", "unknown"),
        ("I", "DP", "005", "transit.departed_facility"),
        ("I", "OF", "", "out.on_vehicle"),
        ("I", "", "", "transit.generic"),
        ("D", "", "", "delivered.generic"),
        ("D", "ML", "011", "delivered.generic"),
        ("D", "2Q", "161", "pickup.ready"),
        ("D", "F4", "005", "delivered.generic"),
        ("D", "OT", "021", "out.on_vehicle"),  # Track Alert: D is all of the delivery
        ("D", "FS", "011", "delivered.generic"),
        ("X", "95", "139", "attempt.access_restricted"),
        ("X", "ZN", "", "transit.departed_facility"),
        ("I", "012", "", "delivered.generic"),  # three digits: a freight activity
        ("MV", "VP", "", "cancelled.by_shipper"),
        ("M", "VP", "007", "cancelled.by_shipper"),
        ("RS", "", "", "returning.started"),
        ("RS", "", "034", "returned.received"),
        ("X", "01", "046", "delay.generic"),
    ],
)
def test_meaning_of_codes(letter: str, code: str, number: str, expected: str) -> None:
    assert meaning(letter, code, number) == expected


def test_unknown_number_is_not_found_and_named() -> None:
    warning = {"code": "TW0001", "message": "Nothing there"}
    shipment = {"inquiryNumber": "1Z9", "warnings": [warning]}
    body = json.dumps({"trackResponse": {"shipment": [shipment]}}).encode()

    (update,) = Ups().parse(body)

    assert (update.tracking_number, update.not_found) == ("1Z9", True)
    assert update.problem == "UPS says: Nothing there (TW0001)"


@pytest.mark.parametrize(
    ("code", "kind", "permanent"),
    [
        ("250003", "credentials", True),
        ("TV1002", "bad_request", True),
        ("10429", "rate_limited", False),
        ("190001", "unavailable", False),
    ],
)
def test_errors_carry_their_decision(code: str, kind: str, permanent: bool) -> None:
    body = json.dumps({"response": {"errors": [{"code": code, "message": "m"}]}}).encode()

    with pytest.raises(CarrierError) as caught:
        Ups().parse(body)

    assert (caught.value.kind, caught.value.permanent) == (kind, permanent)


def test_request_asks_for_one_number_with_a_bearer_token() -> None:
    call = Ups().request([Ask("1Z 5")], {}, "secret-token")

    assert call.path == "/api/track/v1/details/1Z%205"
    assert call.headers["Authorization"] == "Bearer secret-token"
    assert call.headers["transactionSrc"] == "homeward"
    assert len(call.headers["transId"]) == 32


def test_token_is_asked_with_basic_credentials_and_read() -> None:
    call = Ups().token_request({"client_id": "me", "client_secret": "pw"})
    token = Ups().parse_token(b'{"access_token": "abc", "expires_in": "14399"}')

    assert call is not None
    assert call.headers["Authorization"] == "Basic bWU6cHc="
    assert call.form == {"grant_type": "client_credentials"}
    assert (token.value, token.seconds) == ("abc", 14399.0)


def test_refused_token_is_a_credentials_error() -> None:
    with pytest.raises(CarrierError) as caught:
        Ups().parse_token(b'{"response": {"errors": [{"code": "10401", "message": "no"}]}}')

    assert (caught.value.kind, caught.value.permanent) == ("credentials", True)


def tables(samples: Path) -> dict[str, list[str]]:
    """UPS's code lists by their headings; one file holds them all, one below another."""
    names = {
        "EXCEPTION CODE": "exception",
        "DIALS CODE": "dials",
        "ULD CODE": "uld",
        "MANIFEST CODE": "manifest",
        "UPDATES CODE": "updates",
        "CODE": "status",
        "SHIPPING EVENT CODE": "mail",
        "ACTIVITY TYPE": "type",
    }
    listed: dict[str, list[str]] = {}
    name = ""
    file = samples / "carrier_codes" / "ups_exception_codes.tsv"
    for line in file.read_text(encoding="utf-8").splitlines():
        code = line.split("\t")[0]
        if code == "FREIGHT ACTIVITY CODE":
            name = "freight_exception" if "freight" in listed else "freight"
        elif code in names:
            name = names[code]
        elif not code.startswith(("CRD ", "VCAT ")):
            listed.setdefault(name, []).append(code)
    return listed


def test_every_documented_code_is_placed(samples: Path) -> None:
    listed = tables(samples)
    types, updates = listed.pop("type"), listed.pop("updates")
    codes = [(table, code) for table, codes in listed.items() for code in codes]
    missing = [
        (table, code)
        for table, code in codes
        if (table, code.zfill(3) if table == "status" else code) not in CODES
    ]

    assert len(codes) == 1528
    assert {code.zfill(3) for _, code in missing} == SILENT
    assert {letter for letter in types if meaning_of(letter, "", "") == "unknown"} == {
        "X",
        "NA",
        "U",
    }
    assert updates == ["PX", "UP", "UT"]


def read_one(**package: object) -> TrackingUpdate:
    body = {"trackResponse": {"shipment": [{"package": [{"trackingNumber": "1Z1", **package}]}]}}
    (update,) = Ups().parse(json.dumps(body).encode())
    return update


def test_mail_innovations_and_freight_have_codes_of_their_own() -> None:
    lost = {"status": {"type": "X", "code": "R9"}}
    stored = [{"status": {"type": "W", "code": "044"}}, {"status": {"type": "X", "code": "05"}}]

    mail = read_one(trackingNumber="MI123456789012", activity=[lost])
    freight = read_one(activity=stored)

    assert [event.sub_status for event in mail.events] == ["lost.declared"]
    assert [event.sub_status for event in freight.events] == [
        "delay.weather",
        "transit.arrived_facility",
    ]


def test_what_ups_gives_beside_the_scans_is_kept() -> None:
    update = read_one(
        activity=[
            {"status": {"type": "D", "code": "2Q", "statusCode": "161"}},
            {"status": {"type": "X", "code": "48", "statusCode": "060"}},
        ],
        accessPointInformation={"pickupByDate": "20260312"},
        packageAddress=[
            {
                "type": "ACCESS_POINT",
                "name": "Corner Shop",
                "address": {"addressLine1": "1 High St", "city": "Leeds", "postalCode": "LS1"},
            }
        ],
        paymentInformation=[{"amount": "243.5", "currency": "EUR", "type": "COD", "paid": False}],
        packageCount=2,
        alternateTrackingNumber=[{"number": "9241990000", "type": "USPS_PIC"}],
        deliveryInformation={"location": "Front Door"},
    )

    assert update.pickup_point == PickupPoint(
        "Corner Shop", "1 High St, LS1, Leeds", last_day=date(2026, 3, 12)
    )
    assert update.cash == Cash(Decimal("243.5"), "EUR")
    assert (update.pieces, update.next_leg) == (2, NextLeg("USPS", "9241990000"))
    assert [event.attempt for event in update.events] == [1, None]
    assert update.proof is None  # nothing is delivered yet


def test_proof_names_who_took_it_and_where_it_was_left() -> None:
    update = read_one(
        activity=[{"status": {"type": "D", "code": "ML", "statusCode": "011"}}],
        deliveryInformation={"receivedBy": "ROSE", "location": "Front Door"},
    )

    assert update.proof == Proof(signed_by="ROSE", left_at="Front Door")


def test_pushed_event_has_the_local_time_with_its_offset() -> None:
    (update,) = Ups().read_push((FIXTURES / "push.json").read_bytes())

    assert update.tracking_number == "1ZABC0000000000001"
    assert [(e.code, e.sub_status) for e in update.events] == [("I/OT/021", "out.on_vehicle")]
    assert update.events[0].at is not None
    assert update.events[0].at.isoformat() == "2026-04-23T09:15:19-04:00"
    assert update.edd == DateWindow(date(2026, 4, 23), date(2026, 4, 23))


def test_pushed_change_of_the_date_is_no_scan() -> None:
    push = json.loads((FIXTURES / "push.json").read_bytes())
    push["activityStatus"] = {"type": "U", "code": "UP", "descriptionCode": "154"}

    (update,) = Ups().read_push(json.dumps(push).encode())

    assert update.events == ()
    assert update.edd == DateWindow(date(2026, 4, 23), date(2026, 4, 23))


def test_subscription_names_the_callback_and_our_credential() -> None:
    call = Ups().register_request(
        [Ask("1ZA"), Ask("1ZB")], {"push_credential": "s3"}, "t", callback="https://h.example/x"
    )

    assert call.path == "/api/track/v1/subscription/standard/package"
    assert call.json["trackingNumberList"] == ["1ZA", "1ZB"]
    assert call.json["destination"] == {
        "url": "https://h.example/x",
        "credentialType": "Bearer",
        "credential": "s3",
    }


def test_only_an_account_with_a_credential_is_pushed_to() -> None:
    assert Ups().wants_registration({"push_credential": "s3"})
    assert not Ups().wants_registration({})


def test_subscription_answer_names_taken_and_refused_numbers() -> None:
    body = b'{"validTrackingNumbers": ["1ZA"], "invalidTrackingNumbers": ["92X"]}'

    taken, refused = Ups().parse_registration(body)

    assert (taken.number, taken.problem) == ("1ZA", "")
    assert (refused.number, bool(refused.problem)) == ("92X", True)


def test_push_proves_itself_by_the_credential_we_chose() -> None:
    ours = {"push_credential": "s3"}

    assert Ups().is_genuine_push(b"", {"credential": "s3"}, ours)
    assert not Ups().is_genuine_push(b"", {"credential": "s4"}, ours)
    assert not Ups().is_genuine_push(b"", {}, ours)
    assert Ups().is_genuine_push(b"", {}, {})
