"""How one message went: tries, receipts, parts, cost, and the ways before and after it."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext as _

from dashboard.clock import Clock
from dashboard.message_words import message_row
from lib import formats
from merchants.access import MerchantRequest
from notifications.channels.registry import label_of
from notifications.models import Message
from notifications.rules import rules_of

#: No chain is longer: a channel stands in it once.
_LONGEST: Final = 8


def message_facts(request: MerchantRequest, message: Message, clock: Clock) -> dict[str, Any]:
    """`facts` for `components/kv.html`, `chain` for `components/sent.html` (empty for one alone);
    in the merchant's scope."""
    chain = _chain(message)
    return {
        "facts": _facts(request, message, clock),
        "chain": [message_row(request, one, clock) for one in chain] if len(chain) > 1 else [],
    }


def _chain(message: Message) -> list[Message]:
    """From the first way that was tried to the last."""
    first, before = message, 0
    while first.falls_back_from is not None and before < _LONGEST:
        first, before = first.falls_back_from, before + 1
    found = [first]
    while len(found) < _LONGEST:
        following = Message.objects.filter(falls_back_from=found[-1]).order_by("pk").first()
        if following is None:
            break
        found.append(following)
    return found


def _facts(request: MerchantRequest, message: Message, clock: Clock) -> list[dict[str, str]]:
    language = clock.language
    rules = {rule.slug: rule for rule in rules_of(request.merchant)}
    rule = rules.get(message.rule)
    then = [label_of(slug) for slug in message.then]
    cost = (
        formats.money(message.cost, message.cost_currency, language)
        if message.cost is not None and message.cost_currency
        else ""
    )
    rows = [
        (_("Rule"), (rule.name or str(rule.trigger.label)) if rule else "", ""),
        (_("To be tried next"), formats.listing(then, language) if then else "", ""),
        (_("Planned for"), *_moment(message, "due_at", clock)),
        (_("Attempts"), formats.number(message.attempts, language) if message.attempts else "", ""),
        (_("Sent"), *_moment(message, "sent_at", clock)),
        (_("Arrived"), *_moment(message, "delivered_at", clock)),
        (_("Opened"), *_moment(message, "opened_at", clock)),
        (_("Visited"), *_moment(message, "clicked_at", clock)),
        (_("Parts of the text"), formats.number(message.segments, language)
         if message.segments else "", ""),
        (_("Cost"), cost, ""),
    ]  # fmt: skip
    return [
        {"label": label, "value": value, "why": "", "url": "", "iso": iso}
        for label, value, iso in rows
        if value
    ]


def _moment(message: Message, name: str, clock: Clock) -> tuple[str, str]:
    """`due_at` is a plan only as long as the message is planned; later it is a worker's claim."""
    if name == "due_at" and message.state != Message.State.PLANNED:
        return "", ""
    moment = getattr(message, name)
    return clock.spoken(moment), clock.iso(moment)
