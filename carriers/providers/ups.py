"""UPS Tracking API v1, and UPS Track Alert, its push.

https://developer.ups.com/tag/Tracking (Track; codes in its "Track Response Codes") and
https://developer.ups.com/tag/UPS-Track-Alert. One number a call; OAuth 2 client credentials;
newest event first; each event has the local time and, since 2023, the same instant in GMT
with the facility's offset. Track Alert follows a 1Z number for 14 days and sends one event a
push, without history; its `credential` header is what we gave it when subscribing. Its errors
name no number. What the codes mean is in `ups_codes`, the reading in `ups_answers`.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final
from urllib.parse import quote

from carriers.base import (
    Ask,
    Carrier,
    CarrierError,
    HttpCall,
    Limits,
    Proven,
    Registered,
    Secret,
    Token,
    read_json,
)
from carriers.providers.ups_answers import package_update, pushed_update
from carriers.shapes import mapping, mappings, text
from carriers.updates import TrackingUpdate
from lib.signing import same

_BAD_CREDENTIALS: Final = frozenset(
    {"250001", "250002", "250003", "250004", "250005", "250006", "10400", "10401", "10403"}
)
_NOT_FOUND: Final = frozenset({"TW0001", "151044"})
_BAD_NUMBER: Final = frozenset({"TV1002", "151018"})
_TOO_FAST: Final = frozenset({"10429", "250007", "429"})


class Ups(Carrier):
    slug: ClassVar[str] = "ups"
    name: ClassVar[str] = "UPS"
    name_ar: ClassVar[str] = "يو بي إس"
    countries: ClassVar[tuple[str, ...]] = ("US", "CA", "GB", "DE", "FR", "NL", "BE", "AE", "SA")
    website: ClassVar[str] = "https://www.ups.com/track"
    documentation: ClassVar[str] = "https://developer.ups.com/tag/Tracking"
    proven: ClassVar[Proven] = "recorded"
    push: ClassVar[bool] = True
    registers: ClassVar[bool] = True
    registration_batch: ClassVar[int] = 100
    batch_size: ClassVar[int] = 1
    # UPS publishes no numbers; five a second has not been refused to anybody we read of.
    limits: ClassVar[Limits] = Limits(per_second=5, concurrent=5)
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("client_id", "Client ID", secret=False),
        Secret("client_secret", "Client secret"),
        Secret("push_credential", "A password of your choice for UPS Track Alert", optional=True),
    )
    base_url: ClassVar[str] = "https://onlinetools.ups.com"
    readable_statuses: ClassVar[frozenset[int]] = frozenset({400, 404})

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        return HttpCall(
            "GET",
            f"/api/track/v1/details/{quote(asks[0].number, safe='')}",
            params={"locale": "en_US", "returnSignature": "false"},
            headers=_headers(token),
        )

    def token_request(self, credentials: Mapping[str, str]) -> HttpCall | None:
        pair = f"{credentials['client_id']}:{credentials['client_secret']}"
        return HttpCall(
            "POST",
            "/security/v1/oauth/token",
            headers={"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()},
            form={"grant_type": "client_credentials"},
        )

    def parse_token(self, body: bytes) -> Token:
        _refuse_errors(mapping(read_json(body)))
        return super().parse_token(body)

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update a package; an unknown number comes back with the number UPS repeats, or ""."""
        reply = mapping(read_json(body))
        refused = _refuse_errors(reply)
        if refused is not None:
            return [refused]
        shipments = mappings(mapping(reply.get("trackResponse")).get("shipment"))
        updates = [update for shipment in shipments for update in _shipment(shipment)]
        if not updates:
            raise CarrierError("The answer holds no shipment of UPS", kind="unreadable")
        return updates

    def wants_registration(self, credentials: Mapping[str, str]) -> bool:
        """UPS insists on a credential to push with: it is pushed to who chose one."""
        return bool(credentials.get("push_credential"))

    def register_request(
        self,
        asks: Sequence[Ask],
        credentials: Mapping[str, str],
        token: str | None,
        *,
        callback: str,
    ) -> HttpCall:
        """Subscribe; UPS takes 1Z numbers and names the others as invalid."""
        destination = {
            "url": callback,
            "credentialType": "Bearer",
            "credential": credentials.get("push_credential", ""),
        }
        return HttpCall(
            "POST",
            "/api/track/v1/subscription/standard/package",
            headers=_headers(token),
            json={
                "locale": "en_US",
                "countryCode": "US",
                "trackingNumberList": [ask.number for ask in asks],
                "destination": destination,
            },
        )

    def parse_registration(self, body: bytes) -> list[Registered]:
        reply = mapping(read_json(body))
        _refuse_errors(reply)
        taken = [text(number) for number in _listed(reply, "validTrackingNumbers")]
        refused = [text(number) for number in _listed(reply, "invalidTrackingNumbers")]
        if not taken and not refused:
            raise CarrierError("The answer names no number that UPS follows", kind="unreadable")
        problem = "UPS Track Alert does not take this number"
        return [
            *(Registered(number) for number in taken if number),
            *(Registered(number, problem=problem) for number in refused if number),
        ]

    def read_push(self, body: bytes) -> list[TrackingUpdate]:
        """One event of one parcel, or a changed promise without an event."""
        push = mapping(read_json(body))
        if not text(push.get("trackingNumber")) or not mapping(push.get("activityStatus")):
            raise CarrierError("The push is none of UPS Track Alert", kind="unreadable")
        return [pushed_update(push)]

    def is_genuine_push(
        self, body: bytes, headers: Mapping[str, str], credentials: Mapping[str, str]
    ) -> bool:
        ours = credentials.get("push_credential", "")
        return not ours or same(headers.get("credential", ""), ours)


def _headers(token: str | None) -> dict[str, str]:
    return {
        "Authorization": f"Bearer {token or ''}",
        "transId": uuid.uuid4().hex,
        "transactionSrc": "homeward",
    }


def _listed(reply: Mapping[str, Any], key: str) -> list[Any]:
    value = reply.get(key)
    return value if isinstance(value, list) else []


def _refuse_errors(reply: Mapping[str, Any]) -> TrackingUpdate | None:
    """The update for "not found"; CarrierError for every other error; None without errors."""
    errors = mappings(mapping(reply.get("response")).get("errors"))
    if not errors:
        return None
    code, message = text(errors[0].get("code")), text(errors[0].get("message"))
    said = f"UPS says: {message or 'no reason given'} ({code})"
    if code in _NOT_FOUND:
        return TrackingUpdate("", problem=said, not_found=True)
    if code in _BAD_CREDENTIALS:
        raise CarrierError(said, kind="credentials", permanent=True)
    if code in _BAD_NUMBER:
        raise CarrierError(said, kind="bad_request", permanent=True)
    raise CarrierError(said, kind="rate_limited" if code in _TOO_FAST else "unavailable")


def _shipment(shipment: Mapping[str, Any]) -> list[TrackingUpdate]:
    inquiry = text(shipment.get("inquiryNumber"))
    packages = mappings(shipment.get("package"))
    if packages:
        return [package_update(package, inquiry) for package in packages]
    warnings = mappings(shipment.get("warnings"))
    if not warnings:
        return []
    code, message = text(warnings[0].get("code")), text(warnings[0].get("message"))
    said = f"UPS says: {message or 'no reason given'} ({code})"
    return [TrackingUpdate(inquiry, problem=said, not_found=code in _NOT_FOUND)]
