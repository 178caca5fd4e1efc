"""One calm line for each disruption that pushed back the date of a parcel of the order."""

from __future__ import annotations

from edd.disruption_words import sentence
from lib.vocabulary import TERMINAL
from storefront_pages.story import Story


def disruption_notes(story: Story) -> list[dict[str, str]]:
    """For `components/note.html`, in the page's language; each sentence once."""
    words = dict.fromkeys(
        sentence(found, story.language)
        for parcel in story.parcels
        if parcel.status not in TERMINAL
        and (found := story.disruptions.get(parcel.shipment.pk)) is not None
    )
    return [{"text": text, "tone": "wait"} for text in words]
