"""How we write to this shopper: the page behind every message's last line, and the mail program's
own "unsubscribe".

Exempt from CSRF tokens for the reason that `lookup` gives; the link's token is the authority.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from lib import limits
from lib.phones import masked_email, masked_phone
from merchants.models import Merchant
from merchants.scope import merchant_scope
from notifications.channels.registry import Kind, Reach
from notifications.channels.webpush import public_key
from notifications.consent import choose, handle_of, phone_of, preference_of, suppressed
from notifications.models import Preference, PushSubscription
from notifications.rules import channels_on
from storefront_pages import languages
from storefront_pages.shop import Addresses, addresses, shell
from storefront_pages.stamps import Stamp, stamp
from storefront_pages.views import merchant_of, no_page, private, shop_today
from tracking.models import Link, Order, Recipient

#: Changes through one link in an hour.
CHANGES_A_LINK: Final = (30, 3600)


@dataclass(frozen=True, slots=True)
class Held:
    """Who holds the link: the order it leads to and the person it was made for."""

    token: str
    marked: Stamp
    order: Order
    where: Addresses

    @property
    def merchant(self) -> Merchant:
        return self.marked.merchant

    def recipient(self) -> Recipient | None:
        """The link's person, else the buyer; in the merchant's scope."""
        link = Link.objects.filter(pk=self.marked.link_id).first()
        people = Recipient.objects.filter(order_id=self.order.pk)
        mine = people.filter(pk=link.recipient_id).first() if link else None
        return mine or people.filter(role=Recipient.Role.BUYER).first()

    def language(self, request: HttpRequest) -> str:
        wish = self.marked.recipient_language or self.order.language
        return languages.choose(request, self.merchant, order_language=wish)


def held_by(request: HttpRequest, token: str, slug: str) -> Held | HttpResponse:
    """The link's holder; the shop's "no such page" where the link leads nowhere."""
    own: Merchant | None = getattr(request, "own_domain", None)
    marked = stamp(token, merchant_slug=own.slug if own else slug)
    if marked is None or marked.order is None:
        return no_page(request, marked.merchant if marked else merchant_of(request, slug))
    return Held(token, marked, marked.order, addresses(request, marked.merchant))


def is_too_often(held: Held) -> bool:
    """Counts one more change through this link."""
    limit, seconds = CHANGES_A_LINK
    name = f"preferences:{held.merchant.pk}:{held.marked.link_id}"
    return limits.count(name, limit=limit, seconds=seconds).is_over


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@private
def preferences(request: HttpRequest, token: str, merchant: str = "") -> HttpResponse:
    """Channel, language, silence. A post is answered with 303 back to the page, which says so."""
    held = held_by(request, token, merchant)
    if isinstance(held, HttpResponse):
        return held
    with merchant_scope(held.merchant.pk):
        person = held.recipient()
        if person is None:
            return no_page(request, held.merchant)
        language = held.language(request)
        if request.method == "POST":
            if is_too_often(held):
                return HttpResponse(_("Please try again later."), status=429)
            language = _save(request, held, person, language=language)
            response: HttpResponse = redirect(f"{request.path}?saved=1&lang={language}")
            response.status_code = 303
        else:
            with translation.override(language):
                response = _form(request, held, person, language=language)
    response.headers["Cache-Control"] = "no-store"
    languages.speak(response, request, language=language, path=held.where.root)
    return response


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@private
def unsubscribe(request: HttpRequest, token: str, merchant: str = "") -> HttpResponse:
    """A mail program's one click (RFC 8058) posts here: no more e-mail. A person is led on."""
    held = held_by(request, token, merchant)
    if isinstance(held, HttpResponse):
        return held
    if request.method != "POST":
        return redirect(f"{held.where.page(token)}preferences/")
    with merchant_scope(held.merchant.pk):
        person = held.recipient()
        # Never limited: it changes nothing the second time, and must not fail the first.
        if person is not None:
            chosen = preference_of(person)
            wanted = _wanted(chosen, channels_on(held.merchant))
            choose(
                recipient=person,
                channels=wanted - {"email"},
                language=chosen.language if chosen else "",
                is_muted=chosen.is_muted if chosen else False,
                now=datetime.now(UTC),
            )
    return HttpResponse(status=204)


