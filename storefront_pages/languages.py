"""Which language a page speaks: the address, the shopper's choice, the order, the browser, the
shop; in this order."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation.trans_real import parse_accept_lang_header

from lib.languages import OWN_NAMES, SHOPPERS, spoken
from merchants.models import Merchant

COOKIE: Final = "lang"
_YEAR: Final = 365 * 24 * 3600


def offered(merchant: Merchant) -> list[str]:
    """The merchant's languages that we speak, the default first, or all; never empty."""
    if not merchant.languages:
        return list(dict.fromkeys([spoken(merchant.default_language) or SHOPPERS[0], *SHOPPERS]))
    found = map(spoken, map(str, (merchant.default_language, *merchant.languages)))
    return [code for code in dict.fromkeys(found) if code] or [settings.LANGUAGE_CODE]


def written(merchant: Merchant) -> list[str]:
    """The languages that a merchant's people write its own texts in, the default first: where they
    chose none, those of the dashboard. The texts stand in for one another on pages."""
    if merchant.languages:
        return offered(merchant)
    ours = (code for code, _name in settings.LANGUAGES)
    return list(dict.fromkeys([spoken(merchant.default_language) or SHOPPERS[0], *ours]))


def choose(request: HttpRequest, merchant: Merchant, *, order_language: str = "") -> str:
    """The language for this answer, one of `offered`."""
    codes = offered(merchant)
    wishes = [
        request.GET.get("lang", ""),
        request.COOKIES.get(COOKIE, ""),
        order_language,
        *(tag for tag, _ in parse_accept_lang_header(request.headers.get("Accept-Language", ""))),
    ]
    return next((code for wish in wishes if (code := spoken(wish, known=codes))), codes[0])


def switch(merchant: Merchant, current: str) -> list[dict[str, object]]:
    """The links between languages, as `shop_base.html` takes them."""
    return [
        {
            "code": code,
            "label": OWN_NAMES[code],
            "url": f"?lang={code}",
            "current": code == current,
        }
        for code in offered(merchant)
    ]


def speak(response: HttpResponse, request: HttpRequest, *, language: str, path: str) -> None:
    """Say the language in the headers; remember it where the shopper asked for it."""
    response.headers["Content-Language"] = language
    if spoken(request.GET.get("lang", "")) == language:
        response.set_cookie(
            COOKIE,
            language,
            max_age=_YEAR,
            path=path,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure(),
        )
