"""What a message looks like: parts, language, direction, brand."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from lib.vocabulary import Milestone
from merchants.models import Brand, Merchant
from notifications.preview import render_preview
from notifications.rendering import Own, readable_on
from notifications.telling import look_of
from notifications.texts import TEXTS
from notifications.triggers import TRIGGERS
from tests.factories import NOW

VOID = {"meta", "img", "br"}


class Balance(HTMLParser):
    """Fails on a tag that is closed in the wrong order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        assert tag in VOID

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text.append(data)


def preview(merchant: Merchant, milestone: Milestone, language: str = "en", **fields: object):  # type: ignore[no-untyped-def]
    return render_preview(
        merchant=merchant, milestone=milestone, language=language, now=NOW, **fields
    )


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("milestone", list(Milestone))
def test_every_message_is_whole_in_both_languages(
    scope: Merchant, milestone: Milestone, language: str
) -> None:
    rendered = preview(scope, milestone, language)
    parser = Balance()
    parser.feed(rendered.html)
    visible = " ".join("".join(parser.text).split())
    assert parser.open == []
    assert "\n" not in rendered.subject
    for text in (rendered.subject, rendered.text, visible):
        assert not re.search(r"%\(|\{\w+\}|!(?!-)", text)
        assert bool(re.search("[ء-ي]", text)) == (language == "ar")


def test_every_milestone_has_words() -> None:
    assert set(TEXTS) == set(TRIGGERS)


def test_direction_and_language_stand_in_the_html(scope: Merchant) -> None:
    english, arabic = (
        preview(scope, Milestone.SHIPPED, language).html for language in ("en", "ar")
    )
    assert '<html lang="en" dir="ltr"' in english
    assert '<html lang="ar" dir="rtl"' in arabic
    assert "text-align:right" not in english
    assert "text-align:left" not in arabic
    assert "direction:ltr" not in arabic


def test_message_holds_one_button_to_the_page(scope: Merchant) -> None:
    rendered = preview(scope, Milestone.SHIPPED)
    assert re.findall(r'href="(http[^"]*)"', rendered.html) == ["http://127.0.0.1:8000/p/noor/"]
    assert rendered.text.count("http") == 1


def test_window_is_named_once(scope: Merchant) -> None:
    for milestone in Milestone:
        text = preview(scope, milestone).text
        assert text.count("16 Nov") <= 1


def test_names_are_escaped(scope: Merchant) -> None:
    scope.name = "<script>alert(1)</script>"
    html = preview(scope, Milestone.SHIPPED).html
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_own_words_are_used_and_paragraphs_kept(scope: Merchant) -> None:
    own = Own("{{ shop.name }} says hello\r\nBcc: x", "One.\n\nTwo for {{ order.number }}.")
    rendered = preview(scope, Milestone.SHIPPED, own=own)
    assert rendered.subject == "Noor Home says hello Bcc: x"
    assert "One.\n\nTwo for 1042." in rendered.text


def test_preview_carries_the_logo_inside(scope: Merchant) -> None:
    Brand.objects.update(logo=b"\x89PNG", logo_type="image/png")
    html = preview(scope, Milestone.SHIPPED).html
    assert 'src="data:image/png;base64,iVBORw=="' in html
    assert "cid:" not in html


def test_logo_that_mail_programs_do_not_show_is_the_name_instead(scope: Merchant) -> None:
    brand = Brand(merchant=scope, logo=b"<svg/>", logo_type="image/svg+xml")
    assert look_of(scope, brand).has_logo is False


@pytest.mark.parametrize(
    ("colour", "expected"),
    [
        ("#1f5f5b", "#ffffff"),
        ("#ffd84d", "#111111"),
        ("#000000", "#ffffff"),
        ("#ffffff", "#111111"),
    ],
)
def test_text_on_the_accent_can_be_read(colour: str, expected: str) -> None:
    assert readable_on(colour) == expected
