"""How a merchant's carriers and stores are doing: health, last failures, raw bodies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from django.db.models import Count, Max
from django.utils.functional import Promise
from django.utils.translation import get_language, get_language_bidi, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from carriers import registry
from carriers.models import CarrierAccount, CarrierFailure
from dashboard.attention import OPEN
from dashboard.clock import Clock
from dashboard.shell import address
from inbox.models import Delivery, Outcome
from lib.formats import listing
from lib.vocabulary import UNKNOWN
from merchants.access import MerchantRequest
from stores import registry as platforms
from stores.models import ApiState, StoreConnection
from tracking.models import Event, Shipment

SHOWN_BODY: Final = 20_000
_INVISIBLE: Final = "\N{REPLACEMENT CHARACTER}"
_MONTH: Final = timedelta(days=30)
_WORST_FIRST: Final = ("down", "slow", "unknown", "ok", "off")
_WEEK: Final = timedelta(days=7)
#: A failure's kind where no HTTP status came.
_KINDS: Final[dict[str, Promise]] = {
    "unavailable": gettext_lazy("no answer"),
    "unreadable": gettext_lazy("unreadable"),
    "credentials": gettext_lazy("refused"),
    "rate_limited": gettext_lazy("too fast"),
    "not_found": gettext_lazy("not found"),
    "bad_request": gettext_lazy("refused"),
}
OUTCOMES: Final[dict[str, tuple[str, str, Promise]]] = {
    Outcome.WAITING: ("moving", "clock", gettext_lazy("Waiting")),
    Outcome.DONE: ("good", "circle-check", gettext_lazy("Done")),
    Outcome.IGNORED: ("quiet", "ban", gettext_lazy("Not needed")),
    Outcome.FAILED: ("act", "circle-alert", gettext_lazy("Failed")),
}


def account_rows(
    request: MerchantRequest, accounts: Sequence[CarrierAccount], clock: Clock
) -> list[dict[str, Any]]:
    """Accounts for `_connections.html`, what fails first; with the parcels on their way."""
    counts = dict(
        Shipment.objects.filter(status__in=OPEN)
        .values_list("carrier")
        .annotate(n=Count("pk"))
        .order_by()
    )
    rows = [_account_row(request, one, counts.get(one.carrier, 0), clock) for one in accounts]
    return sorted(rows, key=lambda row: _WORST_FIRST.index(row["state"]))


def account_state(account: CarrierAccount, clock: Clock) -> tuple[str, str]:
    """(health state, what is wrong and what happens next) of one account."""
    if not account.is_active:
        return "off", _("Switched off: nothing is asked.")
    if account.failures:
        parts = [_isolated(account.last_problem.rstrip(".")) + "."]
        if account.paused_until and account.paused_until > clock.now:
            when = clock.spoken(account.paused_until)
            parts.append(_("Asked again on %(when)s.") % {"when": when})
        else:
            parts.append(_("Parcels are asked about again by themselves."))
        # One failed call in a while is a hiccup; three in a row are not.
        return ("down" if account.failures >= 3 or account.last_ok_at is None else "slow"), (
            " ".join(parts)
        )
    if account.last_ok_at is None:
        return "unknown", _("No parcel has been asked about yet.")
    return "ok", ""


def _isolated(words: str) -> str:
    """Problems are told in English; within a sentence that runs the other way they keep theirs."""
    if not get_language_bidi():
        return words
    return f"\N{LEFT-TO-RIGHT ISOLATE}{words}\N{POP DIRECTIONAL ISOLATE}"


def _account_row(
    request: MerchantRequest, account: CarrierAccount, parcels: int, clock: Clock
) -> dict[str, Any]:
    state, sentence = account_state(account, clock)
    on_the_way = ngettext("%(n)s parcel on the way", "%(n)s parcels on the way", parcels)
    kind = on_the_way % {"n": parcels}
    name = registry.name_of(account.carrier, language=clock.language)
    return {
        "name": name,
        "url": address(request, "carrier", account.pk),
        "kind": f"{account.name} · {kind}" if account.name else kind,
        "state": state,
        "word": "",
        "sentence": sentence,
        "last": clock.spoken(account.last_ok_at),
        "last_iso": clock.iso(account.last_ok_at),
    }


def carriers_sentence(rows: Sequence[dict[str, Any]]) -> str:
    """The answer the page opens with."""
    if not rows:
        return _("No carrier is connected yet.")
    bad = [row["name"] for row in rows if row["state"] in {"down", "slow"}]
    if bad:
        return ngettext(
            "%(names)s is failing", "%(n)s carriers are failing: %(names)s", len(bad)
        ) % {"names": listing(bad, get_language() or "en"), "n": len(bad)}  # fmt: skip
    well = sum(row["state"] == "ok" for row in rows)
    if well == len(rows):
        return ngettext("The carrier answers", "All %(n)s carriers answer", well) % {"n": well}
    return ngettext("%(n)s carrier answers", "%(n)s carriers answer", well) % {"n": well}


def failure_rows(clock: Clock, *, account_id: int | None = None) -> list[dict[str, Any]]:
    """The last failed calls, newest first, with what really came back."""
    found = CarrierFailure.objects.select_related("account").filter(at__gte=clock.now - _MONTH)
    if account_id is not None:
        found = found.filter(account_id=account_id)
    return [_failure_row(failure, clock) for failure in found.order_by("-at", "-pk")[:12]]


def _failure_row(failure: CarrierFailure, clock: Clock) -> dict[str, Any]:
    parcels = ngettext("%(n)s parcel", "%(n)s parcels", failure.parcels) % {"n": failure.parcels}
    kind = str(_KINDS.get(failure.kind, failure.kind))
    wait = ""
    if failure.retry_after:
        wait = _("The carrier asked us to wait %(n)s seconds.") % {"n": round(failure.retry_after)}
    return {
        "name": registry.name_of(failure.account.carrier, language=clock.language),
        "what": failure.message,
        "size": parcels,
        "code": str(failure.http_status or ""),
        "kind": kind,
        "next": wait,
        "request": "",
        "body": readable(bytes(failure.raw)),
        **clock.pair(failure.at),
    }


def readable(raw: bytes) -> str:
    """Bytes as text that can be shown; cut, and control characters made visible."""
    text = raw[:SHOWN_BODY].decode("utf-8", "replace")
    text = "".join(c if c.isprintable() or c in "\n\t" else _INVISIBLE for c in text)
    return text + ("\n…" if len(raw) > SHOWN_BODY else "")


def unreadable_rows(request: MerchantRequest, clock: Clock) -> list[dict[str, Any]]:
    """Codes in no table, most frequent first, with the carrier's words for one of them."""
    found = (
        Event.objects.filter(sub_status=UNKNOWN)
        .values("shipment__carrier", "code")
        .annotate(n=Count("pk"), last=Max("received_at"), words=Max("description"))
        .order_by("-n", "code")[:50]
    )
    return [
        {
            "carrier": registry.name_of(row["shipment__carrier"], language=clock.language),
            "code": row["code"],
            "words": row["words"],
            "words_lang": "",
            "count": row["n"],
            "last": clock.spoken(row["last"]),
            "last_iso": clock.iso(row["last"]),
            "slug": row["shipment__carrier"],
        }
        for row in found
    ]


