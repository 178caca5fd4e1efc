"""The editor of one question: the merchant's own, or our words changed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods

from dashboard.form_fields import components
from dashboard.help_texts.question_form import QuestionForm
from dashboard.help_texts.questions import our_title, our_words, own_or_404
from dashboard.languages.tabs import settings_of, tabs
from dashboard.languages.words import stand_in_words
from dashboard.shell import address, go, page
from help_texts.filling import NAMES
from help_texts.models import Question
from help_texts.writing import save_ours, save_question, title_of
from merchants.access import MerchantRequest, member_view
from merchants.models import Role
from storefront_pages.faq import preview
from storefront_pages.languages import written
from storefront_pages.questions import OURS


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def new(request: MerchantRequest) -> HttpResponseBase:
    """A question that is not there yet."""
    return _own(request, None)


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def edit(request: MerchantRequest, question_id: int) -> HttpResponseBase:
    """One of the merchant's own."""
    return _own(request, own_or_404(question_id))


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def ours(request: MerchantRequest, ours: str) -> HttpResponseBase:
    """One of ours: said in the merchant's words, or left out."""
    if ours not in OURS:
        raise Http404
    row = Question.objects.filter(ours=ours).first()
    form = QuestionForm(
        request.POST or None, languages=written(request.merchant), row=row, is_ours=True
    )
    if _is_saved(request, form):
        save_ours(
            merchant=request.merchant, by=request.user, ours=ours, texts=form.texts(),
            is_on=form.cleaned_data["is_on"],
        )  # fmt: skip
        return go(request, "questions")
    context = {
        "title": our_title(request, ours, row),
        "sentence": _("Left empty, a language keeps our words."),
        "our_words": our_words(request, ours),
        "remove_url": "",
    }
    return _editor(request, form, context)


def _own(request: MerchantRequest, row: Question | None) -> HttpResponseBase:
    merchant = request.merchant
    form = QuestionForm(request.POST or None, languages=written(merchant), row=row)
    if _is_saved(request, form):
        save_question(
            merchant=merchant, by=request.user, question=row, texts=form.texts(),
            stage=form.cleaned_data["stage"], is_on=form.cleaned_data["is_on"],
        )  # fmt: skip
        return go(request, "questions")
    context = {
        "title": title_of(row, merchant.default_language) if row else _("New question"),
        "sentence": _("Before ours, on the pages of orders and on the page of questions."),
        "our_words": None,
        "remove_url": address(request, "question_remove", row.pk) if row else "",
    }
    return _editor(request, form, context)


def _is_saved(request: MerchantRequest, form: QuestionForm) -> bool:
    """Whether what was posted may be kept; a preview keeps nothing."""
    if not form.is_bound or not form.is_valid() or request.POST.get("do") == "preview":
        return False
    messages.success(request, _("Saved. Pages show it from now on."))
    return True


def _editor(
    request: MerchantRequest, form: QuestionForm, context: dict[str, Any]
) -> HttpResponseBase:
    fields, languages = components(form), form.languages
    for field in fields:
        field["rows"] = 7
    context |= {
        "crumbs": [{"label": _("Questions"), "url": address(request, "questions")}],
        "languages": tabs(fields, languages, open_tab=request.POST.get("tab", "")),
        "stands_in": "" if form.is_ours else stand_in_words(languages),
        "settings": settings_of(fields, languages),
        "names": [{"insert": one.insert, "label": one.label} for one in NAMES],
        "previews": _previews(request, form),
    }
    status = 400 if form.errors else 200
    return page(request, "help_texts/question.html", context, current="questions", status=status)


def _previews(request: MerchantRequest, form: QuestionForm) -> list[dict[str, Any]]:
    """How it reads in each language in which there is something to read."""
    stage = str(form["stage"].value()) if "stage" in form.fields else Question.Stage.ALWAYS.value
    stage = stage if stage in Question.Stage.values else Question.Stage.ALWAYS.value
    found = []
    for code in form.languages:
        with override(code):
            items = preview(
                request.merchant,
                question=str(form[f"question_{code}"].value() or ""),
                answer=str(form[f"answer_{code}"].value() or ""),
                stage=stage,
                language=code,
                now=timezone.now(),
            )
        if items:
            found.append({"code": code, "questions": items})
    return found
