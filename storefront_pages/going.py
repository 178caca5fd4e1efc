"""From a promotion to the shop: through our own host, so that clicks are counted without cookies.

It leads to the stored address and nowhere else, and says nothing of who clicked.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from lib import errands, near_limits
from lib.limits import client_address
from merchants.models import Merchant
from merchants.scope import merchant_scope
from selling import counting
from selling.models import Product, Promotion
from storefront_pages.looking import is_program
from storefront_pages.reach import web_address
from storefront_pages.views import merchant_of, no_page, private

#: From one address in ten minutes: a mobile network's many shoppers are behind one.
AN_ADDRESS: Final = (600, 600)
#: So many clicks of one address on one promotion count in an hour; the others only lead on.
COUNTED: Final = (20, 3600)


@require_safe
@private
def go(
    request: HttpRequest, promotion_id: int, stage: str, product_id: int = 0, merchant: str = ""
) -> HttpResponse:
    """303 to the promotion's address, or to its product's; 404 for another shop's or a gone one,
    429 when it comes too often."""
    shop = merchant_of(request, merchant)
    if shop is None:
        return no_page(request, None)
    seen = near_limits.count(f"go:{client_address(request)}", limit=AN_ADDRESS[0],
                             seconds=AN_ADDRESS[1])  # fmt: skip
    if seen.is_over:
        answer = HttpResponse(status=429)
        answer.headers["Retry-After"] = str(seen.seconds_left)
        return answer
    to = _address(shop, promotion_id, product_id)
    if not to or stage not in Promotion.Stage.values:
        return no_page(request, shop)
    if _counts(request, promotion_id):
        note(shop, promotion_id=promotion_id, stage=stage, what="clicks")
    response = HttpResponseRedirect(to)
    response.status_code = 303
    return response


def note(shop: Merchant, *, promotion_id: int, stage: str, what: counting.What) -> None:
    """Count one more on the shop's own day."""
    errands.begin()
    day = datetime.now(UTC).astimezone(ZoneInfo(shop.zone)).date().isoformat()
    counting.note(counting.Node(shop.pk, promotion_id, day, stage, what))


def note_seen(shop: Merchant, mark: str) -> None:
    """Count that a promotion was seen, by the page's mark ("12.delivered"); nothing for rubbish.

    One of another shop is left out when the counts are written.
    """
    number, _, stage = mark.partition(".")
    is_number = number.isascii() and number.isdigit() and len(number) < 19
    if is_number and stage in Promotion.Stage.values:
        note(shop, promotion_id=int(number), stage=stage, what="views")


def _address(shop: Merchant, promotion_id: int, product_id: int) -> str:
    with merchant_scope(shop.pk):
        found = Promotion.objects.filter(pk=promotion_id).first()
        if found is None or not product_id:
            return web_address(found.url) if found else ""
        product = Product.objects.filter(pk=product_id, is_on=True).first()
        return web_address(product.url) if product else ""


def _counts(request: HttpRequest, promotion_id: int) -> bool:
    if request.method != "GET" or is_program(request):
        return False
    name = f"go:{client_address(request)}:{promotion_id}"
    return not near_limits.count(name, limit=COUNTED[0], seconds=COUNTED[1]).is_over
