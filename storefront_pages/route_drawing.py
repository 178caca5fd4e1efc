"""A route as a drawing: places of the earth to points of a small picture. Pure.

Plate carrée with the middle latitude true to scale, which is right to the eye for one country and
for half the world. East is to the right in every language.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, cos, hypot, radians
from typing import Final, Literal

WIDTH: Final = 320
_LOWEST: Final = 132
_HIGHEST: Final = 208
#: Room for names at the sides, above and below.
_SIDE: Final = 44
_EDGE: Final = 34
#: Degrees between two lines of the grid: the first that draws few of them.
_STEPS: Final = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 15.0, 30.0)
_MOST_LINES: Final = 7
#: How far a leg bends, of its length.
_BEND: Final = 0.1
_LETTER: Final = 7.5
_LINE: Final = 16.0

Anchor = Literal["start", "middle", "end"]
Place = tuple[float, float]
"""Latitude and longitude in degrees."""


@dataclass(frozen=True, slots=True)
class Point:
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Label:
    """Where a name stands: `x`, `y` of its baseline's anchor."""

    x: float
    y: float
    anchor: Anchor


@dataclass(frozen=True, slots=True)
class Chart:
    """The picture's height, the points of the places in their order, and the grid as a path."""

    height: int
    points: tuple[Point, ...]
    grid: str


def chart(places: Sequence[Place]) -> Chart:
    """The chart on which these two or more different places lie."""
    lons = list(_unwrapped(lon for _, lon in places))
    lats = [lat for lat, _ in places]
    middle = (min(lats) + max(lats)) / 2
    narrow = cos(radians(middle))
    wide, tall = (max(lons) - min(lons)) * narrow, max(lats) - min(lats)
    room = WIDTH - 2 * _SIDE
    wanted = room * tall / wide + 2 * _EDGE if wide else float(_HIGHEST)
    height = round(min(max(wanted, _LOWEST), _HIGHEST))
    scale = min(room / wide if wide else 1e9, (height - 2 * _EDGE) / tall if tall else 1e9)
    centre = (min(lons) + max(lons)) / 2
    points = tuple(
        Point(
            round(WIDTH / 2 + (lon - centre) * narrow * scale, 1),
            round(height / 2 + (middle - lat) * scale, 1),
        )
        for lat, lon in zip(lats, lons, strict=True)
    )
    return Chart(height, points, _grid(height, centre, middle, scale, narrow))


def _unwrapped(lons: Iterable[float]) -> Iterator[float]:
    """Longitudes that go on over the date line instead of round the world."""
    last: float | None = None
    for lon in lons:
        if last is not None:
            lon += 360 * round((last - lon) / 360)
        last = lon
        yield lon


def _grid(height: int, centre: float, middle: float, scale: float, narrow: float) -> str:
    east, north = WIDTH / 2 / (narrow * scale), height / 2 / scale
    step = next((one for one in _STEPS if 2 * east / one <= _MOST_LINES), _STEPS[-1])
    upright = (
        f"M{WIDTH / 2 + (lon - centre) * narrow * scale:.1f} 0V{height}"
        for lon in _multiples(step, centre - east, centre + east)
    )
    level = (
        f"M0 {height / 2 + (middle - lat) * scale:.1f}H{WIDTH}"
        for lat in _multiples(step, middle - north, middle + north)
    )
    return "".join((*upright, *level))


def _multiples(step: float, low: float, high: float) -> Iterator[float]:
    n = ceil(low / step)
    while n * step < high:
        yield n * step
        n += 1


def way(points: Sequence[Point]) -> str:
    """The path through these points, each leg a little bent; "" for fewer than two."""
    if len(points) < 2:
        return ""
    legs = [f"M{points[0].x} {points[0].y}"]
    for one, other in pairwise(points):
        # A bend across the leg, always to the north, so that there and back is one line.
        dx, dy = other.x - one.x, other.y - one.y
        side = -1 if dx > 0 or (dx == 0 and dy > 0) else 1
        x = (one.x + other.x) / 2 - side * dy * _BEND
        y = (one.y + other.y) / 2 + side * dx * _BEND
        legs.append(f"Q{x:.1f} {y:.1f} {other.x} {other.y}")
    return "".join(legs)


def place_labels(chart: Chart, names: Sequence[str], *, first: Sequence[int]) -> dict[int, Label]:
    """Where names stand, by the place in the list. Those of `first` come first and always have
    one; of the others those have one that fits without touching a name or a point."""
    taken: list[tuple[float, float, float, float]] = []
    found: dict[int, Label] = {}
    done: set[Point] = set()
    for index in (*first, *range(len(names))):
        point = chart.points[index]
        if point in done:
            continue
        ways = [_label(point, anchor, names[index], chart) for anchor in _TRIES]
        free = next((one for one in ways if _is_free(one[1], point, taken, chart)), None)
        if free is None and index not in first:
            continue
        label, box = free or ways[0]
        taken.append(box)
        found[index] = label
        done.add(point)
    return found


#: Below, above, to the right, to the left: anchor, and the way from the point in pixels.
_TRIES: Final[tuple[tuple[Anchor, float, float], ...]] = (
    ("middle", 0, 22),
    ("middle", 0, -12),
    ("start", 11, 4.5),
    ("end", -11, 4.5),
)
_Box = tuple[float, float, float, float]


def _label(
    point: Point, try_: tuple[Anchor, float, float], name: str, chart: Chart
) -> tuple[Label, _Box]:
    anchor, dx, dy = try_
    width = len(name) * _LETTER
    x, y = point.x + dx, point.y + dy
    if anchor == "middle":
        x = min(max(x, width / 2 + 4), WIDTH - width / 2 - 4)
    left = x - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
    label = Label(round(x, 1), round(min(max(y, 14), chart.height - 6), 1), anchor)
    return label, (left, label.y - 12, left + width, label.y - 12 + _LINE)


def _is_free(box: _Box, own: Point, taken: Iterable[_Box], chart: Chart) -> bool:
    left, top, right, bottom = box
    if left < 2 or right > WIDTH - 2 or top < 0 or bottom > chart.height:
        return False
    if any(left < r and right > x and top < b and bottom > y for x, y, r, b in taken):
        return False
    return not any(
        left - 5 < point.x < right + 5 and top - 5 < point.y < bottom + 5
        for point in chart.points
        if hypot(point.x - own.x, point.y - own.y) > 1
    )
