"""Second tellings: what a scan's repeat says in the destination's language. Our own texts."""

from __future__ import annotations

from typing import Final

from carriers.sandbox.journeys import JourneyStep

_ARABIC_SPEAKING: Final = frozenset(
    {"AE", "BH", "EG", "JO", "KW", "LB", "MA", "OM", "QA", "SA"},
)

_ARABIC: Final[dict[str, str]] = {
    "label_created": "تم إنشاء بوليصة الشحن",
    "picked_up": "تم استلام الشحنة من المرسل",
    "arrived": "وصلت الشحنة إلى مركز الفرز",
    "departed": "غادرت الشحنة مركز الفرز",
    "at_depot": "وصلت الشحنة إلى محطة التوزيع",
    "out_for_delivery": "الشحنة مع المندوب للتوصيل",
    "delivered": "تم تسليم الشحنة",
}

_SPANISH: Final[dict[str, str]] = {
    "label_created": "Etiqueta de envío creada",
    "picked_up": "Paquete recogido",
    "arrived": "Llegada al centro de clasificación",
    "departed": "Salida del centro de clasificación",
    "at_depot": "Llegada al centro de reparto",
    "out_for_delivery": "En reparto",
    "delivered": "Entregado",
}


def told(step: JourneyStep, english: str, destination_country: str) -> str:
    """The description of a scan: the vendor's English, or the translation of its repeat."""
    if not step.again:
        return english
    translated = _ARABIC if destination_country in _ARABIC_SPEAKING else _SPANISH
    return translated.get(step.kind, english)
