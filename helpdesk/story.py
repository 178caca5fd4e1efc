"""One order's whole story, read once, as `desk/_story.html` takes it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from carriers.registry import name_of
from edd.disruptions import Disruption
from helpdesk import replies
from helpdesk.address_lines import address_lines
from helpdesk.case_story import NOTHING, Typed, answer_rows, case_rows, read_cases
from helpdesk.case_words import KINDS
from helpdesk.cases import LONGEST as LONGEST_CASE
from helpdesk.conversation import conversation, written_of
from helpdesk.disruption_lines import disruption_lines
from helpdesk.feedback_rows import feedback_rows
from helpdesk.given import given_rows, leg_rows
from helpdesk.held import held_rows, is_held
from helpdesk.hits import flags_of
from helpdesk.models import Case, CaseEntry, Note
from helpdesk.notes import LONGEST
from helpdesk.outage_lines import outage_lines
from helpdesk.page_views import page_view_rows
from helpdesk.people import address, details, initials
from helpdesk.queue import worst_of
from helpdesk.rail import steps
from helpdesk.reader import Reader
from helpdesk.scans import card, facts, timeline
from helpdesk.sent import sent_items
from helpdesk.summary import summary
from helpdesk.told import told_rows
from lib import formats
from lib.vocabulary import TERMINAL, Status
from merchants.models import Brand, Merchant
from notifications.models import Answer, Message
from notifications.seen import Visits, visits_of
from tracking import links
from tracking.answers import agreed_day
from tracking.cash import question_of
from tracking.disrupting import disruptions_of
from tracking.feedback import feedback_of
from tracking.models import (
    AddressCheck,
    CashQuestion,
    DeliveryAnswer,
    Event,
    Feedback,
    Leg,
    Order,
    OrderItem,
    Outage,
    Promise,
    Recipient,
    Shipment,
    ShipmentItem,
    ShownDate,
    Watch,
)
from tracking.outages import open_outages
from tracking.shown import told_of


@dataclass(frozen=True, slots=True)
class Story:
    """The rows of one order, each table asked once; newest first where time matters."""

    merchant: Merchant
    order: Order
    recipients: list[Recipient]
    parcels: list[Shipment]
    events: dict[int, list[Event]]
    watches: dict[int, Watch]
    why: dict[int, list[str]]
    items: list[OrderItem]
    contents: dict[int, list[ShipmentItem]]
    legs: dict[int, list[Leg]]
    messages: list[Message]
    notes: list[Note]
    cases: list[tuple[Case, list[CaseEntry]]]
    answers: list[DeliveryAnswer]
    written: list[Answer]
    outages: list[Outage]
    disruptions: list[Disruption]
    address_check: AddressCheck | None
    told: list[ShownDate]
    visits: Sequence[Visits]
    #: Whether an order that is paid at the door stands.
    question: CashQuestion | None = None
    #: How people found the delivery and the shop; newest first.
    feedback: Sequence[Feedback] = ()

    @property
    def buyer(self) -> Recipient | None:
        return next((r for r in self.recipients if r.role == Recipient.Role.BUYER), None)


def read_story(order: Order, merchant: Merchant, *, with_notes: bool) -> Story:
    """Everything about one order, in seventeen queries (sixteen without notes, two more with a
    disruption, one more with cash to be paid, one more once something was delivered)."""
    parcels = list(Shipment.objects.filter(order=order).order_by("pk"))
    ids = [parcel.pk for parcel in parcels]
    events: dict[int, list[Event]] = defaultdict(list)
    by_id = {parcel.pk: parcel for parcel in parcels}
    for event in Event.objects.filter(shipment_id__in=ids).select_related("ruled_by"):
        event.shipment = by_id[event.shipment_id]
        events[event.shipment_id].append(event)
    for mine in events.values():
        mine.sort(key=lambda event: (event.at or event.received_at, event.pk), reverse=True)
    contents: dict[int, list[ShipmentItem]] = defaultdict(list)
    for row in ShipmentItem.objects.filter(shipment_id__in=ids).order_by("item__position", "pk"):
        contents[row.shipment_id].append(row)
    legs: dict[int, list[Leg]] = defaultdict(list)
    for leg in Leg.objects.filter(shipment_id__in=ids).order_by("position"):
        legs[leg.shipment_id].append(leg)
    return Story(
        merchant=merchant,
        order=order,
        recipients=list(Recipient.objects.filter(order=order).order_by("pk")),
        parcels=parcels,
        events=events,
        watches={watch.shipment_id: watch for watch in Watch.objects.filter(shipment_id__in=ids)},
        # Ascending, so that the newest promise stands last and wins.
        why={
            promise.shipment_id: promise.why
            for promise in Promise.objects.filter(shipment_id__in=ids).order_by("made_at", "pk")
        },
        items=list(OrderItem.objects.filter(order=order)),
        contents=contents,
        legs=legs,
        messages=list(_messages(order)),
        notes=list(Note.objects.filter(order=order).select_related("author").order_by("-at", "-pk"))
        if with_notes
        else [],
        cases=read_cases(order),
        answers=list(
            DeliveryAnswer.objects.filter(order=order).select_related("handled_by").order_by("-pk")
        ),
        written=written_of(order),
        outages=list(open_outages(_on_the_way(parcels))),
        disruptions=list(disruptions_of(parcels).values()),
        address_check=getattr(order, "address_check", None),
        told=told_of(order.pk),
        visits=visits_of(order.pk),
        question=question_of(order) if order.cod_amount else None,
        feedback=feedback_of(order) if any(map(_has_come, parcels)) else (),
    )


def _messages(order: Order) -> QuerySet[Message]:
    """Newest first, with the changes that they tell."""
    rows = Message.objects.filter(order=order).select_related("change")
    return rows.order_by("-created_at", "-pk")


def _has_come(parcel: Shipment) -> bool:
    return parcel.status == Status.DELIVERED


def _on_the_way(parcels: Sequence[Shipment]) -> set[str]:
    return {parcel.carrier for parcel in parcels if parcel.status not in TERMINAL}


def story_context(
    story: Story, reader: Reader, *, acts: bool, typed: Typed = NOTHING
) -> dict[str, Any]:
    """`story` of the template. Who may not act (a viewer) sees no contact, note or words."""
    order, parcels = story.order, story.parcels
    cancelled = order.cancelled_at is not None
    return {
        "number": order.number,
        "sentence": summary(parcels, story.messages, reader, cancelled=cancelled),
        "status": order.status,
        "flags": flags_of(parcels),
        "customer": _customer(order, acts=acts),
        "address": address(order, reader.language, full=acts),
        "address_check": address_lines(story.address_check, order, reader) if acts else None,
        "facts": details(
            order, story.recipients, reader, shows_contact=acts, question=story.question
        ),
        "page_url": page_url(story),
        "app_url": f"/app/{story.merchant.slug}/orders/{order.pk}/",
        "outages": outage_lines(story.outages, reader),
        "disruptions": disruption_lines(story.disruptions),
        "steps": steps(order, parcels, reader),
        "parcels": [_parcel(story, index, reader, acts=acts) for index in range(len(parcels))],
        "items": _lines(story.items) if not parcels else [],
        "sent": sent_items(story.messages, reader, shows_contact=acts),
        "told": told_rows(story.told, parcels, reader),
        "page_views": page_view_rows(story.visits, reader),
        "feedback": feedback_rows(story.feedback, reader, acts=acts),
        "notes": _notes(story, reader),
        "note_form": _note_form(story) if acts else None,
        "cases": case_rows(
            story.cases,
            reader,
            merchant=story.merchant,
            language=_language(story),
            acts=acts,
            typed=typed,
        ),
        "case_form": _case_form(story, reader, typed) if acts else None,
        "answers": _answers(story, reader, acts=acts),
        "written": conversation(
            story.written,
            story.messages,
            parcels,
            order,
            reader,
            merchant=story.merchant,
            acts=acts,
            typed=typed,
        ),
    }


def _customer(order: Order, *, acts: bool) -> dict[str, str]:
    name = order.customer_name or order.ship_to_name
    return {
        "name": name or _("Customer without a name"),
        "initials": initials(name),
        "detail": order.customer_email if acts else "",
    }


def _notes(story: Story, reader: Reader) -> list[dict[str, Any]]:
    return [
        {
            "text": note.text,
            "by": (note.author.name or note.author.email) if note.author else _("Left the team"),
            **reader.pair(note.at),
        }
        for note in story.notes
    ]


def _note_form(story: Story) -> dict[str, Any]:
    url = reverse("helpdesk:note", args=[story.merchant.slug, story.order.pk])
    return {"url": url, "longest": LONGEST}


def _answers(story: Story, reader: Reader, *, acts: bool) -> list[dict[str, Any]]:
    url = reverse("helpdesk:answer", args=[story.merchant.slug, 0]).replace("/0/", "/{id}/")
    return answer_rows(
        story.answers, story.parcels, reader, merchant=story.merchant, url=url, acts=acts
    )


def _case_form(story: Story, reader: Reader, typed: Typed) -> dict[str, Any]:
    """The form that opens a case."""
    mine = typed if typed.form == "open" else NOTHING
    several = len(story.parcels) > 1
    return {
        "url": reverse("helpdesk:case_open", args=[story.merchant.slug, story.order.pk]),
        "longest": LONGEST_CASE,
        "kinds": [{"value": key, "label": str(label)} for key, label in KINDS.items()],
        "parcels": [
            {"value": str(parcel.pk), "label": parcel.tracking_number}
            for parcel in worst_of(story.parcels)
        ],
        "choose": several,
        "values": mine.values,
        "error": mine.error,
    }


def reply_context(story: Story, reader: Reader) -> dict[str, Any]:
    """`reply` of the template: the customer's language first, then the other one."""
    inquiry = _inquiry(story, reader)
    theirs = _language(story)
    other = next(language for language in replies.LANGUAGES if language != theirs)
    return {
        "text": replies.reply(inquiry, theirs),
        "lang": theirs,
        "language": _language_name(theirs, reader),
        "own_text": replies.reply(inquiry, other),
        "own_lang": other,
        "own_language": _language_name(other, reader),
        "resend": None,
    }


