"""A forgotten password: a link by mail, a new password, in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from dashboard.people.account_forms import AddressForm, PasswordForm
from dashboard.people.account_mail import NotSent, send
from dashboard.people.gates import NOT_SENT, TOO_OFTEN, gate, is_too_often, link_to, over, sent
from dashboard.people.sign_up import enter
from merchants.account_links import Purpose, find_user, make_token
from merchants.accounts import choose_password
from merchants.models import User


@never_cache
@require_http_methods(["GET", "POST"])
def forgot(request: HttpRequest) -> HttpResponse:
    """A mail to this address, whoever it belongs to; the screen says the same to everybody."""
    form = AddressForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return _forgot_page(request, form, status=400 if form.is_bound else 200)
    email = str(form.cleaned_data["email"]).strip().lower()
    if is_too_often(request, "password", email):
        return _forgot_page(request, form, error=TOO_OFTEN, status=429)
    user = User.objects.filter(email=email, is_active=True).first()
    try:
        if user is None:
            path = reverse("dashboard:login")
            send("nobody", to=email, path=path, language=get_language() or "en")
        else:
            token = make_token(user, Purpose.RESET, now=timezone.now())
            path = reverse("dashboard:password_new", args=[user.pk, token])
            send("reset", to=email, path=path, language=user.language)
    except NotSent:
        return _forgot_page(request, form, error=NOT_SENT, status=503)
    return sent(request, email=email, again=reverse("dashboard:password"))


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest, user_id: int, token: str) -> HttpResponse:
    """The holder of the link chooses a new password; the link then means nothing any more."""
    now = timezone.now()
    user = find_user(user_id, token, Purpose.RESET, now=now)
    if user is None or is_too_often(request, f"password-new:{user_id}"):
        return over(
            request, link_to("password", _("Send a new link")), link_to("login", _("Sign in"))
        )
    form = PasswordForm(request.POST or None, user=user)
    if request.method == "GET" or not form.is_valid():
        return gate(
            request, form,
            title=_("Choose a new password"),
            who=user.email,
            submit=_("Save and sign in"),
            status=400 if form.is_bound else 200,
        )  # fmt: skip
    choose_password(user, form.cleaned_data["password"], now=now)
    return enter(request, user)


def _forgot_page(
    request: HttpRequest, form: AddressForm, *, error: object = "", status: int
) -> HttpResponse:
    return gate(
        request, form,
        title=_("Forgot the password?"),
        sentence=_("We send you a link to choose a new one."),
        submit=_("Send the link"),
        error=error,
        links=[link_to("login", _("Sign in"))],
        status=status,
    )  # fmt: skip
