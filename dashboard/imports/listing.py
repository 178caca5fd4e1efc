"""The page that imports begin on: upload, what a file should look like, and what was imported."""

from __future__ import annotations

from typing import Any, Final

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from dashboard.clock import Clock, clock_for
from dashboard.imports.problem_words import file_words
from dashboard.imports.state_words import pill
from dashboard.shell import address, go, page
from dashboard.uploading import sends_too_much
from lib.csv_cells import BYTE_ORDER_MARK, line
from lib.formats import number
from lib.limits import count
from merchants.access import MerchantRequest, may, member_view, record
from merchants.models import Role
from stores.csv.drafts import understand
from stores.csv.presets import PRESETS
from stores.csv.problems import FileProblem
from stores.csv.sample import SAMPLE_ROWS
from stores.csv.uploads import MOST, TooLarge, keep
from stores.models import OrderImport

_SHOWN: Final = 50
_PER_HOUR: Final = 60


@csrf_exempt
@require_http_methods(["GET", "POST"])
def imports(request: HttpRequest, merchant: str) -> HttpResponseBase:
    """History and upload. Whoever is not signed in, or sends too much, is answered before the
    body is read into a file; the token that forms carry is checked by `_protected`."""
    if request.method == "POST":
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if sends_too_much(request, most=MOST):
            return _too_large(request, merchant)
    return _protected(request, merchant)


@member_view(Role.ADMIN)
def _too_large(request: MerchantRequest) -> HttpResponseBase:
    return _page(request, problem="too_large", status=413)


@csrf_protect
@member_view(Role.VIEWER)
def _protected(request: MerchantRequest) -> HttpResponseBase:
    if request.method == "POST":
        return _upload(request)
    return _page(request)


def _upload(request: MerchantRequest) -> HttpResponseBase:
    """Keep the file raw, then look at it; what cannot be read is said on the same page."""
    if not may(request.role, Role.ADMIN):
        return _page(request, status=403)
    sent = request.FILES.get("file")
    if sent is None:
        return _page(request, problem="no_file", status=400)
    if count(f"imports:{request.merchant.pk}", limit=_PER_HOUR, seconds=3600).is_over:
        return _page(request, problem="too_many", status=429)
    try:
        job = keep(
            merchant=request.merchant,
            user=request.user,
            file_name=sent.name or "",
            chunks=sent.chunks(),
        )
    except TooLarge:
        return _page(request, problem="too_large", status=413)
    try:
        understand(job, merchant=request.merchant, now=timezone.now())
    except FileProblem as problem:
        job.delete()
        return _page(
            request, problem=problem.code, row=problem.row, detail=problem.detail, status=400
        )
    record(merchant=request.merchant, user=request.user, action="import.uploaded",
           subject=job.file_name, rows=job.rows)  # fmt: skip
    return go(request, "import", job.pk)


def _page(
    request: MerchantRequest,
    *,
    problem: str = "",
    row: int = 0,
    detail: str = "",
    status: int = 200,
) -> HttpResponseBase:
    clock = clock_for(request.merchant)
    is_admin = may(request.role, Role.ADMIN)
    found = OrderImport.objects.select_related("created_by").order_by("-pk")
    if not is_admin:
        found = found.exclude(state=OrderImport.State.DRAFT)
    context: dict[str, Any] = {
        "crumbs": [{"label": _("Orders"), "url": address(request, "orders")}],
        "problem": file_words(problem, row=row, detail=detail) if problem else "",
        "may_import": is_admin,
        "upload_url": address(request, "imports"),
        "sample_url": address(request, "import_sample"),
        "presets": [preset.name for preset in PRESETS.values()],
        "rows": [_row(request, job, clock) for job in found[:_SHOWN]],
    }
    return page(request, "imports/listing.html", context, current="orders", status=status)


def _row(request: MerchantRequest, job: OrderImport, clock: Clock) -> dict[str, Any]:
    who = job.created_by
    counts = {
        "new": job.orders_new,
        "merged": job.orders_merged,
        "unchanged": job.orders_unchanged,
        "refused": job.rows_refused,
    }
    return {
        "name": job.file_name,
        "url": address(request, "import", job.pk),
        "who": (who.name or who.email) if who else _("Somebody who left"),
        "pill": pill(job),
        **{name: number(value, clock.language) for name, value in counts.items()},
        **clock.pair(job.created_at),
    }


@require_safe
@member_view(Role.VIEWER)
def sample(request: MerchantRequest) -> HttpResponseBase:
    """A small file that shows every usual column, in the reader's language."""
    rows = SAMPLE_ROWS["ar" if get_language() == "ar" else "en"]
    text = BYTE_ORDER_MARK + "".join(line(cells) for cells in rows)
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="homeward-orders.csv"'
    return response
