"""Some of a dry run's messages, written out to be read. Only ids are kept with the run: the texts
are made when somebody looks."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from dashboard.clock import Clock
from notifications.channels.registry import CHANNELS, label_of
from notifications.dry_run.past import Past
from notifications.dry_run.plain import from_plain, with_rule
from notifications.dry_run.wording import text_of
from notifications.facts import Shop, read_shop
from notifications.judging import News
from notifications.models import DryRun
from notifications.triggers import TRIGGERS
from tracking.models import Change, Recipient

_MOST: Final = 8


def examples(run: DryRun, clock: Clock) -> list[dict[str, Any]]:
    """For `flows/tries.html`: {label, channel, order, time, iso, subject, text}. Of the tried rule
    where there is one; in the merchant's scope."""
    kept = (run.results["tried"] or run.results["today"])["examples"]
    if run.ruling:
        kept = [one for one in kept if one["rule"] == run.ruling["slug"]] or kept
    chosen = kept[:_MOST]
    shop = read_shop(run.merchant_id)
    rules = {rule.slug: rule for rule in shop.rules}
    if run.ruling:
        tried = from_plain(run.ruling)
        rules = {rule.slug: rule for rule in with_rule(list(shop.rules), tried)}
    changes = Change.objects.in_bulk([one["change"] for one in chosen])
    people = Recipient.objects.select_related("order").in_bulk([one["recipient"] for one in chosen])
    past = Past(shop, sorted({one.order_id for one in people.values()}), now=clock.now)
    found = []
    for one in chosen:
        change, person = changes.get(one["change"]), people.get(one["recipient"])
        rule = rules.get(one["rule"])
        if change is None or person is None or rule is None or one["channel"] not in CHANNELS:
            continue
        order = past.orders[person.order_id]
        shipment = past.shipments.get(change.shipment_id or 0)
        news = News(change, one["topic"], rule, order, shipment)
        found.append(_written(one, news, person, shop, past, clock))
    return found


def _written(
    one: dict[str, Any], news: News, person: Recipient, shop: Shop, past: Past, clock: Clock
) -> dict[str, Any]:
    at = datetime.fromisoformat(one["at"])
    rendered = text_of(
        news, person, CHANNELS[one["channel"]], language=one["language"], shop=shop, facts=past,
        now=at,
    )  # fmt: skip
    return {
        "label": str(TRIGGERS[one["topic"]].label),
        "channel": label_of(one["channel"]),
        "order": news.order.number,
        "subject": rendered.subject,
        "text": rendered.text,
        "language": one["language"],
        **clock.pair(at),
    }
