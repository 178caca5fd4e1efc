"""What a person says about an answer that had to be passed on by hand; desk and dashboard."""

from __future__ import annotations

from django.http import Http404
from django.utils import timezone

from merchants.access import MerchantRequest, record
from tracking.answers import pass_on, settle
from tracking.models import DeliveryAnswer


def note_answer(request: MerchantRequest, answer_id: int) -> int:
    """Do what the posted `do` says, once, with a line in the audit log; the order's id.

    404 for an answer that is not there and for anything else than passed_on, agreed, refused.
    """
    answer = DeliveryAnswer.objects.select_related("order").filter(pk=answer_id).first()
    what = request.POST.get("do", "")
    if answer is None or what not in {"passed_on", "agreed", "refused"}:
        raise Http404
    now = timezone.now()
    if what == "passed_on":
        is_new = pass_on(answer=answer, by=request.user, now=now)
    else:
        words = request.POST.get("words", "")
        is_new = settle(
            answer=answer, agreed=what == "agreed", words=words, by=request.user, now=now
        )
    if is_new:
        record(
            merchant=request.merchant, user=request.user, action=f"answer.{what}",
            subject=answer.order.number,
        )  # fmt: skip
    order_id: int = answer.order_id
    return order_id
