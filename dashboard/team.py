"""Team: who may enter this shop, and as what. The last owner stays."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dashboard.form_fields import components
from dashboard.forms import MemberForm
from dashboard.people.account_mail import NotSent, send
from dashboard.people.gates import NOT_SENT, is_too_often
from dashboard.shell import address, go, initials, page
from lib.limits import count
from merchants.access import MerchantRequest, may, member_view, record
from merchants.account_links import make_invitation
from merchants.invitations import invite
from merchants.models import Membership, Merchant, Role

#: Invitations in a day, of a shop, of a person or machine, and to one address.
_PER_SHOP: Final = (100, 86_400)
_PER_INVITER: Final = (50, 86_400)
_PER_INVITED: Final = (3, 86_400)


class LastOwner(ValueError):
    """A shop keeps at least one owner."""


class OwnersOnly(ValueError):
    """Only owners make owners, and only they change what an owner may do."""


@require_safe
@member_view(Role.ADMIN)
def team(request: MerchantRequest) -> HttpResponseBase:
    """Members with their roles, and a form for one more."""
    return _team_page(request, MemberForm(), status=200)


@require_POST
@member_view(Role.ADMIN)
def member_add(request: MerchantRequest) -> HttpResponseBase:
    """Invite somebody: one mail, whoever they are. They are in when they accept by its link.

    The link goes to the mailbox and nowhere else, and the screen says the same of an address
    that has an account and one that has none.
    """
    form = MemberForm(request.POST)
    if not form.is_valid():
        return _team_page(request, form, status=400)
    role = Role(form.cleaned_data["role"])
    email = str(form.cleaned_data["email"]).strip().lower()
    if role is Role.OWNER and not may(request.role, Role.OWNER):
        form.add_error("role", _("Only an owner can make somebody an owner."))
        return _team_page(request, form, status=400)
    if _is_too_many(request, email):
        form.add_error(
            "email", _("Too many invitations, by you or to this address. Go on tomorrow.")
        )
        return _team_page(request, form, status=429)
    member, is_new = invite(
        merchant=request.merchant, email=email, name=form.cleaned_data["name"], role=role,
        language=get_language() or "en",
    )  # fmt: skip
    if member.accepted_at is not None:
        form.add_error("email", _("This person is a member already."))
        return _team_page(request, form, status=400)
    if is_new:
        record(
            merchant=request.merchant, user=request.user, action="member.added", subject=email,
            role=str(role),
        )  # fmt: skip
    _write(request, member)
    return go(request, "team")


def _is_too_many(request: MerchantRequest, email: str) -> bool:
    """Counted for every address alike, member of another shop or nobody; all counts move."""
    limit, seconds = _PER_SHOP
    of_shop = count(f"invite-shop:{request.merchant.pk}", limit=limit, seconds=seconds)
    limit, seconds = _PER_INVITER
    of_inviter = count(f"invite-by:{request.user.pk}", limit=limit, seconds=seconds)
    is_over = is_too_often(
        request, "invite", email, per_address=_PER_INVITER, per_email=_PER_INVITED
    )
    return of_shop.is_over or of_inviter.is_over or is_over


def _write(request: MerchantRequest, member: Membership) -> None:
    token = make_invitation(member, now=timezone.now())
    try:
        send(
            "join",
            to=member.user.email,
            path=reverse("dashboard:join", args=[member.pk, token]),
            language=member.user.language,
            shop=request.merchant.name,
            inviter=request.user.name or request.user.email,
        )
    except NotSent:
        messages.error(request, NOT_SENT)
    else:
        words = _("We wrote to %(who)s. The link in the mail works once, and for seven days.")
        messages.success(request, words % {"who": member.user.email})


@require_POST
@member_view(Role.ADMIN)
def member_change(request: MerchantRequest, member_id: int) -> HttpResponseBase:
    """Another role, or none (`role=""` removes the member)."""
    wanted = str(request.POST.get("role", ""))
    if wanted and wanted not in Role.values:
        raise Http404
    try:
        member = change_role(
            merchant=request.merchant,
            member_id=member_id,
            role=Role(wanted) if wanted else None,
            by_role=Role(request.role),
        )
    except LastOwner:
        messages.error(request, _("A shop needs an owner. Make somebody else one first."))
        return go(request, "team")
    except OwnersOnly:
        messages.error(request, _("Only an owner can do this."))
        return go(request, "team")
    email = member.user.email
    action = "member.role_changed" if wanted else "member.removed"
    record(
        merchant=request.merchant, user=request.user, action=action, subject=email, role=wanted
    )  # fmt: skip
    words = _("%(who)s is %(role)s now.") if wanted else _("%(who)s cannot enter any more.")
    label = str(Role(wanted).label) if wanted else ""
    messages.success(request, words % {"who": email, "role": label})
    if member.user_id == request.user.pk:
        response = redirect(reverse("dashboard:entry"))
        response.status_code = 303
        return response
    return go(request, "team")


def change_role(
    *, merchant: Merchant, member_id: int, role: Role | None, by_role: Role
) -> Membership:
    """Give a member another role, or none at all. Raises LastOwner and OwnersOnly; 404s.

    The owners are locked, so that two owners cannot remove each other at the same moment.
    """
    with transaction.atomic():
        owners = list(
            Membership.objects.select_for_update()
            .filter(merchant=merchant, role=Role.OWNER, accepted_at__isnull=False)
            .order_by("pk")
        )
        member = get_object_or_404(
            Membership.objects.select_related("user"), pk=member_id, merchant=merchant
        )
        touches_owner = Role.OWNER in {member.role, role}
        if touches_owner and by_role is not Role.OWNER:
            raise OwnersOnly
        if role is not Role.OWNER and [one.pk for one in owners] == [member.pk]:
            raise LastOwner
        if role is None:
            Membership.objects.filter(pk=member.pk).delete()
        else:
            member.role = role
            member.save(update_fields=["role"])
    return member


def _name(member: Membership) -> str:
    """What the inviter called them, until they accept: their own name is theirs to give."""
    return member.invited_name if member.accepted_at is None else member.user.name


def team_tabs(request: MerchantRequest, current: str) -> list[dict[str, Any]]:
    """Who may enter, and what they did: for `components/tabs.html`."""
    labels = {"team": _("Members"), "audit": pgettext("who did what", "Activity")}
    return [
        {"label": label, "url": address(request, route), "current": route == current}
        for route, label in labels.items()
    ]


def _team_page(request: MerchantRequest, form: MemberForm, *, status: int) -> HttpResponseBase:
    is_owner = may(request.role, Role.OWNER)
    members = (
        Membership.objects.select_related("user")
        .filter(merchant=request.merchant)
        .order_by("created_at", "pk")
    )
    roles = [
        {"value": value, "label": label}
        for value, label in Role.choices
        if is_owner or value != Role.OWNER
    ]
    context = {
        "views": team_tabs(request, "team"),
        "sentence": _("Who may enter this shop, and as what."),
        "members": [
            {
                "id": one.pk,
                "name": _name(one) or one.user.email,
                "initials": initials(_name(one) or one.user.email),
                "email": one.user.email if _name(one) else "",
                "role": one.role,
                "label": Role(one.role).label,
                "invited": one.accepted_at is None,
                "address": one.user.email,
                "may_change": is_owner or one.role != Role.OWNER,
                "url": address(request, "member_change", one.pk),
            }
            for one in members
        ],
        "roles": roles,
        "fields": components(form),
        "add_url": address(request, "member_add"),
        "explained": [
            {"label": Role.OWNER.label, "value": _("Everything, and other owners.")},
            {"label": Role.ADMIN.label, "value": _("Carriers, stores, look, keys and team.")},
            {"label": Role.AGENT.label, "value": _("Adds parcels and works at the desk.")},
            {"label": Role.VIEWER.label, "value": _("Reads; changes nothing.")},
        ],
    }
    return page(request, "team.html", context, current="team", status=status)
