"""Signing in and out, choosing a shop, and the reader's language."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.people.gates import is_too_often
from dashboard.shell import other_language, with_own_origin
from merchants.founding import may_found
from merchants.models import Membership, Role, User

#: Tries in a window: enough for tired fingers, too few for a list of passwords.
PER_ADDRESS: Final = (30, 600)
PER_EMAIL: Final = (10, 600)


class _Typed(forms.Form):
    """What the form posts; only its shape is checked here."""

    username = forms.EmailField(max_length=254)
    password = forms.CharField(max_length=500, strip=False)


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """E-mail and password. An unknown address and a wrong password get the same answer."""
    onward = local_path(request, request.POST.get("next") or request.GET.get("next") or "")
    if request.method == "GET":
        if request.user.is_authenticated:
            return redirect(onward or reverse("dashboard:entry"))
        return _form(request, onward)
    typed = _Typed(request.POST)
    email = str(request.POST.get("username", ""))[:254]
    if is_too_often(request, "login", email, per_address=PER_ADDRESS, per_email=PER_EMAIL):
        words = _("Too many tries. Wait ten minutes, then try again.")
        return _form(request, onward, email=email, error=words, status=429)
    user = _check(request, typed)
    if user is None:
        words = _("This e-mail address and password do not belong together.")
        return _form(request, onward, email=email, error=words, status=401)
    login(request, user)
    response = redirect(onward or reverse("dashboard:entry"))
    response.status_code = 303
    remember_language(response, user.language)
    return response


def _check(request: HttpRequest, typed: _Typed) -> User | None:
    if not typed.is_valid():
        return None
    found = authenticate(
        request,
        username=typed.cleaned_data["username"],
        password=typed.cleaned_data["password"],
    )
    # Whose address is not confirmed gets the same answer as a wrong password: a different one
    # would tell who signs up with somebody else's address whether it has an account.
    return found if isinstance(found, User) and found.verified_at is not None else None


def _form(request: HttpRequest, onward: str, *, status: int = 200, **rest: Any) -> HttpResponse:
    context = {
        "title": _("Sign in"),
        "action": reverse("dashboard:login"),
        "next": onward,
        "email": "",
        "error": "",
        "other_language": other_language(),
        "links": [
            {"url": reverse("dashboard:signup"), "label": _("Make an account")},
            {"url": reverse("dashboard:password"), "label": _("Forgot the password?")},
            {"url": reverse("dashboard:signup_again"), "label": _("No mail to confirm?")},
        ],
    }
    page = render(request, "dashboard/login.html", context | rest, status=status)
    return with_own_origin(page)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    response = redirect(settings.LOGOUT_REDIRECT_URL)
    response.status_code = 303
    return response


@never_cache
def entry(request: HttpRequest) -> HttpResponse:
    """To the one shop, to a choice (`?all`), or for somebody without a shop to a new one."""
    if not request.user.is_authenticated:
        return redirect(settings.LOGIN_URL)
    memberships = list(
        Membership.objects.select_related("merchant")
        .filter(user_id=request.user.pk, accepted_at__isnull=False)
        .order_by("merchant__name")
    )
    shops = [
        {
            "name": one.merchant.name,
            "url": reverse("dashboard:home", args=[one.merchant.slug]),
            "role": Role(one.role).label,
        }
        for one in memberships
    ]
    may_add = isinstance(request.user, User) and may_found(request.user)
    if len(shops) == 1 and "all" not in request.GET:
        return redirect(reverse("dashboard:home", args=[memberships[0].merchant.slug]))
    if not shops and may_add:
        return redirect(reverse("dashboard:new"))
    context = {
        "merchants": shops,
        "new_url": reverse("dashboard:new") if may_add else "",
        "sign_out_url": reverse("dashboard:logout"),
    }
    return with_own_origin(render(request, "dashboard/choose.html", context))


@require_POST
def change_language(request: HttpRequest) -> HttpResponse:
    """Show everything in this language from now on; remembered with the account."""
    language = str(request.POST.get("language", ""))
    onward = local_path(request, str(request.POST.get("next", ""))) or reverse("dashboard:entry")
    response = redirect(onward)
    response.status_code = 303
    if language in dict(settings.LANGUAGES):
        remember_language(response, language)
        if isinstance(request.user, User):
            User.objects.filter(pk=request.user.pk).update(language=language)
    return response


def remember_language(response: HttpResponse, language: str) -> None:
    """Set the cookie that Django's LocaleMiddleware reads."""
    if translation.check_for_language(language):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=31_536_000,
            secure=settings.SECURE,
            httponly=True,
            samesite="Lax",
        )


def local_path(request: HttpRequest, onward: str) -> str:
    """The address when it is one of ours; "" for everything else."""
    fine = url_has_allowed_host_and_scheme(
        onward, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return onward if fine and onward.startswith("/") else ""
