"""What shoppers see of the shop, as tabs of one place."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from dashboard.shell import address
from merchants.access import MerchantRequest, may
from merchants.models import Role

_TABS: Final = (
    ("brand", pgettext_lazy("how the shop's pages look", "Look"), Role.ADMIN),
    ("domains", pgettext_lazy("of the shop's pages", "Address"), Role.ADMIN),
    ("languages", gettext_lazy("Languages"), Role.ADMIN),
    ("promotions", gettext_lazy("Promotions"), Role.VIEWER),
    ("products", gettext_lazy("Products"), Role.VIEWER),
    ("questions", gettext_lazy("Questions"), Role.VIEWER),
    ("banners", gettext_lazy("Banners"), Role.VIEWER),
)


def shop_tabs(request: MerchantRequest, current: str) -> list[dict[str, Any]]:
    """For `components/tabs.html`; what the role may not open is not there."""
    return [
        {
            "label": label,
            "url": address(request, route),
            "current": route == current,
            "count": None,
        }
        for route, label, role in _TABS
        if may(request.role, role)
    ]


def tabs_label() -> str:
    return _("What customers see")
