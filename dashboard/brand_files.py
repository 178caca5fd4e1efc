"""Files in the editor: each is uploaded, taken away, or stays what it was."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from dashboard.logo_check import LARGEST, REFUSED, NotALogo, logo_type
from merchants.models import Look

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Words

LARGEST_FONT: Final = 100_000
LARGEST_SHARE_IMAGE: Final = 300_000
#: The first bytes of a WOFF2 file, and of the fonts that may be in it: TrueType and OpenType.
#: https://www.w3.org/TR/WOFF2/#woff20Header
_WOFF2: Final = b"wOF2"
_FLAVOURS: Final = frozenset({b"\x00\x01\x00\x00", b"OTTO"})
_HEADER: Final = 48


@dataclass(frozen=True, slots=True)
class File:
    """A file of the look: its column, and the column that says what kind it is, "" for none.

    `kind_of` takes the bytes and returns what the second column holds; it raises ValidationError.
    `remove` is the switch that takes it away; a font just is not chosen.
    """

    column: str
    kind: str
    label: Words
    help: Words
    accept: str
    largest: int
    kind_of: Callable[[bytes], str]
    remove: Words | None = None

    @property
    def upload(self) -> str:
        return f"{self.column}_file"

    @property
    def removal(self) -> str:
        return f"{self.column}_remove"

    def fields(self) -> Iterator[tuple[str, forms.Field]]:
        yield self.upload, forms.FileField(
            label=self.label, required=False, help_text=self.help,
            widget=forms.FileInput(attrs={"accept": self.accept}),
        )  # fmt: skip
        if self.remove is not None:
            yield self.removal, forms.BooleanField(label=self.remove, required=False)

    def check(self, form: forms.Form) -> None:
        """Replace the upload in what was cleaned by its bytes and kind, or say what is wrong."""
        upload: UploadedFile[Any] | None = form.cleaned_data.get(self.upload)
        if upload is None:
            return
        content = upload.read(self.largest + 1)
        try:
            form.cleaned_data[self.upload] = content, self.kind_of(content)
        except forms.ValidationError as problem:
            form.add_error(self.upload, problem)

    def values(self, form: forms.Form, draft: Look, published: Look) -> dict[str, Any]:
        """Both columns, where something was uploaded, taken away or taken back."""
        typed = form.cleaned_data
        if typed.get(self.upload):
            return dict(zip((self.column, self.kind), typed[self.upload], strict=True))
        if typed.get(self.removal):
            return {self.column: None, self.kind: ""}
        if not getattr(draft, self.kind):
            # Taken back: what is published is the draft's again.
            return {name: getattr(published, name) for name in (self.column, self.kind)}
        return {}


def _picture(content: bytes) -> str:
    try:
        return logo_type(content)
    except NotALogo as problem:
        raise forms.ValidationError(str(REFUSED[problem.reason])) from problem


def _share_image(content: bytes) -> str:
    """PNG or JPEG alone: what messengers read."""
    if len(content) > LARGEST_SHARE_IMAGE:
        raise forms.ValidationError(_("The picture is too large: up to 300 kB."))
    if content.startswith(b"\x89PNG\r\n\x1a\n") and b"IEND" in content[-16:]:
        return "image/png"
    if content.startswith(b"\xff\xd8\xff") and b"\xff\xd9" in content[-16:]:
        return "image/jpeg"
    raise forms.ValidationError(_("This is no PNG or JPEG."))


def font_digest(content: bytes) -> str:
    """What names this WOFF2 font in its address. Raises ValidationError for anything else."""
    if len(content) > LARGEST_FONT:
        raise forms.ValidationError(_("The font is too large: up to 100 kB."))
    if not _is_woff2(content):
        raise forms.ValidationError(_("This is no WOFF2 font."))
    return hashlib.blake2b(content, digest_size=8).hexdigest()


def _is_woff2(content: bytes) -> bool:
    """By its header: signature, flavour, its own length, tables, and room for them."""
    if len(content) < _HEADER or content[:4] != _WOFF2 or content[4:8] not in _FLAVOURS:
        return False
    length, tables = int.from_bytes(content[8:12], "big"), int.from_bytes(content[12:14], "big")
    packed = int.from_bytes(content[20:24], "big")
    return length == len(content) and tables > 0 and 0 < packed <= length - _HEADER


LOGO: Final = File(
    "logo", "logo_type", _("Logo"), _("PNG, SVG or WebP, up to 200 kB."), ".png,.svg,.webp",
    LARGEST, _picture, _("Show the name instead of the logo"),
)  # fmt: skip
ICON: Final = File(
    "icon", "icon_type", _("Icon of the browser’s tab"),
    _("Square: PNG, SVG or WebP, up to 200 kB."), ".png,.svg,.webp", LARGEST, _picture,
    _("Use the logo as the icon"),
)  # fmt: skip
SHARE_IMAGE: Final = File(
    "share_image", "share_image_type", _("Picture of shared links"),
    _("What messengers show beside a link to your pages: PNG or JPEG, 1200 × 630, up to 300 kB."),
    ".png,.jpg,.jpeg", LARGEST_SHARE_IMAGE, _share_image, _("Show no picture beside links"),
)  # fmt: skip
FONT: Final = File(
    "own_font", "own_font_digest", _("Your own font"),
    _("WOFF2, up to 100 kB. Letters that it lacks are shown in the reader’s own font."),
    ".woff2", LARGEST_FONT, font_digest,
)  # fmt: skip
FILES: Final = (LOGO, ICON, SHARE_IMAGE, FONT)
