"""The chart of a promise: how many days are promised against how often that is kept.

Coordinates are in the units of the drawing; `components/tradeoff.html` only draws them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

#: The drawing, and the plot inside it.
WIDTH, HEIGHT = 360, 250
_LEFT, _RIGHT, _TOP, _BOTTOM = 34, 346, 24, 212
#: Steps between ticks, of which the smallest that gives few enough is taken.
_STEPS: Final = (1, 2, 5, 10, 20, 50, 100)
_TICKS: Final = 6
#: Labels of two marks closer than this would cover each other.
_LINE: Final = 13


@dataclass(frozen=True, slots=True)
class Point:
    """One promise: mean days, the share kept (0–1), and what it is called."""

    lead: float
    kept: float
    label: str
    shape: str


def tradeoff(curve: Sequence[Point], others: Sequence[Point]) -> dict[str, Any]:
    """What `components/tradeoff.html` takes: our curve, its named points, and other promises.

    Points of the curve without a label only shape the line.
    """
    axes = _Axes([*curve, *others])
    shown = [point for point in curve if axes.holds(point)]
    marks = [axes.on_curve(point) for point in curve if point.label]
    marks += axes.beside(others)
    line = " ".join(f"{axes.x(one.lead)},{axes.y(one.kept)}" for one in shown)
    return {
        "width": WIDTH, "height": HEIGHT, "left": _LEFT, "right": _RIGHT, "top": _TOP,
        "bottom": _BOTTOM, "line": line, "marks": marks, "x_ticks": axes.x_ticks(),
        "y_ticks": axes.y_ticks(),
    }  # fmt: skip


class _Axes:
    """Days to the right, shares upwards, both over the range that is needed."""

    def __init__(self, points: Sequence[Point]) -> None:
        named = [point for point in points if point.label] or list(points)
        leads = [point.lead for point in named]
        self.lowest = math.floor(min(point.kept for point in named) * 10 - 0.5) / 10
        self.lowest = min(max(self.lowest, 0.0), 0.9)
        span = max(max(leads) - min(leads), 1.0)
        self._step = _step(span * 1.3)
        self._first = max(math.floor((min(leads) - span * 0.15) / self._step), 0) * self._step
        self._last = math.ceil((max(leads) + span * 0.15) / self._step) * self._step

    def holds(self, point: Point) -> bool:
        """Whether the point is inside the plot."""
        return point.kept >= self.lowest and self._first <= point.lead <= self._last

    def x(self, lead: float) -> float:
        share = (min(max(lead, self._first), self._last) - self._first) / self._width
        return round(_LEFT + share * (_RIGHT - _LEFT), 1)

    def y(self, kept: float) -> float:
        share = (kept - self.lowest) / (1.0 - self.lowest)
        return round(_BOTTOM - share * (_BOTTOM - _TOP), 1)

    @property
    def _width(self) -> float:
        return max(self._last - self._first, 1e-9)

    def x_ticks(self) -> list[dict[str, Any]]:
        count = round(self._width / self._step)
        days = [self._first + self._step * place for place in range(count + 1)]
        return [{"at": self.x(day), "label": f"{day:g}"} for day in days]

    def y_ticks(self) -> list[dict[str, Any]]:
        low = round(self.lowest * 100)
        step = _step(100 - low)
        return [{"at": self.y(n / 100), "label": str(n)} for n in range(100, low - 1, -step)]

    def on_curve(self, point: Point) -> dict[str, Any]:
        """Its label stands above, to the left, where no worse promise can be."""
        x, y = self.x(point.lead), self.y(point.kept)
        return _mark(point, x, y, label_x=x - 8, label_y=y - 5, anchor="end")

    def beside(self, points: Sequence[Point]) -> list[dict[str, Any]]:
        """Their labels stand towards the middle, and never on one another."""
        found: list[dict[str, Any]] = []
        for point in sorted(points, key=lambda one: -one.kept):
            x, y = self.x(point.lead), self.y(point.kept)
            is_left = x < (_LEFT + _RIGHT) / 2
            label_y = y + 4
            if found and abs(found[-1]["label_y"] - label_y) < _LINE:
                label_y = found[-1]["label_y"] + _LINE
            found.append(
                _mark(
                    point, x, y, label_x=x + (9 if is_left else -9), label_y=label_y,
                    anchor="start" if is_left else "end",
                )
            )  # fmt: skip
        return found


def _mark(
    point: Point, x: float, y: float, *, label_x: float, label_y: float, anchor: str
) -> dict[str, Any]:
    return {
        "x": x, "y": y, "shape": point.shape, "label": point.label, "label_x": round(label_x, 1),
        "label_y": round(label_y, 1), "anchor": anchor,
        "box_x": round(x - 5, 1), "box_y": round(y - 5, 1),
    }  # fmt: skip


def _step(span: float) -> int:
    return next((step for step in _STEPS if span / step <= _TICKS), _STEPS[-1])
