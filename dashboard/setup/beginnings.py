"""What a shop that has just begun can do next: the first entries of its to-do list."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dashboard.setup import steps
from dashboard.shell import address, setup_url
from merchants.access import MerchantRequest, may
from merchants.founding import STEPS
from merchants.models import Role
from stores.sandbox_orders import is_offered


def beginnings(request: MerchantRequest, *, is_empty: bool) -> list[dict[str, Any]]:
    """Set-up, the open question, and ways to the first parcel; for who may take them."""
    is_admin = may(request.role, Role.ADMIN)
    found = [_setup(request)] if setup_url(request) else []
    if is_admin and request.merchant.sends_own_confirmations is None:
        found.append(
            _todo(
                "wait", "mail-question-mark",
                _("Say who confirms orders: your shop or Homeward"),
                _("Until then, “order placed” and “order confirmed” are off."),
                f"{address(request, 'messages')}#confirmations",
                pgettext("to do", "Answer"),
            )
        )  # fmt: skip
    if is_empty and may(request.role, Role.AGENT):
        found += _first_parcels(request, is_admin=is_admin)
    return found


def _setup(request: MerchantRequest) -> dict[str, Any]:
    done = len(steps.progress_of(request.merchant).done)
    words = _("Finish setting up: %(done)s of %(all)s") % {"done": done, "all": len(STEPS)}
    return _todo(
        "moving", "list-checks", words, _("It goes on where you left it."), setup_url(request),
        pgettext("to do", "Go on"),
    )  # fmt: skip


def _first_parcels(request: MerchantRequest, *, is_admin: bool) -> list[dict[str, Any]]:
    found = [
        _todo(
            "quiet", "package-plus", _("Add a parcel"),
            _("A tracking number is enough."), address(request, "parcel_new"),
            pgettext("to do", "Add"),
        )
    ]  # fmt: skip
    if is_offered():
        found.append(
            _todo(
                "quiet", "flask-conical", _("Make a test parcel"),
                _("Late, held at customs, attempted: see what your customers would see."),
                address(request, "sandbox_parcel"), pgettext("to do", "Make"),
            )
        )  # fmt: skip
    if is_admin:
        found.append(
            _todo(
                "quiet", "store", _("Connect a shop"),
                _("Orders then arrive by themselves, a second after they are placed."),
                address(request, "store_choose"), pgettext("to do", "Connect"),
            )
        )  # fmt: skip
        found.append(
            _todo(
                "quiet", "file-up", _("Import orders"),
                _("From a CSV file of any shop or marketplace; you see the result first."),
                address(request, "imports"), pgettext("to do", "Import"),
            )
        )  # fmt: skip
    return found


def _todo(
    tone: str, icon: str, sentence: str, detail: str, url: str, action: str
) -> dict[str, Any]:
    return {
        "tone": tone, "icon": icon, "count": None, "sentence": sentence, "detail": detail,
        "url": url, "action": action,
    }  # fmt: skip
