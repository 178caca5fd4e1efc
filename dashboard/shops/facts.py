"""What there is to know about one shop's connection, as rows of the design's components."""

from __future__ import annotations

from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dashboard.clock import Clock
from dashboard.connections import readable
from dashboard.shell import address
from lib.formats import number
from merchants.access import MerchantRequest
from stores.models import ApiState, Pull, StoreConnection, StoreFailure, StoreWrite
from stores.registry import STORES
from tracking.models import Order

Row = dict[str, Any]

_SHOWN: Final = 12
_STATES: Final[dict[str, tuple[str, str, Promise]]] = {
    StoreWrite.State.WAITING: ("moving", "clock", gettext_lazy("Waiting")),
    StoreWrite.State.DONE: ("good", "circle-check", gettext_lazy("Written")),
    StoreWrite.State.FAILED: ("act", "circle-alert", gettext_lazy("Refused")),
    StoreWrite.State.SKIPPED: ("quiet", "ban", gettext_lazy("Overtaken")),
}
_KINDS: Final[dict[str, Promise]] = {
    "parcel": gettext_lazy("Parcel"),
    "address": gettext_lazy("Address"),
    "tags": gettext_lazy("Tag"),
    "note": gettext_lazy("Note"),
}
_DOING: Final[dict[str, Promise]] = {
    "setup": gettext_lazy("Connecting"),
    "sweep": gettext_lazy("Looking for changes"),
    "backfill": gettext_lazy("Fetching orders"),
    "order": gettext_lazy("Fetching one order"),
    "hooks": gettext_lazy("Looking after webhooks"),
    "write": gettext_lazy("Writing back"),
}


def shop_facts(store: StoreConnection, clock: Clock) -> list[Row]:
    """Rows for `components/kv.html`."""
    rows: list[Row] = [
        {"label": _("Last received"), "iso": clock.iso(store.last_received_at),
         "value": clock.spoken(store.last_received_at) or _("Nothing yet")},
        {"label": _("Behind the shop"), "value": _lag(store, clock),
         "why": _("From the shop’s own time of a change until we had it.")},
    ]  # fmt: skip
    orders = Order.objects.filter(source=store.source).count()
    rows.append({"label": _("Orders"), "value": number(orders, clock.language)})
    if store.api_state == ApiState.WORKING and store.swept_until:
        rows.append(
            {"label": _("Nothing missing until"), "value": clock.spoken(store.swept_until),
             "iso": clock.iso(store.swept_until),
             "why": _("Whatever its webhooks say, the shop is asked every few minutes.")}
        )  # fmt: skip
    recovered = Pull.objects.filter(store=store, recovered__gt=0)
    total = sum(recovered.values_list("recovered", flat=True))
    if total:
        rows.append(
            {"label": _("Recovered"), "value": number(total, clock.language),
             "why": _("Orders that no webhook told of, found by asking.")}
        )  # fmt: skip
    rows += [
        {"label": _("Refused"), "value": str(store.rejected),
         "why": _("Requests whose signature was wrong.") if store.rejected else ""},
        {"label": _("Last problem"), "iso": clock.iso(store.last_problem_at),
         "value": clock.spoken(store.last_problem_at) or _("None"), "why": store.last_problem},
        {"label": _("Connected"), "value": clock.spoken(store.created_at)},
        {"label": _("Secrets"), "value": _("Stored encrypted") if store.secrets else _("None")},
    ]  # fmt: skip
    return rows


def _lag(store: StoreConnection, clock: Clock) -> str:
    if store.lag_seconds is None:
        return _("Not measured yet")
    seconds = round(store.lag_seconds)
    if seconds < 60:
        return ngettext("%(n)s second", "%(n)s seconds", seconds) % {
            "n": number(seconds, clock.language)
        }
    minutes = round(seconds / 60)
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {
        "n": number(minutes, clock.language)
    }


def progress(store: StoreConnection, clock: Clock) -> Row | None:
    """What is going on right now, for `components/progress.html`; None when nothing is."""
    if store.api_state == ApiState.SETTING_UP:
        problem = store.api_problem
        return {
            "label": _("Asking the shop who it is, and adding our webhooks"),
            "detail": problem,
            "value": None,
            "max": 1,
        }
    pull = Pull.objects.filter(
        store=store, kind=Pull.Kind.BACKFILL, state=Pull.State.RUNNING
    ).first()
    if pull is None:
        return None
    of = _("%(n)s orders so far") % {"n": number(pull.found, clock.language)}
    if pull.total:
        of = _("%(n)s of %(total)s") % {
            "n": number(pull.found, clock.language),
            "total": number(pull.total, clock.language),
        }
    detail = f"{of} · {pull.problem}" if pull.problem else of
    return {
        "label": _("Fetching orders since %(day)s") % {"day": clock.spoken(pull.since)},
        "detail": detail,
        "value": min(pull.found, pull.total) if pull.total else None,
        "max": pull.total or 1,
    }


def hook_rows(store: StoreConnection, clock: Clock) -> list[Row]:
    """Our webhooks at the shop, as of the last look."""
    if not store.hooks or not store.is_active:
        return []
    checked = clock.pair(store.hooks_checked_at) if store.hooks_checked_at else {}
    return [
        {
            "topic": hook["topic"],
            "tone": "good" if hook["active"] else "act",
            "icon": "circle-check" if hook["active"] else "circle-alert",
            "state": _("On") if hook["active"] else _("Switched off"),
            **checked,
        }
        for hook in store.hooks
    ]


def failure_rows(store: StoreConnection, clock: Clock) -> list[Row]:
    """The last calls that failed, for `_failures.html`."""
    found = StoreFailure.objects.filter(store=store).order_by("-at", "-pk")[:_SHOWN]
    return [
        {
            "name": store.name,
            "what": failure.message,
            "size": str(_DOING.get(failure.doing, "")),
            "code": str(failure.http_status or ""),
            "kind": _("no answer"),
            "next": "",
            "request": "",
            "body": readable(bytes(failure.raw)),
            **clock.pair(failure.at),
        }
        for failure in found
    ]


def write_rows(request: MerchantRequest, store: StoreConnection, clock: Clock) -> list[Row]:
    """What was written back last, with the shop's answers."""
    adapter = STORES.get(store.platform)
    if adapter is None or not adapter.writes:
        return []
    found = StoreWrite.objects.filter(store=store).select_related("order")
    return [
        {
            "kind": _KINDS[row.kind],
            "order": row.order.number,
            "url": address(request, "order", row.order_id),
            "tone": _STATES[row.state][0],
            "icon": _STATES[row.state][1],
            "state": _STATES[row.state][2],
            "words": row.problem or row.answer,
            **clock.pair(row.done_at or row.created_at),
        }
        for row in found.order_by("-pk")[:_SHOWN]
    ]
