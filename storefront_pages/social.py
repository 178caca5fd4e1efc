"""Where else a shop is: its social networks and its apps, as two blocks of the page.

The names are the networks' own and stand as they are in every language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from storefront_pages.reach import web_address
from storefront_pages.story import Story


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A network or a store of apps. `hosts` are whose addresses are taken, with what lies below."""

    name: str
    hosts: tuple[str, ...]

    def has(self, url: str) -> bool:
        """Whether this is an address there, and one that shoppers may be sent to."""
        host = (urlsplit(url).hostname or "").lower()
        return url.startswith("https://") and any(
            host == one or host.endswith(f".{one}") for one in self.hosts
        )


NETWORKS: Final[Mapping[str, Elsewhere]] = {
    "instagram": Elsewhere("Instagram", ("instagram.com",)),
    "tiktok": Elsewhere("TikTok", ("tiktok.com",)),
    "snapchat": Elsewhere("Snapchat", ("snapchat.com",)),
    "x": Elsewhere("X", ("x.com", "twitter.com")),
    "youtube": Elsewhere("YouTube", ("youtube.com", "youtu.be")),
    "facebook": Elsewhere("Facebook", ("facebook.com", "fb.com")),
    "whatsapp": Elsewhere("WhatsApp", ("whatsapp.com", "wa.me")),
    "telegram": Elsewhere("Telegram", ("t.me", "telegram.me")),
    "linkedin": Elsewhere("LinkedIn", ("linkedin.com",)),
    "pinterest": Elsewhere("Pinterest", ("pinterest.com", "pin.it")),
}
APP_STORES: Final[Mapping[str, Elsewhere]] = {
    "app_store": Elsewhere("App Store", ("apps.apple.com", "itunes.apple.com")),
    "google_play": Elsewhere("Google Play", ("play.google.com",)),
    "app_gallery": Elsewhere("AppGallery", ("appgallery.huawei.com",)),
}


def social(story: Story) -> dict[str, Any] | None:
    """`blocks/social.html`: {shop, links: {label, url}}; None where the shop gave no address."""
    return _block(story, "social_links", NETWORKS)


def apps(story: Story) -> dict[str, Any] | None:
    """`blocks/apps.html`: the same."""
    return _block(story, "app_links", APP_STORES)


def _block(story: Story, column: str, known: Mapping[str, Elsewhere]) -> dict[str, Any] | None:
    links = [
        {"label": known[slug].name, "url": url}
        for slug, url in _chosen(story.look.get(column))
        if slug in known and web_address(url)
    ]
    return {"shop": story.merchant.name, "links": links} if links else None


def _chosen(links: object) -> list[tuple[str, str]]:
    return [(str(k), str(v)) for k, v in links.items()] if isinstance(links, dict) else []
