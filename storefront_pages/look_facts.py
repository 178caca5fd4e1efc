"""The part of a look that pages read, as one mapping: from a row, or from the stamp's query."""

from __future__ import annotations

from typing import Any, Final

from merchants.models import Look

#: What pages need of a look beside its version; the stamp's query reads these columns.
LOOK_COLUMNS: Final = (
    "logo_type", "icon_type", "share_image_type", "scheme", "font", "own_font_digest",
    "header_links", "footer_links", "social_links", "app_links", "tagline", "notice",
    "notice_until", "translations", "blocks", "hide_carrier", "hide_origin",
)  # fmt: skip


def look_facts(look: Look) -> dict[str, Any]:
    """The columns of a look that may be a draft; as JSON has them, like the stamp."""
    until = look.notice_until
    found = {name: getattr(look, name) for name in LOOK_COLUMNS}
    return found | {"notice_until": until.isoformat() if until else None}
