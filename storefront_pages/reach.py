"""How the shop is reached: only ways that work, none invented."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from django.utils.translation import gettext as _

from storefront_pages.story import Story


@dataclass(frozen=True, slots=True)
class Contact:
    """A link and what it says."""

    label: str
    url: str


def reach(story: Story, *, about: str = "", by_phone: bool = False) -> Contact | None:
    """Write to the shop, call it, or visit it; None where it gave no way.

    `about` goes into the subject after the order's number. `by_phone` prefers a call, for
    what cannot wait until tomorrow.
    """
    shop = story.merchant
    name = {"shop": shop.name}
    phone = re.sub(r"[^\d+]", "", shop.support_phone)
    call = Contact(_("Call %(shop)s") % name, f"tel:{phone}") if phone else None
    if call is not None and by_phone:
        return call
    if shop.support_email:
        subject = _("Order %(number)s") % {"number": story.order.number}
        subject = f"{subject}: {about}" if about else subject
        url = f"mailto:{quote(shop.support_email, safe='@')}?subject={quote(subject)}"
        return Contact(_("Write to %(shop)s") % name, url)
    if call is not None:
        return call
    url = web_address(shop.store_url)
    return Contact(_("Visit %(shop)s") % name, url) if url else None


def web_address(text: str) -> str:
    """The address where it is one of the web; "" for anything a browser might run."""
    return text if text.startswith(("https://", "http://")) else ""
