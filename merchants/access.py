"""Who may do what: stranger 404, reader 403. API keys and memberships."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Final

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from lib.signing import fingerprint, new_token
from merchants.models import ApiKey, AuditEntry, Membership, Merchant, Role, User
from merchants.scope import merchant_scope

_RANK: Final = {Role.VIEWER: 1, Role.AGENT: 2, Role.ADMIN: 3, Role.OWNER: 4}

View = Callable[..., HttpResponseBase]


class MerchantRequest(HttpRequest):
    """A request whose merchant and role are known (set by `member_view`)."""

    merchant: Merchant
    role: str
    user: User


def may(role: str, needed: Role) -> bool:
    """Whether a role includes another: owner > admin > agent > viewer."""
    return _RANK[Role(role)] >= _RANK[needed]


def member_view(needed: Role = Role.VIEWER) -> Callable[[View], View]:
    """Guard of every dashboard and desk view: log-in, membership, role; then the scope.

    The view's first URL argument is the merchant's slug; it gets `request.merchant` instead.
    A stranger gets 404 (no merchant is confirmed to exist), a member without the role 403.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(
            request: HttpRequest, merchant: str, *args: object, **kwargs: object
        ) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            membership = (
                Membership.objects.select_related("merchant")
                .filter(user_id=request.user.pk, merchant__slug=merchant, accepted_at__isnull=False)
                .first()
            )
            if membership is None:
                raise Http404
            if not may(membership.role, needed):
                return render(
                    request, "dashboard/forbidden.html", {"needed": needed.label}, status=403
                )
            request.merchant = membership.merchant  # type: ignore[attr-defined]
            request.role = membership.role  # type: ignore[attr-defined]
            with merchant_scope(membership.merchant_id):
                response = view(request, *args, **kwargs)
                # Templates are lazy; they must be rendered while the scope is open.
                render_now = getattr(response, "render", None)
                return render_now() if render_now is not None else response

        return guarded

    return guard


def issue_api_key(*, merchant: Merchant, name: str, by: User | None) -> tuple[ApiKey, str]:
    """A new key and its text, which is shown this once: only a hash is kept."""
    text = f"hw_{new_token(24)}"
    key = ApiKey.objects.create(
        merchant=merchant, name=name, prefix=text[:8], hash=fingerprint(text), created_by=by
    )
    return key, text


def find_api_key(text: str, *, now: datetime) -> ApiKey | None:
    """The live key with this text. Looked up by hash, so that timing tells nothing of the text."""
    key = (
        ApiKey.objects.select_related("merchant")
        .filter(hash=fingerprint(text), revoked_at__isnull=True)
        .first()
    )
    if key is not None and (key.last_used_at is None or (now - key.last_used_at).seconds > 60):
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
    return key


def record(
    *, merchant: Merchant, user: User | None, action: str, subject: str = "", **detail: object
) -> None:
    """Write one line of the audit log; call it in the merchant's scope."""
    AuditEntry.objects.create(
        merchant=merchant, user=user, action=action, subject=subject[:120], detail=detail
    )


def respond_not_found(request: HttpRequest) -> HttpResponse:
    """One answer for everything that is not there, or not yours."""
    return render(request, "404.html", status=404)
