"""The one banner that stands above everything: which, where, and until the end of which day.

A banner ends with a day of the shop's zone. That day is part of what pages are known by
(`Stamp.etag`), so that no kept page outlives it.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from help_texts.models import Banner
from help_texts.shown import BannerWords, standing
from merchants.models import Merchant
from storefront_pages.shop_page import ShopPage, shop_page

if TYPE_CHECKING:
    from storefront_pages.story import Story

Place = Banner.Place


def shops_day(merchant: Merchant, now: datetime) -> date:
    """The date where the shop is."""
    return now.astimezone(ZoneInfo(merchant.zone)).date()


def day_ends(zone: str, now: datetime) -> datetime:
    """When the day ends there: the moment from which another banner may stand."""
    where = ZoneInfo(zone)
    tomorrow = now.astimezone(where).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(0), tzinfo=where)


def banner_for(
    shop_page: ShopPage, language: str, today: date, country: str, *, place: str = Place.PAGE
) -> BannerWords | None:
    """The banner to show now, None for none. `today` is the shop's day (`shops_day`), `country`
    where the parcel goes, "" where nobody knows."""
    return standing(
        shop_page.banners,
        place=place,
        language=language,
        usual=shop_page.usual_language,
        today=today,
        country=country,
    )


def banner_of(story: Story) -> BannerWords | None:
    """The banner of an order's page."""
    today = shops_day(story.merchant, story.now)
    return banner_for(story.shop_page, story.language, today, story.order.country)


def preview_banner(merchant: Merchant, *, language: str, now: datetime) -> BannerWords | None:
    """The banner of a page with an invented order, which goes to the shop's own country. In the
    merchant's scope."""
    shown = shop_page(merchant)
    return banner_for(shown, language, shops_day(merchant, now), merchant.country)


def lookup_banner(
    shop_page: ShopPage, language: str, today: date, country: str
) -> BannerWords | None:
    """The banner of pages that know no order; `country` is the shop's own."""
    return banner_for(shop_page, language, today, country, place=Place.LOOKUP)
