"""Sentences about a carrier whose name is not always known, and not always told."""

from __future__ import annotations

from django.utils.translation import gettext as _


def naming(carrier: str, named: str, nameless: str) -> str:
    """The one of two whole sentences that fits.

    Words that stand in for the name inside a sentence ("the carrier") would have to be bent as
    each language bends them; a sentence of its own is translated as a whole.
    """
    return named if carrier else nameless


def own_words_of(carrier: str) -> str:
    """What leads to the carrier's own words, in the active language."""
    words = naming(carrier, _("%(carrier)s’s own words"), _("The carrier’s own words"))
    return words % {"carrier": carrier}
