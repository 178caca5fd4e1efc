"""Map links as people paste them. The places are public squares."""

from __future__ import annotations

import pytest

from lib.addresses.places import Place, ShortLink, lies_in, read_place

BURJ = Place(pin=(25.197197, 55.274376))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("25.197197, 55.274376", BURJ),
        ("٢٥.١٩٧١٩٧، ٥٥.٢٧٤٣٧٦", BURJ),
        ("geo:25.197197,55.274376;u=35", BURJ),
        ("https://maps.google.com/maps?q=25.197197%2C55.274376&z=17&hl=en", BURJ),
        ("https://www.google.com/maps?q=loc:25.197197,55.274376", BURJ),
        ("https://www.google.com/maps/search/?api=1&query=25.197197,55.274376", BURJ),
        ("https://www.google.com/maps/@25.197197,55.274376,17z", BURJ),
        # The place counts, not what the map was centred on.
        (
            "https://www.google.com/maps/place/X/@25.19,55.27,17z/data=!3m1!3d25.197197!4d55.274376",
            BURJ,
        ),
        ("https://www.google.com/maps/place/25.197197,+55.274376/@25.1,55.2,15z", BURJ),
        (
            "https://www.google.com/maps/place/25%C2%B011'49.9%22N+55%C2%B016'27.8%22E/@25.1,55.2",
            Place(pin=(25.197194, 55.274389)),
        ),
        ("https://maps.apple.com/?ll=25.197197,55.274376&q=Home", BURJ),
        ("https://maps.apple.com/place?coordinate=25.197197,55.274376&name=Home", BURJ),
        ("https://www.openstreetmap.org/?mlat=25.197197&mlon=55.274376#map=17/25.1/55.2", BURJ),
        ("https://www.openstreetmap.org/#map=17/25.197197/55.274376", BURJ),
        ("https://waze.com/ul?ll=25.197197,55.274376&navigate=yes", BURJ),
        ("I am here: https://maps.google.com/?q=25.197197,55.274376", BURJ),
        ("///Filled.Count.Soap", Place(what3words="filled.count.soap")),
        ("https://what3words.com/filled.count.soap", Place(what3words="filled.count.soap")),
        ("https://what3words.com/ملعب.لاعب.رسمي", Place(what3words="ملعب.لاعب.رسمي")),
        ("https://www.google.com/maps/place/Burj+Khalifa", None),
        ("Behind the mosque", None),
        ("0, 0", None),
        ("125.1, 55.2", None),
        ("www.example.com", None),
        ("https://[broken", None),
        ("", None),
    ],
)
def test_where_a_text_points(text: str, expected: Place | None) -> None:
    assert read_place(text) == expected


@pytest.mark.parametrize(
    "link", ["https://maps.app.goo.gl/AbC123", "https://goo.gl/maps/AbC123", "http://bit.ly/x"]
)
def test_short_link_is_not_opened(link: str) -> None:
    with pytest.raises(ShortLink):
        read_place(link)


def test_point_is_in_its_country_or_it_is_not() -> None:
    assert [lies_in((25.2, 55.3), "AE"), lies_in((55.3, 25.2), "AE"), lies_in((1, 1), "FR")] == [
        True, False, True,
    ]  # fmt: skip
