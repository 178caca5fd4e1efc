"""What the marks of shoppers are called, from 1 to 5: on the page, at the desk, in reports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

MARK_LABELS: Final[Mapping[int, Promise]] = {
    1: pgettext_lazy("a mark", "Very bad"),
    2: pgettext_lazy("a mark", "Bad"),
    3: pgettext_lazy("a mark", "All right"),
    4: pgettext_lazy("a mark", "Good"),
    5: pgettext_lazy("a mark", "Very good"),
}
