"""Which language a page speaks: the address, the shopper's choice, the order, the browser, the
shop; in this order."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation.trans_real import parse_accept_lang_header

from merchants.models import Merchant

COOKIE: Final = "lang"
_YEAR: Final = 365 * 24 * 3600


def offered(merchant: Merchant) -> list[str]:
    """The merchant's languages that we speak, the default first; never empty."""
    ours = [code for code, _ in settings.LANGUAGES]
    wanted = [merchant.default_language, *(merchant.languages or ours)]
    found = [code for code in dict.fromkeys(_base(str(code)) for code in wanted) if code in ours]
    return found or [settings.LANGUAGE_CODE]


def choose(request: HttpRequest, merchant: Merchant, *, order_language: str = "") -> str:
    """The language for this answer, one of `offered`."""
    codes = offered(merchant)
    wishes = [
        request.GET.get("lang", ""),
        request.COOKIES.get(COOKIE, ""),
        order_language,
        *(tag for tag, _ in parse_accept_lang_header(request.headers.get("Accept-Language", ""))),
    ]
    return next((code for wish in wishes if (code := _base(wish)) in codes), codes[0])


def switch(merchant: Merchant, current: str) -> list[dict[str, object]]:
    """The links between languages, as `shop_base.html` takes them."""
    names = dict(settings.LANGUAGES)
    return [
        {"code": code, "label": names[code], "url": f"?lang={code}", "current": code == current}
        for code in offered(merchant)
    ]


def speak(response: HttpResponse, request: HttpRequest, *, language: str, path: str) -> None:
    """Say the language in the headers; remember it where the shopper asked for it."""
    response.headers["Content-Language"] = language
    if _base(request.GET.get("lang", "")) == language:
        response.set_cookie(
            COOKIE,
            language,
            max_age=_YEAR,
            path=path,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure(),
        )


def _base(tag: str) -> str:
    return tag.replace("_", "-").partition("-")[0].lower()
