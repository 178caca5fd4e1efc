"""Where a page's calendar is: to subscribe, and to download."""

from __future__ import annotations

from lib.vocabulary import Status
from storefront_pages.answer import asks_shopper
from storefront_pages.story import Story
from tracking.calendar_entries import has_days


def calendar_links(story: Story) -> dict[str, str] | None:
    """`calendar` of the template: to subscribe and to download; None where no day is known."""
    if not story.host or not any(
        has_days(one.shipment, today=story.today)
        for one in story.parcels
        if one.status is not Status.CUSTOMS or not asks_shopper(one)  # else no day is told
    ):
        return None
    path = f"{story.page}edd.ics"
    return {"subscribe": f"webcal://{story.host}{path}", "download": f"{path}?download"}
