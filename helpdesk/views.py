"""The desk: parse, ask, show.

A search posts and is kept in the visitor's session, so that nothing personal stands in an
address and the results stay beside the order that was opened from them.
"""

from __future__ import annotations

import re
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from helpdesk.case_story import NOTHING, Typed
from helpdesk.hits import queue_hits, search_hits
from helpdesk.notes import add_note
from helpdesk.reader import Reader, reader_for
from helpdesk.story import read_story, reply_context, story_context
from merchants.access import MerchantRequest, may, member_view, record
from merchants.models import Membership, Role
from tracking.models import Order
from tracking.shown import Where, Who, note_shown, seen

_SEARCHES: Final = "desk_searches"
_LONGEST_QUERY: Final = 100
_STORY_PATH: Final = re.compile(r"/orders/([0-9]{1,18})/")


@login_required
@require_safe
def choose(request: HttpRequest) -> HttpResponseBase:
    """The only shop at once; a choice for people of several."""
    memberships = list(
        Membership.objects.filter(user_id=request.user.pk or 0, accepted_at__isnull=False)
        .select_related("merchant")
        .order_by("merchant__name")
    )
    if len(memberships) == 1:
        return redirect("helpdesk:desk", memberships[0].merchant.slug)
    merchants = [
        {
            "name": membership.merchant.name,
            "url": reverse("helpdesk:desk", args=[membership.merchant.slug]),
            "role": Role(membership.role).label,
        }
        for membership in memberships
    ]
    return TemplateResponse(request, "dashboard/choose.html", {"merchants": merchants})


@member_view(Role.VIEWER)
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: MerchantRequest) -> HttpResponseBase:
    """The queue; a POST searches and is answered with the results alone where htmx asks."""
    query = request.POST.get("q", "").strip()[:_LONGEST_QUERY]
    _remember(request, query)
    reader = reader_for(request.merchant)
    if request.headers.get("HX-Request") == "true":
        hits = _results(request, query, reader, opened=_open_order(request))
        return TemplateResponse(request, "desk/_results.html", hits)
    context = _shell(request, query) | _results(request, query, reader, opened=None)
    return TemplateResponse(request, "desk/desk.html", context | {"story": None, "reply": None})


@member_view(Role.VIEWER)
@require_safe
def story(request: MerchantRequest, order_id: int) -> HttpResponseBase:
    """One order between the results it was found in and the reply."""
    return story_page(request, find_order(order_id))


def story_page(
    request: MerchantRequest, order: Order, *, typed: Typed = NOTHING, status: int = 200
) -> HttpResponseBase:
    """The page of one order; with something `typed` it says what is wrong beside the field."""
    reader = reader_for(request.merchant)
    acts = may(request.role, Role.AGENT)
    read = read_story(order, request.merchant, with_notes=acts)
    context = around(request, reader, opened=order.pk)
    context["story"] = story_context(read, reader, acts=acts, typed=typed)
    context["reply"] = reply_context(read, reader)
    looks = seen(read.parcels, where=Where.DESK, who=Who.AGENT)
    note_shown(looks, merchant_id=request.merchant.pk, now=reader.now)
    return TemplateResponse(request, "desk/desk.html", context, status=status)


def around(request: MerchantRequest, reader: Reader, *, opened: int | None) -> dict[str, Any]:
    """What stands around the middle of the desk: the bar, and the results of the last search."""
    query = request.session.get(_SEARCHES, {}).get(request.merchant.slug, "")
    return _shell(request, query) | _results(request, query, reader, opened=opened)


@member_view(Role.AGENT)
@require_POST
def note(request: MerchantRequest, order_id: int) -> HttpResponseBase:
    """Add a note, then show it (303, so that a reload repeats nothing)."""
    order = find_order(order_id)
    _, is_new = add_note(order=order, author=request.user, text=request.POST.get("text", ""))
    if is_new:
        record(
            merchant=request.merchant, user=request.user, action="note.added", subject=order.number
        )
    path = reverse("helpdesk:story", args=[request.merchant.slug, order_id])
    return HttpResponse(status=303, headers={"Location": f"{path}#notes"})


def find_order(order_id: int) -> Order:
    orders = Order.objects.select_related("address_check__answered_by")
    order = orders.filter(pk=order_id).first()
    if order is None:
        raise Http404
    return order


def _open_order(request: HttpRequest) -> int | None:
    """The order that stands beside the results while somebody types."""
    page = _STORY_PATH.search(request.headers.get("HX-Current-URL", ""))
    return int(page[1]) if page else None


def _remember(request: MerchantRequest, query: str) -> None:
    """Keep the search of this shop; an empty one is forgotten."""
    searches = dict(request.session.get(_SEARCHES, {}))
    if searches.get(request.merchant.slug, "") == query:
        return
    searches[request.merchant.slug] = query
    request.session[_SEARCHES] = {slug: kept for slug, kept in searches.items() if kept}


def _results(
    request: MerchantRequest, query: str, reader: Reader, *, opened: int | None
) -> dict[str, Any]:
    if not query:
        return queue_hits(merchant=request.merchant, reader=reader, opened=opened)
    return search_hits(
        query,
        merchant=request.merchant,
        reader=reader,
        opened=opened,
        shows_contact=may(request.role, Role.AGENT),
    )


def _shell(request: MerchantRequest, query: str) -> dict[str, Any]:
    """The context of `desk_base.html`. The dashboard stands above this app: its addresses are
    written out."""
    slug = request.merchant.slug
    return {
        "merchant": {"name": request.merchant.name},
        "home_url": reverse("helpdesk:desk", args=[slug]),
        "app_url": f"/app/{slug}/",
        "sign_out_url": "/app/logout/",
        "search": {"action": reverse("helpdesk:desk", args=[slug]), "value": query},
    }
