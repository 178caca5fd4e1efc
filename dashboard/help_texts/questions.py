"""The list of questions: the merchant's own in its order, and ours."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dashboard.languages.names import names_of
from dashboard.shell import address, go, page
from dashboard.shop_tabs import shop_tabs
from help_texts.models import Question
from help_texts.shown import is_listed
from help_texts.writing import (
    list_page,
    move_question,
    remove_question,
    save_ours,
    title_of,
)
from merchants.access import MerchantRequest, may, member_view
from merchants.models import Role
from storefront_pages.invented import invented, invented_story
from storefront_pages.questions import OURS, ask


@require_safe
@member_view(Role.VIEWER)
def questions(request: MerchantRequest) -> HttpResponseBase:
    """Everything that shoppers are answered without asking."""
    rows = list(Question.objects.order_by("position", "pk"))
    own = [row for row in rows if not row.ours]
    changes = {row.ours: row for row in rows if row.ours}
    new = {"label": _("New question"), "url": address(request, "question_new"), "icon": "plus"}
    context = {
        "views": shop_tabs(request, "questions"),
        "sentence": _("What shoppers ask most, answered before they ask."),
        "action": new if may(request.role, Role.ADMIN) else None,
        "own": [_row(request, row, n, len(own)) for n, row in enumerate(own)],
        "ours": [_ours_row(request, key, changes.get(key)) for key in OURS],
        "page_url": f"/p/{request.merchant.slug}/faq/",
        "is_listed": is_listed(request.merchant.pk),
        "listed_url": address(request, "questions_listed"),
    }
    return page(request, "help_texts/questions.html", context, current="questions")


@require_POST
@member_view(Role.ADMIN)
def move(request: MerchantRequest, question_id: int) -> HttpResponseBase:
    """One place up or down."""
    row = own_or_404(question_id)
    is_up = request.POST.get("way") == "up"
    move_question(merchant=request.merchant, by=request.user, question=row, is_up=is_up)
    return go(request, "questions")


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def remove(request: MerchantRequest, question_id: int) -> HttpResponseBase:
    """Asks first; then it is gone, in every language."""
    row = own_or_404(question_id)
    if request.method == "POST":
        remove_question(merchant=request.merchant, by=request.user, question=row)
        messages.success(request, _("The question is removed."))
        return go(request, "questions")
    here = address(request, "question", row.pk)
    context = {
        "crumbs": [{"label": _("Questions"), "url": address(request, "questions")}],
        "title": _("Remove this question?"),
        "sentence": title_of(row, request.merchant.default_language),
        "confirm": _("Remove it"),
        "confirm_url": address(request, "question_remove", row.pk),
        "keep_url": here,
    }
    return page(request, "confirm.html", context, current="questions")


@require_POST
@member_view(Role.ADMIN)
def switch(request: MerchantRequest, ours: str) -> HttpResponseBase:
    """Leave one of our questions out, or show it again; its words stay."""
    if ours not in OURS:
        raise Http404
    row = Question.objects.filter(ours=ours).first()
    save_ours(
        merchant=request.merchant, by=request.user, ours=ours,
        texts=row.texts if row else {}, is_on=request.POST.get("is_on") == "on",
    )  # fmt: skip
    return go(request, "questions")


@require_POST
@member_view(Role.ADMIN)
def listed(request: MerchantRequest) -> HttpResponseBase:
    """Whether search engines may list the public page."""
    wanted = request.POST.get("is_listed") == "on"
    list_page(merchant=request.merchant, by=request.user, is_listed=wanted)
    return go(request, "questions")


def own_or_404(question_id: int) -> Question:
    """One of the merchant's own questions."""
    return get_object_or_404(Question, pk=question_id, ours="")


def our_words(request: MerchantRequest, key: str) -> dict[str, str]:
    """What we ask and answer under this key, about an invented parcel, in the active language."""
    story = invented_story(
        request.merchant,
        invented("out_for_delivery"),
        language=get_language() or "en",
        now=timezone.now(),
    )
    return ask(key, story)


def our_title(request: MerchantRequest, key: str, change: Question | None) -> str:
    """The merchant's own words for one of our questions, else ours."""
    own = change.texts.get(get_language() or "en", {}) if change else {}
    return str(own.get("question") or our_words(request, key)["question"])


def _row(request: MerchantRequest, row: Question, n: int, count: int) -> dict[str, Any]:
    return {
        "title": title_of(row, request.merchant.default_language),
        "url": address(request, "question", row.pk),
        "stage": Question.Stage(row.stage).label,
        "languages": names_of(sorted(row.texts)),
        "is_on": row.is_on,
        "move_url": address(request, "question_move", row.pk),
        "may_up": n > 0,
        "may_down": n < count - 1,
    }


def _ours_row(request: MerchantRequest, key: str, change: Question | None) -> dict[str, Any]:
    is_on = change is None or change.is_on
    return {
        "title": our_title(request, key, change),
        "url": address(request, "question_ours", key),
        "is_on": is_on,
        "is_reworded": change is not None and bool(change.texts),
        "switch_url": address(request, "question_switch", key),
    }
