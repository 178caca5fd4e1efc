"""Team: who may enter this shop, and as what. The last owner stays."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dashboard.form_fields import components
from dashboard.forms import MemberForm
from dashboard.people.account_forms import PasswordForm
from dashboard.people.account_mail import NotSent, send
from dashboard.people.gates import NOT_SENT, gate
from dashboard.people.sign_up import enter
from dashboard.shell import address, go, initials, page
from lib.limits import client_address, count
from merchants.access import MerchantRequest, may, member_view, record
from merchants.account_links import Purpose, find_user, make_token
from merchants.accounts import choose_password
from merchants.models import Membership, Merchant, Role, User

_JOIN_TRIES: Final = (30, 600)
_INVITATIONS: Final = (100, 86_400)


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
    """Let somebody in; a new person gets a mail with a link to choose a password.

    The link goes to the mailbox and nowhere else: who accepts it has proved the address.
    """
    form = MemberForm(request.POST)
    if not form.is_valid():
        return _team_page(request, form, status=400)
    role = Role(form.cleaned_data["role"])
    email = str(form.cleaned_data["email"]).strip().lower()
    if role is Role.OWNER and not may(request.role, Role.OWNER):
        form.add_error("role", _("Only an owner can make somebody an owner."))
        return _team_page(request, form, status=400)
    user = User.objects.filter(email=email).first()
    if user is None:
        # No password: nobody but the holder of the link can choose one.
        user = User.objects.create_user(
            email=email, name=form.cleaned_data["name"], language=get_language() or "en",
            verified_at=None,
        )  # fmt: skip
    _member, is_new = Membership.objects.get_or_create(
        merchant=request.merchant, user=user, defaults={"role": role}
    )
    if not is_new and user.verified_at is not None:
        form.add_error("email", _("This person is a member already."))
        return _team_page(request, form, status=400)
    if is_new:
        record(
            merchant=request.merchant, user=request.user, action="member.added", subject=email,
            role=str(role),
        )  # fmt: skip
    if user.verified_at is not None:
        messages.success(request, _("%(who)s can sign in here now.") % {"who": email})
    else:
        _invite(request, user)
    return go(request, "team")


def _invite(request: MerchantRequest, user: User) -> None:
    token = make_token(user, Purpose.JOIN, now=timezone.now())
    limit, seconds = _INVITATIONS
    if count(f"invite:{request.merchant.pk}", limit=limit, seconds=seconds).is_over:
        messages.error(request, _("Too many invitations today. Try again tomorrow."))
        return
    try:
        send(
            "join",
            to=user.email,
            path=reverse("dashboard:join", args=[user.pk, token]),
            language=user.language,
            shop=request.merchant.name,
            inviter=request.user.name or request.user.email,
        )
    except NotSent:
        messages.error(request, NOT_SENT)
    else:
        words = _("We wrote to %(who)s. The link in the mail works once, and for seven days.")
        messages.success(request, words % {"who": user.email})


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
            .filter(merchant=merchant, role=Role.OWNER)
            .order_by("pk")
        )
        member = get_object_or_404(
            Membership.objects.select_related("user"), pk=member_id, merchant=merchant
        )
        touches_owner = Role.OWNER in {member.role, role}
        if touches_owner and by_role is not Role.OWNER:
            raise OwnersOnly
        if member.role == Role.OWNER and role is not Role.OWNER and len(owners) == 1:
            raise LastOwner
        if role is None:
            Membership.objects.filter(pk=member.pk).delete()
        else:
            member.role = role
            member.save(update_fields=["role"])
    return member


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, user_id: int, token: str) -> HttpResponse:
    """A new member chooses a password, once; the link then means nothing any more."""
    limit, seconds = _JOIN_TRIES
    if count(f"join:{client_address(request)}", limit=limit, seconds=seconds).is_over:
        return render(request, "404.html", status=404)
    now = timezone.now()
    user = find_user(user_id, token, Purpose.JOIN, now=now)
    # A link is only for whose address is not proved yet: it never changes anybody's password.
    if user is None or user.verified_at is not None:
        return render(request, "404.html", status=404)
    form = PasswordForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        choose_password(user, form.cleaned_data["password"], now=now)
        return enter(request, user)
    return gate(
        request, form,
        title=_("Choose a password"),
        who=user.email,
        submit=_("Save and sign in"),
        status=400 if form.is_bound else 200,
    )  # fmt: skip


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
        "sentence": _("Who may enter this shop, and as what."),
        "members": [
            {
                "id": one.pk,
                "name": one.user.name or one.user.email,
                "initials": initials(one.user.name or one.user.email),
                "email": one.user.email if one.user.name else "",
                "role": one.role,
                "label": Role(one.role).label,
                "invited": one.user.verified_at is None,
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
