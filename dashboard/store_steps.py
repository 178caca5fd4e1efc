"""Where in a shop's own pages the webhooks are added: words, by platform.

Only text: a platform without a line here gets the steps that are the same everywhere.
"""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_USUAL: Final = (
    _("Open the shop’s webhook settings."),
    _("Enter the same secret here and there."),
    _("Create a webhook for each topic, in JSON, with the address we give you next."),
)
_STEPS: Final[dict[str, tuple[Promise, ...]]] = {
    "shopify": (
        _("In Shopify open Settings, Notifications, Webhooks."),
        _("Copy the signing secret from the foot of that page into this form."),
        _("Create a webhook for each topic, in JSON, with the address we give you next."),
    ),
    "woocommerce": (
        _("In WordPress open WooCommerce, Settings, Advanced, Webhooks."),
        _("Make up a long secret; enter the same one here and there."),
        _("Add an active webhook for each topic, with the address we give you next."),
    ),
}


def steps_for(platform: str) -> tuple[Promise, ...]:
    """What to do in the shop, in order."""
    return _STEPS.get(platform, _USUAL)
