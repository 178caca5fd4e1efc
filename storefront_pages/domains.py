"""Which host serves what: ours everything, a merchant's own its two pages, others nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.request import split_domain_port, validate_host

from merchants.models import Domain
from tracking.links import our_root

URLCONF: Final = "storefront_pages.domain_urls"
_REFUSED: Final = "This host is not known here.\n"

GetResponse = Callable[[HttpRequest], HttpResponse]


class MerchantDomains:
    """First in line, before anything trusts the host. ALLOWED_HOSTS must let all hosts pass:
    this is the check, and `OUR_HOSTS` are the names that are ours ("*" in the demonstration
    and in tests, where the machine's address is not known beforehand)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        host = _host(request)
        # Ours by name without asking the database: probes must get an answer while it is away.
        if host != _base_host() and host not in settings.OUR_HOSTS:
            domain = verified_domain(host)
            if domain is not None and domain.removed_at:
                return _led_on(request, domain)
            if domain is not None:
                request.own_domain = domain.merchant  # type: ignore[attr-defined]
                request.urlconf = URLCONF
            elif not validate_host(host, settings.OUR_HOSTS):
                return HttpResponse(_REFUSED, status=421, content_type="text/plain")
        return self.get_response(request)


def _led_on(request: HttpRequest, domain: Domain) -> HttpResponse:
    """The shop gave this name up, but old messages have it: the same page at our address."""
    return HttpResponseRedirect(our_root(domain.merchant) + request.get_full_path().lstrip("/"))


def _host(request: HttpRequest) -> str:
    """The name that was asked for, without its port; "" for anything that is no host."""
    return split_domain_port(request.META.get("HTTP_HOST", ""))[0].rstrip(".")


def _base_host() -> str:
    return settings.BASE_HOST.split(":")[0].lower()


def verified_domain(host: str) -> Domain | None:
    """The verified domain with this name, a removed one too. Nobody is known yet: a door."""
    if not host:
        return None
    rows = Domain.objects.select_related("merchant").filter(verified_at__isnull=False)
    return rows.filter(host=host).first()
