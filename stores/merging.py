"""One update into what is held of its order: the rules of docs/architecture.md, "Merging".

Changes rows in memory and saves nothing. A new order is merged into an empty one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from lib.folding import fold
from lib.vocabulary import ORDER_MILESTONES, Milestone
from stores.fulfilling import merge_parcels, place_waiting
from stores.held import Held, line_part
from stores.holding import merge_hold
from stores.named_people import merge_named
from stores.people import merge_consents, merge_people, people_of
from stores.saying import (
    ADDRESS,
    address_fields,
    clip,
    is_nothing,
    item_fields,
    order_fields,
    refund_fields,
    title_of,
)
from stores.stamps import Rank, instant
from stores.vocabulary import Address, Item, OrderUpdate
from tracking.models import OrderItem, Refund

#: What stands in for a buyer that the order does not name.
_RECEIVER: Final = (("customer_name", "ship_to_name"), ("customer_phone", "ship_to_phone"))
#: The rank of another address than the one that is held: nothing older is a part of this one.
_OTHER_PLACE: Final = "address/other"
_COLUMN_OF: Final = {Milestone.CONFIRMED: "confirmed_at", Milestone.PACKED: "packed_at"}


def merge(held: Held, update: OrderUpdate, status_map: Mapping[str, str], *, now: datetime) -> None:
    """Take over what the update says, as far as nothing newer is known."""
    rank = Rank(instant(update.updated_at), partial=update.partial)
    before = people_of(held.order)
    _merge_columns(held, update, rank, now=now)
    if update.destination is not None:
        _merge_address(held, update.destination, rank)
    _stand_in(held)
    _merge_lines(held, update.items, rank)
    _merge_refunds(held, update, rank)
    merge_people(held, before)
    merge_named(held, update.recipients)
    merge_consents(held, update, now=now)
    meanings = _meanings(update, status_map)
    _merge_milestones(held, update, meanings, now=now)
    merge_hold(held, update, meanings, rank, now=now)
    merge_parcels(held, update.parcels, rank, now=now)
    place_waiting(held)
    if held.stamps.own or rank.at is not None:
        held.stamps.advance(rank, held.parts())


def _merge_columns(held: Held, update: OrderUpdate, rank: Rank, *, now: datetime) -> None:
    order = held.order
    said = order_fields(update)
    held.cancelled_by = update.cancelled_by
    if held.is_new:
        order.number = clip("number", update.external_id)
        held.stamps.stand_in("number")
    if held.is_new:
        order.placed_at = now
        held.stamps.stand_in("placed_at")
    if update.placed_at is not None:
        said["placed_at"] = min(update.placed_at, now)
    if "promised_last" in said:
        said.setdefault("promised_first", None)  # "by the 5th" keeps no first day of an older word
    for column, value in said.items():
        _take(held, column, value, rank)


def _take(held: Held, column: str, value: Any, rank: Rank) -> None:
    if held.stamps.wins(column, rank, is_held=not is_nothing(getattr(held.order, column))):
        held.put(held.order, column, value)
        held.stamps.note(column, rank)


def _merge_address(held: Held, address: Address, rank: Rank) -> None:
    """Part by part while it is the same place; another place is taken as a whole.

    Half of the old address would send the parcel astray. What names no street fills gaps only.
    """
    stamps = held.stamps
    said = address_fields(address)
    street = said.get("line1", "")
    if not street:
        rank = rank.as_part()
    elif _is_elsewhere(held, said):
        if not stamps.wins("line1", rank, is_held=True):
            if rank.value is not None:
                _forget_older(held, rank.value)
            return
        stamps.own[_OTHER_PLACE] = max(stamps.of("line1"), _other_place(held))
        for column in ADDRESS:
            if column not in said and not is_nothing(getattr(held.order, column)):
                held.put(held.order, column, None if column.endswith("tude") else "")
                stamps.own.pop(column, None)
    if rank.value is not None and street and rank.value <= _other_place(held):
        return
    for column, value in said.items():
        _take(held, column, value, rank)


def _is_elsewhere(held: Held, said: Mapping[str, Any]) -> bool:
    order, city = held.order, said.get("city", "")
    if not order.line1:
        return False
    return said["line1"] != order.line1 or bool(city and order.city and city != order.city)


def _other_place(held: Held) -> int:
    return held.stamps.own.get(_OTHER_PLACE, -(10**18))


def _forget_older(held: Held, value: int) -> None:
    """It was elsewhere meanwhile: what was said before that belongs to an earlier address."""
    stamps = held.stamps
    for column in ADDRESS:
        if not is_nothing(getattr(held.order, column)) and stamps.of(column) <= value:
            held.put(held.order, column, None if column.endswith("tude") else "")
            stamps.own.pop(column, None)
    stamps.own[_OTHER_PLACE] = max(value, _other_place(held))


def _stand_in(held: Held) -> None:
    """The receiver is the buyer of an order that names none; and may be called as long as
    nobody else is named."""
    order, stamps = held.order, held.stamps
    for column, of_receiver in _RECEIVER:
        if getattr(order, column) and not stamps.stands_in(column):
            continue
        is_buyer = column == "customer_name" or fold(order.customer_name) == fold(
            order.ship_to_name or order.customer_name
        )
        value = getattr(order, of_receiver) if is_buyer else ""
        if value:
            held.put(order, column, clip(column, value))
            stamps.stand_in(column)
        elif stamps.stands_in(column):
            held.put(order, column, "")
            del stamps.own[column]


def _merge_lines(held: Held, items: tuple[Item, ...], rank: Rank) -> None:
    """Make and merge the lines: by the shop's id, else by what they are called, one by one."""
    by_id = {line.external_id: line for line in held.lines if line.external_id}
    nameless: dict[tuple[str, str], list[OrderItem]] = defaultdict(list)
    for one in held.lines:
        if not one.external_id:
            nameless[one.sku, one.title].append(one)
    for item in items:
        said = item_fields(item)
        known = by_id.get(item.external_id[:100])
        pool = nameless[item.sku[:120], title_of(item)]
        if known is None and pool:
            known = pool.pop(0)
        line = known or _new_line(held, item, rank)
        if line is None:
            continue
        if line.external_id:
            by_id[line.external_id] = line
        for column, value in said.items():
            is_held = known is not None and getattr(line, column) not in {"", None}
            if held.stamps.wins(line_part(line, column), rank, is_held=is_held):
                held.put(line, column, value)
                held.stamps.note(line_part(line, column), rank)


