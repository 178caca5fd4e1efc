"""Accepting an invitation: the link from the mail, and the account it was written to."""

from __future__ import annotations

from typing import Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from dashboard.people.account_forms import ConfirmForm, PasswordForm
from dashboard.people.gates import gate, is_too_often, link_to, over
from dashboard.people.sign_up import enter
from merchants.access import record
from merchants.account_links import find_invitation
from merchants.invitations import accept
from merchants.models import Membership
from merchants.scope import merchant_scope

_TRIES: Final = (30, 600)


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, member_id: int, token: str) -> HttpResponse:
    """Whoever holds the link says yes, once.

    A new person chooses a password; one with an account signs in with theirs, or is signed in.
    """
    if is_too_often(request, "join", per_address=_TRIES):
        return _over(request)
    now = timezone.now()
    member = find_invitation(member_id, token, now=now)
    if member is None:
        return _over(request)
    form = _form(request, member)
    if request.method == "GET" or not form.is_valid():
        return _page(request, member, form)
    if not accept(member, password=form.cleaned_data.get("password", ""), now=now):
        return _over(request)
    with merchant_scope(member.merchant_id):
        record(
            merchant=member.merchant, user=member.user, action="member.joined",
            subject=member.user.email,
        )  # fmt: skip
    return enter(request, member.user)


def _form(request: HttpRequest, member: Membership) -> forms.Form:
    posted = request.POST if request.method == "POST" else None
    if member.user.verified_at is None:
        return PasswordForm(posted, user=member.user)
    if request.user.pk == member.user_id:
        return forms.Form(posted)
    return ConfirmForm(posted, user=member.user)


def _page(request: HttpRequest, member: Membership, form: forms.Form) -> HttpResponse:
    sentence, submit, links = "", _("Accept and sign in"), []
    if isinstance(form, PasswordForm):
        sentence = _("Choose a password to accept.")
    elif isinstance(form, ConfirmForm):
        sentence = _("Sign in with your password to accept.")
        links = [link_to("password", _("Forgot the password?"))]
    else:
        submit = _("Accept the invitation")
    return gate(
        request, form,
        title=_("You are invited to %(shop)s") % {"shop": member.merchant.name},
        sentence=sentence,
        who=member.user.email,
        submit=submit,
        links=links,
        status=400 if form.is_bound else 200,
    )  # fmt: skip


def _over(request: HttpRequest) -> HttpResponse:
    return over(
        request,
        link_to("login", _("Sign in")),
        advice=_("Whoever invited you can send the invitation again, from their team’s page."),
    )
