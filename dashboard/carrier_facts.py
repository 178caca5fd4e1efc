"""What there is to know about one carrier account: calls, freshness, pushes, evidence."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.db.models import Count, Min, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from redis.exceptions import RedisError

from carriers.accounts import limits_of, pace_key
from carriers.base import Carrier
from carriers.models import CarrierAccount, Courier
from carriers.pacing import calls_used
from dashboard.clock import Clock
from dashboard.credential_words import credential_label
from lib.formats import listing
from tracking.answers import false_attempts
from tracking.carrier_accounts import push_address
from tracking.models import Watch

#: A parcel that is due waits for its turn; this long is no longer "its turn".
_LATE: Final = timedelta(minutes=30)

Fact = dict[str, Any]


def account_facts(account: CarrierAccount, adapter: Carrier | None, clock: Clock) -> list[Fact]:
    """Rows for `components/kv.html`."""
    facts: list[Fact] = [
        {"label": _("Last answer"), "value": clock.spoken(account.last_ok_at) or _("None yet"),
         "iso": clock.iso(account.last_ok_at)},
        {"label": _("Last failure"), "value": clock.spoken(account.last_failure_at) or _("None"),
         "iso": clock.iso(account.last_failure_at), "why": account.last_problem},
        {"label": _("Connected"), "value": clock.spoken(account.created_at)},
    ]  # fmt: skip
    if adapter is not None and adapter.is_asked:
        facts += [_calls(account, adapter, clock), _freshness(account, clock)]
    if adapter is not None and adapter.push:
        facts.append(
            {"label": _("Last push"), "value": clock.spoken(account.last_push_at) or _("None yet"),
             "iso": clock.iso(account.last_push_at),
             "why": _("What a carrier pushes by itself is asked about rarely.")}
        )  # fmt: skip
    if adapter is not None and adapter.is_hub:
        facts.append(_served(account, clock))
    facts.append(_credentials(account, adapter, clock))
    return facts + _evidence(account.carrier)


def push_setup(account: CarrierAccount, adapter: Carrier | None) -> dict[str, Any] | None:
    """The address that the carrier is to push to; None where it does not push."""
    if adapter is None or not adapter.push:
        return None
    url = push_address(account)
    return {"url": url, "documentation": adapter.documentation} if url else None


def _calls(account: CarrierAccount, adapter: Carrier, clock: Clock) -> Fact:
    """How much of its budget the account used."""
    limits = limits_of(account, adapter)
    try:
        used = calls_used(pace_key(account), now=clock.now)
    except RedisError:
        return {"label": _("Calls today"), "value": _("not known at the moment")}
    if limits.per_day is not None:
        value = _("%(n)s of %(limit)s") % {"n": used.day, "limit": limits.per_day}
    else:
        value = str(used.day)
    why = []
    if limits.per_hour is not None:
        words = _("%(n)s of %(limit)s in this hour.")
        why.append(words % {"n": used.hour, "limit": limits.per_hour})
    if limits.per_second is not None:
        why.append(_("At most %(n)s a second.") % {"n": f"{limits.per_second:g}"})
    if account.platform_id:
        why.append(_("All shops that share this account count together."))
    return {"label": _("Calls today"), "value": value, "why": " ".join(why)}


def _freshness(account: CarrierAccount, clock: Clock) -> Fact:
    """Whether its open parcels are asked about in time."""
    mine = Watch.objects.filter(next_ask_at__isnull=False)
    mine = mine.filter(Q(carrier=account.carrier) | Q(registered_with=account.pk))
    late = Q(next_ask_at__lt=clock.now - _LATE * settings.POLL_INTERVAL_FACTOR)
    found = mine.aggregate(
        all=Count("pk"), late=Count("pk", filter=late), oldest=Min("answered_at")
    )
    parcels = ngettext("%(n)s parcel is followed", "%(n)s parcels are followed", found["all"])
    why = ""
    if found["late"]:
        why = ngettext(
            "%(n)s waits for its turn longer than half an hour.",
            "%(n)s wait for their turn longer than half an hour.",
            found["late"],
        ) % {"n": found["late"]}  # fmt: skip
    elif found["oldest"]:
        why = _("The oldest answer is of %(when)s.") % {"when": clock.spoken(found["oldest"])}
    return {"label": _("Freshness"), "value": parcels % {"n": found["all"]}, "why": why}


def _served(account: CarrierAccount, clock: Clock) -> Fact:
    """How many carriers a hub serves, by its own list."""
    listed = Courier.objects.filter(hub=account.carrier)
    count = listed.count()
    newest = listed.order_by("-seen_at").values_list("seen_at", flat=True).first()
    value = ngettext("%(n)s carrier", "%(n)s carriers", count) % {"n": count}
    why = _("By its list of %(when)s.") % {"when": clock.spoken(newest)} if newest else (
        _("Its list is asked for within the hour.")
    )  # fmt: skip
    return {"label": _("Serves"), "value": value, "why": why}


def _credentials(account: CarrierAccount, adapter: Carrier | None, clock: Clock) -> Fact:
    if account.platform_id:
        return {"label": _("Credentials"), "value": _("Those of this platform, in fair shares")}
    kept = account.credentials if account.secrets else {}
    typed = [one for one in (adapter.secrets if adapter else ()) if kept.get(one.name)]
    return {
        "label": _("Credentials"),
        "value": _("Stored encrypted") if account.secrets else _("None"),
        "why": listing([credential_label(one.label) for one in typed], clock.language),
    }


def _evidence(carrier: str) -> list[Fact]:
    """How many failed attempts were none, as the customers say; nothing where none failed."""
    denied, failed = false_attempts(carrier)
    if not failed:
        return []
    words = ngettext("%(n)s of %(all)s attempt", "%(n)s of %(all)s attempts", failed)
    return [
        {
            "label": _("False attempts reported"),
            "value": words % {"n": denied, "all": failed},
            "why": _("Customers who told us that nobody came, of all failed attempts."),
        }
    ]