def _new_line(held: Held, item: Item, rank: Rank) -> OrderItem | None:
    """A line, but for one that was taken off before we knew of it; that is remembered.

    A quantity of 0 stays as a row later: parcels may hold what was taken off the order since.
    """
    external_id = item.external_id[:100]
    if not item.quantity:
        if external_id and held.stamps.wins(f"{external_id}/quantity", rank, is_held=False):
            held.stamps.note(f"{external_id}/quantity", rank)
        return None
    line = OrderItem(
        merchant_id=held.order.merchant_id,
        external_id=external_id,
        position=min(len(held.lines), 32_000),
        quantity=0,
    )
    held.lines.append(line)
    return line


def _merge_refunds(held: Held, update: OrderUpdate, rank: Rank) -> None:
    for said in update.refunds:
        key = said.external_id[:100]
        known = held.refunds.get(key)
        if not held.stamps.wins(f"refund/{key}", rank.as_event(), is_held=known is not None):
            continue
        if known is None:
            known = Refund(merchant_id=held.order.merchant_id, external_id=key)
            held.refunds[key] = known
        for column, value in refund_fields(said).items():
            held.put(known, column, value)
        held.stamps.note(f"refund/{key}", rank.as_event())


def _meanings(update: OrderUpdate, status_map: Mapping[str, str]) -> list[str] | None:
    """What the shop's status and tags mean by the merchant's mapping; None where it says nothing
    of a status that anybody mapped."""
    words = [word for word in (update.shop_status, *update.tags) if word]
    if not status_map or not words:
        return None
    meanings = {fold(word): meaning for word, meaning in status_map.items()}
    return [meaning for word in words if (meaning := meanings.get(fold(word), ""))]


def _merge_milestones(
    held: Held, update: OrderUpdate, meanings: Collection[str] | None, *, now: datetime
) -> None:
    """Placed always; confirmed and packed where the shop or the merchant's mapping says so.

    Each proves the earlier ones; the earliest proof counts.
    """
    reached: dict[Milestone, datetime] = {}
    if held.is_new:
        reached[Milestone.PLACED] = held.order.placed_at
    for meaning in meanings or ():
        if meaning in {Milestone.CONFIRMED, Milestone.PACKED}:
            reached[Milestone(meaning)] = update.updated_at or now
    if update.confirmed_at is not None:
        reached[Milestone.CONFIRMED] = update.confirmed_at
    if update.packed_at is not None:
        reached[Milestone.PACKED] = update.packed_at
    for milestone in ORDER_MILESTONES:
        if milestone in reached:
            _reach(held, milestone, min(reached[milestone], now))


def _reach(held: Held, milestone: Milestone, at: datetime) -> None:
    is_news = milestone is Milestone.PLACED
    for name in ORDER_MILESTONES[1 : ORDER_MILESTONES.index(milestone) + 1]:
        column = _COLUMN_OF[name]
        known: datetime | None = getattr(held.order, column)
        if known is None or at < known:
            held.put(held.order, column, at)
            is_news = is_news or (known is None and name is milestone)
    if is_news:
        held.reached.append((milestone, at))
