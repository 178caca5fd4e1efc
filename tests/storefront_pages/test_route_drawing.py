"""Places of the earth as points of a small picture."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from storefront_pages.route_drawing import WIDTH, Chart, Point, chart, place_labels, way

LATITUDE = st.floats(-70, 75, allow_nan=False)
LONGITUDE = st.floats(-180, 180, allow_nan=False)
PLACES = st.lists(st.tuples(LATITUDE, LONGITUDE), min_size=2, max_size=12).filter(
    lambda places: max(abs(a - b) for (a, _), (b, _) in pairwise(places)) > 0.05
)


@given(PLACES)
def test_every_point_lies_inside_the_picture(places: list[tuple[float, float]]) -> None:
    drawn = chart(places)
    assert all(0 <= p.x <= WIDTH and 0 <= p.y <= drawn.height for p in drawn.points)
    assert 132 <= drawn.height <= 208


def test_east_is_to_the_right_and_north_is_up() -> None:
    riyadh, dubai = chart([(24.71, 46.68), (25.2, 55.27)]).points
    assert (riyadh.x < dubai.x, riyadh.y > dubai.y) == (True, True)


def test_way_over_the_date_line_is_the_short_one() -> None:
    tokyo, anchorage = chart([(35.7, 139.7), (61.2, -149.9)]).points
    assert tokyo.x < anchorage.x


def test_there_and_back_is_one_line() -> None:
    there, back = Point(10, 50), Point(90, 50)
    assert way([there, back]) == "M10 50Q50.0 42.0 90 50"
    assert way([back, there]) == "M90 50Q50.0 42.0 10 50"


def test_way_of_one_point_is_none() -> None:
    assert way([Point(1, 1)]) == ""


def test_name_that_would_touch_another_is_left_out_unless_it_must_stand() -> None:
    drawn = Chart(140, tuple(Point(100 + n, 70 + n) for n in range(9)), "")
    found = place_labels(drawn, ["Dubai"] * 9, first=[8, 0])
    assert ({0, 8} <= set(found), len(found) < 9) == (True, True)


def test_names_stay_inside_the_picture() -> None:
    drawn = Chart(140, (Point(4, 4), Point(316, 136)), "")
    found = place_labels(drawn, ["Ras Al Khaimah", "Wadi ad-Dawasir"], first=[0, 1])
    assert all(40 < label.x < 280 and 12 < label.y < 140 for label in found.values())


def test_place_that_was_passed_twice_has_one_name() -> None:
    drawn = Chart(140, (Point(50, 70), Point(200, 70), Point(50, 70)), "")
    assert sorted(place_labels(drawn, ["A", "B", "A"], first=[2])) == [1, 2]
