"""Which languages a shop's pages speak, and which of them is its own; in the merchant's scope."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from lib.languages import SHOPPERS, spoken
from merchants.access import record
from merchants.looks import turn_texts
from merchants.models import Merchant, User


def own_language(merchant: Merchant) -> str:
    """The language of a shop's own texts; it speaks where nobody knows the reader's."""
    return spoken(merchant.default_language) or SHOPPERS[0]


def choose_languages(
    *, merchant: Merchant, by: User, languages: Sequence[str], own: str
) -> tuple[str, str] | None:
    """Speak these from now on, all that we know where there are none; `own` is always among them.

    The look's texts follow into their places. Returns the shop's own language before and after
    where it became another: what else has texts in it has to follow too.
    """
    wanted = list(dict.fromkeys([own, *languages])) if languages else []
    before = own_language(merchant)
    if (merchant.languages, merchant.default_language) == (wanted, own):
        return None
    with transaction.atomic():
        if before != own:
            turn_texts(merchant=merchant, before=before, after=own)
        Merchant.objects.filter(pk=merchant.pk).update(languages=wanted, default_language=own)
        record(
            merchant=merchant, user=by, action="languages.changed",
            languages=[merchant.languages, wanted], own=[before, own],
        )  # fmt: skip
    merchant.languages, merchant.default_language = wanted, own
    return (before, own) if before != own else None
