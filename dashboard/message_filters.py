"""By what the log of messages can be narrowed. Nothing personal is in an address: an order's number
or a customer's address is posted (`dashboard.message_search`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dashboard.message_words import STATES
from notifications.channels.registry import CHANNELS
from notifications.models import Message, Rule
from notifications.reasons import LABELS
from notifications.triggers import TRIGGERS

_PROBLEM: Final = (Message.State.FAILED, Message.State.UNCERTAIN)
_PERIODS: Final = ("1", "7", "30", "90")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the log is narrowed to; empty: everything."""

    state: str = ""
    channel: str = ""
    topic: str = ""
    rule: str = ""
    reason: str = ""
    days: str = ""

    @property
    def query(self) -> str:
        """As the end of an address."""
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        return urlencode({name: value for name, value in values.items() if value})


def wanted_of(query: Mapping[str, Any]) -> Wanted:
    """What an address asks for, as far as it makes sense."""
    own = {f"rule:{pk}" for pk in Rule.objects.filter(base="").values_list("pk", flat=True)}
    known: dict[str, set[str]] = {
        "state": {"problem", *map(str, STATES)},
        "channel": set(CHANNELS),
        "topic": set(TRIGGERS),
        "rule": {*TRIGGERS, *own},
        "reason": {str(code) for code in LABELS},
        "days": set(_PERIODS),
    }
    asked = {name: str(query.get(name, "")) for name in known}
    return Wanted(**{name: value for name, value in asked.items() if value in known[name]})


def narrowed(wanted: Wanted, *, now: datetime) -> QuerySet[Message]:
    """The messages, without their texts; in the merchant's scope."""
    rows = Message.objects.select_related("order").defer("text", "html", "order__search_text")
    if wanted.state == "problem":
        rows = rows.filter(state__in=_PROBLEM)
    elif wanted.state:
        rows = rows.filter(state=wanted.state)
    columns = {
        "channel": wanted.channel,
        "topic": wanted.topic,
        "rule": wanted.rule,
        "reason_code": wanted.reason,
    }
    rows = rows.filter(**{name: value for name, value in columns.items() if value})
    if wanted.days:
        rows = rows.filter(created_at__gte=now - timedelta(days=int(wanted.days)))
    return rows


def filter_bar(wanted: Wanted) -> list[dict[str, Any]]:
    """For `components/filters.html`."""
    states = [("problem", pgettext("messages", "Did not arrive")), *STATES.items()]
    topics = [(slug, trigger.label) for slug, trigger in TRIGGERS.items()]
    days = {"1": _("Last day"), "7": _("Last 7 days"), "30": _("Last 30 days"),
            "90": _("Last 90 days")}  # fmt: skip
    own = Rule.objects.filter(base="").order_by("pk")
    bars = [
        _bar("state", _("Status"), _("Any status"), states, wanted.state),
        _bar("channel", _("Channel"), _("Any channel"),
             [(slug, kind.label) for slug, kind in CHANNELS.items()], wanted.channel),
        _bar("topic", _("About"), _("About anything"), topics, wanted.topic),
        _bar("reason", _("Reason"), _("Any reason"), list(LABELS.items()), wanted.reason),
        _bar("days", _("Period"), _("Any time"), list(days.items()), wanted.days),
    ]  # fmt: skip
    rules = [(f"rule:{row.pk}", row.name or TRIGGERS[row.trigger].label) for row in own]
    if rules:
        bars.append(_bar("rule", _("Your own rules"), _("Any rule"), rules, wanted.rule))
    return bars


def _bar(name: str, label: str, blank: str, options: list[Any], value: str) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "blank": blank,
        "value": value,
        "options": [{"value": str(one), "label": text} for one, text in options],
    }
