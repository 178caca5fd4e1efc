"""An import that was started: how far it is, what came of it, the rows it refused, and undoing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dashboard.clock import Clock, clock_for
from dashboard.doorbell import carry_on_import
from dashboard.imports.mapping import draft_page
from dashboard.imports.problem_words import file_words, problem_words, row_words
from dashboard.imports.state_words import orders_words, outcome, pill, progress
from dashboard.shell import address, go, page
from lib.formats import number
from merchants.access import MerchantRequest, may, member_view, record
from merchants.models import Role
from stores.csv.holding import WORKING
from stores.csv.problems import Problem
from stores.csv.refused import refused_file, refused_rows
from stores.csv.undo import reach, request_undo, still_there
from stores.csv.work import again
from stores.models import OrderImport

_State = OrderImport.State
_SHOWN: Final = 20
#: Orders that an undo left, as links.
_KEPT_SHOWN: Final = 50


@require_safe
@member_view(Role.VIEWER)
def show(request: MerchantRequest, import_id: int) -> HttpResponseBase:
    """The import as it is now. A draft is for those who may start it: it holds the file's cells."""
    needed = OrderImport.objects.all()
    if not may(request.role, Role.ADMIN):
        needed = needed.exclude(state=_State.DRAFT)
    job = get_object_or_404(needed, pk=import_id)
    return draft_page(request, job) if job.state == _State.DRAFT else _standing(request, job)


def _standing(request: MerchantRequest, job: OrderImport) -> HttpResponseBase:
    clock = clock_for(request.merchant)
    is_working = job.state in WORKING
    is_admin = may(request.role, Role.ADMIN)
    context: dict[str, Any] = {
        "crumbs": [
            {"label": _("Orders"), "url": address(request, "orders")},
            {"label": _("Import orders"), "url": address(request, "imports")},
        ],
        "title": job.file_name,
        "sentence": "" if is_working else _sentence(job, clock),
        "pill": pill(job),
        "is_working": is_working,
        "here": address(request, "import", job.pk),
        "progress": progress(job, clock) if is_working else None,
        "stats": _stats(job, clock),
        "facts": _facts(job, clock),
        "refused": _refused(job) if is_admin and not is_working else [],
        "refused_more": job.rows_refused > _SHOWN,
        "refused_url": address(request, "import_refused", job.pk)
        if is_admin and job.rows_refused and refused_rows(job, limit=1)
        else "",
        "kept": _kept(request, job) if job.state == _State.UNDONE else [],
        "orders_url": address(request, "orders"),
        "undo_url": _if(
            is_admin and _may_undo(job), address(request, "import_undo", job.pk)
        ),
        "again_url": _if(
            is_admin and job.problem == "failed", address(request, "import_again", job.pk)
        ),
        "imports_url": address(request, "imports"),
    }  # fmt: skip
    return page(request, "imports/standing.html", context, current="orders")


def _if(condition: bool, url: str) -> str:
    return url if condition else ""


def _may_undo(job: OrderImport) -> bool:
    return job.state in {_State.DONE, _State.FAILED} and job.orders_new + job.orders_merged > 0


def _sentence(job: OrderImport, clock: Clock) -> str:
    if job.state == _State.FAILED:
        return file_words(job.problem, row=job.problem_row)
    return outcome(job, clock.language)


def _stats(job: OrderImport, clock: Clock) -> list[dict[str, str]]:
    counted: Sequence[tuple[str, int, str]] = (
        (_("New orders"), job.orders_new, ""),
        (_("Merged into known orders"), job.orders_merged, ""),
        (_("Known already"), job.orders_unchanged, ""),
        (_("Rows refused"), job.rows_refused, _("to mend") if job.rows_refused else ""),
    )
    return [
        {
            "label": label,
            "value": number(value, clock.language),
            "detail": detail,
            "tone": "wait" if detail else "",
        }
        for label, value, detail in counted
    ]


