"""Why this date, in words: for the merchant and the agent, not for the shopper's page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from django.utils.translation import get_language, gettext, gettext_noop

from edd.disruption_words import cause_label
from edd.disruptions import reference
from lib.formats import date_range, weekday_date

_SENTENCES: Final = {
    "cut_off_missed": gettext_noop("Ordered after the cut-off at {value}"),
    "handling": gettext_noop("Handling in the warehouse, working days: {value}"),
    "handling_warehouse": gettext_noop("Handling in “{name}”, working days: {value}"),
    "handling_tag": gettext_noop("Handling for the tag “{name}”, working days: {value}"),
    "handling_sku": gettext_noop("Handling for SKUs beginning “{name}”, working days: {value}"),
    "leaves": gettext_noop("Leaves the warehouse on {value}"),
    "not_picked_up": gettext_noop("Planned to leave on {value}, but not picked up yet"),
    "picked_up": gettext_noop("Picked up on {value}"),
    "lane_configured": gettext_noop("Your own figure for this lane, business days: {value}"),
    "lane_usual": gettext_noop("Usual for this carrier on such a lane, business days: {value}"),
    "learned_packing": gettext_noop(
        "Hand-over as lately in your warehouse; parcels counted: {value}"
    ),
    "learned_state": gettext_noop("Counted from the newest scan, of {value}"),
    "learned_any": gettext_noop(
        "Learned from parcels at this stage, whoever carries them: {value}"
    ),
    "learned_carrier": gettext_noop("Learned from this carrier’s parcels: {value}"),
    "learned_service": gettext_noop("Learned from parcels with this carrier and service: {value}"),
    "learned_to": gettext_noop("Learned from this carrier’s parcels to this destination: {value}"),
    "learned_lane": gettext_noop("Learned from similar parcels on this lane: {value}"),
    "learned_prefix": gettext_noop("Learned from parcels to postcodes like this one: {value}"),
    "learned_own": gettext_noop("Learned from your own parcels on this lane: {value}"),
    "learned_wide": gettext_noop("Few are known, so the window is wider; parcels: {value}"),
    "level": gettext_noop("Of 100 such parcels so many come by the last day: {value}"),
    "held": gettext_noop("Held up; business days added: {value}"),
    "moved_back": gettext_noop("Overdue; the window was moved back, times: {value}"),
    "disrupted": gettext_noop("A disruption; business days added: {value}"),
    "by_disruption": gettext_noop("Why it takes longer: {value}"),
    "rests": gettext_noop("Days on the way when the carrier does not deliver: {value}"),
    "unsure": gettext_noop("Days on the way that may be rest, not confirmed yet: {value}"),
    "slow": gettext_noop("Days of Ramadan on the way, when less is done: {value}"),
    "promised": gettext_noop("Your shop’s own promise"),
    "carrier_says": gettext_noop("The carrier’s own date"),
    "carrier_estimated": gettext_noop("The carrier’s own estimate"),
    "carrier_guaranteed": gettext_noop("Guaranteed by the carrier"),
    "carrier_appointment": gettext_noop("Appointment that the carrier made"),
    "shop_promised": gettext_noop("Your shop promised {value}; that is not what is shown now"),
    "carrier_differs": gettext_noop("The carrier says {value}; that is not what is shown now"),
    "carrier_at_label": gettext_noop(
        "The carrier’s date from the label is not used before the first scan: {value}"
    ),
    "risk": gettext_noop("Chance that the date told first will be missed: {value} %"),
    "out_for_delivery": gettext_noop("With the courier ({value})"),
    "attempt_failed": gettext_noop(
        "Failed attempt on {value}; couriers try again next delivery day"
    ),
    "exception": gettext_noop("Stopped by a problem since {value}"),
    "transit.at_delivery_depot": gettext_noop("At the delivery depot since {value}"),
    "transit.arrived_destination_country": gettext_noop("In the destination country since {value}"),
    "customs.cleared": gettext_noop("Cleared by customs on {value}"),
}


def explain(why: Iterable[str]) -> list[str]:
    """Sentences, in the active language, for the reason codes of an Estimate or Promise."""
    sentences = []
    for code in why:
        reason, _, value = code.partition(":")
        sentence, name = _SENTENCES.get(reason), ""
        if sentence is not None and "{name}" in sentence:
            value, _, name = value.partition(":")
        shown = _shown(reason, value)
        sentences.append(gettext(sentence).format(value=shown, name=name) if sentence else code)
    return sentences


def _shown(reason: str, value: str) -> str:
    """A date or window as people write it in the active language; a range of figures with its
    dash; else as it is."""
    if reason == "by_disruption":
        return cause_label(reference(value).cause)
    language = get_language() or "en"
    first, _, last = value.partition("..")
    try:
        if last:
            return date_range(date.fromisoformat(first), date.fromisoformat(last), language)
        return weekday_date(date.fromisoformat(value), language)
    except ValueError:
        return value.replace("-", "–")
