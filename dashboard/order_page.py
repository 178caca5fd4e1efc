"""One order on one page, and the messages it led to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db.models import F, Func, IntegerField, Value
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dashboard import order_facts, order_story
from dashboard.addresses.panel import TypedAddress, address_panel
from dashboard.clock import Clock, clock_for
from dashboard.connections import delivery_row
from dashboard.form_fields import components
from dashboard.forms import ParcelForm
from dashboard.framed_mail import framed
from dashboard.message_facts import message_facts
from dashboard.message_words import message_row, message_title
from dashboard.order_list import flags_of
from dashboard.order_people.panel import people as told_people
from dashboard.parcel_story import Overrides, parcel
from dashboard.parcels.adding import connect_panels
from dashboard.parcels.carrier_picker import carrier_names
from dashboard.parcels.identity import identity
from dashboard.shell import address, go, page
from helpdesk.answer_view import note_answer
from helpdesk.case_story import answer_rows
from helpdesk.case_words import KINDS, OUTCOMES, STATES
from helpdesk.disruption_lines import disruption_lines
from helpdesk.feedback_rows import feedback_rows
from helpdesk.models import Case
from helpdesk.outage_lines import outage_lines
from helpdesk.page_views import page_view_rows, reading_rows
from helpdesk.reader import reader_for
from helpdesk.told import told_rows
from inbox.models import Delivery
from lib.vocabulary import TERMINAL, Status
from merchants.access import MerchantRequest, may, member_view
from merchants.models import Brand, Role
from notifications.models import Message
from notifications.preview import with_logo
from notifications.seen import visits_of
from stores.models import StoreConnection
from tracking.cash import question_of
from tracking.disrupting import disruptions_of
from tracking.feedback import feedback_of
from tracking.links import link_for, page_url
from tracking.models import CodeOverride, Order, Shipment
from tracking.outages import open_outages
from tracking.shown import Where, Who, note_shown, seen, told_of

#: How many of a store's deliveries are searched for one order's, newest first.
_SEARCHED: Final = 500


@require_safe
@member_view(Role.VIEWER)
def order(request: MerchantRequest, order_id: int) -> HttpResponseBase:
    """Everything known about one order, and why."""
    orders = Order.objects.select_related("address_check__answered_by").defer("search_text")
    return order_answer(request, get_object_or_404(orders, pk=order_id))


def order_answer(
    request: MerchantRequest,
    found: Order,
    *,
    status: int = 200,
    typed_address: TypedAddress | None = None,
    people: list[dict[str, Any]] | None = None,
) -> HttpResponseBase:
    """The order's page; also what a form on it that could not be taken is answered with."""
    found.merchant = request.merchant
    clock = clock_for(request.merchant)
    story = order_story.load(found)
    store = _store_of(found)
    link = page_url(link_for(order=found), merchant=request.merchant)
    context: dict[str, Any] = {
        "crumbs": [{"label": _("Orders"), "url": address(request, "orders")}],
        "order": {
            "number": found.number,
            "sentence": order_story.sentence(story, clock),
            "status": found.status,
            "flags": flags_of(story.parcels),
        },
        "action": {"label": _("Customer’s page"), "url": link, "icon": "external-link"},
        "panels": connect_panels(
            request, list(story.parcels), onward=address(request, "order", found.pk)
        ),
        "steps": order_story.rail(story, clock),
        "outages": outage_lines(
            open_outages({one.carrier for one in story.parcels if one.status not in TERMINAL}),
            clock,
        ),
        "disruptions": disruption_lines(disruptions_of(story.parcels).values()),
        "parcels": _parcels(request, story, clock),
        "items": order_story.loose_items(story),
        "customer": order_facts.customer(found),
        "address": order_facts.postal_address(found, clock),
        "people": people or told_people(request, found),
        "address_check": address_panel(request, found, story.parcels, clock, typed=typed_address),
        "facts": [
            *order_facts.order_facts(
                found,
                clock,
                store=_source_name(found, store),
                question=question_of(found) if found.cod_amount else None,
            ),
            *order_facts.replaced_row(request, found),
        ],
        "refunds": order_facts.refund_rows(story.refunds, story.items, found, clock),
        "consents": order_facts.consent_rows(story.consents, clock),
        "messages_sent": [message_row(request, one, clock) for one in story.messages],
        "changes": order_story.change_rows(story, clock),
        "link": link,
        "close_url": address(request, "links_close", found.pk),
        "access_url": address(request, "page_access") if may(request.role, Role.ADMIN) else "",
        "deliveries": _deliveries(request, found, store, clock),
        "answers": _answers(request, story),
        "cases": _cases(request, found),
        "desk_order_url": reverse("helpdesk:story", args=[request.merchant.slug, found.pk]),
        "parcel_form": components(ParcelForm()),
        "carrier_names": carrier_names(request) if may(request.role, Role.AGENT) else None,
        "parcel_url": address(request, "parcel_add", found.pk),
        "told": told_rows(told_of(found.pk), story.parcels, clock),
        "page_views": page_view_rows(visits_of(found.pk), clock),
        "feedback": _feedback(request, story, clock),
    }
    looks = seen(story.parcels, where=Where.DASHBOARD, who=Who.AGENT)
    note_shown(looks, merchant_id=request.merchant.pk, now=clock.now)
    return page(request, "order.html", context, current="orders", status=status)


