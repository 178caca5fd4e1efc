"""Cases, answers, doubted scans on the desk: parse what an agent posts, do it, show it again."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from helpdesk.answer_view import note_answer
from helpdesk.case_story import Typed
from helpdesk.cases import (
    LONGEST,
    CaseProblem,
    add_case_note,
    close_case,
    open_case,
    set_state,
    write_to_shopper,
)
from helpdesk.held import rule_posted
from helpdesk.models import Case
from helpdesk.replies import LANGUAGES
from helpdesk.views import find_order, story_page
from merchants.access import MerchantRequest, member_view, record
from merchants.models import Role
from tracking.models import Shipment

_KINDS: Final = frozenset(Case.Kind.values)


@member_view(Role.AGENT)
@require_POST
def case_open(request: MerchantRequest, order_id: int) -> HttpResponseBase:
    """An agent opens a case about an order or one of its parcels."""
    order = find_order(order_id)
    kind, text = request.POST.get("kind", ""), request.POST.get("text", "").strip()
    parcel = request.POST.get("parcel", "")
    shipment = None
    if parcel.isascii() and parcel.isdigit() and len(parcel) < 19:
        shipment = Shipment.objects.filter(order=order, pk=int(parcel)).first()
    error = _problem(text) or ("" if kind in _KINDS else _("Choose what it is about."))
    if error:
        typed = Typed("open", {"kind": kind, "text": text, "parcel": parcel}, error)
        return story_page(request, order, typed=typed, status=422)
    made, is_new = open_case(
        order=order, kind=kind, text=text, shipment=shipment, by=request.user, now=timezone.now()
    )
    if is_new:
        record(
            merchant=request.merchant, user=request.user, action="case.opened",
            subject=order.number, kind=kind,
        )  # fmt: skip
    return _back(request, order.pk, f"case-{made.pk}")


@member_view(Role.AGENT)
@require_POST
def case(request: MerchantRequest, case_id: int) -> HttpResponseBase:
    """A note, words to the customer, a state, or the outcome; by the posted `do`."""
    found = Case.objects.select_related("order").filter(pk=case_id).first()
    if found is None:
        raise Http404
    do, text = request.POST.get("do", ""), request.POST.get("text", "").strip()
    error = _problem(text) if do in {"note", "write", "close"} else ""
    if not error:
        try:
            action = _act(request, found, do, text)
        except CaseProblem:
            error = _("The case is closed already.")
        else:
            if action:
                record(
                    merchant=request.merchant, user=request.user, action=action,
                    subject=found.order.number,
                )  # fmt: skip
            return _back(request, found.order_id, f"case-{found.pk}")
    values = {"text": text, "outcome": request.POST.get("outcome", "")}
    typed = Typed(f"{do}:{found.pk}", values, error)
    return story_page(request, found.order, typed=typed, status=422)


@member_view(Role.AGENT)
@require_POST
def answer(request: MerchantRequest, answer_id: int) -> HttpResponseBase:
    """An answer to a failed attempt was passed on, agreed to or refused."""
    return _back(request, note_answer(request, answer_id), "answers")


@member_view(Role.AGENT)
@require_POST
def scan_rule(request: MerchantRequest, event_id: int) -> HttpResponseBase:
    """A doubted scan counts, or is left out for good."""
    order_id, _is_new = rule_posted(request, event_id)
    return _back(request, order_id, f"scan-{event_id}")


def _act(request: MerchantRequest, found: Case, do: str, text: str) -> str:
    """Do it; the action for the audit log, "" when nothing was new."""
    by, now = request.user, timezone.now()
    language = request.POST.get("language", "")
    language = language if language in LANGUAGES else LANGUAGES[0]
    if do == "note":
        add_case_note(case=found, text=text, by=by, now=now)
        return "case.note"
    if do == "write":
        new = write_to_shopper(case=found, text=text, language=language, by=by, now=now)
        return "case.replied" if new else ""
    if do == "close":
        outcome = request.POST.get("outcome", "")
        if outcome not in Case.Outcome.values:
            raise Http404
        close_case(case=found, outcome=outcome, text=text, language=language, by=by, now=now)
        return "case.closed"
    if do in {"open", "waiting"}:
        return f"case.{do}" if set_state(case=found, state=do, by=by, now=now) else ""
    raise Http404


def _problem(text: str) -> str:
    if not text:
        return _("Write a few words.")
    if len(text) > LONGEST:
        return _("Keep it under %(n)s letters.") % {"n": LONGEST}
    return ""


def _back(request: MerchantRequest, order_id: int, part: str) -> HttpResponse:
    path = reverse("helpdesk:story", args=[request.merchant.slug, order_id])
    return HttpResponse(status=303, headers={"Location": f"{path}#{part}"})