def store_state(store: StoreConnection, failed: int, clock: Clock) -> tuple[str, str]:
    """(health state, what is wrong) of one store."""
    if not store.is_active:
        return "off", _("Disconnected. Its orders stay.")
    asked = _asked_state(store, clock)
    if asked is not None:
        return asked
    if failed:
        words = ngettext(
            "%(n)s webhook could not be worked on.", "%(n)s webhooks could not be worked on.",
            failed,
        )  # fmt: skip
        return "down", words % {"n": failed}
    rejected = store.last_rejected_at
    if rejected and rejected >= clock.now - _WEEK:
        words = _("%(n)s requests refused, the last on %(when)s.") % {
            "n": store.rejected,
            "when": clock.spoken(rejected),
        }
        is_worse = store.last_received_at is None or rejected > store.last_received_at
        return ("down" if is_worse else "slow"), words
    if store.last_received_at is None and store.api_state == ApiState.NONE:
        return "unknown", _("Nothing received yet. Add the webhooks in the shop.")
    return "ok", ""


def _asked_state(store: StoreConnection, clock: Clock) -> tuple[str, str] | None:
    """What is wrong with asking the shop; None where nothing is, or where we never ask."""
    problem = _isolated(store.api_problem.rstrip(".")) + "."
    if store.api_state == ApiState.REFUSED:
        return "down", _("%(problem)s Nothing comes in until it is connected again.") % {
            "problem": problem
        }
    if store.api_state == ApiState.SETTING_UP:
        return "unknown", problem if store.api_problem else _("We are asking the shop.")
    if not store.api_failures:
        return None
    when = clock.spoken(store.paused_until) if store.paused_until else ""
    again = _("Asked again on %(when)s.") % {"when": when} if when else ""
    return ("down" if store.api_failures >= 3 else "slow"), f"{problem} {again}".strip()


def store_rows(
    request: MerchantRequest, stores: Sequence[StoreConnection], clock: Clock
) -> list[dict[str, Any]]:
    failed: dict[int | None, int] = dict(
        Delivery.objects.filter(kind="store", outcome=Outcome.FAILED)
        .values_list("connection_id")
        .annotate(n=Count("pk"))
        .order_by()
    )
    rows = []
    for store in stores:
        state, sentence = store_state(store, failed.get(store.pk, 0), clock)
        platform = platforms.STORES.get(store.platform)
        kind = [platform.name if platform else store.platform, store.external_id]
        rows.append(
            {
                "name": store.name,
                "url": address(request, "store", store.pk),
                "kind": " · ".join(part for part in kind if part),
                "state": state,
                "word": _("Nothing yet") if state == "unknown" else "",
                "sentence": sentence,
                "last": clock.spoken(store.last_received_at),
                "last_iso": clock.iso(store.last_received_at),
            }
        )
    return rows


def stores_sentence(rows: Sequence[dict[str, Any]]) -> str:
    active = [row for row in rows if row["state"] != "off"]
    if not active:
        return _("No shop is connected yet.")
    bad = [row["name"] for row in active if row["state"] in {"down", "slow"}]
    if bad:
        return _("Look at %(names)s") % {"names": listing(bad, get_language() or "en")}
    return ngettext("%(n)s shop is connected", "%(n)s shops are connected", len(active)) % {
        "n": len(active)
    }


def delivery_row(
    request: MerchantRequest, delivery: Delivery, clock: Clock, *, store_id: int
) -> dict[str, Any]:
    """One webhook as a line: what, when, what became of it."""
    tone, icon, word = OUTCOMES[delivery.outcome]
    return {
        "topic": delivery.topic or "–",
        "url": address(request, "delivery", store_id, delivery.pk),
        "tone": tone,
        "icon": icon,
        "state": word,
        "problem": delivery.problem,
        **clock.pair(delivery.received_at),
    }