def _facts(job: OrderImport, clock: Clock) -> list[dict[str, Any]]:
    who = job.created_by
    name = (who.name or who.email) if who else _("Somebody who left")
    facts: list[dict[str, Any]] = [
        {"label": _("Uploaded by"), "value": name},
        {"label": _("Started"), "value": clock.spoken(job.started_at)},
    ]
    if job.finished_at:
        facts.append({"label": _("Ended"), "value": clock.spoken(job.finished_at)})
    if job.undone_at:
        facts.append({"label": _("Undone"), "value": clock.spoken(job.undone_at)})
    source = job.settings.get("source_name", "")
    if source:
        facts.append({"label": _("Shop or marketplace"), "value": source})
    return facts


def _refused(job: OrderImport) -> list[dict[str, Any]]:
    """The first refused rows with their reasons, for those who can mend them."""
    return [
        {
            "row": row.number,
            "key": row.order_key,
            "problems": [
                problem_words(Problem.from_json(kept)) for kept in row.problems or ()
            ],
        }
        for row in refused_rows(job, limit=_SHOWN)
    ]  # fmt: skip


def _kept(request: MerchantRequest, job: OrderImport) -> list[dict[str, str]]:
    return [
        {"number": one.order.number, "url": address(request, "order", one.order_id)}
        for one in still_there(job)[:_KEPT_SHOWN]
    ]


@require_safe
@member_view(Role.ADMIN)
def refused(request: MerchantRequest, import_id: int) -> HttpResponseBase:
    """The refused rows as a file: the columns as they were, and one that says why."""
    job = get_object_or_404(OrderImport.objects.exclude(state=_State.DRAFT), pk=import_id)
    language = get_language() or "en"
    response = StreamingHttpResponse(_lines(job, language), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="refused-rows-{job.pk}.csv"'
    record(merchant=request.merchant, user=request.user, action="import.refused_downloaded",
           subject=job.file_name)  # fmt: skip
    return response


def _lines(job: OrderImport, language: str) -> Iterator[str]:
    """Written while it is sent, when the request's language is no longer set."""

    def words(problems: Sequence[Problem]) -> str:
        with override(language):
            return row_words(problems)

    with override(language):
        why = _("Why it was refused")
    yield from refused_file(job, why=why, words=words)


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def undo(request: MerchantRequest, import_id: int) -> HttpResponseBase:
    """Asks first, with the counts; then what the import made goes, unless somebody touched it."""
    ended = OrderImport.objects.filter(state__in=[_State.DONE, _State.FAILED])
    job = get_object_or_404(ended, pk=import_id)
    if request.method == "POST":
        if request_undo(job, now=timezone.now()):
            record(merchant=request.merchant, user=request.user, action="import.undone",
                   subject=job.file_name)  # fmt: skip
            carry_on_import(job.pk)
        return go(request, "import", job.pk)
    context = {
        "crumbs": [{"label": job.file_name, "url": address(request, "import", job.pk)}],
        "title": _("Undo this import?"),
        "sentence": _reach_words(job),
        "confirm": _("Undo the import"),
        "confirm_url": address(request, "import_undo", job.pk),
        "keep_url": address(request, "import", job.pk),
    }
    return page(request, "confirm.html", context, current="orders")


def _reach_words(job: OrderImport) -> str:
    language = get_language() or "en"
    found = reach(job)
    gone = _("%(orders)s will be removed: this file made them, and nobody touched them since.")
    sentence = gone % {"orders": orders_words(found.removed, language)}
    if not found.kept:
        return sentence
    stay = _("%(orders)s will stay: they were scanned, told of, changed or known before.")
    return f"{sentence} {stay % {'orders': orders_words(found.kept, language)}}"


@require_POST
@member_view(Role.ADMIN)
def try_again(request: MerchantRequest, import_id: int) -> HttpResponseBase:
    """Carry on with an import that failed through no fault of the file."""
    failed = OrderImport.objects.filter(state=_State.FAILED, problem="failed")
    job = get_object_or_404(failed, pk=import_id)
    again(job, now=timezone.now())
    carry_on_import(job.pk)
    record(merchant=request.merchant, user=request.user, action="import.tried_again",
           subject=job.file_name)  # fmt: skip
    messages.success(request, _("It carries on where it stopped."))
    return go(request, "import", job.pk)
