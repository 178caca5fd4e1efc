"""A stranger makes an account: sign-up, the link again, and confirming the address.

The address is confirmed first and nobody gets in before. Confirming asks for the password: who
holds the link but did not sign up does not know it, and who signed up with somebody else's
address does not hold the link.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from dashboard.people.account_forms import AddressForm, ConfirmForm, SignUpForm
from dashboard.people.account_mail import NotSent, send
from dashboard.people.gates import NOT_SENT, TOO_OFTEN, gate, is_too_often, link_to, over, sent
from dashboard.sign_in import remember_language
from merchants.account_links import Purpose, find_user, make_token
from merchants.accounts import confirm as confirm_account
from merchants.accounts import register
from merchants.models import User

BACKEND = "django.contrib.auth.backends.ModelBackend"


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """Name, address, password; then a mail. The screen never says whether the address is known."""
    if request.user.is_authenticated:
        return redirect(reverse("dashboard:entry"))
    if not settings.SIGNUP_OPEN:
        return _closed(request)
    form = SignUpForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return _sign_up_page(request, form, status=400 if form.is_bound else 200)
    typed = form.cleaned_data
    if is_too_often(request, "signup", typed["email"]):
        return _sign_up_page(request, form, error=TOO_OFTEN, status=429)
    language = get_language() or "en"
    user = register(
        email=typed["email"], name=typed["name"], password=typed["password"], language=language
    )
    try:
        if user is None:
            _send_known(typed["email"], language)
        else:
            _send_link(user, now=timezone.now())
    except NotSent:
        return _sign_up_page(request, form, error=NOT_SENT, status=503)
    return sent(request, email=typed["email"], again=reverse("dashboard:signup_again"))


@never_cache
@require_http_methods(["GET", "POST"])
def again(request: HttpRequest) -> HttpResponse:
    """The link once more, for whoever lost the mail or came too late."""
    form = AddressForm(request.POST or None)
    here = reverse("dashboard:signup_again")
    if request.method == "GET" or not form.is_valid():
        return _again_page(request, form, status=400 if form.is_bound else 200)
    email = str(form.cleaned_data["email"]).strip().lower()
    if is_too_often(request, "signup", email):
        return _again_page(request, form, error=TOO_OFTEN, status=429)
    user = User.objects.filter(email=email, is_active=True).first()
    language = user.language if user else get_language() or "en"
    try:
        if user is None:
            send("nobody", to=email, path=reverse("dashboard:login"), language=language)
        elif user.verified_at is not None:
            _send_known(email, language)
        else:
            _send_link(user, now=timezone.now())
    except NotSent:
        return _again_page(request, form, error=NOT_SENT, status=503)
    return sent(request, email=email, again=here, note=_("Sent again."))


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, user_id: int, token: str) -> HttpResponse:
    """The link from the mail and the password: the address is proved, and the person is in."""
    if is_too_often(request, f"confirm:{user_id}"):
        return _over(request)
    now = timezone.now()
    user = find_user(user_id, token, Purpose.CONFIRM, now=now)
    if user is None or user.verified_at is not None:
        return _over(request)
    form = ConfirmForm(request.POST or None, user=user)
    if request.method == "GET" or not form.is_valid():
        return gate(
            request, form,
            title=_("Confirm your e-mail address"),
            sentence=_("With the password you chose when you signed up."),
            who=user.email,
            submit=_("Confirm and sign in"),
            links=[link_to("password", _("Forgot the password?"))],
            status=400 if form.is_bound else 200,
        )  # fmt: skip
    confirm_account(user, now=now)
    return enter(request, user)


def enter(request: HttpRequest, user: User) -> HttpResponse:
    """Sign this person in, and on to the shop."""
    login(request, user, backend=BACKEND)
    response = redirect(reverse("dashboard:entry"))
    response.status_code = 303
    remember_language(response, user.language)
    return response


def _send_link(user: User, *, now: datetime) -> None:
    token = make_token(user, Purpose.CONFIRM, now=now)
    path = reverse("dashboard:confirm", args=[user.pk, token])
    send("confirm", to=user.email, path=path, language=user.language)


def _send_known(email: str, language: str) -> None:
    send("known", to=email.strip().lower(), path=reverse("dashboard:login"), language=language)


def _sign_up_page(
    request: HttpRequest, form: SignUpForm, *, error: object = "", status: int
) -> HttpResponse:
    return gate(
        request, form,
        title=_("Follow your parcels"),
        sentence=_("Make an account. Your shop is ready in ten minutes, without a developer."),
        submit=_("Make an account"),
        error=error,
        links=[link_to("login", _("I have an account: sign in"))],
        status=status,
    )  # fmt: skip


def _again_page(
    request: HttpRequest, form: AddressForm, *, error: object = "", status: int
) -> HttpResponse:
    return gate(
        request, form,
        title=_("Send the link again"),
        sentence=_("We write to this address once more."),
        submit=_("Send it"),
        error=error,
        links=[link_to("login", _("Sign in"))],
        status=status,
    )  # fmt: skip


def _closed(request: HttpRequest) -> HttpResponse:
    context = {"contact": settings.SIGNUP_CONTACT, "links": [link_to("login", _("Sign in"))]}
    return render(request, "people/closed.html", context, status=403)


def _over(request: HttpRequest) -> HttpResponse:
    return over(
        request,
        link_to("signup_again", _("Send the link again")),
        link_to("login", _("Sign in")),
    )
