"""Trying our dates on the merchant's own past: asking, watching it run, and what came of it."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from dashboard.clock import Clock, clock_for
from dashboard.dates import backtest_words as words
from dashboard.dates.backtest_result import result
from dashboard.dates.tabs import date_tabs
from dashboard.doorbell import run_back_test
from dashboard.shell import address, go, page
from dashboard.uploading import sends_too_much
from edd.backtest.reading import NEEDED, OPTIONAL
from merchants.access import MerchantRequest, may, member_view, record
from merchants.models import Role
from tracking.back_testing import FEWEST
from tracking.back_tests import (
    AT_WORK,
    HISTORY,
    MONTHS,
    MOST_BYTES,
    AtWork,
    TooLarge,
    TooMany,
    ask,
    packed,
)
from tracking.models import BackTest
from tracking.past_orders import count_parcels

_SHOWN: Final = 10


@csrf_exempt
@require_http_methods(["GET", "POST"])
def backtest(request: HttpRequest, merchant: str) -> HttpResponseBase:
    """The newest run, and asking for another one. Whoever is not signed in, or sends too much, is
    answered before the body is read into a file; the forms' token is checked by `_protected`."""
    if request.method == "POST":
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if sends_too_much(request, most=MOST_BYTES):
            return _too_large(request, merchant)
    return _protected(request, merchant)


@member_view(Role.ADMIN)
def _too_large(request: MerchantRequest) -> HttpResponseBase:
    return _page(request, None, problem=words.too_large(MOST_BYTES), status=413)


@csrf_protect
@member_view(Role.VIEWER)
def _protected(request: MerchantRequest) -> HttpResponseBase:
    newest = _tests().first()
    if request.method == "POST":
        if not may(request.role, Role.ADMIN):
            return _page(request, newest, status=403)
        return _ask(request, newest)
    return _page(request, newest)


def _ask(request: MerchantRequest, newest: BackTest | None) -> HttpResponseBase:
    months = request.POST.get("months", "")
    if months not in {str(one) for one in MONTHS}:
        return _page(request, newest, problem=_("Choose a period first."), status=400)
    sent = request.FILES.get("file")
    if sent is None and request.POST.get("what") == "file":
        return _page(request, newest, problem=_("Choose a file first."), status=400)
    try:
        test = ask(
            merchant=request.merchant,
            user=request.user,
            months=int(months),
            now=timezone.now(),
            file_name=(sent.name or "orders.csv") if sent else "",
            upload=packed(sent.chunks()) if sent else None,
        )
    except TooLarge:
        return _page(request, newest, problem=words.too_large(MOST_BYTES), status=413)
    except TooMany:
        return _page(request, newest, problem=words.too_many(), status=429)
    except AtWork:
        messages.info(request, _("A run is at work already. Here is how far it is."))
        return go(request, "dates_backtest")
    record(merchant=request.merchant, user=request.user, action="backtest.started",
           subject=test.file_name, months=test.months)  # fmt: skip
    run_back_test(test.pk)
    return go(request, "dates_backtest")


@require_safe
@member_view(Role.VIEWER)
def run(request: MerchantRequest, test_id: int) -> HttpResponseBase:
    """One run of before."""
    return _page(request, get_object_or_404(_tests(), pk=test_id))


def _tests() -> Any:
    return BackTest.objects.defer("upload").select_related("asked_by").order_by("-pk")


def _page(
    request: MerchantRequest, test: BackTest | None, *, problem: str = "", status: int = 200
) -> HttpResponseBase:
    clock = clock_for(request.merchant)
    is_working = test is not None and test.state in AT_WORK
    is_done = test is not None and test.state == BackTest.State.DONE
    is_admin = may(request.role, Role.ADMIN)
    context: dict[str, Any] = {
        "tabs": date_tabs(request, "dates_backtest"),
        "problem": problem,
        "may_ask": is_admin and not is_working,
        "ask_url": address(request, "dates_backtest"),
        "here": address(request, "dates_backtest_run", test.pk) if test else "",
        "periods": [{"value": str(n), "label": words.months(n)} for n in MONTHS],
        "chosen": str(test.months if test else MONTHS[1]),
        "stored": words.stored(_stored(clock), clock, fewest=FEWEST) if is_admin else "",
        "columns": {"needed": NEEDED, "optional": OPTIONAL},
        "most": MOST_BYTES // 1_000_000,
        "run": _run(test, clock) if test else None,
        "progress": words.progress(test, clock) if test and is_working else None,
        "failure": words.failure(test, clock) if test else "",
        "result": result(test.results, clock) if test and is_done else None,
        "runs": [
            _run(one, clock) | {"url": address(request, "dates_backtest_run", one.pk)}
            for one in _tests()[:_SHOWN]
        ],
    }  # fmt: skip
    return page(request, "dates/backtest.html", context, current="dates", status=status)


def _stored(clock: Clock) -> int:
    return count_parcels(since=clock.now - HISTORY)


def _run(test: BackTest, clock: Clock) -> dict[str, Any]:
    who = test.asked_by
    return {
        "what": test.file_name or _("Your orders here"),
        "is_file": bool(test.file_name),
        "months": words.months(test.months),
        "pill": words.pill(test),
        "who": (who.name or who.email) if who else _("Somebody who left"),
        **clock.pair(test.created_at),
    }
