"""The goods of a shop: what orders named, what a file says, what people decide."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dashboard.imports.problem_words import file_words, row_words
from dashboard.selling.product_file import MOST_BYTES, Read, read
from dashboard.shell import address, go, page
from dashboard.shop_tabs import shop_tabs, tabs_label
from dashboard.uploading import sends_too_much
from lib import formats
from lib.csv_cells import BYTE_ORDER_MARK, line
from merchants.access import MerchantRequest, may, member_view, record
from merchants.models import Role
from selling.catalogue import Put, keys_of, put
from selling.models import Product
from storefront_pages.languages import written
from stores.csv.problems import FileProblem, Problem

PAGE: Final = 50
_MOST_PROBLEMS: Final = 100
_SAMPLE: Final = (
    ("sku", "title", "title ar", "url", "image", "price", "currency", "lasts days", "goes with"),
    (
        "OC-1", "Oud candle", "شمعة العود", "https://shop.example/oud-candle",
        "https://shop.example/oud-candle.jpg", "95.00", "AED", "60", "IB-2",
    ),
    (
        "IB-2", "Incense burner", "مبخرة", "https://shop.example/incense-burner",
        "https://shop.example/incense-burner.jpg", "160.00", "AED", "", "OC-1",
    ),
)  # fmt: skip


@require_safe
@member_view(Role.VIEWER)
def products(request: MerchantRequest) -> HttpResponseBase:
    """What sells most first, fifty a page; `q` looks for a part of a name or SKU."""
    return _page(request)


@require_POST
@member_view(Role.ADMIN)
def upload(request: MerchantRequest) -> HttpResponseBase:
    """Take a file: what is right is saved, what is not is named row by row."""
    if sends_too_much(request, most=MOST_BYTES):
        return _page(request, problem=file_words("products_too_large"), status=413)
    sent = request.FILES.get("file")
    if sent is None:
        return _page(request, problem=file_words("no_file"), status=400)
    try:
        found = read(sent.read(), languages=written(request.merchant))
    except FileProblem as error:
        words = file_words(error.code, row=error.row, detail=error.detail)
        return _page(request, problem=words, status=400)
    done, unknown = _put(request, found)
    record(
        merchant=request.merchant, user=request.user, action="products.imported",
        new=done.new, known=done.known, refused=len({one.row for one in found.problems}),
    )  # fmt: skip
    messages.success(request, _done_words(done))
    problems = [*found.problems, *unknown]
    return _page(request, problems=problems) if problems else go(request, "products")


@require_safe
@member_view(Role.VIEWER)
def sample(request: MerchantRequest) -> HttpResponseBase:
    """A file to begin with."""
    text = BYTE_ORDER_MARK + "".join(line(row) for row in _SAMPLE)
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="products.csv"'
    return response


def _put(request: MerchantRequest, found: Read) -> tuple[Put, list[Problem]]:
    """Save the goods, then what goes with them, which may stand further down in the file."""
    now = timezone.now()
    done = put(merchant=request.merchant, listed=found.listed, now=now)
    keys = keys_of({word for words in found.goes_with for word in words})
    companions = [
        replace(one, goes_with=tuple(keys[word] for word in words if word in keys))
        for one, words in zip(found.listed, found.goes_with, strict=True)
        if words
    ]
    if companions:
        put(merchant=request.merchant, listed=companions, now=now)
    unknown = dict.fromkeys(word for words in found.goes_with for word in words if word not in keys)
    return done, [Problem(0, "no_product", _("Goes with"), word) for word in unknown]


def _done_words(done: Put) -> str:
    new = ngettext("%(n)s new product.", "%(n)s new products.", done.new) % {"n": done.new}
    known = ngettext("%(n)s was known.", "%(n)s were known.", done.known) % {"n": done.known}
    return f"{new} {known}"


def _page(
    request: MerchantRequest,
    *,
    problem: str = "",
    problems: list[Problem] | None = None,
    status: int = 200,
) -> HttpResponseBase:
    asked = request.GET.get("q", "").replace("\0", "").strip()[:120]
    after = request.GET.get("after", "")
    start = int(after) if after.isascii() and after.isdigit() and len(after) < 6 else 0
    found = list(_matching(asked)[start : start + PAGE + 1])
    base = address(request, "products")
    may_change = may(request.role, Role.ADMIN)
    context = {
        "views": shop_tabs(request, "products"),
        "views_label": tabs_label(),
        "sentence": _("What you sell, as your orders name it. Promotions draw from it."),
        "rows": [_row(request, one) for one in found[:PAGE]],
        "asked": asked,
        "base_url": base,
        "empty": _("No product has this name or SKU.")
        if asked
        else _("No product yet. They come with your orders, or from a file."),
        "upload_url": address(request, "products_upload") if may_change else "",
        "sample_url": address(request, "products_sample"),
        "problem": problem,
        "problems": _problem_rows(problems or []),
        "first_url": base if start else "",
        "next_url": f"{base}?after={start + PAGE}&q={asked}" if len(found) > PAGE else "",
    }
    return page(request, "selling/products.html", context, current="promotions", status=status)


def _matching(asked: str) -> QuerySet[Product]:
    rows = Product.objects.order_by("-sold", "id")
    if not asked:
        return rows
    return rows.filter(title__icontains=asked) | rows.filter(sku__icontains=asked)


def _row(request: MerchantRequest, one: Product) -> dict[str, Any]:
    language = get_language() or "en"
    companions = len(dict.fromkeys((*one.goes_with, *one.bought_with)))
    return {
        "name": one.titles.get(language) or one.title,
        "sku": one.sku,
        "url": address(request, "product", one.pk),
        "image": one.image_url,
        "price": _price(one, language),
        "sold": formats.number(one.sold, language),
        "lasts": ngettext("%(n)s day", "%(n)s days", one.lasts_days) % {"n": one.lasts_days}
        if one.lasts_days
        else "",
        "companions": formats.number(companions, language) if companions else "",
        "is_on": one.is_on,
        "has_link": bool(one.url),
    }


def _price(one: Product, language: str) -> str:
    if one.price is None or not one.currency:
        return ""
    return formats.money(one.price, one.currency, language)


def _problem_rows(problems: list[Problem]) -> list[dict[str, Any]]:
    by_row: dict[int, list[Problem]] = {}
    for one in problems:
        by_row.setdefault(one.row, []).append(one)
    return [
        {"row": number or "", "words": row_words(some)}
        for number, some in list(by_row.items())[:_MOST_PROBLEMS]
    ]
