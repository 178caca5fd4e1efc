"""The answer about cash at the door that came by a button, or as a word.

Payload: `cod:<order>:yes` or `cod:<order>:no` (`notifications.answers.quick`).
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from lib import formats
from notifications.answers.replying import understood
from notifications.models import Answer
from stores.cash_answers import answer_cash
from tracking.cash import question_of
from tracking.models import Order

PREFIX: Final = "cod"
_SAID: Final = {"yes": True, "no": False}


def take(answer: Answer, rest: str, now: datetime) -> bool:
    """Keep it as the page does and say what was understood; False leaves it to a person: another
    order's, or one that is packed or on its way by now."""
    number, _colon, said = rest.partition(":")
    confirmed, order = _SAID.get(said), answer.order
    if confirmed is None or order is None or number != str(order.pk):
        return False
    if not answer_cash(order=order, confirmed=confirmed, now=now):
        question = question_of(order)
        if question is None or question.confirmed is not confirmed:
            return False
    understood(answer, lambda language: _words(order, answer, language, confirmed), now=now)
    return True


def _words(order: Order, answer: Answer, language: str, confirmed: bool) -> tuple[str, str]:
    """A heading and a sentence, in the language that is active."""
    values = {"shop": answer.merchant.name, "number": order.number}
    if not confirmed:
        return (
            _("You do not want your order %(number)s any more") % values,
            _("%(shop)s knows. If that is not so, please answer “yes”.") % values,
        )
    amount = formats.money(
        order.cod_amount or Decimal(0), order.currency or answer.merchant.currency, language
    )
    return (
        _("You have confirmed your order %(number)s") % values,
        _("%(amount)s to pay at the door. If that is not so, please answer “no”.")
        % {"amount": amount},
    )
