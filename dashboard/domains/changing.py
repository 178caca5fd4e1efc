"""What is done to a domain: looked at, preferred in links, removed."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.shell import address, go, page
from lib.domain_names import shown
from lib.limits import count
from merchants import domains
from merchants.access import MerchantRequest, member_view
from merchants.domain_watch import look_at
from merchants.models import Domain, Role

#: How often one shop may have the DNS asked, in ten minutes.
CHECKS: Final = 15


def domain_or_404(request: MerchantRequest, domain_id: int) -> Domain:
    """A door table has no policy: the merchant is in the question."""
    mine = Domain.objects.filter(merchant=request.merchant, removed_at=None)
    found = mine.filter(pk=domain_id).first()
    if found is None:
        raise Http404
    return found


@require_POST
@member_view(Role.ADMIN)
def check(request: MerchantRequest, domain_id: int) -> HttpResponseBase:
    """Ask the DNS now, and go on asking for a week."""
    domain, now = domain_or_404(request, domain_id), timezone.now()
    window = count(f"shop-domain-check:{request.merchant.pk}", limit=CHECKS, seconds=600)
    if window.is_over:
        messages.error(request, _("That was often. Wait ten minutes: we go on looking meanwhile."))
        return go(request, "domains")
    was_verified = domain.verified_at is not None
    domains.watch_again(domain, now=now)
    if not look_at(domain, now=now):
        messages.error(request, _("The DNS did not answer. Try again in a few minutes."))
        return go(request, "domains")
    domain.refresh_from_db()
    if domain.verified_at and not was_verified:
        words = _("%(domain)s is connected: your pages are served there.")
        messages.success(request, words % {"domain": shown(domain.host)})
    elif domain.is_right:
        messages.info(request, _("Looked just now: both records are there."))
    else:
        messages.info(request, _("Looked just now: not both records are there yet."))
    return go(request, "domains")


@require_POST
@member_view(Role.ADMIN)
def prefer(request: MerchantRequest, domain_id: int) -> HttpResponseBase:
    """Of several domains, the one for links in messages."""
    domain = domain_or_404(request, domain_id)
    if domains.prefer(domain, by=request.user, now=timezone.now()):
        messages.success(request, _("New messages lead there, if there is no path of your site."))
    else:
        messages.error(request, _("Its records are not both there: links cannot lead to it."))
    return go(request, "domains")


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def remove(request: MerchantRequest, domain_id: int) -> HttpResponseBase:
    """Asks first, and says what becomes of links."""
    domain = domain_or_404(request, domain_id)
    if request.method == "POST":
        domains.remove(domain, by=request.user, now=timezone.now())
        messages.success(request, _("%(name)s is removed.") % {"name": shown(domain.host)})
        return go(request, "domains")
    here = address(request, "domains")
    context = {
        "crumbs": [{"label": _("Address of your pages"), "url": here}],
        "title": _("Remove %(name)s?") % {"name": shown(domain.host)},
        "sentence": _(
            "New messages no longer lead there. The pages behind links that were sent already stay "
            "open at our address, and while the domain leads here we pass its visitors on to it. "
            "Leave the CNAME in place until old links are no longer needed."
        )
        if domain.verified_at
        else _("Nothing leads to it yet, so nothing changes for your customers."),
        "confirm": _("Remove it"),
        "confirm_url": address(request, "domain_remove", domain.pk),
        "keep_url": here,
    }
    return page(request, "confirm.html", context, current="domains")
