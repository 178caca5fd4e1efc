"""The carrier of the demonstration and the tests: `carriers.sandbox`, which speaks UPS's format.

It has no address of its own: where its server runs is a setting, or the account's.
"""

from __future__ import annotations

from typing import ClassVar

from carriers.base import Limits
from carriers.providers.ups import Ups


class Sandbox(Ups):
    slug: ClassVar[str] = "sandbox"
    name: ClassVar[str] = "Sandbox Express"
    name_ar: ClassVar[str] = "ساندبوكس إكسبرس"
    countries: ClassVar[tuple[str, ...]] = ()
    website: ClassVar[str] = ""
    documentation: ClassVar[str] = ""
    # It runs beside us and counts nothing: benchmarks and the demonstration may ask at will.
    limits: ClassVar[Limits] = Limits(concurrent=100)
    base_url: ClassVar[str] = ""
