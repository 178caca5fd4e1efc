"""The stops of the order's parcel as a drawing of ours, and as a list that reads well."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext

from lib import formats
from storefront_pages.route import Part, Stop, route_of
from storefront_pages.route_drawing import WIDTH, Chart, chart, place_labels, way
from storefront_pages.story import Story

_RADII: Final = {Part.ORIGIN: 5, Part.PASSED: 4, Part.HERE: 7, Part.AHEAD: 5}
_LINES: Final = {
    (Part.ORIGIN, False): gettext_noop("%(place)s: sent from here"),
    (Part.ORIGIN, True): gettext_noop("%(place)s: sent from here, scanned on %(time)s"),
    (Part.PASSED, True): gettext_noop("%(place)s: scanned on %(time)s"),
    (Part.HERE, True): gettext_noop("%(place)s: last scan on %(time)s"),
    (Part.AHEAD, False): gettext_noop("%(place)s: still ahead"),
}


def route_map(story: Story) -> dict[str, Any] | None:
    """`block` of `storefront/blocks/map.html`; None where fewer than two places are known."""
    parcel = story.speaker
    if parcel is None:
        return None
    stops = route_of(story, parcel, hides_origin=bool(story.look.get("hide_origin")))
    if not stops:
        return None
    drawn = chart([(stop.city.latitude, stop.city.longitude) for stop in stops])
    been = sum(stop.part is not Part.AHEAD for stop in stops)
    return {
        "title": pgettext("of a parcel", "Route"),
        "about": _about(story),
        "width": WIDTH,
        "height": drawn.height,
        "grid": drawn.grid,
        "way": way(drawn.points[:been]),
        "ahead": way(drawn.points[max(been - 1, 0) :]) if been < len(stops) else "",
        "dots": _dots(stops, drawn),
        "names": _names(story, stops, drawn),
        "lines": [_line(story, stop) for stop in stops],
    }


def _about(story: Story) -> str:
    total = len(story.parcels)
    if total < 2 or story.speaker is None:
        return ""
    n = list(story.parcels).index(story.speaker) + 1
    return _("Parcel %(n)s of %(total)s") % {"n": n, "total": total}


def _dots(stops: Sequence[Stop], drawn: Chart) -> list[dict[str, Any]]:
    """One a point, the one that says most last, so that it lies on top."""
    order = sorted(zip(stops, drawn.points, strict=True), key=lambda pair: _RADII[pair[0].part])
    return [{"x": at.x, "y": at.y, "r": _RADII[stop.part], "part": stop.part} for stop, at in order]


def _names(story: Story, stops: Sequence[Stop], drawn: Chart) -> list[dict[str, Any]]:
    names = [stop.city.name(story.language) for stop in stops]
    telling = [n for n, stop in enumerate(stops) if stop.part in {Part.HERE, Part.AHEAD}]
    found = place_labels(drawn, names, first=[*telling, 0])
    return [
        {
            "text": names[n],
            "x": label.x,
            "y": label.y,
            "anchor": label.anchor,
            "is_main": n in telling,
        }
        for n, label in found.items()
    ]


def _line(story: Story, stop: Stop) -> str:
    time = formats.day_and_time(stop.at, story.tag) if stop.at else ""
    words = {"place": stop.city.name(story.language), "time": time}
    return _(_LINES[stop.part, stop.at is not None]) % words
