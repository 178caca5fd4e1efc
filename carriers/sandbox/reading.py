"""Reading what is posted to the control API: plain JSON in, registrations and failures out.

Everything wrong is refused with what is wrong and where ("[2].destination.country: …").
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from carriers.sandbox.state import MODES, Failure, FailureMode, Registration

_PARCEL_FIELDS = {
    "carrier",
    "number",
    "scenario",
    "origin",
    "destination",
    "played_until",
    "live_gap_seconds",
    "registered_at",
}
_FAILURE_FIELDS = {"carrier", "mode", "retry_after", "for_requests", "for_seconds"}


class InputError(ValueError):
    """What is wrong, and where."""


def parcels(body: Any, carriers: frozenset[str], now: datetime) -> list[Registration]:
    """One parcel or a list of them."""
    if isinstance(body, list):
        return [_parcel(item, f"[{n}]", carriers, now) for n, item in enumerate(body)]
    return [_parcel(body, "", carriers, now)]


def failure(body: Any, carriers: frozenset[str], now: datetime) -> tuple[str, Failure]:
    """The carrier and how it shall fail from now on."""
    data = _object(body, "", _FAILURE_FIELDS)
    carrier = _one_of(data, "carrier", "", carriers)
    mode = cast(FailureMode, _one_of(data, "mode", "", MODES))
    seconds = _number(data, "for_seconds", "")
    requests = _number(data, "for_requests", "")
    if requests is not None and requests != int(requests):
        raise InputError(f"for_requests: must be a whole number, not {requests!r}")
    return carrier, Failure(
        mode,
        retry_after=_number(data, "retry_after", ""),
        for_requests=None if requests is None else int(requests),
        until=None if seconds is None else now + timedelta(seconds=seconds),
    )


def _parcel(body: Any, at: str, carriers: frozenset[str], now: datetime) -> Registration:
    data = _object(body, at, _PARCEL_FIELDS)
    origin, destination = (
        _object(data.get(end), _path(at, end), {"city", "country"})
        for end in ("origin", "destination")
    )
    played_until = data.get("played_until")
    if played_until is not None and not isinstance(played_until, int | str):
        raise InputError(f"{_path(at, 'played_until')}: must be a step's name or its number from 0")
    row = Registration(
        carrier=_one_of(data, "carrier", at, carriers),
        number=_text(data, "number", at),
        scenario=_text(data, "scenario", at),
        from_city=_text(origin, "city", _path(at, "origin")),
        from_country=_country(origin, _path(at, "origin")),
        to_city=_text(destination, "city", _path(at, "destination")),
        to_country=_country(destination, _path(at, "destination")),
        registered_at=_moment(data, "registered_at", at) or now,
        played_until=played_until,
        live_gap_seconds=_number(data, "live_gap_seconds", at) or 20.0,
    )
    try:
        row.journey()
    except ValueError as error:
        raise InputError(f"{at}: {error}" if at else str(error)) from error
    return row


def _path(at: str, name: str) -> str:
    return f"{at}.{name}" if at else name


def _object(value: Any, at: str, fields: set[str]) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise InputError(f"{at or 'body'}: must be an object with {', '.join(sorted(fields))}")
    strange = sorted(set(value) - fields)
    if strange:
        raise InputError(f"{_path(at, strange[0])}: there is no such field")
    return value


def _text(data: Mapping[str, Any], name: str, at: str) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not value.strip():
        raise InputError(f"{_path(at, name)}: must be a text that is not empty")
    return value.strip()


def _one_of(
    data: Mapping[str, Any], name: str, at: str, allowed: frozenset[str] | tuple[str, ...]
) -> str:
    value = _text(data, name, at)
    if value not in allowed:
        choices = ", ".join(sorted(allowed))
        raise InputError(f"{_path(at, name)}: must be one of {choices}, not {value!r}")
    return value


def _country(data: Mapping[str, Any], at: str) -> str:
    value = _text(data, "country", at).upper()
    if len(value) != 2 or not value.isascii() or not value.isalpha():
        raise InputError(f"{_path(at, 'country')}: must be a two-letter code, not {value!r}")
    return value


def _number(data: Mapping[str, Any], name: str, at: str) -> float | None:
    """A finite number above 0, or None where the field is absent or null."""
    value = data.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e9:
        raise InputError(f"{_path(at, name)}: must be a number above 0, not {value!r}")
    return float(value)


def _moment(data: Mapping[str, Any], name: str, at: str) -> datetime | None:
    value = data.get(name)
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise InputError(f"{_path(at, name)}: must be an ISO 8601 time, not {value!r}") from error
    if moment.tzinfo is None:
        raise InputError(f"{_path(at, name)}: must have a time zone")
    return moment.astimezone(UTC)
