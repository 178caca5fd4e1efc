from __future__ import annotations

import hashlib
import hmac
import json
from decimal import Decimal
from pathlib import Path

import pytest

from carriers.base import Ask
from carriers.providers.quiqup import Quiqup
from carriers.updates import Cash

ORDER = (Path(__file__).parent / "fixtures" / "quiqup" / "order.json").read_bytes()


def order(**changed: object) -> bytes:
    known = {"id": 1, "state": "pending", "state_updated_at": "2026-03-04T09:30:00Z"}
    return json.dumps({"order": known | changed}).encode()


def test_order_is_read_under_its_id_its_uuid_and_its_barcodes() -> None:
    updates = Quiqup().parse(ORDER)

    assert [update.tracking_number for update in updates] == [
        "20000011",
        "6f1d0c1e-0000-4000-8000-000000000011",
        "QP000000000011",
        "QP000000000012",
    ]
    assert len({update.events for update in updates}) == 1


def test_state_and_what_the_order_says_beside_it_are_kept() -> None:
    update = Quiqup().parse(ORDER)[0]

    (event,) = update.events
    assert (event.code, event.sub_status) == ("out_for_delivery", "out.on_vehicle")
    assert (str(event.at), event.zone_source) == ("2026-03-04 09:30:00+00:00", "carrier")
    assert (str(update.origin), str(update.destination)) == ("Dubai, AE", "Abu Dhabi, AE")
    assert (update.service, update.pieces) == ("partner_same_day", 2)
    assert update.cash == Cash(Decimal("120.50"), "AED")
    assert update.courier is not None
    assert update.courier.live_url == "https://track.example/d/6f1d0c1e"


@pytest.mark.parametrize(
    ("state", "meaning"),
    [
        ("ready_for_collection", "info.pickup_scheduled"),
        ("collection_failed", "info.pickup_failed"),
        ("Transit", "transit.generic"),
        ("out_for_return", "returning.started"),
        ("returned_to_origin", "returned.received"),
        ("scheduled", "unknown"),
        ("delivered_to_the_moon", "unknown"),
    ],
)
def test_states_are_matched_whole(state: str, meaning: str) -> None:
    (update,) = Quiqup().parse(order(state=state))

    assert [event.sub_status for event in update.events] == [meaning]


def test_failed_delivery_has_its_number_and_reason() -> None:
    body = order(
        state="delivery_failed", delivery_attempts=2, delivery_failure_reason="Nobody opened"
    )

    (update,) = Quiqup().parse(body)

    (event,) = update.events
    assert (event.sub_status, event.attempt, event.description) == (
        "attempt.generic",
        2,
        "Nobody opened",
    )


def test_prepaid_order_asks_for_no_cash() -> None:
    (update,) = Quiqup().parse(order(payment_mode="pre_paid", payment_amount="0"))

    assert (update.cash, update.courier, update.pieces) == (None, None, None)


def test_unknown_order_is_not_found() -> None:
    (update,) = Quiqup().parse(b'{"error": "not found"}')

    assert (update.not_found, update.problem) == (True, "Quiqup says: not found")


def test_push_is_the_order_and_proves_itself_where_a_secret_was_agreed() -> None:
    pushed = {"action": "update", "type": "order", "payload": json.loads(ORDER)["order"]}
    body = json.dumps(pushed).encode()
    signed = "sha1=" + hmac.new(b"secret", body, hashlib.sha1).hexdigest()

    assert Quiqup().read_push(body) == Quiqup().parse(ORDER)
    genuine = Quiqup().is_genuine_push
    assert genuine(body, {"x-signature": signed}, {"webhook_secret": "secret"})
    assert not genuine(body + b" ", {"x-signature": signed}, {"webhook_secret": "secret"})
    assert not genuine(body, {}, {"webhook_secret": "secret"})
    assert genuine(body, {}, {})


def test_token_and_question_keep_secrets_out_of_the_address() -> None:
    credentials = {"client_id": "c", "client_secret": "s"}

    asked = Quiqup().token_request(credentials)
    call = Quiqup().request([Ask("2/1")], credentials, "t")

    assert asked is not None
    assert (asked.path, asked.params) == ("/oauth/token", {})
    assert asked.form == {"grant_type": "client_credentials", **credentials}
    assert (call.path, call.headers["Authorization"]) == ("/orders/2%2F1", "Bearer t")
