"""The icon tag: the package's drawing, once, for every template that loads `lucide`."""

from __future__ import annotations

from pathlib import Path

import lucide as package
import pytest
from django.conf import settings
from django.template import Context, Template
from django.template.base import TextNode
from django.template.loader import get_template
from lucide.templatetags import lucide as drawing

from lib import icons


def test_icon_is_what_the_package_draws() -> None:
    attributes = {"class": "icon icon-dir", "aria_hidden": "true", "stroke_linecap": "butt"}
    assert icons.draw("truck", size=14, **attributes) == drawing.lucide(
        "truck", size=14, **attributes
    )


def test_written_out_icon_is_text_of_the_template() -> None:
    page = Template('{% load lucide %}{% lucide "truck" size=14 class="icon" %}')
    assert [type(node) for node in page.nodelist][1:] == [TextNode]
    expected = drawing.lucide("truck", size=14, **{"class": "icon"})
    assert page.render(Context()) == expected


def test_icon_that_a_variable_names_is_drawn_once() -> None:
    icons._drawn.cache_clear()
    page = Template("{% load lucide %}{% for n in names %}{% lucide n size=14 %}{% endfor %}")
    text = page.render(Context({"names": ["truck", "house", "truck"]}))
    drawn = [drawing.lucide(name, size=14) for name in ("truck", "house", "truck")]
    assert text == "".join(drawn)
    assert icons._drawn.cache_info().misses == 2


@pytest.mark.parametrize("how", ["size=px", '"truck"|lower'])
def test_what_varies_is_drawn_each_time(how: str) -> None:
    tag = how if "|" in how else f'"truck" {how}'
    page = Template("{% load lucide %}{% lucide " + tag + " %}")
    widths = [page.render(Context({"px": px})).count('width="18"') for px in (18, 20)]
    assert widths == ([1, 0] if "px" in how else [0, 0])


def test_every_template_can_be_read() -> None:
    """A template with an icon there is none of cannot be."""
    folder = Path(settings.BASE_DIR) / "templates"
    names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*.html"))
    assert [get_template(name).template.name for name in names] == names


def test_attributes_are_escaped() -> None:
    page = Template('{% load lucide %}{% lucide "truck" title=words %}')
    text = page.render(Context({"words": '"><script>'}))
    assert text.count("<script>") == 0
    assert text.count("&quot;&gt;&lt;script&gt;") == 1


def test_icon_there_is_none_of_is_an_error() -> None:
    with pytest.raises(package.IconDoesNotExist):
        icons.draw("no-such-icon")
