"""The WooCommerce shop's own pages: the back office, and the page where its owner agrees.

https://woocommerce.github.io/woocommerce-rest-api-docs/#rest-api-authentication-endpoint
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from demo.models import WooHook, WooOrder, WooWritten
from demo.shop.posting import NotTaken, post
from demo.woo import books, rest
from lib.formats import money, time_of_day, weekday_date

_SHOWN: Final = 8


@csrf_exempt
def front(request: HttpRequest) -> HttpResponse:
    """What WordPress answers at its root: its API when a route is named, else the back office."""
    route = request.GET.get("rest_route", "")
    return rest.answer(request, route) if route else _office(request)


@csrf_exempt
def api(request: HttpRequest, route: str) -> HttpResponse:
    return rest.answer(request, f"/{route}")


@csrf_protect
def _office(request: HttpRequest) -> HttpResponse:
    hooks = list(WooHook.objects.all())
    context: dict[str, Any] = {
        "name": books.NAME,
        "address": f"{settings.BASE_URL}{books.PATH}",
        "do_url": f"{books.PATH}/do/",
        "is_down": books.is_down(),
        "is_connected": bool(hooks),
        "is_telling": any(hook.status == "active" for hook in hooks),
        "orders": [_order_row(one) for one in WooOrder.objects.all()[:_SHOWN]],
        "total": WooOrder.objects.count(),
        "written": [
            _written_row(one) for one in WooWritten.objects.select_related("order")[:_SHOWN]
        ],
    }
    return render(request, "demo/woo/office.html", context)


def _order_row(order: WooOrder) -> dict[str, Any]:
    values, language = order.values, get_language() or "en"
    buyer = values["billing"]
    return {
        "number": f"#{order.pk}",
        "who": f"{buyer['first_name']} {buyer['last_name']}, {values['shipping']['city']}",
        "total": money(values["total"], values["currency"], language),
        **_when(order.placed_at),
    }


def _written_row(row: WooWritten) -> dict[str, Any]:
    kinds = {"note": _("Note"), "address": _("Address"), "parcel": _("Tracking number")}
    return {
        "number": f"#{row.order.pk}",
        "kind": kinds[row.kind],
        "words": row.words,
        **_when(row.at),
    }


def _when(at: datetime) -> dict[str, str]:
    language = get_language() or "en"
    day = weekday_date(at.date(), language)
    return {"time": f"{day}, {time_of_day(at, language)}", "iso": at.isoformat()}


@require_POST
def do(request: HttpRequest) -> HttpResponse:
    """A button of the back office."""
    action = _ACTIONS.get(request.POST.get("do", ""))
    if action is None:
        return HttpResponseBadRequest()
    messages.success(request, action())
    response = redirect(f"{books.PATH}/")
    response.status_code = 303
    return response


def _buy() -> str:
    if books.is_down():
        return _("Nobody can buy while the shop is down.")
    order = books.buy(now=datetime.now(UTC))
    hears = WooHook.objects.filter(topic="order.created", status="active").exists()
    if hears:
        return _("Order #%(number)s was placed, and Homeward was told.") % {"number": order.pk}
    return _("Order #%(number)s was placed, and nobody was told.") % {"number": order.pk}


def _mute() -> str:
    WooHook.objects.update(status="disabled")
    return _("The webhooks are off: Homeward does not hear of orders any more.")


def _down() -> str:
    books.go_down()
    return _("The shop is down for five minutes.")


def _up() -> str:
    books.come_up()
    return _("The shop is up again.")


_ACTIONS: Final[dict[str, Callable[[], str]]] = {
    "buy": _buy,
    "mute": _mute,
    "down": _down,
    "up": _up,
}


@require_http_methods(["GET", "POST"])
def authorize(request: HttpRequest) -> HttpResponse:
    """The owner agrees, and the shop's server posts the keys before the browser goes back."""
    back, callback = (request.GET.get(name, "") for name in ("return_url", "callback_url"))
    if not (books.is_ours(back) and books.is_ours(callback)):
        return HttpResponseBadRequest("This shop is played for this server only.")
    context = {"name": books.NAME, "app": request.GET.get("app_name", "")[:60]}
    if request.method == "GET":
        return render(request, "demo/woo/agree.html", context)
    agreed = request.POST.get("do") == "approve"
    if agreed:
        body = json.dumps(books.issue_keys()).encode()
        try:
            post(callback, body, {"content-type": "application/json"})
        except NotTaken:
            problem = _("The app did not take the keys. Please begin again there.")
            context |= {"problem": problem}
            return render(request, "demo/woo/agree.html", context, status=502)
    said = {"success": "1" if agreed else "0", "user_id": request.GET.get("user_id", "")}
    mark = "&" if urlsplit(back).query else "?"
    return redirect(f"{back}{mark}{urlencode(said)}")
