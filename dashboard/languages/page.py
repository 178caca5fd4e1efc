"""Languages: which ones the shop's pages speak, and which its own texts are in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dashboard.form_fields import components
from dashboard.languages.form import ALL, LanguagesForm
from dashboard.languages.names import names_of
from dashboard.languages.words import (
    message_words,
    spoken_words,
    stand_in_words,
    written_words,
)
from dashboard.shell import address, go, page
from dashboard.shop_tabs import shop_tabs, tabs_label
from lib.languages import SHOPPERS
from merchants.access import MerchantRequest, member_view
from merchants.languages import choose_languages
from merchants.models import Merchant, Role, User
from selling import promoting
from storefront_pages.languages import written


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def languages(request: MerchantRequest) -> HttpResponseBase:
    """All or some, and the shop's own; it counts at once."""
    merchant = request.merchant
    form = LanguagesForm(request.POST if request.method == "POST" else None, merchant=merchant)
    if form.is_bound and form.is_valid():
        own = form.cleaned_data["own"]
        change_languages(merchant=merchant, by=request.user, languages=form.wanted(), own=own)
        messages.success(request, _("Saved. Pages speak them from now on."))
        return go(request, "languages")
    texts = written(merchant)
    context: dict[str, Any] = {
        "views": shop_tabs(request, "languages"),
        "views_label": tabs_label(),
        "sentence": spoken_words(merchant),
        "which": form["which"].value() or ALL,
        "count": len(SHOPPERS),
        "rows": form.rows(),
        "chosen": _chosen(form),
        "error": " ".join(map(str, form.errors.get("languages", ()))),
        "own": [one for one in components(form) if one["name"] == "own"],
        "texts": written_words(texts),
        "stands_in": stand_in_words(texts),
        "places": [
            (_("Notice, closing line, links"), address(request, "brand")),
            (_("Promotions"), address(request, "promotions")),
            (_("Questions"), address(request, "questions")),
            (_("Banners"), address(request, "banners")),
            (_("Disruptions"), address(request, "dates_disruptions")),
        ],
        "messages_say": message_words(merchant) or _("Messages are written in each of them."),
    }
    status = 400 if form.is_bound else 200
    return page(request, "languages.html", context, current="languages", status=status)


def change_languages(*, merchant: Merchant, by: User, languages: list[str], own: str) -> None:
    """Speak these, none for all; every text of the shop's own follows into its place."""
    with transaction.atomic():
        moved = choose_languages(merchant=merchant, by=by, languages=languages, own=own)
        if moved is not None:
            before, after = moved
            promoting.turn_texts(merchant_id=merchant.pk, before=before, after=after)


def _chosen(form: LanguagesForm) -> str:
    """Which are ticked, for the closed list; "" for none."""
    return names_of(row["code"] for row in form.rows() if row["is_chosen"])
