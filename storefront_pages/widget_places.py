"""`GET /w/<publishable key>/places`: what the date widget's place picker offers.

The countries by name, and of one of them the towns in both scripts, or what its postcode looks
like. Asks nobody: all of it is known to the process.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods

from carriers.countries import country_codes
from lib.addresses.parts import Need
from lib.addresses.postcodes import EXAMPLES, has_postcodes
from lib.addresses.words import label
from lib.folding import fold
from lib.formats import is_rtl, locale_of
from lib.gazetteer import City, towns_of
from storefront_pages.widget_door import Door
from storefront_pages.widget_gate import guarded, problem
from storefront_pages.widget_question import Mistake, language_of

_A_DAY: Final = "public, max-age=86400"


@gzip_page
@require_http_methods(["GET", "HEAD", "OPTIONS"])
def places(request: HttpRequest, key: str) -> HttpResponse:
    """Countries, and the towns or the postcode of one; see docs/api.md."""
    return guarded(request, key, _answered)


def _answered(request: HttpRequest, door: Door) -> HttpResponse:
    country = (request.GET.get("country") or door.country).strip().upper()
    if country not in country_codes():
        mistake = Mistake("country", "Use ISO 3166-1 alpha-2, e.g. AE.")
        return problem(HTTPStatus.BAD_REQUEST, "Some fields are missing or wrong.", [mistake])
    accepted = request.headers.get("Accept-Language", "")
    language = language_of(request.GET, accepted, door.languages)
    body, etag = _body(country, language)
    if etag in request.headers.get("If-None-Match", ""):
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(body, content_type="application/json")
        response.headers["Content-Language"] = language
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = _A_DAY
    return response


@lru_cache(maxsize=512)
def _body(country: str, language: str) -> tuple[bytes, str]:
    """The answer and its ETag. A town is [its name in this language, in the other script]."""
    with translation.override(language):
        fields: dict[str, Any] = {
            "language": language,
            "direction": "rtl" if is_rtl(language) else "ltr",
            "country": country,
            "countries": _countries(language),
            "places": [_in_two_scripts(town, language) for town in towns_of(country)],
            "postcode": {"example": EXAMPLES.get(country, "")} if has_postcodes(country) else None,
            "words": {
                "country": pgettext("address", "Country"),
                "city": label(Need.CITY, country),
                "postcode": label(Need.POSTCODE, country),
                "show": _("Show the date"),
            },
        }
    body = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()
    return body, f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'


def _in_two_scripts(town: City, language: str) -> tuple[str, str]:
    own = town.name(language)
    return own, town.names["ar" if fold(own).isascii() else "en"]


def _countries(language: str) -> list[tuple[str, str]]:
    """Code and name of every country, in the order of this language's names."""
    names = locale_of(language).territories
    found = [(code, str(names.get(code, code))) for code in country_codes()]
    return sorted(found, key=lambda pair: fold(pair[1]))
