"""Another address or phone before dispatch, for somebody who entered a code.

What `storefront_pages.asking` says of CSRF tokens holds here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from lib.addresses import words
from lib.addresses.answering import LONGEST, read_answer
from lib.addresses.parts import AddressParts, Need
from lib.addresses.postcodes import has_postcodes
from merchants.scope import merchant_scope
from storefront_pages import languages
from storefront_pages.access import Part
from storefront_pages.code_limits import wait_words
from storefront_pages.doorbell import send_messages
from storefront_pages.looking import note_deed
from storefront_pages.preferences import Held, framed, held_by, refused, wait_to_change
from storefront_pages.views import private
from stores.address_answers import move
from tracking.address_check import parts_of, undispatched
from tracking.models import Order

#: By field: what the browser calls it, and whether it is written from left to right everywhere.
_KINDS: Final[Mapping[str, tuple[str, bool]]] = {
    "line1": ("address-line1", False),
    "line2": ("address-line2", False),
    "district": ("address-level3", False),
    "city": ("address-level2", False),
    "region": ("address-level1", False),
    "postcode": ("postal-code", True),
    "landmark": ("off", False),
    "phone": ("tel", True),
}
_MUSTS: Final = ("line1", "city", "phone")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@private
def change(request: HttpRequest, token: str, merchant: str = "") -> HttpResponse:
    """The form with the address as it stands; 303 back to the page where it was taken, or where
    nothing may be changed (any more)."""
    held = held_by(request, token, merchant, ends=True)
    if isinstance(held, HttpResponse):
        return held
    page, language = held.where.page(held.token), held.language(request)
    with merchant_scope(held.merchant.pk), translation.override(language):
        if not _is_open(held):
            return redirect(page)
        if request.method == "POST":
            response = _taken(request, held, page, language)
        else:
            response = _form(request, held, language, _known(held), {})
    response.headers["Cache-Control"] = "no-store"
    languages.speak(response, request, language=language, path=held.where.root)
    return response


def _is_open(held: Held) -> bool:
    """Whether the table grants it, the shop allows it, and nothing is on its way."""
    return (
        held.marked.access.may(Part.CHANGE_ADDRESS)
        and held.merchant.lets_change_address
        and Order.objects.filter(undispatched(), pk=held.order.pk).exists()
    )


def _taken(request: HttpRequest, held: Held, page: str, language: str) -> HttpResponse:
    typed = {
        name: str(request.POST.get(name, "")).replace("\x00", "").strip() for name in _names(held)
    }
    parts, errors = _read(held.order, typed)
    wait = wait_to_change(held) if not errors else 0
    if wait:
        again = _form(request, held, language, typed, {}, problem=wait_words(wait))
        return refused(again, wait=wait)
    if errors:
        return _form(request, held, language, typed, errors)
    move(order=held.order, parts=parts, now=datetime.now(UTC))
    send_messages()
    note_deed(request, held.marked)
    response: HttpResponse = redirect(f"{page}#details")
    response.status_code = 303
    return response


def _read(order: Order, typed: Mapping[str, str]) -> tuple[AddressParts, dict[str, str]]:
    """The address as it was typed, and what is wrong with it by field. The country stays."""
    answer = read_answer(typed, country=order.country)
    errors = {
        name: str(words.fault(fault, order.country, longest=LONGEST[name]))
        for name, fault in answer.faults.items()
    }
    for name in _MUSTS:
        if typed.get(name) == "":
            errors[name] = _("The courier needs this.")
    texts: dict[str, Any] = {name: getattr(answer.parts, name) for name in typed}
    known = parts_of(order)
    if (texts["line1"], texts["city"]) != (known.line1, known.city):
        # Another place: what pointed to the old one leads astray.
        nowhere = AddressParts(country=order.country)
        known = replace(known, makani=nowhere.makani, national_address=nowhere.national_address,
                        what3words=nowhere.what3words, pin=None)  # fmt: skip
    return replace(known, **texts), errors


def _names(held: Held) -> list[str]:
    """The fields of this form. The phone is the buyer's, and for nobody else's eyes; a postcode is
    asked for where there is such a thing."""
    left_out = set() if held.marked.access.may(Part.PHONE) else {"phone"}
    if not has_postcodes(held.order.country) and not held.order.postcode:
        left_out.add("postcode")
    return [name for name in _KINDS if name not in left_out]


def _known(held: Held) -> dict[str, str]:
    parts = parts_of(held.order)
    return {name: str(getattr(parts, name)) for name in _names(held)}


def _labels(country: str) -> dict[str, str]:
    return {
        "line1": str(words.label(Need.STREET, country)),
        "line2": _("Second line"),
        "district": str(words.label(Need.DISTRICT, country)),
        "city": str(words.label(Need.CITY, country)),
        "region": str(words.label(Need.REGION, country)),
        "postcode": str(words.label(Need.POSTCODE, country)),
        "landmark": _("A landmark nearby"),
        "phone": _("Phone for the courier"),
    }


def _form(
    request: HttpRequest,
    held: Held,
    language: str,
    values: Mapping[str, str],
    errors: Mapping[str, str],
    *,
    problem: str = "",
) -> HttpResponse:
    labels = _labels(held.order.country)
    fields = [
        {
            "name": name,
            "label": labels[name],
            "type": "tel" if name == "phone" else "text",
            "value": value,
            "error": errors.get(name, ""),
            "autocomplete": _KINDS[name][0],
            "dir": "ltr" if _KINDS[name][1] else "",
            "optional": name not in _MUSTS,
        }
        for name, value in values.items()
    ]
    context = framed(held, language=language) | {
        "fields": fields,
        "action": request.path,
        "problem": problem,
    }
    return render(request, "storefront/address.html", context, status=422 if errors else 200)
