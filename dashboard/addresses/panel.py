"""The address check on an order's page, with the form that corrects it; and in a list's row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dashboard.addresses.fields import fields_of
from dashboard.clock import Clock
from dashboard.shell import address
from helpdesk.address_lines import address_lines
from lib.addresses import words
from lib.addresses.parts import Need, Problem
from lib.vocabulary import Status
from merchants.access import MerchantRequest, may
from merchants.models import Role
from tracking.address_check import can_be_completed
from tracking.models import AddressCheck, Order, Shipment

#: What was typed into the form, and what is wrong with it, by field.
TypedAddress = tuple[Mapping[str, str], Mapping[str, str]]


def address_panel(
    request: MerchantRequest,
    order: Order,
    parcels: Iterable[Shipment],
    clock: Clock,
    *,
    typed: TypedAddress | None = None,
) -> dict[str, Any] | None:
    """`address_check` of the order's page; None where there is neither a check nor a form."""
    row: AddressCheck | None = getattr(order, "address_check", None)
    is_open = can_be_completed(order, parcels)
    if row is None and not is_open:
        return None
    corrects = is_open and may(request.role, Role.AGENT)
    return {
        "lines": address_lines(row, order, clock),
        "fields": fields_of(order, *(typed or ())) if corrects else None,
        "open": typed is not None,
        "url": address(request, "address", order.pk),
        "score_url": address(request, "address_score", order.pk),
        "policy_url": address(request, "addresses") if may(request.role, Role.ADMIN) else "",
    }


def lacking_words(order: Order) -> str:
    """What a courier must have and lacks, for a row of the list; "" once nothing can be done."""
    row: AddressCheck | None = getattr(order, "address_check", None)
    if row is None or not row.lacks_must or order.cancelled_at is not None:
        return ""
    if order.status not in {Status.PENDING, Status.INFO_RECEIVED}:
        return ""
    first = row.missing[0]
    return words.problem(Need(first["need"]), Problem(first["problem"]), order.country)
