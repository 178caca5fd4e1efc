"""The pages that stand together: the look, questions, banners."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dashboard.shell import address
from merchants.access import MerchantRequest, may
from merchants.models import Role


def look_tabs(request: MerchantRequest, current: str) -> list[dict[str, Any]]:
    """For `components/tabs.html`: what shoppers see of the shop."""
    tabs = [
        ("brand", pgettext("how the shop's pages look", "Look"), Role.ADMIN),
        ("questions", _("Questions"), Role.VIEWER),
        ("banners", _("Banners"), Role.VIEWER),
    ]
    return [
        {"label": label, "url": address(request, route), "current": route == current, "count": None}
        for route, label, role in tabs
        if may(request.role, role)
    ]
