"""Which edition of the calculation a date came from; kept beside every date that was given."""

from __future__ import annotations

from typing import Final

#: Raised with every change of the calculation that moves dates. 1 is the first that was recorded.
VERSION: Final = 1
