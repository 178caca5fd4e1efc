"""What a country lets a shopper do whom a carrier leaves without an answer.

Names and numbers are of the authorities' own pages and change: look at them when you come by. Only
countries that we are sure of have a row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lib.vocabulary import Status
from storefront_pages.story import Parcel, Story

#: So long after a delivery a shopper may still find it missing.
_AFTERWARDS: Final = timedelta(days=14)
_WRONG: Final = frozenset(
    {Status.ATTEMPT_FAILED, Status.EXCEPTION, Status.LOST_OR_DESTROYED, Status.EXPIRED}
)


@dataclass(frozen=True, slots=True)
class Authority:
    """Who takes complaints of consumers, by its own name in English and Arabic: it stands on a line
    of its own, in no other language's sentence. `days` are the working days that the carrier has
    first; 0 where none are set."""

    name: str
    name_ar: str
    phone: str
    url: str
    days: int = 0


_BY_COUNTRY: Final[dict[str, Authority]] = {
    "SA": Authority(
        "Transport General Authority (TGA)",
        "الهيئة العامة للنقل",
        "19929",
        "https://www.tga.gov.sa",
        days=5,
    ),
    "AE": Authority(
        "Ministry of Economy (consumer protection)",
        "وزارة الاقتصاد (حماية المستهلك)",
        "8001222",
        "https://www.moet.gov.ae",
    ),
    "QA": Authority(
        "Ministry of Commerce and Industry",
        "وزارة التجارة والصناعة",
        "16001",
        "https://www.moci.gov.qa",
    ),
    "KW": Authority(
        "Ministry of Commerce and Industry",
        "وزارة التجارة والصناعة",
        "135",
        "https://www.moci.gov.kw",
    ),
    "EG": Authority(
        "Consumer Protection Agency", "جهاز حماية المستهلك", "19588", "https://www.cpa.gov.eg"
    ),
    "IN": Authority(
        "National Consumer Helpline",
        "خط المستهلك الوطني",
        "1915",
        "https://consumerhelpline.gov.in",
    ),
    "GB": Authority(
        "Citizens Advice",
        "هيئة Citizens Advice",
        "0808 223 1133",
        "https://www.citizensadvice.org.uk",
    ),
}


def complaint_way(story: Story) -> dict[str, str] | None:
    """`complaint` of `storefront/track.html`: {title, first, then, name, lang, phone, url, tel};
    None where nothing is wrong, or where we are not sure of the way."""
    parcel = story.speaker
    authority = _BY_COUNTRY.get(story.order.country)
    if parcel is None or authority is None or not _is_wrong(story, parcel):
        return None
    is_arabic = story.language == "ar"
    return {
        "title": _("If the carrier does not help you"),
        "first": _("First complain to the carrier, and keep the number of your complaint."),
        "then": _then(authority),
        "name": authority.name_ar if is_arabic else authority.name,
        "lang": "ar" if is_arabic else "en",
        "phone": authority.phone,
        "tel": authority.phone.replace(" ", ""),
        "url": authority.url,
    }


def _then(authority: Authority) -> str:
    if not authority.days:
        return _("If that does not help, you can turn to this authority:")
    return ngettext(
        "Without an answer after %(days)s working day you can turn to this authority:",
        "Without an answer after %(days)s working days you can turn to this authority:",
        authority.days,
    ) % {"days": authority.days}


def _is_wrong(story: Story, parcel: Parcel) -> bool:
    shipment = parcel.shipment
    if parcel.status is Status.DELIVERED:
        came = shipment.delivered_at
        return shipment.disputed and (came is None or story.now - came < _AFTERWARDS)
    return parcel.status in _WRONG or shipment.is_late or shipment.stalled or shipment.disputed
