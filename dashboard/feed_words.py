"""The watchdog's findings in words: for the store's page, for Home and for the owner's mail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from babel.dates import format_timedelta
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.clock import Clock
from lib import formats
from stores import registry
from stores.feed.reading import Feed
from stores.models import Gap, StoreConnection


def feed_sentence(feed: Feed, clock: Clock) -> str:
    """The answer the page opens with."""
    if feed.state == "polled":
        return _("We ask this shop ourselves; it has sent no webhook yet")
    if feed.state == "learning" or feed.since is None:
        return _("We are learning when this shop’s orders arrive")
    if feed.state == "usual":
        return _("Orders arrive as expected")
    return _("Silent for %(time)s: unusual, 1 in %(odds)s") % {
        "time": length(feed.since, clock.now, clock.language),
        "odds": formats.number(feed.odds, clock.language),
    }


def length(start: datetime, end: datetime, language: str) -> str:
    """ "3 hours", "ساعتان"."""
    locale = formats.locale_of(language)
    return format_timedelta(end - start, threshold=1.5, locale=locale)


def cause_words(gap: Gap, platform: str) -> str:
    """Why the webhooks stopped, as far as the shop told."""
    if gap.cause == Gap.Cause.SWITCHED_OFF:
        return _("%(platform)s had switched the webhook off.") % {"platform": platform}
    if gap.cause == Gap.Cause.REMOVED:
        return _("%(platform)s had removed the webhook.") % {"platform": platform}
    return _("No reason is known.")


def gap_story(gaps: Sequence[Gap], store: StoreConnection, clock: Clock) -> str:
    """What happened in these gaps of one store, oldest first, and what came of it."""
    first, last = gaps[0], gaps[-1]
    found = sum(gap.found for gap in gaps)
    if last.closed_at is None:
        return _(
            "Since %(start)s %(shop)s has told us of no orders. We asked it ourselves, but it"
            " refuses: %(problem)s. We go on asking."
        ) % {
            "start": clock.spoken(first.silent_since),
            "shop": store.name,
            "problem": f"\N{FIRST STRONG ISOLATE}{last.problem.rstrip('.')}"
            "\N{POP DIRECTIONAL ISOLATE}",
        }
    parts = [
        _("Between %(start)s and %(end)s %(shop)s did not tell us of all orders.")
        % {
            "start": clock.spoken(first.silent_since),
            "end": clock.spoken(last.closed_at),
            "shop": store.name,
        },
        ngettext(
            "We asked it ourselves: %(n)s order came back.",
            "We asked it ourselves: %(n)s orders came back.",
            found,
        )
        % {"n": formats.number(found, clock.language)},
        cause_words(next((one for one in gaps if one.cause != "unknown"), last), name_of(store)),
    ]
    if any(gap.webhook_repaired for gap in gaps):
        parts.append(_("The webhook is on again."))
    return " ".join(parts)


def name_of(store: StoreConnection) -> str:
    platform = registry.STORES.get(store.platform)
    return platform.name if platform else store.platform