def _save(request: HttpRequest, held: Held, person: Recipient, *, language: str) -> str:
    """Keep what was posted; returns the language to go on in."""
    offered = languages.offered(held.merchant)
    wish = request.POST.get("language", "")
    chosen_language = wish if wish in offered else language
    known = {row["name"] for row in _rows(held, person)}
    choose(
        recipient=person,
        channels=known & set(request.POST),
        language=chosen_language,
        is_muted="mute" in request.POST,
        now=datetime.now(UTC),
    )
    Recipient.objects.filter(pk=person.pk).update(language=chosen_language)
    return chosen_language


def _form(request: HttpRequest, held: Held, person: Recipient, *, language: str) -> HttpResponse:
    chosen = preference_of(person)
    names = dict(settings.LANGUAGES)
    today = shop_today(held.merchant)
    context = shell(
        held.merchant, held.marked.brand, held.where, language=language, today=today
    ) | {
        "order_number": held.order.number,
        "page_url": held.where.page(held.token),
        "saved": "saved" in request.GET,
        "channels": _rows(held, person),
        "is_muted": bool(chosen and chosen.is_muted),
        "language": language,
        "language_options": [
            {"value": code, "label": names[code]} for code in languages.offered(held.merchant)
        ],
        "push": _push(held),
    }
    return render(request, "storefront/preferences.html", context)


def _rows(held: Held, person: Recipient) -> list[dict[str, Any]]:
    """The channels that can reach this person, as switches."""
    chosen = preference_of(person)
    kinds = channels_on(held.merchant)
    wanted = _wanted(chosen, kinds)
    rows = []
    for kind in kinds:
        to, detail = _address(kind, held, person)
        if not detail:
            continue
        banned = suppressed(kind.slug, to, merchant_id=held.merchant.pk)
        rows.append(
            {
                "name": kind.slug,
                "label": kind.label,
                "icon": kind.icon,
                "detail": detail,
                "checked": kind.slug in wanted and not banned,
                "note": _("This address is closed to our messages.") if banned else "",
            }
        )
    return rows


def _wanted(chosen: Preference | None, kinds: list[Kind]) -> set[str]:
    """The channels in use: those chosen, else those that the shop uses; of those that ring the
    same phone the first."""
    if chosen is not None:
        return set(chosen.channels)
    found: set[str] = set()
    for kind in kinds:
        rings = any(one.reach is Reach.PHONE and one.slug in found for one in kinds)
        if kind.reach is not Reach.PHONE or not rings:
            found.add(kind.slug)
    return found


def _address(kind: Kind, held: Held, person: Recipient) -> tuple[str, str]:
    """The address and as much of it as a link may show; empty where there is none."""
    if kind.reach is Reach.EMAIL:
        return person.email.lower(), masked_email(person.email)
    if kind.reach is Reach.PHONE:
        number = phone_of(person, held.order, held.merchant)
        return number, masked_phone(number)
    if kind.reach is Reach.FEED:
        return "", ""  # it disturbs nobody
    if kind.reach is Reach.HANDLE:
        address = handle_of(person, kind.slug)
        return address, str(kind.label) if address else ""
    browsers = PushSubscription.objects.filter(
        order_id=held.order.pk, recipient_id=person.pk, gone_at__isnull=True
    ).count()
    words = ngettext("%(n)s browser", "%(n)s browsers", browsers) % {"n": browsers}
    return "", words if browsers else ""


def _push(held: Held) -> dict[str, str] | None:
    """What the script needs to subscribe this browser; None where push is not set up or off."""
    key = public_key()
    if not key or not any(kind.reach is Reach.BROWSER for kind in channels_on(held.merchant)):
        return None
    return {
        "key": key,
        "worker": f"{held.where.root}push-worker.js",
        "scope": held.where.root,
        "subscribe": f"{held.where.page(held.token)}push/",
    }
