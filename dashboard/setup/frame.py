"""What every page of the set-up has around it: steps, preview, the way on and the way out."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from dashboard.setup import steps
from dashboard.shell import address, other_language, with_own_origin
from merchants.access import MerchantRequest

#: The state of the invented parcel in the preview: something is on its way.
STATE = "in_transit"


def setup_page(
    request: MerchantRequest,
    step: str,
    template: str,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> TemplateResponse:
    """One step inside `setup/_frame.html`."""
    around: dict[str, Any] = {
        "shop": request.merchant.name,
        "steps": steps.rows(request, step),
        "step": step,
        "skip_url": address(request, "setup_skip", step) if step else "",
        "leave_url": address(request, "home"),
        "preview_url": preview_url(request),
        "other_language": other_language(),
        "next_url": onward(request, step) if step else "",
    }
    response = TemplateResponse(request, f"setup/{template}", around | context, status=status)
    return with_own_origin(response)


def preview_url(request: MerchantRequest, **values: str) -> str:
    """The shopper's page in this look; `values` are what was typed and is not saved yet."""
    return _with(address(request, "setup_preview"), request.merchant.default_language, values)


def new_preview_url(**values: str) -> str:
    """The same for a shop that is not there yet."""
    return _with(reverse("dashboard:new_preview"), get_language() or "en", values)


def _with(base: str, language: str, values: dict[str, str]) -> str:
    said = {name: value for name, value in values.items() if value}
    return f"{base}?{urlencode({'language': language} | said)}"


def onward(request: MerchantRequest, step: str) -> str:
    """The next step, or the end."""
    following = steps.after(step)
    if following:
        return address(request, "setup_step", following)
    return address(request, "setup_done")


def this_year() -> int:
    return timezone.now().year