def _language(story: Story) -> str:
    return replies.customer_language(merchant=story.merchant, order=story.order, buyer=story.buyer)


def _inquiry(story: Story, reader: Reader) -> replies.Inquiry:
    return replies.Inquiry(
        merchant=story.merchant,
        order=story.order,
        parcels=worst_of(story.parcels),
        buyer=story.buyer,
        link=page_url(story),
        now=reader.now,
        answers=story.answers,
        cases=[case for case, _entries in story.cases],
        hides_carrier=Brand.objects.filter(merchant=story.merchant, hide_carrier=True).exists(),
    )


def page_url(story: Story) -> str:
    """The full address of the page that the buyer's messages lead to."""
    link = links.link_for(order=story.order, recipient=story.buyer)
    return links.page_url(link, merchant=story.merchant)


def _parcel(story: Story, index: int, reader: Reader, *, acts: bool) -> dict[str, Any]:
    parcel = story.parcels[index]
    carrier = name_of(parcel.carrier, language=reader.language) if parcel.carrier else ""
    by_id = {item.pk: item for item in story.items}
    rows = [(by_id[row.item_id], row.quantity) for row in story.contents[parcel.pk]]
    if not rows and len(story.parcels) == 1:
        # Nobody said what is in which parcel; with one parcel it is everything.
        rows = [(item, item.quantity) for item in story.items]
    return {
        "card": card(
            parcel,
            reader,
            index=index + 1,
            count=len(story.parcels),
            items=[_line(item, quantity) for item, quantity in rows],
            agreed=agreed_day(parcel, story.answers, today=reader.today),
        ),
        "facts": [
            *facts(
                parcel,
                story.order,
                story.watches.get(parcel.pk),
                story.why.get(parcel.pk, []),
                reader,
                why_url=f"/app/{story.merchant.slug}/parcels/{parcel.pk}/why/",
            ),
            *given_rows(parcel.details, language=reader.language, shows_people=acts),
            *leg_rows(story.legs[parcel.pk], language=reader.language),
        ],
        "events": timeline(
            (event for event in story.events[parcel.pk] if not event.quarantined),
            reader,
            carrier=carrier,
        ),
        "held": held_rows(
            filter(is_held, story.events[parcel.pk]),
            reader,
            url=reverse("helpdesk:scan_rule", args=[story.merchant.slug, 0]).replace(
                "/0/", "/{id}/"
            ),
            acts=acts,
            explain_url=f"/app/{story.merchant.slug}/scans/{{id}}/",
        ),
    }


def _lines(items: Sequence[OrderItem]) -> list[dict[str, Any]]:
    return [_line(item, item.quantity) for item in items]


def _line(item: OrderItem, quantity: int) -> dict[str, Any]:
    # The policy lets images in by https only; others would show as broken.
    image = item.image_url if item.image_url.startswith("https://") else ""
    return {
        "name": item.title, "option": item.sku, "quantity": quantity, "image": image, "price": "",
    }  # fmt: skip


def _language_name(code: str, reader: Reader) -> str:
    name = formats.locale_of(code).get_display_name(reader.language)
    return name or code
