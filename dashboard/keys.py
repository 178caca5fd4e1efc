"""API keys: made, shown once, revoked."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from dashboard import publishable_keys
from dashboard.clock import clock_for
from dashboard.form_fields import components
from dashboard.forms import KeyForm
from dashboard.shell import address, go, page
from dashboard.webhooks.words import program_tabs
from merchants.access import MerchantRequest, issue_api_key, member_view, record
from merchants.models import ApiKey, Role


@never_cache
@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def keys(request: MerchantRequest) -> HttpResponseBase:
    """The keys, and a form for a new one. Its text is in this one answer and nowhere else."""
    form = KeyForm(request.POST or None)
    text, status = "", 200
    if request.method == "POST":
        if form.is_valid():
            name = form.cleaned_data["key_name"]
            key, text = issue_api_key(merchant=request.merchant, name=name, by=request.user)
            record(
                merchant=request.merchant, user=request.user, action="key.created",
                subject=f"{name} ({key.prefix}…)",
            )  # fmt: skip
            form = KeyForm()
        else:
            status = 400
    clock = clock_for(request.merchant)
    rows = ApiKey.objects.select_related("created_by").filter(merchant=request.merchant)
    context = {
        "tabs": program_tabs(request, "keys"),
        "sentence": _("For programs that send orders, and for your shop’s pages."),
        "new_key": text,
        "rows": [
            {
                "name": key.name,
                "prefix": f"{key.prefix}…",
                "by": (key.created_by.name or key.created_by.email) if key.created_by else "",
                "made": clock.pair(key.created_at),
                "used": clock.pair(key.last_used_at),
                "revoked": clock.pair(key.revoked_at),
                "url": address(request, "key_revoke", key.pk),
            }
            for key in rows.order_by("revoked_at", "-pk")[:100]
        ],
        "publishable": publishable_keys.rows(request),
        "publishable_url": address(request, "publishable_new"),
        "fields": components(form),
        "docs_url": "/api/docs/",
    }
    return page(request, "keys.html", context, current="keys", status=status)


@require_POST
@member_view(Role.ADMIN)
def key_revoke(request: MerchantRequest, key_id: int) -> HttpResponseBase:
    """The key stops working at once, for good."""
    key = get_object_or_404(ApiKey, pk=key_id, merchant=request.merchant)
    now = timezone.now()
    if ApiKey.objects.filter(pk=key.pk, revoked_at__isnull=True).update(revoked_at=now):
        record(
            merchant=request.merchant, user=request.user, action="key.revoked",
            subject=f"{key.name} ({key.prefix}…)",
        )  # fmt: skip
        messages.success(request, _("The key %(key)s… works no more.") % {"key": key.prefix})
    return go(request, "keys")
