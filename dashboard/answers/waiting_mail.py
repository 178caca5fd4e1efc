"""The team hears by mail what a person must pass on to carriers: gathered, each answer once.

Claimed before anything is sent, and given back when not one mail could leave. The mail names
orders and what was asked, never an address, a phone or the customer's own words.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext, ngettext, override

from carriers.registry import name_of
from dashboard.people.account_mail import NotSent, send
from helpdesk.case_story import answer_sentence
from helpdesk.reader import Reader
from merchants.models import Membership, Merchant, Role
from merchants.scope import every_merchant, merchant_scope
from tracking.answers import waiting_by_hand
from tracking.models import DeliveryAnswer

#: Answers that one mail names; the desk has all.
_MOST: Final = 20
_ROLES: Final = (Role.OWNER, Role.ADMIN, Role.AGENT)


def tell_of_answers(*, now: datetime) -> int:
    """Tell the teams whose answers wait; how many shops were told."""
    with every_merchant("answers that nobody was told of wait in one queue"):
        waiting = waiting_by_hand().filter(mailed_at__isnull=True).order_by()
        merchants = sorted(set(waiting.values_list("merchant_id", flat=True)))
    return sum(_tell(merchant_id, now=now) for merchant_id in merchants)


def _tell(merchant_id: int, *, now: datetime) -> bool:
    with merchant_scope(merchant_id):
        fresh = waiting_by_hand().filter(
            state=DeliveryAnswer.State.RECEIVED, mailed_at__isnull=True
        )
        answers = list(fresh.select_for_update(of=("self",), skip_locked=True))
        ids = [one.pk for one in answers]
        DeliveryAnswer.objects.filter(pk__in=ids).update(mailed_at=now)
    if not answers:
        return False
    merchant = Merchant.objects.get(pk=merchant_id)
    people = Membership.objects.filter(
        merchant_id=merchant_id, role__in=_ROLES, accepted_at__isnull=False
    )
    sent = sum(
        _send(member, answers, merchant, now=now)
        for member in people.select_related("user").order_by("pk")
    )
    if not sent:
        with merchant_scope(merchant_id):
            DeliveryAnswer.objects.filter(pk__in=ids).update(mailed_at=None)
    return bool(sent)


def _send(
    member: Membership, answers: list[DeliveryAnswer], merchant: Merchant, *, now: datetime
) -> bool:
    language = member.user.language or "en"
    with override(language):
        reader = Reader(now, ZoneInfo(merchant.zone), language)
        story = "\n".join(_lines(answers, merchant, reader))
    try:
        send(
            "answers_waiting",
            to=member.user.email,
            path=f"/desk/{merchant.slug}/",
            language=language,
            shop=merchant.name,
            story=story,
        )
    except NotSent:
        return False
    return True


def _lines(answers: list[DeliveryAnswer], merchant: Merchant, reader: Reader) -> list[str]:
    lines = [_line(one, merchant, reader) for one in answers[:_MOST]]
    more = len(answers) - _MOST
    if more > 0:
        lines.append(ngettext("And %(n)s more.", "And %(n)s more.", more) % {"n": more})
    return lines


def _line(one: DeliveryAnswer, merchant: Merchant, reader: Reader) -> str:
    carrier = name_of(one.shipment.carrier, language=reader.language)
    said = answer_sentence(one, carrier=carrier, shop=merchant.name, reader=reader)
    return gettext("Order %(number)s: %(said)s.") % {"number": one.order.number, "said": said}
