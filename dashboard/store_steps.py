"""Where in a shop's own pages the webhooks are added: words, by platform.

Only text: a platform without a line here gets the steps that are the same everywhere.
"""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stores.base import Way

_USUAL: Final = (
    _("Open the shop’s webhook settings."),
    _("Enter the same secret here and there."),
    _("Create a webhook for each topic, in JSON, with the address we give you next."),
)
_STEPS: Final[dict[tuple[str, Way], tuple[Promise, ...]]] = {
    ("shopify", "by_hand"): (
        _("In Shopify open Settings, Notifications, Webhooks."),
        _("Copy the signing secret from the foot of that page into this form."),
        _("Create a webhook for each topic, in JSON, with the address we give you next."),
    ),
    ("woocommerce", "by_hand"): (
        _("In WordPress open WooCommerce, Settings, Advanced, Webhooks."),
        _("Make up a long secret; enter the same one here and there."),
        _("Add an active webhook for each topic, with the address we give you next."),
    ),
}


def steps_for(platform: str, way: Way) -> tuple[Promise, ...]:
    """What to do in the shop, in order; nothing where agreeing on its own page is all."""
    found = _STEPS.get((platform, way), ())
    return found or (_USUAL if way == "by_hand" else ())
