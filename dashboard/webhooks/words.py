"""Endpoints and deliveries in words."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from dashboard.clock import Clock
from dashboard.shell import address
from lib import formats
from merchants.access import MerchantRequest, may
from merchants.models import Role
from notifications.models import WebhookDelivery, WebhookEndpoint
from notifications.models.webhooks import EVERYTHING
from notifications.webhooks.events import EVENTS, TEST
from notifications.webhooks.health import Health, state_of

_State = WebhookDelivery.State
#: State to (tone, icon, word).
STATES: Final[dict[str, tuple[str, str, Promise]]] = {
    _State.WAITING: ("moving", "clock", pgettext_lazy("webhook", "Waiting")),
    _State.DELIVERED: ("good", "circle-check", pgettext_lazy("webhook", "Arrived")),
    _State.FAILED: ("act", "circle-alert", pgettext_lazy("webhook", "Failed")),
}
_AGAIN: Final = ("wait", "refresh-cw", pgettext_lazy("webhook", "To be tried again"))


def program_tabs(request: MerchantRequest, current: str) -> list[dict[str, Any]]:
    """What programs use, for `components/tabs.html`; nothing for who sees one of them alone."""
    if not may(request.role, Role.ADMIN):
        return []
    labels = {"keys": _("API keys"), "webhooks": _("Webhooks"), "embed": _("In your shop")}
    return [
        {"label": label, "url": address(request, route), "current": route == current}
        for route, label in labels.items()
    ]


def event_label(slug: str) -> str:
    """What an event is called, with what it is about: "Parcel: delivered"."""
    if slug == TEST:
        return pgettext("webhook", "Test")
    event = EVENTS[slug]
    if event.about == "order":
        return _("Order: %(what)s") % {"what": event.label}
    return _("Parcel: %(what)s") % {"what": event.label}


def events_in_words(chosen: Sequence[str]) -> str:
    """What an endpoint hears, in short."""
    if EVERYTHING in chosen:
        return _("Every event")
    return ngettext("%(n)s event", "%(n)s events", len(chosen)) % {"n": len(chosen)}


def name_of(endpoint: WebhookEndpoint) -> str:
    """How people call it: its description, or its host."""
    return endpoint.description or endpoint.url.partition("://")[2].partition("/")[0]


def state_sentence(endpoint: WebhookEndpoint, clock: Clock) -> str:
    """What is wrong with an endpoint and what happens next; "" when all is well."""
    if endpoint.stopped_for == WebhookEndpoint.Stopped.GONE:
        return _("It answered that it is gone for good, so we switched it off.")
    if endpoint.stopped_for == WebhookEndpoint.Stopped.FAILING:
        return _("It failed for five days without a success, so we switched it off.")
    if not endpoint.is_on:
        return _("Switched off: nothing is sent.")
    if not endpoint.failures:
        return "" if endpoint.last_success_at else _("Nothing was sent yet.")
    parts = [_(endpoint.last_problem)]
    if endpoint.paused_until and endpoint.paused_until > clock.now:
        parts.append(_("Tried again on %(when)s.") % {"when": clock.spoken(endpoint.paused_until)})
    else:
        parts.append(_("Tried again by itself."))
    return " ".join(parts)


def endpoint_row(
    request: MerchantRequest, endpoint: WebhookEndpoint, health: Health, clock: Clock
) -> dict[str, Any]:
    """For `webhooks/listing.html`."""
    kind = [events_in_words(endpoint.events)]
    if health.share_week is not None:
        kind.append(_("%(share)s arrived in 7 days") % {"share": percent(health.share_week)})
    return {
        "name": name_of(endpoint),
        "url": address(request, "webhook", endpoint.pk),
        "kind": " · ".join(kind),
        "state": state_of(endpoint),
        "word": _("Nothing yet") if state_of(endpoint) == "unknown" else "",
        "address": endpoint.url,
        "sentence": state_sentence(endpoint, clock),
        "last": clock.spoken(endpoint.last_success_at),
        "last_iso": clock.iso(endpoint.last_success_at),
    }


def percent(share: float) -> str:
    """ "99.5 %"; only what is whole is shown as 100."""
    tenths = Decimal(int(share * 1000)) / 10
    return f"{formats.number(tenths, get_language() or 'en')} %"


def seconds(milliseconds: int, language: str) -> str:
    """A time taken: "0.35 s"."""
    shown = formats.number(Decimal(round(milliseconds / 10)) / 100, language)
    return pgettext("seconds", "%(n)s s") % {"n": shown}


def pill_of(delivery: WebhookDelivery) -> dict[str, str]:
    """Its state for `components/pill.html`; one that failed and will be tried again says so."""
    waits_again = delivery.state == _State.WAITING and delivery.problem
    tone, icon, word = _AGAIN if waits_again else STATES[delivery.state]
    return {"tone": tone, "icon": icon, "state": str(word)}


def delivery_row(
    request: MerchantRequest, delivery: WebhookDelivery, clock: Clock
) -> dict[str, Any]:
    """One line of the log."""
    return {
        "title": event_label(delivery.event),
        "slug": delivery.event,
        "url": address(request, "webhook_delivery", delivery.pk),
        "order": delivery.order.number if delivery.order else "",
        "problem": _(delivery.problem) if delivery.problem else "",
        "attempts": delivery.attempts,
        **pill_of(delivery),
        **clock.pair(delivery.created_at),
    }
