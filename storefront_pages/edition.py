"""What this build of the page is: a page cached from an older build must not be "unchanged"."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.conf import settings

from storefront_pages.style import SHEETS, house_sheet

_FOLDERS: Final = (
    "templates/storefront",
    "templates/storefront/blocks",
    "templates/components",
    "storefront_pages",
    "selling",
    "lib",
)
_FILES: Final = ("templates/base.html", "templates/shop_base.html")


@lru_cache(maxsize=1)
def edition() -> str:
    """A digest of everything the page is made from but the data; read once a process."""
    digest = hashlib.blake2b(digest_size=6)
    digest.update(f"{SHEETS}{house_sheet()}".encode())
    for path in _sources():
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _sources() -> Iterator[Path]:
    root = Path(settings.BASE_DIR)
    for folder in _FOLDERS:
        yield from sorted((root / folder).glob("*.html"))
        yield from sorted((root / folder).glob("*.py"))
        yield from sorted((root / folder).glob("*.csv"))
    yield from (root / name for name in _FILES)
    for locale in settings.LOCALE_PATHS:
        yield from sorted(Path(locale).glob("*/LC_MESSAGES/*.po"))
