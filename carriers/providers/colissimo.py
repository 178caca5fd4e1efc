"""Colissimo, La Poste's parcels: asked and read exactly as La Poste's Suivi v2 is.

https://developer.laposte.fr/products/suivi/latest. A carrier of its own only because shops
and shoppers know it by this name; the key is La Poste's.
"""

from __future__ import annotations

from typing import ClassVar

from carriers.providers.laposte import LaPoste


class Colissimo(LaPoste):
    slug: ClassVar[str] = "colissimo"
    name: ClassVar[str] = "Colissimo"