def _parcels(
    request: MerchantRequest, story: order_story.Story, clock: Clock
) -> list[dict[str, Any]]:
    """Each parcel with all that is known of it, and the form that names another carrier."""
    overrides = _overrides(story.parcels)
    scan_url = address(request, "scan", 0).replace("/0/", "/{id}/")
    return [
        parcel(
            story,
            one,
            overrides,
            clock,
            held_url=_held_url(request),
            scan_url=scan_url,
            why_url=address(request, "parcel_why", one.pk),
        )
        | {"identity": identity(request, one)}
        for one in story.parcels
    ]


@require_POST
@member_view(Role.AGENT)
def answer(request: MerchantRequest, answer_id: int) -> HttpResponseBase:
    """A customer's answer was passed on, agreed to or refused."""
    return go(request, "order", note_answer(request, answer_id))


def _feedback(
    request: MerchantRequest, story: order_story.Story, clock: Clock
) -> list[dict[str, Any]]:
    """How it was, once something came."""
    if all(one.status != Status.DELIVERED for one in story.parcels):
        return []
    rows = feedback_of(story.order)
    return feedback_rows(rows, clock, acts=may(request.role, Role.AGENT))


def _answers(request: MerchantRequest, story: order_story.Story) -> list[dict[str, Any]]:
    return answer_rows(
        story.answers,
        story.parcels,
        reader_for(request.merchant),
        merchant=request.merchant,
        url=address(request, "answer", 0).replace("/0/", "/{id}/"),
        acts=may(request.role, Role.AGENT),
    )


def _cases(request: MerchantRequest, found: Order) -> list[dict[str, Any]]:
    """The order's cases in a line each; their story is on the desk."""
    reader = reader_for(request.merchant)
    return [
        {
            "kind": str(KINDS[case.kind]),
            "tone": STATES[case.state][0],
            "icon": STATES[case.state][1],
            "state": str(OUTCOMES[case.outcome] if case.outcome else STATES[case.state][2]),
            **reader.pair(case.opened_at),
        }
        for case in Case.objects.filter(order=found).order_by("-pk")
    ]


@require_safe
@member_view(Role.VIEWER)
def message(request: MerchantRequest, message_id: int) -> HttpResponseBase:
    """One message as it was sent."""
    found = get_object_or_404(Message.objects.select_related("order"), pk=message_id)
    clock = clock_for(request.merchant)
    context = {
        "crumbs": [
            {"label": _("Orders"), "url": address(request, "orders")},
            {"label": found.order.number, "url": address(request, "order", found.order_id)},
        ],
        "title": message_title(found),
        "row": message_row(request, found, clock),
        "subject": found.subject,
        "reason": found.reason,
        "text": found.text,
        "reading": reading_rows(found, clock),
        "preview_url": address(request, "message_preview", found.pk) if found.html else "",
        **message_facts(request, found, clock),
    }
    return page(request, "message.html", context, current="messages")


@require_safe
@member_view(Role.VIEWER)
def message_preview(request: MerchantRequest, message_id: int) -> HttpResponseBase:
    """The mail's own HTML, for a frame: sandboxed, under a policy of its own."""
    found = get_object_or_404(Message.objects.only("html", "merchant_id"), pk=message_id)
    brand = Brand.objects.filter(merchant_id=found.merchant_id).first()
    return framed(with_logo(found.html, brand))


def _held_url(request: MerchantRequest) -> str:
    if not may(request.role, Role.AGENT):
        return ""
    return address(request, "scan_rule", 0).replace("/0/", "/{id}/")


def _overrides(parcels: Sequence[Shipment]) -> Overrides:
    slugs = {one.carrier for one in parcels}
    rows = CodeOverride.objects.filter(carrier__in=slugs)
    return {(row.carrier, row.code): row.version for row in rows}


def _store_of(found: Order) -> StoreConnection | None:
    """The store this order came from; None for the API, a form or a file."""
    platform, _colon, pk = found.source.partition(":")
    if not pk.isdigit():
        return None
    return StoreConnection.objects.filter(pk=int(pk), platform=platform).first()


def _source_name(found: Order, store: StoreConnection | None) -> str:
    if store is not None:
        return store.name
    kind, _colon, file = found.source.partition(":")
    if kind == "csv" and file:
        return _("A file (%(name)s)") % {"name": file}
    names = {"api": _("The API"), "form": _("This dashboard"), "csv": _("A file")}
    return names.get(found.source, found.source)


def _deliveries(
    request: MerchantRequest, found: Order, store: StoreConnection | None, clock: Clock
) -> list[dict[str, Any]]:
    """What the store sent about this order, as it came: found by the order's id in the body."""
    if store is None or not found.external_id:
        return []
    recent = Delivery.objects.filter(
        kind="store", slug=store.platform, connection_id=store.pk
    ).order_by("-received_at", "-pk")[:_SEARCHED]
    place = Func(
        Value(found.external_id.encode()),
        F("body"),
        function="position",
        arg_joiner=" IN ",
        output_field=IntegerField(),
    )
    mine = (
        Delivery.objects.filter(pk__in=list(recent.values_list("pk", flat=True)))
        .annotate(place=place)
        .filter(place__gt=0)
        .defer("headers")
        .order_by("-received_at", "-pk")[:10]
    )
    return [delivery_row(request, one, clock, store_id=store.pk) for one in mine]
