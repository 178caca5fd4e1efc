"""Answers on the desk: the list of those that wait, and what an agent does about one."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from helpdesk.case_story import Typed
from helpdesk.conversation import unanswered_context
from helpdesk.reader import reader_for
from helpdesk.replies import LANGUAGES
from helpdesk.views import around, find_order, story_page
from helpdesk.written import use_place, write_back
from helpdesk.written_words import count_words, obstacle_words
from lib.folding import number_key
from merchants.access import MerchantRequest, may, member_view, record
from merchants.models import Role
from notifications.answers.replying import LONGEST, CannotReply
from notifications.answers.settling import give_to, needs_no_answer, unanswered
from notifications.answers.ways_back import way_back
from notifications.models import Answer
from tracking.models import Order


@member_view(Role.VIEWER)
@require_safe
def unanswered_page(request: MerchantRequest) -> HttpResponseBase:
    """What customers wrote and nobody answered, the oldest first."""
    reader = reader_for(request.merchant)
    acts = may(request.role, Role.AGENT)
    context = around(request, reader, opened=None)
    context |= unanswered_context(request.merchant, reader, acts=acts)
    context |= {"acts": acts, "sentence": count_words(unanswered().count())}
    return TemplateResponse(request, "desk/written.html", context)


@member_view(Role.AGENT)
@require_POST
def act(request: MerchantRequest, written_id: int) -> HttpResponseBase:
    """By the posted `do`: an answer by a channel, "needs none", its place, its order."""
    answer = (
        Answer.objects.select_related("order", "recipient", "merchant")
        .filter(pk=written_id)
        .first()
    )
    if answer is None:
        raise Http404
    do = request.POST.get("do", "")
    if do == "give":
        return _give(request, answer)
    if do == "none":
        if needs_no_answer(answer=answer, by=request.user, now=timezone.now()):
            _record(request, answer, "written.no_answer")
        return _back(request, answer)
    if answer.order is None:
        raise Http404
    if do == "place":
        return _place(request, answer)
    if do.startswith("reply:"):
        return _reply(request, answer, do.removeprefix("reply:"))
    raise Http404


def _reply(request: MerchantRequest, answer: Answer, channel: str) -> HttpResponseBase:
    text = request.POST.get("text", "").strip()
    language = request.POST.get("language", "")
    language = language if language in LANGUAGES else LANGUAGES[0]
    now = timezone.now()
    target = _newest_by(answer, channel)
    try:
        sent = write_back(
            answer=target, channel=channel, text=text, language=language, by=request.user, now=now
        )
    except CannotReply as refused:
        error = _words_problem(text)
        if refused.obstacle is not None:
            way = way_back(target, channel, now=now)
            known = obstacle_words(way, reader_for(request.merchant)) if way else ""
            error = known or _("This way is not open.")
        order = find_order(answer.order_id or 0)
        typed = Typed("reply", {"text": text}, error)
        return story_page(request, order, typed=typed, status=422)
    if sent is not None:
        _record(request, answer, "written.replied", channel=channel)
    return _back(request, answer)


def _newest_by(answer: Answer, channel: str) -> Answer:
    """A mail answers the newest mail, so that the thread goes on; all else the one at hand."""
    rows = Answer.objects.select_related("order", "recipient", "merchant")
    same = rows.filter(
        order_id=answer.order_id, recipient_id=answer.recipient_id, channel=channel
    ).order_by("-received_at", "-pk")
    return same.first() or answer


def _words_problem(text: str) -> str:
    if not text:
        return _("Write a few words.")
    return _("Keep it under %(n)s letters.") % {"n": LONGEST}


def _place(request: MerchantRequest, answer: Answer) -> HttpResponseBase:
    if use_place(answer=answer, by=request.user, now=timezone.now()):
        _record(request, answer, "written.place_used")
    else:
        messages.info(request, _("Nothing was changed: the parcel is on its way."))
    return _back(request, answer)


def _give(request: MerchantRequest, answer: Answer) -> HttpResponseBase:
    """The order that an agent names by its number."""
    number = number_key(request.POST.get("number", ""))
    found = Order.objects.filter(number_key=number).order_by("-placed_at").first()
    if not number or found is None:
        messages.error(request, _("There is no order with this number."))
        return _see(reverse("helpdesk:unanswered", args=[request.merchant.slug]))
    if give_to(answer=answer, order=found, now=timezone.now()):
        _record(request, answer, "written.given")
    return _back(request, answer)


def _record(request: MerchantRequest, answer: Answer, action: str, **more: str) -> None:
    subject = answer.order.number if answer.order else ""
    record(
        merchant=request.merchant, user=request.user, action=action, subject=subject, **more
    )  # fmt: skip


def _back(request: MerchantRequest, answer: Answer) -> HttpResponse:
    slug = request.merchant.slug
    if answer.order_id is None:
        return _see(reverse("helpdesk:unanswered", args=[slug]))
    return _see(f"{reverse('helpdesk:story', args=[slug, answer.order_id])}#written")


def _see(address: str) -> HttpResponse:
    return HttpResponse(status=303, headers={"Location": address})
